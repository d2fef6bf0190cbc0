"""Every page, both trials, every cut, in a real browser: nothing fails and nothing leaves the machine."""

from pathlib import Path

import pytest

from trialdata.study import data_cuts, find_studies

ROOT = Path(__file__).parents[2]
MENU = [
    ("Trial", "Overview"),
    ("Trial", "Design"),
    ("Trial", "Data"),
    ("Efficacy", "Response"),
    ("Efficacy", "Platelets"),
    ("Efficacy", "Durability"),
    ("Participants", "Participants"),
    ("Participants", "One participant"),
]
PATHS = [
    "",
    "design",
    "data",
    "datasets",
    "response",
    "platelets",
    "durability",
    "participants",
    "participant",
]
CUTS = [(d.registry, cut) for d in find_studies(ROOT) for cut in data_cuts(d, ROOT)]
WIDER_THAN_THE_WINDOW = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize(("study", "cut"), CUTS)
def test_pages_open(reader, study, cut):
    reader.open(f"?study={study}&cut={cut}")
    for section, page in MENU:
        reader.go(section, page)
        assert reader.page.title() == f"{page} · ITP Interim"
        assert reader.title, page
        assert reader.page.get_by_test_id("stException").count() == 0, page
        assert reader.page.get_by_test_id("stAlertContentError").count() == 0, page
        assert not reader.page.evaluate(WIDER_THAN_THE_WINDOW), page
    assert reader.errors == []
    assert reader.elsewhere == []


@pytest.mark.parametrize(("study", "cut"), CUTS[1::3])
def test_pages_open_on_a_phone_in_the_dark(phone, study, cut):
    for path in PATHS:
        phone.open(f"{path}?study={study}&cut={cut}")
        assert phone.title, path
        assert not phone.page.evaluate(WIDER_THAN_THE_WINDOW), path
    assert phone.errors == []
    assert phone.elsewhere == []


def week_ticks(reader) -> list[str]:
    ticks = reader.page.locator(".st-key-figure-response_by_visit-0 .xtick text")
    return [tick for tick in ticks.all_text_contents() if tick.isdigit()]


TICKS = "document.querySelectorAll('.st-key-figure-response_by_visit-0 .xtick text').length"


def test_a_phone_gets_the_phone_figures_unasked(reader, phone):
    """The width is known after the first run: the page is drawn once more."""
    reader.open("response?study=NCT07057778")
    phone.open("response?study=NCT07057778")
    phone.page.wait_for_function(f"0 < {TICKS} && {TICKS} < 9", timeout=20_000)
    assert {"4", "12", "20"} <= set(week_ticks(reader))
    assert {"4", "12", "20"}.isdisjoint(week_ticks(phone))
