"""Rates and their difference when the answers that are missing or pending are taken in other ways.

Of the due, some have no answer (MISSING) and some may still give one (PENDING). The main analysis counts both as no
response; each strategy here says otherwise of the `unknown` ones, all of the MISSING or both states together, and the
others stay no response. Definitions: docs/reference/methods/missing_data.md.
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis import proportions
from analysis.imputation import IMPUTATIONS, POOLED, Imputed, pooled_difference, pooled_rate
from analysis.rate_methods import MIETTINEN_NURMINEN, WILSON

UNKNOWN = {"missing": ("MISSING",), "pending and missing": ("PENDING", "MISSING")}
STRATEGIES = ("nonresponse", "available", "best", "worst", "all", "carried", "imputed")
NOBODY_DUE = "nobody due in an arm"
NOBODY_ANSWERED = "nobody has an answer in an arm"
COLUMNS = ["strategy", "arm", "comparison", "measure", "n", "N", "estimate", "conf_low", "conf_high"]
COLUMNS += ["p_value", "statistic", "df", "method", "note"]


def unknown_states(which: str) -> tuple[str, ...]:
    """The answers (AVALC) that a strategy replaces."""
    if which not in UNKNOWN:
        raise ValueError(f"which is {which!r}; expected one of {tuple(UNKNOWN)}")
    return UNKNOWN[which]


def due_answers(answers: pd.DataFrame, which: str) -> pd.DataFrame:
    """One row per participant due, sorted by USUBJID: ARM, AVALC, RESPONDS (0 or 1) and whether it is UNKNOWN.

    `answers` are ADRS rows of one endpoint with ARM; what is neither a response nor unknown is 0.
    """
    due = answers[answers["DUEFL"] == "Y"].sort_values("USUBJID", ignore_index=True)
    return due[["USUBJID", "ARM", "AVALC"]].assign(
        RESPONDS=due["AVAL"].fillna(0).astype(int), UNKNOWN=due["AVALC"].isin(unknown_states(which))
    )


def arm_counts(due: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """One row per arm (its index): `responders` of the `due`, `unknown` among them; 0 for an arm of nobody."""
    grouped = due.groupby("ARM")
    counts = pd.DataFrame(
        {"responders": grouped["RESPONDS"].sum(), "due": grouped.size(), "unknown": grouped["UNKNOWN"].sum()}
    )
    return counts.reindex(list(arms)).fillna(0).astype(int)


def strategy_counts(
    due: pd.DataFrame, arms: Sequence[str], *, control: str | None, carried: pd.Series
) -> pd.DataFrame:
    """One row per strategy but multiple imputation and arm: `n` responders of `N`.

    available: the unknown are left out. best: those of every arm but `control` respond; worst: those of `control`
    alone do (without a control best is all and worst none). all: all of them. carried: whose last observed level,
    1 or 0 by USUBJID in `carried`, is a response; who has none does not respond.
    """
    counts = arm_counts(due, arms)
    by_last_level = due["UNKNOWN"] & (due["USUBJID"].map(carried) == 1)
    carried_over = by_last_level.groupby(due["ARM"]).sum().reindex(list(arms)).fillna(0).astype(int)
    rows = []
    for arm in arms:
        x, N, m = (int(value) for value in counts.loc[arm])
        added = {
            "nonresponse": 0,
            "best": 0 if arm == control else m,
            "worst": m if arm == control else 0,
            "all": m,
            "carried": int(carried_over[arm]),
        }
        rows += [(strategy, arm, x + k, N) for strategy, k in added.items()]
        rows.append(("available", arm, x, N - m))
    frame = pd.DataFrame(rows, columns=["strategy", "arm", "n", "N"])
    place = {name: i for i, name in enumerate(STRATEGIES)}
    return frame.sort_values("strategy", key=lambda names: names.map(place), kind="stable", ignore_index=True)


def strategy_results(
    due: pd.DataFrame,
    arms: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    *,
    carried: pd.Series,
    imputed: dict[str, Imputed],
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """Per strategy a row per arm (measure "rate", Wilson) and per pair (measure "difference", score test and interval).

    `pairs` are (experimental, control). Multiple imputation pools by Rubin's rules; its rows have the degrees of
    freedom of Barnard and Rubin 1999 and no `n`. Where nothing is estimable `note` says why.
    """
    control = pairs[0][1] if pairs else None
    counts = strategy_counts(due, arms, control=control, carried=carried)
    rows = []
    for strategy in STRATEGIES[:-1]:
        of_arm = {row.arm: (row.n, row.N) for row in counts[counts["strategy"] == strategy].itertuples()}
        rows += [_rate_row(strategy, arm, *of_arm[arm], conf_level) for arm in arms]
        rows += [
            _difference_row(strategy, pair, (*of_arm[pair[0]], *of_arm[pair[1]]), conf_level)
            for pair in pairs
        ]
    rows += [{"arm": arm, "measure": "rate", **pooled_rate(imputed[arm], conf_level)} for arm in arms]
    rows += [
        {
            "comparison": f"{experimental} - {control}",
            "measure": "difference",
            **pooled_difference(imputed[experimental], imputed[control], conf_level),
        }
        for experimental, control in pairs
    ]
    frame = pd.DataFrame(rows).assign(strategy=lambda f: f["strategy"].fillna("imputed"))
    frame = frame.reindex(columns=COLUMNS)
    frame["note"] = frame["note"].fillna("")
    frame["method"] = frame["method"].fillna(f"{POOLED}, m = {IMPUTATIONS}")
    return frame.astype({"n": "Int64", "N": "Int64"})


def _rate_row(strategy: str, arm: str, n: int, N: int, conf_level: float) -> dict:
    low, high = proportions.wilson(n, N, conf_level)
    return {
        "strategy": strategy,
        "arm": arm,
        "measure": "rate",
        "n": n,
        "N": N,
        "estimate": n / N if N else math.nan,
        "conf_low": low,
        "conf_high": high,
        "method": WILSON,
        "note": "" if N else _nobody(strategy),
    }


def _difference_row(
    strategy: str, pair: tuple[str, str], table: tuple[int, int, int, int], conf_level: float
) -> dict:
    x1, n1, x0, n0 = table
    low, high = proportions.miettinen_nurminen(*table, conf_level)
    test = proportions.score_test(*table)
    estimable = bool(n1 and n0)
    return {
        "strategy": strategy,
        "comparison": f"{pair[0]} - {pair[1]}",
        "measure": "difference",
        "estimate": x1 / n1 - x0 / n0 if estimable else math.nan,
        "conf_low": low,
        "conf_high": high,
        "p_value": test.p_value,
        "statistic": test.statistic,
        "df": 1 if estimable else np.nan,
        "method": MIETTINEN_NURMINEN,
        "note": "" if estimable else _nobody(strategy),
    }


def _nobody(strategy: str) -> str:
    return NOBODY_ANSWERED if strategy == "available" else NOBODY_DUE
