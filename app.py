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
        st.Page("pages/safety/adverse_events.py", title="Adverse events", url_path="adverse_events"),
    ],
    "Participants": [
        st.Page("pages/participants/participants.py", title="Participants", url_path="participants"),
        st.Page("pages/participants/participant.py", title="One participant", url_path="participant"),
    ],
    "Check": [
        st.Page("pages/check/counts.py", title="Rates from counts", url_path="counts"),
        st.Page("pages/check/reconcile.py", title="Reconcile", url_path="reconcile"),
    ],
}

WITHOUT_STUDY = ("counts", "import")
SAFETY_SET = ("adverse_events",)

page = st.navigation(SECTIONS, position="top")
st.set_page_config(page_title=f"{page.title} · ITP Interim", page_icon="🩸", layout="wide")
with framed():
    choose(
        required=page.url_path not in WITHOUT_STUDY,
        population="SAF" if page.url_path in SAFETY_SET else "",
    )
    page.run()
