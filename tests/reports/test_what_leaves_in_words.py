"""The words of what leaves: nothing of the controls of a page, and no count of more rows than are shown."""

import datetime
import re

import pytest

from outputs.catalogue import is_about_two_cuts
from outputs.slide_chart import Panels
from reports.contents import all_slides
from reports.shown import show_all
from tests.outputs.conftest import few_resamples  # noqa: F401

LOOKS = [
    ("nct07057778", None, "true"),
    ("nct07057778", datetime.date(2026, 3, 31), "pooled"),
    ("nct04915482", None, "true"),
    ("nct04915482", datetime.date(2022, 3, 31), "true"),
]
OF_A_PAGE = re.compile(
    r"\b(?:clicks?|choose|select|hover|button|menu|sidebar|tab|scroll|on screen|this page|change a parameter)\b",
    re.I,
)


@pytest.fixture(scope="module", params=LOOKS, ids=str)
def left(request, derived, few_resamples):  # noqa: F811
    """Every output as it is on a page and as it leaves."""
    name, cut, view = request.param
    data = derived(name, cut, view=view)
    slides = [slide for slide in all_slides(data) if not is_about_two_cuts(slide.output)]
    pages = {slide.output: slide.built(data) for slide in slides}
    return [
        (pages[s.slide.output], s) for s in show_all(data, slides, built=lambda slide: pages[slide.output])
    ]


def test_nothing_speaks_of_the_controls_of_a_page(left):
    for _, shown in left:
        said = " ".join([shown.headline, shown.line, *shown.notes])
        assert not OF_A_PAGE.search(said), (shown.output.id, OF_A_PAGE.search(said)[0], said)


def test_a_headline_says_how_many_rows_are_left_out(left):
    for page, shown in left:
        before, after = len(page.table), len(shown.output.table)
        words = f"({before - after} of {before} rows not shown: small counts)"
        assert (words in shown.headline) == (after < before), shown.output.id
        assert after or not before or shown.output.empty, shown.output.id


def test_a_chart_of_terms_has_the_rows_of_its_table(left):
    for _, shown in left:
        if shown.output.id == "adverse_dots" and shown.output.chart:
            chart = shown.output.chart()
            assert isinstance(chart, Panels)
            drawn = list(dict.fromkeys(row.label for row in chart.right.rows))
            assert drawn == shown.output.table["Preferred term"].tolist()
