"""Who was at risk, had an event or was censored on each day, and the curve and variance that follow."""

from dataclasses import dataclass

import numpy as np

ROUNDING = 1e-12  # a product of fractions that is one half on paper may be computed a little above it


@dataclass(frozen=True, eq=False)
class RiskTable:
    """Counts at time 0 and at each distinct day; `n_event` has one row per cause."""

    time: np.ndarray
    n_risk: np.ndarray
    n_event: np.ndarray
    n_censor: np.ndarray

    @property
    def events(self) -> np.ndarray:
        return self.n_event.sum(axis=0)

    def known(self, day: float) -> bool:
        """Whether the curve has a value on that day: not past a last day with a censoring, not without anybody."""
        return bool(self.n_risk[0]) and (day <= self.time[-1] or not self.n_censor[-1])

    def until(self, day: float) -> int:
        """The row of the last day up to that one."""
        return int(np.searchsorted(self.time, day, side="right")) - 1


def risk_table(time, code: np.ndarray, *, causes: int = 1) -> RiskTable:
    """`time` in days, `code` the number of the cause, -1 for censored; a value per participant."""
    days, index = np.unique(np.asarray(time, dtype=float), return_inverse=True)
    leaving = np.bincount(index * (causes + 1) + code + 1, minlength=days.size * (causes + 1))
    leaving = np.concatenate([np.zeros((1, causes + 1), dtype=int), leaving.reshape(-1, causes + 1)])
    gone = sum(leaving.T)
    left_before = np.cumsum(gone) - gone
    return RiskTable(
        time=np.concatenate([[0.0], days]),
        n_risk=len(time) - left_before,
        n_event=leaving[:, 1:].T,
        n_censor=leaving[:, 0],
    )


def risk_table_of(adtte, arm: str) -> RiskTable:
    """The risk table of one arm: ARM, AVAL in days, CNSR 0 for an event."""
    time, censored = (adtte[column].to_numpy(dtype=float) for column in ("AVAL", "CNSR"))
    own = (adtte["ARM"] == arm).to_numpy() & ~np.isnan(time)
    return risk_table(time[own], np.where(censored[own] == 0, 0, -1))


def survival_curve(table: RiskTable) -> np.ndarray:
    """Kaplan-Meier: the product of 1 - d / n up to each day; NaN without anybody."""
    if table.n_risk[0] == 0:
        return np.array([np.nan])
    return np.cumprod(1 - table.events / table.n_risk)


def greenwood(table: RiskTable) -> np.ndarray:
    """Sum of d / (n (n - d)) up to each day; a day that takes everybody adds 0, S being 0 from there."""
    survivors = table.n_risk - table.events
    terms = np.zeros(len(table.time))
    np.divide(table.events, table.n_risk * survivors, out=terms, where=survivors > 0)
    return np.cumsum(terms)
