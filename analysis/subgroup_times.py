"""Times within subgroups: the hazard ratio of each level, and whether the levels differ.

Each level has a Cox model of its own with the arm alone; the test of interaction compares one model of all levels
with and without arm x level. Method: docs/reference/methods/subgroups.md.
"""

import math

import pandas as pd

from analysis.cox import COX, COX_PROFILE, fit_cox, hazard_ratios, profile_hazard_ratios
from analysis.subgroup_rates import ESTIMATE_COLUMNS, arm_by_level, interactions
from analysis.subgroups import LEVEL
from trialdata.errors import StudyDataError

HAZARD_RATIO = "hazard ratio"
HAZARDS = {COX: hazard_ratios, COX_PROFILE: profile_hazard_ratios}
TIMES = ["USUBJID", "ARM", "AVAL", "CNSR"]
COX_LIKELIHOOD_RATIO = "likelihood ratio of arm by level, Cox"


def level_hazard_ratios(
    tables: pd.DataFrame,
    members: pd.DataFrame,
    adtte: pd.DataFrame,
    pair: tuple[str, str],
    *,
    method: str = COX,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """One row per level: the hazard ratio of `pair` (experimental, control) in a Cox model of that level alone.

    `tables` and `members` as in analysis/subgroups.py, with events as `x`; `adtte` has USUBJID, ARM, AVAL (days)
    and CNSR (0 event). NaN with a `note` where a level has too few or the model no finite answer.
    """
    listed = members[["USUBJID", *LEVEL]].merge(adtte[TIMES], on="USUBJID")
    by_level = dict(iter(listed.groupby(LEVEL, sort=False)))
    rows = []
    for row in tables.itertuples():
        numbers, note = [math.nan] * 3, row.note
        if not note:
            own = by_level[row.column, row.level]
            found = HAZARDS[method](own, [pair], conf_level=conf_level)
            numbers = [float(found[name].iloc[0]) for name in ("estimate", "conf_low", "conf_high")]
            note = found["note"].iloc[0]
        rows.append((row.column, row.level, HAZARD_RATIO, *numbers, method, note))
    return pd.DataFrame(rows, columns=ESTIMATE_COLUMNS)


def hazard_interactions(
    tables: pd.DataFrame, members: pd.DataFrame, adtte: pd.DataFrame, pair: tuple[str, str]
) -> pd.DataFrame:
    """One row per subgroup column: likelihood-ratio test of arm x level in a Cox model with arm and levels."""
    compared = adtte.loc[adtte["ARM"].isin(pair) & adtte["AVAL"].notna(), TIMES]
    listed = members[["USUBJID", *LEVEL]].merge(compared, on="USUBJID")
    by_column = dict(iter(listed.groupby("column", sort=False)))

    def test(levels: pd.DataFrame) -> tuple[float, float, str, str]:
        rows, names = by_column[levels["column"].iloc[0]], list(levels["level"])
        return _likelihood_ratio(rows[rows["level"].isin(names)], names, pair[0])

    return interactions(tables, test=test, method=COX_LIKELIHOOD_RATIO)


def _likelihood_ratio(rows: pd.DataFrame, levels: list[str], experimental: str):
    common, each = arm_by_level(rows["ARM"] == experimental, rows["level"], levels)
    event = rows["CNSR"] == 0
    try:
        fits = [fit_cox(rows["AVAL"], event, X) for X in (common, each)]
    except StudyDataError as trouble:
        return math.nan, math.nan, COX_LIKELIHOOD_RATIO, f"not estimable: {trouble}"
    if any(fit.note for fit in fits):
        return math.nan, math.nan, COX_LIKELIHOOD_RATIO, "not estimable: no event in an arm of a level"
    statistic = 2 * (fits[1].log_likelihood - fits[0].log_likelihood)
    return max(statistic, 0.0), len(levels) - 1, COX_LIKELIHOOD_RATIO, ""
