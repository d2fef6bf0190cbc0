"""The denominator of page reruns: a title, with garbage collection frozen."""

import gc

import streamlit as st


@st.cache_resource
def freeze_imports() -> None:
    gc.collect()
    gc.freeze()


freeze_imports()
st.title("Blank")
