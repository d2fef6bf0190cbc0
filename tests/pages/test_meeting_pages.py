"""Pinned and Find a view: what is put aside while exploring, kept for the meeting, and opened again by its code."""

import datetime
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from opening import DEFINITIONS, PAGES, ROOT, opened
from opening import words as escaped_words

from outputs.catalogue import CATALOGUE
from outputs.output import View
from outputs.slide import Slide, view_code
from reports.codes import remember
from reports.kept_views import may_be_kept
from reports.pins import pin, pins_of
from ui.session import load

IGU, ITP = "NCT07057778", "NCT04915482"
FIRST, LATEST = datetime.date(2026, 3, 31), datetime.date(2027, 6, 30)
AT = datetime.datetime(2027, 7, 1, tzinfo=datetime.UTC)
RATES = Slide("response_rates", View("FAS", "OR1Y"))
COURSE = Slide("platelet_course", View("FAS", "OR1Y", (("SEX", ("F",)),)), (("summary", "mean"),))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own with the sample trials."""
    for part in ("studies", "data/sample"):
        shutil.copytree(ROOT / part, tmp_path / part)
    for name in ("ITP_REGISTER_URL", "ITP_VIEW"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ITP_ROOT", str(tmp_path))
    return tmp_path


@pytest.fixture
def data(root):
    return load(DEFINITIONS[IGU], LATEST).data


def words(app) -> str:
    return escaped_words(app).replace("\\", "")


def labels(app) -> list[str]:
    return [button.label for button in app.button]


def test_an_output_is_pinned_where_it_is_saved_and_listed_by_another_process(root, data):
    app = opened("response", study=IGU)
    app.session_state["save-response_rates"] = True
    app.run()
    app.text_input(key="pin-comment-response_rates").set_value("Discussed *first*")
    app.button(key="FormSubmitter:pin-response_rates-Pin to the meeting notes").click().run()
    assert not app.exception and not app.error
    assert "Pinned: Meeting, Pinned." in words(app)
    (kept,) = pins_of(root, data)
    assert (kept.output, kept.view, kept.note) == ("response_rates", RATES.view, "Discussed *first*")
    script = (
        "from opening import opened\n"
        f"app = opened('notes', study={IGU!r})\n"
        "print([line.value for line in app.title], [box.value for box in app.text_input], len(app.exception))"
    )
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests/pages")])
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=os.environ | {"PYTHONPATH": paths}
    )
    assert said.stdout.strip() == "['1 pinned output'] ['Discussed *first*'] 0", said.stderr


def test_a_comment_that_may_identify_somebody_pins_nothing(root, data):
    app = opened("response", study=IGU)
    app.session_state["save-response_rates"] = True
    app.run()
    app.text_input(key="pin-comment-response_rates").set_value("see 03-001")
    app.button(key="FormSubmitter:pin-response_rates-Pin to the meeting notes").click().run()
    assert "found what may identify a person" in words(app)
    assert pins_of(root, data) == []


def test_what_shows_participants_offers_no_pin(root):
    app = opened("participants", study=IGU)
    app.session_state["save-participants"] = True
    app.run()
    assert not app.exception
    assert "Numbers, CSV" in [button.proto.label for button in app.get("download_button")]
    assert not [box for box in app.text_input if box.key and box.key.startswith("pin-")]


def test_what_changed_is_pinned_with_the_cut_it_is_compared_with(root, data):
    app = opened("changes", study=IGU)
    app.selectbox(key="since").set_value(str(FIRST)).run()
    app.session_state["save-cut_changes"] = True
    app.run()
    app.button(key="FormSubmitter:pin-cut_changes-Pin to the meeting notes").click().run()
    assert not app.exception and not app.error
    (kept,) = pins_of(root, data)
    assert kept.options == (("since", str(FIRST)),)
    headline = app.title[0].value.replace("\\", "")
    listed = opened("notes", study=IGU)
    assert headline in words(listed) and f"since {FIRST}" in words(listed)
    found = opened("find", study=IGU, code=view_code(data, kept))
    assert found.title[0].value.replace("\\", "") == headline
    assert not listed.exception and not found.exception


def test_pins_of_a_cut_are_moved_commented_and_removed(root, data):
    pin(root, data, RATES, "one", at=AT)
    pin(root, data, COURSE, "two", at=AT)
    app = opened("notes", study=IGU)
    assert not app.exception and not app.error
    text = words(app)
    assert app.title[0].value == "2 pinned outputs"
    assert RATES.built(data).headline in text
    assert COURSE.built(data).headline in text
    assert view_code(data, RATES) in text and view_code(data, COURSE) in text
    assert "SEX F · summary mean" in text
    ups = [button for button in app.button if button.label == "Up"]
    assert [button.disabled for button in ups] == [True, False]
    ups[1].click().run()
    assert [slide.note for slide in pins_of(root, data)] == ["two", "one"]
    app.text_input[0].set_value("call 13812345678").run()
    assert "found what may identify a person" in app.error[0].value
    app.text_input[0].set_value("two, again").run()
    assert [slide.note for slide in pins_of(root, data)] == ["two, again", "one"]
    next(button for button in app.button if button.label == "Remove").click().run()
    assert [slide.note for slide in pins_of(root, data)] == ["one"]
    assert app.title[0].value == "1 pinned output"


def test_another_cut_and_the_pooled_view_have_no_such_pin(root, data, monkeypatch):
    pin(root, data, RATES, "one", at=AT)
    assert opened("notes", study=IGU, cut=FIRST).title[0].value == "Nothing is pinned at this data cut"
    monkeypatch.setenv("ITP_VIEW", "pooled")
    app = opened("notes", study=IGU)
    assert app.title[0].value == "Nothing is pinned at this data cut"
    assert not app.exception and not app.error


def test_a_register_that_does_not_answer_is_said_on_the_page(root, monkeypatch):
    monkeypatch.setattr("ui.pins.all_pins", refused)
    app = opened("notes", study=IGU)
    assert "found no PostgreSQL server that answers" in words(app)
    assert not app.exception


def refused(*_):
    from trialdata.errors import StudyDataError

    raise StudyDataError("register: found no PostgreSQL server that answers.")


def test_a_code_opens_its_view_live(root, data):
    remember(root, data, [COURSE])
    code = view_code(data, COURSE).lower().replace("-", "")
    app = opened("find", study=IGU, code=code)
    text = words(app)
    assert not app.exception and not app.error
    assert COURSE.built(data).headline.split(",")[0] in app.title[0].value.replace("\\", "")
    assert view_code(data, COURSE) in text
    assert "only" in text and "summary mean" in text
    assert len(app.get("plotly_chart")) == 1
    assert "another data cut" not in text


def test_a_code_of_another_cut_is_found_and_told(root):
    data = load(DEFINITIONS[IGU], FIRST).data
    app = opened("find", study=IGU, cut=LATEST)
    app.text_input(key="code").set_value(view_code(data, RATES)).run()
    text = words(app)
    assert "data cut 1 of 3, 31 Mar 2026" in text
    assert "Of another data cut than the one chosen at the left." in text
    assert app.title[0].value.replace("\\", "") == RATES.built(data).headline


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type the code of a slide"),
        ("hello", "This is no code"),
        ("2222-2222", f"No view of {IGU} has the code 2222-2222 at any of its data cuts"),
    ],
)
def test_what_is_no_code_of_the_study_is_said(root, typed, said):
    app = opened("find", study=IGU, code=typed)
    assert said in words(app)
    assert app.title[0].value == "Find a view"
    assert not app.exception


def test_a_code_of_the_other_study_is_not_found(root):
    other = load(DEFINITIONS[ITP], max(load(DEFINITIONS[ITP], datetime.date(2023, 12, 31)).data.study.cuts))
    app = opened("find", study=IGU, code=view_code(other.data, RATES))
    assert "It may be of another study" in words(app)


@pytest.mark.parametrize(
    "page", ["response", "platelets", "adverse_events", "laboratory", "exposure", "comparability"]
)
def test_what_a_page_shows_is_kept_as_it_is_shown(page, monkeypatch):
    """The options of a page, as texts, build the same numbers again."""
    from ui import pins as screen
    from ui import show

    seen = []
    monkeypatch.setattr(show, "_title_row", lambda reading, block, **_: seen.append((reading, block)))
    opened(page, study=ITP)
    slides = [
        (block.output, screen.slide_of(reading, block), reading.data)
        for reading, block in seen
        if may_be_kept(block.output.id)
    ]
    assert slides
    for output, slide, data in slides:
        again = slide.built(data)
        assert again.id == output.id in CATALOGUE
        assert again.results.equals(output.results), output.id
        assert again.headline == output.headline


def test_the_pages_are_in_the_menu():
    assert {"notes", "find"} <= set(PAGES)
