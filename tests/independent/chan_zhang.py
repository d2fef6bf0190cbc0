"""The exact unconditional interval of a difference, written from its definition in plain Python and slowly.

Chan ISF, Zhang Z. Biometrics 1999;55:1202. No array, no closed form: the restricted estimates halve the interval
on the slope of the likelihood, tables are summed one by one, the worst control rate is found on a grid that is
made finer around its best points, and the limit on a fine grid of differences.
"""

import math
from functools import cache

HALVINGS = 60
TIED = 1e-7


def slope(p0: float, d: float, x1: int, n1: int, x0: int, n0: int) -> float:
    """Derivative of the log likelihood in p0 where p1 is p0 + d."""
    total = 0.0
    for count, chance in ((x1, p0 + d), (x0, p0)):
        total += count / chance if count and chance > 0 else math.inf if count else 0.0
    for count, chance in ((n1 - x1, 1 - p0 - d), (n0 - x0, 1 - p0)):
        total -= count / chance if count and chance > 0 else math.inf if count else 0.0
    return total


def restricted(d: float, x1: int, n1: int, x0: int, n0: int) -> float:
    low, high = max(0.0, -d), min(1.0, 1 - d)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if slope(middle, d, x1, n1, x0, n0) > 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def score(d: float, x1: int, n1: int, x0: int, n0: int) -> float:
    """(p1 - p0 - d) over its standard error under d."""
    distance = x1 / n1 - x0 / n0 - d
    if abs(distance) < 1e-12:
        return 0.0
    p0 = restricted(d, x1, n1, x0, n0)
    p1 = min(max(p0 + d, 0.0), 1.0)
    variance = p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0
    return distance / math.sqrt(variance) if variance > 0 else math.copysign(math.inf, distance)


def chance(tables: list[tuple[int, int]], p1: float, n1: int, p0: float, n0: int) -> float:
    total = 0.0
    for x1, x0 in tables:
        ways = math.comb(n1, x1) * math.comb(n0, x0)
        total += ways * p1**x1 * (1 - p1) ** (n1 - x1) * p0**x0 * (1 - p0) ** (n0 - x0)
    return total


@cache
def worst_p(d: float, x1: int, n1: int, x0: int, n0: int) -> float:
    """P(score >= the one observed) at its largest over p0."""
    observed = score(d, x1, n1, x0, n0)
    tables = [
        (i, j)
        for i in range(n1 + 1)
        for j in range(n0 + 1)
        if score(d, i, n1, j, n0) >= observed - TIED * (1 + abs(observed))
    ]
    low, high = max(0.0, -d), min(1.0, 1 - d)
    step = (high - low) / 200
    points = [low + step * i for i in range(201)]
    for _ in range(3):
        found = sorted(((chance(tables, min(p + d, 1.0), n1, p, n0), p) for p in points), reverse=True)
        near = [p for _, p in found[:3]]
        step /= 10
        points = [min(max(p + step * i, low), high) for p in near for i in range(-10, 11)]
    return found[0][0]


def lower_limit(x1: int, n1: int, x0: int, n0: int, *, alpha: float = 0.05) -> float:
    """The smallest difference that is not rejected, its last digits by halving."""
    estimate = x1 / n1 - x0 / n0
    if estimate <= -1:
        return -1.0
    step, rejected = 0.005, -1.0
    while rejected + step < estimate and worst_p(rejected + step, x1, n1, x0, n0) <= alpha / 2:
        rejected += step
    kept = min(rejected + step, estimate)
    for _ in range(22):
        middle = (rejected + kept) / 2
        if worst_p(middle, x1, n1, x0, n0) <= alpha / 2:
            rejected = middle
        else:
            kept = middle
    return kept


def interval(x1: int, n1: int, x0: int, n0: int) -> tuple[float, float]:
    return lower_limit(x1, n1, x0, n0), -lower_limit(x0, n0, x1, n1)
