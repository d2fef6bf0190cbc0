"""Present: the plan's slides one at a time, the URL says which, and no participant is ever among them."""

import pytest
from opening import CUTS, opened, words

from outputs.output import View
from outputs.slide import Slide
from reports.plan import Plan, default_plan
from trialdata.errors import StudyDataError
from ui import present
from ui.session import load
from ui.session import studies as known_studies
from ui.words import plain

RANDOMISED, CHOSEN = "NCT07057778", "NCT04915482"
LATEST = [max(cut for cut in CUTS if cut[0] == study) for study in (RANDOMISED, CHOSEN)]


def shown(study, slide="", cut=""):
    app = opened("present", study=study, cut=cut)
    if slide:
        app.query_params["slide"] = str(slide)
        app.run()
    assert not app.exception and not app.error
    return app


def ways(app) -> dict[str, bool]:
    """Which of the buttons can be pressed."""
    return {button.label: not button.disabled for button in app.button if button.key.startswith("present-")}


def test_without_a_number_the_plan_begins_with_its_first_slide():
    app = shown(RANDOMISED)
    assert "1 of " in words(app)
    assert ways(app) == {"Back": False, "Next": True}


@pytest.mark.parametrize(("asked", "place"), [("3", 3), ("0", 1), ("-1", 1), ("x", 1), ("²", 1), ("999", 0)])
def test_the_url_says_which_slide_and_the_nearest_one_is_shown(asked, place):
    app = shown(RANDOMISED, asked)
    last = int(words(app).split(" of ")[-1].split("]")[0])
    assert f"[{place or last} of {last}]" in words(app)
    if not place:
        assert ways(app) == {"Back": True, "Next": False}


def test_on_and_back_move_one_slide_and_change_the_url():
    app = shown(RANDOMISED, 4)
    first = app.title[0].value
    next(button for button in app.button if button.label == "Next").click().run()
    assert app.query_params["slide"] in ("5", ["5"]) and app.title[0].value != first
    next(button for button in app.button if button.label == "Back").click().run()
    assert app.query_params["slide"] in ("4", ["4"]) and app.title[0].value == first


@pytest.mark.parametrize(("study", "cut"), [*LATEST, min(cut for cut in CUTS if cut[0] == CHOSEN)])
def test_every_slide_says_of_what_it_is_and_names_nobody(study, cut):
    definition = next(d for d in known_studies().values() if getattr(d, "registry", "") == study)
    loaded = load(definition, cut)
    data = loaded.data
    for place, slide in enumerate(default_plan(data).slides, 1):
        app = shown(study, place, cut)
        text, why = words(app), loaded.block(slide.output, slide.view).output.empty
        assert len(app.title) == 1 and app.title[0].value, slide.output
        assert study in text and f"{cut.day} {cut:%b %Y}" in text and "synthetic data" in text
        shown_here = len(app.get("plotly_chart")) + len(app.table) + len(app.dataframe)
        assert shown_here == 1 or (why and plain(why) in text), slide.output
        on_page = text + "".join(str(table.value.to_csv()) for table in (*app.table, *app.dataframe))
        assert not [subject for subject in data.adsl["USUBJID"] if subject in on_page]


def test_a_participant_level_output_is_never_shown(monkeypatch):
    plan = Plan((Slide("participants", View()),))
    monkeypatch.setattr(present, "plan", lambda _: plan)
    app = shown(RANDOMISED, 1)
    assert app.title[0].value == "This slide is not shown"
    assert not app.dataframe and not app.table and not app.get("plotly_chart")


@pytest.mark.parametrize(
    ("raised", "title"),
    [(None, "The plan has no slides"), ("decks/a.toml: broken", "The plan cannot be read")],
)
def test_a_plan_without_slides_or_that_cannot_be_read_says_so(monkeypatch, raised, title):
    def plan(_):
        if raised:
            raise StudyDataError(raised)
        return Plan(())

    monkeypatch.setattr(present, "plan", plan)
    app = shown(RANDOMISED)
    assert app.title[0].value == title
    assert [text.value for text in app.text] == ([raised] if raised else [])
    assert not any(ways(app).values())
