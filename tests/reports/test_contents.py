"""What a whole report holds, and how its tables are numbered."""

import re

import pytest

from outputs.catalogue import CATALOGUE
from outputs.entry import NOTHING
from outputs.output import View
from outputs.slide import Slide
from reports.contents import SECTIONS, all_slides, numbers


def test_everything_that_may_leave_is_in_it_once_and_nothing_else(derived):
    for study, randomised in (("nct07057778", True), ("nct04915482", False)):
        held = [slide.output for slide in all_slides(derived(study))]
        expected = [
            key
            for key, entry in CATALOGUE.items()
            if entry.leaving != NOTHING and not (randomised and entry.section == "observational")
        ]
        assert held == expected
    assert not {"participants", "sites", "liver_cases", "queries"} & set(held)


def test_safety_is_of_the_safety_set_unless_another_is_asked_for(derived):
    data = derived("nct07057778")
    sets = {slide.output: slide.view.population for slide in all_slides(data)}
    assert sets["adverse_overview"] == "SAF" and sets["response_rates"] == "FAS"
    assert {slide.view.population for slide in all_slides(data, population="PP")} == {"PP"}


def test_each_is_at_the_leading_endpoint_unless_another_is_asked_for(derived):
    data = derived("nct07057778")
    assert {slide.view.endpoint for slide in all_slides(data)} == {"OR1Y"}
    sex = (("SEX", ("F",)),)
    (one, *_) = all_slides(data, endpoint="RESPW12", filters=sex)
    assert (one.view.endpoint, one.view.filters) == ("RESPW12", sex)


def test_tables_are_numbered_in_the_chapters_of_ich_e3(derived):
    told = numbers(all_slides(derived("nct04915482")))
    assert len(set(told)) == len(told)
    assert all(re.fullmatch(r"14\.[123]\.[1-9]\d*", number) for number in told)
    places = [tuple(map(int, number.split("."))) for number in told]
    assert places == sorted(places)


def test_a_number_does_not_depend_on_study_or_on_what_else_is_shown(derived):
    of_all = {}
    for study in ("nct07057778", "nct04915482"):
        slides = all_slides(derived(study))
        of_study = dict(zip([slide.output for slide in slides], numbers(slides), strict=True))
        shared = set(of_all) & set(of_study)
        assert all(of_all[name] == of_study[name] for name in shared)
        of_all |= of_study
    (alone,) = numbers([Slide("adverse_terms", View("SAF"))])
    assert alone == of_all["adverse_terms"] == "14.3.2"


def test_a_second_view_of_an_output_has_a_number_of_its_own():
    twice = [Slide("adverse_overview", View("SAF")), Slide("adverse_overview", View("FAS"))]
    assert numbers(twice) == ["14.3.1", "14.3.1.2"]


@pytest.mark.parametrize(
    "section", sorted({entry.section for entry in CATALOGUE.values()} - {"participants"})
)
def test_every_section_has_a_name_to_read(section):
    assert section in {each.id for each in SECTIONS}
