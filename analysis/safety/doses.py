"""Doses given: rows of adex with their days, doses and amounts, and the totals against the plan.

Rule: docs/reference/safety.md, section 5. Days are study days from day 1, so that differences are spans.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from analysis.adam import AnalysisData
from analysis.endpoints.days import calendar, is_day
from trialdata.definition import PlannedDose, StudyDefinition
from trialdata.dosing import Frequency, dose_unit, dosing_of
from trialdata.schema import empty_column

NO_DOSE, NO_UNIT, OTHER_UNIT, NO_FREQUENCY, NEGATIVE = (
    "no dose",
    "no unit",
    "other unit",
    "frequency",
    "negative",
)
WHOLE = 1 - 1e-9  # a share that is 1 on paper may be computed a little below it


def dose_rows(data: AnalysisData, subjects: pd.DataFrame) -> pd.DataFrame:
    """One row per row of adex of `subjects` (ADSL rows with ARM and FUDY) with a day from day 1 to FUDY.

    USUBJID, ARM, DRUG, START and END (days, within those followed), ONCE, EVERY (days from dose to dose), GIVEN
    (False: dose 0, the drug was left out), DOSE, UNIT, RATE (doses a day), DOSES (administrations), AMOUNT (in
    AMOUNTU), WHY (why the amount is unknown, "" where it is known), REASON (EXADJ), FUDY. In order of day within
    participant and drug.
    """
    adex = data.adex.merge(subjects[["USUBJID", "ARM", "FUDY"]], on="USUBJID")
    names = _drug_names(adex["EXTRT"], data.definition)
    rows = pd.DataFrame(
        {
            **{name: adex[name] for name in ("USUBJID", "ARM", "FUDY")},
            "DRUG": adex["EXTRT"].str.strip().str.casefold().map(names).astype("str"),
            **read_dosing(adex, "EX"),
            "DOSE": adex["EXDOSE"],
            "REASON": adex.get("EXADJ", empty_column("text", adex.index)).str.strip(),
        }
    )
    rows = rows[rows["END"] >= rows["START"]].sort_values(["USUBJID", "DRUG", "START", "END"], kind="stable")
    rows = rows.assign(GIVEN=rows["DOSE"] != 0, RATE=rows["TIMES"] / rows["EVERY"])
    rows = rows.assign(AMOUNTU=_units(rows, data.definition))
    rows = rows.assign(WHY=_why_unknown(rows))
    return rows.assign(AMOUNT=(rows["DOSE"] * rows["DOSES"]).where(rows["WHY"] == "")).reset_index(drop=True)


def read_dosing(frame: pd.DataFrame, prefix: str, open_end: pd.Series | None = None) -> dict[str, pd.Series]:
    """START, END, ONCE, EVERY, TIMES, DOSES and UNIT of rows of adex ("EX") or adcm ("CM") that have FUDY.

    Without a last day a row runs to FUDY, or to `open_end`; one that ends before it began ends on its first day; only
    the days from day 1 to FUDY count.
    """
    often = frame.get(f"{prefix}DOSFRQ", empty_column("text", frame.index))
    stop, start = frame["AENDY"], frame["ASTDY"]
    known = is_day(stop.to_numpy(float))
    stop = stop.where(known, frame["FUDY"] if open_end is None else open_end).clip(lower=start)
    said = _read_each(frame[f"{prefix}DOSU"], often, known & (stop <= start))
    frequency = pd.Series([each[1] for each in said], frame.index, dtype=object)
    once = frequency.map(lambda f: f is not None and f.once).astype(bool)
    every = frequency.map(lambda f: 1 if f is None else f.every).astype(int)
    times = frequency.map(lambda f: np.nan if f is None else f.times).astype(float)
    stop = stop.where(~once, start)
    first, last = start.clip(lower=1), np.fmin(stop, frame["FUDY"].fillna(0))
    return {
        "START": first,
        "END": last,
        "ONCE": once,
        "EVERY": every,
        "TIMES": times,
        "DOSES": times * days_with_a_dose(start, first, last, every),
        "UNIT": pd.Series([each[0] for each in said], frame.index, dtype="str"),
    }


def days_with_a_dose(start: pd.Series, first: pd.Series, last: pd.Series, every: pd.Series) -> pd.Series:
    """How many of the days `start`, `every` days later and so on lie from `first` to `last`."""
    origin, low, high = (pd.Series(calendar(day.to_numpy(float)), day.index) for day in (start, first, last))
    until, before = np.floor((high - origin) / every), np.ceil((low - origin) / every)
    return (until - before + 1).clip(lower=0)


def dose_totals(rows: pd.DataFrame, subjects: pd.DataFrame, definition: StudyDefinition) -> pd.DataFrame:
    """One row per participant and drug, planned for the arm or given: doses and amount against the plan up to FUDY.

    USUBJID, ARM, DRUG, TREATED, DOSES (administrations; NaN where a frequency is unknown), AMOUNT (NaN where a dose is
    counted in no amount), UNCOUNTED (such rows), PLANNED (amount; NaN without a plan), RELATIVE (AMOUNT / PLANNED),
    FIRST and LAST (days with the drug).
    """
    given = rows[rows["GIVEN"]]
    keys = ["USUBJID", "DRUG"]
    uncounted = given["WHY"] != ""
    totals = (
        given.assign(UNCOUNTED=uncounted)
        .groupby(keys)
        .agg(
            DOSES=("DOSES", lambda doses: doses.sum(skipna=False)),
            AMOUNT=("AMOUNT", lambda amounts: amounts.sum(skipna=False)),
            UNCOUNTED=("UNCOUNTED", "sum"),
            FIRST=("START", "min"),
            LAST=("END", "max"),
        )
    )
    planned = planned_amounts(subjects, definition)
    every = planned.merge(totals.reset_index(), on=keys, how="outer")
    every["ARM"] = every["USUBJID"].map(subjects.set_index("USUBJID")["ARM"])
    treated = every["FIRST"].notna()
    every = every.assign(TREATED=treated, UNCOUNTED=every["UNCOUNTED"].fillna(0).astype(int))
    every[["DOSES", "AMOUNT"]] = every[["DOSES", "AMOUNT"]].where(treated, 0.0)
    relative = every["AMOUNT"] / every["PLANNED"].where(every["PLANNED"] > 0)
    return every.assign(RELATIVE=relative).sort_values(keys, ignore_index=True)


def planned_amounts(subjects: pd.DataFrame, definition: StudyDefinition) -> pd.DataFrame:
    """One row per participant and drug planned for the arm: PLANNED, the amount due up to FUDY."""
    parts = [
        pd.DataFrame(
            {
                "USUBJID": own["USUBJID"],
                "DRUG": plan.drug,
                "PLANNED": plan.dose * planned_doses(plan, own["FUDY"]),
            }
        )
        for plan in definition.doses
        for own in [subjects[subjects["ARM"] == plan.trt]]
    ]
    columns = {"USUBJID": "str", "DRUG": "str", "PLANNED": "float64"}
    return (
        pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(columns)).astype(columns)
    )


def planned_doses(plan: PlannedDose, fudy: pd.Series) -> pd.Series:
    """Administrations due up to each FUDY."""
    followed = fudy.fillna(0).clip(lower=0)
    if plan.doses is None:
        return plan.per_day * followed.clip(upper=plan.last_day)
    due = np.ceil(followed / plan.every_days) if plan.every_days else followed.where(followed < 1, plan.doses)
    return due.clip(upper=plan.doses)


def drugs_of(rows: pd.DataFrame, definition: StudyDefinition, arms: Sequence[str]) -> list[tuple[str, str]]:
    """(arm, drug) of each drug planned for an arm or given in it: the planned ones first, then by name."""
    planned = {arm: [plan.drug for plan in definition.doses if plan.trt == arm] for arm in arms}
    given = rows[rows["GIVEN"]].groupby("ARM")["DRUG"].unique()
    return [
        (arm, drug) for arm in arms for drug in dict.fromkeys([*planned[arm], *sorted(given.get(arm, []))])
    ]


def _drug_names(extrt: pd.Series, definition: StudyDefinition) -> dict[str, str]:
    """The name of each drug by EXTRT in small letters: the plan's spelling, else the commonest one."""
    spelled = extrt.str.strip().value_counts()
    found = {name.casefold(): name for name in sorted(spelled.index, key=lambda name: (spelled[name], name))}
    return found | {plan.drug.strip().casefold(): plan.drug for plan in definition.doses}


def _read_each(unit: pd.Series, often: pd.Series, one_day: pd.Series) -> list[tuple[str, Frequency | None]]:
    """Unit and frequency of each row, each distinct combination read once."""
    read = cache(lambda unit, often, one_day: dosing_of(unit, often, one_day=one_day))
    return [read(*each) for each in zip(unit, often, one_day, strict=True)]


def _units(rows: pd.DataFrame, definition: StudyDefinition) -> pd.Series:
    """The unit in which a row's amount counts: the plan's for arm and drug, else for the drug, else of most rows."""
    named = rows[rows["UNIT"] != ""]
    common = named.groupby("DRUG")["UNIT"].agg(lambda units: units.mode().iloc[0])
    by_drug = common.to_dict() | {plan.drug: dose_unit(plan.unit)[0] for plan in definition.doses}
    planned = {(plan.trt, plan.drug): dose_unit(plan.unit)[0] for plan in definition.doses}
    pairs = zip(rows["ARM"], rows["DRUG"], strict=True)
    return pd.Series([planned.get(pair, by_drug.get(pair[1], "")) for pair in pairs], rows.index, dtype="str")


def _why_unknown(rows: pd.DataFrame) -> ExtensionArray:
    reasons = {
        "": ~rows["GIVEN"],
        NO_DOSE: rows["DOSE"].isna(),
        NEGATIVE: rows["DOSE"] < 0,
        NO_UNIT: rows["UNIT"] == "",
        OTHER_UNIT: rows["UNIT"] != rows["AMOUNTU"],
        NO_FREQUENCY: rows["TIMES"].isna(),
    }
    return pd.array(np.select(list(reasons.values()), list(reasons), default=""), dtype="str")
