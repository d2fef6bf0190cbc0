"""Compare: up to four participants side by side on the same axes."""

import streamlit as st

from ui.frame import guard
from ui.page import head, title
from ui.people import chosen_participants
from ui.show import show

reading = guard()
top = st.container()
chosen = chosen_participants(reading)
if chosen:
    compared = reading.output("compared_participants", usubjids=",".join(chosen))
    with top:
        head(reading, compared)
    show(reading, compared)
else:
    with top:
        title(
            reading,
            "Participants side by side",
            "Choose up to four; the one looked at last is offered first.",
        )
