"""Two arms at a landmark: the difference of their Kaplan-Meier curves on a day, and the test of equality there.

Klein, Logan, Harhoff and Andersen (2007): the difference itself is tested on too short a scale where a curve is near
0 or 1; their test on the complementary log-log scale keeps its level and is the one recommended.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from analysis.proportions import normal_quantile
from analysis.risk_table import ROUNDING, RiskTable, greenwood, risk_table_of, survival_curve

LANDMARK_DIFFERENCE = "Kaplan-Meier difference, Greenwood"
LANDMARK_TEST = "Complementary log-log test (Klein)"
NOTHING_YET = "No event in {arm} by then: no interval."
ALL_BY_THEN = "Everybody at risk in {arm} had the event by then: no interval."
UNKNOWN = "{arm} is not followed so long."


def landmark_differences(
    adtte: pd.DataFrame, pairs: Sequence[tuple[str, str]], days: Sequence[float], *, conf_level: float = 0.95
) -> pd.DataFrame:
    """One row per (experimental, control) and day (`time`): difference of the shares without event, Wald's test.

    `adtte` has ARM, AVAL (days) and CNSR (0 event). `n_risk` at risk in both arms on the day. Without an estimate
    or interval `note` says why.
    """
    at = _at_landmarks(adtte, pairs, days)
    variance = (at["survival_1"] ** 2 * at["hazard_1"] + at["survival_0"] ** 2 * at["hazard_0"]).where(
        at["note"] == ""
    )
    estimate = at["survival_1"] - at["survival_0"]
    width = normal_quantile(conf_level) * np.sqrt(variance)
    found = at.assign(estimate=estimate, conf_low=estimate - width, conf_high=estimate + width)
    return _tested(found, estimate**2 / variance, LANDMARK_DIFFERENCE)


def landmark_tests(
    adtte: pd.DataFrame, pairs: Sequence[tuple[str, str]], days: Sequence[float]
) -> pd.DataFrame:
    """One row per (experimental, control) and day (`time`): the test that both curves are equal on that day."""
    at = _at_landmarks(adtte, pairs, days)
    inside = at["note"] == ""
    log_1, log_0 = (np.log(at[column].where(inside)) for column in ("survival_1", "survival_0"))
    variance = at["hazard_1"] / log_1**2 + at["hazard_0"] / log_0**2
    return _tested(at, (np.log(-log_1) - np.log(-log_0)) ** 2 / variance, LANDMARK_TEST)


def _tested(at: pd.DataFrame, statistic: pd.Series, method: str) -> pd.DataFrame:
    hidden = ["survival_1", "survival_0", "hazard_1", "hazard_0"]
    p_value = chdtrc(1, statistic.astype(float))
    return at.drop(columns=hidden).assign(statistic=statistic, df=1, p_value=p_value, method=method)


def _at_landmarks(adtte: pd.DataFrame, pairs, days) -> pd.DataFrame:
    """Per pair and day the survival of both arms with Greenwood's sum (`hazard`), and why there is no variance."""
    tables = {arm: risk_table_of(adtte, arm) for pair in pairs for arm in pair}
    rows = []
    for experimental, control in pairs:
        for day in days:
            first, n1, s1, h1 = _at(tables[experimental], experimental, day)
            second, n0, s0, h0 = _at(tables[control], control, day)
            note = " ".join(said for said in (first, second) if said)
            rows.append((f"{experimental} - {control}", day, n1 + n0, s1, s0, h1, h0, note))
    columns = ["comparison", "time", "n_risk", "survival_1", "survival_0", "hazard_1", "hazard_0", "note"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[3:7], float))


def _at(table: RiskTable, arm: str, day: float) -> tuple[str, int, float, float]:
    """Why there is no variance, the number at risk, survival and Greenwood's sum of an arm on a day."""
    if not table.n_risk[0]:
        return f"Nobody in {arm}.", 0, np.nan, np.nan
    if not table.known(day):
        return UNKNOWN.format(arm=arm), 0, np.nan, np.nan
    row = table.until(day)
    survival = float(survival_curve(table)[row])
    at_risk = int(table.n_risk[table.time >= day][:1].sum())
    if survival > 1 - ROUNDING or survival == 0:
        note = ALL_BY_THEN if survival == 0 else NOTHING_YET
        return note.format(arm=arm), at_risk, float(round(survival)), 0.0
    return "", at_risk, survival, float(greenwood(table)[row])
