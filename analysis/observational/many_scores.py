"""Logistic regressions of many resamples at once: the same participants, each in a resample so many times.

Maximum likelihood by Newton's method; where it has no finite answer, Firth's penalised likelihood: as
`analysis.logistic` does for one sample. Steps are halved until the likelihood does not fall.
"""

import numpy as np
from scipy.special import expit

STEPS = 30  # where arms are separated a step adds about 1 to the linear predictors, for ever
FIRTH_STEPS = 200
HALVINGS = 40
SOLVED = 1e-8  # distance from the maximum, in standard errors
SLACK = 1e-9  # fall of a log likelihood that is rounding
LONGEST_STEP = 5.0  # of a linear predictor
DETERMINED = 1e-9  # of a column's squared length: what is left of it after those before it is rounding
FLAT = 1e-14  # curvature that is none, where that without covariates is a quarter at most
AT_ONCE = 250
ONE_THREAD = 200_000  # multiplications that OpenBLAS does not share out
MOST_NUMBERS = 4_000_000  # of an array of participants, resamples and pairs of columns


def fit_many(X: np.ndarray, y: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients of each resample (a row each), and whether there are any.

    `X`: a row per participant, the intercept first; `y`: 0 or 1; `counts`: a row per resample, how often each
    participant is in it. A column that the columns before it determine in a resample has the coefficient 0 there.
    """
    counts = np.asarray(counts, float)
    beta, solved = _in_blocks(X, y, counts, AT_ONCE, penalised=False)
    again = np.flatnonzero(~solved)
    block = max(1, min(AT_ONCE, MOST_NUMBERS // (len(X) * X.shape[1] ** 2)))
    beta[again], solved[again] = _in_blocks(X, y, counts[again], block, penalised=True)
    return beta, solved


def probabilities(X: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """The fitted probability of every participant in every resample."""
    return expit(beta @ X.T)


def determined(X: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Which columns of each resample the columns before them determine."""
    return _left_out(_orthonormal(X, counts))


def _in_blocks(
    X: np.ndarray, y: np.ndarray, counts: np.ndarray, block: int, *, penalised: bool
) -> tuple[np.ndarray, np.ndarray]:
    beta, solved = np.zeros((len(counts), X.shape[1])), np.zeros(len(counts), bool)
    for start in range(0, len(counts), block):
        part = slice(start, start + block)
        beta[part], solved[part] = _climb(_Likelihood(X, y, counts[part], penalised=penalised))
    return beta, solved


class _Likelihood:
    """The log likelihood of each resample, `penalised` by log|information|/2 or not, on columns of its own.

    These are orthonormal combinations of the columns of X that are not determined in the resample.
    """

    def __init__(self, X: np.ndarray, y: np.ndarray, counts: np.ndarray, *, penalised: bool) -> None:
        self.X, self.squares = X, _squares(X)
        self.basis = _orthonormal(X, counts)
        self.determined = np.eye(X.shape[1]) * _left_out(self.basis)[:, None, :]
        self.y, self.counts, self.penalised = y, counts, penalised

    def value(self, rows: np.ndarray, gamma: np.ndarray) -> np.ndarray:
        linear = self.linear(rows, gamma)
        found = (self.counts[rows] * (self.y * linear - np.logaddexp(0, linear))).sum(axis=1)
        if not self.penalised:
            return found
        p = expit(linear)
        sign, log_determinant = np.linalg.slogdet(self.weighed(rows, p * (1 - p) * self.counts[rows]))
        return np.where(sign > 0, found + log_determinant / 2, -np.inf)

    def slopes(self, rows: np.ndarray, gamma: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The first derivatives, and minus the second; of a penalised one the information where not concave."""
        counts, p = self.counts[rows], expit(self.linear(rows, gamma))
        weight = counts * p * (1 - p)
        information = self.weighed(rows, weight)
        residual = counts * (self.y - p)
        if not self.penalised:
            return self.combined(rows, residual), information
        values, vectors = np.linalg.eigh(information)
        half = self.X @ (self.basis[rows] @ (vectors / np.sqrt(np.maximum(values, FLAT))[:, None, :]))
        leverage, tilt = weight * (half**2).sum(axis=2), 1 - 2 * p
        score = self.combined(rows, residual + leverage * tilt / 2)
        products = (half[..., :, None] * half[..., None, :]).reshape(*p.shape, -1)
        mixed = (self.X @ self.basis[rows] * (tilt * weight)[..., None]).swapaxes(1, 2) @ products
        own = self.weighed(rows, weight - leverage * (tilt**2 - 2 * p * (1 - p)) / 2)
        curvature = own + mixed @ mixed.swapaxes(1, 2) / 2
        concave = np.linalg.eigvalsh(curvature)[:, 0] > FLAT
        return score, np.where(concave[:, None, None], curvature, information)

    def linear(self, rows: np.ndarray, gamma: np.ndarray) -> np.ndarray:
        return _product(self.coefficients(rows, gamma), self.X.T)

    def coefficients(self, rows: np.ndarray, gamma: np.ndarray) -> np.ndarray:
        """Those of the columns of X."""
        return (self.basis[rows] @ gamma[..., None])[..., 0]

    def divided(self, rows: np.ndarray, gamma: np.ndarray) -> np.ndarray:
        """Whether the linear predictor tells all answers apart: then the likelihood has no maximum."""
        right = (2 * self.y - 1) * self.linear(rows, gamma) > 0
        return (right | (self.counts[rows] == 0)).all(axis=1)

    def furthest(self, rows: np.ndarray, gamma: np.ndarray) -> np.ndarray:
        """The largest linear predictor of those who are in the resample."""
        return (np.abs(self.linear(rows, gamma)) * (self.counts[rows] > 0)).max(axis=1)

    def combined(self, rows: np.ndarray, values: np.ndarray) -> np.ndarray:
        return (_product(values, self.X)[:, None, :] @ self.basis[rows])[:, 0]

    def weighed(self, rows: np.ndarray, weight: np.ndarray) -> np.ndarray:
        basis, size = self.basis[rows], self.X.shape[1]
        return (
            basis.swapaxes(1, 2) @ _product(weight, self.squares).reshape(-1, size, size) @ basis
            + self.determined[rows]
        )


def _climb(likelihood: _Likelihood) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients of X at the maximum of each resample, and whether it was reached."""
    number, size = likelihood.basis.shape[:2]
    gamma, solved = np.zeros((number, size)), np.zeros(number, bool)
    everyone = moving = np.arange(number)
    value = likelihood.value(moving, gamma)
    for _ in range(FIRTH_STEPS if likelihood.penalised else STEPS):
        score, curvature = likelihood.slopes(moving, gamma[moving])
        step = np.linalg.solve(curvature + FLAT * np.eye(size), score[..., None])[..., 0]
        done = (score * step).sum(axis=1) < SOLVED**2
        lost = (
            np.zeros(len(moving), bool) if likelihood.penalised else likelihood.divided(moving, gamma[moving])
        )
        solved[moving[done & ~lost]] = True
        moving, step = moving[~done & ~lost], step[~done & ~lost]
        if not len(moving):
            break
        longest = np.maximum(likelihood.furthest(moving, step), LONGEST_STEP)
        step *= (LONGEST_STEP / longest)[:, None]
        gamma[moving], value[moving] = _risen(likelihood, moving, gamma[moving], step, value[moving])
    return likelihood.coefficients(everyone, gamma), solved


def _risen(
    likelihood: _Likelihood, rows: np.ndarray, gamma: np.ndarray, step: np.ndarray, value: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """After a step, halved as often as it takes for the likelihood not to fall; where none does, no step."""
    reached = gamma + step
    found = likelihood.value(rows, reached)
    for halved in range(1, HALVINGS + 1):
        fallen = np.flatnonzero(~(found >= value - SLACK))
        if not len(fallen):
            break
        reached[fallen] = gamma[fallen] + step[fallen] * (0.5**halved if halved < HALVINGS else 0.0)
        found[fallen] = likelihood.value(rows[fallen], reached[fallen])
    return reached, found


def _orthonormal(X: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Of each resample the matrix B with orthonormal columns X B; a column of 0 for each that is determined."""
    products = _product(counts, _squares(X)).reshape(len(counts), X.shape[1], X.shape[1])
    length = np.sqrt(np.einsum("bjj->bj", products))
    length = np.where(length > 0, length, 1.0)
    products /= length[:, :, None] * length[:, None, :]
    basis = np.zeros_like(products)
    for place in range(X.shape[1]):
        along = (basis.swapaxes(1, 2) @ products[:, :, place, None])[..., 0]
        rest = np.eye(X.shape[1])[place] - (basis @ along[..., None])[..., 0]
        left = np.einsum("bi,bij,bj->b", rest, products, rest)
        kept = left > DETERMINED
        basis[:, :, place] = np.where(kept[:, None], rest / np.sqrt(np.where(kept, left, 1.0))[:, None], 0.0)
    return basis / length[:, :, None]


def _product(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """rows @ columns, some rows at a time: a large product wakes threads that then spin between the next ones."""
    at_once = max(1, ONE_THREAD // columns.size)
    return np.concatenate([rows[at : at + at_once] @ columns for at in range(0, len(rows), at_once)])


def _left_out(basis: np.ndarray) -> np.ndarray:
    return np.asarray((basis == 0).all(axis=1))


def _squares(X: np.ndarray) -> np.ndarray:
    """Of each participant the products of every two columns."""
    return (X[:, :, None] * X[:, None, :]).reshape(len(X), -1)
