"""Adjusted difference: crude and every adjusted difference in response, each with the population it is for."""

import streamlit as st

from outputs.observational.words import TRUNCATIONS
from ui.frame import guard
from ui.page import choice, control, controls, head
from ui.show import show
from ui.waiting import waiting

MISSING = {"": "As the endpoint says", "nonresponse": "No response", "exclude": "Left out"}

reading = guard()
top = st.container()
with controls():
    missing = control("Pending and missing", MISSING, key="missing")
    truncate = control("Weights truncated", TRUNCATIONS, key="truncate")
    experimental = {a.trt: a.label for a in reading.data.definition.arms if a.role == "experimental"}
    options = (
        {"arm": choice("Against control", experimental, key="arm_compared")} if len(experimental) > 1 else {}
    )

with waiting("Drawing participants anew"):
    story = reading.output("adjusted_difference", missing=missing, truncate=truncate, **options)
with top:
    head(reading, story)
show(reading, story)
