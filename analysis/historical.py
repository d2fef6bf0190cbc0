"""One arm against a fixed rate from elsewhere: the exact binomial test, and how far the arm's rate lies from it."""

from dataclasses import dataclass

from scipy.stats import binomtest

from analysis.proportions import NAN, Interval
from analysis.proportions.one_sample import clopper_pearson

EXACT_BINOMIAL = "exact binomial (Clopper-Pearson; two-sided by equal or smaller probability)"


@dataclass(frozen=True)
class AgainstRate:
    """`n` of `N` respond, `rate` with its exact interval; `p_value` that the true rate is `fixed`."""

    n: int
    N: int
    fixed: float
    rate: float
    interval: Interval
    p_value: float

    @property
    def difference(self) -> float:
        return self.rate - self.fixed

    @property
    def difference_interval(self) -> Interval:
        """The interval of the rate less the fixed one, which has no uncertainty here."""
        return Interval(self.interval.low - self.fixed, self.interval.high - self.fixed)


def against_rate(n: int, N: int, fixed: float, conf_level: float = 0.95) -> AgainstRate:
    """`n` of `N` against a `fixed` rate between 0 and 1; NaN where nobody is counted.

    Two-sided p: the probability of every count no more likely than the observed one (Clopper and Pearson 1934 for the
    interval; R's binom.test, whose p and interval can disagree near the limit).
    """
    if not N:
        return AgainstRate(0, 0, fixed, NAN, Interval(NAN, NAN), NAN)
    p_value = float(binomtest(n, N, fixed).pvalue)
    return AgainstRate(n, N, fixed, n / N, clopper_pearson(n, N, conf_level), p_value)
