"""One participant: the course of platelets, bleeding, rescue, treatment and adverse events on one time axis."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.trace import trace, verdict
from charts.participants import participant_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.participant_parts import arm_of, days_shown, described, participant_parts, subject_of
from outputs.people import STATE_WORDS
from trialdata.definition import Endpoint


def participant_course_output(data: AnalysisData, view: View, *, usubjid: str) -> Output:
    """Platelets, bleeding, rescue, treatment and adverse events of one participant on one axis."""
    basis = Basis(data, view)
    subject = subject_of(data, usubjid)
    endpoint = basis.rate_endpoint
    read = trace(data, usubjid, endpoint.paramcd)
    parts, days = participant_parts(basis, usubjid), days_shown(basis, usubjid)
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
            days=days,
            arm=arm_of(subject, basis),
            thresholds=(endpoint.r_count, 50.0, endpoint.cr_count),
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


def _headline(data: AnalysisData, usubjid: str, endpoint: Endpoint) -> str:
    answer = data.adrs[(data.adrs["USUBJID"] == usubjid) & (data.adrs["PARAMCD"] == endpoint.paramcd)].iloc[0]
    words = STATE_WORDS.get(answer["AVALC"], answer["AVALC"])
    onset = f" on day {answer['ONSETDY']:.0f}" if pd.notna(answer["ONSETDY"]) else ""
    due = "" if answer["DUEFL"] == "Y" else " so far, not yet due"
    return f"Participant {usubjid}: {words}{onset}{due}"


def _events_table(parts: dict) -> pd.DataFrame:
    """One row per event of the course in order of its start."""
    rows = [
        *(_spans(parts["rescue"], "Rescue", "CMDECOD", "CMCLAS")),
        *(_spans(parts["medication"], "Medication", "CMDECOD", "CMCLAS")),
        *(_spans(parts["exposure"], "Treatment", "EXTRT", "EXTRT")),
        *(
            (row.ASTDY, row.AENDY, "Adverse event", f"{row.AEDECOD or 'Term missing'}{_grade(row.AETOXGR)}")
            for row in parts["adverse_events"].itertuples()
        ),
        *(
            (row.ADY, float("nan"), label, f"grade {row.AVAL:g}")
            for label, bleeding in parts["bleeding"].items()
            for row in bleeding.itertuples()
            if row.AVAL > 0
        ),
    ]
    table = pd.DataFrame(rows, columns=["From day", "To day", "Kind", "What"])
    table = table.sort_values(["From day", "Kind"], ignore_index=True)
    return table.assign(**{name: table[name].map(wording.day) for name in ("From day", "To day")})


def _spans(rows: pd.DataFrame, kind: str, name: str, otherwise: str) -> list[tuple]:
    names = rows[name].where(rows[name] != "", rows[otherwise])
    return [(*days, kind, what) for *days, what in zip(rows["ASTDY"], rows["AENDY"], names, strict=True)]


def _grade(grade: str) -> str:
    return f", grade {grade}" if grade else ", grade missing"
