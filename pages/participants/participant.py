"""One participant: the course of the counts, and how the rule of each endpoint read them."""

import streamlit as st

from ui.frame import guard
from ui.page import control, head, title
from ui.people import chosen_endpoint, chosen_participant
from ui.show import show

PARAMETERS = {"main": "Haemoglobin and liver", "all": "All parameters"}

reading = guard()
top = st.container()
with st.container(horizontal=True, vertical_alignment="bottom"):
    participant = chosen_participant(reading)
    endpoint = chosen_endpoint(reading)
st.page_link("pages/participants/participants.py", label="All participants", icon=":material/arrow_back:")

if participant:
    course = reading.output("participant_course", usubjid=participant)
    with top:
        head(reading, course)
    show(reading, course)
    drawn = control("Laboratory", PARAMETERS, key="participant_parameters")
    show(reading, reading.output("participant_laboratory", usubjid=participant, parameters=drawn))
    show(reading, reading.output("participant_adverse", usubjid=participant))
    show(reading, reading.output("participant_treatment", usubjid=participant))
    show(reading, reading.output("participant_verdicts", usubjid=participant))
    show(reading, reading.output("participant_trace", usubjid=participant, paramcd=endpoint))
else:
    with top:
        title(reading, "One participant", "Choose one here, or select a row in any list of participants.")
