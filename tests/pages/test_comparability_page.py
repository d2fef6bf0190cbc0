"""The page Comparability: sentences before numbers, controls where they matter, nothing where arms were randomised."""

from opening import opened, words

IGU, TPO = "NCT07057778", "NCT04915482"
BLOCKS = (
    *("For whom the answer is", "Balance before and after", "Covariates before and after"),
    *("Overlap of the scores", "Weights", "Model of the score"),
)
ESTIMAND, TRUNCATE = "comparability_estimand", "comparability_truncate"


def control(app, key: str):
    (found,) = [each for each in app.button_group if each.key == key]
    return found


def test_the_sentences_stand_before_any_number():
    text = words(opened("comparability", study=TPO)).replace("\\", "")
    assert all(f"**{block}**" in text for block in BLOCKS)
    first = min(text.index(f"**{block}**") for block in BLOCKS)
    for sentence in (
        "**Choice was open (default).** For participants like those who might have received either treatment.",
        "**All treated.** For all participants of the trial, had all received the one treatment or the other.",
        "**Chose the combination.** For participants like those who received TPO-RA + low-dose anti-CD20",
    ):
        assert 0 <= text.index(sentence) < text.index("**What weakens the answer**") < first
    assert "lie outside the common support" in text


def test_truncation_is_offered_where_the_estimand_has_it():
    app = opened("comparability", study=TPO)
    assert TRUNCATE not in [each.key for each in app.button_group]
    control(app, ESTIMAND).set_value("ATE").run()
    control(app, TRUNCATE).set_value("5").run()
    assert not app.exception
    assert "Inverse probability weights, truncated at 5% and 95%" in words(app)
    control(app, ESTIMAND).set_value("ATO").run()
    assert not app.exception and "truncated" not in words(app)


def test_a_link_restores_what_was_chosen():
    app = opened(
        "comparability", study=TPO, comparability_estimand="All treated", comparability_truncate="1%"
    )
    assert "truncated at 1% and 99%" in words(app)


def test_no_participant_is_named_before_somebody_asks():
    app = opened("comparability", study=TPO)
    assert len(app.dataframe) == 0


def test_arms_that_were_randomised_have_one_sentence_and_no_control():
    app = opened("comparability", study=IGU)
    assert words(app).count("The arms of this study were randomised") == 1
    assert len(app.button_group) == 0 and not app.get("plotly_chart")
