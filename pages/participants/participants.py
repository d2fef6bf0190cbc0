"""Participants: one lane each, and the list to find one in."""

import streamlit as st

from ui.frame import guard
from ui.page import control, controls, head
from ui.people import matching, participants_table
from ui.show import show

SORT = {"response": "Response", "onset": "Onset", "entry": "Entry"}
SHOW = {"all": "All", "due": "Due only"}

reading = guard()
top = st.container()
with controls():
    sought = st.text_input("Find a participant", placeholder="Identifier", key="sought", width=220)
    sort = control("Sort", SORT, key="sort")
    shown = control("Show", SHOW, key="show")

listed = reading.output("participants", sort=sort, show=shown)
with top:
    head(reading, listed)
show(reading, reading.output("swimlanes", sort=sort, show=shown))
show(reading, listed, body=lambda: participants_table(matching(listed, sought), key="participants"))
