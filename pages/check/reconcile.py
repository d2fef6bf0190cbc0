"""Reconcile: a statistician's own answers beside ours, and the trace behind every disagreement."""

import streamlit as st

from ui.frame import guard
from ui.page import head, title
from ui.reconcile import disagreements, uploaded
from ui.show import show

WHAT = "Load your own ADRS or ADTTE: every answer that differs from ours is listed, with the trace of ours."

reading = guard()
top = st.container()
blocks = uploaded(reading)
if blocks is None:
    with top:
        title(reading, "Reconcile", WHAT)
else:
    summary, rows = blocks
    with top:
        head(reading, summary)
    show(reading, summary)
    disagreements(reading, rows)
