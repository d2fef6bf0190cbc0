"""The one axis of a forest: percentage points, or ratios on a log scale, wide enough for words on both sides."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from charts.format import fixed
from charts.layout import each, x_axis
from charts.theme import Look

LOWEST, HIGHEST = 0.02, 50.0  # ratios beyond are cut, with an arrow
LEAST_SIDE = 0.3  # of the axis on either side of no difference
RATIO_TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
FEW_RATIO_TICKS = (0.02, 0.1, 0.5, 1, 2, 10, 50)


@dataclass(frozen=True)
class Axis:
    """`low`, `high` and `null` in the units drawn: points, or log10 of a ratio."""

    low: float
    high: float
    null: float
    ratio: bool

    def at(self, value: float) -> float:
        """A value in the units drawn; 0 and infinity of a ratio lie infinitely far out."""
        if not self.ratio:
            return 100 * value
        if value <= 0:
            return -math.inf
        return math.log10(value) if math.isfinite(value) else value

    def places(self, line) -> tuple[float, float, float]:
        """Estimate and limits of a line inside the axis."""
        values = (line.estimate, line.conf_low, line.conf_high)
        x, low, high = (min(max(self.at(value), self.low), self.high) for value in values)
        return x, low, high

    def inside(self, value: float) -> bool:
        return not math.isnan(value) and self.low <= self.at(value) <= self.high

    def drawn(self, line) -> bool:
        """A line with words in place of an estimate, or without limits, has no mark."""
        return not line.words and not any(
            math.isnan(value) for value in (line.estimate, line.conf_low, line.conf_high)
        )

    def cut(self, line) -> Iterator[str]:
        """The sides on which an interval is longer than the axis."""
        if self.at(line.conf_low) < self.low:
            yield "low"
        if self.at(line.conf_high) > self.high:
            yield "high"

    def width(self, line) -> float:
        """The length of an interval, 0 where there is none."""
        if line.kind not in ("all", "level") or not self.drawn(line):
            return 0.0
        return self.at(line.conf_high) - self.at(line.conf_low)

    def layout(self, look: Look, title: str) -> dict:
        """The axis of the figure with its ticks."""
        ticks = self._ratios() if self.ratio else self._points()
        return x_axis(
            look,
            title=title,
            ticks=[place for place, _ in ticks],
            words=[words for _, words in ticks],
            range=[self.low, self.high],
            showgrid=True,
        )

    def _points(self) -> list[tuple[float, str]]:
        span = self.high - self.low
        step = 20 if span <= 100 else 40 if span <= 160 else 50
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        return [(step * i, fixed(step * i, signed=True)) for i in range(first, last + 1)]

    def _ratios(self) -> list[tuple[float, str]]:
        values = RATIO_TICKS if self.high - self.low <= 2 else FEW_RATIO_TICKS
        return [(math.log10(v), f"{v:g}") for v in values if self.low <= math.log10(v) <= self.high]


def axis_of(lines: pd.DataFrame, *, ratio: bool) -> Axis:
    """The axis that holds every interval of the lines, ratios cut at `LOWEST` and `HIGHEST`."""
    open_axis = Axis(-math.inf, math.inf, 0.0, ratio)
    bounds = (math.log10(LOWEST), math.log10(HIGHEST)) if ratio else (-100.0, 100.0)
    values = [
        open_axis.at(value)
        for line in each(lines)
        if line.kind in ("all", "level") and open_axis.drawn(line)
        for value in (line.estimate, line.conf_low, line.conf_high)
    ]
    inside = [min(max(value, bounds[0]), bounds[1]) for value in values if math.isfinite(value)]
    least = 0.3 if ratio else 20.0
    low, high = min([-least, *inside]), max([least, *inside])
    low, high = (
        min(low, -LEAST_SIDE * high / (1 - LEAST_SIDE)),
        max(high, -LEAST_SIDE * low / (1 - LEAST_SIDE)),
    )
    room = 0.03 * (high - low)
    return Axis(low - room, high + room, 0.0, ratio)
