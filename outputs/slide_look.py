"""Colours of a slide, which is always light: of words, axes, names of arms and states; empty where not filled."""

from dataclasses import dataclass

from charts.theme import ROLE_STYLES, look_of, state_styles
from outputs.output import ArmStyle

_PRINT = look_of("print")
TEXT, GREY, INK, PAGE = _PRINT.text, _PRINT.grey, _PRINT.ink, _PRINT.page
AXIS, GRID, THRESHOLD = _PRINT.axis, _PRINT.grid, _PRINT.threshold


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
    return Fill(
        *(_solid(c) for c in (style.fill, style.text, style.line)), style.hatch, _solid(style.hatch_colour)
    )


def _solid(colour: str) -> str:
    return colour if colour.startswith("#") else ""
