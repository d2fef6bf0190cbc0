"""The axis of standardised differences: around 0, in steps of half a standard deviation or more."""

import math
from collections.abc import Sequence

LEAST = 0.5


def deviation_range(limits: Sequence[float]) -> tuple[float, float, list[float]]:
    """Range and ticks in standard deviations: every limit inside, as far to the left as to the right."""
    most = max([LEAST, *(abs(limit) for limit in limits if math.isfinite(limit))])
    step = next(step for step in (0.25, 0.5, 1.0, 2.0, 5.0, math.inf) if most / step <= 4)
    if math.isinf(step):
        step = float(math.ceil(most / 4))
    last = math.ceil(most / step - 1e-9)
    ticks = [step * i for i in range(-last, last + 1)]
    return 1.04 * ticks[0], 1.04 * ticks[-1], ticks
