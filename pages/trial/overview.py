"""Overview: what the trial is, how far it has come, and what can be said so far."""

import streamlit as st

from outputs.overview import trial_title
from ui.frame import guard
from ui.page import facts, statement, title
from ui.show import show, show_body, show_sentences

reading = guard()
status = reading.output("status")
title(reading, trial_title(reading.data, reading.view), status.output.detail)
facts(status)

headline = reading.output("headline")
statement(headline)
show_body(reading, headline)

left, right = st.columns(2, gap="large")
with left:
    show(reading, reading.output("enrolment"), narrow=True)
    show(reading, reading.output("overview_platelets"), narrow=True)
    st.page_link("pages/efficacy/platelets.py", label="All platelet figures", icon=":material/arrow_forward:")
with right:
    show(reading, reading.output("due"), narrow=True)
    show_sentences(reading.output("finding_counts"))
    st.page_link("pages/trial/data.py", label="All findings", icon=":material/arrow_forward:")

show(reading, reading.output("answerable"))
left, right = st.columns(2, gap="large")
with left:
    show(reading, reading.output("arms"), narrow=True)
with right:
    show(reading, reading.output("sites"), narrow=True)
