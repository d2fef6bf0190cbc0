"""Adjusted difference: crude and every adjusted difference in response, each with the population it is for."""

import streamlit as st

from outputs.observational.words import TRUNCATIONS
from outputs.safety.adverse_pair import experimental_arms
from ui.comparability import populations
from ui.frame import guard
from ui.page import control, controls, head
from ui.show import show
from ui.waiting import waiting

MISSING = {"": "As the endpoint says", "nonresponse": "No response", "exclude": "Left out"}

reading = guard()
first = reading.output("estimands")
if first.output.empty:
    head(reading, first)
    show(reading, first)
    st.stop()

top = st.container()
experimental = experimental_arms(reading.data)
with controls():
    missing = control("Pending and missing", MISSING, key="missing")
    truncate = control("Truncate weights at", TRUNCATIONS, key="adjusted_truncate")
    several = len(experimental) > 1
    arm = control("Against control", experimental, key="adjusted_arm") if several else ""

with waiting("Resampling"):
    story = reading.output("adjusted_difference", missing=missing, truncate=truncate, arm=arm)
with top:
    head(reading, story, above=populations(first))
show(reading, story)
