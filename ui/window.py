"""How wide the reader's window is: figures have a phone variant, and only the browser knows."""

import streamlit as st

PHONE_WIDTH = 640  # pixels; Streamlit stacks columns below this

_REPORT = f"""
export default function ({{ data, setStateValue }}) {{
  const query = window.matchMedia("(max-width: {PHONE_WIDTH}px)");
  const report = () => {{
    if (query.matches !== data.narrow) setStateValue("narrow", query.matches);
  }};
  query.addEventListener("change", report);
  report();
  return () => query.removeEventListener("change", report);
}}
"""
_window = st.components.v2.component("window", js=_REPORT)


def narrow() -> bool:
    """Whether the window is as narrow as a phone's; a change of that runs the page once more."""
    known = bool((st.session_state.get("window") or {}).get("narrow", False))
    reported = _window(
        key="window", data={"narrow": known}, default={"narrow": False}, on_narrow_change=lambda: None
    )
    return bool(reported.narrow)
