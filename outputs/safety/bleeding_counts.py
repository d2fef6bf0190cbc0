"""Bleeding beside the platelet count: grades in each band of counts, and who bleeds against the count."""

from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.bleeding import (
    BANDS,
    assessments,
    counts_by_band,
    discordant,
    discordant_counts,
    with_counts,
)
from charts.safety.matrix import matrix_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.safety.basis import safety_basis
from outputs.safety.bleeding import bleeding_notes, chosen_scale, without_scale
from outputs.safety.counts import arm_table, of_cell
from outputs.slide_grid import grid
from outputs.small_cells import few, hidden_cells, smallest_cell, sums_over, suppressed

PLATELETS = "Platelets, ×10⁹/L"


def bleeding_by_count_output(data: AnalysisData, view: View, *, scale: str = "") -> Output:
    """Assessments by the nearest platelet count and grade."""
    basis, of_scale = safety_basis(data, view), chosen_scale(data, scale)
    title = "Bleeding grade and platelet count"
    if of_scale is None:
        return without_scale(basis, "bleeding_by_count", title)
    assessed = assessments(data, basis.subjects, of_scale)
    near = with_counts(assessed.rows, basis.daily_counts)
    results = counts_by_band(near, basis.trts).assign(method="count of assessments")
    without = len(assessed.rows) - len(near)
    return Output(
        id="bleeding_by_count",
        title=title,
        subtitle="Assessments, each with the nearest platelet count within 3 days, ×10⁹/L",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(results, basis),
        figure=lambda theme, compact: matrix_figure(
            results.rename(columns={"band": "down", "grade": "across"}),
            basis.arms,
            down=BANDS,
            across=list(results["grade"].unique()),
            down_title="Platelets",
            across_title="Bleeding grade",
            what="assessment",
            theme=theme,
            compact=compact,
        ),
        records=near[["USUBJID", "ARM", "BAND", "GRADE"]].astype("str").drop_duplicates(),
        cell_keys=("ARM", "BAND", "GRADE"),
        headline=title,
        alt=f"Assessments of {of_scale.label} by band of platelet count and grade, by arm.",
        footnotes=(
            f"Counts are of assessments, not of participants. Without a count within 3 days: "
            f"{wording.plural(without, 'assessment')}.",
            *bleeding_notes(assessed, basis),
        ),
        badges=basis.badges(),
        chart=lambda: grid(
            _in_file(results, basis)[0],
            basis.arms,
            down=("band", PLATELETS),
            across=("grade", "Bleeding grade"),
            rows=BANDS,
            columns=list(results["grade"].unique()),
        ),
        as_file=partial(_in_file, results, basis),
        empty=basis.nobody() or ("" if len(near) else "No assessment has a platelet count within 3 days."),
    )


def _in_file(results: pd.DataFrame, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without small cells: a few assessments are of few participants.

    Those of a band add up to what is shown, and so may those with any bleeding: the discordant are counted elsewhere.
    """
    if results.empty:
        return results, _table(results, basis)
    bled = results.assign(BLED=results["grade"] != "0")
    elsewhere = sums_over(bled, "grade", "n", within=["arm", "band", "BLED"], total=None)
    sums = sums_over(results, "grade", "n", within=["arm", "band"], total=None)
    sums += [each for each in elsewhere if each.known >= smallest_cell()]
    gone = hidden_cells(results["n"].to_numpy(), sums, smallest=smallest_cell())
    kept = suppressed(results, pd.DataFrame({"n": gone}, index=results.index), derived=())
    return kept, _table(kept, basis)


def _table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    heads = {PLATELETS: lambda key: key[0], "Grade": lambda key: key[1]}
    return arm_table(results, ["band", "grade"], heads, basis.labels, of_cell)


def bleeding_discordant_output(data: AnalysisData, view: View, *, scale: str = "") -> Output:
    """Participants whose bleeding does not agree with the count: any at 50 or more, none below 10."""
    basis, of_scale = safety_basis(data, view), chosen_scale(data, scale)
    title = "Bleeding against the count"
    if of_scale is None:
        return without_scale(basis, "bleeding_discordant", title)
    assessed = assessments(data, basis.subjects, of_scale)
    odd = discordant(with_counts(assessed.rows, basis.daily_counts))
    results = discordant_counts(odd, basis.sizes).assign(method="count")
    return Output(
        id="bleeding_discordant",
        title=title,
        subtitle="Participants with at least one assessment that does not go with its platelet count, ×10⁹/L",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_discordant_table(results, basis),
        records=odd[["USUBJID", "ARM", "KIND"]].drop_duplicates(),
        cell_keys=("KIND", "ARM"),
        headline=title,
        footnotes=("Not an error by itself: look at the participant.", *bleeding_notes(assessed, basis)),
        badges=basis.badges(),
        as_file=partial(_discordant_in_file, results, basis),
        empty=basis.nobody(),
    )


def _discordant_table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    heads = {"Participants with": lambda key: key[0].capitalize()}
    return arm_table(results, ["kind"], heads, basis.labels, _with_assessments)


def _with_assessments(row) -> str:
    more = "" if pd.isna(row.n) else f" ({wording.plural(row.assessments, 'assessment')})"
    return f"{of_cell(row)}{more}"


def _discordant_in_file(results: pd.DataFrame, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without counts of few participants, nor how many assessments they have."""
    hidden = pd.DataFrame({"n": results["n"].map(few)})
    kept = suppressed(results, hidden, derived=("assessments",))
    return kept, _discordant_table(kept, basis)
