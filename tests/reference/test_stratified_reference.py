"""Comparisons within strata against R, SAS and Agresti.

R: mantelhaen.test and metafor's rma.mh, whose risk difference has Sato's variance; make_stratified_reference.R.
"""

import json

import pytest

from analysis import common_difference as difference
from analysis import mantel_haenszel as mh
from analysis.stratified import strata_from_counts, stratified_comparison
from tests.reference.cases import HERE, general_cases, numbers

CASES = json.loads((HERE / "stratified_reference.json").read_text(encoding="utf-8"))["cases"]
METAFOR = "R 4.2.2 metafor 3.8-1"
BY_HAND = "R 4.2.2, likelihood maximised numerically"
CLOSED, ROOT = 1e-9, 1e-6
each_case = pytest.mark.parametrize("name", CASES)


def counts(name: str):
    return strata_from_counts((f"{k}", *row) for k, row in enumerate(CASES[name]["input"]))


def expected(name: str, key: str) -> list[float]:
    return numbers(CASES[name]["expected"][key])


@each_case
def test_common_difference(name, compared):
    own = {"code": "own", "against": METAFOR, "tolerance": CLOSED}
    compared(
        "Mantel-Haenszel difference",
        difference.common_difference(counts(name)),
        expected(name, "difference"),
        **own,
    )
    compared(
        "difference, limits with Sato's variance",
        difference.sato(counts(name)),
        expected(name, "sato"),
        **own,
    )


@each_case
def test_score_interval_and_test(name, compared):
    own = {"code": "own", "against": BY_HAND, "tolerance": ROOT}
    compared(
        "stratified Miettinen-Nurminen limits",
        difference.stratified_miettinen_nurminen(counts(name)),
        expected(name, "miettinen_nurminen"),
        **own,
    )
    compared(
        "stratified score test",
        difference.stratified_score_test(counts(name)),
        expected(name, "score"),
        **own,
    )
    shifted = difference.stratified_score_test(counts(name), -0.1).statistic
    compared("stratified score test", shifted, expected(name, "score_at_minus_10"), **own)


@each_case
def test_newcombe(name, compared):
    compared(
        "stratified Newcombe limits",
        difference.stratified_newcombe(counts(name)),
        expected(name, "newcombe"),
        code="own, on statsmodels Wilson limits",
        against="R 4.2.2 prop.test and the published formula",
        tolerance=CLOSED,
    )


@each_case
def test_ratios(name, compared):
    for measure, estimate, limits, code in (
        ("risk_ratio", mh.risk_ratio, mh.greenland_robins, "own"),
        ("odds_ratio", mh.odds_ratio, mh.robins_breslow_greenland, "statsmodels StratifiedTable"),
    ):
        theirs = expected(name, measure)
        if theirs[0] != theirs[0]:  # a sum of the formula is 0, and R gives nothing
            assert limits(counts(name)) == (0, float("inf"))
            continue
        ours = (estimate(counts(name)), *limits(counts(name)))
        compared(
            f"Mantel-Haenszel {measure.replace('_', ' ')} and limits",
            ours,
            theirs,
            code=code,
            against=METAFOR,
            tolerance=CLOSED,
        )


@each_case
def test_cochran_mantel_haenszel(name, compared):
    if len(mh.informative_strata(counts(name))) < 2:
        pytest.skip("mantelhaen.test wants two strata")
    against = {"against": "R 4.2.2 mantelhaen.test", "tolerance": CLOSED}
    plain = mh.cochran_mantel_haenszel(counts(name))
    compared("CMH test", plain, expected(name, "cmh"), code="statsmodels StratifiedTable", **against)
    if mh._excess(counts(name)) >= 0.5:  # below, R leaves the correction out altogether
        corrected = mh.cochran_mantel_haenszel_corrected(counts(name))
        compared(
            "CMH test, continuity correction",
            corrected,
            expected(name, "cmh_corrected"),
            code="own",
            **against,
        )


@each_case
def test_homogeneity_of_the_odds(name, compared):
    for method, test in (("breslow_day", mh.breslow_day), ("tarone", mh.tarone)):
        theirs = expected(name, method)
        if theirs[2] == theirs[2]:
            compared(
                f"{method.replace('_', '-')} test",
                test(counts(name)),
                theirs,
                code="own",
                against=METAFOR,
                tolerance=CLOSED,
            )
        else:
            assert test(counts(name))[2] != test(counts(name))[2]


@pytest.mark.parametrize("case", general_cases("cmh"), ids=lambda case: case["id"])
def test_mantelhaen_general(case, compared):
    tables = json.loads("[" + case["input"]["tables"].split(" rows")[0] + "]")
    table = strata_from_counts((f"{k}", a, a + b, c, c + d) for k, ((a, b), (c, d)) in enumerate(tables))
    theirs = case["expected"]
    test = mh.cochran_mantel_haenszel_corrected if case["input"]["correct"] else mh.cochran_mantel_haenszel
    against = {"against": "R 4.2.2 mantelhaen.test", "tolerance": CLOSED}
    code = "own" if case["input"]["correct"] else "statsmodels StratifiedTable"
    method = "CMH test, continuity correction" if case["input"]["correct"] else "CMH test"
    compared(method, test(table), (theirs["chisq"], theirs["p"]), code=code, **against)
    ours = (mh.odds_ratio(table), *mh.robins_breslow_greenland(table))
    compared(
        "Mantel-Haenszel odds ratio and limits",
        ours,
        (theirs["or_mh"], *theirs["or_ci"]),
        code="statsmodels StratifiedTable",
        **against,
    )


def test_agresti_multicentre_trial(compared):
    """Agresti 2013, Categorical Data Analysis, p. 231: difference 0.130, standard error 0.050 (Sato)."""
    table = counts("eight centres, Agresti 2013")
    low, high = difference.sato(table)
    published = {"code": "own", "against": "Agresti 2013, p. 231", "tolerance": 5e-4}
    compared("Mantel-Haenszel difference", difference.common_difference(table), 0.130, **published)
    compared("difference, Sato's standard error", (high - low) / (2 * 1.959964), 0.050, **published)


def test_sas_stratified_miettinen_nurminen(compared):
    """Output of a SAS macro (CMH weights) printed in the tests of the R package metalite.ae: 3 strata, 116 v 119."""
    stratum = [*[1, 2, 3] * 38, 1, 3, 3, 1, 2, 2, *[1, 2, 3] * 37, 1, 1, 2, 3]
    placebo = list(zip(stratum[:119], [0] * 70 + [1] * 49, strict=True))
    experimental = list(zip(stratum[119:], [0] * 46 + [1] * 70, strict=True))
    rows = []
    for k in (1, 2, 3):
        x1, x0 = ([y for s, y in arm if s == k] for arm in (experimental, placebo))
        rows.append((f"{k}", sum(x1), len(x1), sum(x0), len(x0)))
    table = strata_from_counts(rows)
    sas = {"code": "own", "against": "SAS output, tests of R metalite.ae", "tolerance": 1e-8}
    compared("Mantel-Haenszel difference", difference.common_difference(table), 0.19181363786, **sas)
    limits = difference.stratified_miettinen_nurminen(table)
    compared(
        "stratified Miettinen-Nurminen limits",
        limits,
        (0.063399769229, 0.31396078455),
        **(sas | {"tolerance": 1e-6}),
    )
    compared(
        "stratified score test", difference.stratified_score_test(table).statistic ** 0.5, 2.9216181843, **sas
    )


def test_sas_stratified_newcombe(compared):
    """Values said to match SAS in the tests of the R package tern (prop_diff_strat_nc, CMH weights)."""
    table = counts("two factors")
    ours = (difference.common_difference(table), *difference.stratified_newcombe(table))
    compared(
        "stratified Newcombe limits",
        ours,
        (0.25390590, 0.03467969, 0.44544132),
        code="own, on statsmodels Wilson limits",
        against="SAS output, tests of R tern",
        tolerance=1e-8,
    )


def test_breslow_day_where_the_common_odds_ratio_is_one():
    """statsmodels has 0/0 here. e = n1 m / N = 5, 1/v = 4/5: twice (6 - 5)^2 * 0.8 = 1.6."""
    table = counts("opposite strata, common odds ratio 1")
    assert mh.breslow_day(table)[:2] == pytest.approx((1.6, 1), rel=1e-12)
    assert stratified_comparison(table)["note"].eq("").all()
