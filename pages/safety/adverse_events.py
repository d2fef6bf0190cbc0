"""Adverse events: how many participants had any, of which kind, and where the arms differ."""

import streamlit as st

from ui.frame import guard
from ui.page import head
from ui.show import show

reading = guard()
top = st.container()

overview = reading.output("adverse_overview")
with top:
    head(reading, overview)
show(reading, overview)
