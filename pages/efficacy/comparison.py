"""Comparison: experimental against control in every measure and by every method."""

import streamlit as st

from outputs.strata import strata_choices
from ui.frame import guard
from ui.page import choice, control, controls, head
from ui.show import show

MISSING = {"": "As the endpoint says", "nonresponse": "No response", "exclude": "Left out"}

reading = guard()
top = st.container()
with controls():
    missing = control("Pending and missing", MISSING, key="missing")

comparison = reading.output("comparison", missing=missing)
with top:
    head(reading, comparison)
show(reading, comparison)
show(reading, reading.output("rate_methods", missing=missing))

strata = choice("Strata", strata_choices(reading.data.definition), key="strata")
show(reading, reading.output("stratified", missing=missing, strata=strata))
show(reading, reading.output("stratified_methods", missing=missing, strata=strata))
show(reading, reading.output("adjusted", missing=missing))
