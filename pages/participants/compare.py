"""Compare: up to four participants on the same axes, and their facts side by side."""

import streamlit as st

from ui.frame import guard
from ui.page import head, title
from ui.people import chosen_participants
from ui.show import show

reading = guard()
top = st.container()
chosen = chosen_participants(reading)
if chosen:
    compared = reading.output("participants_compared", usubjids=",".join(chosen))
    with top:
        head(reading, compared)
    show(reading, compared)
    show(reading, reading.output("participants_facts", usubjids=",".join(chosen)))
else:
    with top:
        title(
            reading,
            "Participants side by side",
            "Choose up to four; the one looked at last is offered first.",
        )
