"""Response: who responded in each arm, what the difference is, and how sure one can be."""

import streamlit as st

from ui.frame import guard
from ui.page import control, controls, head
from ui.show import show

MISSING = {"": "As the endpoint says", "nonresponse": "No response", "exclude": "Left out"}

reading = guard()
top = st.container()
with controls():
    missing = control("Pending and missing", MISSING, key="missing")

rates = reading.output("response_rates", missing=missing)
with top:
    head(reading, rates)
show(reading, rates)
if reading.data.definition.historical:
    show(reading, reading.output("historical_rate", missing=missing))
show(reading, reading.output("standing"))
show(reading, reading.output("response_by_visit"))
show(reading, reading.output("best_response"))
if reading.data.definition.design == "nonrandomized":
    st.page_link(
        "pages/observational/adjusted_difference.py",
        label="Crude and adjusted difference side by side",
        icon=":material/balance:",
    )
st.page_link(
    "pages/efficacy/comparison.py", label="Compare by every method", icon=":material/compare_arrows:"
)

left, right = st.columns(2, gap="large")
with left:
    show(reading, reading.output("ledger"))
with right:
    show(reading, reading.output("method", missing=missing))
