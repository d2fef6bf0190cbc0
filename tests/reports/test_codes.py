"""A code finds its view again, and nothing else."""

import dataclasses

import pytest

from outputs.output import View
from outputs.slide import Slide, view_code
from reports import codes
from reports.codes import find_slide, read_code, remember
from reports.pins import pin
from tests.reports.small_root import AT, BASELINE, RATES, RULES, loaded
from tests.trialdata.small_study import ADLB, write_study
from trialdata.errors import StudyDataError

FILTERED = Slide("response_rates", View("FAS", "OR", (("SEX", ("F",)),)))
CHOSEN = Slide("platelet_course", View("FAS", "OR"), (("summary", "mean"),))


@pytest.fixture
def data(root):
    return loaded(root)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("K7QD-2M4X", "K7QD-2M4X"),
        (" k7qd2m4x ", "K7QD-2M4X"),
        ("k7qd – 2m4x", "K7QD-2M4X"),
        ("K7QD-2M4", ""),
        ("K7QD-2M4XX", ""),
        ("O7QD-2M4X", ""),
        ("", ""),
        ("'; DROP", ""),
    ],
)
def test_capitals_and_hyphen_do_not_matter(typed, code):
    assert read_code(typed) == code


@pytest.mark.parametrize(
    "slide", [RATES, BASELINE, Slide("adverse_terms", View("ITT", "OR")), Slide("design", View("SAF", "OR"))]
)
def test_every_output_without_a_choice_is_found_in_every_population(root, data, slide):
    found = find_slide(data, view_code(data, slide).lower(), root)
    assert (found.output, found.view) == (slide.output, slide.view)


def test_a_choice_is_found_once_it_left_and_needs_no_store_else(root, data):
    remember(root, data, [RATES, BASELINE])
    assert not (root / "store").exists()
    assert find_slide(data, view_code(data, FILTERED), root) is None
    remember(root, data, [RATES, FILTERED, CHOSEN])
    assert find_slide(data, view_code(data, FILTERED), root) == FILTERED
    assert find_slide(loaded(root), view_code(data, CHOSEN), root) == CHOSEN


def test_a_pin_is_found(root, data):
    pin(root, data, CHOSEN, "look here", at=AT)
    assert find_slide(data, view_code(data, CHOSEN), root) == dataclasses.replace(CHOSEN, note="look here")


def test_an_option_as_it_would_be_anyway_does_not_change_the_code(data):
    chosen = dataclasses.replace(CHOSEN, options=(("counts", "all"), ("summary", "median")))
    assert view_code(data, chosen) == view_code(data, dataclasses.replace(CHOSEN, options=()))
    assert view_code(data, CHOSEN) != view_code(data, chosen)


def test_a_code_of_other_data_or_of_the_pooled_view_is_not_found(root, data):
    pooled = loaded(root, view="pooled")
    code = view_code(data, RATES)
    assert find_slide(pooled, code, root) is None
    assert find_slide(data, view_code(pooled, RATES), root) is None
    write_study(root, toml=RULES, files={"adlb.csv": ADLB.replace("8,45,45", "8,46,46")})
    assert find_slide(loaded(root), code, root) is None


def test_no_output_about_participants_or_sites_is_found(root, data):
    for output in ("participants", "sites", "findings"):
        assert find_slide(data, view_code(data, Slide(output, View("FAS", "OR"))), root) is None


@pytest.mark.parametrize("url", ["postgresql://itp@127.0.0.1:1/register", "mysql://nowhere"])
def test_a_register_that_cannot_be_used_fails_no_build_and_hides_no_view(root, data, monkeypatch, url):
    monkeypatch.setenv("ITP_REGISTER_URL", url)
    remember(root, data, [FILTERED])
    assert find_slide(data, view_code(data, RATES), root).output == "response_rates"
    with pytest.raises(StudyDataError):
        pin(root, data, RATES, "", at=AT)


def test_nothing_is_built_to_find_a_code(root, data, monkeypatch):
    monkeypatch.setattr(Slide, "built", lambda *_: pytest.fail("built"))
    assert codes.find_slide(data, view_code(data, RATES), root)
