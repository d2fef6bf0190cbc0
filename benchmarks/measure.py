"""Ratios with their limits, and the figures they come from."""

import math
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """`seconds` divided by `against`, both medians of one run; `limit` None: told, not judged.

    `against_seconds` is NaN where the rival is not installed here.
    """

    subject: str
    measured: str
    against: str
    seconds: float
    against_seconds: float
    limit: float | None = None

    @property
    def ratio(self) -> float:
        return self.seconds / self.against_seconds

    @property
    def known(self) -> bool:
        """There was something to measure against."""
        return not math.isnan(self.against_seconds)

    @property
    def exceeded(self) -> bool:
        return self.limit is not None and self.ratio > self.limit


def median_seconds(run: Callable[[], object], *, times: int) -> float:
    """The median duration of `times` runs."""
    durations = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        durations.append(time.perf_counter() - started)
    return statistics.median(durations)
