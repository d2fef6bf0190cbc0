"""What the chart of an output shows, in numbers and without pixels: a slide makes it native and editable.

A `Chart` holds the numbers of the output's results as they are read (percentages as 0 to 100). Colours, dashes and
markers come from the arm that a series or row names; one without an arm is drawn in ink.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from outputs.small_cells import NOT_SHOWN

Numbers = tuple[float, ...]


@dataclass(frozen=True)
class Axis:
    """An axis: title with unit, range and ticks where they are fixed (value, words), logarithmic or not."""

    title: str
    low: float | None = None
    high: float | None = None
    ticks: tuple[tuple[float, str], ...] = ()
    log: bool = False


@dataclass(frozen=True)
class Series:
    """One line or set of points: `low` and `high` are the intervals, empty where there are none, NaN where unknown."""

    name: str
    x: Numbers
    y: Numbers
    low: Numbers = ()
    high: Numbers = ()
    arm: str = ""
    thin: bool = False  # stands behind the others: crude, or immature


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines over time; `steps`: curves that stay level between points. `below`: a table under the axis, such as
    numbers at risk, its first column the name of the row, then one column per tick of x."""

    x: Axis
    y: Axis
    series: tuple[Series, ...]
    steps: bool = False
    thresholds: tuple[tuple[float, str], ...] = ()
    below: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True)
class Row:
    """One estimate with its interval: NaN limits where there is none, NaN estimate where there is only the text."""

    label: str
    words: str  # "22.6 (4.7 to 39.1)"
    estimate: float
    low: float
    high: float
    arm: str = ""
    group: str = ""
    leading: bool = False
    detail: str = ""  # below the label: "22 of 27 due"
    thin: bool = False  # stands behind the others: immature


@dataclass(frozen=True)
class Rows:
    """Estimates one under the other, as a forest; `line`: the value of no difference, or of a fixed rate, and `sides`:
    what lies left and right of it ("favours rituximab"). Rows in sequence with the same group and label stand at one
    height, with their words beside each other: the arms of one term, before and after. A limit beyond the axis (0 or
    infinity of a ratio) is drawn to its end."""

    x: Axis
    rows: tuple[Row, ...]
    line: float | None = None
    sides: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Panels:
    """Two lists of estimates side by side, each on its own axis: rates, and their difference. Where both have the same
    heights (groups and labels in the same order) these are level, and the labels are written once, on the left."""

    left: Rows
    right: Rows


@dataclass(frozen=True)
class BarSeries:
    """One part of every bar: a value per category; `fill` is a state (CR, R, NR, ...), an arm, a shade of ink from
    "0" to "1", or empty for ink. `words`: what is written in each part instead of its value, such as a count."""

    name: str
    values: Numbers
    fill: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bars:
    """Bars per category, their parts stacked or beside each other."""

    categories: tuple[str, ...]
    series: tuple[BarSeries, ...]
    value: Axis
    stacked: bool = True
    horizontal: bool = False


@dataclass(frozen=True)
class Points:
    """Points of two measures; `lines`: (axis, value, words) drawn through the plot, axis "x" or "y"."""

    x: Axis
    y: Axis
    series: tuple[Series, ...]
    lines: tuple[tuple[str, float, str], ...] = ()


@dataclass(frozen=True)
class Counted:
    """A line of a box: how many participants, NaN where a file leaves it out; `part`: of the line above it."""

    words: str
    n: float
    part: bool = False


@dataclass(frozen=True)
class FlowBox:
    """Counted lines, under a name where there is one; `aside`: who goes out of the way from the box before to the box
    after it."""

    lines: tuple[Counted, ...]
    name: str = ""
    arm: str = ""
    aside: bool = False


@dataclass(frozen=True)
class Flow:
    """Participants from screened to analysed: boxes from the top down, then a column of boxes per arm."""

    trunk: tuple[FlowBox, ...]
    columns: tuple[tuple[FlowBox, ...], ...] = ()

    @property
    def boxes(self) -> tuple[FlowBox, ...]:
        """All of them in the order in which they are read: the trunk, then one arm after the other."""
        return (*self.trunk, *(box for column in self.columns for box in column))


@dataclass(frozen=True)
class GridPanel:
    """The grid of one arm: a count for each row and column, NaN where a file leaves it out."""

    name: str
    counts: tuple[Numbers, ...]
    arm: str = ""

    @property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """The counts as they are read."""
        return tuple(tuple(NOT_SHOWN if math.isnan(n) else f"{n:g}" for n in row) for row in self.counts)


@dataclass(frozen=True)
class Grid:
    """Counts by two things, a grid for each arm: on a slide a table, each cell as dark as its count is large."""

    down: str
    rows: tuple[str, ...]
    across: str
    columns: tuple[str, ...]
    panels: tuple[GridPanel, ...]

    @property
    def counts(self) -> Numbers:
        """Every count."""
        return tuple(n for panel in self.panels for row in panel.counts for n in row)

    def share(self, count: float) -> float:
        """A count as a share of the largest one; 0 for one that is left out."""
        most = max((n for n in self.counts if math.isfinite(n)), default=0.0)
        return count / most if most and math.isfinite(count) else 0.0


Chart = Lines | Rows | Panels | Bars | Points | Flow | Grid


def has_numbers(chart: Chart) -> bool:
    """Whether there is anything to draw; without it the table stands instead."""
    return any(math.isfinite(value) for value in _drawn(chart))


def _drawn(chart: Chart) -> Iterable[float]:
    if isinstance(chart, Panels):
        return [row.estimate for side in (chart.left, chart.right) for row in side.rows]
    if isinstance(chart, Rows):
        return [row.estimate for row in chart.rows]
    if isinstance(chart, Bars):
        return [value for part in chart.series for value in part.values]
    if isinstance(chart, Grid):
        return chart.counts
    if isinstance(chart, Flow):
        return [line.n for box in chart.boxes for line in box.lines]
    return [value for part in chart.series for value in part.y]
