"""Every page opens for both trials at every cut, with everybody and with nobody in view."""

import pytest
from opening import CUTS, DEFINITIONS, PAGES, PLANNED, UNFILTERED, nobody, opened, words

from ui.session import load
from ui.sidebar import SAFETY_SET

BLOCKS = {
    "overview": ["Enrolment and maturity", "Who is due at this cut", "Data findings", "Last record per site"],
    "design": ["The trial", "Endpoints"],
    "data": ["Completeness by visit", "Data findings", "Findings"],
    "datasets": ["Datasets", "Data dictionary"],
    "changes": ["Rates at both cuts"],
    "baseline": ["Baseline characteristics", "Balance at baseline"],
    "disposition": [
        "Participant flow",
        "Completeness of follow-up",
        "Withdrawals over time",
        "Reasons for leaving",
    ],
    "response": ["In response at each visit", "Who counts", "Method"],
    "comparison": ["Comparison in every measure", "Within strata", "Adjusted for covariates"],
    "missing_data": ["Other readings of missing answers", "Tipping point"],
    "platelets": ["Every participant", "Percent at or above each threshold", "Change from baseline"],
    "durability": ["Cumulative incidence of response", "Duration of response", "In numbers"],
    "quality": [
        "Score over time",
        "Change from baseline",
        "Changes that matter",
        "Distribution of the change",
    ],
    "autoantibodies": ["By autoantibody class", "Haemoglobin response"],
    "subgroups": ["Forest of subgroups"],
    "times": [
        "Freedom from treatment failure",
        "Every comparison",
        "Is the hazard ratio constant?",
        "Follow-up",
    ],
    "rules": ["Protocol and changed rule", "Each rule moved alone"],
    "reconcile": [],
    "adverse_events": ["Adverse events in short", "Of special interest", "By class and term"],
    "adverse_course": ["First event over time", "How long events last", "Events that come again"],
    "adverse_compared": ["Events side by side", "Worst grade, arm against arm", "Screening of all terms"],
    "adjusted_difference": [],
    "comparability": ["For whom the answer is"],
    "over_time": [],  # nothing but a sentence where arms were randomised: tests/pages/test_over_time.py
    "unmeasured": [
        *("E-value", "As strong as what was measured"),
        *("Without each covariate", "What the treatment cannot change"),
    ],
    "bleeding": ["Bleeding after baseline", "Bleeding grade at each visit", "Bleeding against the count"],
    "laboratory": [
        "Alanine aminotransferase, U/L by visit",
        "Worst laboratory grade after baseline",
        "Serious hepatotoxicity (eDISH)",
        "Haemolysis in Evans syndrome",
    ],
    "exposure": [
        *("Doses given and planned", "What was given", "Time on treatment"),
        *(
            "Interruptions and changes of dose",
            "Corticosteroid over time",
            "Steroid-sparing",
            "Time to corticosteroid stop",
            "Rescue by class",
        ),
        *("Time to first rescue", "Other concomitant medication"),
    ],
    "models": ["Model of platelets over time", "At or above 50 over time"],
    "participants": ["One lane per participant", "Participants"],
    "heatmap": ["Everybody's platelets"],
    "participant": [
        "Course",
        "Laboratory",
        "Adverse events",
        "Treatment",
        "Every endpoint",
        "How the rule read each count",
    ],
    "deck": ["Slides", "Deck"],
    "present": [],
    "compare": ["Side by side", "Facts side by side"],
    "notes": [],
    "find": [],
}
FIGURES = {
    "overview": 5,
    "design": 0,
    "data": 1,
    "datasets": 0,
    "changes": 1,
    "baseline": 1,
    "disposition": 2,
    "response": 4,
    "platelets": 4,
    "durability": 4,
    "quality": 4,
    "autoantibodies": {"NCT07057778": 0, "NCT04915482": 2},
    "subgroups": 1,
    "models": 2,
    "times": 2,
    "comparison": 0,
    "missing_data": 0,  # the primary endpoint has every answer
    "rules": 2,
    "reconcile": 0,
    "adjusted_difference": {"NCT07057778": 0, "NCT04915482": 1},
    "comparability": {"NCT07057778": 0, "NCT04915482": 3},
    "over_time": {"NCT07057778": 0, "NCT04915482": 3},
    "unmeasured": {"NCT07057778": 0, "NCT04915482": 3},
    "bleeding": 4,
    "adverse_events": 0,
    "adverse_compared": {"NCT07057778": 3, "NCT04915482": 2},  # no screening by p where arms were chosen
    "adverse_course": 2,
    "laboratory": 2,
    "exposure": 5,
    "participants": 1,
    "heatmap": 1,
    "participant": 2,
    "deck": 0,
    "present": 0,  # the first slide is a table
    "compare": 1,
    "notes": 0,
    "find": 0,
}
LAST = [max(cut for cut in CUTS if cut[0] == study) for study in DEFINITIONS]  # all due: nothing is empty
EVERYWHERE = [(page, study, cut) for study, cut in CUTS for page in PAGES]


def first_participant(study, cut):
    return load(DEFINITIONS[study], cut).data.adsl["USUBJID"].iloc[0]


def without_markup(text):
    return text.replace("\\", "")


@pytest.mark.parametrize(("page", "study", "cut"), EVERYWHERE)
def test_page_shows_its_blocks_and_says_what_they_are_of(page, study, cut):
    app = opened(page, study=study, cut=cut, participant=first_participant(study, cut))
    text = without_markup(words(app))
    assert not app.exception
    assert not app.error
    assert len(app.title) == 1
    assert [block for block in BLOCKS[page] if f"**{block}**" not in text] == []
    drawn, most = len(app.get("plotly_chart")), FIGURES[page]
    most = most[study] if isinstance(most, dict) else most
    assert drawn == most if (study, cut) in LAST else drawn <= most
    assert study in text
    assert f"{cut.day} {cut:%b %Y}" in text
    assert ("safety set" if page in SAFETY_SET else "full analysis set") in text
    assert ":violet-badge[synthetic data]" in text


@pytest.mark.parametrize(("page", "study", "cut"), EVERYWHERE)
def test_page_answers_when_nobody_is_left(page, study, cut):
    filters = nobody(study, cut)
    app = opened(page, study=study, cut=cut, participant=first_participant(study, cut), **filters)
    text = without_markup(words(app))
    assert not app.exception
    assert not app.error
    assert (f":gray-badge[filtered: {len(filters)}]" in text) == (page not in PLANNED)
    if page not in UNFILTERED:
        assert "Nobody matches" in text
    if page not in ("overview", *UNFILTERED):
        assert any(button.label == "Clear filters" for button in app.button)


@pytest.mark.parametrize(("study", "cut"), CUTS)
def test_one_participant_waits_for_a_choice(study, cut):
    app = opened("participant", study=study, cut=cut)
    assert app.title[0].value == "One participant"
    assert not app.get("plotly_chart")


@pytest.mark.parametrize("page", PAGES)
def test_every_figure_can_be_read_without_seeing_it(page):
    study, cut = CUTS[-1]
    app = opened(page, study=study, cut=cut, participant=first_participant(study, cut))
    assert [chart.proto.id for chart in app.get("plotly_chart") if len(chart.proto.alt) < 20] == []
