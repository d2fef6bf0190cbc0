"""The template of a sponsor: what is taken from it, what is left behind, and what is refused."""

import io
import re
import zipfile

import pptx
import pytest
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.util import Inches, Pt

from outputs.output import View
from outputs.slide import Slide
from reports.deck.deck import build_deck
from reports.deck.template import open_template
from reports.plan import Plan
from tests.reports.deck.conftest import misplaced, opened, words
from tests.reports.deck.test_deck import parts
from trialdata.errors import StudyDataError

PLAN = Plan((Slide("design", View(), show="table"), Slide("method", View(endpoint="OR1Y"))))
SECRET = "A sample slide of 张三"


def sponsor(change=lambda deck: None) -> bytes:
    """A template 11 inches wide with names of its own, fonts, a sample slide, comments and a company."""
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Inches(11), Inches(7)
    for number, layout in enumerate(deck.slide_layouts):
        layout.name = f"版式 {number}"
    theme = deck.slide_masters[0].part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = theme.blob.replace(b'<a:latin typeface="Calibri"/>', b'<a:latin typeface="Georgia"/>')
    sample = deck.slides.add_slide(deck.slide_layouts[1])
    sample.shapes.title.text = SECRET
    for name, kind in (("commentAuthors", "commentAuthors"), ("changesInfos/changesInfo1", "changesInfo")):
        part = Part(PackURI(f"/ppt/{name}.xml"), "application/xml", deck.part.package, b"<a>Zhang San</a>")
        deck.part.relate_to(part, f"http://schemas.example/relationships/{kind}")
    deck.core_properties.author = "Zhang San"
    change(deck)
    content = io.BytesIO()
    deck.save(content)
    return content.getvalue()


def test_layouts_size_and_fonts_are_those_of_the_template(marked_data):
    deck = opened(build_deck(marked_data("nct07057778"), PLAN, template=sponsor()))
    assert (deck.slide_width, deck.slide_height) == (Inches(11), Inches(7))
    used = [slide.slide_layout.name for slide in deck.slides]
    assert used[0] == "版式 0"  # with a centred title and a subtitle
    assert set(used[1:]) == {"版式 5"}  # with a title and nothing else
    assert open_template(sponsor()).font == "Georgia"
    assert [p.placeholder_format.type for p in deck.slides[1].placeholders] == [PP_PLACEHOLDER.TITLE]
    assert misplaced(deck) == []


def test_sample_slides_comments_and_names_are_left_behind(marked_data):
    content = build_deck(marked_data("nct07057778"), PLAN, template=sponsor())
    for name, part in parts(content).items():
        text = part.decode("utf-8", errors="replace")
        assert "Zhang San" not in text, name
        assert SECRET not in text, name
    assert [name for name in parts(content) if re.search(r"comment|changesInfo|app\.xml|printer", name)] == []


def test_the_titles_stand_in_the_title_placeholder(marked_data):
    deck = opened(build_deck(marked_data("nct07057778"), PLAN, template=sponsor()))
    assert [slide.shapes.title is not None for slide in deck.slides] == [True] * len(deck.slides)
    assert "NCT07057778" in words(deck.slides[0])


def test_without_a_layout_for_the_opening_the_other_one_serves(marked_data):
    def without_opening(deck):
        for layout in [each for each in deck.slide_layouts if each.name == "版式 0"]:
            deck.slide_layouts.remove(layout)

    deck = opened(build_deck(marked_data("nct07057778"), PLAN, template=sponsor(without_opening)))
    assert {slide.slide_layout.name for slide in deck.slides} == {"版式 5"}
    assert "NCT07057778" in words(deck.slides[0])


def _without_titles(deck):
    for layout in deck.slide_layouts:
        for shape in list(layout.placeholders):
            if shape.placeholder_format.type in (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE):
                shape.element.getparent().remove(shape.element)


def _huge_title(deck):
    for layout in deck.slide_layouts:
        for shape in layout.placeholders:
            if shape.placeholder_format.type == PP_PLACEHOLDER.TITLE:
                shape.left, shape.top, shape.width, shape.height = Pt(0), Pt(0), Inches(11), Inches(5)


def with_macros() -> bytes:
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sponsor())) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "[Content_Types].xml":
                part = part.replace(
                    b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
                    b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
                )
            new.writestr(name, part)
    return changed.getvalue()


REFUSED = {
    "no title": (lambda: sponsor(_without_titles), "found no layout with a title"),
    "no room": (lambda: sponsor(_huge_title), "found too little room below the title"),
    "password": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "found a file with a password"),
    "macros": (with_macros, "found a file with macros"),
    "text": (lambda: b"not a presentation", "found something else than a PowerPoint file"),
    "empty": (lambda: b"", "found something else than a PowerPoint file"),
    "cut off": (lambda: sponsor()[:5000], "expected a PowerPoint file (.pptx)"),
    "workbook": (lambda: workbook(), "found something else than a PowerPoint file"),
}


def workbook() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
    return content.getvalue()


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused_in_one_sentence(case, marked_data):
    make, expected = REFUSED[case]
    with pytest.raises(StudyDataError) as error:
        build_deck(marked_data("nct07057778"), PLAN, template=make())
    assert expected in str(error.value)
    assert str(error.value).startswith("The template: found")
    assert len(str(error.value).splitlines()) == 1
