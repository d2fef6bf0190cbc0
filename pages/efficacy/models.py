"""Models over time: platelets and thresholds at the study's modelled visits, arm against arm."""

import streamlit as st

from ui.frame import guard
from ui.page import control, controls, head
from ui.show import show

RESPONSE = {"log": "Log platelets", "change": "Change from baseline"}
COUNTS = {"all": "All observed", "outside": "Outside rescue"}
THRESHOLD = {"50": "50", "30": "30", "100": "100"}
SHARE = {"due": "All due", "observed": "Observed only"}

reading = guard()
top = st.container()
with controls():
    response = control("Response", RESPONSE, key="response")
    counts = control("Counts", COUNTS, key="counts")

model = reading.output("mmrm", response=response, counts=counts)
with top:
    head(reading, model)
show(reading, model)

with controls():
    threshold = control("Threshold", THRESHOLD, key="threshold")
    among = control("Percent among", SHARE, key="among")
show(reading, reading.output("gee", threshold=threshold, denominator=among))

show(reading, reading.output("wilcoxon_at_visit", counts=counts))
show(reading, reading.output("platelet_area", counts=counts, threshold=threshold))
