"""An import: what the files hold beside the last data cut, what was changed, what was found.

All but the load report are about files that are no data cut yet, and so not in the catalogue.
"""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analysis.adam import AnalysisData
from outputs import wording
from outputs.basis import Basis
from outputs.findings import SEVERITIES, findings_table
from outputs.output import Output, View
from outputs.queries import of_queries, query_list, sites_of
from trialdata.cut_changes import vanished_subjects
from trialdata.definition import StudyDefinition
from trialdata.findings import LISTED
from trialdata.importing import Prepared
from trialdata.mapping.import_mapping import ImportMapping, TableMapping
from trialdata.schema import DATASETS

Frames = Mapping[str, pd.DataFrame]
SHOWN = 12


def import_counts_output(definition: StudyDefinition, prepared: Prepared, last: Frames | None) -> Output:
    """Participants and rows of each dataset, now and in the last data cut; who is no longer there.

    Results: dataset, n_last, n (rows), vanished (participants of the last cut without a row now).
    """
    rows = [_counted(name, prepared.texts, last) for name in DATASETS]
    results = pd.DataFrame([row for row in rows if row["n"] or row["n_last"]])
    gone = vanished_subjects(last or {}, prepared.texts)
    table = pd.DataFrame(
        {
            "Dataset": [f"{row.dataset}: {DATASETS[row.dataset].row}" for row in results.itertuples()],
            **({"Rows in the last data cut": results["n_last"].map("{:,}".format)} if last else {}),
            "Rows in these files": results["n"].map("{:,}".format),
            **({"Participants gone": results["vanished"].map("{:,}".format)} if last else {}),
        }
    )
    participants = len(prepared.texts.get("adsl", ()))
    return Output(
        id="import_counts",
        title="Rows by dataset",
        subtitle="Fewer rows than before may be a truncated file",
        results=results,
        table=table,
        headline=f"{wording.plural(participants, 'participant')} in these files",
        detail=_detail(definition, prepared, last),
        footnotes=(_who_is_gone(gone),) if gone else (),
    )


def _counted(name: str, texts: Frames, last: Frames | None) -> dict[str, object]:
    now, then = texts.get(name), last[name] if last else None
    before = set() if then is None else set(then["USUBJID"])
    after = set() if now is None else set(now["USUBJID"])
    return {
        "dataset": name,
        "n_last": 0 if then is None else len(then),
        "n": 0 if now is None else len(now),
        "vanished": len(before - after),
    }


def _detail(definition: StudyDefinition, prepared: Prepared, last: Frames | None) -> str:
    adsl = prepared.texts.get("adsl", pd.DataFrame({"TRT01P": []}))
    arms = [f"{arm.label} {int((adsl['TRT01P'] == arm.trt).sum())}" for arm in definition.arms]
    before = f"{len(last['adsl'])} in the last data cut" if last else "this is the first data cut"
    return f"{'; '.join(arms)}. {before[0].upper()}{before[1:]}."


def _who_is_gone(gone: list[str]) -> str:
    listed = ", ".join(gone[:SHOWN]) + (", ..." if len(gone) > SHOWN else "")
    is_are = "is" if len(gone) == 1 else "are"
    return f"{wording.plural(len(gone), 'participant')} of the last data cut {is_are} not in these files: {listed}."


def load_report_output(data: AnalysisData, view: View) -> Output:
    """What the import of this data cut changed, by rule; a cut that is a folder was not imported."""
    output = conversions_output(data.study.report)
    told = "Nothing was converted: this data cut is a folder of files, or its arms are hidden."
    return replace(output, arms=Basis(data, view).styles, empty=told if output.empty else "")


def conversions_output(report: pd.DataFrame) -> Output:
    """The load report: by rule how many values were changed. Results: one row per changed value, as `load_report`."""
    by_rule = report.groupby("rule", sort=False).agg(
        n=("row", "count"), before=("before", "first"), after=("after", "first")
    )
    table = pd.DataFrame(
        {
            "What was done": by_rule.index,
            "Values": by_rule["n"].map(lambda n: f"{n:,}" if n else "–"),
            "For example": [_example(row.n, row.before, row.after) for row in by_rule.itertuples()],
        }
    )
    return Output(
        id="load_report",
        title="Load report",
        subtitle="Every value that was changed on the way in; the file to save has each with its row",
        results=report,
        table=table.reset_index(drop=True),
        headline=f"{wording.plural(int(by_rule['n'].sum()), 'value')} converted",
        empty="" if len(report) else "Every value was taken as it stands.",
    )


def _example(values: int, before: str, after: str) -> str:
    """The first change of a rule; of what was done to a whole file, what came of it."""
    if not values:
        return after
    return f"{before or 'empty'} → {after or 'empty'}"


def import_findings_output(prepared: Prepared) -> Output:
    """What was found in the files, errors first; an error refuses them."""
    findings = prepared.findings
    counts = findings["severity"].value_counts()
    words = [wording.plural(int(counts.get(s, 0)), s) for s in SEVERITIES]
    return Output(
        id="import_findings",
        title="Findings",
        subtitle="Where, what was found, what was expected, what to do",
        results=findings,
        table=findings_table(findings),
        headline=wording.joined(words),
        footnotes=(f"At most {LISTED} rows are listed for a finding; the first row is the header.",),
        empty="" if len(findings) else "The checks found nothing.",
    )


def import_queries_output(prepared: Prepared) -> Output:
    """What to ask each site about the files, refused or not; sites as far as the files say them.

    Results: one row per query, as `queries`.
    """
    adsl = prepared.texts.get("adsl", pd.DataFrame())
    return of_queries(query_list(prepared.every_finding, sites_of(adsl)), output_id="import_queries")


def import_tables_output(mapping: ImportMapping) -> Output:
    """How each table was read: the dataset it became and which of its columns are used. One row per table."""
    rows = [
        (table.table, table.dataset or "not used", len(table.headers), _columns(table))
        for table in mapping.tables
    ]
    names = ["Table", "Dataset", "Columns", "Read as"]
    return Output(
        id="import_tables",
        title="How the tables were read",
        subtitle="Kept as the mapping of this study, and used for the next data cut without asking",
        results=pd.DataFrame(rows, columns=["table", "dataset", "n_columns", "columns"]),
        table=pd.DataFrame(rows, columns=names).astype("str"),
    )


def _columns(table: TableMapping) -> str:
    """ "USUBJID from 受试者编号, PLAT at 第4周 from 血小板_第4周"; columns under their own name are not told."""
    renamed = [f"{name} from {header}" for name, header in table.columns.items() if name != header]
    measured = [f"{each.paramcd} at {each.visit} from {each.header}" for each in table.measured]
    return ", ".join([*renamed, *measured]) or "under their own names"
