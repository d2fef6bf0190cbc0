"""Repeated measures laid out by participant and visit: covariates once per participant, patterns of missing visits.

Every covariate acts at every visit with a coefficient of its own, so the design matrix of a participant is the
identity over visits times the covariates (a Kronecker product), less the coefficients that the model leaves out.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Layout:
    """Participants with at least one response, grouped by the visits at which they have one.

    y: responses, participants by visits, 0 where missing; z: covariates, participants by columns. `kept` says of
    each (visit, covariate) whether the model has that coefficient. Patterns: `observed` visits, number of
    `members` and cross products `zz` of the covariates; participants are sorted by pattern, `starts` where each
    begins.
    """

    y: np.ndarray
    z: np.ndarray
    kept: np.ndarray
    observed: np.ndarray
    members: np.ndarray
    starts: np.ndarray
    zz: np.ndarray

    @property
    def responses(self) -> int:
        return int((self.observed.sum(axis=1) * self.members).sum())

    @property
    def coefficients(self) -> int:
        return int(self.kept.sum())

    def summed(self, values: np.ndarray) -> np.ndarray:
        """Values of participants (first axis) added up by pattern."""
        return np.add.reduceat(values, self.starts, axis=0)


def repeated_measures(y: np.ndarray, z: np.ndarray, kept: np.ndarray | None = None) -> Layout:
    """Responses `y` (participants by visits, NaN missing) and covariates `z` (participants by columns) laid out."""
    present = ~np.isnan(y)
    someone = present.any(axis=1)
    y, z, present = y[someone], z[someone], present[someone]
    observed, pattern, members = np.unique(present, axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(pattern.ravel(), kind="stable")
    y, z, present = y[order], z[order], present[order]
    starts = np.concatenate([[0], np.cumsum(members)[:-1]])
    if kept is None:
        kept = np.ones((y.shape[1], z.shape[1]), dtype=bool)
    return Layout(
        y=np.where(present, y, 0.0),
        z=z,
        kept=kept,
        observed=observed,
        members=members,
        starts=starts,
        zz=np.add.reduceat(z[:, :, None] * z[:, None, :], starts, axis=0),
    )
