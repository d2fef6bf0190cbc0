"""The change of a score from baseline against R: nlme::gls, and lmer with pbkrtest."""

import json

import pandas as pd
import pytest

from analysis.mmrm.repeated import KENWARD_ROGER
from analysis.quality import change_model, scores_of
from tests.reference.cases import HERE
from trialdata.definition import Questionnaire, Visits

CASE = json.loads((HERE / "quality_reference.json").read_text(encoding="utf-8"))
GLS = "R 4.2.2 nlme 3.1-162 gls"
PBKRTEST = "R 4.2.2 pbkrtest 0.5.2"
FATIGUE = Questionnaire("FACITF", "FACIT-Fatigue", (0, 52), "higher", 4, weeks=(4.0, 12.0, 26.0))


@pytest.fixture(scope="module")
def modelled() -> pd.DataFrame:
    """The rows of the model by Kenward-Roger, from the scores on their days; `of` is an arm or a comparison."""
    adqs = pd.DataFrame(CASE["rows"]).assign(PARAMCD="FACITF")
    scores = scores_of(adqs, FATIGUE, Visits(weeks=(0, 4, 8, 12, 16, 20, 26), last_window_days=14))
    results = change_model(scores, ("T", "C"), [("T", "C")]).results
    shown = results[results["method"] == KENWARD_ROGER]
    return shown.assign(of=shown["arm"].fillna(shown["comparison"])).set_index(["of", "label"])


@pytest.mark.parametrize("expected", CASE["expected"], ids=lambda row: f"{row['of']}, {row['label']}")
def test_change_of_a_score_against_r(modelled, expected, compared):
    found = modelled.loc[(expected["of"], expected["label"])]
    compared("Change of a score, adjusted mean or difference", found["estimate"], expected["estimate"], code="own",
             against=GLS, tolerance=1e-6)  # fmt: skip
    compared("Change of a score, Kenward-Roger df", found["df"], expected["df"], code="own", against=PBKRTEST,
             tolerance=1e-3)  # fmt: skip
    compared("Change of a score, Kenward-Roger limits", [found["conf_low"], found["conf_high"]],
             [expected["conf_low"], expected["conf_high"]], code="own", against=PBKRTEST, tolerance=1e-5)  # fmt: skip


def test_who_is_in_the_model(modelled):
    """48 participants less the two without a baseline."""
    assert modelled.loc[("T - C", "average of the visits"), "N"] == 46
