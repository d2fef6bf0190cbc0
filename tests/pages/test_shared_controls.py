"""The shared controls: in the URL, surviving a change of page, falling back quietly, never holding an identifier."""

import datetime

import pytest
from opening import CUTS, DEFINITIONS, PAGES, nobody, opened, words

from ui.session import load
from ui.sidebar import cut_name

IGU, TPO = "NCT07057778", "NCT04915482"
MIDDLE = datetime.date(2026, 12, 31)


def chosen(app):
    return {key: app.session_state[key] for key in ("study", "cut", "population", "endpoint")}


def test_a_link_restores_every_control():
    app = opened(
        "response", study=IGU, cut=MIDDLE, population="Per protocol", endpoint="Response at week 26", SEX="F"
    )
    assert chosen(app) == {
        "study": "nct07057778",
        "cut": MIDDLE,
        "population": "PP",
        "endpoint": "RESPW26",
    }
    assert app.session_state["SEX"] == ["F"]
    assert ":gray-badge[filtered\\: 1]" in words(app)


def test_a_link_by_date_is_restated_with_the_place_of_the_cut():
    app = opened("overview", study=IGU, cut=MIDDLE)
    assert app.query_params["cut"] == "2 of 3 · 31 Dec 2026"


def test_a_link_from_before_the_newest_cut_keeps_its_date():
    app = opened("overview", study=IGU, cut="2 of 2 · 31 Dec 2026")
    assert app.session_state["cut"] == MIDDLE


def test_without_a_cut_the_latest_is_shown():
    app = opened("overview", study=IGU)
    assert app.session_state["cut"] == max(cut for study, cut in CUTS if study == IGU)


@pytest.mark.parametrize(
    "in_url",
    [
        {"endpoint": "nonsense"},
        {"population": "' or 1=1"},
        {"SEX": "Q"},
        {"cut": "2026-02-30"},
        {"compact": "perhaps"},
        {"missing": "1"},
        {"study": "../../etc/passwd"},
    ],
)
def test_what_a_url_invents_is_ignored(in_url):
    study = in_url.pop("study", IGU)
    app = opened("response", study=study, **in_url)
    assert not app.error
    assert app.session_state["study"] in ("nct07057778", "nct04915482")
    assert app.session_state["endpoint"] == DEFINITIONS[IGU].leading.paramcd
    assert app.session_state["population"] == "FAS"
    assert "filtered" not in words(app)


def test_controls_survive_a_change_of_page():
    app = opened("response", study=IGU, cut=MIDDLE, endpoint="Response at week 26")
    before = chosen(app)
    for path in PAGES.values():
        assert chosen(app.switch_page(path).run()) == before


def test_another_study_keeps_what_it_has_and_drops_the_rest():
    app = opened("response", study=IGU, cut=MIDDLE, population="Per protocol", ITPSTAT="RELAPSED")
    app.selectbox(key="study").select("nct04915482").run()
    assert not app.error
    assert app.session_state["cut"] == max(cut for study, cut in CUTS if study == TPO)
    assert app.session_state["population"] == "PP"
    assert "filtered" not in words(app)
    assert "cut" not in app.query_params


def test_clearing_the_filters_brings_everybody_back():
    app = opened("response", study=IGU, cut=MIDDLE, **nobody(IGU, MIDDLE))
    assert "Nobody matches" in words(app)
    next(button for button in app.button if button.label == "Clear filters").click().run()
    assert "Nobody matches" not in words(app)
    assert "filtered" not in words(app)


def test_pending_and_missing_are_a_choice_of_the_page():
    app = opened("response", study=IGU, cut=MIDDLE)
    app.button_group(key="missing").set_value("exclude").run()
    assert "left out of the denominator" in words(app)


def test_phone_layout_is_a_choice():
    app = opened("response", study=IGU, cut=MIDDLE)
    wide = [chart.proto.spec for chart in app.get("plotly_chart")]
    narrow = [
        chart.proto.spec for chart in app.toggle(key="compact").set_value(True).run().get("plotly_chart")
    ]
    assert all(one != other for one, other in zip(wide, narrow, strict=True))


@pytest.mark.parametrize(("study", "cut"), CUTS)
def test_an_identifier_is_never_in_the_url(study, cut):
    known = load(DEFINITIONS[study], cut).data.adsl["USUBJID"]
    app = opened("participant", study=study, cut=cut, participant=known.iloc[0])
    assert known.iloc[0] in words(app)
    next(box for box in app.selectbox if box.label == "Participant").select(known.iloc[5]).run()
    assert known.iloc[5] in app.title[0].value
    assert not any(usubjid in str(app.query_params) for usubjid in known)


def test_a_cut_is_named_by_its_place_and_date():
    cuts = (datetime.date(2026, 3, 31), MIDDLE)
    assert cut_name(MIDDLE, cuts) == "2 of 2 · 31 Dec 2026"
