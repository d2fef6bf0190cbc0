"""What is known of one participant: the records of each kind, the days they span, and the participant in a line."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.event_course import days_lasted
from outputs.basis import Basis
from trialdata.bleeding_scales import scales_of


class UnknownParticipant(ValueError):
    """No participant of that USUBJID at this cut."""


def subject_of(data: AnalysisData, usubjid: str) -> pd.Series:
    rows = data.adsl[data.adsl["USUBJID"] == usubjid]
    if rows.empty:
        raise UnknownParticipant("No such participant at this cut.")
    return rows.iloc[0]


def own(frame: pd.DataFrame, usubjid: str) -> pd.DataFrame:
    return frame[frame["USUBJID"] == usubjid]


def participant_parts(basis: Basis, usubjid: str) -> dict:
    """What the course shows beside counts: bleeding by the label of its instrument, rescue, other medication, doses and
    adverse events with their DAYS.
    """
    data = basis.data
    classes = [c.cmclas for c in basis.definition.rescue]
    adcm, events = own(data.adcm, usubjid), own(data.adae, usubjid)
    return {
        "bleeding": _bleeding(basis, usubjid),
        "rescue": adcm[adcm["CMCLAS"].isin(classes)].sort_values("ASTDY"),
        "medication": adcm[~adcm["CMCLAS"].isin(classes)].sort_values("ASTDY"),
        "exposure": own(data.adex, usubjid).sort_values(["EXTRT", "ASTDY"]),
        "adverse_events": events.assign(DAYS=days_lasted(events["ASTDY"], events["AENDY"])).sort_values(
            "ASTDY"
        ),
    }


def _bleeding(basis: Basis, usubjid: str) -> dict[str, pd.DataFrame]:
    """The assessments by each instrument that the participant was asked by, that of the endpoint first.

    With none at all the first instrument of the study stands for "no assessment".
    """
    adqs = basis.data.adqs
    mine = own(adqs, usubjid)
    scales = scales_of(basis.definition, adqs)
    first = basis.rate_endpoint.bleeding
    ordered = sorted(scales, key=lambda code: code != first)
    asked = [code for code in ordered if (mine["PARAMCD"] == code).any()] or ordered[:1]
    found = {scales[code].label: mine[mine["PARAMCD"] == code].sort_values("ADY") for code in asked}
    return found or {"Bleeding": mine.iloc[:0]}


def days_shown(basis: Basis, usubjid: str) -> tuple[float, float]:
    """The first and last day with anything of the participant: one axis for every figure about one."""
    data, parts = basis.data, participant_parts(basis, usubjid)
    bleeding = [frame["ADY"] for frame in parts["bleeding"].values()]
    known = pd.concat([own(data.adlb, usubjid)["ADY"], *bleeding]).astype(float).dropna()
    spans = [
        parts[name][day] for name in ("rescue", "exposure", "adverse_events") for day in ("ASTDY", "AENDY")
    ]
    seen = pd.concat([known, *spans]).astype(float).dropna()
    return min([1.0, *known]), max([28.0, *seen])


def arm_of(subject: pd.Series, basis: Basis):
    return next((arm for arm in basis.arms if arm.trt == subject["TRT01P"]), basis.arms[0])


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
