"""One participant in tables: adverse events, treatment, and laboratory values against their limits of normal."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from charts.participant_laboratory import laboratory_figure
from outputs import wording
from outputs.basis import Basis
from outputs.one_participant import subject_of
from outputs.output import Output, View

POOLED = "The pooled view does not show treatment: it would name the arm."


def participant_adverse_output(data: AnalysisData, view: View, *, usubjid: str) -> Output:
    """Every adverse event of one participant, treatment-emergent or not, in the order of their starts."""
    subject_of(data, usubjid)
    rows = _of(data.adae, usubjid).sort_values(["ASTDY", "AEDECOD"])
    grade = rows["AETOXGR"].replace("", "missing")
    table = pd.DataFrame(
        {
            "Event": rows["AEDECOD"].replace("", "Term missing"),
            "System organ class": rows["AEBODSYS"],
            "Grade": grade,
            "From day": rows["ASTDY"].map(wording.day),
            "To day": rows["AENDY"].map(wording.day),
            "Serious": rows["AESER"],
            "Related": rows["AEREL"],
            "Action": rows["AEACN"],
            "Outcome": rows["AEOUT"],
            "Emergent": rows["TRTEMFL"],
        }
    ).astype("str")
    return _table_output(
        data, view, usubjid, "participant_adverse", "Adverse events", rows, table,
        "CTCAE grade, first and last day; without a last day the event still runs", "No adverse event at this cut.",
    )  # fmt: skip


def participant_treatment_output(data: AnalysisData, view: View, *, usubjid: str) -> Output:
    """Doses of the study drugs, rescue and other medication of one participant."""
    subject_of(data, usubjid)
    doses, other = _of(data.adex, usubjid), _of(data.adcm, usubjid)
    rescue = other["CMCLAS"].isin([each.cmclas for each in data.definition.rescue])
    kind = np.where(rescue, "Rescue", "Medication")
    given = pd.DataFrame(
        {
            "KIND": "Study drug",
            "NAME": doses["EXTRT"],
            "DOSE": _dose(doses, "EX"),
            "ASTDY": doses["ASTDY"],
            "AENDY": doses["AENDY"],
            "WHY": doses.get("EXADJ", pd.Series("", doses.index, dtype="str")),
        }
    )
    taken = pd.DataFrame(
        {
            "KIND": kind,
            "NAME": other["CMDECOD"].where(other["CMDECOD"] != "", other["CMCLAS"]),
            "DOSE": _dose(other, "CM"),
            "ASTDY": other["ASTDY"],
            "AENDY": other["AENDY"],
            "WHY": other.get("CMINDC", pd.Series("", other.index, dtype="str")),
        }
    )
    rows = pd.concat([given, taken], ignore_index=True).sort_values(["ASTDY", "NAME"], ignore_index=True)
    table = pd.DataFrame(
        {
            "Kind": rows["KIND"],
            "Drug": rows["NAME"],
            "Dose": rows["DOSE"],
            "From day": rows["ASTDY"].map(wording.day),
            "To day": rows["AENDY"].map(wording.day),
            "Reason": rows["WHY"],
        }
    ).astype("str")
    note = POOLED if data.study.view == "pooled" else ""
    return _table_output(
        data, view, usubjid, "participant_treatment", "Treatment", rows, table,
        "Study drugs, rescue and other medication in the order of their first days", "No treatment at this cut.", note,
    )  # fmt: skip


def participant_laboratory_output(data: AnalysisData, view: View, *, usubjid: str) -> Output:
    """Every laboratory parameter of one participant but platelets, with its limits of normal."""
    basis = Basis(data, view)
    subject_of(data, usubjid)
    rows = _of(data.adlb, usubjid)
    rows = rows[(rows["PARAMCD"] != "PLAT") & rows["ADY"].notna()].sort_values(["PARAMCD", "ADY"])
    low, high = (rows.get(name, pd.Series(np.nan, rows.index)).astype(float) for name in ("ANRLO", "ANRHI"))
    flag = np.select([rows["AVAL"] > high, rows["AVAL"] < low], ["above", "below"], "")
    results = rows[["PARAMCD", "ADY", "AVAL", "AVALC", "AVALU"]].assign(
        ANRLO=low, ANRHI=high, FLAG=pd.Series(flag, rows.index, dtype="str")
    )
    outside = results[results["FLAG"] != ""]
    table = pd.DataFrame(
        {
            "Parameter": outside["PARAMCD"],
            "Day": outside["ADY"].map(wording.day),
            "Value": [
                f"{value:g} {unit}".strip()
                for value, unit in zip(outside["AVAL"], outside["AVALU"], strict=True)
            ],
            "Limits of normal": [
                f"{a:g} to {b:g}" for a, b in zip(outside["ANRLO"], outside["ANRHI"], strict=True)
            ],
            "Flag": outside["FLAG"],
        }
    ).astype("str")
    drawn = results[results["AVAL"].notna()]
    parameters = drawn["PARAMCD"].nunique()
    return Output(
        id="participant_laboratory",
        title="Laboratory",
        subtitle="Values by study day; shaded: within the limits of normal. Table: values outside them",
        arms=basis.styles,
        results=results,
        table=table,
        figure=(lambda theme, compact: laboratory_figure(drawn, theme=theme, compact=compact))
        if parameters
        else None,
        records=pd.DataFrame({"USUBJID": [usubjid]}),
        headline="Laboratory",
        alt=f"Laboratory values of one participant by study day: {wording.plural(parameters, 'parameter')}, "
        f"{wording.plural(len(outside), 'value')} outside the limits of normal.",
        footnotes=basis.notes(),
        badges=basis.badges(),
        empty="" if parameters else "No other laboratory value at this cut.",
    )


def _of(frame: pd.DataFrame, usubjid: str) -> pd.DataFrame:
    return frame[frame["USUBJID"] == usubjid]


def _dose(rows: pd.DataFrame, prefix: str) -> pd.Series:
    """ "25 mg BID", or nothing where no dose is given."""
    unit, frequency = (
        rows.get(f"{prefix}{name}", pd.Series("", rows.index, dtype="str")) for name in ("DOSU", "DOSFRQ")
    )
    words = [
        f"{dose:g} {u} {f}".strip() if pd.notna(dose) else ""
        for dose, u, f in zip(rows[f"{prefix}DOSE"], unit, frequency, strict=True)
    ]
    return pd.Series(words, rows.index, dtype="str")


def _table_output(
    data: AnalysisData, view: View, usubjid: str, output_id: str, title: str, rows: pd.DataFrame, table: pd.DataFrame,
    subtitle: str, nothing: str, note: str = "",
) -> Output:  # fmt: skip
    basis = Basis(data, view)
    filled = [name for name in table if (table[name] != "").any()]
    return Output(
        id=output_id,
        title=title,
        subtitle=subtitle,
        arms=basis.styles,
        results=rows.drop(columns="USUBJID", errors="ignore"),
        table=table[filled],
        records=pd.DataFrame({"USUBJID": [usubjid]}),
        headline=title,
        footnotes=tuple(words for words in (note, *basis.notes()) if words),
        badges=basis.badges(),
        empty="" if len(rows) else nothing,
    )
