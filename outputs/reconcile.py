"""A statistician's own answers beside ours: how many agree, what it does to the rates, and every disagreement.

Not in the catalogue: both need a file that is read, compared and forgotten.
"""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.populations import in_filters
from analysis.reconcile import (
    AGREE,
    DIFFER,
    ONLY_OURS,
    ONLY_THEIRS,
    RESULTS,
    UNKNOWN,
    all_answers,
    reconcile,
    reconciled_counts,
    reconciled_rates,
)
from analysis.trace import verdict
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from trialdata.reconciliation import Submitted

COLUMNS = ["USUBJID", "PARAMCD", "RESULT", "OURS", "THEIRS", "DUEFL", "ROW", "NOTE", "CLAUSE"]
CONVENTIONS = (
    "Only ours: in the analysis set here, without a row there. A participant whose answer is pending or missing has a "
    "row here, in many files none.",
    "Rates: over our due, who is not in the file counts as no response.",
)


def compare_submitted(data: AnalysisData, view: View, submitted: Submitted) -> pd.DataFrame:
    """Every answer of the file and of the analysis set, side by side; a filter keeps its participants only."""
    basis = Basis(data, view)
    outside = data.adsl.loc[~in_filters(data.adsl, data.definition, view.filters), "USUBJID"]
    ours, theirs = all_answers(data.adrs, data.adtte), submitted.frame
    return reconcile(
        ours[~ours["USUBJID"].isin(outside)],
        theirs[~theirs["USUBJID"].isin(outside)],
        data.definition,
        known=set(data.adsl["USUBJID"]),
        expected=set(basis.subjects["USUBJID"]),
    )


def reconcile_summary_output(data: AnalysisData, view: View, *, submitted: Submitted) -> Output:
    """Per parameter how many answers agree, differ or stand on one side only, and the rate by both."""
    basis = Basis(data, view)
    compared = compare_submitted(data, view, submitted)
    counts = reconciled_counts(compared, data.definition)
    arm_of = basis.subjects.set_index("USUBJID")["ARM"]
    rates = reconciled_rates(compared, arm_of, basis.trts, data.definition)
    total = counts[["compared", *RESULTS]].sum()
    return Output(
        id="reconcile_summary",
        title="Agreement by endpoint",
        subtitle="Rates: responders among our due, ours against theirs",
        population=basis.population,
        arms=basis.styles,
        results=_summary_results(counts, rates),
        table=_summary_table(basis, counts, rates),
        headline=_headline(total),
        detail=_detail(total, submitted),
        footnotes=(*submitted.notes, *CONVENTIONS, *basis.notes()),
        badges=basis.badges(),
        empty="" if len(compared) else "Nothing to compare: nobody of the file matches the filters.",
    )


def reconcile_output(
    data: AnalysisData, view: View, *, submitted: Submitted, most: int | None = None
) -> Output:
    """One row per answer that does not agree: ours, theirs, and the clause that decided ours (of `most` rows)."""
    basis = Basis(data, view)
    compared = compare_submitted(data, view, submitted)
    rows = compared[compared["RESULT"] != AGREE].reset_index(drop=True)
    ours = rows["RESULT"].isin([DIFFER, ONLY_OURS, ONLY_THEIRS])
    clauses = _clauses(data, rows[ours].head(most) if most else rows[ours]).reindex(rows.index)
    clauses = clauses.mask(~ours, "Not a participant of this cut.").fillna("")
    rows = rows.assign(CLAUSE=clauses.astype("str"), DUEFL=rows["DUEFL"].fillna(""))
    rows["ROW"] = rows["ROW"].astype("Int64")
    known = rows[ours].merge(data.adsl[["USUBJID", "TRT01P"]], on="USUBJID").rename(columns={"TRT01P": "ARM"})
    labels = {endpoint.paramcd: endpoint.label for endpoint in data.definition.endpoints}
    return Output(
        id="reconcile",
        title="Where the answers disagree",
        subtitle="One row per participant and endpoint. Select one for the trace that explains ours",
        population=basis.population,
        arms=basis.styles,
        results=rows[COLUMNS],
        table=pd.DataFrame(
            {
                "Participant": rows["USUBJID"],
                "Endpoint": rows["PARAMCD"].map(labels),
                "Result": rows["RESULT"],
                "Ours": rows["OURS"],
                "Theirs": rows["THEIRS"],
                "Why ours": rows["CLAUSE"],
                "Note": rows["NOTE"],
            }
        ),
        records=known[["USUBJID", "ARM", "PARAMCD", "RESULT", "OURS", "THEIRS"]],
        cell_keys=("ARM", "PARAMCD", "RESULT"),
        headline=f"{wording.plural(len(rows), 'answer')} that do not agree",
        footnotes=(*_explained(int(ours.sum()), most), *basis.notes()),
        badges=basis.badges(),
        empty="" if len(rows) else "Every answer agrees.",
    )


def _clauses(data: AnalysisData, rows: pd.DataFrame) -> pd.Series:
    """What decided our answer of each row; a fraction of a second each."""
    pairs = zip(rows["USUBJID"], rows["PARAMCD"], strict=True)
    return pd.Series([verdict(data, *pair) for pair in pairs], rows.index, dtype="str")


def _explained(rows: int, most: int | None) -> tuple[str, ...]:
    if most is None or rows <= most:
        return ()
    return (
        f"What decided ours stands beside the first {most} of {rows} rows; select any other for its own.",
    )


def _summary_results(counts: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """Long: a row per parameter and result, then per parameter, arm and side."""
    rows = [
        {
            "paramcd": row["paramcd"],
            "arm": "",
            "measure": result,
            "n": row[result],
            "method": "count",
            "note": "a count",
        }
        for row in counts.to_dict("records")
        for result in ("compared", *RESULTS)
    ]
    for row in rates.itertuples():
        own = {"paramcd": row.paramcd, "arm": row.arm, "N": row.N, "method": "share of our due"}
        note = "" if row.N else "nobody is due"
        ours = {"measure": "rate, ours", "n": row.n, "estimate": row.estimate, "note": note}
        theirs = {"measure": "rate, theirs", "n": row.n_theirs, "estimate": row.estimate_theirs, "note": note}
        rows += [own | ours, own | theirs]
    columns = ["paramcd", "arm", "measure", "n", "N", "estimate", "method", "note"]
    return pd.DataFrame(rows, columns=columns).astype({"n": "Int64", "N": "Int64"})


def _summary_table(basis: Basis, counts: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    labels = {endpoint.paramcd: endpoint.label for endpoint in basis.definition.endpoints}
    known = {(row.paramcd, row.arm): row for row in rates.itertuples()}
    rows = []
    for row in counts.to_dict("records"):
        cells = {"Endpoint": labels[row["paramcd"]], "Compared": str(row["compared"])}
        cells |= {result.capitalize(): str(row[result]) for result in RESULTS}
        for arm in basis.trts:
            rate = known.get((row["paramcd"], arm))
            cells[basis.labels[arm]] = "" if rate is None else _both_rates(rate)
        rows.append(cells)
    return pd.DataFrame(rows)


def _both_rates(rate) -> str:
    """ "48 of 60, theirs 47"."""
    if not rate.N:
        return "nobody due"
    same = "" if rate.n == rate.n_theirs else f", theirs {rate.n_theirs}"
    return f"{rate.n} of {rate.N}{same}"


def _headline(total: pd.Series) -> str:
    if not total["compared"]:
        return "No answer could be compared"
    if total["compared"] == total[AGREE]:
        return f"All {wording.plural(int(total['compared']), 'compared answer')} agree"
    return f"{total[AGREE]} of {wording.plural(int(total['compared']), 'compared answer')} agree"


def _detail(total: pd.Series, submitted: Submitted) -> str:
    words = {
        DIFFER: "differs" if total[DIFFER] == 1 else "differ",
        ONLY_OURS: "only ours",
        ONLY_THEIRS: "only theirs",
        UNKNOWN: "of participants this cut does not have",
    }
    parts = [f"{total[result]} {said}" for result, said in words.items() if total[result]]
    return (
        f"{submitted.file}: {len(submitted.frame)} answers. {wording.joined(parts).capitalize()}".rstrip(". ")
        + "."
    )
