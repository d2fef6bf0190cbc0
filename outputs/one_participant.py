"""One participant: the course on one time axis, the answer for each endpoint, and how the rule read each count."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.trace import trace, verdict
from charts.participants import participant_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.people import STATE_WORDS
from trialdata.definition import TIME_KINDS, Endpoint


class UnknownParticipant(ValueError):
    """No participant of that USUBJID at this cut."""


def subject_of(data: AnalysisData, usubjid: str) -> pd.Series:
    rows = data.adsl[data.adsl["USUBJID"] == usubjid]
    if rows.empty:
        raise UnknownParticipant("No such participant at this cut.")
    return rows.iloc[0]


def participant_course_output(data: AnalysisData, view: View, *, usubjid: str) -> Output:
    """Platelets, bleeding, rescue, treatment and adverse events of one participant on one axis."""
    basis = Basis(data, view)
    subject = subject_of(data, usubjid)
    endpoint = basis.rate_endpoint
    read = trace(data, usubjid, endpoint.paramcd)
    parts = participant_parts(basis, usubjid)
    return Output(
        id="participant_course",
        title="Course",
        subtitle="Platelets, bleeding, rescue, treatment and adverse events. Hollow points were not used by the rule",
        arms=basis.styles,
        results=read.drop(columns=["CLAUSE"], errors="ignore"),
        table=_events_table(parts),
        figure=lambda theme, compact: participant_figure(
            read,
            **parts,
            arm=next((arm for arm in basis.arms if arm.trt == subject["TRT01P"]), basis.arms[0]),
            thresholds=(endpoint.r_count, 50.0, endpoint.cr_count),
            bleeding_label=_bleeding_label(endpoint),
            theme=theme,
            compact=compact,
        ),
        records=pd.DataFrame({"USUBJID": [usubjid]}),
        headline=_headline(data, usubjid, endpoint),
        detail=described(subject, basis),
        alt=f"Course of one participant. {verdict(data, usubjid, endpoint.paramcd)}",
        footnotes=basis.notes(endpoint),
        badges=basis.badges(endpoint),
    )


def participant_parts(basis: Basis, usubjid: str) -> dict[str, pd.DataFrame]:
    """What the course shows beside counts: bleeding, rescue, other medication, doses and adverse events."""
    data = basis.data
    classes = [c.cmclas for c in basis.definition.rescue]
    adcm = _of(data.adcm, usubjid)
    bleeding = _of(data.adqs, usubjid)
    scale = basis.rate_endpoint.bleeding
    return {
        "bleeding": bleeding[bleeding["PARAMCD"] == scale].sort_values("ADY") if scale else bleeding.iloc[:0],
        "rescue": adcm[adcm["CMCLAS"].isin(classes)].sort_values("ASTDY"),
        "medication": adcm[~adcm["CMCLAS"].isin(classes)].sort_values("ASTDY"),
        "exposure": _of(data.adex, usubjid).sort_values(["EXTRT", "ASTDY"]),
        "adverse_events": _of(data.adae, usubjid).sort_values("ASTDY"),
    }


def _of(frame: pd.DataFrame, usubjid: str) -> pd.DataFrame:
    return frame[frame["USUBJID"] == usubjid]


def _bleeding_label(endpoint: Endpoint) -> str:
    return {"WHOBLD": "Bleeding, WHO grade"}.get(endpoint.bleeding, f"Bleeding, {endpoint.bleeding}")


def _headline(data: AnalysisData, usubjid: str, endpoint: Endpoint) -> str:
    answer = data.adrs[(data.adrs["USUBJID"] == usubjid) & (data.adrs["PARAMCD"] == endpoint.paramcd)].iloc[0]
    words = STATE_WORDS.get(answer["AVALC"], answer["AVALC"])
    onset = f" on day {answer['ONSETDY']:.0f}" if pd.notna(answer["ONSETDY"]) else ""
    due = "" if answer["DUEFL"] == "Y" else " so far, not yet due"
    return f"Participant {usubjid}: {words}{onset}{due}"


def described(subject: pd.Series, basis: Basis) -> str:
    sex = {"M": "man", "F": "woman"}.get(str(subject.get("SEX", "")), "")
    age = subject.get("AGE")
    parts = [basis.labels.get(subject["TRT01P"], subject["TRT01P"])]
    parts.append(", ".join(p for p in (sex, f"{age:.0f} years" if pd.notna(age) else "") if p))
    parts.append(
        f"baseline {subject['BASE']:.0f} ×10⁹/L" if pd.notna(subject["BASE"]) else "no baseline count"
    )
    parts.append("left the study" if subject["STATUS"] == "withdrawn" else subject["STATUS"])
    return " · ".join(part for part in parts if part)


def _events_table(parts: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per event of the course in order of its start."""
    rows = [
        *(
            (row.ASTDY, row.AENDY, "Rescue", row.CMDECOD or row.CMCLAS)
            for row in parts["rescue"].itertuples()
        ),
        *(
            (row.ASTDY, row.AENDY, "Medication", row.CMDECOD or row.CMCLAS)
            for row in parts["medication"].itertuples()
        ),
        *((row.ASTDY, row.AENDY, "Treatment", row.EXTRT) for row in parts["exposure"].itertuples()),
        *(
            (row.ASTDY, row.AENDY, "Adverse event", f"{row.AEDECOD}{_grade(row.AETOXGR)}")
            for row in parts["adverse_events"].itertuples()
        ),
        *(
            (row.ADY, float("nan"), "Bleeding", f"grade {row.AVAL:g}")
            for row in parts["bleeding"].itertuples()
            if row.AVAL > 0
        ),
    ]
    table = pd.DataFrame(rows, columns=["From day", "To day", "Kind", "What"])
    table = table.sort_values(["From day", "Kind"], ignore_index=True)
    return table.assign(**{name: table[name].map(wording.day) for name in ("From day", "To day")})


def _grade(grade) -> str:
    return (
        f", grade {grade:g}"
        if isinstance(grade, float) and pd.notna(grade)
        else f", grade {grade}"
        if grade
        else ""
    )


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
