"""Rule sensitivity: the chosen endpoint under another rule, and who changes class."""

import streamlit as st

from ui.frame import guard
from ui.page import head
from ui.people import listed_people
from ui.rule_controls import rule_controls
from ui.show import show

reading = guard()
top = st.container()
changes = rule_controls(reading)

compared = reading.output("rule_sensitivity", changes=changes)
with top:
    head(reading, compared)
    if not changes:
        st.caption("Change a parameter below to see how the rates move and who changes class.")
show(reading, compared)
if changes:
    movers = reading.output("rule_movers", changes=changes)
    show(reading, movers, body=listed_people(reading, movers))
show(reading, reading.output("rule_grid"))
