"""Standard errors and degrees of freedom of contrasts: Kenward-Roger and Satterthwaite.

For a single contrast l the Kenward-Roger degrees of freedom are 2 (l'phi l)^2 / (g'W g) with g the derivatives of
l'phi l by the covariance parameters and W their covariance, its scale is 1: what Satterthwaite's formula gives
(Kenward & Roger 1997, section 4; Giesbrecht & Burns 1985; Fai & Cornelius 1996). The two differ in the standard
error. W is the inverse of the expected information (Kenward & Roger 1997, R pbkrtest) or of the observed
information (SAS PROC MIXED, R mmrm, R lmerTest). An unstructured covariance is linear in its parameters, so the
second derivatives (R_ij) of Kenward and Roger vanish.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from analysis.mmrm.reml import NOT_CONVERGED, Fit
from trialdata.errors import StudyDataError


@dataclass(frozen=True, eq=False)
class Inference:
    """Estimate, standard error and degrees of freedom of each contrast (row)."""

    estimate: np.ndarray
    std_error: np.ndarray
    df: np.ndarray

    @property
    def statistic(self) -> np.ndarray:
        return self.estimate / self.std_error

    @property
    def p_value(self) -> np.ndarray:
        """Two-sided p of no difference from 0, t distribution."""
        return 2 * stdtr(self.df, -np.abs(self.statistic))

    def interval(self, conf_level: float) -> tuple[np.ndarray, np.ndarray]:
        half = stdtrit(self.df, (1 + conf_level) / 2) * self.std_error
        return self.estimate - half, self.estimate + half


def kenward_roger(fit: Fit, contrasts: np.ndarray) -> Inference:
    """Kenward-Roger 1997: expected information, standard errors adjusted for the estimated covariance."""
    return _adjusted(fit, contrasts, parameter_covariance(fit.expected_information))


def kenward_roger_observed(fit: Fit, contrasts: np.ndarray) -> Inference:
    """Kenward-Roger with the observed information in both places, as SAS PROC MIXED and R mmrm have it."""
    return _adjusted(fit, contrasts, parameter_covariance(fit.observed_information))


def satterthwaite(fit: Fit, contrasts: np.ndarray) -> Inference:
    """Satterthwaite degrees of freedom with the observed information; model-based standard errors."""
    variance = np.einsum("ca,ab,cb->c", contrasts, fit.phi, contrasts)
    df = degrees_of_freedom(fit, contrasts, parameter_covariance(fit.observed_information))
    return Inference(contrasts @ fit.beta, np.sqrt(variance), df)


def parameter_covariance(information: np.ndarray) -> np.ndarray:
    """Covariance of the covariance parameters; StudyDataError when the likelihood has no proper maximum."""
    try:
        np.linalg.cholesky(information)
    except np.linalg.LinAlgError as error:
        raise StudyDataError(NOT_CONVERGED) from error
    return np.linalg.inv(information)


def degrees_of_freedom(fit: Fit, contrasts: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """2 (l'phi l)^2 / (g'W g) of each contrast, W being `spread`."""
    moved = contrasts @ fit.phi
    variance = np.einsum("ca,ca->c", moved, contrasts)
    slopes = -np.einsum("ca,kab,cb->ck", moved, fit.design_derivatives, moved, optimize=True)
    return 2 * variance**2 / np.einsum("ck,kl,cl->c", slopes, spread, slopes, optimize=True)


def adjusted_covariance(fit: Fit, spread: np.ndarray) -> np.ndarray:
    """phi + 2 phi [sum W_kl (Q_kl - P_k phi P_l)] phi (Kenward & Roger 1997, equation 4 without R_kl)."""
    row, column = fit.pairs
    visits, columns = fit.layout.kept.shape
    number = np.empty((visits, visits), dtype=int)
    number[row, column] = number[column, row] = np.arange(len(row))
    whole = spread[number[:, :, None, None], number]
    inner = np.einsum("abcd,gbc->gad", whole, fit.inverse, optimize=True)
    middle = fit.inverse @ inner @ fit.inverse
    blocks = np.einsum("gab,guv->aubv", middle, fit.layout.zz, optimize=True)
    kept = np.flatnonzero(fit.layout.kept.ravel())
    second = blocks.reshape(visits * columns, visits * columns)[np.ix_(kept, kept)]
    derivatives = fit.design_derivatives
    weighted = np.tensordot(spread, derivatives, axes=1)
    product = (derivatives @ fit.phi @ weighted).sum(axis=0)
    return fit.phi + 2 * fit.phi @ (second - product) @ fit.phi


def _adjusted(fit: Fit, contrasts: np.ndarray, spread: np.ndarray) -> Inference:
    covariance = adjusted_covariance(fit, spread)
    variance = np.einsum("ca,ab,cb->c", contrasts, covariance, contrasts)
    df = degrees_of_freedom(fit, contrasts, spread)
    return Inference(contrasts @ fit.beta, np.sqrt(variance), df)
