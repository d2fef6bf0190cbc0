"""Bleeding by one instrument: at each visit, from baseline to worst, and beside the platelet count.

Rule: docs/reference/safety.md, section 3.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.endpoints.days import calendar, is_day
from analysis.visits import analysis_visit
from trialdata.bleeding_scales import Scale

NOT_ASSESSED = "not assessed"
BANDS = ("below 10", "10 to below 30", "30 to below 50", "50 and more")
BAND_EDGES = (10, 30, 50)
DISCORDANT = ("bleeding at 50 or more", "no bleeding below 10")
NEAREST_DAYS = 3


@dataclass(frozen=True, eq=False)
class Assessments:
    """The assessments of one instrument that count, and how many values are no grade of it.

    `rows`: one row per participant and day, the worst of the day: USUBJID ARM ADY GRADE AVISITN. `left_out`: rows
    with a fraction or a grade that the instrument does not have.
    """

    scale: Scale
    rows: pd.DataFrame
    left_out: int


def assessments(data: AnalysisData, subjects: pd.DataFrame, scale: Scale) -> Assessments:
    """The assessments of `subjects` (USUBJID, ARM) by one instrument up to the cut."""
    own = data.adqs[data.adqs["PARAMCD"] == scale.paramcd].merge(subjects[["USUBJID", "ARM"]], on="USUBJID")
    own = own[own["AVAL"].notna() & is_day(own["ADY"].to_numpy(float))]
    possible = own["AVAL"].between(0, scale.highest) & (own["AVAL"] % 1 == 0)
    kept = own[possible]
    worst = (
        kept.groupby(["USUBJID", "ARM", "ADY"], as_index=False)["AVAL"]
        .max()
        .rename(columns={"AVAL": "GRADE"})
    )
    week = analysis_visit(worst["ADY"].to_numpy(float), data.definition.visits)
    rows = worst.assign(GRADE=worst["GRADE"].astype(int), AVISITN=week)
    return Assessments(scale, rows.sort_values(["USUBJID", "ADY"], ignore_index=True), int((~possible).sum()))


def worst_at_visits(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per participant and visit with an assessment in its window: USUBJID ARM AVISITN GRADE, the worst."""
    seen = rows[rows["AVISITN"].notna()]
    return seen.groupby(["USUBJID", "ARM", "AVISITN"], as_index=False)["GRADE"].max()


def grades_by_visit(rows: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """One row per visit, arm and grade that occurs at any visit: time (weeks) arm grade, n of N assessed, estimate."""
    worst = worst_at_visits(rows)
    n = worst.groupby(["AVISITN", "ARM", "GRADE"]).size()
    N = worst.groupby(["AVISITN", "ARM"]).size()
    cells = pd.MultiIndex.from_product(
        [sorted(worst["AVISITN"].unique()), list(arms), sorted(worst["GRADE"].unique())],
        names=["time", "arm", "grade"],
    )
    frame = pd.DataFrame({"n": n.reindex(cells).fillna(0).astype(int)}).reset_index()
    assessed = N.reindex(pd.MultiIndex.from_frame(frame[["time", "arm"]])).fillna(0).astype(int).to_numpy()
    return frame.assign(N=assessed, estimate=frame["n"] / np.where(assessed > 0, assessed, np.nan))


def baseline_and_worst(rows: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """One row per participant: USUBJID ARM BASEGR (last up to day 1) and WORST (highest after it), NaN without."""
    before = rows[rows["ADY"] <= 1].groupby("USUBJID")["GRADE"].last()
    after = rows[rows["ADY"] > 1].groupby("USUBJID")["GRADE"].max()
    known = subjects[["USUBJID", "ARM"]].reset_index(drop=True)
    return known.assign(
        BASEGR=known["USUBJID"].map(before).astype(float), WORST=known["USUBJID"].map(after).astype(float)
    )


def grade_text(grade: pd.Series) -> pd.Series:
    """ "0", "1", ... and "not assessed"."""
    return grade.map(lambda value: NOT_ASSESSED if np.isnan(value) else f"{value:g}").astype("str")


def shift_counts(both: pd.DataFrame, sizes: Mapping[str, int]) -> pd.DataFrame:
    """One row per arm, baseline and worst grade, grade 0 to the highest that occurs and "not assessed": n of N.

    `both` is a frame of `baseline_and_worst`; `sizes`: participants of each arm.
    """
    highest = both[["BASEGR", "WORST"]].max().max()
    levels = [*map(str, range(0 if pd.isna(highest) else int(highest) + 1)), NOT_ASSESSED]
    named = both.assign(BASEGR=grade_text(both["BASEGR"]), WORST=grade_text(both["WORST"]))
    counts = _every(named, {"ARM": sizes, "BASEGR": levels, "WORST": levels}, ["arm", "baseline", "worst"])
    return counts.assign(N=counts["arm"].map(sizes).astype(int))


def bleeding_times(rows: pd.DataFrame, subjects: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """One row per participant assessed after day 1: ARM AVAL (day) CNSR, 0 at the first clinically significant one.

    Without any the participant is censored at the last assessment.
    """
    after = rows[rows["ADY"] > 1]
    bled = after[after["GRADE"] >= scale.significant].groupby("USUBJID")["ADY"].min()
    last = after.groupby("USUBJID")["ADY"].max()
    known = subjects.loc[subjects["USUBJID"].isin(last.index), ["USUBJID", "ARM"]].reset_index(drop=True)
    first = known["USUBJID"].map(bled)
    return known.assign(
        AVAL=first.fillna(known["USUBJID"].map(last)).astype(float), CNSR=first.isna().astype(int)
    )


def with_counts(rows: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Each assessment that has a platelet count within 3 days: the rows with COUNT, COUNTDY and BAND.

    `counts`: one platelet record a day (USUBJID ADY AVAL CENSOR). The nearest counts, of two as near the earlier.
    A count below a limit ("<5") is below every band's edge, as it is below every threshold.
    """
    platelets = counts.loc[counts["AVAL"].notna(), ["USUBJID", "ADY", "AVAL", "CENSOR"]]
    platelets = platelets.rename(columns={"ADY": "COUNTDY", "AVAL": "COUNT"})
    pairs = rows.merge(platelets, on="USUBJID")
    pairs["AWAY"] = np.abs(
        calendar(pairs["ADY"].to_numpy(float)) - calendar(pairs["COUNTDY"].to_numpy(float))
    )
    near = pairs[pairs["AWAY"] <= NEAREST_DAYS].sort_values(["USUBJID", "ADY", "AWAY", "COUNTDY"])
    near = near.drop_duplicates(["USUBJID", "ADY"]).reset_index(drop=True)
    return near.assign(BAND=band_of(near["COUNT"], near["CENSOR"]))


def band_of(count: pd.Series, censor: pd.Series) -> pd.Series:
    """The band of each count; one below a limit ("<5") is in the lowest."""
    place = np.searchsorted(BAND_EDGES, count.to_numpy(float), side="right")
    lowest = (censor == "<").to_numpy()
    return pd.Series(np.array(BANDS, dtype=object)[np.where(lowest, 0, place)], count.index, dtype="str")


def discordant(near: pd.DataFrame) -> pd.DataFrame:
    """The assessments that disagree with the count: bleeding at 50 or more, none below 10. With KIND."""
    high = (near["BAND"] == BANDS[-1]) & (near["GRADE"] >= 1)
    low = (near["BAND"] == BANDS[0]) & (near["GRADE"] == 0)
    kind = np.where(high, *DISCORDANT)
    return near.assign(KIND=pd.Series(kind, near.index, dtype="str"))[high | low].reset_index(drop=True)


def counts_by_band(near: pd.DataFrame, arms: Collection[str]) -> pd.DataFrame:
    """One row per arm, band and grade that occurs: n assessments of the N of the arm and band.

    `near` is a frame of `with_counts`.
    """
    named = near.assign(GRADE=near["GRADE"].astype("str"))
    grades = sorted(named["GRADE"].unique(), key=int)
    counts = _every(named, {"ARM": arms, "BAND": BANDS, "GRADE": grades}, ["arm", "band", "grade"])
    return counts.assign(N=counts.groupby(["arm", "band"])["n"].transform("sum"))


def discordant_counts(odd: pd.DataFrame, sizes: Mapping[str, int]) -> pd.DataFrame:
    """One row per kind and arm: n of N participants and their assessments. `odd` is a frame of `discordant`."""
    levels: dict[str, Collection[str]] = {"KIND": DISCORDANT, "ARM": sizes}
    counts = _every(odd.drop_duplicates(["KIND", "ARM", "USUBJID"]), levels, ["kind", "arm"])
    assessed = _every(odd, levels, ["kind", "arm"])["n"]
    return counts.assign(assessments=assessed, N=counts["arm"].map(sizes).astype(int))


def _every(rows: pd.DataFrame, levels: Mapping[str, Collection[str]], names: Sequence[str]) -> pd.DataFrame:
    """How many rows there are for every combination of the levels, zeros included: `names` and n."""
    cells = pd.MultiIndex.from_product([list(each) for each in levels.values()], names=list(names))
    n = rows.groupby(list(levels)).size().reindex(cells)
    return n.fillna(0).astype(int).rename("n").reset_index()
