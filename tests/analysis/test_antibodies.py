"""Results in words: how they are read, and how they turn."""

import pytest
from lab_rows import lab, laboratory_of

from analysis.safety.antibodies import conversions, result_of


@pytest.mark.parametrize(
    ("text", "result"),
    [
        *[(text, "positive") for text in ("positive", "POS", "+", "++", "阳性", "1:80", "1 : 320", "1/1000")],
        *[
            (text, "negative")
            for text in ("Negative", "neg", "-", "阴性", "1:40", "<1:80", "<1:1000", "１:４０")
        ],
        *[(text, "") for text in ("", "1:", "320", "weak", "±", "positive?", "不详", "<b>")],
    ],
)
def test_a_result_is_positive_negative_or_not_read(text, result):
    assert result_of(text) == result


def change(*results: tuple) -> str:
    rows = [lab("S1", "ANA", day, unit="", AVALC=text, **more) for day, text, more in results]
    (row,) = conversions(laboratory_of(rows).texts).to_dict("records")
    return row["CHANGE"]


def test_from_baseline_to_the_last_result():
    assert change((1, "1:320", {}), (90, "positive", {}), (180, "negative", {})) == "positive to negative"
    assert change((1, "1:320", {}), (180, "1:80", {})) == "positive both times"
    assert change((1, "negative", {}), (180, "1:80", {})) == "negative to positive"
    assert change((1, "negative", {}), (180, "<1:80", {})) == "negative both times"


def test_an_unread_result_is_passed_over():
    assert (
        change((-5, "positive", {}), (1, "pending", {}), (90, "neg", {}), (99, "?", {}))
        == "positive to negative"
    )
    assert change((1, "positive", {}), (90, "pending", {})) == ""
    assert (
        change(
            (90, "positive", {}),
        )
        == ""
    )


def test_the_flagged_result_is_the_baseline_and_of_several_a_positive_one():
    assert (
        change((-9, "negative", {"ABLFL": "Y"}), (1, "positive", {}), (90, "positive", {}))
        == "negative to positive"
    )
    assert change((1, "positive", {}), (1, "negative", {}), (90, "negative", {})) == "positive to negative"
