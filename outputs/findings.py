"""The data: what was found on reading, and how complete the counts are."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.by_visit import completeness
from charts.data import completeness_figure
from outputs import wording
from outputs.basis import Basis
from outputs.finding_words import counted
from outputs.output import Output, View
from outputs.slide_lines import shares_by_visit
from outputs.standing import visit_table

SEVERITIES = ("error", "warning", "note")
COLUMNS = {
    "severity": "Severity",
    "file": "File",
    "row": "Row",
    "column": "Column",
    "USUBJID": "Participant",
    "found": "Found",
    "expected": "Expected",
    "action": "What to do",
    "check": "Check",
}


def findings_summary(findings: pd.DataFrame) -> tuple[int, str]:
    """How many warnings, and one line that says what else there is."""
    counts = findings["severity"].value_counts()
    notes = int(counts.get("note", 0))
    return int(counts.get("warning", 0)), f"{wording.plural(notes, 'note')}, no errors"


def findings_output(data: AnalysisData, view: View) -> Output:
    """One row per finding of reading and checking: where, what was found, what was expected, what to do."""
    basis = Basis(data, view)
    findings = data.study.findings
    order = findings["severity"].map(SEVERITIES.index)
    ordered = findings.iloc[order.argsort(kind="stable")].reset_index(drop=True)
    counts = findings["severity"].value_counts()
    headline = wording.joined([wording.plural(int(counts.get(s, 0)), s) for s in SEVERITIES[1:]])
    return Output(
        id="findings",
        title="Findings",
        subtitle="Everything the checks found; warnings stay visible, refused data never load",
        arms=basis.styles,
        results=ordered,
        table=findings_table(ordered),
        headline=f"Data: {headline} at this cut",
        detail="No error: data with errors are refused whole, with every reason.",
        footnotes=("Row: spreadsheet row, the header is row 1.",),
        empty="" if len(findings) else "The checks found nothing.",
    )


def findings_table(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings as a reader sees them."""
    table = findings[list(COLUMNS)].rename(columns=COLUMNS)
    return table.assign(Row=[f"{row:.0f}" if pd.notna(row) else "" for row in findings["row"]])


def finding_counts_output(data: AnalysisData, view: View) -> Output:
    """One row per kind of finding: how many, and what is done about it."""
    basis = Basis(data, view)
    findings = data.study.every_finding
    grouped = findings.groupby(["severity", "check", "file"], sort=False)
    counts = grouped.agg(
        n=("found", "size"), expected=("expected", "first"), action=("action", "first")
    ).reset_index()
    counts = counts.sort_values(
        ["severity", "n"], key=lambda c: c.map(SEVERITIES.index) if c.name == "severity" else -c
    )
    return Output(
        id="finding_counts",
        title="Data findings",
        subtitle="What to know before quoting a number",
        arms=basis.styles,
        results=counts.reset_index(drop=True),
        table=pd.DataFrame(
            {
                "Findings": [f"{row.n}" for row in counts.itertuples()],
                "What": [counted(row.check, row.n) for row in counts.itertuples()],
                "Severity": counts["severity"].to_list(),
                "File": counts["file"].to_list(),
                "What is done": counts["action"].to_list(),
            }
        ),
        headline="Data findings",
        empty="" if len(findings) else "The checks found nothing.",
    )


def completeness_output(data: AnalysisData, view: View) -> Output:
    """Percent of participants with a platelet count at each visit, of those due at it, by arm."""
    basis = Basis(data, view)
    records = basis.records_of(data.adlb[data.adlb["PARAMCD"] == "PLAT"])
    results = completeness(basis.subjects, records, data.definition.visits, basis.trts)
    return Output(
        id="completeness",
        title="Completeness by visit",
        subtitle="Participants with a platelet count, of those whose visit window has closed",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=visit_table(results, basis, lambda r: f"{r.n} of {r.N}" if r.N else "nobody due"),
        figure=lambda theme, compact: completeness_figure(results, basis.arms, theme=theme, compact=compact),
        chart=lambda: shares_by_visit(
            results, basis.arms, "With a platelet count, of the due, 95% CI", sizes=basis.sizes
        ),
        headline="Completeness by visit",
        alt="Share of participants with a platelet count by visit and arm; the table holds every number.",
        footnotes=(
            f"{basis.population}. Visits after a participant left the study count as not done.",
            *basis.notes(),
        ),
        badges=basis.badges(),
        empty=basis.nobody() or ("" if results["N"].sum() else "Nobody is due for a visit at this cut."),
    )
