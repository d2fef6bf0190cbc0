"""What an interim cut has wrong and the next cut puts right, among the records that are new at the cut.

A count with its digits swapped, an adverse event reported late, a bleeding grade and a baseline value under query.
"""

from collections.abc import Callable

from numpy.random import Generator

from trialdata.synthetic.randomness import Purpose, stream, whole
from trialdata.synthetic.trials import Trial

Row = dict[str, object]
ERRORS_AT_CUT = (
    (3, 2, 2),
    (2, 1, 1),
)  # swapped counts, late events, grades under query; none at the last cut


def as_first_reported(
    trial: Trial, number: int, tables: dict[str, list[Row]], seen_before: dict[str, int]
) -> None:
    """Put the errors of a cut into its tables. `seen_before`: USUBJID to its study day of the cut before.

    Rows are replaced, not changed: the cuts share them.
    """
    if number >= len(ERRORS_AT_CUT):
        return
    rng = stream(trial.seed, Purpose.CORRECTION, number)
    swapped, late, queried = ERRORS_AT_CUT[number]

    def new(row: Row, day: str) -> bool:
        return int(str(row[day])) > max(1, seen_before.get(str(row["USUBJID"]), 0))

    def entered(row: Row) -> bool:
        return seen_before.get(str(row["USUBJID"]), 0) < 1

    counts, grades, subjects = tables["adlb"], tables["adqs"], tables["adsl"]
    for place in places(counts, swapped, rng, lambda row: new(row, "ADY") and can_be_swapped(row)):
        counts[place] = counts[place] | {"AVAL": int(str(counts[place]["AVAL"])[::-1])}
    for place in places(grades, queried, rng, lambda row: new(row, "ADY") and is_grade(row)):
        grades[place] = grades[place] | {"AVAL": None}
    for place in places(subjects, 1, rng, entered):
        subjects[place] = subjects[place] | {"PRIORLN": None}
    unreported = places(tables["adae"], late, rng, lambda row: new(row, "ASTDY"))
    tables["adae"] = [row for place, row in enumerate(tables["adae"]) if place not in unreported]


def places(rows: list[Row], count: int, rng: Generator, eligible: Callable[[Row], bool]) -> set[int]:
    """Where `count` of the eligible rows stand, each at most once."""
    left = [place for place, row in enumerate(rows) if eligible(row)]
    return {left.pop(whole(rng, 0, len(left) - 1)) for _ in range(count)}


def is_grade(row: Row) -> bool:
    """A grade of bleeding that was assessed."""
    return row["PARAMCD"] == "WHOBLD" and row["AVAL"] is not None


def can_be_swapped(row: Row) -> bool:
    """A platelet count of two unlike digits."""
    text = str(row["AVAL"])
    plain = row["PARAMCD"] == "PLAT" and not row["AVALC"] and text.isdigit()
    return plain and len(text) == 2 and text[0] != text[1] and "0" not in text
