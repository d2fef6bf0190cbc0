"""Time comparisons: one time to an event, experimental against control by every method, and how far each holds."""

import streamlit as st

from outputs.strata import short_labels
from ui.frame import guard
from ui.page import choice, control, controls, head
from ui.show import show

KINDS = {
    "treatment_failure": "Treatment failure",
    "time_to_response": "First response",
    "duration_of_response": "Loss of response",
}

reading = guard()
own = "Of the randomisation" if reading.data.definition.strata else "None"
STRATA = {"": own, **short_labels(reading.data.definition)}
top = st.container()
with controls():
    kind = control("Time to", KINDS, key="time_to")
    strata = choice("Strata", STRATA, key="strata")

compared = reading.output("time_comparisons", of=kind, strata=strata)
with top:
    head(reading, compared)
show(reading, reading.output(kind))
show(reading, compared)
show(reading, reading.output("proportional_hazards", of=kind, strata=strata))
show(reading, reading.output("followup"))
