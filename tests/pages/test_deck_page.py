"""Deck and report: slides are dropped, moved, added and saved; a bad plan or template is one sentence."""

import shutil
from datetime import UTC, date, datetime

import pytest
from opening import DEFINITIONS, ROOT, opened, words

from outputs.output import View
from outputs.slide import Slide
from reports.deck.deck import build_deck
from reports.deck.template import open_template
from reports.pins import pin
from reports.plan import Plan, as_toml, default_plan, plan_of
from ui.deck import KEY, PPTX
from ui.session import load

STUDY, CUT = "NCT07057778", "2026-12-31"
AT = datetime(2026, 3, 1, 8, 15, tzinfo=UTC)


@pytest.fixture
def root(tmp_path, monkeypatch):
    """A folder of its own with one study and one cut, in which a plan can be saved."""
    definition = DEFINITIONS[STUDY]
    (tmp_path / "studies").mkdir()
    shutil.copy(ROOT / "studies" / f"{definition.name}.toml", tmp_path / "studies")
    shutil.copytree(ROOT / definition.data / CUT, tmp_path / definition.data / CUT)
    monkeypatch.setenv("ITP_ROOT", str(tmp_path))
    return tmp_path


def data_of():
    return load(DEFINITIONS[STUDY], date.fromisoformat(CUT)).data


def saved(root) -> Plan:
    return plan_of(root, data_of())


def press(app, key: str):
    (button,) = [each for each in app.button if each.key == key]
    return button.click().run()


def offered_files(app) -> list[str]:
    return [button.proto.label for button in app.get("download_button")]


def boxes(app):
    return [box for box in app.checkbox if str(box.key).startswith(f"{KEY}-keep-")]


def test_the_slides_of_the_plan_stand_in_their_order_and_are_saved_as_they_are(root):
    app = opened("deck", study=STUDY)
    plan = default_plan(data_of())
    assert len(boxes(app)) == len(plan.slides)
    assert not (root / "decks").exists()
    app = press(app, f"{KEY}-save")
    assert "Saved as decks/nct07057778.toml." in words(app).replace("\\", "")
    assert saved(root) == plan


def test_slides_are_moved_and_dropped(root):
    app = opened("deck", study=STUDY)
    slides = default_plan(data_of()).slides
    first, _, third = (str(box.key).rsplit("-", 1)[1] for box in boxes(app)[:3])
    app = press(app, f"{KEY}-up-{third}")
    app = press(app, f"{KEY}-up-{first}")  # stays at the top
    app = boxes(app)[2].uncheck().run()  # the second, which is third now
    app = press(app, f"{KEY}-save")
    assert saved(root).slides == (slides[0], slides[2], *slides[3:])


def test_a_slide_is_added_in_the_view_of_the_sidebar(root):
    app = opened("deck", study=STUDY, SEX="F")
    app.selectbox(key=f"{KEY}-output").select("best_response")
    app.selectbox(key=f"{KEY}-show").select("both")
    app.text_input(key=f"{KEY}-note").input("Discussed in March.")
    app = press(app, f"{KEY}-add-slide")
    app = press(app, f"{KEY}-save")
    view = View("FAS", "OR1Y", (("SEX", ("F",)),))
    assert saved(root).slides[-1] == Slide("best_response", view, (), "both", "Discussed in March.")


def test_no_output_about_participants_is_offered(root):
    app = opened("deck", study=STUDY)
    options = app.selectbox(key=f"{KEY}-output").options
    assert "Response rates and the difference" in options
    assert "The list of participants" not in options


def test_a_saved_plan_is_shown_and_what_was_arranged_can_be_forgotten(root):
    (root / "decks").mkdir()
    plan = Plan((Slide("design", View("FAS", "OR1Y")), Slide("method", View("FAS", "OR1Y"))))
    (root / "decks" / "nct07057778.toml").write_text(as_toml(plan), encoding="utf-8")
    app = opened("deck", study=STUDY)
    assert len(boxes(app)) == 2
    app = boxes(app)[0].uncheck().run()
    app = press(app, f"{KEY}-again")
    assert [box.value for box in boxes(app)] == [True, True]


def test_a_template_is_checked_once_and_a_bad_one_is_a_sentence(root, monkeypatch):
    checked = []
    monkeypatch.setattr(
        "ui.deck.open_template", lambda content: checked.append(content) or open_template(content)
    )
    app = opened("deck", study=STUDY)
    app.file_uploader(key=f"{KEY}-template").set_value(("sponsor.pptx", b"no presentation", PPTX)).run()
    (error,) = app.run().error
    assert (
        "found something else than a PowerPoint file; save it as .pptx. Our own slides are taken instead."
        in error.value
    )
    good = build_deck(data_of(), Plan((Slide("design", View("FAS", "OR1Y")),)))
    app.file_uploader(key=f"{KEY}-template").set_value(("sponsor.pptx", good, PPTX)).run()
    assert not app.run().error
    assert checked == [b"no presentation", good]


def test_without_a_slide_there_is_no_deck(root):
    (root / "decks").mkdir()
    plan = Plan((Slide("design", View("FAS", "OR1Y")),))
    (root / "decks" / "nct07057778.toml").write_text(as_toml(plan), encoding="utf-8")
    app = opened("deck", study=STUDY)
    assert offered_files(app)[0] == "Deck, PPTX"
    app = boxes(app)[0].uncheck().run()
    assert "Choose at least one slide" in words(app)
    assert "Deck, PPTX" not in offered_files(app)


def test_a_plan_that_cannot_be_read_is_one_sentence_and_the_default_stands_instead(root):
    (root / "decks").mkdir()
    (root / "decks" / "nct07057778.toml").write_text('[[slides]]\noutput = "none"\n', encoding="utf-8")
    app = opened("deck", study=STUDY)
    (error,) = app.error
    assert "expected an output of the catalogue" in error.value
    assert len(boxes(app)) == len(default_plan(data_of()).slides)
    assert not app.exception


def test_pinned_outputs_are_added_as_slides_and_a_report_is_offered(root):
    data = data_of()
    pin(root, data, Slide("ledger", View("FAS", "OR1Y")), "Who counts.", at=AT)
    app = opened("deck", study=STUDY)
    before = len(boxes(app))
    app = press(app, f"{KEY}-pins")
    assert len(boxes(app)) == before + 1
    press(app, f"{KEY}-save")
    assert saved(root).slides[-1].note == "Who counts."
    assert "first the 1 pinned output" in words(app)
    offered = offered_files(app)
    assert offered[0] == "Deck, PPTX" and "Report, HTML" in offered and "Tables, RTF" in offered
