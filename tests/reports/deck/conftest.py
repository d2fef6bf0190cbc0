"""Decks of the sample trials, built once."""

import dataclasses
import io
import itertools
from pathlib import Path

import pptx
import pytest

from analysis.adam import derive
from reports.deck.deck import build_deck
from reports.plan import default_plan
from tests.outputs.conftest import few_resamples  # noqa: F401
from trialdata.study import load_study

ROOT = Path(__file__).parents[3]
MARKED = "QXSITE"  # before every SITEID of the decks, so that one would be found among other numbers


@pytest.fixture(scope="session")
def marked_data(few_resamples):  # noqa: F811
    """The analysis data of a study and cut whose sites have names that stand nowhere else."""
    known = {}

    def of(name: str, cut=None, view: str = "true"):
        if (name, cut, view) not in known:
            study = load_study(ROOT, name, cut, view=view)
            adsl = study.adsl.assign(SITEID=MARKED + study.adsl["SITEID"])
            known[name, cut, view] = derive(dataclasses.replace(study, adsl=adsl))
        return known[name, cut, view]

    return of


@pytest.fixture(scope="session")
def deck_of(marked_data):
    """The bytes of the default deck and the presentation in them."""
    known = {}

    def of(name: str, cut=None, view: str = "true"):
        if (name, cut, view) not in known:
            data = marked_data(name, cut, view)
            content = build_deck(data, default_plan(data))
            known[name, cut, view] = content, opened(content)
        return known[name, cut, view]

    return of


def opened(content: bytes):
    return pptx.Presentation(io.BytesIO(content))


def words(slide) -> str:
    """Everything that can be read on a slide, its tables row by row."""
    texts = []
    for shape in slide.shapes:
        if shape.has_text_frame:
            texts.append(shape.text_frame.text)
        if shape.has_table:
            texts += [cell.text for row in shape.table.rows for cell in row.cells]
    return "\n".join(texts).replace("\xa0", " ")


def notes(slide) -> str:
    return slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""


def slides_of(deck, code: str) -> list:
    """The slides with that code."""
    return [slide for slide in deck.slides if code in words(slide)]


def misplaced(deck) -> list[str]:
    """What lies over something else or beyond its slide; the title slide, whose text grows, is left out."""
    return [found for slide in list(deck.slides)[1:] for found in _misplaced(slide, deck)]


def _misplaced(slide, deck) -> list[str]:
    title = slide.shapes.title.text_frame.text
    boxes = [(s.name, s.left, s.top, s.left + s.width, s.top + s.height) for s in slide.shapes]
    found = [
        f"{title}: {name} lies beyond the slide"
        for name, left, top, right, bottom in boxes
        if left < 0 or top < 0 or right > deck.slide_width or bottom > deck.slide_height
    ]
    for (name, *one), (other, *two) in itertools.combinations(boxes, 2):
        apart = one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]
        found += [] if apart else [f"{title}: {name} lies over {other}"]
    return found
