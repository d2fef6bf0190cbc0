"""How strong something unmeasured would have to be to explain a ratio of two rates, and how strong the measured is.

Rules: docs/reference/nonrandomised.md, section 10.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.mantel_haenszel import risk_ratio
from analysis.proportions import NAN, ratio

STRENGTH_COLUMNS = ["covariate", "level", "n_experimental", "N_experimental", "n_control", "N_control"]
STRENGTH_COLUMNS += ["with_arm", "with_response", "explains", "note"]


@dataclass(frozen=True)
class EValues:
    """The E-values of a risk ratio and of its limit nearer 1, and that limit as a ratio above 1.

    `limit` and `nearer` are 1 where the interval includes no difference; everything is NaN that is not estimable, as
    where an arm has no responder.
    """

    away: float  # the ratio, or its inverse where below 1
    nearer: float
    estimate: float
    limit: float


def e_values(estimate: float, conf_low: float, conf_high: float) -> EValues:
    """VanderWeele and Ding 2017: RR + sqrt(RR (RR - 1)), below 1 of 1/RR."""
    away = above_one(estimate)
    if math.isnan(away):
        return EValues(NAN, NAN, NAN, NAN)
    if math.isnan(conf_low) or math.isnan(conf_high):
        return EValues(away, NAN, e_value(away), NAN)
    nearer = max(conf_low, 1.0) if estimate >= 1 else max(ratio(1.0, conf_high), 1.0)
    return EValues(away, nearer, e_value(away), e_value(nearer))


def e_value(risk_ratio: float) -> float:
    """The least ratio with the arm and with the outcome that, together, could explain a risk ratio."""
    away = above_one(risk_ratio)
    return away + math.sqrt(away * (away - 1))


def above_one(risk_ratio: float) -> float:
    """The ratio or its inverse, whichever is 1 or more; NaN where it is 0 or infinite."""
    if not math.isfinite(risk_ratio) or risk_ratio <= 0:
        return NAN
    return max(risk_ratio, 1 / risk_ratio)


def bounding_factor(with_arm: float, with_response: float) -> float:
    """The largest ratio that a confounder of these two strengths explains (Ding and VanderWeele 2016)."""
    return with_arm * with_response / (with_arm + with_response - 1)


def tipping_curve(explained: float, most: float, points: int = 81) -> np.ndarray:
    """(ratio with the arm, ratio with response) that together explain just this ratio, both up to `most`.

    Without a row where it takes nothing (a ratio of 1) or more than `most` allows.
    """
    if not 1 < explained < bounding_factor(most, most):
        return np.empty((0, 2))
    least = explained * (most - 1) / (most - explained)
    with_arm = np.geomspace(least, most, points)
    return np.column_stack([with_arm, explained * (with_arm - 1) / (with_arm - explained)])


def measured_strengths(
    people: pd.DataFrame, covariates: Sequence[str], arm: np.ndarray, y: np.ndarray, *, names: tuple[str, str]
) -> pd.DataFrame:
    """How strong each measured covariate is with the arm and with response, as ratios above 1, a row each.

    `people`: a row per participant compared, in the order of `arm` (1 experimental) and `y` (1 response); `names`: of
    the experimental arm and control. Who has no value of a covariate is not in its row. A number is taken as above its
    median or not; a category of two levels as its second, of more as each level against the others. `explains` is the
    bounding factor; the ratios are NaN where a cell is empty, and `note` says which.
    """
    rows = [
        {"covariate": column, "level": level} | _strength(has, arm[known], y[known], names)
        for column in covariates
        for level, known, has in _as_levels(people[column])
    ]
    return pd.DataFrame(rows, columns=STRENGTH_COLUMNS)


def who_has(values: pd.Series, level: str) -> np.ndarray:
    """Who has a level of `measured_strengths`."""
    for name, known, has in _as_levels(values):
        if name == level:
            found = np.zeros(len(values), bool)
            found[known] = has
            return found
    raise KeyError(level)


def _as_levels(values: pd.Series) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """Each level with who has a value, and of those who has the level."""
    if pd.api.types.is_numeric_dtype(values):
        known = values.notna().to_numpy()
        numbers = values.to_numpy(float)[known]
        middle = float(np.median(numbers)) if len(numbers) else NAN
        return [(f"above {middle:g}", known, numbers > middle)]
    texts = values.fillna("").astype("str").str.strip()
    known = (texts != "").to_numpy()
    texts = texts[known]
    levels = sorted(texts.unique())
    return [
        (level, known, (texts == level).to_numpy()) for level in (levels[1:] if len(levels) == 2 else levels)
    ]


def _strength(has: np.ndarray, arm: np.ndarray, y: np.ndarray, names: tuple[str, str]) -> dict:
    treated = arm == 1
    counted = {
        "n_experimental": int(has[treated].sum()),
        "N_experimental": int(treated.sum()),
        "n_control": int(has[~treated].sum()),
        "N_control": int((~treated).sum()),
    }
    nothing = {"with_arm": NAN, "with_response": NAN, "explains": NAN}
    for name, n, total in zip(names, *np.array(list(counted.values())).reshape(2, 2).T, strict=True):
        if n in (0, total):
            return counted | nothing | {"note": f"{'Everybody' if n else 'Nobody'} in {name} has it."}
    strata = [
        {
            "x1": y[has & group].sum(),
            "n1": (has & group).sum(),
            "x0": y[~has & group].sum(),
            "n0": (~has & group).sum(),
        }
        for group in (treated, ~treated)
    ]
    with_response = above_one(risk_ratio(pd.DataFrame(strata)))
    if math.isnan(with_response):
        return counted | nothing | {"note": "Nobody with it, or nobody without it, responds."}
    shares = (
        counted["n_experimental"] / counted["N_experimental"],
        counted["n_control"] / counted["N_control"],
    )
    with_arm = above_one(shares[0] / shares[1])
    return counted | {
        "with_arm": with_arm,
        "with_response": with_response,
        "explains": bounding_factor(with_arm, with_response),
        "note": "",
    }
