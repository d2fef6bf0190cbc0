"""Events compared: where the arms differ term by term, how severe the events were, and what to look at closer."""

import streamlit as st

from outputs.safety.adverse_pair import experimental_arms
from ui.frame import guard
from ui.page import control, controls, head
from ui.show import show

SHARES = {"5": "5% of an arm", "10": "10%", "0": "Anybody"}

reading = guard()
top = st.container()
with controls():
    share = control("Had by at least", SHARES, key="compared_share")
    experimental = experimental_arms(reading.data)
    several = len(experimental) > 1
    arm = control("Against control", experimental, key="compared_arm") if several else ""

dots = reading.output("adverse_dots", arm=arm, least_share=share)
with top:
    head(reading, dots)
show(reading, dots)
show(reading, reading.output("adverse_butterfly", arm=arm, least_share=share))
show(reading, reading.output("adverse_volcano", arm=arm))
