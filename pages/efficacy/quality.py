"""Quality of life: what participants report over time, and whether it changed enough to matter."""

import streamlit as st

from outputs.quality.asked import questionnaire_choices, visit_choices
from ui.frame import guard
from ui.page import choice, control, controls, head
from ui.show import show

reading = guard()
offered = questionnaire_choices(reading.data)
top = st.container()
questionnaire = ""
if offered:
    with controls():
        questionnaire = control("Questionnaire", offered, key="questionnaire")

course = reading.output("quality_course", questionnaire=questionnaire)
with top:
    head(reading, course)
show(reading, course)
if offered:
    show(reading, reading.output("quality_change", questionnaire=questionnaire))
    show(reading, reading.output("quality_responders", questionnaire=questionnaire))
    visit = choice("Visit", visit_choices(reading.data, questionnaire), key="quality_visit")
    show(reading, reading.output("quality_distribution", questionnaire=questionnaire, week=visit))
