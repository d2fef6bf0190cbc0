"""The exact unconditional interval against a second implementation; tolerance 1e-5.

The second one is plain Python from the definition (tests/independent/chan_zhang.py).
"""

import pytest

from analysis import proportions
from tests.independent.chan_zhang import interval, worst_p

TABLES = [
    (1, 1, 0, 1),
    (0, 2, 0, 3),
    (3, 3, 0, 2),
    (2, 3, 1, 4),
    (0, 4, 3, 4),
    (4, 5, 1, 3),
    (3, 6, 3, 5),
    (5, 5, 4, 4),
]


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_limits_are_those_of_the_slow_implementation(table, compared):
    ours, theirs = proportions.chan_zhang(*table), interval(*table)
    against = "slow second implementation"
    compared("Chan-Zhang", ours, theirs, code="own", against=against, tolerance=1e-5)


@pytest.mark.parametrize("table", [(41, 60, 11, 39), (16, 32, 9, 66)], ids=str)
def test_narrow_stretches_that_are_not_rejected_are_found(table, compared):
    """Lower limits that lie in a stretch of less than 0.005, apart from the others that are kept."""
    low = proportions.chan_zhang(*table).low
    against = "slow second implementation, p at the limit"
    compared("Chan-Zhang", worst_p(low, *table), 0.025, code="own", against=against, tolerance=1e-5)
    assert worst_p(low - 1e-4, *table) < 0.025
    assert worst_p(low + 0.01, *table) < 0.025
