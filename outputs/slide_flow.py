"""The participant flow of a slide: boxes of counted lines, those who go out beside the way of those who stay."""

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from analysis import disposition as steps
from outputs.slide_chart import Counted, Flow, FlowBox
from trialdata.definition import Arm

ENTERED = (steps.ASSIGNED, steps.TREATED, steps.ELSEWHERE, steps.UNTREATED)
STAYED = (steps.COMPLETED, steps.ON_STUDY)
ANSWERED = (steps.DUE, steps.NOT_DUE, steps.UNANSWERED, steps.ANALYSED)
SHORT = {steps.NOT_DUE: "Not yet due", steps.ANALYSED: "Analysed"}  # below "Due, ..."
INSIDE = (steps.ELSEWHERE,)  # a part of the line above


def flow(rows: pd.DataFrame, arms: Sequence[Arm], population: str) -> Flow:
    """Screened and enrolled, then an arm a column down to who is analysed in the analysis set.

    `rows`: step reason arm ("All" for all of them) label n.
    """
    trunk = [
        _box(rows, (steps.SCREENED,)),
        _box(rows, (steps.FAILED,), aside=True),
        _box(rows, (steps.ASSIGNED,), words={steps.ASSIGNED: "Enrolled"}),
    ]
    columns = tuple(_column(rows, arm, population) for arm in arms)
    return Flow(tuple(box for box in trunk if box.lines), columns)


def _column(rows: pd.DataFrame, arm: Arm, population: str) -> tuple[FlowBox, ...]:
    return (
        _box(rows, ENTERED, arm.trt, name=arm.label),
        _box(rows, (steps.LEFT,), arm.trt, aside=True),
        _box(rows, STAYED, arm.trt),
        _box(rows, (f"SET {population}", *ANSWERED), arm.trt, words=SHORT),
    )


def _box(
    rows: pd.DataFrame,
    wanted: Sequence[str],
    arm: str = steps.ALL,
    *,
    name: str = "",
    aside: bool = False,
    words: Mapping[str, str] = MappingProxyType({}),
) -> FlowBox:
    """A box with the lines of these steps in their order, the reasons of each below it."""
    own = rows[rows["arm"] == arm]
    lines = tuple(
        Counted(
            words.get(row.step) or row.reason or row.label,
            math.nan if pd.isna(row.n) else float(row.n),
            bool(row.reason) or row.step in INSIDE,
        )
        for step in wanted
        for row in own[own["step"] == step].itertuples()
    )
    return FlowBox(lines, name, "" if arm == steps.ALL else arm, aside)
