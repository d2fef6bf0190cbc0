"""Since an earlier data cut: how many records are new, corrected, completed or gone, and which."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.cut_steps import CutComparison
from analysis.populations import in_filters
from outputs import wording
from outputs.basis import Basis
from outputs.cut_words import DATASET_WORDS, without_earlier
from outputs.output import Output, View
from trialdata.cut_changes import COMPLETED, CORRECTED, KINDS, NEW, VANISHED

BY = ("dataset", "site")
SHOWN = {"": (CORRECTED, VANISHED), "completed": (COMPLETED,), "new": (NEW,), "all": KINDS}
LISTING = ["DATASET", "USUBJID", "SITEID", "PARAMCD", "DAY", "WHAT", "COLUMN", "BEFORE", "AFTER"]
EXPLAINED = (
    "Corrected: a value is another one. Completed: an empty cell was filled, or an ongoing status came to its end. "
    "Vanished: the earlier cut had the record, this one has not. Compared are the columns that analyses read; the day "
    "of the cut and dates are left out."
)


def record_changes_output(
    data: AnalysisData, view: View, *, since: CutComparison | None = None, by: str = "dataset"
) -> Output:
    """Records new, corrected, completed and vanished since the earlier cut, by dataset or by site."""
    basis = Basis(data, view)
    if by not in BY:
        raise ValueError(f"by is {by!r}; expected one of {BY}")
    if since is None or basis.subjects.empty:
        return _nothing("record_changes", "Records changed", basis)
    rows = _rows(basis, since)
    key = {"dataset": "DATASET", "site": "SITEID"}[by]
    records = rows.drop_duplicates("RECORD")
    results = _counts(since, basis, records, key)
    total = records["WHAT"].value_counts()
    return Output(
        id="record_changes",
        title="Records changed",
        subtitle="One record: a participant, a count, an assessment, a medication, an event, a dosing",
        population=basis.population,
        results=results,
        table=_table(results, by),
        records=_people(records),
        cell_keys=("DATASET", "WHAT") if by == "dataset" else ("SITE", "WHAT"),
        headline=", ".join(f"{wording.fixed(total.get(kind, 0))} {kind}" for kind in KINDS),
        footnotes=(EXPLAINED, "Records of everybody, in the analysis set or not.", *basis.notes()),
        badges=basis.badges(),
        empty="" if len(records) else "No record changed between the cuts.",
    )


def changed_records_output(
    data: AnalysisData, view: View, *, since: CutComparison | None = None, kind: str = ""
) -> Output:
    """One row per changed record, of a corrected one per column: before and after.

    `kind`: "" corrected and vanished, "completed", "new", "all".
    """
    basis = Basis(data, view)
    if kind not in SHOWN:
        raise ValueError(f"kind is {kind!r}; expected one of {tuple(SHOWN)}")
    words = {"": "corrected and vanished", "completed": "completed", "new": "new", "all": "changed"}[kind]
    title = f"Records {words}"
    if since is None or basis.subjects.empty:
        return _nothing("changed_records", title, basis)
    rows = _rows(basis, since)
    rows = rows[rows["WHAT"].isin(SHOWN[kind])].reset_index(drop=True)
    return Output(
        id="changed_records",
        title=title,
        subtitle="One row per record and changed column",
        population=basis.population,
        results=rows[LISTING],
        table=pd.DataFrame(
            {
                "Participant": rows["USUBJID"],
                "Site": _site_words(rows["SITEID"]),
                "Dataset": rows["DATASET"].str.upper(),
                "About": rows["PARAMCD"],
                "Day": rows["DAY"].map(wording.day),
                "What": rows["WHAT"],
                "Column": rows["COLUMN"],
                "Before": rows["BEFORE"],
                "After": rows["AFTER"],
            }
        ),
        headline=f"{wording.plural(rows['RECORD'].nunique(), 'record')} {words}",
        footnotes=(EXPLAINED, *basis.notes()),
        badges=basis.badges(),
        empty="" if len(rows) else f"No record is {words.replace(' and ', ' or ')}.",
    )


def _nothing(output_id: str, title: str, basis: Basis) -> Output:
    return Output(
        id=output_id,
        title=title,
        population=basis.population,
        footnotes=basis.notes(),
        badges=basis.badges(),
        empty=basis.nobody() or without_earlier(basis),
    )


def _rows(basis: Basis, since: CutComparison) -> pd.DataFrame:
    """The changed records of who passes the filters at this cut, or did at the earlier one and is gone."""
    rows = since.records.rows
    if not basis.view.filters:
        return rows
    now, then = since.data.adsl, since.earlier.adsl
    kept = set(now.loc[in_filters(now, basis.definition, basis.view.filters), "USUBJID"])
    gone = then[~then["USUBJID"].isin(now["USUBJID"])]
    kept |= set(gone.loc[in_filters(gone, basis.definition, basis.view.filters), "USUBJID"])
    return rows[rows["USUBJID"].isin(kept)]


def _counts(since: CutComparison, basis: Basis, records: pd.DataFrame, key: str) -> pd.DataFrame:
    """One row per dataset or site and kind: `n` records of `participants`."""
    names = list(DATASET_WORDS)
    if key == "SITEID":
        sites = {*since.earlier.adsl["SITEID"], *since.data.adsl["SITEID"]}
        names = sorted(sites)
    rows = [
        (name, kind, len(own), own["USUBJID"].nunique(), "count")
        for name in names
        for kind in KINDS
        for own in [records[(records[key] == name) & (records["WHAT"] == kind)]]
    ]
    label = {"DATASET": "dataset", "SITEID": "site"}[key]
    return pd.DataFrame(rows, columns=[label, "kind", "n", "participants", "method"])


def _table(results: pd.DataFrame, by: str) -> pd.DataFrame:
    wide = results.pivot(index=by, columns="kind", values="n").loc[results[by].unique(), list(KINDS)]
    wide.index = [DATASET_WORDS.get(name, name) or "no site" for name in wide.index]
    wide = wide.rename(columns=str.capitalize).astype(str)
    wide.insert(0, by.capitalize(), wide.index)
    return wide.reset_index(drop=True).rename_axis(columns=None)


def _site_words(site: pd.Series) -> pd.Series:
    """ "site 01": a screen that took it for a number would lose its zero."""
    return ("site " + site).where(site != "", "no site").astype("str")


def _people(records: pd.DataFrame) -> pd.DataFrame:
    """One row per participant, dataset and kind."""
    listed = records.drop_duplicates(["USUBJID", "DATASET", "WHAT"])
    return pd.DataFrame(
        {
            "USUBJID": listed["USUBJID"],
            "DATASET": listed["DATASET"].str.upper(),
            "SITE": _site_words(listed["SITEID"]),
            "WHAT": listed["WHAT"],
        }
    ).reset_index(drop=True)
