"""Laboratory values of the safety set in one unit each, with baseline, visit, grade and range.

Rule: docs/reference/safety.md, section 4.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.endpoints.days import is_day
from analysis.endpoints.records import baseline_rows, read_values
from analysis.safety.antibodies import result_of
from analysis.safety.ctcae import RULES, above, below, grades
from analysis.visits import is_visit_record
from trialdata.definition import Visits
from trialdata.laboratory_parameters import parameter_of, text_parameter_of, units_of

JUST = 1e-6  # how far below n, as a share of it, a value reported as <n is taken to lie
FLAGS = ("low", "normal", "high")


@dataclass(frozen=True, eq=False)
class Laboratory:
    """The values, numeric and in words.

    `rows`: one row per numeric value: USUBJID, ARM, KEY (the parameter in one unit), PARAMCD (the known code), LABEL,
    UNIT, KNOWN (unit and parameter are known), ADY, AVISITN, AVAL, ANRLO and ANRHI (in UNIT), POINT (AVAL, a `<n` just
    below n), BASELINE and AFTER (later than day 1, and not the baseline).
    `texts`: one row per result in words: USUBJID, ARM, PARAMCD, ADY, AVALC, RESULT, BASELINE, AFTER.
    """

    rows: pd.DataFrame
    texts: pd.DataFrame

    def of(self, key: str) -> pd.DataFrame:
        return self.rows[self.rows["KEY"] == key]


def laboratory(data: AnalysisData, subjects: pd.DataFrame) -> Laboratory:
    """The laboratory values of `subjects` (ADSL rows with ARM) but platelets, as they are at the cut."""
    adlb = data.adlb[data.adlb["PARAMCD"] != "PLAT"]
    own = adlb.merge(subjects[["USUBJID", "ARM"]], on="USUBJID")
    texts = own["PARAMCD"].map(text_parameter_of).astype("str")
    return Laboratory(rows=_numbers(own[texts == ""]), texts=_words(own.assign(PARAMCD=texts)[texts != ""]))


def parameters_in(data: AnalysisData) -> dict[str, str]:
    """KEY to "Haemoglobin, g/L" of every parameter in every unit that the cut has values of; known ones first."""
    adlb = data.adlb
    numeric = (adlb["PARAMCD"] != "PLAT") & adlb["AVAL"].notna()
    named = _named(adlb[numeric & (adlb["PARAMCD"].map(text_parameter_of) == "")])
    distinct = named.drop_duplicates("KEY").sort_values(
        ["KNOWN", "LABEL", "KEY"], ascending=[False, True, True]
    )
    unit = distinct["UNIT"].replace("", "no unit")
    return dict(zip(distinct["KEY"], distinct["LABEL"] + ", " + unit, strict=True))


def _numbers(own: pd.DataFrame) -> pd.DataFrame:
    own = _limits_last(own[own["AVAL"].notna() & is_day(own["ADY"].to_numpy(float))])
    named = _named(own)
    factor = named["FACTOR"].to_numpy(float)
    limits = {name: _limit(own, name) * factor for name in ("ANRLO", "ANRHI")}
    value = own["AVAL"].to_numpy(float) * factor
    point = value * (1 + own["CENSOR"].map({"<": -JUST, ">": JUST}).fillna(0).to_numpy(float))
    group = pd.MultiIndex.from_arrays([own["USUBJID"], named["KEY"]]).factorize()[0]
    chosen = np.zeros(len(own), dtype=bool)
    chosen[baseline_rows(read_values(own.assign(AVAL=point, AVALC=""), group))] = True
    rows = own[["USUBJID", "ARM"]].join(named.drop(columns="FACTOR"))
    rows = rows.assign(
        ADY=own["ADY"],
        AVISITN=own["AVISITN"],
        AVAL=value,
        ANRLO=limits["ANRLO"],
        ANRHI=np.where(limits["ANRHI"] > 0, limits["ANRHI"], np.nan),
        POINT=point,
        BASELINE=chosen,
        AFTER=(own["ADY"] > 1).to_numpy() & ~chosen,
    )
    measured = (own["DTYPE"] == "") | chosen
    return rows[measured].reset_index(drop=True)


def _limits_last(own: pd.DataFrame) -> pd.DataFrame:
    """The rows so ordered that of equal values the one with the higher limits, then a measured one, is the last."""
    by = [name for name in ("ANRHI", "ANRLO") if name in own]
    ordered = own.assign(MEASURED=own["DTYPE"] == "").sort_values([*by, "MEASURED"], na_position="first")
    return ordered.reset_index(drop=True)


def _named(own: pd.DataFrame) -> pd.DataFrame:
    """KEY, PARAMCD, LABEL, UNIT, KNOWN and FACTOR of each row: one value for each distinct code and unit."""
    param = own["PARAM"] if "PARAM" in own else own["PARAMCD"]
    codes, distinct = pd.MultiIndex.from_arrays([own["PARAMCD"], units_of(own), param]).factorize()
    columns = ["KEY", "PARAMCD", "LABEL", "UNIT", "KNOWN", "FACTOR"]
    described = pd.DataFrame([_description(*each) for each in distinct], columns=columns)
    kinds = dict.fromkeys(("KEY", "PARAMCD", "LABEL", "UNIT"), "str") | {"KNOWN": "bool", "FACTOR": "float64"}
    return described.astype(kinds).iloc[codes].reset_index(drop=True)


def _description(paramcd: str, unit: str, param: str) -> tuple[str, str, str, str, bool, float]:
    parameter = parameter_of(paramcd)
    factor = parameter.factor(unit) if parameter else None
    if parameter is not None and factor is not None:
        return parameter.paramcd, parameter.paramcd, parameter.label, parameter.unit, True, factor
    code = parameter.paramcd if parameter else paramcd
    label = parameter.label if parameter else param or paramcd
    return f"{code} ({unit or 'no unit'})", code, label, unit, False, 1.0


def _limit(own: pd.DataFrame, name: str) -> np.ndarray:
    return own[name].to_numpy(float) if name in own else np.full(len(own), np.nan)


def _words(own: pd.DataFrame) -> pd.DataFrame:
    """Results in words; the baseline is the flagged one (the latest), else the last on or before day 1.

    Of several on a day a positive one counts.
    """
    given = own[(own["AVALC"] != "") & is_day(own["ADY"].to_numpy(float))].reset_index(drop=True)
    given = given.assign(RESULT=given["AVALC"].map(result_of).astype("str"), FLAGGED=given["ABLFL"] == "Y")
    may_be = given[(given["RESULT"] != "") & (given["FLAGGED"] | (given["ADY"] <= 1))]
    ranked = may_be.sort_values(["FLAGGED", "ADY", "RESULT"], kind="stable")
    baseline = given.index.isin(ranked.groupby(["USUBJID", "PARAMCD"]).tail(1).index)
    kept = given[["USUBJID", "ARM", "PARAMCD", "ADY", "AVALC", "RESULT"]]
    return kept.assign(BASELINE=baseline, AFTER=(given["ADY"] > 1) & ~baseline)


def at_visits(values: pd.DataFrame, visits: Visits) -> pd.DataFrame:
    """The one value of each participant and visit of one parameter, the baseline at AVISITN 0.

    After day 1 the value nearest to the target day, equally near the later one; of several on a day the highest.
    The columns VISITFL, BLFL and AVAL are as `analysis.longitudinal` reads them.
    """
    baseline = values[values["BASELINE"]].assign(AVISITN=0.0, VISITFL="", BLFL="Y")
    later = values[values["AFTER"] & values["AVISITN"].notna()].sort_values(["USUBJID", "ADY", "POINT"])
    later = later.groupby(["USUBJID", "ADY"]).tail(1)
    subject = pd.factorize(later["USUBJID"])[0]
    days = later["ADY"].to_numpy(float), later["AVISITN"].to_numpy(float)
    chosen = later[is_visit_record(subject, *days, visits)].assign(VISITFL="Y", BLFL="")
    return pd.concat([baseline, chosen], ignore_index=True)


def graded(lab: Laboratory) -> pd.DataFrame:
    """The values of the graded parameters in a known unit, with GRADE (0 to 4, NaN where a limit is missing).

    The baseline is graded by the limits of normal; later values, where it is abnormal, by CTCAE against it.
    """
    rows = lab.rows[lab.rows["KNOWN"] & lab.rows["PARAMCD"].isin(list(RULES))]
    base = rows[rows["BASELINE"]].set_index(["USUBJID", "PARAMCD"])[["POINT", "ANRHI"]]
    base = base.rename(columns={"POINT": "BASE", "ANRHI": "BASEHI"})
    rows = rows.join(base, on=["USUBJID", "PARAMCD"])
    given = pd.Series(np.nan, rows.index)
    for paramcd, own in rows.groupby("PARAMCD"):
        numbers = own[["POINT", "ANRLO", "ANRHI"]].to_numpy(float).T
        against = own[["BASE", "BASEHI"]].where(own["AFTER"], axis=0).to_numpy(float).T
        given[own.index] = grades(str(paramcd), *numbers, *against)
    return rows.assign(GRADE=given)


def worst_grades(lab: Laboratory) -> pd.DataFrame:
    """One row per participant and graded parameter with a value: ARM, BASE and WORST, NaN where not known.

    BASE is the grade of the baseline, WORST the highest known grade after it; AFTER says that a later value exists.
    """
    rows = graded(lab)
    key = ["USUBJID", "ARM", "PARAMCD"]
    later = rows[rows["AFTER"]].groupby(key)["GRADE"]
    worst = pd.DataFrame({"WORST": later.max(), "AFTER": later.size() > 0})
    base = rows[rows["BASELINE"]].groupby(key)["GRADE"].max().rename("BASE")
    both = worst.join(base, how="outer").reset_index()
    return both.assign(AFTER=both["AFTER"].eq(True))[[*key, "BASE", "WORST", "AFTER"]]


def with_range(rows: pd.DataFrame) -> pd.DataFrame:
    """The values with FLAG: low, normal or high by the limits of the record, "" without any limit."""
    value, low, high = (rows[name].to_numpy(float) for name in ("POINT", "ANRLO", "ANRHI"))
    unknown = np.isnan(low) & np.isnan(high)
    flag = np.select([unknown, below(value, low), above(value, high)], ["", "low", "high"], "normal")
    return rows.assign(FLAG=pd.array(flag, dtype="str"))


def ranges(lab: Laboratory, at: str) -> pd.DataFrame:
    """One row per participant, parameter (KEY) and FLAG at a moment: "baseline", "last" or "any".

    "last" is the last value after baseline (of several on a day the highest), "any" every flag that a value after
    baseline has: low and high, or "normal" where all of them are. Values without limits have no row.
    """
    rows = with_range(lab.rows)
    rows = rows[rows["FLAG"] != ""]
    key = ["USUBJID", "ARM", "KEY"]
    if at == "baseline":
        return rows.loc[rows["BASELINE"], [*key, "FLAG"]].reset_index(drop=True)
    later = rows[rows["AFTER"]]
    if at == "last":
        last = later.sort_values(["ADY", "POINT"], kind="stable").groupby(key).tail(1)
        return last[[*key, "FLAG"]].reset_index(drop=True)
    flags = later[[*key, "FLAG"]].drop_duplicates()
    inside = flags["FLAG"] == "normal"
    outside = pd.MultiIndex.from_frame(flags.loc[~inside, key])
    return flags[~inside | ~pd.MultiIndex.from_frame(flags[key]).isin(outside)].reset_index(drop=True)


def left_out(lab: Laboratory, parameters: Sequence[str]) -> dict[str, tuple[int, int]]:
    """PARAMCD to how many values of how many participants are in a unit that is not known, of `parameters`."""
    rows = lab.rows[~lab.rows["KNOWN"] & lab.rows["PARAMCD"].isin(list(parameters))]
    return {
        str(code): (len(own), int(own["USUBJID"].nunique()))
        for code, own in rows.groupby("PARAMCD", sort=False)
    }
