"""Charts of a slide with bars: participants by state, shares of the due, grades at visits."""

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from charts.format import IMMATURE_BELOW, fixed, of, percent, weeks
from charts.layout import week_ticks
from charts.theme import arm_styles
from outputs.slide_axis import percent_axis
from outputs.slide_chart import Axis, Bars, BarSeries
from outputs.small_cells import NOT_SHOWN
from trialdata.definition import Arm

HATCHED = "MISSING"  # the fill of what is not known
MOST_VISITS = 5
LIGHTEST = 0.1  # of ink, for the lowest grade
REST = " (some visits; the table has all)"


def counts_by_state(rows: pd.DataFrame, arms: Sequence[Arm], names: Mapping[str, str], title: str) -> Bars:
    """A bar per arm, a part per state that anybody is in. `rows`: arm state n."""
    n = rows.set_index(["arm", "state"])["n"]
    seen = [state for state in names if rows.loc[rows["state"] == state, "n"].sum()]
    series = tuple(
        BarSeries(
            names[state].capitalize(),
            tuple(float(n[arm.trt, state]) for arm in arms),
            state,
            tuple(_unless_none(n[arm.trt, state]) for arm in arms),
        )
        for state in seen
    )
    totals = rows.groupby("arm")["n"].sum()
    categories = tuple(f"{arm.label}, {fixed(totals[arm.trt])}" for arm in arms)
    return Bars(categories, series, Axis(title, 0), horizontal=True)


def _unless_none(n: float) -> str:
    return fixed(n) if n else ""


def shares_by_state(rows: pd.DataFrame, arms: Sequence[Arm], names: Mapping[str, str], title: str) -> Bars:
    """A bar per arm with the share of each category, 0 to 100%. `rows`: arm category n N estimate."""
    known = rows.set_index(["arm", "category"])
    seen = [state for state in names if rows.loc[rows["category"] == state, "n"].sum()]
    N = rows.groupby("arm")["N"].max()
    drawn = [arm for arm in arms if N.get(arm.trt, 0)]
    series = tuple(
        BarSeries(
            names[state].capitalize(),
            tuple(100 * float(known.loc[(arm.trt, state), "estimate"]) for arm in drawn),
            state,
            tuple(_share_words(known.loc[(arm.trt, state)]) for arm in drawn),
        )
        for state in seen
    )
    categories = tuple(f"{arm.label}, {fixed(N[arm.trt])} due" for arm in drawn)
    return Bars(categories, series, percent_axis(title), horizontal=True)


def _share_words(row: pd.Series) -> str:
    if not row["n"]:
        return ""
    return fixed(row["n"]) if row["N"] < IMMATURE_BELOW else percent(row["estimate"], row["N"])


def counts_of(rows: pd.DataFrame, title: str, *, part: str, rest: str) -> Bars:
    """A bar per label: n of N, and what is left of N. `rows`: label n N."""
    words = tuple(of(row.n, row.N) for row in rows.itertuples())
    n, N = (rows[name].astype(float) for name in ("n", "N"))
    series = (
        BarSeries(part, tuple(n), "", words),
        BarSeries(rest, tuple(N - n), "NOTDUE", ("",) * len(rows)),
    )
    return Bars(tuple(rows["label"]), series, Axis(title, 0), horizontal=True)


def grade_bars(rows: pd.DataFrame, arms: Sequence[Arm], title: str) -> Bars:
    """A bar per labelled visit and arm, a part per grade; parts that a file leaves out stand together as not shown.

    `rows`: time arm grade n N estimate, n missing where it is left out; the worse, the more ink.
    """
    chosen = week_ticks(rows["time"], (0, 4, 12, 26, 52, 78, 104), most=MOST_VISITS)
    styles = {style["trt"]: style["short"] for style in arm_styles(arms)}
    known = rows.set_index(["time", "arm", "grade"]).sort_index()
    there = set(known.index.droplevel("grade"))
    pairs = [(week, trt) for week in chosen for trt in styles if (week, trt) in there]
    grades = sorted(rows["grade"].unique())
    parts = [
        BarSeries(
            f"Grade {grade}",
            tuple(_share(known, week, trt, grade) for week, trt in pairs),
            fixed(LIGHTEST + (1 - LIGHTEST) * place / max(len(grades) - 1, 1), 2),
            tuple(_count(known, week, trt, grade) for week, trt in pairs),
        )
        for place, grade in enumerate(grades)
    ]
    parts = [part for part in parts if any(value > 0 for value in part.values)]
    left = [_left_out(known.loc[(week, trt)]) for week, trt in pairs]
    if any(left):
        parts.append(BarSeries(NOT_SHOWN.capitalize(), tuple(left), HATCHED, ("",) * len(left)))
    every = len(chosen) == rows["time"].nunique()
    categories = tuple(f"{_visit(week)}, {styles[trt]}" for week, trt in pairs)
    return Bars(categories, tuple(parts), percent_axis(title if every else title + REST))


def _visit(week: float) -> str:
    return f"week {weeks(week)}" if week else "baseline"


def _share(known: pd.DataFrame, week: float, trt: str, grade: int) -> float:
    """A grade's share; none where it is not shown, which has a part of its own."""
    if (week, trt, grade) not in known.index:
        return 0.0
    row = known.loc[(week, trt, grade)]
    return math.nan if pd.isna(row["n"]) else 100 * float(row["estimate"])


def _count(known: pd.DataFrame, week: float, trt: str, grade: int) -> str:
    n = known["n"].get((week, trt, grade))
    return "" if n is None or pd.isna(n) else _unless_none(n)


def _left_out(own: pd.DataFrame) -> float:
    """The share of those whose grade is not shown."""
    hidden = own["n"].isna()
    return 100 * float(own["N"].max() - own["n"].sum()) / float(own["N"].max()) if hidden.any() else 0.0


def histogram(bins: pd.DataFrame, arms: Sequence[Arm], title: str) -> Bars:
    """Participants by score, the arms beside each other. `bins`: arm low n, a score may have several rows."""
    n = bins.groupby(["arm", "low"])["n"].sum()
    places = sorted(bins["low"].unique())
    series = tuple(
        BarSeries(arm.label, tuple(float(n.get((arm.trt, low), 0)) for low in places), arm.trt)
        for arm in arms
    )
    return Bars(tuple(fixed(low, 2) for low in places), series, Axis(title, 0), stacked=False)
