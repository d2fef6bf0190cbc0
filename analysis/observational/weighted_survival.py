"""Weighted Kaplan-Meier of two arms that were not randomised, its landmarks and restricted means.

Ties, landmarks past the end and curves at 1 or 0 as in analysis/survival.py and analysis/landmarks.py. Intervals are
percentiles of the resamples (docs/reference/nonrandomised.md, sections 7 and 8).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.landmarks import ALL_BY_THEN, NOTHING_YET, UNKNOWN
from analysis.observational.groups import Groups
from analysis.observational.resamples import percentile_interval
from analysis.risk_table import ROUNDING, risk_table

WEIGHTED_KM = "weighted Kaplan-Meier, bootstrap percentile interval"
DIFFERENCE = "landmark difference"
TOO_FEW = "In more than 5% of the resamples there is no answer: no interval."


@dataclass(frozen=True, eq=False)
class Times:
    """Days to an event (`event` true) or to censoring, of the participants of `groups` in their order."""

    groups: Groups
    days: np.ndarray
    event: np.ndarray

    @property
    def arms(self) -> tuple[tuple[str, np.ndarray], ...]:
        """Experimental and control, each with who is in it."""
        treated = self.groups.arm == 1
        return (self.groups.experimental, treated), (self.groups.control, ~treated)

    @property
    def last_common_day(self) -> float:
        """The smaller of the arms' last days."""
        return float(min(self.days[members].max() for _, members in self.arms))


def times_in_order(adtte: pd.DataFrame, groups: Groups) -> Times:
    """`adtte` has USUBJID, AVAL (days, known) and CNSR (0 event), one row for each participant of `groups`."""
    rows = adtte.set_index("USUBJID").loc[groups.usubjid]
    return Times(groups, rows["AVAL"].to_numpy(float), (rows["CNSR"] == 0).to_numpy())


def survival_at(
    time: np.ndarray, event: np.ndarray, weights: np.ndarray, days: Sequence[float] | np.ndarray
) -> np.ndarray:
    """S on each of `days` for the participants of one arm; `weights` may have several rows, one per resample.

    NaN where nobody with a weight is followed so long, unless the curve has come to 0.
    """
    on = np.asarray(days, float)
    event_days = np.unique(time[event])
    at_risk = weights @ (time[:, None] >= event_days)
    events = weights @ ((time[:, None] == event_days) & event[:, None])
    hazard = np.divide(events, at_risk, out=np.zeros_like(at_risk), where=at_risk > 0)
    left = np.where(hazard > 1 - ROUNDING, 0.0, 1 - hazard)
    curve = np.concatenate([np.ones((*left.shape[:-1], 1)), np.cumprod(left, axis=-1)], axis=-1)
    values = curve[..., np.searchsorted(event_days, on, side="right")]
    followed = weights @ (time[:, None] >= on) > 0
    somebody = weights.sum(axis=-1, keepdims=True) > 0
    return np.where(followed | (somebody & (values == 0)), values, np.nan)


def weighted_curves(times: Times, weights: np.ndarray, resampled: np.ndarray) -> pd.DataFrame:
    """One row per arm and day with an event or censoring, after a row at time 0, as `kaplan_meier` has them.

    `weights`: of each participant; `resampled`: a row per resample (`Resamples.weights`). n_risk, n_event and n_censor
    count participants; the limits are pointwise.
    """
    parts = []
    for arm, members in times.arms:
        time, event = times.days[members], times.event[members]
        table = risk_table(time, np.where(event, 0, -1))
        estimate = survival_at(time, event, weights[members], table.time)
        drawn = survival_at(time, event, resampled[:, members], table.time)
        parts.append(
            pd.DataFrame(
                {
                    "arm": arm,
                    "time": table.time,
                    "n_risk": table.n_risk,
                    "n_event": table.n_event[0],
                    "n_censor": table.n_censor,
                    "estimate": estimate,
                    **_limits(estimate, drawn),
                }
            )
        )
    return pd.concat(parts, ignore_index=True).assign(method=WEIGHTED_KM)


def weighted_landmarks(
    times: Times, weights: np.ndarray, resampled: np.ndarray, days: Sequence[float]
) -> pd.DataFrame:
    """Three rows per day (`time`): S of the experimental arm, of control, and their difference (`arm` empty).

    `n_risk` at risk on the day; `note` says why a number is missing.
    """
    on = np.asarray(days, float)
    estimates, drawn, rows = [], [], []
    for arm, members in times.arms:
        own = times.days[members], times.event[members]
        estimates.append(survival_at(*own, weights[members], on))
        drawn.append(survival_at(*own, resampled[:, members], on))
        limits = _limits(estimates[-1], drawn[-1])
        at_risk = (own[0][:, None] >= on).sum(axis=0)
        rows.append(
            pd.DataFrame({"arm": arm, "time": on, "n_risk": at_risk, "estimate": estimates[-1], **limits})
        )
    notes = [_why_no_interval(times, values) for values in np.transpose(estimates)]
    difference = pd.DataFrame(
        {
            "arm": "",
            "time": on,
            "n_risk": sum(frame["n_risk"] for frame in rows),
            "estimate": estimates[0] - estimates[1],
            **_intervals(drawn[0] - drawn[1], np.array([not note for note in notes])),
            "note": notes,
        }
    )
    measured = [frame.assign(measure="landmark", note="") for frame in rows]
    whole = pd.concat([*measured, difference.assign(measure=DIFFERENCE)], ignore_index=True)
    wanted = (whole["estimate"] > 0) & (whole["estimate"] < 1 - ROUNDING) | (whole["measure"] == DIFFERENCE)
    without = wanted & whole["estimate"].notna() & (whole["note"] == "") & whole["conf_low"].isna()
    return whole.assign(note=whole["note"].mask(without, TOO_FEW), method=WEIGHTED_KM)


def weighted_means(times: Times, weights: np.ndarray, resampled: np.ndarray, tau: float) -> pd.DataFrame:
    """Mean days without event up to day `tau`, the area under the curve: both arms, and their difference.

    Rows as in `weighted_landmarks`; NaN where an arm is not followed to `tau`.
    """
    estimates, drawn = [], []
    for _, members in times.arms:
        own = times.days[members], times.event[members]
        estimates.append(_area(*own, weights[members], tau))
        drawn.append(_area(*own, resampled[:, members], tau))
    values = [*estimates, estimates[0] - estimates[1]]
    limits = [percentile_interval(each) for each in (*drawn, drawn[0] - drawn[1])]
    rows = [
        (arm, tau, float(value), *interval)
        for arm, value, interval in zip(
            (times.groups.experimental, times.groups.control, ""), values, limits, strict=True
        )
    ]
    frame = pd.DataFrame(rows, columns=["arm", "time", "estimate", "conf_low", "conf_high"])
    missing = frame["estimate"].notna() & frame["conf_low"].isna()
    measures = ["restricted mean", "restricted mean", "RMST difference"]
    return frame.assign(measure=measures, note=np.where(missing, TOO_FEW, ""), method=WEIGHTED_KM)


def _area(time: np.ndarray, event: np.ndarray, weights: np.ndarray, tau: float) -> np.ndarray:
    """The area under the curve up to `tau`; NaN where it is not known so far."""
    corners = np.unique(np.concatenate([[0.0], time[event & (time < tau)]]))
    heights = survival_at(time, event, weights, [*corners, tau])
    widths = np.diff([*corners, tau])
    return np.where(np.isnan(heights[..., -1]), np.nan, heights[..., :-1] @ widths)


def _limits(estimate: np.ndarray, drawn: np.ndarray) -> dict[str, np.ndarray]:
    """Limits by day; none where the curve is at 1 or 0, since every resample is there too."""
    return _intervals(drawn, (estimate > 0) & (estimate < 1 - ROUNDING))


def _intervals(drawn: np.ndarray, wanted: np.ndarray) -> dict[str, np.ndarray]:
    limits = np.full((len(wanted), 2), np.nan)
    for place in np.flatnonzero(wanted):
        limits[place] = percentile_interval(drawn[:, place])
    return {"conf_low": limits[:, 0], "conf_high": limits[:, 1]}


def _why_no_interval(times: Times, survival: np.ndarray) -> str:
    """Why a difference has no interval, or is not known; empty where it has one."""
    for (arm, _), value in zip(times.arms, survival, strict=True):
        if np.isnan(value):
            return UNKNOWN.format(arm=arm)
        if value > 1 - ROUNDING:
            return NOTHING_YET.format(arm=arm)
        if value == 0:
            return ALL_BY_THEN.format(arm=arm)
    return ""
