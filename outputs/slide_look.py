"""Colours of a slide, which is always light: of words, axes, names of arms and states; empty where not filled."""

from dataclasses import dataclass

from charts.theme import ROLE_STYLES, look_of, state_styles
from outputs.output import ArmStyle

_PRINT = look_of("print")
TEXT, GREY, INK, PAGE = _PRINT.text, _PRINT.grey, _PRINT.ink, _PRINT.page
AXIS, GRID, THRESHOLD = _PRINT.axis, _PRINT.grid, _PRINT.threshold
STRONGEST = 0.6  # of an arm's colour under words in ink


@dataclass(frozen=True)
class Fill:
    """How a part of a bar is filled: `hatch` is "/" or "x" in `hatch_colour`; `words` is legible on it."""

    colour: str
    words: str
    outline: str = ""
    hatch: str = ""
    hatch_colour: str = ""


def words_colour(arm: ArmStyle) -> str:
    """The colour of an arm's name: darker than its marks, so that it can be read."""
    return next((s.light[1] for s in ROLE_STYLES.values() if s.light[0] == arm.colour), arm.colour)


def state_fill(state: str) -> Fill | None:
    """The fill of CR, R, NR, PENDING, ...; None for what is no state."""
    style = state_styles("print").get(state)
    if style is None:
        return None
    colour, words, outline = (_solid(each) for each in (style.fill, style.text, style.line))
    return Fill(colour, words, outline, style.hatch, _solid(style.hatch_colour))


def shade(colour: str, share: float) -> str:
    """A colour as if it were that opaque on the page."""
    parts = [(int(colour[i : i + 2], 16), int(PAGE[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(own * share + page * (1 - share)):02X}" for own, page in parts)


def shade_fill(share: float) -> Fill:
    """Ink of that strength on the page."""
    words = PAGE if share > 0.65 else TEXT  # 4.5:1 either way
    return Fill(shade(INK, share), words, AXIS if share < 0.25 else "")


def _solid(colour: str) -> str:
    return colour if colour.startswith("#") else ""
