"""Slides about two data cuts: which earlier cut each is compared with, and that they are built with it."""

import datetime

import pytest

from analysis.cut_steps import compare_cuts
from outputs.catalogue import build
from outputs.output import View
from outputs.slide import Slide
from reports.earlier_cut import earlier_cut, with_earlier_cut
from trialdata.errors import StudyDataError

STUDY = "nct07057778"
FIRST, MIDDLE, LATEST = (datetime.date(2026, 3, 31), datetime.date(2026, 12, 31), datetime.date(2027, 6, 30))
VIEW = View("FAS", "OR1Y")


def since(text: str) -> Slide:
    return Slide("cut_changes", VIEW, (("since", text),))


def test_the_cut_before_unless_an_option_names_another(derived):
    latest = derived(STUDY)
    assert earlier_cut(latest, Slide("cut_changes", VIEW)) == MIDDLE
    assert earlier_cut(latest, since("2026-03-31")) == FIRST
    assert earlier_cut(derived(STUDY, FIRST), Slide("cut_changes", VIEW)) is None


@pytest.mark.parametrize("text", ["2027-06-30", "2026-07-01", "the last", ""])
def test_what_is_no_earlier_cut_is_refused(derived, text):
    expected = f"cut_changes: found since {text}, expected a data cut before 2027-06-30 "
    with pytest.raises(StudyDataError) as refused:
        earlier_cut(derived(STUDY), since(text))
    assert str(refused.value) == f"{expected}(2026-03-31, 2026-12-31)."


def test_a_slide_is_built_with_its_comparison_and_compared_once(derived):
    latest, asked = derived(STUDY), []

    def compared(cut):
        asked.append(cut)
        return compare_cuts(derived(STUDY, cut), latest)

    built = with_earlier_cut(latest, compared)
    output = built(since("2026-03-31"))
    by_hand = build("cut_changes", latest, VIEW, since=compare_cuts(derived(STUDY, FIRST), latest))
    assert output.headline == by_hand.headline and output.options == by_hand.options
    assert output.results.equals(by_hand.results)
    built(Slide("cut_causes", VIEW, (("since", "2026-03-31"),)))
    assert built(Slide("design", VIEW)).id == "design"
    assert asked == [FIRST]
