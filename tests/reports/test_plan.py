"""The deck plan: read, refused with file and place, written back, and the one of the software."""

import dataclasses
import datetime
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outputs.catalogue import CATALOGUE
from outputs.output import View
from outputs.slide import Slide
from reports.plan import (
    Plan,
    SlideKeys,
    as_toml,
    default_plan,
    outputs_to_show,
    plan_in,
    plan_of,
    save_plan,
)
from trialdata.errors import StudyDataError

ROOT = Path(__file__).parents[2]
FIRST = "nct07057778"


def told(text: str, data) -> list[str]:
    """The sentences a plan is refused with."""
    with pytest.raises(StudyDataError) as error:
        plan_in(text.encode(), data, "decks/x.toml")
    return str(error.value).splitlines()


def one(keys: str, data) -> list[str]:
    return told(f'[[slides]]\noutput = "response_rates"\n{keys}\n', data)


def test_the_example_of_the_reference_is_read(derived):
    text = (ROOT / "docs/reference/meeting.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, flags=re.DOTALL)
    plan = plan_in(example.encode(), derived(FIRST))
    assert plan.title == "Interim look for the data monitoring committee"
    view = View("FAS", "OR1Y", (("SEX", ("F",)),))
    note = "Discussed in March."
    assert plan.slides == (Slide("response_rates", view, (("missing", "exclude"),), "chart", note),)


def test_the_example_of_the_guide_is_read(derived):
    text = (ROOT / "docs/how-to/make-a-deck.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, flags=re.DOTALL)
    plan = plan_in(example.encode(), derived(FIRST))
    assert [slide.output for slide in plan.slides] == ["response_rates", "response_rates", "adverse_overview"]


def test_every_key_stands_in_the_reference_with_its_default():
    text = (
        (ROOT / "docs/reference/meeting.md").read_text(encoding="utf-8").split("\n## 2.")[1].split("\n## ")[0]
    )
    rows = dict(re.findall(r"^\| `(\w+)` \| `?([^|`]*)`? \|", text, flags=re.MULTILINE))
    keys = {key.name: key for key in dataclasses.fields(SlideKeys)}
    assert list(rows) == ["title", *keys]
    for name, key in keys.items():
        if key.default is not dataclasses.MISSING:
            assert rows[name] == f'"{key.default}"', name
        else:
            assert rows[name] == ("{}" if key.default_factory is not dataclasses.MISSING else "required")


def test_what_is_left_out_is_the_primary_endpoint_and_the_set_of_the_section(derived):
    text = '[[slides]]\noutput = "response_rates"\n[[slides]]\noutput = "adverse_overview"\n'
    first, second = plan_in(text.encode(), derived(FIRST)).slides
    assert first == Slide("response_rates", View("FAS", "OR1Y"))
    assert second == Slide("adverse_overview", View("SAF", "OR1Y"))


REFUSED = {
    'output = "response_rate"': 'key "output": found "response_rate", expected an output of the catalogue; did you',
    'output = "participants"': 'key "output": found an output that shows single participants or sites, expected',
    "output = 3": 'key "output": found 3, expected a text in quotes',
}


@pytest.mark.parametrize("keys", REFUSED)
def test_an_output_that_may_not_be_shown_is_refused(keys, derived):
    (sentence,) = told(f"[[slides]]\n{keys}\n", derived(FIRST))
    assert sentence.startswith(f"decks/x.toml, [[slides]] 1, {REFUSED[keys]}")


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ('endpiont = "OR1Y"', 'key "endpiont": found an unknown key'),
        ('endpoint = "OR1"', 'key "endpoint": found "OR1", expected one of'),
        ('population = "NOPE"', 'key "population": found "NOPE", expected one of FAS, ITT'),
        ('filters = { NOPE = ["F"] }', 'key "filters": found "NOPE", expected subgroups of the study ('),
        ('filters = { SEX = "F" }', 'key "filters": found a table, expected a table of lists of texts'),
        ('options = { nope = "1" }', 'key "options": found "nope", expected an option of this output ('),
        ("options = { missing = 1 }", 'key "options": found a table, expected a table of texts'),
        ('show = "picture"', 'key "show": found "picture", expected "chart", "table" or "both"'),
        ("note = 1", 'key "note": found 1, expected a text in quotes'),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(keys, expected, derived):
    (sentence,) = one(keys, derived(FIRST))
    assert sentence.startswith(f"decks/x.toml, [[slides]] 1, {expected}")


def test_every_problem_is_told_at_once_with_the_number_of_its_slide(derived):
    text = '[[slides]]\noutput = "design"\n[[slides]]\noutput = "a"\n[[slides]]\noutput = "b"\n'
    found = told(f"titel = 1\n{text}", derived(FIRST))
    assert [sentence.split(", ")[1].split(":")[0] for sentence in found] == [
        'key "titel"',
        "[[slides]] 2",
        "[[slides]] 3",
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "expected blocks that begin with [[slides]]"),
        (b"slides = 3", "expected blocks that begin with [[slides]]"),
        (b"slides = []", "expected blocks that begin with [[slides]]"),
        (b"title = ", "not valid TOML"),
        (b"title = '\xff'", "found text that is not UTF-8"),
        (b"title = 3\n[[slides]]\noutput = 'design'", 'key "title": found 3, expected a text in quotes'),
    ],
)
def test_a_file_that_is_no_plan_is_refused(content, expected, derived):
    with pytest.raises(StudyDataError, match=re.escape(expected)):
        plan_in(content, derived(FIRST))


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=30)


@settings(max_examples=50, deadline=None)
@given(
    title=TEXTS,
    note=TEXTS,
    level=TEXTS,
    value=TEXTS,
    show=st.sampled_from(["chart", "table", "both"]),
)
def test_a_plan_that_is_written_is_read_back_equal(title, note, level, value, show, derived):
    view = View("PP", "OR1Y", (("SEX", ("F", level)), ("AGE", (level,))))
    slide = Slide("response_rates", view, (("missing", value),), show, note)
    plan = Plan((slide, Slide("design", View("FAS", "OR1Y"))), title)
    assert plan_in(as_toml(plan).encode(), derived(FIRST)) == plan


def test_the_default_plan_is_written_and_read_back_equal(look):
    plan = default_plan(look)
    assert plan_in(as_toml(plan).encode(), look) == plan


def test_the_default_plan_has_some_15_to_20_slides_of_outputs_that_may_leave(look):
    plan = default_plan(look)
    assert 13 <= len(plan.slides) <= 20
    assert {slide.output for slide in plan.slides} <= set(outputs_to_show())


def test_no_output_about_participants_may_be_shown():
    shown = set(outputs_to_show())
    assert {"response_rates", "adverse_overview", "subgroups"} <= shown
    assert not shown & {
        "participants",
        "swimlanes",
        "participant_trace",
        "cut_movers",
        "platelet_participants",
    }
    assert not shown & {name for name, entry in CATALOGUE.items() if entry.participant_level}


def test_only_a_later_cut_has_a_slide_about_what_changed(derived):
    outputs = [slide.output for slide in default_plan(derived(FIRST, datetime.date(2026, 3, 31))).slides]
    assert "cut_changes" not in outputs
    outputs = [slide.output for slide in default_plan(derived(FIRST)).slides]
    assert outputs[outputs.index("response_rates") + 1] == "cut_changes"


def test_a_saved_plan_takes_the_place_of_the_default_one(tmp_path, derived):
    data = derived(FIRST)
    assert plan_of(tmp_path, data) == default_plan(data)
    plan = Plan(default_plan(data).slides[2:5], "Three slides")
    path = save_plan(tmp_path, data.definition, plan)
    assert path == tmp_path / "decks" / "nct07057778.toml"
    assert plan_of(tmp_path, data) == plan
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_place_that_cannot_be_written_to_is_one_sentence(tmp_path, derived):
    data = derived(FIRST)
    (tmp_path / "decks").write_text("a file", encoding="utf-8")
    with pytest.raises(StudyDataError, match=r"^decks/nct07057778.toml: could not be written \(.*\)\.$"):
        save_plan(tmp_path, data.definition, default_plan(data))


def test_the_pooled_view_has_no_slide_about_arms(derived):
    outputs = {slide.output for slide in default_plan(derived("nct04915482", view="pooled")).slides}
    assert not outputs & {"observational_balance", "adjusted_difference", "subgroups", "adverse_dots"}
    assert "observational_balance" in {s.output for s in default_plan(derived("nct04915482")).slides}
