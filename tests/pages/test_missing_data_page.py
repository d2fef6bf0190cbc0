"""The page Missing data for an endpoint with missing answers, and its choice between missing and pending."""

from opening import opened, words

WEEK_12 = {"study": "NCT07057778", "endpoint": "Response at week 12"}


def test_readings_and_grid_are_drawn():
    app = opened("missing_data", **WEEK_12)
    assert not app.exception
    assert app.title[0].value.replace("\\", "") == "Response at week 12: 9 of 119 answers are missing"
    assert len(app.get("plotly_chart")) == 2
    assert "Missing: 5 of 60 in Iguratimod + rituximab and 4 of 59 in Rituximab" in words(app).replace(
        "\\", ""
    )


def test_the_pending_are_a_choice_of_the_page():
    app = opened("missing_data", **WEEK_12)
    app.button_group(key="which").set_value("pending and missing").run()
    assert not app.exception
    assert (
        app.title[0].value.replace("\\", "") == "Response at week 12: 9 of 119 answers are pending or missing"
    )


def test_where_nothing_is_missing_the_page_says_where_something_is():
    text = words(opened("missing_data", study="NCT07057778"))
    assert "There are missing answers to Response at week 12 and Response at week 26." in text
