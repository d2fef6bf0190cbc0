"""Does the hazard ratio of two arms stay the same over time? Score test, scaled Schoenfeld residuals, their smooth.

The test of Grambsch and Therneau (1994) as a score test, as in R's survival from version 3.0 on (Therneau), with
Efron's ties. Time is measured by g(t) = 1 - S(t-), S being the Kaplan-Meier curve of both arms together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from analysis.cox import STRATIFIED, CoxFit, cox_of_arms
from analysis.proportions import normal_quantile
from analysis.survival import kaplan_meier
from trialdata.errors import StudyDataError

SCORE_TEST = "Score test of proportional hazards (Grambsch-Therneau), time by Kaplan-Meier"
SMOOTH = "Natural cubic spline, 4 degrees of freedom"
PLACES = 40
FEWEST_EVENTS = 10  # below, a curve through the residuals would draw chance


@dataclass(frozen=True, eq=False)
class _Events:
    """One value per event in order of stratum and time: whether it is of the experimental arm, and those at risk.

    `mean` and `variance` are of the arm (1 or 0) among those at risk, weighted by the hazard, Efron's steps averaged.
    """

    day: np.ndarray
    treated: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    used: np.ndarray  # in a stratum with both arms

    @property
    def residual(self) -> np.ndarray:
        return self.treated - self.mean


def proportional_hazards_test(
    adtte: pd.DataFrame, pairs: Sequence[tuple[str, str]], strata=None
) -> pd.DataFrame:
    """One row per (experimental, control): the score test that the hazard ratio is constant; `n` events of `N`.

    `adtte` has ARM, AVAL (days) and CNSR (0 event); `strata` is a label for each of its rows.
    """
    rows = []
    for experimental, control in pairs:
        own, labels = _both(adtte, experimental, control, strata)
        try:
            numbers = _score_test(own, cox_of_arms(own, experimental, control, labels), experimental, labels)
        except StudyDataError as trouble:
            numbers = (np.nan, np.nan, str(trouble))
        rows.append((f"{experimental} - {control}", (own["CNSR"] == 0).sum(), len(own), *numbers))
    columns = ["comparison", "n", "N", "statistic", "p_value", "note"]
    method = SCORE_TEST + (STRATIFIED if strata is not None else "")
    return pd.DataFrame(rows, columns=columns).assign(df=1, method=method)


def _score_test(own: pd.DataFrame, fit: CoxFit, experimental: str, labels) -> tuple[float, float, str]:
    if fit.note:
        return np.nan, np.nan, fit.note
    events = _events(own, fit.coefficients[0], experimental, labels)
    g = _transformed(own, events.day)
    g = g - g.mean()
    score = (g * events.residual).sum()
    information = (g**2 * events.variance).sum() - (g * events.variance).sum() ** 2 / events.variance.sum()
    if information < 1e-12 * events.variance.sum():
        return np.nan, np.nan, "Events on one day only: nothing can change over time."
    statistic = float(score**2 / information)
    return statistic, float(chdtrc(1, statistic)), ""


def schoenfeld_residuals(adtte: pd.DataFrame, pair: tuple[str, str], strata=None) -> pd.DataFrame:
    """One row per event: `arm`, `time` (days), `x` = g(time), `estimate` the log hazard ratio it suggests.

    Scaled Schoenfeld residual plus the coefficient. `spread` is the standard deviation by which the errors of
    `smoothed` are scaled. Events of a stratum with one arm have none; no row where there is no hazard ratio.
    """
    columns = ["arm", "time", "x", "estimate", "spread"]
    experimental, control = pair
    own, labels = _both(adtte, experimental, control, strata)
    try:
        fit = cox_of_arms(own, experimental, control, labels)
    except StudyDataError:
        return pd.DataFrame(columns=columns)
    if fit.note:
        return pd.DataFrame(columns=columns)
    events = _events(own, fit.coefficients[0], experimental, labels)
    variance = events.variance.sum() / events.used.sum()
    rows = pd.DataFrame(
        {
            "arm": np.where(events.treated == 1, experimental, control),
            "time": events.day,
            "x": _transformed(own, events.day),
            "estimate": events.residual / variance + fit.coefficients[0],
            "spread": 1 / np.sqrt(variance),
        }
    )
    return rows[events.used].sort_values("time", kind="stable", ignore_index=True)


def smoothed(residuals: pd.DataFrame, *, conf_level: float = 0.95) -> pd.DataFrame:
    """40 rows: a curve through the residuals with its pointwise interval, at equal steps of `x`.

    `residuals` is a frame of `schoenfeld_residuals`. Least squares on a natural spline with its inner knots at
    the thirds, as R draws it; no row with fewer than 10 events, or on too few days for a curve.
    """
    columns = ["x", "estimate", "conf_low", "conf_high", "method"]
    if len(residuals) < FEWEST_EVENTS:
        return pd.DataFrame(columns=columns)
    x, y = residuals["x"].to_numpy(dtype=float), residuals["estimate"].to_numpy(dtype=float)
    places = np.linspace(x.min(), x.max(), PLACES)
    knots = np.quantile(np.concatenate([places, x]), [0, 1 / 3, 2 / 3, 1])
    if np.ptp(x) == 0 or np.linalg.matrix_rank(_natural_spline(x, knots)) < 4:
        return pd.DataFrame(columns=columns)
    orthogonal, triangle = np.linalg.qr(_natural_spline(x, knots))
    at = np.linalg.solve(triangle.T, _natural_spline(places, knots).T).T
    curve = at @ (orthogonal.T @ y)
    width = normal_quantile(conf_level) * residuals["spread"].iloc[0] * np.sqrt((at**2).sum(axis=1))
    return pd.DataFrame(
        {
            "x": places,
            "estimate": curve,
            "conf_low": curve - width,
            "conf_high": curve + width,
            "method": SMOOTH,
        }
    )


def _natural_spline(x: np.ndarray, knots: np.ndarray) -> np.ndarray:
    """Truncated power basis of cubic splines that are straight beyond the outer knots."""
    scaled, places = ((value - knots[0]) / (knots[-1] - knots[0]) for value in (x, knots))

    def bent(k: int) -> np.ndarray:
        cubes = np.maximum(scaled - places[k], 0) ** 3 - np.maximum(scaled - 1, 0) ** 3
        return cubes / (1 - places[k])

    return np.column_stack([np.ones_like(scaled), scaled, bent(0) - bent(2), bent(1) - bent(2)])


def _both(adtte: pd.DataFrame, experimental: str, control: str, strata) -> tuple[pd.DataFrame, np.ndarray]:
    kept = (adtte["ARM"].isin([experimental, control]) & adtte["AVAL"].notna()).to_numpy()
    labels = np.zeros(len(adtte)) if strata is None else np.asarray(strata)
    return adtte[kept], labels[kept]


def _transformed(own: pd.DataFrame, days: np.ndarray) -> np.ndarray:
    """g(t) of each day: 1 minus the Kaplan-Meier curve just before it."""
    curve = kaplan_meier(own.assign(ARM="both"), ["both"])
    before = np.searchsorted(curve["time"].to_numpy(), days, side="left") - 1
    return 1 - curve["estimate"].to_numpy()[before]


def _events(own: pd.DataFrame, beta: float, experimental: str, labels: np.ndarray) -> _Events:
    treated = (own["ARM"] == experimental).to_numpy(dtype=float)
    day, event = own["AVAL"].to_numpy(dtype=float), (own["CNSR"] == 0).to_numpy()
    parts = [
        _events_of_stratum(day[here], event[here], treated[here], beta)
        for here in (labels == label for label in pd.unique(labels))
        if event[here].any()
    ]
    return _Events(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _events_of_stratum(day: np.ndarray, event: np.ndarray, treated: np.ndarray, beta: float) -> tuple:
    """The fields of `_Events` in one stratum; on a day with d events Efron's step k leaves k/d of them out."""
    order = np.argsort(day[event], kind="stable")
    days, own = day[event][order], treated[event][order]
    hazard = np.where(treated == 1, np.exp(beta), 1.0)
    at_risk, dying = day[None, :] >= days[:, None], event[None, :] & (day[None, :] == days[:, None])
    deaths = dying.sum(axis=1)
    step = np.arange(len(days)) - np.searchsorted(days, days, side="left")
    weight = hazard * (at_risk - (step / deaths)[:, None] * dying)
    mean = (weight @ treated) / weight.sum(axis=1)
    variance = mean * (1 - mean)
    day_of, index = np.unique(days, return_inverse=True)
    averages = (np.bincount(index, values, len(day_of))[index] / deaths for values in (mean, variance))
    used = np.full(len(days), 0 < treated.mean() < 1)
    return (days, own, *averages, used)
