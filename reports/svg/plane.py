"""From numbers to the places of a picture: scales, ticks, and how much room a text takes."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from outputs.slide_chart import Axis
from outputs.wording import fixed, lines_within, text_width

WIDTH = 760.0  # of every picture
FONT = 13.0
LINE = 16.0  # from one line of text to the next
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
ON_LOG = (1, 3)  # the ticks within each power of ten


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high` on the places from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """The place of a value, at the end of the scale where it lies beyond."""
        if math.isinf(value):
            return self.end if value > 0 else self.start
        share = (self._of(value) - self._of(self.low)) / (self._of(self.high) - self._of(self.low))
        return self.start + min(max(share, 0.0), 1.0) * (self.end - self.start)

    def holds(self, value: float) -> bool:
        """Whether a value lies on the scale."""
        return math.isfinite(value) and self.low <= value <= self.high

    def _of(self, value: float) -> float:
        return math.log10(max(value, math.ulp(0.0))) if self.log else value


def scale_of(axis: Axis, values: Iterable[float], start: float, end: float) -> Scale:
    """The scale of an axis: its own range, else that of the values and ticks."""
    known = [value for value in values if math.isfinite(value) and not (axis.log and value <= 0)]
    known += [value for value, _ in axis.ticks]
    low = min(known, default=0.0) if axis.low is None else axis.low
    high = max(known, default=1.0) if axis.high is None else axis.high
    if axis.log and low <= 0:
        low = min((value for value in known if value > 0), default=high / 10)
    if not low < high:
        low, high = (low / 2, high * 2) if axis.log else (low - 0.5, high + 0.5)
    return Scale(low, high, start, end, axis.log)


def ticks_of(axis: Axis, scale: Scale) -> list[tuple[float, str]]:
    """The ticks of an axis: its own, else round numbers."""
    if axis.ticks:
        return [tick for tick in axis.ticks if scale.holds(tick[0])]
    return _log_ticks(scale) if scale.log else _linear_ticks(scale)


def _linear_ticks(scale: Scale, wanted: int = 5) -> list[tuple[float, str]]:
    rough = (scale.high - scale.low) / wanted
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(each * power for each in STEPS if each * power >= rough * 0.999)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9) + (step / power == 2.5))
    first, last = math.ceil(scale.low / step - 1e-9), math.floor(scale.high / step + 1e-9)
    return [(place * step, fixed(place * step, decimals)) for place in range(first, last + 1)]


def _log_ticks(scale: Scale) -> list[tuple[float, str]]:
    powers = range(math.floor(math.log10(scale.low)), math.ceil(math.log10(scale.high)) + 1)
    ticks = [(each * 10.0**power, max(0, -power)) for power in powers for each in ON_LOG]
    told = [(value, fixed(value, decimals)) for value, decimals in ticks if scale.holds(value)]
    return told or [(scale.low, f"{scale.low:g}"), (scale.high, f"{scale.high:g}")]


def width_of(text: str, size: float = FONT) -> float:
    """About how wide a text is drawn."""
    return text_width(text, size)


def lines_of(text: str, width: float, *, size: float = FONT, most: int = 3) -> list[str]:
    """A text in lines of that width; what is left after `most` of them is cut with an ellipsis."""
    return lines_within(text, max(width, 4 * size), size, most=most) if text else []


def widest(texts: Iterable[str], most: float) -> float:
    """The room that the widest of the texts takes, at most so much."""
    return min(max(map(width_of, texts), default=0.0), most)
