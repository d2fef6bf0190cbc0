"""A bar for a computation that takes a while: it appears when the computation first says how far it is."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from analysis.progress import listening


@contextmanager
def waiting(words: str) -> Iterator[None]:
    """Shows how far what is computed inside is; nothing where it is known already."""
    place = st.empty()
    with listening(lambda done: place.progress(min(max(done, 0.0), 1.0), text=words)):
        yield
    place.empty()
