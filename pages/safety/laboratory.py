"""Laboratory: one parameter over time, grades and ranges of all, the liver, haemolysis, antibodies."""

import streamlit as st

from outputs.safety.laboratory_grades import graded_parameters
from outputs.safety.parameters import parameter_choices
from ui.frame import guard
from ui.page import choice, control, controls, head
from ui.show import show

MOMENTS = {"any": "Any after baseline", "last": "Last", "baseline": "Baseline"}

reading = guard()
top = st.container()
with controls():
    parameter = choice("Parameter", parameter_choices(reading.data), key="lab_parameter")

course = reading.output("laboratory_course", parameter=parameter)
with top:
    head(reading, course)
show(reading, course)
with controls():
    graded = choice("Shift of", graded_parameters(reading.data) or {"": "None"}, key="lab_graded")
show(reading, reading.output("laboratory_shift", parameter=graded))
show(reading, reading.output("laboratory_grades"))
for output in ("liver", "liver_cases"):
    show(reading, reading.output(output))
moment = control("Values", MOMENTS, key="lab_at")
show(reading, reading.output("laboratory_range", at=moment))
for output in ("evans", "antibodies", "immunity"):
    show(reading, reading.output(output))
