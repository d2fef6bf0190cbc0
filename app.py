"""The dashboard: page settings, the page list and navigation. Run it with `make run`."""

import streamlit as st

from ui.frame import framed
from ui.sidebar import choose

SECTIONS = {
    "Trial": [
        st.Page("pages/trial/overview.py", title="Overview", default=True),
        st.Page("pages/trial/changes.py", title="Since the last cut", url_path="changes"),
        st.Page("pages/trial/data.py", title="Data", url_path="data"),
        st.Page("pages/trial/design.py", title="Design", url_path="design"),
        st.Page("pages/trial/baseline.py", title="Baseline", url_path="baseline"),
        st.Page("pages/trial/disposition.py", title="Disposition", url_path="disposition"),
        st.Page("pages/trial/import.py", title="Import", url_path="import"),
        st.Page("pages/trial/datasets.py", title="Analysis datasets", url_path="datasets"),
    ],
    "Efficacy": [
        st.Page("pages/efficacy/response.py", title="Response", url_path="response"),
        st.Page("pages/efficacy/platelets.py", title="Platelets", url_path="platelets"),
        st.Page("pages/efficacy/durability.py", title="Durability", url_path="durability"),
        st.Page("pages/efficacy/quality.py", title="Quality of life", url_path="quality"),
    ],
    "Analyses": [
        st.Page("pages/efficacy/comparison.py", title="Comparison", url_path="comparison"),
        st.Page("pages/efficacy/times.py", title="Time comparisons", url_path="times"),
        st.Page("pages/efficacy/models.py", title="Models over time", url_path="models"),
        st.Page("pages/efficacy/subgroups.py", title="Subgroups", url_path="subgroups"),
        st.Page("pages/efficacy/missing_data.py", title="Missing data", url_path="missing_data"),
        st.Page("pages/efficacy/rules.py", title="Rule sensitivity", url_path="rules"),
    ],
    "Safety": [
        st.Page("pages/safety/bleeding.py", title="Bleeding", url_path="bleeding"),
        st.Page("pages/safety/adverse_events.py", title="Adverse events", url_path="adverse_events"),
        st.Page("pages/safety/adverse_compared.py", title="Events compared", url_path="adverse_compared"),
        st.Page("pages/safety/adverse_course.py", title="Events over time", url_path="adverse_course"),
        st.Page("pages/safety/laboratory.py", title="Laboratory", url_path="laboratory"),
        st.Page("pages/safety/exposure.py", title="Exposure", url_path="exposure"),
    ],
    "Participants": [
        st.Page("pages/participants/participants.py", title="Participants", url_path="participants"),
        st.Page("pages/participants/heatmap.py", title="Heat map", url_path="heatmap"),
        st.Page("pages/participants/participant.py", title="One participant", url_path="participant"),
        st.Page("pages/participants/compare.py", title="Compare", url_path="compare"),
    ],
    "Check": [
        st.Page("pages/check/counts.py", title="Rates from counts", url_path="counts"),
        st.Page("pages/check/reconcile.py", title="Reconcile", url_path="reconcile"),
    ],
}

page = st.navigation(SECTIONS, position="top")
st.set_page_config(page_title=f"{page.title} · ITP Interim", page_icon="🩸", layout="wide")
with framed():
    choose(page.url_path)
    page.run()
