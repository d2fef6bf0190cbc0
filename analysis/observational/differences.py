"""Differences between two arms in anything recorded, weighted or crude, with limits, and what standardises them.

Rules: docs/reference/nonrandomised.md, sections 5, 7 and 10.
"""

import numpy as np
from scipy.stats import ttest_ind

from analysis.observational.propensity import Propensity
from analysis.observational.resamples import Resamples, percentile_interval, resample
from analysis.observational.weighted_rates import quick_difference, weighted_rates
from analysis.proportions import INF, NAN
from analysis.proportions.difference import miettinen_nurminen

SANDWICH = "weighted, sandwich of score and means"
BOOTSTRAP = "weighted, bootstrap of the whole pipeline"
MIETTINEN_NURMINEN, WELCH = "crude, Miettinen-Nurminen", "crude, Welch"
ONE_VALUE = "No interval: an arm has one value alone."


def weighted_difference(
    propensity: Propensity, values: np.ndarray, estimand: str, *, drawn: Resamples | None = None
) -> dict:
    """means estimate std_err conf_low conf_high method note of the weighted difference in means, experimental first.

    By the bootstrap where its resamples are given in `drawn`, or the score is Firth's; else by the sandwich. `std_err`
    is the sandwich's, of Firth's score the standard deviation of the resamples. NaN with its `note` where there is no
    number or no interval.
    """
    quick = quick_difference(propensity, values, estimand)
    found: dict = {"means": quick.rates, "estimate": quick.difference, "std_err": quick.std_err}
    found |= {"conf_low": quick.conf_low, "conf_high": quick.conf_high}
    if np.isnan(quick.difference):
        return found | {"method": SANDWICH, "note": quick.note}
    if one_value(values, propensity.groups.arm):
        without = dict.fromkeys(("std_err", "conf_low", "conf_high"), NAN)
        return found | without | {"method": SANDWICH, "note": ONE_VALUE}
    if drawn is None and not propensity.fit.separated:
        return found | {"method": SANDWICH, "note": ""}
    weights = (drawn or resample(propensity.groups)).weights(estimand)
    rates = weighted_rates(np.nan_to_num(weights), propensity.groups.arm, values)
    differences = rates[:, 0] - rates[:, 1]
    low, high = percentile_interval(differences)
    note = "No interval: too many resamples have no answer." if np.isnan(low) else ""
    error = np.nanstd(differences, ddof=1) if propensity.fit.separated and not note else quick.std_err
    limits = {"std_err": float(error), "conf_low": low, "conf_high": high}
    return found | limits | {"method": BOOTSTRAP, "note": note}


def crude_difference(values: np.ndarray, arm: np.ndarray) -> dict:
    """The same without weights: of 0 and 1 with Miettinen and Nurminen's limits, of numbers with Welch's."""
    treated, others = values[arm == 1], values[arm == 0]
    means = float(treated.mean()), float(others.mean())
    found = {"means": means, "estimate": means[0] - means[1], "note": ""}
    if is_share(values):
        low, high = miettinen_nurminen(int(treated.sum()), len(treated), int(others.sum()), len(others))
        return found | {"conf_low": low, "conf_high": high, "method": MIETTINEN_NURMINEN}
    if one_value(values, arm):
        return found | {"conf_low": NAN, "conf_high": NAN, "method": WELCH, "note": ONE_VALUE}
    limits = ttest_ind(treated, others, equal_var=False).confidence_interval()
    return found | {"conf_low": float(limits.low), "conf_high": float(limits.high), "method": WELCH}


def standardised_by(values: np.ndarray, arm: np.ndarray) -> float:
    """The root of the mean of both arms' unweighted variances, of 0 and 1 p(1-p); NaN where nothing varies."""
    parts = [values[arm == 1], values[arm == 0]]
    variances = [part.mean() * (1 - part.mean()) if is_share(values) else part.var(ddof=1) for part in parts]
    spread = float(np.sqrt(np.mean(variances)))
    return spread if spread > 0 else NAN


def is_share(values: np.ndarray) -> bool:
    return bool(np.isin(values, (0, 1)).all())


def one_value(values: np.ndarray, arm: np.ndarray) -> bool:
    """Whether an arm has no variation, which no sandwich or resample can tell from certainty."""
    return any(len(np.unique(values[arm == group])) < 2 for group in (0, 1))


def weighted_ratio(propensity: Propensity, y: np.ndarray, estimand: str) -> dict:
    """rates estimate conf_low conf_high method note of the ratio of the weighted rates, with the bootstrap's limits.

    NaN with a `note` where the estimand is refused, or an arm has no responder; without limits where an arm has one
    answer alone or too many resamples have no ratio.
    """
    nothing = {"rates": (NAN, NAN), "estimate": NAN, "conf_low": NAN, "conf_high": NAN, "method": BOOTSTRAP}
    refused = propensity.refused(estimand)
    if refused:
        return nothing | {"note": refused}
    groups = propensity.groups
    rates = weighted_rates(propensity.weights(estimand), groups.arm, y)
    found = nothing | {"rates": (float(rates[0]), float(rates[1]))}
    without = [n for n, rate in zip((groups.experimental, groups.control), rates, strict=True) if not rate]
    if without:
        return found | {"note": f"Nobody in {' or '.join(without)} responds: there is no ratio."}
    found |= {"estimate": float(rates[0] / rates[1])}
    if one_value(y, groups.arm):
        return found | {"note": ONE_VALUE}
    drawn = weighted_rates(np.nan_to_num(resample(groups).weights(estimand)), groups.arm, y)
    one, other = drawn[:, 0], drawn[:, 1]
    ratios = np.divide(one, other, out=np.where(one > 0, INF, NAN), where=other > 0)
    low, high = percentile_interval(ratios)
    note = "No interval: too many resamples have no ratio." if np.isnan(low) else ""
    return found | {"conf_low": low, "conf_high": high, "note": note}
