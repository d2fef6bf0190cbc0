"""Scores that participants report: at each visit, their change from baseline, and how many changed enough to matter.

Rule: docs/reference/safety.md, section 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.endpoints.days import is_day
from analysis.longitudinal import MEDIAN, mean_and_t_interval, median_and_quartiles, summaries_by_visit
from analysis.mmrm.repeated import Grid, RepeatedModel, repeated_model
from analysis.rates import rates_and_comparisons, rates_from_counts
from analysis.visits import analysis_visit, is_visit_record
from trialdata.definition import Questionnaire, Visits

MEAN = "mean, t interval"
BETTER, WORSE, NEITHER = "better", "worse", "neither"
MOST_MODELLED = 8  # visits: an unstructured covariance of more has too many parameters for a trial in ITP
TOO_MANY_VISITS = f"fewer scores than at {MOST_MODELLED} other visits"
DECIMALS = 6  # of a change: 35.3 - 30.3 is 5
AT_LEAST = "share with at least this change for the better"


@dataclass(frozen=True, eq=False)
class Scores:
    """One questionnaire in the analysis set.

    `visits`: one row per participant and visit with a score: USUBJID, ARM, AVISITN (weeks; 0 is baseline), AVAL,
    BASE, CHG and BETTER (the change, above 0 where it is for the better), both NaN at baseline and without one.
    `out_of_range` are the rows left out; `weeks` the visits at which anybody has a score.
    """

    visits: pd.DataFrame
    out_of_range: pd.DataFrame
    weeks: tuple[float, ...]

    @property
    def changes(self) -> pd.DataFrame:
        """The rows after baseline with a change."""
        return self.visits[self.visits["CHG"].notna()]


def questionnaires_in(adqs: pd.DataFrame, questionnaires: Sequence[Questionnaire]) -> list[Questionnaire]:
    """Those with a score within range at this cut."""
    return [each for each in questionnaires if _in_range(_of(adqs, each), each).any()]


def scores_of(adqs: pd.DataFrame, questionnaire: Questionnaire, visits: Visits) -> Scores:
    """The scores of one questionnaire from ADQS rows of the analysis set, with ARM."""
    rows = _of(adqs, questionnaire)
    inside = _in_range(rows, questionnaire)
    usable = rows[inside]
    baseline = _baseline(usable, questionnaire)
    later = _at_visits(_one_a_day(usable, questionnaire), visits)
    if questionnaire.weeks:
        later = later[later["AVISITN"].isin(questionnaire.weeks)]
    base = later["USUBJID"].map(baseline.set_index("USUBJID")["AVAL"]).astype(float)
    change = (later["AVAL"] - base).round(DECIMALS)
    sign = 1 if questionnaire.better == "higher" else -1
    found = pd.concat(
        [
            baseline.assign(AVISITN=0.0, BASE=baseline["AVAL"], CHG=np.nan, BETTER=np.nan),
            later.assign(BASE=base, CHG=change, BETTER=sign * change),
        ],
        ignore_index=True,
    )
    return Scores(
        visits=found[["USUBJID", "ARM", "AVISITN", "AVAL", "BASE", "CHG", "BETTER"]],
        out_of_range=rows[~inside],
        weeks=tuple(sorted(found["AVISITN"].unique().tolist())),
    )


def score_means(scores: Scores, weeks: Sequence[float], arms: Sequence[str]) -> pd.DataFrame:
    """One row per arm and visit: mean score and its t interval."""
    return summaries_by_visit(scores.visits, "AVAL", weeks, arms, mean_and_t_interval, MEAN)


def score_medians(scores: Scores, weeks: Sequence[float], arms: Sequence[str]) -> pd.DataFrame:
    """The frame of `score_means` with medians, quartiles as the limits."""
    return summaries_by_visit(scores.visits, "AVAL", weeks, arms, median_and_quartiles, MEDIAN)


def change_model(
    scores: Scores, arms: Sequence[str], comparisons: Sequence[tuple[str, str]]
) -> RepeatedModel:
    """The mixed model of the change from baseline, baseline as covariate, at the visits with the most changes.

    StudyDataError where no visit can be modelled or the fit fails.
    """
    counted = scores.changes["AVISITN"].value_counts()
    fullest = sorted(counted.index, key=lambda week: (-counted[week], week))
    wide = scores.visits[scores.visits["AVISITN"] > 0].pivot(
        index="USUBJID", columns="AVISITN", values="AVAL"
    )
    people = scores.visits.groupby("USUBJID", sort=True)[["ARM", "BASE"]].first()
    modelled = fullest[:MOST_MODELLED]
    values = wide.reindex(index=people.index, columns=modelled).to_numpy(dtype=float)
    base = people["BASE"].to_numpy(dtype=float)
    grid = Grid(
        people["ARM"].to_numpy(dtype=object),
        base,
        values - base[:, None],
        values,
        tuple(map(float, modelled)),
    )
    model = repeated_model(grid, people.index, arms, comparisons)
    model.left_out.update(dict.fromkeys(sorted(fullest[MOST_MODELLED:]), TOO_MANY_VISITS))
    return model


def direction(changes: pd.DataFrame, least: float) -> pd.Series:
    """Whether each change is for the better by at least `least`, worse by as much, or neither."""
    better, worse = changes["BETTER"] >= least, changes["BETTER"] <= -least
    return pd.Series(np.select([better, worse], [BETTER, WORSE], NEITHER), changes.index, dtype="str")


def change_shares(
    scores: Scores, least: float, arms: Sequence[str], comparisons: Sequence[tuple[str, str]]
) -> pd.DataFrame:
    """Rows per visit after baseline and `change` (better, worse): each arm's rate, each comparison, every method.

    Columns of `analysis.rates.rates_and_comparisons`, and time and change; `n` of the `N` with baseline and a score
    at the visit.
    """
    changes = scores.changes
    ways = direction(changes, least)
    frames = []
    for week in sorted(changes["AVISITN"].unique()):
        of_week = changes["AVISITN"] == week
        size = changes.loc[of_week, "ARM"].value_counts()
        for way in (BETTER, WORSE):
            reached = changes.loc[of_week & (ways == way), "ARM"].value_counts()
            counts = [(arm, int(reached.get(arm, 0)), int(size.get(arm, 0))) for arm in arms]
            both = rates_and_comparisons(rates_from_counts(counts), comparisons)
            frames.append(both.assign(time=week, change=way))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def change_distribution(scores: Scores, week: float, arms: Sequence[str]) -> pd.DataFrame:
    """One row per arm and change that occurs at the visit: `n` of `N` changed for the better by at least `change`."""
    at = scores.changes[scores.changes["AVISITN"] == week]
    rows = []
    for arm in arms:
        changed = np.sort(at.loc[at["ARM"] == arm, "BETTER"].to_numpy())
        for change in np.unique(changed):
            n = len(changed) - int(np.searchsorted(changed, change, side="left"))
            rows.append((arm, week, float(change), n, len(changed), n / len(changed), AT_LEAST))
    return pd.DataFrame(rows, columns=["arm", "time", "change", "n", "N", "estimate", "method"])


def _of(adqs: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    own = adqs[(adqs["PARAMCD"] == questionnaire.paramcd) & adqs["AVAL"].notna()]
    return own[is_day(own["ADY"].to_numpy(float))]


def _in_range(rows: pd.DataFrame, questionnaire: Questionnaire) -> pd.Series:
    return rows["AVAL"].between(*questionnaire.range)


def _one_a_day(rows: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Sorted by participant and day; of several on one day the worst."""
    ordered = rows.sort_values(
        ["USUBJID", "ADY", "AVAL"], ascending=[True, True, questionnaire.better == "higher"]
    )
    return ordered.drop_duplicates(["USUBJID", "ADY"]).reset_index(drop=True)


def _baseline(rows: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """One row per participant: the flagged record, else the last on or before day 1."""
    flagged = rows[rows["ABLFL"] == "Y"] if "ABLFL" in rows else rows[:0]
    before = rows[(rows["ADY"] <= 1) & ~rows["USUBJID"].isin(flagged["USUBJID"])]
    one = _one_a_day(pd.concat([flagged, before]), questionnaire)
    return one.drop_duplicates("USUBJID", keep="last")


def _at_visits(days: pd.DataFrame, visits: Visits) -> pd.DataFrame:
    """The record of each participant and visit after baseline, with AVISITN."""
    week = analysis_visit(days["ADY"].to_numpy(float), visits)
    chosen = is_visit_record(pd.factorize(days["USUBJID"])[0], days["ADY"].to_numpy(float), week, visits)
    return days.assign(AVISITN=week)[chosen & (week > 0)]
