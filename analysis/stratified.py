"""Two arms compared within strata, from counts: every common measure with its methods, and each stratum alone.

`counts` has one row per stratum: stratum x1 n1 x0 n0, responders and participants of the experimental arm, then of
the control arm; `strata_counts` makes it from participants, `strata_from_counts` from numbers typed in.
"""

from collections.abc import Callable, Iterable, Iterator

import pandas as pd

from analysis import common_difference as difference
from analysis import mantel_haenszel as mh
from analysis.proportions import NAN, NO_TEST, NOT_ESTIMABLE, miettinen_nurminen
from analysis.rates import MISSING_RULES

COUNTS = ["stratum", "x1", "n1", "x0", "n0"]
STRATIFIED_MN = "stratified Miettinen-Nurminen"
STRATIFIED_NEWCOMBE = "stratified Newcombe"
SATO = "Mantel-Haenszel (Sato)"
GREENLAND_ROBINS = "Mantel-Haenszel (Greenland-Robins)"
ROBINS_BRESLOW_GREENLAND = "Mantel-Haenszel (Robins-Breslow-Greenland)"
CMH = "Cochran-Mantel-Haenszel"
CMH_CORRECTED = "Cochran-Mantel-Haenszel, continuity corrected"
BRESLOW_DAY = "Breslow-Day"
TARONE = "Breslow-Day-Tarone"
INTERVALS = (  # measure, method, estimate, limits
    ("difference", STRATIFIED_MN, difference.common_difference, difference.stratified_miettinen_nurminen),
    ("difference", SATO, difference.common_difference, difference.sato),
    ("difference", STRATIFIED_NEWCOMBE, difference.common_difference, difference.stratified_newcombe),
    ("risk ratio", GREENLAND_ROBINS, mh.risk_ratio, mh.greenland_robins),
    ("odds ratio", ROBINS_BRESLOW_GREENLAND, mh.odds_ratio, mh.robins_breslow_greenland),
)
COMPARISON_COLUMNS = [
    "comparison",
    "measure",
    "estimate",
    "conf_low",
    "conf_high",
    "p_value",
    "statistic",
    "df",
]
COMPARISON_COLUMNS += ["method", "note"]
NOT_COMPARED = "No stratum has participants in both arms."
ONE_ANSWER = "Only or no responders in every stratum."
NO_LIMITS = "No limits: a sum of the formula is 0."
NO_COMMON_ODDS = "Needs a finite common odds ratio and two strata with responders and non-responders."


def strata_counts(
    adrs: pd.DataFrame, strata: pd.Series, *, experimental: str, control: str, missing: str = "nonresponse"
) -> pd.DataFrame:
    """`counts`: one row per stratum with anybody due of either arm, in the order of `strata`.

    `adrs` as in `analysis.rates.response_rates`; `strata` holds the stratum of each USUBJID, which is its index.
    """
    if missing not in MISSING_RULES:
        raise ValueError(f"missing is {missing!r}; expected one of {MISSING_RULES}")
    due = adrs[(adrs["DUEFL"] == "Y") & adrs["ARM"].isin([experimental, control])]
    if missing == "exclude":
        due = due[due["AVAL"].notna()]
    of_each = pd.Series(strata.reindex(due["USUBJID"]).astype("category").array, due.index)
    cells = (
        due.assign(STRATUM=of_each).groupby(["STRATUM", "ARM"], observed=True)["AVAL"].agg(x="sum", n="size")
    )
    wide = cells.unstack(fill_value=0).reindex(
        columns=pd.MultiIndex.from_product([["x", "n"], [experimental, control]]), fill_value=0
    )
    columns = {
        "x1": ("x", experimental),
        "n1": ("n", experimental),
        "x0": ("x", control),
        "n0": ("n", control),
    }
    return pd.DataFrame(
        {
            "stratum": wide.index.astype(str),
            **{name: wide[cell].to_numpy(int) for name, cell in columns.items()},
        }
    )


def strata_from_counts(rows: Iterable[tuple[str, int, int, int, int]]) -> pd.DataFrame:
    """`counts` from (stratum, x1, n1, x0, n0): for the command line and for counts alone."""
    counts = pd.DataFrame(list(rows), columns=COUNTS).astype({"stratum": "str"})
    for row in counts.itertuples():
        for x, n in ((row.x1, row.n1), (row.x0, row.n0)):
            if not 0 <= x <= n:
                raise ValueError(f"{row.stratum}: {x} responders of {n} participants is not possible")
    return counts


def within_strata(counts: pd.DataFrame, *, conf_level: float = 0.95) -> pd.DataFrame:
    """One row per stratum: `counts`, its share of the common difference, its own difference, and a `note`.

    Columns: stratum x1 n1 x0 n0 weight measure estimate conf_low conf_high method note. The note says what the
    stratum does not add to.
    """
    rows = []
    for weight, row in zip(
        difference.cmh_weights(counts), counts[COUNTS].itertuples(index=False), strict=True
    ):
        table = (int(row.x1), int(row.n1), int(row.x0), int(row.n0))
        estimate = table[0] / table[1] - table[2] / table[3] if table[1] and table[3] else NAN
        limits = miettinen_nurminen(*table, conf_level)
        rows.append((row.stratum, *table, weight, estimate, *limits, _stratum_note(*table)))
    columns = [*COUNTS, "weight", "estimate", "conf_low", "conf_high", "note"]
    return pd.DataFrame(rows, columns=columns).assign(measure="difference", method="Miettinen-Nurminen")


def stratified_comparison(
    counts: pd.DataFrame, *, comparison: str = "experimental - control", conf_level: float = 0.95
) -> pd.DataFrame:
    """Nine rows: common difference (3 methods), risk ratio, odds ratio, CMH test (2), homogeneity of the odds (2).

    Columns: comparison measure estimate conf_low conf_high p_value statistic df method note; measure is
    "difference", "risk ratio", "odds ratio", "test" or "homogeneity". The p beside "stratified Miettinen-Nurminen"
    belongs to the score test its interval inverts, which is the CMH test. A stratum with an empty arm is left out;
    a row that cannot be estimated stays, and `note` says why.
    """
    used = compared_strata(counts)
    rows = [*_interval_rows(used, conf_level), *_test_rows(used), *_homogeneity_rows(used)]
    frame = pd.DataFrame([{"comparison": comparison, **row} for row in rows], columns=COMPARISON_COLUMNS)
    return frame.assign(note=NOT_COMPARED) if used.empty else frame


def compared_strata(counts: pd.DataFrame) -> pd.DataFrame:
    """The strata with participants in both arms."""
    return counts[(counts["n1"] > 0) & (counts["n0"] > 0)].reset_index(drop=True)


def _interval_rows(used: pd.DataFrame, conf_level: float) -> Iterator[dict]:
    for measure, method, estimate_of, limits_of in INTERVALS:
        estimate, limits = estimate_of(used), limits_of(used, conf_level)
        test = difference.stratified_score_test(used) if method == STRATIFIED_MN else NO_TEST
        yield {
            "measure": measure,
            "estimate": estimate,
            "conf_low": limits.low,
            "conf_high": limits.high,
            "p_value": test.p_value,
            "statistic": test.statistic,
            "df": 1 if method == STRATIFIED_MN else NAN,
            "method": method,
            "note": _ratio_note(estimate, limits),
        }


def _ratio_note(estimate: float, limits: tuple[float, float]) -> str:
    if estimate != estimate:
        return ONE_ANSWER
    return NO_LIMITS if limits in (NOT_ESTIMABLE, (0.0, float("inf"))) else ""


def _test_rows(used: pd.DataFrame) -> Iterator[dict]:
    tests: tuple[tuple[str, Callable], ...] = (
        (CMH, mh.cochran_mantel_haenszel),
        (CMH_CORRECTED, mh.cochran_mantel_haenszel_corrected),
    )
    for method, test in tests:
        statistic, p_value = test(used)
        note = ONE_ANSWER if p_value != p_value else ""
        yield {
            "measure": "test",
            "p_value": p_value,
            "statistic": statistic,
            "df": 1,
            "method": method,
            "note": note,
        }


def _homogeneity_rows(used: pd.DataFrame) -> Iterator[dict]:
    for method, test in ((BRESLOW_DAY, mh.breslow_day), (TARONE, mh.tarone)):
        statistic, df, p_value = test(used)
        note = NO_COMMON_ODDS if p_value != p_value else ""
        yield {
            "measure": "homogeneity",
            "p_value": p_value,
            "statistic": statistic,
            "df": df,
            "method": method,
            "note": note,
        }


def _stratum_note(x1: int, n1: int, x0: int, n0: int) -> str:
    if not n1 or not n0:
        return "nobody in one arm: left out"
    if x1 + x0 in (0, n1 + n0):
        kind = "everybody responds" if x1 else "nobody responds"
        return f"{kind}: no part in odds ratio and tests"
    return ""
