"""One participant's answers: for each endpoint in a sentence, and how the rule of one read each count."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.trace import trace, verdict
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.participant_parts import subject_of
from outputs.people import STATE_WORDS
from trialdata.definition import TIME_KINDS, Endpoint


def participant_trace_output(data: AnalysisData, view: View, *, usubjid: str, paramcd: str = "") -> Output:
    """How the rule of one endpoint read each platelet count of one participant."""
    basis = Basis(data, view)
    endpoint = data.definition.endpoint(paramcd) if paramcd else basis.rate_endpoint
    subject_of(data, usubjid)
    read = trace(data, usubjid, endpoint.paramcd)
    return Output(
        id="participant_trace",
        title="How the rule read each count",
        subtitle=f"{endpoint.label}. The last column is the clause that decided",
        arms=basis.styles,
        results=read,
        table=_folded(read),
        records=pd.DataFrame({"USUBJID": [usubjid]}),
        headline=endpoint.label,
        detail=verdict(data, usubjid, endpoint.paramcd),
        footnotes=basis.notes(endpoint),
        badges=basis.badges(endpoint),
        empty="" if len(read) else "No platelet count at this cut.",
    )


def _folded(read: pd.DataFrame) -> pd.DataFrame:
    """The trace as a table to read: runs of unusable rows with one reason become one row."""
    rows = []
    reason = read["CLAUSE"].str.replace(r"\d+ on day \d+: ", "", regex=True)
    fold = (read["USABLE"] != "Y") & (read["ROLE"].isin(["", "none"]))
    block = ((~fold) | (reason != reason.shift()) | (fold != fold.shift())).cumsum()
    for _, part in read.groupby(block):
        first, last = part.iloc[0], part.iloc[-1]
        several = len(part) > 1
        rows.append(
            {
                "Day": f"{first.ADY:g} to {last.ADY:g}" if several else f"{first.ADY:g}",
                "Platelets": _counts(part),
                "Level": first.LEVEL or "not used",
                "Role": "" if first.ROLE == "none" else first.ROLE.capitalize(),
                "Why": f"{len(part)} counts. {first.CLAUSE}" if several else first.CLAUSE,
            }
        )
    return pd.DataFrame(rows, columns=["Day", "Platelets", "Level", "Role", "Why"])


def _counts(part: pd.DataFrame) -> str:
    shown = part["AVALC"].where(part["AVALC"].str.match(r"[<>]"), part["AVAL"].map("{:g}".format))
    if len(part) == 1:
        return shown.iloc[0]
    return f"{part['AVAL'].min():g} to {part['AVAL'].max():g}"


def participant_verdicts_output(data: AnalysisData, view: View, *, usubjid: str) -> Output:
    """The answer for every endpoint in a plain sentence."""
    basis = Basis(data, view)
    subject_of(data, usubjid)
    rows = [
        (e.paramcd, e.label, answer_of(data, usubjid, e), verdict(data, usubjid, e.paramcd))
        for e in data.definition.endpoints
    ]
    results = pd.DataFrame(rows, columns=["paramcd", "endpoint", "answer", "why"])
    return Output(
        id="participant_verdicts",
        title="Every endpoint",
        subtitle="The answer at this cut and why",
        arms=basis.styles,
        results=results,
        table=results[["endpoint", "answer", "why"]].set_axis(["Endpoint", "Answer", "Why"], axis=1),
        records=pd.DataFrame({"USUBJID": [usubjid]}),
        headline="Every endpoint",
        footnotes=basis.notes(*data.definition.endpoints),
        badges=basis.badges(*data.definition.endpoints),
    )


def answer_of(data: AnalysisData, usubjid: str, endpoint: Endpoint) -> str:
    frame = data.adtte if endpoint.kind in TIME_KINDS else data.adrs
    rows = frame[(frame["USUBJID"] == usubjid) & (frame["PARAMCD"] == endpoint.paramcd)]
    if rows.empty:
        return "no response"
    row = rows.iloc[0]
    if endpoint.kind in TIME_KINDS:
        what = row["EVNTDESC"] if row["CNSR"] == 0 else f"censored: {row['CNSDTDSC']}"
        return f"{row['AVAL']:.0f} days, {what}"
    if endpoint.kind == "time_in_response":
        return wording.percent(row["AVAL"], 0)
    words = STATE_WORDS.get(row["AVALC"], f"grade {row['AVALC']}")
    return words if row["DUEFL"] == "Y" else f"{words} (not yet due)"
