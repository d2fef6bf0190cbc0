"""The page Adjusted over time: three outputs where arms were not randomised, a sentence elsewhere."""

from opening import DEFINITIONS, opened
from test_every_page import without_markup, words

STUDY = "NCT04915482"


def test_three_outputs_for_whom_they_hold():
    app = opened("over_time", study=STUDY)
    text = without_markup(words(app))
    for title in ("Freedom from treatment failure, weighted", "Hazard ratio, crude and weighted"):
        assert f"**{title}**" in text
    assert "**Median platelets, weighted**" in text
    assert text.count("For participants like those who might have received either treatment.") >= 4
    assert "with overlap weights" in app.title[0].value


def test_the_controls_change_every_output():
    app = opened(
        "over_time",
        study=STUDY,
        over_time_of="First response",
        over_time_estimand="Chose the combination",
        over_time_truncate="5%",
        over_time_counts="Outside rescue",
    )
    text = without_markup(words(app))
    assert not app.exception and "**Time to first response, weighted**" in text
    assert "truncated at 5% and 95%" in app.title[0].value
    assert text.count("Weights of the treated, truncated at 5% and 95%: effective sample size") == 3


def test_a_randomised_study_has_a_sentence():
    (study,) = [registry for registry, definition in DEFINITIONS.items() if definition.randomised]
    app = opened("over_time", study=study)
    text = without_markup(words(app))
    assert "were randomised: they need no score" in text and not app.get("plotly_chart")
    assert not app.exception and "Hazard ratio" not in text
