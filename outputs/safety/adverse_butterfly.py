"""Worst grades term by term, two arms mirrored."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.events import ALL
from analysis.safety.terms import GRADES, TERM, UNGRADED, term_counts, worst_grades
from charts.safety.butterfly import butterfly_figure
from outputs import wording
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.output import Output, View
from outputs.safety.adverse_differences import percent_of
from outputs.safety.adverse_overview import event_notes
from outputs.safety.adverse_pair import MOST_ROWS, compared_start, with_names
from outputs.safety.adverse_terms import term_people
from outputs.small_cells import hidden_of, suppressed

GRADE_WORDS = (*(f"grade {grade}" for grade in GRADES), "grade missing")


def adverse_butterfly_output(
    data: AnalysisData, view: View, *, arm: str = "", least_share: str = "5"
) -> Output:
    """Two arms mirrored, term by term, split by worst grade."""
    share = percent_of(least_share)
    basis, events, pair, empty = compared_start(data, view, arm)
    title = "Worst grade, arm against arm"
    if empty or pair is None:
        return nothing_to_show(basis, "adverse_butterfly", title, empty)
    counts = term_counts(events, least_share=share)
    frequent = counts[counts["arm"] == ALL].sort_values("n", ascending=False, kind="stable")[TERM]
    cells = frequent.iloc[:MOST_ROWS].merge(worst_grades(events), on=TERM)
    cells = with_names(cells[cells["arm"].isin([each.trt for each in pair])])
    left = max(len(frequent) - MOST_ROWS, 0)
    people = term_people(events)
    grades = [
        grade
        for grade in (*map(str, GRADES), UNGRADED)
        if (cells.loc[cells["grade"] == grade, "n"] > 0).any()
    ]
    words = dict(zip((*map(str, GRADES), UNGRADED), GRADE_WORDS, strict=True))
    drawn = cells.rename(columns={"SOC": "soc", "TERM": "term"})
    return Output(
        id="adverse_butterfly",
        title=title,
        subtitle="Each participant once per term, at the worst grade. Click a bar to list them",
        population=basis.population,
        arms=basis.styles,
        results=cells.drop(columns="name").assign(method="participants by worst grade"),
        table=_grades_table(cells, [each.trt for each in pair], basis),
        figure=lambda theme, compact: butterfly_figure(
            drawn,
            pair,
            grades=grades,
            grade_words=[words[grade] for grade in grades],
            theme=theme,
            compact=compact,
        ),
        records=people.rename(columns={"WORST": "GRADE"})[["USUBJID", "ARM", "SOC", "TERM", "GRADE"]],
        cell_keys=("SOC", "TERM", "GRADE", "ARM"),
        headline=title,
        alt=f"{pair[0].label} and {pair[1].label} mirrored: share of participants with each term, by worst grade.",
        footnotes=(
            *([f"Not drawn: {wording.plural(left, 'less frequent term')}."] if left else []),
            *event_notes(events),
            *basis.notes(),
        ),
        badges=basis.badges(),
        empty="" if len(cells) else f"No term was had by at least {100 * share:g}% of an arm.",
        as_file=lambda: _grades_in_file(cells, [each.trt for each in pair], basis),
    )


def _grades_in_file(cells: pd.DataFrame, arms: list[str], basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without small cells: the grades of a term in an arm add up to its participants."""
    hidden = hidden_of(cells, over={"grade": None}, within=(*TERM, "arm"), counts=("n",))
    kept = suppressed(cells, hidden, derived=("estimate",)).drop(columns="name")
    rows = hidden["n"].groupby([cells[name] for name in (*TERM, "grade")]).transform("any")
    return kept, _grades_table(cells[~rows], arms, basis)


def _grades_table(cells: pd.DataFrame, arms: list[str], basis: Basis) -> pd.DataFrame:
    shown = cells[cells["n"] > 0]
    rows = [
        {
            "Preferred term": own["name"].iloc[0],
            "Worst grade": grade,
            **{basis.labels[arm]: str(int(own.loc[own["arm"] == arm, "n"].sum())) for arm in arms},
        }
        for (_, _, grade), own in shown.groupby([*TERM, "grade"], sort=False)
    ]
    return pd.DataFrame(rows)
