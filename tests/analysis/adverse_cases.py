"""Adverse events typed by hand: one line each, "participant arm class term grade day marks"."""

import numpy as np
import pandas as pd

from analysis.safety.events import AdverseEvents

COLUMNS = ["USUBJID", "ARM", "SOC", "TERM", "GRADE", "ASTDY", "MARKS"]
RECORDED = frozenset({"ANY", "SERIOUS", "RELATED", "STOPPED", "GRADE", "FATAL"})


def events_of(lines: str, sizes: dict[str, int]) -> AdverseEvents:
    """`marks`: any of S (serious), R (related), "." none; "?" as grade or day is missing."""
    typed = [line.split() for line in lines.strip().splitlines()]
    frame = pd.DataFrame(typed, columns=COLUMNS).astype("str")
    numbers = {
        name: pd.to_numeric(frame[name].replace("?", None)).astype(float) for name in ("GRADE", "ASTDY")
    }
    marks = {"SERIOUS": frame["MARKS"].str.contains("S"), "RELATED": frame["MARKS"].str.contains("R")}
    rows = frame.drop(columns="MARKS").assign(
        **numbers, **{name: mark.astype(bool) for name, mark in marks.items()}, AENDY=np.nan
    )
    nothing = rows[:0]
    return AdverseEvents(rows=rows, excluded=nothing, before=nothing, sizes=sizes, recorded=RECORDED)


def subjects_of(lines: str) -> pd.DataFrame:
    """ "participant arm last-day-followed", "?" unknown: USUBJID ARM FUDY."""
    frame = pd.DataFrame(
        [line.split() for line in lines.strip().splitlines()], columns=["USUBJID", "ARM", "FUDY"]
    )
    return frame.assign(FUDY=pd.to_numeric(frame["FUDY"].replace("?", None)).astype(float))
