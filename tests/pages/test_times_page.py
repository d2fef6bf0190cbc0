"""Time comparisons: what is compared and within which strata is chosen on the page, and is in the URL."""

from opening import opened, words

IGU, TPO = "NCT07057778", "NCT04915482"


def test_the_kind_and_the_strata_of_a_link_are_shown():
    app = opened("times", study=IGU, time_to="Loss of response", strata="Age")
    text = words(app).replace("\\", "")
    assert not app.exception
    assert app.title[0].value.startswith("Loss of response")
    assert "**Duration of response**" in text
    assert "Strata: AGE." in text
    assert "randomisation does not protect this comparison" in text


def test_without_a_choice_the_strata_are_those_of_the_study():
    text = words(opened("times", study=IGU)).replace("\\", "")
    assert "No stratum is named: no stratified row." in text


def test_strata_that_another_study_has_give_way():
    app = opened("times", study=TPO, strata="Autoantibody class")
    assert app.session_state["strata"] == "ABCLASS"
    app.selectbox(key="study").set_value("nct07057778").run()
    assert not app.exception
    assert app.title[0].value.startswith("Treatment failure")
    assert app.session_state["strata"] == ""
