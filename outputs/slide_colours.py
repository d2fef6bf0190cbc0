"""The colours of what leaves for a meeting, always light: of states, and of everything that has no arm."""

from dataclasses import dataclass

from charts.theme import look_of, state_styles

LIGHT = look_of("print")
INK, TEXT, GREY, GRID, AXIS, THRESHOLD = (
    LIGHT.ink,
    LIGHT.text,
    LIGHT.grey,
    LIGHT.grid,
    LIGHT.axis,
    LIGHT.threshold,
)
PAGE = LIGHT.page


@dataclass(frozen=True)
class Fill:
    """How a part of a bar is filled, the colour of words on it, and of its outline (empty: none)."""

    fill: str
    text: str
    line: str = ""


def state_fills() -> dict[str, Fill]:
    """The fill of each state of a participant; what is pending, missing or not due is outlined and not filled."""
    told = {}
    for code, style in state_styles("print").items():
        outlined = not style.line.startswith("rgba")
        told[code] = Fill(PAGE, style.text, style.line) if outlined else Fill(style.fill, style.text)
    return told
