"""Gray's test: is the cumulative incidence of a cause the same in all arms, with the other causes competing?

Gray (1988), rho = 0. Tied days are grouped. The variance is the sum over arms and days of the squared share that
each event has in the scores, as cmprsk computes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from analysis.risk_table import risk_table, survival_curve

GRAY = "Gray's test"


def gray_tests(frame: pd.DataFrame, arms: Sequence[str], causes: Sequence[str]) -> pd.DataFrame:
    """One row per cause: Gray's test of equal cumulative incidence in `arms`; `n` events of the cause of `N`.

    `frame` has ARM, CIFDY (days) and CIFEVENT ("" censored); every other event competes. An arm with nobody at risk
    at any event is left out; `note` says why there is no test.
    """
    rows = frame[frame["ARM"].isin(list(arms)) & frame["CIFDY"].notna()]
    first_event = rows.loc[rows["CIFEVENT"] != "", "CIFDY"].min()
    at_risk = rows[rows["CIFDY"] >= first_event]
    kept = [arm for arm in arms if (at_risk["ARM"] == arm).any()]
    found = []
    for cause in causes:
        n = int((rows["CIFEVENT"] == cause).sum())
        note = "" if n else f"No event of the cause {cause}."
        if len(kept) < 2:
            note = "Fewer than two arms at risk at an event."
        statistic = np.nan if note else _statistic(at_risk, kept, cause)
        if np.isnan(statistic):
            note = note or "Everybody at risk has an event on the first day with one."
        df = len(kept) - 1 if not note else np.nan
        found.append((cause, n, len(rows), statistic, df, float(chdtrc(df, statistic)), note))
    columns = ["cause", "n", "N", "statistic", "df", "p_value", "note"]
    return pd.DataFrame(found, columns=columns).assign(method=GRAY)


def _statistic(rows: pd.DataFrame, arms: Sequence[str], cause: str) -> float:
    counts = _counted(rows, arms, cause)
    score, variance = _score(counts), _variance(counts)
    free = len(arms) - 1
    if np.linalg.matrix_rank(variance[:free, :free], hermitian=True) < free:
        return np.nan
    return float(score[:free] @ np.linalg.solve(variance[:free, :free], score[:free]))


@dataclass(frozen=True, eq=False)
class _Counted:
    """A row per arm, a column per day with an event: at risk, events of the cause, others, S(t-), S(t), F(t-)."""

    n: np.ndarray
    own: np.ndarray
    other: np.ndarray
    before: np.ndarray
    after: np.ndarray
    incidence: np.ndarray

    @property
    def weight(self) -> np.ndarray:
        """The number at risk, had nobody met a competing event or censoring: n / S(t-)."""
        return self.n / np.where(self.n > 0, self.before, 1.0)


def _counted(rows: pd.DataFrame, arms: Sequence[str], cause: str) -> _Counted:
    code = np.select([rows["CIFEVENT"] == cause, rows["CIFEVENT"] != ""], [0, 1], -1)
    days = np.unique(rows.loc[rows["CIFEVENT"] != "", "CIFDY"])
    day, in_arm = rows["CIFDY"].to_numpy(dtype=float), [(rows["ARM"] == arm).to_numpy() for arm in arms]
    parts = [_of_arm(day[here], code[here], days) for here in in_arm]
    return _Counted(*(np.stack(values) for values in zip(*parts, strict=True)))


def _of_arm(day: np.ndarray, code: np.ndarray, days: np.ndarray) -> tuple:
    """The fields of `_Counted` of one arm."""
    table = risk_table(day, code, causes=2)
    survival = survival_curve(table)
    before = np.concatenate([[1.0], survival[:-1]])
    incidence = np.cumsum(before * table.n_event[0] / np.maximum(table.n_risk, 1))
    row = np.searchsorted(table.time, days, side="right") - 1
    today = table.time[row] == days
    n = np.array([table.n_risk[table.time >= d][:1].sum() for d in days])
    own, other = table.n_event[0][row] * today, table.n_event[1][row] * today
    earlier = np.where(today, row - 1, row)
    return n, own, other, survival[earlier], survival[row], incidence[earlier]


def _score(counts: _Counted) -> np.ndarray:
    """Per arm: events of the cause minus those expected with the subdistribution hazard of all arms."""
    own = counts.own.sum(axis=0)
    share = counts.weight * (1 - counts.incidence)
    return (counts.own - own * share / share.sum(axis=0)).sum(axis=1)


def _variance(counts: _Counted) -> np.ndarray:
    """Covariance of the scores: what an event in arm k adds to the score of arm i, squared, times its variance."""
    own, weight = counts.own.sum(axis=0), counts.weight
    total = weight.sum(axis=0)
    pooled = np.cumsum(own / total)
    hazard = own / (total * (1 - np.concatenate([[0.0], pooled[:-1]])))
    now = np.eye(len(weight))[:, :, None] * weight - weight[:, None] * weight / total
    cumulated = np.cumsum(now * hazard, axis=2)
    later = cumulated[:, :, -1:] - cumulated
    alive = counts.after > 0
    free = np.where(alive, (1 - pooled) / np.where(alive, counts.after, 1.0), 0.0)
    by_cause = now + (1 - free) * later
    by_others = free * later
    return np.einsum("ikt,jkt,kt->ij", by_cause, by_cause, _own_variance(counts, own, total)) + np.einsum(
        "ikt,jkt,kt->ij", by_others, by_others, _other_variance(counts) * alive
    )


def _own_variance(counts: _Counted, own: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Variance of the subdistribution's step in each arm, by the pooled hazard, ties as drawn without replacement."""
    tied = _tied(own, total * counts.before)
    return np.where(counts.n > 0, tied * counts.before * own / (total * np.maximum(counts.n, 1)), 0.0)


def _other_variance(counts: _Counted) -> np.ndarray:
    n = np.maximum(counts.n, 1)
    return _tied(counts.other, counts.n) * counts.before**2 * counts.other / n**2


def _tied(events: np.ndarray, n: np.ndarray) -> np.ndarray:
    """1 - (d - 1) / (n - 1), and 1 for a single event."""
    return 1 - np.where(events > 1, events - 1, 0) / np.where(n > 1, n - 1, 1.0)
