"""Missing data: whether the result hangs on those due without an answer."""

import streamlit as st

from ui.frame import guard
from ui.page import control, controls, head
from ui.show import show

WHICH = {"missing": "Missing", "pending and missing": "Pending and missing"}

reading = guard()
top = st.container()
with controls():
    which = control("Answers taken otherwise", WHICH, key="which")

strategies = reading.output("missing_strategies", which=which)
with top:
    head(reading, strategies)
show(reading, strategies)
show(reading, reading.output("tipping_point", which=which))
