"""What else could explain it: how strong something unmeasured would have to be, and checks of what was measured."""

import streamlit as st

from outputs.observational.words import ESTIMANDS
from outputs.safety.adverse_pair import experimental_arms
from ui.comparability import populations
from ui.frame import guard
from ui.page import control, controls, head
from ui.show import show
from ui.waiting import waiting

reading = guard()
first = reading.output("estimands")
top = st.container()
with controls():
    estimand = control("For whom", ESTIMANDS, key="unmeasured_estimand")
    experimental = experimental_arms(reading.data)
    several = len(experimental) > 1
    arm = control("Against control", experimental, key="unmeasured_arm") if several else ""

with waiting("Resampling"):
    e_value = reading.output("e_value", estimand=estimand, arm=arm)
    strength = reading.output("tipping_strength", estimand=estimand, arm=arm)
    left_out = reading.output("left_out", estimand=estimand, arm=arm)
    negative = reading.output("negative_controls", estimand=estimand, arm=arm)
with top:
    head(reading, e_value, above=populations(first))
for block in (e_value, strength, left_out, negative):
    show(reading, block)
