"""The odds ratio and its intervals."""

from functools import lru_cache

from scipy.stats import contingency

from analysis.proportions.basics import INF, KEPT, NAN, NOT_ESTIMABLE, Interval, limits_of, two_by_two


def odds_ratio(x1: int, n1: int, x0: int, n0: int) -> float:
    """Sample odds ratio; infinite or NaN where a product of the diagonal is 0."""
    return float(contingency.odds_ratio(two_by_two(x1, n1, x0, n0), kind="sample").statistic)


def woolf(x1: int, n1: int, x0: int, n0: int, conf_level: float = 0.95) -> Interval:
    """Interval of the odds ratio on the log scale (Woolf 1955). A cell with nobody: 0 to infinity."""
    if n1 == 0 or n0 == 0:
        return NOT_ESTIMABLE
    if 0 in (x1, n1 - x1, x0, n0 - x0):
        return Interval(0.0, INF)
    return limits_of(contingency.odds_ratio(two_by_two(x1, n1, x0, n0), kind="sample"), conf_level)


@lru_cache(maxsize=KEPT)
def conditional_odds_ratio(
    x1: int, n1: int, x0: int, n0: int, conf_level: float = 0.95
) -> tuple[float, Interval]:
    """Conditional maximum likelihood odds ratio and its exact interval (Cornfield 1956).

    Each limit is the odds ratio at which the observed count or one further out has probability alpha/2.
    Nobody or everybody responds: estimate NaN, 0 to infinity. Kept by counts: its roots cost 10 ms.
    """
    if n1 == 0 or n0 == 0:
        return NAN, NOT_ESTIMABLE
    result = contingency.odds_ratio(two_by_two(x1, n1, x0, n0), kind="conditional")
    return float(result.statistic), limits_of(result, conf_level)
