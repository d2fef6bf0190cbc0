"""Levels of a subgroup and the tests of interaction against R, metafor, survival and epiR.

Source: make_subgroups_reference.R (R 4.2.2, metafor 3.8-1, survival 3.5-3, epiR 2.0.57, brglm2 0.9).
"""

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.subgroup_rates import FIRTH_RATIO, LOGISTIC_RATIO, level_comparisons, rate_interactions
from analysis.subgroup_times import hazard_interactions, level_hazard_ratios
from analysis.subgroups import level_counts, subgroup_members, tables_of
from trialdata.definition import Subgroup

CASES = json.loads((Path(__file__).parent / "subgroups_reference.json").read_text(encoding="utf-8"))["cases"]
COLUMNS = [name for name in CASES if name.startswith("column ")]
TIMES = [name for name in CASES if name.startswith("times ")]
COMBINED = "statsmodels combine_effects"
NEAR_ZERO = 1e-7  # p of a statistic that is 0 on paper and 1e-15 in binary
LIMITS = ["conf_low", "conf_high"]
RATIOS = [
    ("risk ratio", "Katz log", "risk_ratio_katz", "epiR 2.0.57 epi.2by2"),
    ("odds ratio", "Woolf logit", "odds_ratio_woolf", "epiR 2.0.57 epi.2by2"),
]


def having(key: str) -> list[str]:
    return [name for name in COLUMNS if key in CASES[name]["expected"]]


def tables(name: str) -> pd.DataFrame:
    """The levels of a case as counts by arm, small ones compared as well."""
    rows = [
        ("LEVEL", str(i), arm, *pair)
        for i, (x1, n1, x0, n0) in enumerate(CASES[name]["input"]["tables"])
        for arm, pair in (("E", (x1, n1)), ("C", (x0, n0)))
    ]
    counts = pd.DataFrame(rows, columns=["column", "level", "arm", "n", "N"])
    return tables_of(counts, "E", "C").assign(note="")


@pytest.mark.parametrize("name", COLUMNS)
def test_the_difference_in_every_level(name, compared):
    expected = CASES[name]["expected"]
    levels = level_comparisons(tables(name), measure="difference", method="Miettinen-Nurminen")
    compared("Difference in a level", levels["estimate"], expected["difference"], code="own",
             against="R 4.2.2", tolerance=1e-9)  # fmt: skip
    compared("Difference in a level, Miettinen-Nurminen limits", levels[LIMITS].to_numpy(),
             expected["miettinen_nurminen"], code="own", against="R 4.2.2 optimize, uniroot",
             tolerance=1e-6)  # fmt: skip


@pytest.mark.parametrize(("measure", "method", "key", "against"), RATIOS, ids=["risk ratio", "odds ratio"])
def test_the_ratios_in_every_level(measure, method, key, against, compared):
    for name in having(key):
        levels = level_comparisons(tables(name), measure=measure, method=method)
        compared(f"{measure.capitalize()} in a level, {method}", levels[["estimate", *LIMITS]].to_numpy(),
                 CASES[name]["expected"][key], code="SciPy contingency", against=against,
                 tolerance=1e-9)  # fmt: skip


def extreme(name: str) -> bool:
    """An arm of a level responded wholly or not at all."""
    counts = tables(name)
    return any(x in (0, n) for arm in "10" for x, n in zip(counts[f"x{arm}"], counts[f"n{arm}"], strict=True))


@pytest.mark.parametrize("name", [name for name in having("heterogeneity") if not extreme(name)])
def test_heterogeneity_of_the_differences(name, compared):
    (row,) = rate_interactions(tables(name), measure="difference").itertuples()
    expected = CASES[name]["expected"]["heterogeneity"]
    assert row.df == expected["df"]
    for statistic, against in (("statistic", "Q_E of a fixed model"), ("moderators", "Q_M of the levels")):
        compared("Interaction, heterogeneity of the differences", row.statistic, expected[statistic],
                 code=COMBINED, against=f"metafor 3.8-1 rma, {against}", tolerance=1e-9)  # fmt: skip
    compared("Interaction, heterogeneity of the differences, p", row.p_value, expected["p"],
             code=COMBINED, against="metafor 3.8-1 rma", tolerance=NEAR_ZERO)  # fmt: skip


@pytest.mark.parametrize("name", [name for name in having("log_risk_ratio") if not extreme(name)])
def test_heterogeneity_of_the_risk_ratios(name, compared):
    (row,) = rate_interactions(tables(name), measure="risk ratio").itertuples()
    expected = CASES[name]["expected"]["log_risk_ratio"]
    for part, ours, tolerance in (("", row.statistic, 1e-9), (", p", row.p_value, NEAR_ZERO)):
        compared(f"Interaction, heterogeneity of the log risk ratios{part}", ours,
                 expected["p" if part else "statistic"], code=COMBINED,
                 against="metafor 3.8-1 escalc, rma", tolerance=tolerance)  # fmt: skip


@pytest.mark.parametrize("name", having("logistic"))
def test_interaction_of_the_odds_ratios(name, compared):
    (row,) = rate_interactions(tables(name), measure="odds ratio").itertuples()
    expected = CASES[name]["expected"]["logistic"]
    assert row.df == expected["df"] and row.method == LOGISTIC_RATIO
    compared("Interaction, logistic likelihood ratio", [row.statistic, row.p_value],
             [expected["statistic"], expected["p"]], code="statsmodels Logit",
             against="R 4.2.2 anova(glm, glm)", tolerance=1e-6)  # fmt: skip


@pytest.mark.parametrize("name", having("firth"))
def test_interaction_with_an_empty_cell(name, compared):
    (row,) = rate_interactions(tables(name), measure="odds ratio").itertuples()
    expected = CASES[name]["expected"]["firth"]
    assert row.df == expected["df"] and row.method == FIRTH_RATIO
    compared("Interaction, Firth penalised likelihood ratio", [row.statistic, row.p_value],
             [expected["statistic"], expected["p"]], code="own",
             against="R 4.2.2 optim, brglm2 0.9", tolerance=1e-6)  # fmt: skip


@pytest.mark.parametrize("name", TIMES)
def test_hazard_ratios_and_their_interaction(name, compared):
    given, expected = CASES[name]["input"], CASES[name]["expected"]
    adtte, counts, members = times_of(given)
    levels = tables_of(counts, "E", "C")
    found = level_hazard_ratios(levels, members, adtte, ("E", "C")).set_index("level")
    ours = found.loc[["", *expected["levels"]], ["estimate", *LIMITS]].to_numpy()
    compared("Hazard ratio in a level", ours, [expected["overall"], *expected["hazard_ratio"]],
             code="own", against="survival 3.5-3 coxph", tolerance=1e-6)  # fmt: skip
    (row,) = hazard_interactions(levels, members, adtte, ("E", "C")).itertuples()
    assert row.df == expected["df"]
    compared("Interaction, Cox likelihood ratio", [row.statistic, row.p_value],
             [expected["statistic"], expected["p"]], code="own",
             against="survival 3.5-3 anova(coxph, coxph)", tolerance=1e-6)  # fmt: skip


def times_of(given: dict) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The times of a case, the counts of its levels, and who is in which."""
    arm = ["E" if value else "C" for value in given["arm"]]
    adtte = pd.DataFrame(
        {"ARM": arm, "AVAL": given["time"], "CNSR": [1 - e for e in given["event"]], "LEVEL": given["level"]}
    )
    adtte["USUBJID"] = [f"{place:03}" for place in adtte.index]
    members = subgroup_members(adtte, [Subgroup("LEVEL", "Level")])
    events = adtte.assign(AVAL=1 - adtte["CNSR"])
    return adtte, level_counts(members, events, ["E", "C"]), members


@pytest.mark.parametrize("name", [name for name in COLUMNS if extreme(name)])
@pytest.mark.parametrize("measure", ["difference", "risk ratio"])
def test_a_rate_of_0_or_100_percent_has_no_heterogeneity_test(name, measure):
    """metafor answers some of these; its p is too small there, because the rate counts as certain."""
    (row,) = rate_interactions(tables(name), measure=measure).itertuples()
    assert pd.isna(row.statistic) and pd.isna(row.p_value)
    assert row.note.startswith("not estimable: a rate of 0 or 100% in ")
