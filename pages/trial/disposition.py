"""Disposition: who was screened, treated, followed and analysed, and who left when and why."""

import streamlit as st

from ui.frame import guard
from ui.page import head
from ui.show import show

reading = guard()
top = st.container()

flow = reading.output("participant_flow")
with top:
    head(reading, flow)
show(reading, flow)
show(reading, reading.output("follow_up_completeness"))
show(reading, reading.output("withdrawals"))
show(reading, reading.output("withdrawal_reasons"))
