"""Restricted maximum likelihood with an unstructured covariance of the visits, by Fisher scoring and Newton steps.

Patterson & Thompson 1971; Jennrich & Schluchter 1986. All matrices of a pattern of missing visits are kept at
full size with zeros at the missing visits, so that patterns are one axis of an array.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.mmrm.layout import Layout
from trialdata.errors import StudyDataError

MOST_STEPS = 200
MOST_HALVINGS = 30
NEAR = 1.0  # squared length of a step in standard errors below which Newton's steps are taken
CLOSE_ENOUGH = 1e-14
NOT_CONVERGED = (
    "The covariance of the visits could not be estimated: too few participants were counted at the same visits, or "
    "the values of an arm do not vary. "
    "Take visits with few values out of weeks in the study definition, or look at a later cut."
)


class SingularError(ValueError):
    """A covariance matrix is not positive definite."""


@dataclass(frozen=True, eq=False)
class Fit:
    """The model at one covariance matrix of the visits.

    beta: generalised least squares coefficients (those of `Layout.kept`, visit by visit); phi their model-based
    covariance; inverse: of the covariance of each pattern; log_likelihood: restricted, with all constants.
    """

    layout: Layout
    covariance: np.ndarray
    inverse: np.ndarray
    beta: np.ndarray
    phi: np.ndarray
    residuals: np.ndarray
    log_likelihood: float

    @cached_property
    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """The covariance parameters: row and column of the lower triangle, column by column."""
        column, row = np.triu_indices(len(self.covariance))
        return row, column

    @cached_property
    def explained(self) -> np.ndarray:
        """By pattern, inverse x (sum of X phi X') x inverse."""
        visits, columns = self.layout.kept.shape
        full = np.zeros((visits * columns,) * 2)
        full[np.ix_(self.layout.kept.ravel(), self.layout.kept.ravel())] = self.phi
        blocks = full.reshape(visits, columns, visits, columns)
        of_pattern = np.einsum("guv,aubv->gab", self.layout.zz, blocks, optimize=True)
        return self.inverse @ of_pattern @ self.inverse

    @cached_property
    def left_over(self) -> np.ndarray:
        """By pattern, inverse x (sum of residual cross products) x inverse."""
        squares = self.layout.summed(self.residuals[:, :, None] * self.residuals[:, None, :])
        return self.inverse @ squares @ self.inverse

    @cached_property
    def score(self) -> np.ndarray:
        """First derivatives of the restricted log likelihood by the covariance parameters."""
        weighted = self.layout.members[:, None, None] * self.inverse
        total = (self.left_over + self.explained - weighted).sum(axis=0)
        row, column = self.pairs
        return total[row, column] * np.where(row == column, 0.5, 1.0)

    @cached_property
    def design_derivatives(self) -> np.ndarray:
        """P_k: derivatives of X' V^-1 X by each covariance parameter (Kenward & Roger 1997)."""
        row, column = self.pairs
        patterns, visits, columns = len(self.inverse), *self.layout.kept.shape
        flat = self.inverse.reshape(patterns, -1)
        weighted = flat[:, :, None] * self.layout.zz.reshape(patterns, 1, -1)
        products = flat.T @ weighted.reshape(patterns, -1)
        products = products.reshape(*(visits,) * 4, columns, columns)
        outer, turned = products[:, row, column], products[:, column, row]
        both = np.where((row == column)[:, None, None, None], outer, outer + turned)
        blocks = -both.transpose(1, 0, 3, 2, 4)
        return self._chosen(blocks)

    @cached_property
    def expected_information(self) -> np.ndarray:
        """Expected information about the covariance parameters under the restricted likelihood."""
        weighted = self.layout.members[:, None, None] * self.inverse
        crossed = self.phi @ self.design_derivatives
        flat, turned = crossed.reshape(len(crossed), -1), crossed.transpose(0, 2, 1).reshape(len(crossed), -1)
        return 0.5 * (self._traces(weighted - 2 * self.explained) + flat @ turned.T)

    @cached_property
    def observed_information(self) -> np.ndarray:
        """Minus the second derivatives of the restricted log likelihood by the covariance parameters."""
        row, column = self.pairs
        moments = self.layout.summed(self.residuals[:, :, None] * self.layout.z[:, None, :])
        scaled = self.inverse @ moments
        outer = np.einsum("gak,gku->kau", self.inverse[:, :, row], scaled[:, column], optimize=True)
        turned = np.einsum("gak,gku->kau", self.inverse[:, :, column], scaled[:, row], optimize=True)
        both = np.where((row == column)[:, None, None], outer, outer + turned)
        moved = both.reshape(len(row), -1)[:, self.layout.kept.ravel()]
        return self._traces(self.left_over) - moved @ self.phi @ moved.T - self.expected_information

    def _traces(self, other: np.ndarray) -> np.ndarray:
        """By pair of parameters (k, l) the trace of E_k inverse E_l other, added up over the patterns."""
        row, column = self.pairs
        patterns, visits, _ = self.inverse.shape
        flat = self.inverse.reshape(patterns, -1).T @ other.reshape(patterns, -1)
        products = flat.reshape(visits, visits, visits, visits)
        total = sum(
            products[b[:, None], c, d, a[:, None]]
            for a, b in ((row, column), (column, row))
            for c, d in ((row, column), (column, row))
        )
        once = np.where(row == column, 0.5, 1.0)
        return total * once[:, None] * once

    def _chosen(self, blocks: np.ndarray) -> np.ndarray:
        """Arrays over (visit, covariate) squared as matrices over the coefficients of the model."""
        kept = np.flatnonzero(self.layout.kept.ravel())
        size = self.layout.kept.size
        return blocks.reshape(-1, size, size)[:, kept[:, None], kept]


def fit_reml(layout: Layout) -> Fit:
    """The fit with the largest restricted likelihood; StudyDataError where it is not found.

    Starts at the variances of each visit without correlation. Near the maximum the observed information takes the
    place of the expected one: with many missing visits Fisher's steps overshoot. A step is halved until the
    covariance is positive definite and the likelihood does not fall.
    """
    try:
        fit = fit_at(layout, start(layout))
        for _ in range(MOST_STEPS):
            step = _step(fit)
            if fit.score @ step < CLOSE_ENOUGH:
                return fit
            fit = _improved(fit, step)
    except (SingularError, np.linalg.LinAlgError):
        pass
    raise StudyDataError(NOT_CONVERGED)


def start(layout: Layout) -> np.ndarray:
    """Residual variance of each visit after ordinary least squares, without correlation."""
    variances = []
    present = np.repeat(layout.observed, layout.members, axis=0)
    for visit, kept in enumerate(layout.kept):
        z, y = layout.z[present[:, visit]][:, kept], layout.y[present[:, visit], visit]
        residual = y - z @ np.linalg.lstsq(z, y, rcond=None)[0]
        variances.append(residual @ residual / max(len(y) - z.shape[1], 1))
    if min(variances) <= 0:
        raise SingularError("no spread at a visit")
    return np.diag(variances)


def fit_at(layout: Layout, covariance: np.ndarray) -> Fit:
    """The model with this covariance of the visits; SingularError unless it is positive definite."""
    present = layout.observed[:, :, None] & layout.observed[:, None, :]
    absent = np.eye(len(covariance)) * ~layout.observed[:, :, None]
    padded = np.where(present, covariance, 0.0) + absent
    try:
        roots = np.linalg.cholesky(padded)
    except np.linalg.LinAlgError as error:
        raise SingularError("covariance") from error
    inverse = np.where(present, np.linalg.inv(padded), 0.0)
    kept = layout.kept.ravel()
    blocks = np.einsum("gab,guv->aubv", inverse, layout.zz, optimize=True).reshape(kept.size, kept.size)
    moments = layout.summed(layout.y[:, :, None] * layout.z[:, None, :])
    right = np.einsum("gab,gbu->au", inverse, moments).ravel()[kept]
    information = blocks[np.ix_(kept, kept)]
    phi = np.linalg.inv(information)
    phi = (phi + phi.T) / 2
    beta = phi @ right
    full = np.zeros(kept.size)
    full[kept] = beta
    fitted = layout.z @ full.reshape(layout.kept.shape).T
    residuals = np.where(np.repeat(layout.observed, layout.members, axis=0), layout.y - fitted, 0.0)
    weights = np.repeat(inverse, layout.members, axis=0)
    squares = np.einsum("ia,iab,ib->", residuals, weights, residuals, optimize=True)
    determinant = 2 * (layout.members @ np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(axis=1))
    sign, design = np.linalg.slogdet(information)
    if sign <= 0:
        raise SingularError("design")
    constant = (layout.responses - layout.coefficients) * np.log(2 * np.pi)
    likelihood = -0.5 * (constant + determinant + design + squares)
    return Fit(layout, covariance, inverse, beta, phi, residuals, float(likelihood))


def _step(fit: Fit) -> np.ndarray:
    """Fisher's step, or Newton's where it is short and the likelihood is concave."""
    fisher = np.linalg.solve(fit.expected_information, fit.score)
    if fit.score @ fisher > NEAR:
        return fisher
    try:
        np.linalg.cholesky(fit.observed_information)
    except np.linalg.LinAlgError:
        return fisher
    return np.linalg.solve(fit.observed_information, fit.score)


def _improved(fit: Fit, step: np.ndarray) -> Fit:
    """The fit after a step, halved until it is one and the likelihood does not fall."""
    row, column = fit.pairs
    for halving in range(MOST_HALVINGS):
        moved = fit.covariance.copy()
        moved[row, column] += step / 2**halving
        moved[column, row] = moved[row, column]
        try:
            trial = fit_at(fit.layout, moved)
        except SingularError:
            continue
        if trial.log_likelihood >= fit.log_likelihood - 1e-9:
            return trial
    raise SingularError("no step improves the likelihood")
