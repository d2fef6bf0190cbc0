"""Adverse events: how many participants had any, which, how severe, how often in time, and where the arms differ."""

import streamlit as st

from outputs.safety.adverse_cells import KINDS
from outputs.safety.adverse_terms import classes_of
from ui.cells import show_cells
from ui.frame import guard
from ui.page import choice, control, controls, head
from ui.show import show

TABLES = {
    "terms": "Counts",
    "grades": "Worst grade",
    "differences": "Differences",
    "rates": "Per 100 patient-years",
}
ROWS = {"class": "Classes", "term": "Terms"}
SHARES = {"5": "5% of an arm", "10": "10%", "0": "Anybody"}
ORDERS = {"participants": "Most frequent first", "name": "By name"}

reading = guard()
top = st.container()

overview = reading.output("adverse_overview")
with top:
    head(reading, overview)
show(reading, overview)
show_cells(reading, reading.output("adverse_interest"))

with controls():
    table = control("By class and term", TABLES, key="event_table")
    options = {}
    if table == "rates":
        options["level"] = control("Rows", {"kind": "Overview", **ROWS}, key="event_rates")
    elif table == "terms":
        options["level"] = control("Rows", {**ROWS, "all": "Both"}, key="event_rows")
    else:
        options["level"] = control("Rows", ROWS, key="event_level")
    if table in ("terms", "differences"):
        options["kind"] = choice("Events", KINDS, key="events")
    if table == "terms":
        classes = classes_of(reading.output("adverse_terms", kind=options["kind"]).output)
        opened = {"": "None"} | {name: name for name in classes}
        options["body_system"] = choice("Open class", opened, key="event_class")
        options["order"] = choice("Order", ORDERS, key="event_order")
    if table == "differences":
        options["least_share"] = control("Had by at least", SHARES, key="event_share")
show_cells(reading, reading.output(f"adverse_{table}", **options))
