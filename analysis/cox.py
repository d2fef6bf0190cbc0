"""Cox proportional hazards regression with Efron's ties, and the hazard ratio of each arm against control.

Newton's method on the partial likelihood, with an answer for no event, a column that says nothing, and a
likelihood without a maximum. Formulas and conventions: docs/reference/methods/times.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import chdtrc, chdtri

from analysis.partial_likelihood import PartialLikelihood
from analysis.proportions import normal_quantile
from trialdata.errors import StudyDataError

COX = "Cox, Wald"
COX_PROFILE = "Cox, profile likelihood"
STRATIFIED = ", stratified"
MONOTONE = (
    "No finite estimate: every event happens at one end of those at risk, as without an event in one arm."
)
NEVER_TOGETHER = "No event while both arms are at risk: a hazard ratio cannot be estimated at this cut."
NEVER_IN_A_STRATUM = "No stratum has an event while both arms are at risk: name other strata, or none."
_FLAT = 1e-9  # of the information at 0 that is left where a likelihood that rises without end is abandoned
_FURTHEST = 20.0  # log hazard ratio from which a limit is infinite
_MOST_STEPS = 100
_NOTHING = 1e-9  # information of a standardised column that is rounding alone


@dataclass(frozen=True, eq=False)
class CoxFit:
    """A fitted model: `coefficients` are log hazard ratios in the order of `names`, with their covariance.

    With a `note` the likelihood has no maximum: a single coefficient is infinite, of several none is given.
    """

    names: tuple[str, ...]
    coefficients: np.ndarray
    covariance: np.ndarray
    log_likelihood: float
    null_log_likelihood: float
    score_statistic: float
    n: int
    events: int
    note: str = ""

    @property
    def standard_errors(self) -> np.ndarray:
        return np.sqrt(np.diag(self.covariance))

    def tests(self) -> pd.DataFrame:
        """One row per test that all coefficients are 0: likelihood ratio, Wald, score (Efron's, at 0)."""
        wald = np.nan
        if not self.note:
            wald = float(self.coefficients @ np.linalg.solve(self.covariance, self.coefficients))
        statistics = {
            "likelihood ratio": 2 * (self.log_likelihood - self.null_log_likelihood),
            "Wald": wald,
            "score": self.score_statistic,
        }
        df = len(self.names)
        rows = [
            (value, df, float(chdtrc(df, max(value, 0.0))), method, self.note if np.isnan(value) else "")
            for method, value in statistics.items()
        ]
        return pd.DataFrame(rows, columns=["statistic", "df", "p_value", "method", "note"])


def fit_cox(time, event, X, strata=None) -> CoxFit:
    """The Cox model of `event` (true or 1) at `time` on the columns of `X`, each stratum with its own baseline.

    `X` is a frame (its column names are used in messages) or an array of numbers without missing values; a row
    per participant. StudyDataError without an event, or where a column brings no information.
    """
    columns = pd.DataFrame(X)
    names = tuple(str(name) for name in columns.columns)
    status = np.asarray(event).astype(int)
    if not status.any():
        raise StudyDataError("No event at this cut: a hazard ratio cannot be estimated.")
    values = columns.to_numpy(dtype=float)
    scale = np.where(np.ptp(values, axis=0) > 0, values.std(axis=0), 1.0)
    model = _model(time, status, (values - values.mean(axis=0)) / scale, strata)
    null = np.zeros(len(names))
    information, score = -model.hessian(null), model.score(null)
    _require_information(information, names)
    beta, note = _maximum(model, information)
    covariance = np.full_like(information, np.nan) if note else np.linalg.inv(-model.hessian(beta))
    return CoxFit(
        names=names,
        coefficients=beta / scale if not note else _without_maximum(beta),
        covariance=covariance / np.outer(scale, scale),
        log_likelihood=float(model.loglike(beta)),
        null_log_likelihood=float(model.loglike(null)),
        score_statistic=float(score @ np.linalg.solve(information, score)),
        n=len(status),
        events=int(status.sum()),
        note=note,
    )


def _model(time, status: np.ndarray, values: np.ndarray, strata) -> PartialLikelihood:
    codes = None if strata is None else pd.factorize(np.asarray(strata))[0]
    return PartialLikelihood(np.asarray(time, dtype=float), np.asarray(status), values, codes)


def _require_information(information: np.ndarray, names: Sequence[str]) -> None:
    """Every column varies among those at risk at some event, and none is made of the others."""
    for name, own in zip(names, np.diag(information), strict=True):
        if own < _NOTHING:
            raise StudyDataError(
                f"{name} is the same for everybody at risk at every event: take it out of the model."
            )
    if np.linalg.matrix_rank(information, tol=_NOTHING, hermitian=True) < len(names):
        raise StudyDataError(f"{', '.join(names)}: one follows from the others; take it out of the model.")


def _maximum(model: PartialLikelihood, information: np.ndarray) -> tuple[np.ndarray, str]:
    """Where the partial likelihood is largest, by Newton-Raphson; with a note where it rises without end."""
    beta = np.zeros(len(information))
    likelihood = model.loglike(beta)
    for _ in range(_MOST_STEPS):
        curvature = -model.hessian(beta)
        if np.linalg.eigvals(np.linalg.solve(information, curvature)).real.min() < _FLAT:
            return beta, MONOTONE
        step = np.linalg.solve(curvature, model.score(beta))
        while (after := model.loglike(beta + step)) < likelihood - 1e-9 * abs(likelihood):
            step = step / 2
        beta, likelihood = beta + step, after
        if np.abs(step).max() < 1e-10 * max(1.0, np.abs(beta).max()):
            return beta, ""
    raise StudyDataError(f"The Cox model does not converge in {_MOST_STEPS} steps: use fewer columns.")


def _without_maximum(beta: np.ndarray) -> np.ndarray:
    return np.sign(beta) * np.inf if len(beta) == 1 else np.full(len(beta), np.nan)


def hazard_ratios(
    adtte: pd.DataFrame, pairs: Sequence[tuple[str, str]], strata=None, *, conf_level: float = 0.95
) -> pd.DataFrame:
    """One row per (experimental, control): the hazard ratio with Wald's interval and test; `n` events of `N`.

    `adtte` has ARM, AVAL (days) and CNSR (0 event); `strata` is a label for each of its rows. Where there is no
    estimate, `note` says why.
    """
    z = normal_quantile(conf_level)

    def wald(fit: CoxFit, _likelihood) -> tuple:
        beta, error = fit.coefficients[0], fit.standard_errors[0]
        statistic = (beta / error) ** 2 if np.isfinite(beta) else np.nan
        p_value = float(chdtrc(1, statistic))
        return np.exp(beta), np.exp(beta - z * error), np.exp(beta + z * error), statistic, p_value, fit.note

    return _ratio_rows(adtte, pairs, strata, wald, COX)


def profile_hazard_ratios(
    adtte: pd.DataFrame, pairs: Sequence[tuple[str, str]], strata=None, *, conf_level: float = 0.95
) -> pd.DataFrame:
    """As `hazard_ratios`, with the interval of the profile likelihood and the likelihood ratio test.

    Also where no event in one arm makes the ratio 0 or infinite: the limit on the other side is finite.
    """

    def profile(fit: CoxFit, log_likelihood: Callable[[float], float]) -> tuple:
        drop = chdtri(1, 1 - conf_level) / 2
        beta = float(np.clip(fit.coefficients[0], -_FURTHEST, _FURTHEST))

        def height(b: float) -> float:
            return log_likelihood(b) - fit.log_likelihood + drop

        low, high = (_crossing(height, beta, end) for end in (-_FURTHEST, _FURTHEST))
        test = fit.tests().iloc[0]
        return np.exp(fit.coefficients[0]), np.exp(low), np.exp(high), test["statistic"], test["p_value"], ""

    return _ratio_rows(adtte, pairs, strata, profile, COX_PROFILE)


def _crossing(height: Callable[[float], float], inside: float, end: float) -> float:
    """Where `height` falls to 0 between `inside` and `end`; infinite on the side of `end` where it does not."""
    if height(end) > 0:
        return np.sign(end) * np.inf
    return brentq(height, inside, end, xtol=1e-12, rtol=1e-12)


def cox_of_arms(rows: pd.DataFrame, experimental: str, control: str, strata=None) -> CoxFit:
    """The Cox model of two arms: its coefficient is the log hazard ratio; StudyDataError where there is none."""
    arm = rows["ARM"].to_numpy(dtype=object)
    return _cox_of_arms(rows["AVAL"], rows["CNSR"] == 0, arm, (experimental, control), strata)


def _cox_of_arms(time, event, arm: np.ndarray, pair: tuple[str, str], strata) -> CoxFit:
    for name in pair:
        if not (arm == name).any():
            raise StudyDataError(f"Nobody in {name}.")
    time, event, treated = np.asarray(time, dtype=float), np.asarray(event).astype(bool), arm == pair[0]
    if event.any() and not _compared(time, event, treated, strata):
        raise StudyDataError(NEVER_TOGETHER if strata is None else NEVER_IN_A_STRATUM)
    return fit_cox(time, event, pd.DataFrame({"Arm": treated.astype(float)}), strata)


def _compared(time: np.ndarray, event: np.ndarray, treated: np.ndarray, strata) -> bool:
    """Whether an event happens while both arms are at risk in its stratum."""
    stratum = np.zeros(len(time), dtype=int) if strata is None else pd.factorize(np.asarray(strata))[0]
    last = np.full((stratum.max() + 1, 2), -np.inf)
    np.maximum.at(last, (stratum, treated.astype(int)), time)
    return bool((event & (time <= last.min(axis=1)[stratum])).any())


def _ratio_rows(adtte: pd.DataFrame, pairs, strata, numbers, method: str) -> pd.DataFrame:
    labels = None if strata is None else np.asarray(strata)
    arm, days = adtte["ARM"].to_numpy(dtype=object), adtte["AVAL"].to_numpy(dtype=float)
    happened = (adtte["CNSR"] == 0).to_numpy(dtype=int)
    rows = []
    for experimental, control in pairs:
        kept = ((arm == experimental) | (arm == control)) & ~np.isnan(days)
        own, time, event = arm[kept], days[kept], happened[kept]
        stratum = None if labels is None else labels[kept]
        try:
            fit = _cox_of_arms(time, event, own, (experimental, control), stratum)
            model = _model(time, event, (own == experimental).astype(float)[:, None], stratum)
            found = numbers(fit, lambda beta, model=model: float(model.loglike(np.array([beta]))))
        except StudyDataError as trouble:
            found = (*[np.nan] * 5, str(trouble))
        rows.append((f"{experimental} - {control}", event.sum(), len(own), *found))
    columns = ["comparison", "n", "N", "estimate", "conf_low", "conf_high", "statistic", "p_value", "note"]
    return pd.DataFrame(rows, columns=columns).assign(
        df=1, method=method + (STRATIFIED if strata is not None else "")
    )
