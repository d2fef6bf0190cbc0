"""The exact unconditional interval against a second implementation; tolerance 1e-5.

The second one is plain Python from the definition (tests/independent/chan_zhang.py).
"""

import pytest

from analysis import proportions
from tests.independent.chan_zhang import interval

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
