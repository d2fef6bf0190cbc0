"""Bleeding: who bled, how badly, for how long nobody did, and how it goes with the platelet count."""

import streamlit as st

from outputs.safety.bleeding import bleeding_scales
from ui.frame import guard
from ui.page import choice, controls, head
from ui.show import show

reading = guard()
top = st.container()
scales = bleeding_scales(reading.data)
scale = ""
if len(scales) > 1:
    with controls():
        scale = choice("Instrument", scales, key="bleeding_scale")

rates = reading.output("bleeding_rates", scale=scale)
with top:
    head(reading, rates)
show(reading, rates)
show(reading, reading.output("bleeding_by_visit", scale=scale))
show(reading, reading.output("bleeding_shift", scale=scale))
show(reading, reading.output("bleeding_free", scale=scale))
show(reading, reading.output("bleeding_by_count", scale=scale))
show(reading, reading.output("bleeding_discordant", scale=scale))
