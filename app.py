"""The dashboard: page settings, navigation and the frame. Run it with `make run`."""

import streamlit as st

from ui.frame import framed
from ui.menus import WIDE, menus
from ui.sidebar import choose

page = st.navigation(menus(), position="top")
st.set_page_config(page_title=f"{page.title} · ITP Interim", page_icon="🩸", layout="wide")
with framed(wide=page.url_path in WIDE):
    choose(page.url_path)
    page.run()
