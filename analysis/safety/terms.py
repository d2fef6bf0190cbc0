"""Adverse events by system organ class and preferred term: counts by arm, grades, and where the arms differ.

Rule: docs/reference/safety.md, section 2.
"""

import dataclasses
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.proportions import fisher, miettinen_nurminen, risk_ratio_score
from analysis.proportions.basics import KEPT
from analysis.rate_methods import MIETTINEN_NURMINEN, RATIO_SCORE, difference, risk_ratio
from analysis.safety.events import ALL, AdverseEvents, participants_with

WHOLE_CLASS = ""  # the term of a row that counts a whole system organ class
LEVELS = ("class", "term", "all")
ORDERS = ("participants", "name")
GRADES = (1, 2, 3, 4, 5)
UNGRADED = "missing"
TERM = ["SOC", "TERM"]


def only_events(
    events: AdverseEvents, *, least_grade: int = 0, serious: bool = False, related: bool = False
) -> AdverseEvents:
    """The events of at least a grade (0: of any, also of none), serious ones, related ones; the sizes stay."""
    rows = events.rows
    kept = pd.Series(True, rows.index)
    if least_grade:
        kept &= rows["GRADE"] >= least_grade
    if serious:
        kept &= rows["SERIOUS"]
    if related:
        kept &= rows["RELATED"]
    return dataclasses.replace(events, rows=rows[kept].reset_index(drop=True))


def term_counts(
    events: AdverseEvents, *, level: str = "term", least_share: float = 0.0, order: str = "participants"
) -> pd.DataFrame:
    """One row per term (or class, TERM "") and arm, "All" last: SOC TERM arm n N events estimate.

    `level`: "class", "term", or "all" for each class before its terms. `least_share`: only what at least this share
    of some arm had. `order`: by participants of all arms, most first, then by name; or by name alone.
    """
    if level not in LEVELS or order not in ORDERS:
        raise ValueError(f"level is {level!r}, order {order!r}; expected one of {LEVELS} and of {ORDERS}")
    rows, sizes = events.rows, events.sizes
    classes = participants_with(rows, ["SOC"], sizes).assign(TERM=WHOLE_CLASS)
    terms = participants_with(rows, TERM, sizes)
    parts = {"class": [classes], "term": [terms], "all": [classes, terms]}[level]
    counts = _in_order(pd.concat(parts, ignore_index=True), classes, order)
    counts["estimate"] = (counts["n"] / counts["N"].where(counts["N"] > 0)).astype(float)
    frequent = counts[counts["estimate"] >= least_share][TERM].drop_duplicates()
    kept = counts if least_share <= 0 else counts.merge(frequent, on=TERM)
    return kept[[*TERM, "arm", "n", "N", "events", "estimate"]].reset_index(drop=True)


def term_comparisons(counts: pd.DataFrame, comparisons: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """`share_comparisons` of each class and term of a frame of `term_counts`: SOC and TERM first."""
    return share_comparisons(counts, comparisons, TERM)


def share_comparisons(
    counts: pd.DataFrame, comparisons: Sequence[tuple[str, str]], by: Sequence[str]
) -> pd.DataFrame:
    """Two rows per combination of `by` and (experimental, control): the difference of the shares n/N and their ratio.

    `counts` has `by`, arm, n, N. The columns of `by`, comparison, arm (experimental), control, n N and n_control
    N_control, measure ("difference", "risk ratio"), estimate conf_low conf_high, p_value (Fisher's exact, the same
    in both rows), method.
    """
    keys = list(by)
    numbers = {tuple(row[:-2]): row[-2:] for row in counts[[*keys, "arm", "n", "N"]].itertuples(index=False)}
    rows = []
    for values in counts[keys].drop_duplicates().itertuples(index=False, name=None):
        for arm, control in comparisons:
            table = tuple(map(int, (*numbers[*values, arm], *numbers[*values, control])))
            named = (*values, f"{arm} - {control}", arm, control, *table)
            rows += [(*named, *measured) for measured in compared(*table)]
    return pd.DataFrame(rows, columns=[*keys, *COMPARED])


COMPARED = ["comparison", "arm", "control", "n", "N", "n_control", "N_control"]
COMPARED += ["measure", "estimate", "conf_low", "conf_high", "p_value", "method"]


@lru_cache(maxsize=KEPT)
def compared(x1: int, n1: int, x0: int, n0: int) -> tuple[tuple[str | float, ...], ...]:
    """measure estimate conf_low conf_high p_value method; kept, since tables of rare events repeat the same counts."""
    p = fisher(x1, n1, x0, n0)
    measures = (
        ("difference", difference, miettinen_nurminen, MIETTINEN_NURMINEN),
        ("risk ratio", risk_ratio, risk_ratio_score, RATIO_SCORE),
    )
    return tuple(
        (measure, estimate(x1, n1, x0, n0), *limits(x1, n1, x0, n0), p, method)
        for measure, estimate, limits, method in measures
    )


def worst_grades(events: AdverseEvents, *, level: str = "term") -> pd.DataFrame:
    """One row per class or term, arm ("All" last) and grade 1 to 5 or "missing": SOC TERM arm grade n N estimate.

    Each participant once, at the worst known grade of that class or term; "missing" where none is known.
    """
    counts = term_counts(events, level=level)
    by_term = events.rows if level != "class" else events.rows[:0]
    by_class = events.rows.assign(TERM=WHOLE_CLASS) if level != "term" else events.rows[:0]
    worst = worst_of_each(pd.concat([by_class, by_term]), TERM)
    both = worst if ALL in events.sizes else pd.concat([worst, worst.assign(ARM=ALL)])
    n = both.groupby([*TERM, "ARM", "WORST"]).size()
    every = counts.merge(pd.DataFrame({"grade": [*map(str, GRADES), UNGRADED]}), how="cross")
    cells = pd.MultiIndex.from_frame(every[[*TERM, "arm", "grade"]])
    every["n"] = n.reindex(cells).fillna(0).astype(int).to_numpy()
    every["estimate"] = (every["n"] / every["N"].where(every["N"] > 0)).astype(float)
    return every[[*TERM, "arm", "grade", "n", "N", "estimate"]]


def worst_of_each(rows: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """One row per participant and combination of `by`: USUBJID ARM WORST, the worst known grade, or "missing"."""
    keys = ["USUBJID", "ARM", *by]
    worst = rows.groupby(keys, sort=False)["GRADE"].max().reset_index()
    words = worst["GRADE"].map(lambda grade: UNGRADED if np.isnan(grade) else str(int(grade)))
    return worst.assign(WORST=words.astype("str"))


def _in_order(counts: pd.DataFrame, classes: pd.DataFrame, order: str) -> pd.DataFrame:
    """Classes, each before its terms; by participants of all arms where asked, then by name; arms as they come."""
    of_class = classes[classes["arm"] == ALL].set_index("SOC")["n"]
    of_row = counts[counts["arm"] == ALL].set_index(TERM)["n"]
    weighed = int(order == "participants")
    place = pd.DataFrame(
        {
            "class_n": -weighed * of_class.reindex(counts["SOC"]).to_numpy(int),
            "SOC": counts["SOC"],
            "is_term": counts["TERM"] != WHOLE_CLASS,
            "n": -weighed * of_row.reindex(pd.MultiIndex.from_frame(counts[TERM])).to_numpy(int),
            "TERM": counts["TERM"],
            "arm": counts["arm"].map({arm: place for place, arm in enumerate(counts["arm"].unique())}),
        }
    )
    return counts.loc[place.sort_values(list(place)).index].reset_index(drop=True)
