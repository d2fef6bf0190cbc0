"""Rank sums, Hodges-Lehmann intervals, areas and quartiles against R.

Source: make_without_a_model_reference.R. R finds the limits of the normal interval as roots of a step function.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis import wilcoxon
from analysis.adam import derive
from analysis.longitudinal import median_and_quartiles
from analysis.platelet_area import platelet_areas
from tests.analysis.patients import endpoint, study
from tests.reference.cases import HERE, general_cases
from trialdata.definition import Visits

FILE = Path(HERE / "without_a_model_reference.json")
CASES = json.loads(FILE.read_text(encoding="utf-8"))["cases"]
RANK_SUMS = {name: case for name, case in CASES.items() if name.startswith("rank sum")}
AREAS = {name: case for name, case in CASES.items() if name.startswith("area")}
WILCOX = "R 4.2.2 wilcox.test"
TIES = "R exactRankTests 0.8-35, coin 1.4-2"


@pytest.mark.parametrize("name", RANK_SUMS)
def test_rank_sum_and_hodges_lehmann(name, compared):
    given, expected = RANK_SUMS[name]["input"], RANK_SUMS[name]["expected"]
    x1, x0 = np.array(given["x1"], float), np.array(given["x0"], float)
    shift = wilcoxon.hodges_lehmann(x1, x0)
    exactly = {"against": WILCOX, "tolerance": 1e-9}
    compared("Hodges-Lehmann", shift.estimate, expected["estimate"], code="own", **exactly)
    compared("Rank sum W", wilcoxon.w_statistic(x1, x0), expected["W"], code="SciPy rankdata", **exactly)
    scipy = {"code": "SciPy mannwhitneyu", **exactly}
    compared("Rank-sum p, normal", wilcoxon.normal_p(x1, x0), expected["normal_p"], **scipy)
    compared(
        "Rank-sum p, normal, no continuity correction",
        wilcoxon.normal_p(x1, x0, continuity=False),
        expected["uncorrected_p"],
        **scipy,
    )
    if "exact_p" in expected:
        compared("Rank-sum p, exact", wilcoxon.exact_p(x1, x0), expected["exact_p"], **scipy)
        compared(
            "Rank-sum p, all divisions",
            wilcoxon.permutation_p(x1, x0),
            expected["exact_p"],
            code="own",
            **exactly,
        )
        if not shift.note:  # R prints the whole range where no interval has the level
            limits = (expected["exact_low"], expected["exact_high"])
            compared("Hodges-Lehmann limits, exact", shift[1:3], limits, code="own", **exactly)
    if "permutation_p" in expected:
        theirs = (expected["permutation_p"], expected["coin_p"])
        ours = wilcoxon.permutation_p(x1, x0)
        compared(
            "Rank-sum p, exact with ties", (ours, ours), theirs, code="own", against=TIES, tolerance=1e-9
        )
        ours = wilcoxon.normal_p(x1, x0, continuity=False)
        compared(
            "Rank-sum p, normal, no continuity correction", ours, expected["coin_normal_p"],
            code="SciPy mannwhitneyu", against=TIES, tolerance=1e-9,
        )  # fmt: skip
    if not wilcoxon.is_exact(x1, x0):
        limits = (expected["normal_low"], expected["normal_high"])
        compared(
            "Hodges-Lehmann limits, normal", shift[1:3], limits, code="own", against=WILCOX, tolerance=1e-6
        )


def test_exact_limits_of_all_small_sizes(compared):
    """Which of the ordered differences are the limits, 1 to 14 in each arm; NaN: no interval of that level."""
    for m, n, quantile, reached in CASES["places"]["expected"]["places"]:
        x1, x0 = 100.0 * n * np.arange(1, m + 1), 100 * np.arange(n, 0, -1.0) - 0.5
        differences = np.sort(np.subtract.outer(x1, x0).ravel())
        place = int(quantile)
        theirs = (differences[place - 1], differences[-place]) if reached else (None, None)
        compared(
            "Hodges-Lehmann limits, exact", wilcoxon.hodges_lehmann(x1, x0)[1:3], theirs,
            code="own", against="R 4.2.2 qwilcox", tolerance=1e-12,
        )  # fmt: skip


def test_general_case(compared):
    (case,) = general_cases("wilcoxon_hodges_lehmann")
    x1, x0 = (np.array(case["input"][key], float) for key in ("x", "y"))
    ours = (*wilcoxon.hodges_lehmann(x1, x0)[:3], wilcoxon.exact_p(x1, x0))
    theirs = (case["expected"]["hl"], *case["expected"]["hl_ci"], case["expected"]["p_exact"])
    compared(
        "Hodges-Lehmann with exact limits and p", ours, theirs, code="own", against=WILCOX, tolerance=1e-7
    )


@pytest.mark.parametrize("name", AREAS)
def test_area_under_the_platelet_curve(name, compared):
    """Visits that end on the day asked for; counts may lie 1000 days apart."""
    given, expected = AREAS[name]["input"], AREAS[name]["expected"]
    words = " ".join(f"{day}:{count}" for day, count in zip(given["day"], given["count"], strict=True))
    week = (given["end"] - 1) / 7
    bridged = endpoint("time_in_response", max_gap_days=1000)
    data = derive(study({"S1": words}, bridged, visits=Visits((0, week))))
    (row,) = platelet_areas(data, week=week).itertuples()
    theirs = (expected["area"], expected["days"], expected["area"] / expected["days"])
    ours = (row.AREA, row.DAYS, row.AVERAGE)
    compared(
        "Area under the platelet curve",
        ours,
        theirs,
        code="own",
        against="R 4.2.2, summed in steps",
        tolerance=1e-9,
    )


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("quartiles")])
def test_quartiles(name, compared):
    values = np.array(CASES[name]["input"]["x"])
    median, low, high = median_and_quartiles(values)
    compared(
        "Median and quartiles, type 7", (low, median, high), CASES[name]["expected"]["quartiles"],
        code="NumPy quantile", against="R 4.2.2 quantile", tolerance=1e-12,
    )  # fmt: skip
