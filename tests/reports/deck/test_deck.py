"""The deck: what every slide says, what fits on it, and what never leaves."""

import dataclasses
import datetime
import getpass
import io
import re
import socket
import zipfile

import pandas as pd
import pytest
from pptx.util import Pt

from outputs.context import context_words, marks
from outputs.output import Card, Output, View
from outputs.slide import Slide, view_code
from reports.deck.deck import build_deck
from reports.plan import Plan, default_plan
from reports.shown import show_all
from tests.reports.deck.conftest import MARKED, misplaced, notes, opened, slides_of, words
from trialdata.errors import StudyDataError

NOT_RANDOMISED = "Association; arms were not randomised."
FIRST_TRIAL, SECOND_TRIAL = "nct07057778", "nct04915482"
LOOKS = [
    (FIRST_TRIAL, None, "true"),
    (SECOND_TRIAL, datetime.date(2022, 3, 31), "true"),
    (SECOND_TRIAL, None, "true"),
    (FIRST_TRIAL, datetime.date(2026, 12, 31), "pooled"),
]
every_look = pytest.mark.parametrize(
    "look", LOOKS, ids=lambda look: f"{look[0]}-{look[1] or 'latest'}-{look[2]}"
)
NEVER = re.compile(
    r"\b((?<!clinically )significant|significantly|superior|proven|efficacious)\b", re.IGNORECASE
)


def parts(content: bytes) -> dict[str, bytes]:
    """Every part of a file, and of the workbooks inside it."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            found[name] = archive.read(name)
            if name.endswith(".xlsx"):
                found |= {f"{name}/{inner}": part for inner, part in parts(found[name]).items()}
    return found


@every_look
def test_every_slide_says_of_what_it_is(look, deck_of, marked_data):
    _, deck = deck_of(*look)
    data = marked_data(*look)
    plan = default_plan(data)
    for slide in plan.slides:
        shown = slides_of(deck, view_code(data, slide))
        assert shown, slide.output
        for each in shown:
            assert context_words(data, slide.view) in words(each)
            assert [mark for mark in marks(data) if mark not in words(each)] == []
            assert each.shapes[-1]._element.xml.count('type="slidenum"') == 1


@every_look
def test_a_deck_is_long_enough_to_tell_and_short_enough_to_show(look, deck_of):
    _, deck = deck_of(*look)
    assert 13 <= len(deck.slides) <= 32


@every_look
def test_the_title_slide_names_study_and_cut(look, deck_of, marked_data):
    _, deck = deck_of(*look)
    data = marked_data(*look)
    first = words(deck.slides[0])
    assert data.definition.title in first
    assert data.definition.registry in first
    assert f"{data.study.cut.day} {data.study.cut:%b %Y}" in first
    assert "Synthetic data" in first
    assert ("Pooled view" in first) == (look[2] == "pooled")


@every_look
def test_titles_are_all_there_different_and_first_in_reading_order(look, deck_of):
    _, deck = deck_of(*look)
    titles = [slide.shapes.title.text_frame.text for slide in list(deck.slides)[1:]]
    assert all(titles)
    assert len(set(titles)) == len(titles)
    for slide in deck.slides:
        assert slide.shapes[0].shape_id == slide.shapes.title.shape_id
        assert [p.name for p in slide.placeholders if not p.text_frame.text] == []


@every_look
def test_nothing_lies_over_anything_or_beyond_the_slide(look, deck_of):
    _, deck = deck_of(*look)
    assert misplaced(deck) == []


@every_look
def test_type_is_large_enough_and_every_table_has_a_header_and_a_name(look, deck_of):
    _, deck = deck_of(*look)
    for slide in deck.slides:
        sizes = {
            int(size) for size in re.findall(r'<a:(?:rPr|endParaRPr)[^>]* sz="(\d+)"', slide._element.xml)
        }
        assert min(sizes) >= 1100
        for shape in slide.shapes:
            if shape.has_table:
                assert shape.table.first_row
                assert len(shape._element.nvGraphicFramePr.cNvPr.get("descr")) > 5


@every_look
def test_no_participant_site_user_or_machine_is_in_the_file(look, deck_of, marked_data):
    content, _ = deck_of(*look)
    data = marked_data(*look)
    forbidden = [*data.adsl["USUBJID"], MARKED, socket.gethostname(), "Steve Canny", "python-pptx"]
    user = getpass.getuser()
    for name, part in parts(content).items():
        text = part.decode("utf-8", errors="replace")
        assert [each for each in forbidden if each in text] == [], name
        assert not re.search(rf">{re.escape(user)}<", text), name


@every_look
def test_no_word_claims_more_than_an_interim_look_can(look, deck_of):
    _, deck = deck_of(*look)
    for slide in deck.slides:
        assert not NEVER.search(words(slide) + notes(slide)), slide.shapes.title.text_frame.text


def test_a_comparison_of_arms_not_randomised_says_so_on_the_slide(deck_of, marked_data):
    _, deck = deck_of(SECOND_TRIAL)
    data = marked_data(SECOND_TRIAL)
    quick = ("response_rates", "cumulative_response", "subgroups", "bleeding_rates", "adverse_overview")
    slides = [slide for slide in default_plan(data).slides if slide.output in quick]
    for shown in show_all(data, slides):
        assert any(NOT_RANDOMISED in note for note in shown.output.footnotes)
        assert [s for s in slides_of(deck, shown.code) if NOT_RANDOMISED not in words(s)] == []
    assert len(slides) == len(quick)


def test_a_table_stands_on_its_slides_cell_for_cell(deck_of, marked_data):
    _, deck = deck_of(FIRST_TRIAL)
    data = marked_data(FIRST_TRIAL)
    (baseline,) = [s for s in default_plan(data).slides if s.output == "baseline_table"]
    (shown,) = show_all(data, [baseline])
    slides = slides_of(deck, shown.code)
    assert len(slides) > 1
    rows = []
    for slide in slides:
        (table,) = [shape.table for shape in slide.shapes if shape.has_table]
        cells = [[cell.text for cell in row.cells] for row in table.rows]
        assert cells[0] == list(shown.output.table.columns)
        rows += cells[1:]
    assert [row[1:] for row in rows] == shown.output.table.iloc[:, 1:].to_numpy().tolist()
    names = [row[0] for row in rows if not row[0].endswith(", continued")]
    assert [name for name in names if name] == [name for name in shown.output.table.iloc[:, 0] if name]
    assert [f"{n} of {len(slides)}" for n in range(1, len(slides) + 1)] == [
        slide.shapes.title.text_frame.text.rsplit(", ", 1)[1] for slide in slides
    ]


def test_speaker_notes_hold_method_note_and_what_does_not_fit(marked_data):
    data = marked_data(FIRST_TRIAL)
    slide = Slide("response_rates", View(endpoint="OR1Y"), show="table", note="Discussed in March.")
    (shown,) = show_all(data, [slide])
    deck = opened(build_deck(data, Plan((slide,))))
    said, seen = notes(deck.slides[1]), words(deck.slides[1])
    card = shown.output.cards[0]
    assert card.estimate in said
    assert card.method in said
    assert said.index(card.method) < said.index("Discussed in March.")
    assert [note for note in shown.output.footnotes if note not in seen and note not in said] == []
    assert "Clopper-Pearson" in said


def test_where_small_cells_are_left_out_the_notes_have_methods_and_no_estimates(marked_data):
    data = marked_data(FIRST_TRIAL)
    view = View("SAF", "OR1Y")
    (shown,) = show_all(data, [Slide("adverse_overview", view)])
    assert any("Left out of this file" in note for note in shown.output.footnotes)
    assert [card.estimate for card in shown.output.cards] == [""]
    assert shown.output.cards[0].method == "Miettinen-Nurminen"


def test_the_same_data_give_the_same_bytes_which_name_the_cut_and_nobody(marked_data, monkeypatch):
    data = marked_data(FIRST_TRIAL)
    plan = Plan(default_plan(data).slides[4:6], "A title & <more>")
    content = build_deck(data, plan)
    assert build_deck(data, plan) == content
    properties = opened(content).core_properties
    assert properties.title == "A title & <more>"
    assert properties.subject == "Pku-IGU-ITP-03 NCT07057778"
    assert (properties.author, properties.last_modified_by, properties.revision) == ("", "", 1)
    assert properties.created == properties.modified == datetime.datetime(2027, 6, 30)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "docProps/app.xml" not in archive.namelist()


def test_progress_counts_the_slides(marked_data):
    data = marked_data(FIRST_TRIAL)
    said = []
    slides = (Slide("design", View(), show="table"), Slide("method", View(endpoint="OR1Y")))
    build_deck(data, Plan(slides), progress=lambda done, of: said.append((done, of)))
    assert said == [(0, 2), (1, 2), (2, 2)]


def test_an_output_about_participants_is_refused(marked_data):
    with pytest.raises(StudyDataError, match="participants shows single participants or sites"):
        build_deck(marked_data(FIRST_TRIAL), Plan((Slide("participants", View()),)))


def test_an_option_value_that_is_not_understood_is_one_sentence(marked_data):
    slide = Slide("platelet_thresholds", View(), (("threshold", "many"),))

    def unwilling(_slide):
        raise ValueError("many is not a number")

    with pytest.raises(
        StudyDataError, match=r"^platelet_thresholds: an option was not understood: many is not a num"
    ):
        build_deck(marked_data(FIRST_TRIAL), Plan((slide,)), built=unwilling)


def made_of(data, output: Output, **slide) -> object:
    """The deck of one output that is made up for a test."""
    return opened(build_deck(data, Plan((Slide("response_rates", View(), **slide),)), built=lambda _: output))


def test_a_filter_that_leaves_nobody_is_a_slide_that_says_so(marked_data):
    data = marked_data(FIRST_TRIAL)
    view = View(endpoint="OR1Y", filters=(("SEX", ("no such level",)),))
    deck = opened(build_deck(data, Plan((Slide("response_rates", view),))))
    seen = words(deck.slides[1])
    assert "Nobody matches" in seen
    assert "no such level" in seen
    assert not any(shape.has_chart for shape in deck.slides[1].shapes)


LONG = (
    "Low-dose rituximab with an immunosuppressant that has a very long name, given every week for as long as it helps "
    * 2
)
CHINESE = (
    "艾拉莫德联合小剂量利妥昔单抗治疗糖皮质激素耐药或复发的原发免疫性血小板减少症的多中心随机对照研究" * 3
)


@pytest.mark.parametrize("name", [LONG[:120], CHINESE[:120], "=cmd|'/c calc'!A1", "<b>A & B</b>\n\x0bC"])
def test_any_name_of_an_arm_stays_text_and_on_its_slide(name, marked_data):
    table = pd.DataFrame(
        {"Measure": [name, "Rate", ""], name: ["80%", "57%", "not reached"], "Arm B": ["1", "2", "3"]}
    )
    output = Output(
        "response_rates", "Title", headline=f"{name} vs {name}: 80% vs 57% (95% CI 1 to 2)", table=table
    )
    output = dataclasses.replace(output, subtitle=name, footnotes=(name, name, name), detail=name)
    deck = made_of(marked_data(FIRST_TRIAL), output)
    assert misplaced(deck) == []
    slide = deck.slides[1]
    (frame,) = [shape for shape in slide.shapes if shape.has_table]
    assert re.sub(r"\s+", " ", name) in re.sub(r"\s+", " ", frame.table.cell(0, 1).text + notes(slide))
    assert slide.shapes.title.text_frame.text.startswith(name[:20].split("\n")[0])


def test_a_headline_that_is_cut_stands_whole_in_the_notes(marked_data):
    headline = "A number of 24.3 points " * 20
    deck = made_of(marked_data(FIRST_TRIAL), Output("response_rates", "Title", headline=headline))
    title = deck.slides[1].shapes.title.text_frame
    assert title.text.endswith("…")
    assert title.paragraphs[0].runs[0].font.size == Pt(18)
    assert headline in notes(deck.slides[1])


def test_an_interval_in_a_headline_does_not_break_over_a_line(marked_data):
    output = Output("response_rates", "Title", headline="A difference (95% CI −0.3 to 46.5)")
    deck = made_of(marked_data(FIRST_TRIAL), output)
    assert "(95%\xa0CI\xa0−0.3\xa0to\xa046.5)" in deck.slides[1].shapes.title.text_frame.text


def test_an_output_without_anything_says_so(marked_data):
    deck = made_of(marked_data(FIRST_TRIAL), Output("response_rates", "Title"))
    assert "Nothing to show at this data cut." in words(deck.slides[1])


def test_a_card_without_others_is_a_method_and_a_reason(marked_data):
    output = Output(
        "response_rates", "Title", cards=(Card("Rate", "80%", "Wilson score", "Near its level."),)
    )
    deck = made_of(marked_data(FIRST_TRIAL), output)
    assert notes(deck.slides[1]) == "Rate: 80%\nWilson score. Near its level."
