"""Counts: every rate and comparison of a published trial, from its responders and participants alone."""

import streamlit as st

from outputs.counts import (
    EXAMPLE,
    count_comparison_output,
    count_rate_methods_output,
    count_rates_output,
    count_strata_output,
)
from ui.frame import without_study
from ui.page import counts_editor, title
from ui.session import counts_block
from ui.show import show

reading = without_study()
top = st.container()
rows = tuple(counts_editor(EXAMPLE, key="typed_counts"))
rates = counts_block(count_rates_output, rows)
with top:
    title(None, rates.output.headline, rates.output.detail)
show(reading, rates)
if not rates.output.empty:
    show(reading, counts_block(count_comparison_output, rows))
    show(reading, counts_block(count_rate_methods_output, rows))
    strata = counts_block(count_strata_output, rows)
    if not strata.output.empty:
        show(reading, strata)
