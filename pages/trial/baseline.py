"""Baseline: characteristics by arm, and how far the arms lie apart."""

import streamlit as st

from ui.frame import guard
from ui.page import head
from ui.show import show

reading = guard()
top = st.container()

table = reading.output("baseline_table")
with top:
    head(reading, table)
show(reading, table)
show(reading, reading.output("baseline_balance"))
