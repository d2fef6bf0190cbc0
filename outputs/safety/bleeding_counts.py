"""Bleeding beside the platelet count: grades in each band of counts, and who bleeds against the count."""

from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.bleeding import BANDS, assessments, discordant, with_counts
from charts.safety.matrix import matrix_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.safety.basis import safety_basis
from outputs.safety.bleeding import bleeding_notes, chosen_scale, without_scale
from outputs.safety.counts import masked
from outputs.small_cells import few, hidden_cells, smallest_cell, sums_over, suppressed

PLATELETS = "Platelets, ×10⁹/L"
KINDS = ("bleeding at 50 or more", "no bleeding below 10")


def bleeding_by_count_output(data: AnalysisData, view: View, *, scale: str = "") -> Output:
    """Assessments by the nearest platelet count and grade."""
    basis, of_scale = safety_basis(data, view), chosen_scale(data, scale)
    title = "Bleeding grade and platelet count"
    if of_scale is None:
        return without_scale(basis, "bleeding_by_count", title)
    assessed = assessments(data, basis.subjects, of_scale)
    near = with_counts(assessed.rows, basis.daily_counts)
    records = near.assign(GRADE=near["GRADE"].astype("str"))
    grades = sorted(records["GRADE"].unique(), key=int)
    cells = pd.MultiIndex.from_product([basis.trts, BANDS, grades], names=["arm", "band", "grade"])
    n = (
        records.groupby(["ARM", "BAND", "GRADE"])
        .size()
        .reindex(cells)
        .fillna(0)
        .astype(int)
        .rename("n")
        .reset_index()
    )
    results = n.assign(N=n.groupby(["arm", "band"])["n"].transform("sum"))
    without = len(assessed.rows) - len(near)
    return Output(
        id="bleeding_by_count",
        title=title,
        subtitle="Assessments, each with the nearest platelet count within 3 days, ×10⁹/L",
        population=basis.population,
        arms=basis.styles,
        results=results.assign(method="count of assessments"),
        table=_table(results, basis),
        figure=lambda theme, compact: matrix_figure(
            results.rename(columns={"band": "down", "grade": "across"}),
            basis.arms,
            down=BANDS,
            across=grades,
            down_title="Platelets",
            across_title="Bleeding grade",
            what="assessment",
            theme=theme,
            compact=compact,
        ),
        records=records[["USUBJID", "ARM", "BAND", "GRADE"]].drop_duplicates(),
        cell_keys=("ARM", "BAND", "GRADE"),
        headline=title,
        alt=f"Assessments of {of_scale.label} by band of platelet count and grade, by arm.",
        footnotes=(
            f"Counts are of assessments, not of participants. Without a count within 3 days: "
            f"{wording.plural(without, 'assessment')}.",
            *bleeding_notes(assessed, basis),
        ),
        badges=basis.badges(),
        as_file=partial(_in_file, results.assign(method="count of assessments"), basis),
        empty=basis.nobody() or ("" if len(near) else "No assessment has a platelet count within 3 days."),
    )


def _in_file(results: pd.DataFrame, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without small cells: a few assessments are of few participants.

    Those of a band add up to what is shown, and so may those with any bleeding: the discordant are counted elsewhere.
    """
    table = _table(results, basis)
    if results.empty:
        return results, table
    bled = results.assign(BLED=results["grade"] != "0")
    elsewhere = sums_over(bled, "grade", "n", within=["arm", "band", "BLED"], total=None)
    sums = sums_over(results, "grade", "n", within=["arm", "band"], total=None)
    sums += [each for each in elsewhere if each.known >= smallest_cell()]
    gone = hidden_cells(results["n"].to_numpy(), sums, smallest=smallest_cell())
    hidden = pd.DataFrame({"n": gone}, index=results.index)
    left_out = {(row.band, row.grade, basis.labels[row.arm]) for row in results[hidden["n"]].itertuples()}
    kept = suppressed(results, hidden, derived=())
    return kept, masked(table, left_out, [PLATELETS, "Grade"], list(basis.labels.values()))


def _table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    rows = [
        {
            PLATELETS: band,
            "Grade": grade,
            **{basis.labels[row.arm]: f"{row.n} of {row.N}" for row in own.itertuples()},
        }
        for (band, grade), own in results.groupby(["band", "grade"], sort=False)
    ]
    return pd.DataFrame(rows)


def bleeding_discordant_output(data: AnalysisData, view: View, *, scale: str = "") -> Output:
    """Participants whose bleeding does not agree with the count: any at 50 or more, none below 10."""
    basis, of_scale = safety_basis(data, view), chosen_scale(data, scale)
    title = "Bleeding against the count"
    if of_scale is None:
        return without_scale(basis, "bleeding_discordant", title)
    assessed = assessments(data, basis.subjects, of_scale)
    odd = discordant(with_counts(assessed.rows, basis.daily_counts))
    cells = pd.MultiIndex.from_product([KINDS, basis.trts], names=["kind", "arm"])
    grouped = odd.groupby(["KIND", "ARM"])["USUBJID"]
    counted = pd.DataFrame(
        {
            "n": grouped.nunique().reindex(cells).fillna(0).astype(int),
            "assessments": grouped.size().reindex(cells).fillna(0).astype(int),
        }
    ).reset_index()
    results = counted.assign(N=counted["arm"].map(basis.sizes).astype(int), method="count")
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
    rows = [
        {
            "Participants with": kind.capitalize(),
            **{
                basis.labels[row.arm]: f"{row.n} of {row.N} ({wording.plural(row.assessments, 'assessment')})"
                for row in own.itertuples()
            },
        }
        for kind, own in results.groupby("kind", sort=False)
    ]
    return pd.DataFrame(rows)


def _discordant_in_file(results: pd.DataFrame, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without counts of few participants, nor how many assessments they have."""
    hidden = pd.DataFrame({"n": results["n"].map(few)})
    left_out = {(row.kind.capitalize(), basis.labels[row.arm]) for row in results[hidden["n"]].itertuples()}
    table = _discordant_table(results, basis)
    kept = suppressed(results, hidden, derived=("assessments",))
    return kept, masked(table, left_out, ["Participants with"], list(basis.labels.values()))
