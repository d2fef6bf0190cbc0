"""Exposure: doses against the plan, time on treatment, corticosteroids, rescue and other medication."""

import streamlit as st

from ui.frame import guard
from ui.page import control, head
from ui.show import show

TO_WEEK = {"12": "Week 12", "26": "Week 26", "52": "Week 52"}

reading = guard()
top = st.container()

doses = reading.output("exposure_doses")
with top:
    head(reading, doses)
show(reading, doses)
show(reading, reading.output("treatments_given"))
show(reading, reading.output("exposure_time"))
show(reading, reading.output("exposure_interruptions"))

to_week = control("Corticosteroid by", TO_WEEK, key="to_week")
show(reading, reading.output("steroid_dose", to_week=to_week))
show(reading, reading.output("steroid_sparing", week=to_week))
show(reading, reading.output("steroid_stop"))

show(reading, reading.output("rescue_use"))
show(reading, reading.output("time_to_rescue"))
show(reading, reading.output("concomitant"))
