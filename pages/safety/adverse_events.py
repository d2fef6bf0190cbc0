"""Adverse events: how many participants had any, which, how severe, how often in time, and where the arms differ."""

import streamlit as st

from outputs.safety.adverse_cells import KINDS
from outputs.safety.adverse_terms import classes_of
from ui.cells import show_cells
from ui.frame import guard
from ui.page import choice, control, controls, head
from ui.show import show

reading = guard()
top = st.container()

overview = reading.output("adverse_overview")
with top:
    head(reading, overview)
show(reading, overview)
show_cells(reading, reading.output("adverse_interest"))

with controls():
    kind = control("Events", KINDS, key="events")
    level = control("Rows", {"class": "Classes", "term": "Terms", "all": "Both"}, key="event_rows")
    classes = classes_of(reading.output("adverse_terms", kind=kind).output)
    opened = choice("Open class", {"": "None"} | {name: name for name in classes}, key="event_class")
    order = choice("Order", {"participants": "Most frequent first", "name": "By name"}, key="event_order")
show_cells(
    reading,
    reading.output("adverse_terms", kind=kind, level=level, body_system=opened, order=order),
)
show_cells(reading, reading.output("adverse_grades", level=level))

with controls():
    share = control("Had by at least", {"5": "5% of an arm", "10": "10%", "0": "Anybody"}, key="event_share")
show_cells(
    reading,
    reading.output(
        "adverse_differences", kind=kind, level="term" if level == "all" else level, least_share=share
    ),
)

with controls():
    rates = control(
        "Per 100 patient-years of",
        {"kind": "Overview", "class": "Classes", "term": "Terms"},
        key="event_rates",
    )
show_cells(reading, reading.output("adverse_rates", level=rates))

show(reading, reading.output("adverse_dots", least_share=share))
show(reading, reading.output("adverse_butterfly", least_share=share))
show(reading, reading.output("adverse_volcano"))
