"""Pins: what may be pinned, which comments are refused, whose they are."""

import dataclasses

import pytest

from outputs.catalogue import CATALOGUE
from outputs.output import View
from outputs.slide import Slide
from reports.kept_views import may_be_bundled, may_be_kept, read_slide, slide_text
from reports.pins import all_pins, comment, move, names_participant, pin, pins_of, unpin
from tests.reports.small_root import AT, BASELINE, EVENTS, RATES, RULES, loaded
from tests.trialdata.small_study import ADLB, write_study
from trialdata.errors import StudyDataError
from trialdata.store import notes, open_store

FILTERED = Slide("response_rates", View("FAS", "OR", (("SEX", ("F",)),)), (("missing", "exclude"),), "table")


@pytest.fixture
def data(root):
    return loaded(root)


def test_pins_are_slides_in_order_with_the_comment_as_note(root, data):
    pin(root, data, RATES, "the  first\nlook", at=AT)
    pin(root, data, EVENTS, "", at=AT)
    pin(root, data, BASELINE, "balanced", at=AT)
    assert pins_of(root, loaded(root)) == [
        dataclasses.replace(RATES, note="the first look"),
        EVENTS,
        dataclasses.replace(BASELINE, note="balanced"),
    ]
    ids = [each.id for each in all_pins(root, data)]
    move(root, data, ids[2], -1)
    unpin(root, data, ids[0])
    comment(root, data, ids[1], "few events")
    assert pins_of(root, data) == [
        dataclasses.replace(BASELINE, note="balanced"),
        dataclasses.replace(EVENTS, note="few events"),
    ]


def test_the_whole_view_is_kept():
    assert read_slide(slide_text(FILTERED)) == FILTERED


@pytest.mark.parametrize(
    ("slide", "said"),
    [
        (Slide("participants", View()), "single participants or sites"),
        (Slide("sites", View()), "single participants or sites"),
        (Slide("participants_compared", View(), (("usubjids", "S-01"),)), "single participants or sites"),
        (Slide("cut_movers", View()), "single participants or sites"),
        (Slide("nonsense", View()), 'no output "nonsense"'),
        (Slide("response_rates", View("XYZ")), 'no analysis set "XYZ"'),
        (Slide("response_rates", View("FAS", "XYZ")), 'no endpoint "XYZ"'),
        (Slide("response_rates", View("FAS", "OR", (("SITEID", ("01",)),))), 'no subgroup "SITEID"'),
        (Slide("response_rates", View(), (("usubjid", "S-01"),)), 'no option of response_rates "usubjid"'),
        (Slide("response_rates", View(), (("usubjids", "S-01"),)), 'no option of response_rates "usubjids"'),
    ],
)
def test_what_may_not_be_pinned_is_refused_in_a_sentence(root, data, slide, said):
    with pytest.raises(StudyDataError, match=said) as refused:
        pin(root, data, slide, "", at=AT)
    assert "S-01" not in str(refused.value)
    assert not (root / "store").exists()


@pytest.mark.parametrize(
    "text",
    [
        "call 13812345678",
        "张三",
        "ask 王小明 again",
        "name@hospital.org",
        "姓名: 某某",
        "see S-03",
        "see s-03.",
        "patient name: X",
    ],
)
def test_a_comment_that_may_identify_somebody_is_refused_and_not_repeated(root, data, text):
    with pytest.raises(StudyDataError, match="found what may identify a person") as refused:
        pin(root, data, RATES, text, at=AT)
    assert text not in str(refused.value)
    assert all_pins(root, data) == []


@pytest.mark.parametrize(
    "text", ["Discussed in March 2026: 12 of 30, p = 0.034", "*bold* [link](x) = +1", "血小板持续升高", ""]
)
def test_a_comment_about_the_numbers_stays_as_it_is(root, data, text):
    pin(root, data, RATES, text, at=AT)
    assert [each.comment for each in all_pins(root, data)] == [text]


def test_a_comment_is_short(root, data):
    pin(root, data, RATES, "x" * 500, at=AT)
    with pytest.raises(StudyDataError, match="found 501 characters, expected up to 500"):
        comment(root, data, all_pins(root, data)[0].id, "x" * 501)


@pytest.mark.parametrize(
    ("text", "telling"),
    [
        ("03-017 left", True),
        ("number 017", True),
        ("17 left", False),
        ("0.017", False),
        ("1017 of them", True),
        ("103-017", False),
    ],
)
def test_a_number_of_a_participant_is_seen_among_others(data, text, telling):
    ids = data.adsl.assign(USUBJID=["NCT-03-017", "NCT-04-1017", "NCT-05-017", "NCT-06-x"])
    assert names_participant(dataclasses.replace(data, adsl=ids), text) is telling


def test_the_pooled_view_shows_no_pin_made_with_arms_nor_the_other_way_round(root, data):
    pooled = loaded(root, view="pooled")
    pin(root, data, RATES, "with arms", at=AT)
    assert pins_of(root, pooled) == []
    pin(root, pooled, EVENTS, "pooled", at=AT)
    assert [slide.note for slide in pins_of(root, pooled)] == ["pooled"]
    assert [slide.note for slide in pins_of(root, data)] == ["with arms"]


def test_another_content_of_the_cut_has_other_pins(root, data):
    pin(root, data, RATES, "", at=AT)
    write_study(root, toml=RULES, files={"adlb.csv": ADLB.replace("8,45,45", "8,46,46")})
    assert pins_of(root, loaded(root)) == []
    write_study(root, toml=RULES)
    assert pins_of(root, loaded(root)) == [RATES]


def test_a_pin_that_this_version_does_not_know_is_told_and_left_out(root, data):
    pin(root, data, RATES, "kept", at=AT)
    of = notes.Of("DEMO", data.study.content_hash, "true")
    later = slide_text(RATES).replace("response_rates", "of_a_later_version")
    for slide in (later, "[]", "{", slide_text(Slide("participants", View()))):
        notes.add_pin(open_store(root), of, slide, "", at=AT)
    assert [slide.output for slide in pins_of(root, data)] == ["response_rates"]
    trouble = [each.trouble for each in all_pins(root, data)]
    assert trouble[0] == "" and all(trouble[1:])


def test_every_output_that_may_leave_can_be_kept():
    leaving = {name for name, entry in CATALOGUE.items() if entry.leaving != "nothing"}
    assert set(filter(may_be_kept, CATALOGUE)) == leaving


def test_a_bundle_holds_all_of_them_but_those_about_two_cuts():
    left_out = set(filter(may_be_kept, CATALOGUE)) - set(filter(may_be_bundled, CATALOGUE))
    assert left_out == {"cut_changes", "cut_causes", "record_changes"}
