"""Time to event by arm: Kaplan-Meier, its median and landmarks, log-rank, cumulative incidence, follow-up.

Tied days are grouped, never broken; who is censored on a day is still at risk for the events of that day.
Times are in days, as AVAL of ADTTE. Formulas, citations and conventions: docs/reference/methods.md.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import chdtrc
from statsmodels.duration.survfunc import survdiff

from analysis.proportions import normal_quantile
from analysis.risk_table import ROUNDING, RiskTable, greenwood, risk_table, risk_table_of, survival_curve

KAPLAN_MEIER = "Kaplan-Meier, log-log interval"
BROOKMEYER_CROWLEY = "Kaplan-Meier median, Brookmeyer-Crowley interval"
REVERSE_KAPLAN_MEIER = "reverse Kaplan-Meier median, Brookmeyer-Crowley interval"
LOG_RANK = "log-rank"
AALEN_JOHANSEN = "Aalen-Johansen, log-log interval"
EVERYBODY = "All"


def kaplan_meier(adtte: pd.DataFrame, arms: Sequence[str], conf_level: float = 0.95) -> pd.DataFrame:
    """One row per arm and day with an event or censoring, after a row at time 0: S(t) and its interval.

    `adtte` has ARM, AVAL (days) and CNSR (0 event, 1 censored). The interval is NaN where S is 1 or 0; an
    arm without participants has the time 0 row alone, S NaN.
    """
    tables = [risk_table_of(adtte, arm) for arm in arms]
    survival = [survival_curve(table) for table in tables]
    limits = [
        _log_log(s, s**2 * greenwood(table), conf_level) for s, table in zip(survival, tables, strict=True)
    ]
    sizes = [len(table.time) for table in tables]
    joined = {  # one frame at once: to join frames takes as long as to count
        "time": [table.time for table in tables],
        "n_risk": [table.n_risk for table in tables],
        "n_event": [table.n_event[0] for table in tables],
        "n_censor": [table.n_censor for table in tables],
        "estimate": survival,
        "conf_low": [low for low, _ in limits],
        "conf_high": [high for _, high in limits],
    }
    names = pd.array(list(arms), dtype="str").take(np.repeat(np.arange(len(sizes)), sizes))
    columns = {name: np.concatenate(parts) for name, parts in joined.items()}
    return pd.DataFrame({"arm": names, **columns, "method": KAPLAN_MEIER})


def median_survival(km: pd.DataFrame) -> pd.DataFrame:
    """One row per arm: the first day with S <= 0.5, `n` events of `N`; NaN where it is not reached.

    `km` is the frame of `kaplan_meier`. The limits are the first days on which the log-log limits reach 0.5
    (Brookmeyer and Crowley 1982). A stretch at exactly 0.5 gives its first day (R and SAS: its middle).
    """
    rows = [
        (
            arm,
            curve["n_risk"].iloc[0],
            curve["n_event"].sum(),
            *(_first_day_at_half(curve, column) for column in ("estimate", "conf_low", "conf_high")),
            BROOKMEYER_CROWLEY,
        )
        for arm, curve in km.groupby("arm", sort=False)
    ]
    return pd.DataFrame(rows, columns=["arm", "N", "n", "estimate", "conf_low", "conf_high", "method"])


def landmark(curves: pd.DataFrame, times: Sequence[float]) -> pd.DataFrame:
    """One row per curve and time: the estimate and interval then, and how many were still at risk.

    `curves` is a frame of `kaplan_meier` or `cumulative_incidence`. Past the last day of a curve that ends
    with a censoring the estimate is unknown: NaN.
    """
    keys = [column for column in ("arm", "cause") if column in curves]
    rows = []
    for key, curve in curves.groupby(keys, sort=False):
        numbers = curve[["time", "n_risk", "n_censor", "estimate", "conf_low", "conf_high"]].to_numpy(
            dtype=float
        )
        rows += [(*key, time, *_at(numbers, time), curve["method"].iloc[0]) for time in times]
    columns = [*keys, "time", "n_risk", "estimate", "conf_low", "conf_high", "method"]
    return pd.DataFrame(rows, columns=columns)


def log_rank(adtte: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """One row: the log-rank test of equal curves in `arms` (Mantel 1966; hypergeometric variance).

    An arm of which nobody was at risk at any event is left out, as in R; with fewer than two arms left, or no
    event, everything is NaN.
    """
    time, event = adtte["AVAL"].to_numpy(dtype=float), (adtte["CNSR"] == 0).to_numpy()
    arm = pd.Index(list(dict.fromkeys(arms))).get_indexer(adtte["ARM"])
    kept = (arm >= 0) & ~np.isnan(time)
    statistic, df = _log_rank_statistic(time[kept], event[kept], arm[kept])
    p_value = chdtrc(df, statistic)  # survdiff's own p is 1 minus a probability, which loses the small ones
    return pd.DataFrame(
        {"statistic": [statistic], "df": [df], "p_value": [float(p_value)], "method": [LOG_RANK]}
    )


def _log_rank_statistic(time: np.ndarray, event: np.ndarray, arm: np.ndarray) -> tuple[float, float]:
    """Chi-square and degrees of freedom; NaN with one arm, or when all have their event on the only event day.

    `arm` is a number: survdiff sorts the arms, which is slow for names.
    """
    first_event = time[event].min(initial=np.inf)
    informative = [number for number in np.unique(arm) if time[arm == number].max() >= first_event]
    if len(informative) < 2:
        return np.nan, np.nan
    used = np.isin(arm, informative)
    try:
        statistic, _ = survdiff(time[used], event[used], arm[used])
    except np.linalg.LinAlgError:  # the variance is 0
        return np.nan, np.nan
    return float(statistic), len(informative) - 1


def cumulative_incidence(
    frame: pd.DataFrame, arms: Sequence[str], causes: Sequence[str], conf_level: float = 0.95
) -> pd.DataFrame:
    """One row per arm, cause and day: the probability of that cause by then, others competing.

    `frame` has ARM, CIFDY (days) and CIFEVENT ("" censored); an event that `causes` does not name competes
    too. Aalen-Johansen with the delta-method variance (Marubini and Valsecchi 1995), which is Greenwood's
    when there is one cause; log-log interval, NaN where the probability is 0 or 1.
    """
    codes = {cause: code for code, cause in enumerate(causes)} | {"": -1}
    curves = []
    for arm in arms:
        rows = frame[(frame["ARM"] == arm) & frame["CIFDY"].notna()]
        code = rows["CIFEVENT"].map(codes).fillna(len(causes)).to_numpy(dtype=int)
        table = risk_table(rows["CIFDY"], code, causes=len(causes) + 1)
        for cause, n_event in zip(causes, table.n_event, strict=False):
            incidence, variance = _aalen_johansen(table, n_event)
            limits = _log_log(incidence, variance, conf_level)
            curve = _curve(table, arm, n_event, incidence, limits, AALEN_JOHANSEN)
            curve.insert(1, "cause", cause)
            curves.append(curve)
    return pd.concat(curves, ignore_index=True)


def reverse_kaplan_meier_followup(adsl_set: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """One row per arm and "All": median days of follow-up by reverse Kaplan-Meier (Schemper and Smith 1996).

    `adsl_set` has ARM, FUDY (last day followed) and STATUS: the end of follow-up is the event and death
    censors it. Participants without FUDY have no follow-up yet and are left out.
    """
    followed = adsl_set[adsl_set["FUDY"].notna()]
    ends = pd.DataFrame(
        {"ARM": followed["ARM"], "AVAL": followed["FUDY"], "CNSR": (followed["STATUS"] == "died").astype(int)}
    )
    ends = ends[ends["ARM"].isin(list(arms))]
    if EVERYBODY not in arms:
        ends = pd.concat([ends, ends.assign(ARM=EVERYBODY)])
        arms = [*arms, EVERYBODY]
    return median_survival(kaplan_meier(ends, arms)).assign(method=REVERSE_KAPLAN_MEIER)


def _aalen_johansen(table: RiskTable, n_event: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cumulative incidence F of one cause, and its variance, the squares multiplied out to running sums."""
    survival = survival_curve(table)
    if np.isnan(survival[0]):
        return survival, survival
    n, before = table.n_risk.astype(float), np.concatenate([[1.0], survival[:-1]])
    incidence = np.minimum(np.cumsum(before * n_event / n), 1.0)
    hazard_variance = np.diff(greenwood(table), prepend=0.0)
    own = before**2 * n_event * (n - n_event) / n**3
    cross = before * n_event / n**2

    def total(terms: np.ndarray) -> np.ndarray:
        return np.cumsum(terms)

    later_events = (
        incidence**2 * total(hazard_variance)
        - 2 * incidence * total(hazard_variance * incidence)
        + total(hazard_variance * incidence**2)
    )
    covariance = incidence * total(cross) - total(cross * incidence)
    return incidence, np.maximum(later_events + total(own) - 2 * covariance, 0.0)


def _log_log(estimate: np.ndarray, variance: np.ndarray, conf_level: float) -> tuple[np.ndarray, np.ndarray]:
    """estimate ** exp(+-z se / (estimate log estimate)), NaN at 0 and 1 (Kalbfleisch and Prentice 1980)."""
    low, high = np.full(len(estimate), np.nan), np.full(len(estimate), np.nan)
    inside = (estimate > 0) & (estimate < 1 - ROUNDING)
    value = estimate[inside]
    width = normal_quantile(conf_level) * np.sqrt(variance[inside]) / (-value * np.log(value))
    low[inside], high[inside] = value ** np.exp(width), value ** np.exp(-width)
    return low, high


def _curve(table: RiskTable, arm: str, n_event, estimate, limits, method: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "arm": arm,
            "time": table.time,
            "n_risk": table.n_risk,
            "n_event": n_event,
            "n_censor": table.n_censor,
            "estimate": estimate,
            "conf_low": limits[0],
            "conf_high": limits[1],
            "method": method,
        }
    )


def _first_day_at_half(curve: pd.DataFrame, column: str) -> float:
    reached = curve.loc[curve[column] <= 0.5 + ROUNDING, "time"]
    return float(reached.iloc[0]) if len(reached) else np.nan


def _at(curve: np.ndarray, time: float) -> tuple:
    """n_risk, estimate and limits at `time` of one curve: columns time, n_risk, n_censor, estimate, limits."""
    day, n_risk, n_censor = curve[:, 0], curve[:, 1], curve[:, 2]
    if time > day[-1] and (n_censor[-1] or n_risk[-1] == 0):
        return 0, np.nan, np.nan, np.nan
    at_risk = n_risk[day >= time][:1]
    row = int(np.searchsorted(day, time, side="right")) - 1
    return int(at_risk.sum()), *curve[row, 3:]
