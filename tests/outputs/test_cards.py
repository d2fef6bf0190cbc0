"""The method card of a number: its first line, the other methods, and when they disagree."""

import math

import pandas as pd

from outputs.cards import card, disagreement
from outputs.wording import interval_text

COLUMNS = ["method", "estimate", "conf_low", "conf_high", "p_value"]
ROWS = pd.DataFrame(
    [
        ("Newcombe", 0.2, 0.01, 0.4, math.nan),
        ("Miettinen-Nurminen", 0.2, -0.003, 0.41, 0.051),
        ("Fisher exact", math.nan, math.nan, math.nan, 0.08),
        ("Wald", 0.2, 0.02, 0.38, math.nan),
    ],
    columns=COLUMNS,
)


def points(row):
    return interval_text(row, scale="points")


def test_the_chosen_method_leads_and_the_others_follow():
    shown = card(
        ROWS, title="Difference", chosen="Miettinen-Nurminen", reason="inverts", words=points, null=0
    )
    assert shown.estimate == "20.0 points, 95% CI −0.3 to 41.0"
    assert list(shown.others["Method"]) == ["Miettinen-Nurminen", "Newcombe", "Fisher exact", "Wald"]
    assert shown.others.iloc[2].to_list() == ["Fisher exact", "", "", "0.080"]


def test_methods_on_both_sides_of_no_difference_are_named():
    assert disagreement(ROWS.itertuples(), 0) == (
        "At the 5% level Newcombe and Wald exclude no difference, Miettinen-Nurminen and Fisher exact do not."
    )
    assert disagreement(ROWS.iloc[[0, 3]].itertuples(), 0) == ""
    assert disagreement(ROWS.itertuples(), math.nan) == ""


def test_hidden_p_values_play_no_part():
    hidden = ROWS.iloc[[0, 2, 3]].assign(p_value=math.nan)
    assert disagreement(hidden.itertuples(), 0) == ""
    shown = card(hidden, title="Difference", chosen="Newcombe", reason="", words=points, null=0)
    assert "p, nominal" not in shown.others
