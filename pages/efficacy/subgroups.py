"""Subgroups: whether the comparison of the arms differs between kinds of participants."""

import streamlit as st

from outputs.subgroups import METHODS_SHOWN
from ui.frame import guard
from ui.page import control, controls, head
from ui.show import show

MEASURES = {
    "difference": "Difference",
    "risk ratio": "Risk ratio",
    "odds ratio": "Odds ratio",
    "hazard ratio": "Hazard ratio",
}
MISSING = {"": "As the endpoint says", "nonresponse": "No response", "exclude": "Left out"}

reading = guard()
top = st.container()
with controls():
    measure = control("Measure", MEASURES, key="measure")
    methods = METHODS_SHOWN[measure]
    method = control("Method", methods, key=f"method_{measure.split()[0]}")
    missing = control("Pending and missing", MISSING, key="missing") if measure != "hazard ratio" else ""

forest = reading.output("subgroups", measure=measure, method=method, missing=missing)
with top:
    head(reading, forest)
show(reading, forest)
