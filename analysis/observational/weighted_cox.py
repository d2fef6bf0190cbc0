"""Weighted Cox regression on the arm alone, with Efron's ties as in R's coxph, of many resamples at once.

With one column of 0 and 1 the score is a sum over terms, one for each event and its place among those of the day:
m (x - p), p = r t / (a + r t), r the hazard ratio, t and a the weights at risk in the experimental arm and in control
less the share of the tied events that came before, m the mean weight of the events of the day.
"""

import numpy as np
from scipy.special import expit

from analysis.cox import MONOTONE, NEVER_TOGETHER
from analysis.observational.resamples import percentile_interval
from analysis.observational.weighted_survival import TOO_FEW, Times
from analysis.proportions import normal_quantile

WEIGHTED_COX = "weighted Cox, bootstrap percentile interval"
NO_EVENT = "No event at this cut: a hazard ratio cannot be estimated."
STEPS = 200
LONGEST_STEP = 1.0  # of the log ratio: the score then falls with every step
SOLVED = 1e-11
ENDLESS = "In more than 2.5% of the resamples the ratio is {end}: so is the limit."


def weighted_hazard_ratio(
    times: Times, weights: np.ndarray, resampled: np.ndarray, counts: np.ndarray, *, conf_level: float = 0.95
) -> dict:
    """The hazard ratio of the experimental arm: estimate, conf_low, conf_high (of the resamples), n events of N.

    `weights`: of each participant; `resampled` and `counts`: a row per resample, weight times how often drawn, and how
    often drawn. `error` is the robust standard error of the log ratio (Lin and Wei 1989), `robust_low` and
    `robust_high` Wald's limits with it: both take the weights as known. `note` says why a number is missing.
    """
    arm = times.groups.arm
    ones = np.ones((1, len(arm)), int)
    (beta,) = log_hazard_ratios(times.days, times.event, arm, weights[None, :], ones)
    low = high = error = np.nan
    note = "" if np.isfinite(beta) else _why_none(times, beta)
    if not note:
        drawn = log_hazard_ratios(times.days, times.event, arm, resampled, counts)
        low, high = percentile_interval(drawn, conf_level)
        note = TOO_FEW if np.isnan(low) else _endless(low, high)
        error = robust_error(times.days, times.event, arm, weights, beta)
    half = normal_quantile(conf_level) * error
    return {
        "n": int(times.event.sum()),
        "N": len(arm),
        "estimate": float(np.exp(beta)),
        "conf_low": float(np.exp(low)),
        "conf_high": float(np.exp(high)),
        "error": error,
        "robust_low": float(np.exp(beta - half)),
        "robust_high": float(np.exp(beta + half)),
        "note": note,
        "method": WEIGHTED_COX,
    }


def log_hazard_ratios(
    time: np.ndarray, event: np.ndarray, arm: np.ndarray, weights: np.ndarray, counts: np.ndarray
) -> np.ndarray:
    """The log hazard ratio of `arm` (1 against 0) of each row of `weights`.

    Infinite where every event happens in one arm while both are at risk; NaN without an event then. A participant
    drawn twice is two participants, also among the tied: `counts` says how often each is in the row.
    """
    days = np.unique(time[event])
    at_risk, dies = time[:, None] >= days, (time[:, None] == days) & event[:, None]
    treated, control = weights * arm, weights * (1 - arm)
    risk_1, risk_0, dead_1, dead_0 = treated @ at_risk, control @ at_risk, treated @ dies, control @ dies
    tied = counts.astype(float) @ dies
    told = (risk_1 > 0) & (risk_0 > 0) & (tied > 0)
    events_1, events_0 = (np.where(told, dead, 0.0).sum(axis=1) for dead in (dead_1, dead_0))
    answers = np.full(len(weights), np.nan)
    answers[(events_1 > 0) & (events_0 == 0)] = np.inf
    answers[(events_1 == 0) & (events_0 > 0)] = -np.inf
    finite = np.flatnonzero((events_1 > 0) & (events_0 > 0))
    row, day = np.nonzero(told[finite])
    place, share = _places(tied[finite][row, day])
    row, day = row[place], day[place]
    in_row = finite[row]
    t, a = (
        risk[in_row, day] - share * dead[in_row, day] for risk, dead in ((risk_1, dead_1), (risk_0, dead_0))
    )
    mean_weight = (dead_1 + dead_0)[in_row, day] / tied[in_row, day]
    answers[finite] = _newton(row, np.log(t / a), mean_weight, events_1[finite])
    return answers


def _places(tied: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each of the tied events of a day: which day, and the share of the tied that came before."""
    sizes = np.rint(tied).astype(int)
    place = np.repeat(np.arange(len(sizes)), sizes)
    before = np.arange(len(place)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return place, before / sizes[place]


def _newton(row: np.ndarray, offset: np.ndarray, weight: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Where the sum of weight x expit(beta + offset) over the terms of each row is what was observed."""
    beta = np.zeros(len(observed))
    for _ in range(STEPS):
        p = expit(beta[row] + offset)
        score = observed - np.bincount(row, weight * p, len(observed))
        information = np.bincount(row, weight * p * (1 - p), len(observed))
        step = np.clip(
            np.divide(score, information, out=np.sign(score), where=information > 0),
            -LONGEST_STEP,
            LONGEST_STEP,
        )
        beta += step
        if not len(step) or np.abs(step).max() < SOLVED:
            break
    return beta


def robust_error(
    time: np.ndarray, event: np.ndarray, arm: np.ndarray, weights: np.ndarray, beta: float
) -> float:
    """Lin and Wei's standard error of the log hazard ratio, from the score residuals with Efron's ties."""
    days = np.unique(time[event])
    at_risk, dies = (time[:, None] >= days).astype(float), (time[:, None] == days) & event[:, None]
    hazard_ratio = np.exp(beta * arm)
    risk = weights * hazard_ratio
    s0, s1, d0, d1 = risk @ at_risk, (risk * arm) @ at_risk, risk @ dies, (risk * arm) @ dies
    tied = dies.sum(axis=0).astype(float)
    day, share = _places(tied)
    below = s0[day] - share * d0[day]
    mean = (s1[day] - share * d1[day]) / below
    weight = ((weights @ dies) / tied)[day]
    hazard = weight / below

    def of_day(values: np.ndarray) -> np.ndarray:
        return np.bincount(day, values, len(days))

    expected = arm * (at_risk @ of_day(hazard) - dies @ of_day(hazard * share))
    expected -= at_risk @ of_day(hazard * mean) - dies @ of_day(hazard * mean * share)
    observed = dies @ np.ones(len(days)) * arm - dies @ (of_day(mean) / tied)
    residual = weights * (observed - hazard_ratio * expected)
    return float(np.sqrt((residual**2).sum()) / (weight * mean * (1 - mean)).sum())


def _why_none(times: Times, beta: float) -> str:
    if not times.event.any():
        return NO_EVENT
    return MONOTONE if np.isinf(beta) else NEVER_TOGETHER


def _endless(low: float, high: float) -> str:
    ends = [end for end, limit in (("0", low), ("infinite", high)) if np.isinf(limit)]
    return ENDLESS.format(end=" or ".join(ends)) if ends else ""
