"""Charts of every kind, made by hand."""

import math

import pandas as pd

from outputs.output import ArmStyle
from outputs.slide_chart import Axis, Bars, BarSeries, Lines, Panels, Points, Row, Rows, Series

E = ArmStyle("A+B", "Drug A + B", "experimental", "#0072B2", "solid", "circle")
C = ArmStyle("B", "Drug B", "control", "#D55E00", "7px,3px", "diamond")
NONE = math.nan
PERCENT = ((0.0, "0"), (50.0, "50"), (100.0, "100%"))

LINES = Lines(
    Axis("Week", 0, 26, ((0, "0"), (4, "4"), (26, "26"))),
    Axis("Platelets, ×10⁹/L", 10, 500, ((10, "10"), (30, "30"), (100, "100")), log=True),
    (
        Series(E.label, (0, 4, 26), (15.25, 1 / 3 + 80, 99.5), (8, 40.125, NONE), (30, 900, NONE), arm="A+B"),
        Series(C.label, (0, 4, 26), (14, NONE, 60), (9, NONE, 30), (30, NONE, 100), arm="B"),
        Series(f"{E.label}, crude", (4, 26), (70, 80), arm="A+B", thin=True),
    ),
    thresholds=((30, "response"),),
)
STEPS = Lines(
    Axis("Week", 0, 52, ((0, "0"), (26, "26"), (52, "52"))),
    Axis("Still in response", 0, 100, PERCENT),
    (
        Series(E.label, (0, 5, 33), (100, 90, 70), (100, 80, 50), (100, 97, 85), arm="A+B"),
        Series(C.label, (0, 8), (100, 80), arm="B"),
    ),
    steps=True,
    below=pd.DataFrame(
        {"At risk": [E.label, C.label], "0": ["27", "28"], "26": ["9", "8"], "52": ["3", "1"]}
    ),
)
FOREST = Rows(
    Axis("Difference, percentage points", -40, 40),
    (
        Row("All", "24.3 (−0.3 to 46.5)", 24.3, -0.3, 46.5, leading=True),
        Row("Female", "10 (−70 to 80)", 10 + 1 / 7, -70, math.inf, group="Sex", detail="10 of 12 vs 8 of 12"),
        Row("Male", "not estimable", NONE, NONE, NONE, group="Sex"),
        Row("=1+1", "5 (0 to 9)", 5, 0, 9, group="<b>&"),
        Row("younger", "−5 (−9 to 0)", -5, -9, 0, group="Age", thin=True),
    ),
    line=0,
    sides=("favours B", "favours A + B"),
)
RATES = Rows(
    Axis("Response, 95% CI", 0, 100, PERCENT),
    (
        Row(E.label, "81% (63 to 92)", 2200 / 27, 63.1, 91.8, arm="A+B", detail="22 of 27 due"),
        Row(C.label, "57% (39 to 73)", 1600 / 28, 39.2, 73.5, arm="B", detail="16 of 28 due"),
    ),
)
DIFFERENCE = Rows(
    Axis("Difference, percentage points", -20, 60),
    (Row("", "24.3 points (95% CI −0.3 to 46.5)", 24.3, -0.3, 46.5),),
    line=0,
)
PANELS = Panels(RATES, DIFFERENCE)
STANDING = Bars(
    (E.label, C.label),
    tuple(
        BarSeries(name, values, name)
        for name, values in {
            "CR": (15.0, 9.0),
            "R": (7.0, 7.0),
            "NR": (4.0, 11.0),
            "PENDING": (1.0, 0.0),
            "MISSING": (0.0, 1.0),
            "NOTDUE": (33.0, 32.0),
        }.items()
    ),
    Axis("Participants", 0),
    horizontal=True,
)
CLUSTERED = Bars(
    ("Week 0", "Week 4"),
    (
        BarSeries(E.label, (100 / 6, 40.0), "A+B", ("10 of 60", "24 of 60")),
        BarSeries(C.label, (12.5, NONE), "B", ("7 of 56", "")),
    ),
    Axis("Participants with bleeding", 0, 100, PERCENT),
    stacked=False,
)
POINTS = Points(
    Axis("ALT, multiple of the upper limit", 0.1, 30, log=True),
    Axis("Bilirubin, multiple of the upper limit", 0.1, 10, log=True),
    (
        Series(E.label, (0.5, 3.7), (0.4, 2.2), arm="A+B"),
        Series(C.label, (1.5, 1.7, NONE), (0.6, NONE, 1.0), arm="B"),
    ),
    lines=(("x", 3, "3 times"), ("y", 2, "2 times")),
)
CHARTS = {
    "lines": LINES,
    "steps": STEPS,
    "forest": FOREST,
    "rates": RATES,
    "panels": PANELS,
    "standing": STANDING,
    "clustered": CLUSTERED,
    "points": POINTS,
}
