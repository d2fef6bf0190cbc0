"""Since the last cut: which rates moved, who moved them and why, and which records changed."""

import streamlit as st

from ui.changes import since_earlier_cut
from ui.frame import guard
from ui.page import control, controls, head
from ui.people import listed_people
from ui.show import show

BY = {"dataset": "By dataset", "site": "By site"}
KINDS = {"": "Corrected and vanished", "completed": "Completed", "new": "New"}

reading = guard()
top = st.container()
with controls():
    since = since_earlier_cut(reading)

changes = reading.output("cut_changes", since=since)
with top:
    head(reading, changes)
show(reading, changes)
if since is not None and not changes.output.empty:
    show(reading, reading.output("cut_causes", since=since))
    movers = reading.output("cut_movers", since=since)
    show(reading, movers, body=listed_people(reading, movers))

    st.header("Records", anchor=False)
    by = control("Counted", BY, key="by")
    show(reading, reading.output("record_changes", since=since, by=by))
    kind = control("Listed", KINDS, key="kind")
    show(reading, reading.output("changed_records", since=since, kind=kind))
