"""Adverse events in time: the first one, how often in each period, how long they last, who has them again."""

import streamlit as st

from outputs.safety.adverse_course import course_kinds
from ui.frame import guard
from ui.page import choice, control, controls, head
from ui.show import show

LEVELS = {"kind": "All together", "term": "By term"}

reading = guard()
top = st.container()
with controls():
    kind = choice("Events", course_kinds(reading.data), key="course_kind")

onset = reading.output("adverse_onset", kind=kind)
with top:
    head(reading, onset)
show(reading, onset)
show(reading, reading.output("adverse_periods", kind=kind))
with controls():
    level = control("Duration", LEVELS, key="course_level")
show(reading, reading.output("adverse_duration", kind=kind, level=level))
show(reading, reading.output("adverse_recurrence", kind=kind))
