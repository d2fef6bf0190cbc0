"""The pages by menu: url path, which is the name of the file, and title."""

import streamlit as st

from ui.sidebar import has_autoantibodies, not_randomised

TRIAL = {
    "overview": "Overview",
    "changes": "Since the last cut",
    "data": "Data",
    "design": "Design",
    "baseline": "Baseline",
    "disposition": "Disposition",
    "import": "Import",
    "datasets": "Analysis datasets",
}
EFFICACY = {
    "response": "Response",
    "platelets": "Platelets",
    "durability": "Durability",
    "quality": "Quality of life",
}
AUTOANTIBODIES = {"autoantibodies": "Autoantibodies"}
ANALYSES = {
    "comparison": "Comparison",
    "times": "Time comparisons",
    "models": "Models over time",
    "subgroups": "Subgroups",
    "missing_data": "Missing data",
    "rules": "Rule sensitivity",
}
NOT_RANDOMISED = {
    "comparability": "Comparability",
    "adjusted_difference": "Adjusted difference",
    "over_time": "Adjusted over time",
    "unmeasured": "What else could explain it",
}
SAFETY = {
    "bleeding": "Bleeding",
    "adverse_events": "Adverse events",
    "adverse_compared": "Events compared",
    "adverse_course": "Events over time",
    "laboratory": "Laboratory",
    "exposure": "Exposure",
}
PARTICIPANTS = {
    "participants": "Participants",
    "heatmap": "Heat map",
    "participant": "One participant",
    "compare": "Compare",
}
MEETING = {
    "deck": "Deck and report",
    "notes": "Pinned",
    "present": "Present",
    "find": "Find a view",
}
WIDE = ("present",)  # url paths of pages as wide as the window
CHECK = {"counts": "Rates from counts", "reconcile": "Reconcile"}


def menus() -> dict[str, list]:
    """The pages of every menu; those about arms not randomised, or autoantibodies, where the study has them."""
    return {
        "Trial": _pages("trial", TRIAL),
        "Efficacy": [
            *_pages("efficacy", EFFICACY),
            *_pages("efficacy", AUTOANTIBODIES, listed=has_autoantibodies()),
        ],
        "Analyses": _pages("efficacy", ANALYSES),
        "Not randomised": _pages("observational", NOT_RANDOMISED, listed=not_randomised()),
        "Safety": _pages("safety", SAFETY),
        "Participants": _pages("participants", PARTICIPANTS),
        "Meeting": _pages("meeting", MEETING),
        "Check": _pages("check", CHECK),
    }


def _pages(folder: str, titles: dict[str, str], *, listed: bool = True) -> list:
    return [_page(folder, name, title, listed) for name, title in titles.items()]


def _page(folder: str, name: str, title: str, listed: bool):
    path = f"pages/{folder}/{name}.py"
    if name == "overview":
        return st.Page(path, title=title, default=True)
    return st.Page(path, title=title, url_path=name, visibility="visible" if listed else "hidden")
