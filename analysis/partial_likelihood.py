"""The partial likelihood of Cox's model with Efron's ties, its score and second derivatives, in one pass each.

sum over events of x'b - log(S0 - l/d D0): S0 sums exp(x'b) over those at risk, D0 over the d events of the same day
and stratum, of which l = 0 .. d - 1 came before (Efron 1977).
"""

import numpy as np


class PartialLikelihood:
    """For participants leaving at `time` with an event (`status` 1) or censored (0), a row of `values` each.

    `strata` is a number per participant, or None: those of a stratum are at risk together and nobody else.
    """

    def __init__(self, time: np.ndarray, status: np.ndarray, values: np.ndarray, strata: np.ndarray | None):
        stratum = np.zeros(len(time), dtype=int) if strata is None else np.asarray(strata)
        order = np.lexsort((-np.asarray(time, dtype=float), stratum))
        time, stratum = np.asarray(time, dtype=float)[order], stratum[order]
        self.values = np.asarray(values, dtype=float)[order]
        self.event = np.asarray(status)[order] == 1
        new_stratum = np.r_[True, stratum[1:] != stratum[:-1]]
        new_day = new_stratum | np.r_[True, time[1:] != time[:-1]]
        day = np.cumsum(new_day) - 1
        self.day = day[self.event]  # the day of each event, its number among the tied, and how many they are
        last = np.r_[np.flatnonzero(new_day)[1:], len(time)] - 1
        self.last = last[self.day]
        starts = np.flatnonzero(new_stratum)
        self.parts = [slice(*ends) for ends in zip(starts, np.r_[starts[1:], len(time)], strict=True)]
        tied = np.bincount(self.day, minlength=day[-1] + 1)
        place = np.arange(len(self.day)) - (np.cumsum(tied) - tied)[self.day]
        self.share = place / tied[self.day]

    def loglike(self, beta: np.ndarray) -> float:
        linear, weight = self._weights(beta)
        return float((linear[self.event] - np.log(self._at_risk(weight[:, None])[:, 0])).sum())

    def score(self, beta: np.ndarray) -> np.ndarray:
        _, weight = self._weights(beta)
        sums = self._at_risk(np.column_stack([weight, weight[:, None] * self.values]))
        return self.values[self.event].sum(axis=0) - (sums[:, 1:] / sums[:, :1]).sum(axis=0)

    def hessian(self, beta: np.ndarray) -> np.ndarray:
        _, weight = self._weights(beta)
        size = self.values.shape[1]
        squares = (self.values[:, :, None] * self.values[:, None, :]).reshape(len(weight), -1)
        sums = self._at_risk(weight[:, None] * np.column_stack([np.ones(len(weight)), self.values, squares]))
        mean = sums[:, 1 : size + 1] / sums[:, :1]
        return mean.T @ mean - (sums[:, size + 1 :] / sums[:, :1]).sum(axis=0).reshape(size, size)

    def _weights(self, beta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """x'b below its largest value, which drops out, and its exponential."""
        linear = self.values @ beta
        linear = linear - linear.max()
        return linear, np.exp(linear)

    def _at_risk(self, terms: np.ndarray) -> np.ndarray:
        """Per event the sum of `terms` over those at risk, the tied events before it taken out in part."""
        running = np.concatenate([np.cumsum(terms[part], axis=0) for part in self.parts])
        own = np.zeros((self.day.max() + 1, terms.shape[1]))
        np.add.at(own, self.day, terms[self.event])
        return running[self.last] - self.share[:, None] * own[self.day]
