"""The haemoglobin response of participants with anaemia, such as in Evans syndrome.

Rule: docs/reference/nonrandomised.md, section 12. Haemoglobin is in g/L here, in the definition in g/dL.
"""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.endpoints.days import calendar, is_day
from analysis.safety.ctcae import above, below
from analysis.safety.laboratory import Laboratory
from analysis.words import first_that_fits, flag
from trialdata.definition import HaemoglobinResponse
from trialdata.laboratory_parameters import parameter_of

HAEMOGLOBIN = "HGB"
COMPLETE, RESPONSE, NO_RESPONSE, MISSING = "CR", "R", "NR", "MISSING"
NORMAL, NO_BASELINE, NO_LIMIT = "not anaemic", "no baseline", "no limit of normal"
ANSWERS = (COMPLETE, RESPONSE, NO_RESPONSE, MISSING)  # of the evaluable
NOT_EVALUABLE = (NORMAL, NO_BASELINE, NO_LIMIT)
PER_DL = 10.0  # g/L


def haemoglobin_responses(data: AnalysisData, who: pd.DataFrame, lab: Laboratory) -> pd.DataFrame:
    """One row per participant of `who` (`with_anaemia`, with ARM), from their laboratory values.

    USUBJID, ARM, BASEHGB (g/L), AVALC (one of `ANSWERS`, or of `NOT_EVALUABLE`), DUEFL, ONSETDY and CRONSDY (study
    days, NaN without a response), MEASFL ("Y": haemolysis was measured near a record of the complete response).
    """
    rule = data.definition.haemoglobin_response
    assert rule is not None
    records = haemoglobin_records(lab, who, data.adcm, rule)
    own = who.set_index("USUBJID")
    base = records[records["BASELINE"]].set_index("USUBJID").reindex(own.index)
    found = records[records["IN_WINDOW"]]
    onset = _first_day(found[found["RESPONSE"]], own.index)
    complete = found[found["COMPLETE"]]
    cr_onset = _first_day(complete, own.index)
    died = own["DTHDY"] <= rule.window_days[1]
    answer = first_that_fits(
        {
            NO_BASELINE: base["POINT"].isna().to_numpy(),
            NO_LIMIT: base["LOWEST"].isna().to_numpy(),
            NORMAL: ~base["ANAEMIC"].eq(True).to_numpy(),
            COMPLETE: cr_onset.notna().to_numpy(),
            RESPONSE: onset.notna().to_numpy(),
            MISSING: (~own.index.isin(found["USUBJID"]) & ~died.to_numpy()),
        },
        otherwise=NO_RESPONSE,
    )
    evaluable = ~np.isin(answer.astype(str), NOT_EVALUABLE)
    measured = own.index.isin(complete.loc[complete["MEASURED"], "USUBJID"])
    due = own["DCUTDY"].to_numpy(float) >= rule.window_days[1] + rule.marker_days
    return pd.DataFrame(
        {
            "USUBJID": own.index,
            "ARM": own["ARM"].to_numpy(),
            "BASEHGB": base["POINT"].to_numpy(float),
            "AVALC": pd.array(answer, dtype="str"),
            "DUEFL": flag(due, otherwise="N"),
            "ONSETDY": onset.where(evaluable).to_numpy(float),
            "CRONSDY": cr_onset.where(evaluable).to_numpy(float),
            "MEASFL": flag(measured & evaluable, otherwise="N"),
        }
    )


def with_anaemia(subjects: pd.DataFrame, rule: HaemoglobinResponse) -> pd.DataFrame:
    """The rows of ADSL whose `column` is one of `values`, capitals and blanks at its ends aside; none without it."""
    if rule.column not in subjects:
        return subjects.iloc[:0]
    named = [value.strip().casefold() for value in rule.values]
    return subjects[subjects[rule.column].astype("str").str.strip().str.casefold().isin(named)]


def haemoglobin_records(
    lab: Laboratory, subjects: pd.DataFrame, adcm: pd.DataFrame, rule: HaemoglobinResponse
) -> pd.DataFrame:
    """One row per baseline and per day with haemoglobin after it, the lowest of the day, in a known unit.

    USUBJID, ADY, POINT and LOWEST (g/L, the least normal value), BASELINE, ANAEMIC (below LOWEST), IN_WINDOW,
    TRANSFUSED, MEASURED and HAEMOLYSIS (by any marker near), RESPONSE, COMPLETE.
    """
    rows = lab.of(HAEMOGLOBIN).merge(subjects[["USUBJID", "SEX", "DTHDY"]], on="USUBJID")
    rows = rows[~(rows["ADY"] > rows["DTHDY"]) & (rows["BASELINE"] | rows["AFTER"])]
    by_day = rows.sort_values(["BASELINE", "USUBJID", "ADY", "POINT"], kind="stable")
    rows = by_day.groupby(["USUBJID", "BASELINE", "ADY"]).head(1).reset_index(drop=True)
    lowest = rows["ANRLO"].fillna(_normal_by_sex(rows["SEX"], rule))
    base = rows["USUBJID"].map(rows[rows["BASELINE"]].set_index("USUBJID")["POINT"]).to_numpy(float)
    point = rows["POINT"].to_numpy(float)
    normal = lowest.notna() & ~below(point, lowest.to_numpy(float))
    risen = ~np.isnan(base) & ~below(point - base, np.full(len(rows), PER_DL * rule.rise))
    markers = _markers_near(rows, lab, rule)
    transfused = _transfused(rows, adcm, rule)
    low, high = rule.window_days
    return rows[["USUBJID", "ADY", "POINT", "BASELINE"]].assign(
        LOWEST=lowest,
        ANAEMIC=below(point, lowest.to_numpy(float)),
        IN_WINDOW=rows["AFTER"] & rows["ADY"].between(low, high),
        TRANSFUSED=transfused,
        MEASURED=markers["MEASURED"],
        HAEMOLYSIS=markers["HAEMOLYSIS"],
        RESPONSE=(risen | normal) & ~transfused,
        COMPLETE=normal & ~transfused & ~markers["HAEMOLYSIS"],
    )


def _normal_by_sex(sex: pd.Series, rule: HaemoglobinResponse) -> pd.Series:
    normal = {"F": PER_DL * rule.normal_female, "M": PER_DL * rule.normal_male}
    return sex.astype("str").str.strip().str.upper().map(normal).astype(float)


def _markers_near(rows: pd.DataFrame, lab: Laboratory, rule: HaemoglobinResponse) -> pd.DataFrame:
    """MEASURED and HAEMOLYSIS of each row: whether a marker was measured near it, and any beyond its limit."""
    codes = {name: [known.paramcd for code in getattr(rule, name) if (known := parameter_of(code))]
             for name in ("raised", "lowered")}  # fmt: skip
    known = lab.rows[lab.rows["KNOWN"]]
    high = known[known["PARAMCD"].isin(codes["raised"]) & known["ANRHI"].notna()]
    low = known[known["PARAMCD"].isin(codes["lowered"]) & known["ANRLO"].notna()]
    values = pd.concat(
        [
            high[["USUBJID", "ADY"]].assign(BEYOND=above(high["POINT"].to_numpy(), high["ANRHI"].to_numpy())),
            low[["USUBJID", "ADY"]].assign(BEYOND=below(low["POINT"].to_numpy(), low["ANRLO"].to_numpy())),
        ]
    ).rename(columns={"ADY": "DAY"})
    pairs = rows[["USUBJID", "ADY"]].reset_index(names="ROW").merge(values, on="USUBJID")
    away = calendar(pairs["DAY"].to_numpy(float)) - calendar(pairs["ADY"].to_numpy(float))
    near = pairs[np.abs(away) <= rule.marker_days]
    return pd.DataFrame(
        {
            "MEASURED": rows.index.isin(near["ROW"]),
            "HAEMOLYSIS": rows.index.isin(near.loc[near["BEYOND"].astype(bool), "ROW"]),
        },
        index=rows.index,
    )


def _transfused(rows: pd.DataFrame, adcm: pd.DataFrame, rule: HaemoglobinResponse) -> pd.Series:
    """Whether a day of a transfusion lies on the day of each row or in the days before it."""
    given = transfusions(adcm, rule)
    given = given[is_day(given["ASTDY"].to_numpy(float))]
    stop = given["AENDY"].where(is_day(given["AENDY"].to_numpy(float)), given["ASTDY"])
    given = given[["USUBJID", "ASTDY"]].assign(LAST=np.fmax(stop, given["ASTDY"]))
    pairs = rows[["USUBJID", "ADY"]].reset_index(names="ROW").merge(given, on="USUBJID")
    day, first, last = (calendar(pairs[name].to_numpy(float)) for name in ("ADY", "ASTDY", "LAST"))
    near = (first <= day) & (day - last <= rule.transfusion_free_days)
    return pd.Series(rows.index.isin(pairs.loc[near, "ROW"]), rows.index)


def transfusions(adcm: pd.DataFrame, rule: HaemoglobinResponse) -> pd.DataFrame:
    """The rows of ADCM that are red cell transfusions."""
    return adcm[adcm["CMCLAS"].isin(rule.transfusion_classes)]


def _first_day(rows: pd.DataFrame, participants: pd.Index) -> pd.Series:
    return rows.groupby("USUBJID")["ADY"].min().reindex(participants)
