"""Platelets: how the counts moved in each arm."""

import streamlit as st

from ui.frame import guard
from ui.page import control, controls, head
from ui.show import show

SUMMARY = {"median": "Median, IQR", "geometric_mean": "Geometric mean"}
COUNTS = {"all": "All observed", "outside": "Outside rescue"}
AXIS = {"log": "Log", "linear": "Linear"}
SHARE = {"due": "All due", "observed": "Observed only"}

reading = guard()
top = st.container()
with controls():
    summary = control("Summary", SUMMARY, key="summary")
    counts = control("Counts", COUNTS, key="counts")
    axis = control("Axis", AXIS, key="axis")

course = reading.output("platelet_course", summary=summary, counts=counts, scale=axis)
with top:
    head(reading, course)
show(reading, course)
show(reading, reading.output("platelet_participants", scale=axis))

among = control("Percent among", SHARE, key="among")
show(reading, reading.output("platelet_thresholds", denominator=among))
show(reading, reading.output("platelet_change", counts=counts))
