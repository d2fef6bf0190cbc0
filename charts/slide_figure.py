"""A figure as a slide of its own: headline, grey line, the figure enlarged to the room, footnotes, and the footer."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import plotly.graph_objects as go

from charts.format import escaped, lines_within, text_width
from charts.layout import bold, note, rule
from charts.theme import Look, look_of

WIDTH, HEIGHT = 1600, 900  # pixels; 120 to an inch of a slide
EDGE = 72
LARGEST = 23 / 14  # chart text 14 pt
STRETCH = 0.45  # of the height of the plot, where there is room
WIDER = (
    1.14,
    1.20,
)  # the letters of a machine without Arial: plain and bold DejaVu Sans against `text_width`
LEADING = 1.28
VIOLET = "#5C3F6B"
JOINED = "\u2060"  # stands for a space at which no line ends
SYNTHETIC = "Synthetic data"


@dataclass(frozen=True)
class SlideWords:
    """What stands around the figure: `context` names study, cut, population and filter; `marks` what holds."""

    headline: str
    line: str = ""
    notes: Sequence[str] = ()
    context: str = ""
    marks: Sequence[str] = ()
    code: str = ""


@dataclass(frozen=True)
class _Type:
    """Font sizes from which the first is taken that needs few lines, and the room above and below."""

    titles: tuple[float, ...] = (42, 38, 34, 30, 26)
    lines: tuple[float, ...] = (25, 22, 20)
    notes: tuple[float, ...] = (18, 16, 15, 14)
    footers: tuple[float, ...] = (18, 16)
    top: float = 52
    bottom: float = 44


DENSE = _Type((34, 30, 26), (20, 18), (14, 13), (15,), top=34, bottom=28)  # around a high figure


@dataclass(frozen=True)
class _Text:
    """Lines of words and how far their top is from that of the slide, in pixels."""

    lines: tuple[str, ...]
    size: float
    y: float
    right: bool = False
    strong: bool = False

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LEADING


def slide_figure(draw: Callable[[float], Any], words: SlideWords, *, size: float = 1.0) -> go.Figure:
    """The slide, 1600 x 900 pixels times `size`; `draw` makes the figure so many times as large as on a page."""
    high = _drawn(draw, 1.0).layout.height
    (head, top), (foot, line, bottom) = _head(words, _Type()), _foot(words, _Type())
    if high > bottom - top:
        (head, top), (foot, line, bottom) = _head(words, DENSE), _foot(words, DENSE)
    figure = _fitted(draw, high, bottom - top, size)
    margin = _margin(figure, top, bottom, size)
    look = look_of("print", size)
    place = _Place(margin, size)
    figure.update_layout(
        width=WIDTH * size,
        height=HEIGHT * size,
        autosize=False,
        margin=margin,
        paper_bgcolor=look.paper,
        modebar={"color": look.grey, "activecolor": look.text, "bgcolor": look.paper},
        annotations=[*figure.layout.annotations, *(_note(text, look, place) for text in (*head, *foot))],
        shapes=[*figure.layout.shapes, _rule(line, look, place)],
    )
    return figure


def has_marks(figure: Any) -> bool:
    """Whether anything is drawn: axes alone, where nobody is due yet, are no figure of their own."""
    traces = figure.to_dict()["data"]
    return any(_filled(trace.get(axis)) for trace in traces for axis in ("x", "y", "z"))


def _filled(values: Any) -> bool:
    """Whether there is a value; plotly packs arrays of numbers."""
    if isinstance(values, dict):
        return bool(values["bdata"])
    return values is not None and any(value is not None for value in values)


def _head(words: SlideWords, fonts: _Type) -> tuple[list[_Text], float]:
    """Headline and grey line, and where the room for the figure begins."""
    title = _set(words.headline, fonts.titles, fonts.top, most=2, strong=True)
    texts, end = [title], title.y + title.height
    if words.line:
        texts.append(_set(words.line, fonts.lines, end + 6, most=2))
        end += 6 + texts[-1].height
    return texts, end + 20


def _foot(words: SlideWords, fonts: _Type) -> tuple[list[_Text], float, float]:
    """Footnotes and footer from the bottom up, the height of the rule above them, and where the figure's room ends."""
    texts, y = _footer(words, fonts)
    if words.notes:
        notes = _set(" ".join(words.notes), fonts.notes, 0, most=4)
        y -= notes.height + 8
        texts.append(replace(notes, y=y))
    return texts, y - 10, y - 24


def _footer(words: SlideWords, fonts: _Type) -> tuple[list[_Text], float]:
    """Context on the left, marks and code on the right; one below the other where a row is too short for both."""
    ending = " · ".join([*words.marks, *filter(None, [words.code])])
    for size in fonts.footers:
        y = HEIGHT - fonts.bottom - size * LEADING
        if _width(words.context, size) + _width(ending, size) + 2 * size <= WIDTH - 2 * EDGE:
            return [_Text((words.context,), size, y), _Text((ending,), size, y, right=True)], y
    context, ending_ = (_set(text, (size,), 0, most=9) for text in (words.context, ending))
    y = HEIGHT - fonts.bottom - ending_.height
    above = y - context.height
    return [replace(context, y=above), replace(ending_, y=y, right=True)], above


def _set(text: str, sizes: Sequence[float], y: float, *, most: int, strong: bool = False) -> _Text:
    """The words in the largest size in which they take no more than `most` lines, else in the smallest."""
    joined = re.sub(r"\([^()]{1,40}\)", lambda found: found[0].replace(" ", JOINED), text)
    room = (WIDTH - 2 * EDGE) / WIDER[strong]
    for size in sizes:
        lines = lines_within(joined, room, size, bold=strong, most=99)
        if len(lines) <= most:
            break
    return _Text(tuple(line.replace(JOINED, " ") for line in lines), size, y, strong=strong)


def _width(text: str, size: float) -> float:
    return WIDER[0] * text_width(text, size)


def _fitted(draw: Callable[[float], Any], high: float, room: float, size: float) -> go.Figure:
    """The figure as large as the room allows, and no larger than text on a slide."""
    times = min(LARGEST, room / high)
    figure = _drawn(draw, times * size)
    over = figure.layout.height / (room * size)
    return figure if over <= 1 else _drawn(draw, times * size / over)


def _drawn(draw: Callable[[float], Any], times: float) -> go.Figure:
    """A figure of our own, also where the one drawn is shared; its traces have names that stay the same."""
    figure = go.Figure(draw(times).to_dict())
    for number, trace in enumerate(figure.data):
        trace.uid = f"trace{number}"
    return figure


def _margin(figure: go.Figure, top: float, bottom: float, size: float) -> dict:
    """The margins of the figure with the room around it; spare height goes to the plot first."""
    own, height = figure.layout.margin, figure.layout.height
    spare = max((bottom - top) * size - height, 0)
    above = max(spare - STRETCH * (height - own.t - own.b), 0) / 2
    return {
        "l": EDGE * size + own.l,
        "r": EDGE * size + own.r,
        "t": top * size + above + own.t,
        "b": (HEIGHT - bottom) * size + above + own.b,
        "pad": 0,
        "autoexpand": False,
    }


@dataclass(frozen=True)
class _Place:
    """Pixels of the slide as plotly's paper coordinates, whose unit is the plot inside the margins."""

    margin: dict
    size: float

    def x(self, pixels: float) -> float:
        width = WIDTH * self.size - self.margin["l"] - self.margin["r"]
        return (pixels * self.size - self.margin["l"]) / width

    def y(self, pixels: float) -> float:
        height = HEIGHT * self.size - self.margin["t"] - self.margin["b"]
        return 1 - (pixels * self.size - self.margin["t"]) / height


def _note(text: _Text, look: Look, place: _Place) -> dict:
    lines = [bold(escaped(line)) if text.strong else escaped(line) for line in text.lines]
    words = "<br>".join(lines)
    if text.right:
        words = words.replace(SYNTHETIC, f'<span style="color:{VIOLET}">{bold(SYNTHETIC)}</span>', 1)
    return note(
        words,
        look,
        x=place.x(WIDTH - EDGE if text.right else EDGE),
        y=place.y(text.y),
        anchor=("right" if text.right else "left", "top"),
        size=text.size,
        colour=look.text if text.strong else look.grey,
    )


def _rule(y: float, look: Look, place: _Place) -> dict:
    at = (place.y(y), place.y(y))
    ends = (place.x(EDGE), place.x(WIDTH - EDGE))
    return rule(ends, at, colour=look.grid, xref="paper", yref="paper")
