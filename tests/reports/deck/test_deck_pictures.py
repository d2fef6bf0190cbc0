"""A figure without a native chart: a picture on its slide where a Chromium is found, else the table."""

import os

import pytest
from pptx.enum.shapes import MSO_SHAPE_TYPE

from outputs.output import View
from outputs.slide import Slide
from reports.deck.deck import build_deck
from reports.pictures import browser
from reports.plan import Plan
from tests.reports.deck.conftest import opened

CONTOURS = Slide("tipping_strength", View("FAS", "OR1Y"))


@pytest.fixture(autouse=True)
def _no_count_is_small(monkeypatch):
    """With a small count left out there is no figure either."""
    monkeypatch.setenv("ITP_SMALLEST_CELL", "1")


def kinds(deck) -> list[str]:
    return [str(shape.name) for shape in deck.slides[1].shapes]


def made(marked_data, slide=CONTOURS):
    return opened(build_deck(marked_data("nct04915482"), Plan((slide,))))


def test_contours_are_a_picture_with_words_inside_the_slide(marked_data):
    if browser() is None:
        pytest.fail("no Chromium") if os.environ.get("CI") == "true" else pytest.skip("no Chromium")
    deck = made(marked_data)
    (picture,) = [s for s in deck.slides[1].shapes if s.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert picture._element.nvPicPr.cNvPr.get("descr")
    assert picture.left >= 0 and picture.left + picture.width <= deck.slide_width
    foot = min(s.top for s in deck.slides[1].shapes if s.name in ("Rule", "Notes", "Footer"))
    assert picture.top + picture.height <= foot
    wide, high = picture.image.size
    assert picture.width / picture.height == pytest.approx(wide / high, rel=0.01)
    assert wide / (picture.width / 914400) >= 150  # pixels an inch


@pytest.mark.parametrize("show", ["chart", "table"])
def test_without_a_browser_or_where_the_table_is_wanted_it_is_a_table(marked_data, monkeypatch, show):
    if show == "chart":
        monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    slide = Slide(CONTOURS.output, CONTOURS.view, show=show)
    assert "Table" in kinds(made(marked_data, slide)) and "Picture" not in kinds(made(marked_data, slide))
