"""Adjusted comparisons of small trials: what is modelled, separation, and designs that are refused by name."""

import math

import numpy as np
import pandas as pd
import pytest

from analysis.adjusted import adjusted_comparison
from analysis.logistic import FIRTH, MAXIMUM_LIKELIHOOD, fit_logistic, is_separated
from trialdata.errors import StudyDataError

NAN = float("nan")
METHODS = ("influence function", "sandwich", "delta method")


def trial(y, arm, **covariates) -> tuple[pd.DataFrame, pd.DataFrame]:
    """ADRS and ADSL of participants who are all due."""
    ids = [f"S{i}" for i in range(len(y))]
    adrs = pd.DataFrame({"USUBJID": ids, "ARM": arm, "AVAL": np.array(y, float), "DUEFL": "Y"})
    return adrs, pd.DataFrame({"USUBJID": ids, **covariates})


def compare(adrs, adsl, covariates=("AGE",), *, randomised=True, **options):
    return adjusted_comparison(
        adrs, adsl, covariates, experimental="new", control="std", randomised=randomised, **options
    )


# 2x2x2: SEX F new 4/6, std 2/6; M new 5/6, std 3/6; the odds ratio of the arm is 4 and 5 in the two
Y = [1] * 4 + [0] * 2 + [1] * 2 + [0] * 4 + [1] * 5 + [0] + [1] * 3 + [0] * 3
ARM = (["new"] * 6 + ["std"] * 6) * 2
SEX = ["F"] * 12 + ["M"] * 12


def test_balanced_strata_keep_the_crude_difference():
    """12 and 12, six of each sex: standardised rates are the crude ones, 9/12 and 5/12."""
    found = compare(*trial(Y, ARM, SEX=SEX), ["SEX"])
    rows = found.results.set_index(["measure", "method"])["estimate"]
    for method in METHODS:
        assert rows["difference", f"standardised ({method})"] == pytest.approx(4 / 12, abs=1e-6)
        assert rows["risk ratio", f"standardised ({method})"] == pytest.approx(9 / 5, abs=1e-6)
    assert rows["difference", "unadjusted Miettinen-Nurminen"] == pytest.approx(4 / 12)
    assert rows["odds ratio", "unadjusted Woolf logit"] == pytest.approx(9 * 7 / (3 * 5))
    assert 4 < rows["odds ratio", MAXIMUM_LIKELIHOOD] < 5
    assert (found.participants, found.terms, found.rarer, found.fewer_respond) == (24, 2, 10, False)


def test_arms_that_were_not_randomised_have_no_influence_function():
    found = compare(*trial(Y, ARM, SEX=SEX), ["SEX"], randomised=False).results
    assert list(found.loc[found["measure"] == "difference", "method"]) == [
        "standardised (sandwich)",
        "standardised (delta method)",
        "unadjusted Miettinen-Nurminen",
    ]


def test_only_the_two_arms_who_are_due_are_modelled():
    adrs, adsl = trial([*Y, 1, 1], [*ARM, "third", "new"], SEX=[*SEX, "M", "M"])
    adrs["DUEFL"] = ["Y"] * 25 + ["N"]
    assert compare(adrs, adsl, ["SEX"]).participants == 24
    adrs.loc[0, "AVAL"] = NAN
    assert compare(adrs, adsl, ["SEX"]).participants == 24
    assert compare(adrs, adsl, ["SEX"], missing="exclude").participants == 23


def test_everybody_responds_in_one_arm():
    y = np.where(np.array(ARM) == "new", 1, Y)
    found = compare(*trial(y, ARM, SEX=SEX), ["SEX"])
    rows = found.results[found.results["measure"] == "odds ratio"].set_index("method")
    assert found.separated
    assert list(rows.index) == [FIRTH, f"{FIRTH} (Wald)", "unadjusted Woolf logit"]
    assert (
        1
        < rows.loc[FIRTH, "conf_low"]
        < rows.loc[FIRTH, "estimate"]
        < rows.loc[FIRTH, "conf_high"]
        < math.inf
    )
    standardised = found.results[found.results["method"].str.startswith("standardised")]
    assert (
        standardised["estimate"].isna().all() and standardised["note"].str.startswith("Not estimable").all()
    )


@pytest.mark.parametrize(
    ("y", "separated"),
    [
        ([0, 0, 0, 1, 1, 1], True),  # complete: below 4 none, from 4 all
        ([0, 0, 1, 0, 1, 1], False),  # 3 and 4 overlap
        ([0, 0, 0, 0, 0, 0], True),  # nobody responds
        ([1, 1, 1, 1, 1, 1], True),
    ],
)
def test_separation_is_seen(y, separated):
    assert is_separated(pd.DataFrame({"x": [1, 2, 3, 4, 5, 6]}), np.array(y)) == separated


def test_quasi_separation_is_seen():
    """All with x = 1 respond, those with x = 0 do and do not."""
    x, y = pd.DataFrame({"x": [0, 0, 0, 1, 1]}), np.array([0, 1, 0, 1, 1])
    assert is_separated(x, y) and fit_logistic(x, y).method == FIRTH


def test_firth_of_one_binary_term_adds_a_half_to_every_cell():
    """Firth 1993: for a saturated 2x2 table the penalty adds 1/2 to each cell; 0 of 4 v 3 of 5."""
    x, y = pd.DataFrame({"x": [1] * 4 + [0] * 5}), np.array([0] * 4 + [1] * 3 + [0] * 2)
    fit = fit_logistic(x, y)
    assert fit.table["estimate"].iloc[1] == pytest.approx(math.log(0.5 / 4.5 / (3.5 / 2.5)), rel=1e-8)


def test_a_covariate_constant_within_one_arm_can_be_adjusted_for():
    smoker = ["N"] * 6 + list("YNYNYN") + ["N"] * 6 + list("YNYNNY")  # none in the new arm
    found = compare(*trial(Y, ARM, SMOKER=smoker), ["SMOKER"]).results
    assert found.loc[found["measure"] == "difference", "estimate"].notna().all()


@pytest.mark.parametrize(
    ("covariates", "message"),
    [
        ({"SMOKER": ["Y" if arm == "new" else "N" for arm in ARM]}, "SMOKER follows from Arm in the 24"),
        ({"AGE": [50.0] * 24}, "AGE is the same in all 24"),
        ({"SITEID": [f"{i:02}" for i in range(24)]}, "SITEID has 24 levels, and a covariate may have 20"),
        (
            {f"X{k}": np.random.default_rng(k).normal(size=24) for k in range(22)},
            "24 participants are due and the",
        ),
    ],
)
def test_hopeless_designs_are_refused_by_name(covariates, message):
    with pytest.raises(StudyDataError, match=message):
        compare(*trial(Y, ARM, **covariates), list(covariates))


@pytest.mark.parametrize(("answer", "who"), [(0.0, "Nobody"), (1.0, "Everybody")])
def test_without_two_answers_there_is_nothing_to_explain(answer, who):
    adrs, adsl = trial(Y, ARM, SEX=SEX)
    with pytest.raises(StudyDataError, match=f"{who} among the 24 due responds"):
        compare(adrs.assign(AVAL=answer), adsl, ["SEX"])


def test_an_empty_arm_is_named():
    adrs, adsl = trial(Y, ARM, SEX=SEX)
    with pytest.raises(StudyDataError, match="Nobody is due in std: nothing to adjust yet"):
        compare(adrs[adrs["ARM"] == "new"], adsl, ["SEX"])
