"""Colours, dashes and markers: by an arm's role and by a participant's state, in light, dark and print.

Arms own the only hues. States are a muted ramp, everything else is ink and grey. "print" is light on white.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from charts.format import short_names

_ENLARGEMENT: ContextVar[float] = ContextVar("enlargement", default=1.0)
FONT = '"Source Sans", "Source Sans 3", "Source Sans Pro", "Helvetica Neue", Arial, sans-serif'


@dataclass(frozen=True)
class Look:
    """The colours and the scale of one figure; `k` is the font size divided by 14."""

    page: str
    widget: str
    text: str
    grey: str
    faint: str
    grid: str
    axis: str
    threshold: str
    ink: str
    paper: str
    shadow_opacity: float
    band_opacity: float
    hairline_opacity: float
    dark: bool
    k: float = 1.0

    def px(self, pixels: float) -> float:
        """Pixels at font size 14, scaled with the font of this figure."""
        return pixels * self.k


LIGHT: dict[str, Any] = {
    "page": "#FFFFFF",
    "widget": "#FFFFFF",
    "text": "#1C2128",
    "grey": "#57606A",
    "faint": "#68727D",
    "grid": "#ECEEF0",
    "axis": "#8C96A1",
    "threshold": "#7A848F",
    "ink": "#44525F",
    "shadow_opacity": 0.07,
    "band_opacity": 0.10,
    "hairline_opacity": 0.20,
    "dark": False,
}
DARK: dict[str, Any] = {
    "page": "#12161B",
    "widget": "#1A2027",
    "text": "#E8EBEE",
    "grey": "#A9B2BC",
    "faint": "#8E99A5",
    "grid": "#222931",
    "axis": "#66717D",
    "threshold": "#7E8995",
    "ink": "#B4C0CB",
    "shadow_opacity": 0.09,
    "band_opacity": 0.15,
    "hairline_opacity": 0.30,
    "dark": True,
}


def look_of(theme: str = "light", scale: float = 1.0) -> Look:
    """The look of a theme: "light", "dark" or "print"; larger where it is asked for inside `enlarged`."""
    if theme not in ("light", "dark", "print"):
        raise ValueError(f"theme is light, dark or print, not {theme!r}")
    tokens = DARK if theme == "dark" else LIGHT
    return Look(**tokens, paper="#FFFFFF" if theme == "print" else "rgba(0,0,0,0)", k=scale * enlargement())


@contextmanager
def enlarged(times: float) -> Iterator[None]:
    """Every figure drawn inside is so many times as large: fonts, margins and marks, for a slide or a wall."""
    before = _ENLARGEMENT.set(times * enlargement())
    try:
        yield
    finally:
        _ENLARGEMENT.reset(before)


def enlargement() -> float:
    """How many times as large figures are drawn here."""
    return _ENLARGEMENT.get()


@dataclass(frozen=True)
class RoleStyle:
    """How a role is drawn: (mark, text) colours in light and dark, dash and marker."""

    light: tuple[str, str]
    dark: tuple[str, str]
    dash: str
    marker: str


ROLE_STYLES = {
    "experimental": RoleStyle(("#0072B2", "#00639B"), ("#4FA9DF", "#6FBBE8"), "solid", "circle"),
    "control": RoleStyle(("#D55E00", "#B34E00"), ("#F0823F", "#F59A62"), "7px,3px", "diamond"),
    "third": RoleStyle(("#009E73", "#007556"), ("#2EBD93", "#4FCFA8"), "2px,3px", "square"),
    "single": RoleStyle(("#44525F", "#44525F"), ("#B4C0CB", "#B4C0CB"), "solid", "circle"),
}
ROLE_STYLES["pooled"] = ROLE_STYLES["single"]


def role_colours(role: str, theme: str = "light") -> tuple[str, str]:
    """The colours of a role: of its marks, and of its words (darker, so that 14 px text is legible)."""
    style = ROLE_STYLES[role]
    return style.dark if theme == "dark" else style.light


def arm_styles(arms: Iterable, theme: str = "light") -> list[dict[str, str]]:
    """One dict per arm in the given order: trt label short role colour text_colour dash marker symbol.

    `short` is trt where there is little room. Colours go by role:
    the first experimental arm is blue, a second one green, the control vermillion.
    """
    styles, seen = [], 0
    arms = tuple(arms)
    for arm, short in zip(arms, short_names([arm.trt for arm in arms]), strict=True):
        seen += arm.role == "experimental"
        slot = "third" if arm.role == "experimental" and seen > 1 else arm.role
        colour, text_colour = role_colours(slot, theme)
        styles.append(
            {
                "trt": arm.trt,
                "label": arm.label,
                "short": short,
                "role": arm.role,
                "colour": colour,
                "text_colour": text_colour,
                "dash": ROLE_STYLES[slot].dash,
                "marker": ROLE_STYLES[slot].marker,
                "symbol": ROLE_STYLES[slot].marker,
            }
        )
    return styles


@dataclass(frozen=True)
class StateStyle:
    """How a participant's state is filled and named; `hatch` is a plotly pattern shape."""

    name: str
    short: str
    word: str
    fill: str
    text: str
    line: str = "rgba(0,0,0,0)"
    hatch: str = ""
    hatch_colour: str = "rgba(0,0,0,0)"


def state_styles(theme: str = "light") -> dict[str, StateStyle]:
    """The states of a bar in their order: CR Y R NR N PENDING MISSING NOTDUE."""
    look = look_of(theme)
    complete = ("#DCCBE8", "#12161B") if look.dark else ("#45304F", "#FFFFFF")
    response = ("#7C6889", "#FFFFFF") if look.dark else ("#A18FAB", "#1C2128")
    none = ("#3A424C", "#E8EBEE") if look.dark else ("#D3D7DC", "#1C2128")
    clear = "rgba(0,0,0,0)"
    return {
        "CR": StateStyle("Complete response", "CR", "CR", *complete),
        "Y": StateStyle("Response", "Yes", "yes", *complete),
        "R": StateStyle("Response", "R", "R", *response),
        "NR": StateStyle("No response", "NR", "NR", *none),
        "N": StateStyle("No response", "No", "no", *none),
        "PENDING": StateStyle(
            "Pending", "Pending", "pending", look.page, look.text, response[0], "/", complete[0]
        ),
        "MISSING": StateStyle(
            "Missing", "Missing", "missing", look.page, look.text, look.axis, "x", look.axis
        ),
        "NOTDUE": StateStyle("Not yet due", "Not due", "not yet due", clear, look.grey, look.axis),
    }


def with_opacity(colour: str, opacity: float) -> str:
    """A #RRGGBB colour as rgba()."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
