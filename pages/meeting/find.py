"""Find a view: the code of a slide, table or sheet opens exactly what it was made of, live."""

import streamlit as st

from ui.find import code_input, show_code
from ui.frame import guard

reading = guard()
top = st.container()
show_code(reading, code_input(), top)
