"""The axes of a chart as they are drawn: range and ticks."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from outputs.slide_chart import Axis
from outputs.wording import fixed
from reports.deck.chart_look import wide

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
LOG_STEPS = (1.0, 3.0)
TICKS = 6  # about


@dataclass(frozen=True)
class Span:
    """An axis from low to high with its ticks (value, words)."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()
    log: bool = False

    def share(self, value: float) -> float:
        """Where a value stands: 0 at the low end, 1 at the high one."""
        low, high, at = (math.log10(v) if self.log else v for v in (self.low, self.high, value))
        return (at - low) / (high - low)

    def value(self, share: float) -> float:
        """What stands there."""
        if self.log:
            return float(self.low * (self.high / self.low) ** share)
        return self.low + share * (self.high - self.low)

    def within(self, value: float) -> bool:
        return self.low <= value <= self.high


def span_of(axis: Axis, values: Iterable[float]) -> Span:
    """The axis with what it leaves open: the range holds every value and tick; ticks are round numbers."""
    known = [value for value in values if math.isfinite(value) and (value > 0 or not axis.log)]
    known += [value for value, _ in axis.ticks]
    low = float(axis.low if axis.low is not None else min(known, default=1.0 if axis.log else 0.0))
    high = float(axis.high if axis.high is not None else max(known, default=10.0 if axis.log else 1.0))
    if not low < high:
        low, high = (low / 3, high * 3) if axis.log else (low - 1, low + 1)
    if axis.ticks:
        ticks = tuple(tick for tick in axis.ticks if low <= tick[0] <= high)
        return Span(low, high, ticks, axis.log)
    step = 0.0 if axis.log else _step(high - low)
    if step and axis.low is None:
        low = step * math.floor(low / step + 1e-9)
    if step and axis.high is None:
        high = step * math.ceil(high / step - 1e-9)
    return Span(low, high, _log_ticks(low, high) if axis.log else _ticks(low, high, step), axis.log)


def _step(width: float) -> float:
    """A round number of which about six make up the width."""
    rough = width / TICKS
    power = 10 ** math.floor(math.log10(rough))
    return next(step * power for step in STEPS if step * power >= rough * (1 - 1e-9))


def _ticks(low: float, high: float, step: float) -> tuple[tuple[float, str], ...]:
    decimals = next((d for d in range(7) if abs(round(step, d) - step) < 1e-9 * step), 7)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return tuple((i * step, fixed(i * step, decimals)) for i in range(first, last + 1))


def _log_ticks(low: float, high: float) -> tuple[tuple[float, str], ...]:
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    values = [step * 10.0**power for power in powers for step in LOG_STEPS]
    if sum(low <= value <= high for value in values) < 3:
        values = [step * 10.0**power for power in powers for step in (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)]
    inside = [value for value in values if low * (1 - 1e-9) <= value <= high * (1 + 1e-9)]
    return tuple((value, f"{value:.6g}".replace("e-", " × 10⁻")) for value in inside)


def apart(span: Span, width: float, size: float) -> list[tuple[float, str]]:
    """The ticks of a level axis whose words do not touch each other; the last one has its words in any case."""
    kept: list[tuple[float, str]] = []
    for value, words in span.ticks:
        half = wide(words, size) / 2 + 2
        left = span.share(value) * width - half
        while kept and value == span.ticks[-1][0] and _right(span, kept[-1], width, size) > left:
            kept.pop()
        if words and (not kept or _right(span, kept[-1], width, size) <= left):
            kept.append((value, words))
    return kept


def _right(span: Span, tick: tuple[float, str], width: float, size: float) -> float:
    return span.share(tick[0]) * width + wide(tick[1], size) / 2
