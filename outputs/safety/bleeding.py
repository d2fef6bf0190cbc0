"""Bleeding by one instrument: the grades at each visit, and from baseline to the worst grade after it."""

from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.bleeding import (
    NOT_ASSESSED,
    Assessments,
    assessments,
    baseline_and_worst,
    grade_text,
    grades_by_visit,
    shift_counts,
    worst_at_visits,
)
from charts.safety.grades_by_visit import grades_by_visit_figure
from charts.safety.matrix import matrix_figure
from outputs import wording
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.output import Output, View
from outputs.safety.basis import safety_basis
from outputs.safety.counts import arm_table, of_cell, share_cell
from outputs.slide_bars import grade_bars
from outputs.slide_grid import grid
from outputs.small_cells import hidden_of, suppressed
from trialdata.bleeding_scales import Scale, scales_of

NONE_RECORDED = "No bleeding instrument is in the data of this cut."


def bleeding_scales(data: AnalysisData) -> dict[str, str]:
    """The instruments of the cut for a control: PARAMCD to label."""
    return {code: scale.label for code, scale in scales_of(data.definition, data.adqs).items()}


def chosen_scale(data: AnalysisData, scale: str) -> Scale | None:
    """The instrument asked for, else the first of the cut; None where there is none."""
    known = scales_of(data.definition, data.adqs)
    return known.get(scale, next(iter(known.values()), None))


def without_scale(basis: Basis, output_id: str, title: str) -> Output:
    """The output of a cut without any bleeding instrument."""
    return nothing_to_show(basis, output_id, title, basis.nobody() or NONE_RECORDED)


def bleeding_notes(assessed: Assessments, basis: Basis) -> tuple[str, ...]:
    """Population, instrument and what was left out."""
    notes = [
        f"{basis.population}, {wording.plural(len(basis.subjects), 'participant')}; {assessed.scale.label}, "
        f"0 to {assessed.scale.highest}."
    ]
    if assessed.left_out:
        values = wording.plural(assessed.left_out, "value")
        notes.append(f"Left out: {values} that the instrument does not have.")
    return (*notes, *basis.notes())


def bleeding_by_visit_output(data: AnalysisData, view: View, *, scale: str = "") -> Output:
    """Shares of each bleeding grade at each visit, of those assessed, by arm."""
    basis, of_scale = safety_basis(data, view), chosen_scale(data, scale)
    title = "Bleeding grade at each visit"
    if of_scale is None:
        return without_scale(basis, "bleeding_by_visit", title)
    assessed = assessments(data, basis.subjects, of_scale)
    results = grades_by_visit(assessed.rows, basis.trts).assign(method="share of the assessed")
    worst = worst_at_visits(assessed.rows)
    records = worst.assign(WEEK=worst["AVISITN"].map("{:g}".format), GRADE=worst["GRADE"].astype("str"))
    words = [f"grade {grade}" for grade in sorted(results["grade"].unique())]
    return Output(
        id="bleeding_by_visit",
        title=title,
        subtitle="Worst grade in the visit's window, as a share of those assessed. Click a segment to list them",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_by_visit_table(results, basis),
        figure=lambda theme, compact: grades_by_visit_figure(
            results, basis.arms, grade_words=words, theme=theme, compact=compact
        ),
        chart=lambda: grade_bars(_by_visit_in_file(results, basis)[0], basis.arms, "Share of those assessed"),
        records=records[["USUBJID", "ARM", "WEEK", "GRADE"]],
        cell_keys=("ARM", "WEEK", "GRADE"),
        headline=title,
        alt=f"{of_scale.label} by visit and arm, stacked shares of those assessed. {_last_visit(results, basis)}",
        footnotes=bleeding_notes(assessed, basis),
        badges=basis.badges(),
        as_file=partial(_by_visit_in_file, results, basis),
        empty=basis.nobody() or ("" if len(results) else "Nobody was assessed at a visit by this cut."),
    )


def _by_visit_table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """A row per visit and grade, a column per arm."""
    heads = {
        "Visit": lambda key: "Baseline" if key[0] == 0 else f"Week {key[0]:g}",
        "Grade": lambda key: str(key[1]),
    }
    ordered = results.sort_values(["time", "grade"], kind="stable")
    return arm_table(ordered, ["time", "grade"], heads, basis.labels, of_cell)


def _by_visit_in_file(results: pd.DataFrame, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without small cells: the grades of a visit add up to those assessed."""
    hidden = hidden_of(results, over={"grade": None}, within=("arm", "time"), counts=("n",))
    kept = suppressed(results, hidden, derived=("estimate",))
    return kept, _by_visit_table(kept, basis)


def _last_visit(results: pd.DataFrame, basis: Basis) -> str:
    if results.empty:
        return ""
    last = results[results["time"] == results["time"].max()]
    none = last[last["grade"] == 0]
    parts = [f"{basis.labels[row.arm]} {row.n} of {row.N}" for row in none.itertuples()]
    return f"Grade 0 at week {last['time'].iloc[0]:g}: {'; '.join(parts)}." if parts else ""


def bleeding_shift_output(data: AnalysisData, view: View, *, scale: str = "") -> Output:
    """Grade at baseline against the worst grade after it: one participant, one cell."""
    basis, of_scale = safety_basis(data, view), chosen_scale(data, scale)
    title = "From baseline to the worst grade"
    if of_scale is None:
        return without_scale(basis, "bleeding_shift", title)
    assessed = assessments(data, basis.subjects, of_scale)
    both = baseline_and_worst(assessed.rows, basis.subjects)
    results = shift_counts(both, basis.sizes).assign(method="count")
    levels = list(results["worst"].unique())
    return Output(
        id="bleeding_shift",
        title=title,
        subtitle="Down: last grade on or before day 1. Across: highest grade after it. Click a count to list them",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_shift_table(results, basis, _occurring(results)),
        figure=lambda theme, compact: matrix_figure(
            results.rename(columns={"baseline": "down", "worst": "across"}),
            basis.arms,
            down=levels,
            across=levels,
            down_title="Baseline",
            across_title="Worst grade after baseline",
            theme=theme,
            compact=compact,
        ),
        records=both[["USUBJID", "ARM"]].assign(
            BASELINE=grade_text(both["BASEGR"]), WORST=grade_text(both["WORST"])
        ),
        cell_keys=("ARM", "BASELINE", "WORST"),
        headline=title,
        alt=f"{of_scale.label}: participants by grade at baseline and worst grade after it, by arm.",
        footnotes=bleeding_notes(assessed, basis),
        badges=basis.badges(),
        empty=basis.nobody(),
        chart=lambda: grid(
            _shift_in_file(results, basis, of_scale)[0],
            basis.arms,
            down=("baseline", "Baseline"),
            across=("worst", "Worst grade after baseline"),
            rows=levels,
            columns=levels,
        ),
        as_file=partial(_shift_in_file, results, basis, of_scale),
    )


def _shift_table(results: pd.DataFrame, basis: Basis, shown: pd.Series) -> pd.DataFrame:
    """A row per baseline and worst grade that occur together, a column per arm."""
    heads = {"Baseline": lambda key: key[0], "Worst after": lambda key: key[1]}
    return arm_table(results[shown], ["baseline", "worst"], heads, basis.labels, share_cell)


def _occurring(results: pd.DataFrame) -> pd.Series:
    return results.groupby(["baseline", "worst"])["n"].transform("sum") > 0


def _shift_in_file(results: pd.DataFrame, basis: Basis, of_scale: Scale) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without small cells: those of each kind of worst grade add up to a count that the rates of bleeding show."""
    kinds = {"0": "none", NOT_ASSESSED: NOT_ASSESSED} | {
        str(grade): "mild" if grade < of_scale.significant else "significant" for grade in of_scale.grades[1:]
    }
    cells = results.assign(
        KIND=results["worst"].map(kinds), CELL=results["baseline"] + " " + results["worst"]
    )
    hidden = hidden_of(cells, over={"CELL": None}, within=("arm", "KIND"), counts=("n",))
    kept = suppressed(results, hidden, derived=())
    return kept, _shift_table(kept, basis, _occurring(results))
