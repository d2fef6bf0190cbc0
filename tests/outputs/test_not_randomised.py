"""Where arms were not randomised every comparison says so, and no word claims a cause."""

import datetime
import re

import pytest
from test_every_output import options

from analysis.adam import AnalysisData
from outputs.catalogue import CATALOGUE, build, is_about_one
from outputs.files import for_file
from outputs.output import Output, View

STUDY = "nct04915482"
CLAIMS = re.compile(r"\b(effects?|effective|benefit\w*|superior\w*|proven)\b", re.I)
ALLOWED = re.compile(r"effective (sample )?size", re.I)


def said(output: Output) -> list[str]:
    cards = [
        text for card in output.cards for text in (card.title, card.method, card.reason, card.disagreement)
    ]
    return [
        output.title,
        output.subtitle,
        output.headline,
        output.detail,
        output.alt,
        *output.footnotes,
        *cards,
    ]


def compares(output: Output) -> bool:
    if "comparison" not in output.results:
        return False
    return bool((output.results["comparison"].astype("str").replace("nan", "") != "").any())


def built(derived, output_id: str) -> Output:
    data: AnalysisData = derived(STUDY)
    return build(output_id, data, View(), **options(output_id, data))


@pytest.mark.parametrize("output_id", [key for key in CATALOGUE if not is_about_one(key)])
def test_a_comparison_says_that_arms_were_not_randomised(derived, output_id):
    output = built(derived, output_id)
    if compares(output):
        assert "arms were not randomised" in " ".join(output.footnotes).lower()


@pytest.mark.parametrize("output_id", CATALOGUE)
def test_no_word_claims_a_cause(derived, output_id):
    for text in said(built(derived, output_id)):
        assert not CLAIMS.search(ALLOWED.sub("", text)), text


def test_a_file_says_it_in_the_rows_that_compare(derived):
    output = for_file(built(derived, "comparison"))
    compared = output.results["comparison"].astype("str").replace("nan", "") != ""
    assert (output.results["notice"] == "Association; arms were not randomised.").equals(compared)
    randomised = for_file(build("comparison", derived("nct07057778"), View()))
    assert "notice" not in randomised.results


@pytest.mark.parametrize("output_id", ["adjusted_difference", "tipping_strength"])
def test_where_nobody_is_due_that_is_why_nothing_is_adjusted(derived, output_id):
    data = derived(STUDY, datetime.date(2022, 3, 31))
    output = build(output_id, data, View(), **options(output_id, data))
    assert output.empty == "Nobody is due for this endpoint at this cut. First participant due in June 2022."
