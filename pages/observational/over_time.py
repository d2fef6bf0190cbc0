"""Adjusted over time: weighted curves, hazard ratios and platelets of arms that were not randomised."""

import streamlit as st

from outputs.observational.times import HAPPENING
from outputs.observational.words import ESTIMANDS, TRUNCATED, TRUNCATIONS
from outputs.safety.adverse_pair import experimental_arms
from ui.comparability import populations
from ui.frame import guard
from ui.page import control, controls, head
from ui.show import show
from ui.waiting import waiting

COUNTS = {"all": "All observed", "outside": "Outside rescue"}

reading = guard()
first = reading.output("estimands")
if first.output.empty:
    head(reading, first)
    show(reading, first)
    st.stop()

top = st.container()
experimental = experimental_arms(reading.data)
with controls():
    of = control("Time to", HAPPENING, key="over_time_of")
    several = len(experimental) > 1
    arm = control("Against control", experimental, key="over_time_arm") if several else ""
    estimand = control("Numbers are for", ESTIMANDS, key="over_time_estimand")
    truncated = estimand in TRUNCATED
    cut = control("Truncate weights at", TRUNCATIONS, key="over_time_truncate") if truncated else "0"

chosen = {"arm": arm, "estimand": estimand, "truncate": cut}
with waiting("Resampling"):
    curves = reading.output("weighted_survival", of=of, **chosen)
    ratios = reading.output("weighted_hazard", of=of, **chosen)
with top:
    head(reading, curves, above=populations(first))
show(reading, curves)
show(reading, ratios)

counts = control("Counts", COUNTS, key="over_time_counts")
with waiting("Resampling"):
    platelets = reading.output("weighted_platelets", counts=counts, **chosen)
show(reading, platelets)
