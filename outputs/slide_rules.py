"""The chart of a slide with the rates under several rules, the protocol's first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from outputs import wording
from outputs.slide_axis import percent_axis, points_axis
from outputs.slide_chart import Chart, Panels, Row, Rows
from outputs.slide_rows import in_points, of_arm, points_words, rate_row
from trialdata.definition import Arm


def by_rule(results: pd.DataFrame, arms: Sequence[Arm], rules: Mapping[str, str], title: str) -> Chart:
    """A height per rule: each arm's rate and, beside it, each difference from control; the others stand behind.

    `results`: rule arm comparison measure ("rate", "difference") n N and the numbers, shares of 1.
    """
    left = tuple(row for rule in rules for row in _rates(results[results["rule"] == rule], arms, rules, rule))
    right = tuple(
        row for rule in rules for row in _differences(results[results["rule"] == rule], arms, rules, rule)
    )
    rates = Rows(percent_axis(title), left)
    if not right:
        return rates
    limits = [limit for row in right for limit in (row.low, row.high)]
    return Panels(rates, Rows(points_axis("Difference, points", limits), right, 0.0))


def _rates(own: pd.DataFrame, arms: Sequence[Arm], rules: Mapping[str, str], rule: str) -> list[Row]:
    """The rates by one rule; their intervals are drawn, not written."""
    rows = own[own["measure"] == "rate"]
    found = [(arm, of_arm(rows, arm)) for arm in arms]
    return [
        _placed(rate_row(arm, row, "due"), rules, rule, "" if row is None else _rate(row))
        for arm, row in found
    ]


def _rate(row: pd.Series) -> str:
    return wording.rate_words(int(row["n"]), int(row["N"]))


def _placed(row: Row, rules: Mapping[str, str], rule: str, words: str) -> Row:
    first = rule == next(iter(rules))
    return replace(row, label=rules[rule], words=words or row.words, detail="", leading=first, thin=not first)


def _differences(own: pd.DataFrame, arms: Sequence[Arm], rules: Mapping[str, str], rule: str) -> list[Row]:
    """The differences by one rule; of several each in the colour of its experimental arm."""
    known = own[(own["measure"] == "difference") & own["estimate"].notna()]
    control = next((arm.trt for arm in arms if arm.role == "control"), "")
    several = sum(arm.role == "experimental" for arm in arms) > 1
    return [
        _placed(Row("", words, *in_points(row), arm=trt), rules, rule, words)
        for _, row in known.iterrows()
        for words in [points_words(row)]
        for trt in [row["comparison"].removesuffix(f" - {control}") if several else ""]
    ]
