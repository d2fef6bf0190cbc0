"""One participant in tables: adverse events, and doses with rescue and other medication."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.event_course import days_lasted
from analysis.safety.events import NO_TERM, NOT_CODED
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.participant_parts import own, subject_of

POOLED_EVENTS = (
    "Relation to treatment and action taken are not shown in the pooled view: they would tell the arm."
)
POOLED_TREATMENT = "The pooled view shows rescue alone: doses and other medication would tell the arm."


def participant_adverse_output(data: AnalysisData, view: View, *, usubjid: str) -> Output:
    """Every adverse event of one participant, treatment-emergent or not, in the order of their starts."""
    subject_of(data, usubjid)
    rows = own(data.adae, usubjid).sort_values(["ASTDY", "AEDECOD"])
    rows = rows.assign(DAYS=days_lasted(rows["ASTDY"], rows["AENDY"]))
    table = pd.DataFrame(
        {
            "Event": rows["AEDECOD"].replace("", NO_TERM),
            "System organ class": rows["AEBODSYS"].replace("", NOT_CODED),
            "Grade": rows["AETOXGR"].replace("", "missing"),
            "From day": rows["ASTDY"].map(wording.day),
            "To day": rows["AENDY"].map(wording.day),
            "Days": rows["DAYS"].map(wording.day),
            "Serious": rows["AESER"].replace({"Y": "yes", "N": "no"}),
            "Related": _worded(rows["AEREL"]),
            "Action": _worded(rows["AEACN"]),
            "Outcome": _worded(rows["AEOUT"]),
            "Emergent": rows["TRTEMFL"].replace({"Y": "yes", "": "no", "N": "no"}),
        }
    )
    return _table_output(
        data, view, usubjid, "participant_adverse", "Adverse events", rows, table.astype("str"),
        "CTCAE grade; without a last day no end is known. Emergent: under treatment", "No adverse event at this cut.",
        POOLED_EVENTS,
    )  # fmt: skip


def participant_treatment_output(data: AnalysisData, view: View, *, usubjid: str) -> Output:
    """Doses of the study drugs, rescue and other medication of one participant."""
    subject_of(data, usubjid)
    doses, other = own(data.adex, usubjid), own(data.adcm, usubjid)
    rescue = other["CMCLAS"].isin([each.cmclas for each in data.definition.rescue])
    given = _courses(doses, "EX", kind="Study drug", name=doses["EXTRT"], why="EXADJ")
    name = other["CMDECOD"].where(other["CMDECOD"] != "", other["CMCLAS"])
    taken = _courses(other, "CM", kind=np.where(rescue, "Rescue", "Medication"), name=name, why="CMINDC")
    rows = pd.concat([given, taken], ignore_index=True).sort_values(["ASTDY", "NAME"], ignore_index=True)
    table = pd.DataFrame(
        {
            "Kind": rows["KIND"],
            "Drug": rows["NAME"],
            "Dose": rows["DOSE"],
            "From day": rows["ASTDY"].map(wording.day),
            "To day": rows["AENDY"].map(wording.day),
            "Reason": _worded(rows["WHY"]),
        }
    )
    return _table_output(
        data, view, usubjid, "participant_treatment", "Treatment", rows, table.astype("str"),
        "Study drugs, rescue and other medication by first day. Reason: of a changed dose, or of the medication",
        "No treatment at this cut.", POOLED_TREATMENT,
    )  # fmt: skip


def _courses(rows: pd.DataFrame, prefix: str, *, kind, name: pd.Series, why: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "KIND": kind,
            "NAME": name,
            "DOSE": _dose(rows, prefix),
            "ASTDY": rows["ASTDY"],
            "AENDY": rows["AENDY"],
            "WHY": _texts(rows, why),
        }
    )


def _dose(rows: pd.DataFrame, prefix: str) -> pd.Series:
    """ "25 mg BID", or nothing where no dose is given."""
    words = [
        f"{dose:g} {unit} {often}".strip() if pd.notna(dose) else ""
        for dose, unit, often in zip(
            rows[f"{prefix}DOSE"], _texts(rows, f"{prefix}DOSU"), _texts(rows, f"{prefix}DOSFRQ"), strict=True
        )
    ]
    return pd.Series(words, rows.index, dtype="str")


def _texts(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows[column] if column in rows else pd.Series("", rows.index, dtype="str")


def _worded(texts: pd.Series) -> pd.Series:
    """Coded words in capitals as they are read: "not related"."""
    return texts.map(lambda text: text.lower() if text.isupper() else text)


def _table_output(
    data: AnalysisData, view: View, usubjid: str, output_id: str, title: str, rows: pd.DataFrame, table: pd.DataFrame,
    subtitle: str, nothing: str, pooled: str,
) -> Output:  # fmt: skip
    basis = Basis(data, view)
    filled = [name for name in table if (table[name] != "").any()]
    notes = (pooled if data.study.view == "pooled" else "", *basis.notes())
    return Output(
        id=output_id,
        title=title,
        subtitle=subtitle,
        arms=basis.styles,
        results=rows.drop(columns="USUBJID", errors="ignore"),
        table=table[filled],
        records=pd.DataFrame({"USUBJID": [usubjid]}),
        headline=title,
        footnotes=tuple(words for words in notes if words),
        badges=basis.badges(),
        empty="" if len(rows) else nothing,
    )
