"""The imported data cuts of a study: which there are, and the way to take one back."""

from collections.abc import Sequence

import streamlit as st

from outputs.stored_cuts import stored_cuts_output
from trialdata.clock import utc_now
from trialdata.definition import StudyDefinition
from trialdata.store import store_of
from trialdata.store.stored_cut import StoredCut
from ui.block import Block
from ui.frame import without_study
from ui.session import root
from ui.show import show
from ui.words import plain, quiet

NEWS = "news-of-cuts"  # in the session: what the last click did


def stored_cuts(definition: StudyDefinition) -> Sequence[StoredCut]:
    """The imported data cuts of a study, the retired too."""
    store = store_of(root())
    return store.all_cuts(definition) if store else ()


def tell(words: str) -> None:
    """What the next rerun says at the top."""
    st.session_state[NEWS] = words


def news() -> None:
    """What the last click did."""
    if NEWS in st.session_state:
        st.success(plain(st.session_state.pop(NEWS)))


def listed_cuts(cuts: Sequence[StoredCut]) -> None:
    """The list, and below it the form that retires one."""
    show(without_study(), Block(stored_cuts_output(cuts)))
    standing = {cut.cutoff: cut for cut in cuts if cut.standing}
    store = store_of(root())
    if store is None or not standing:
        return
    with st.expander("Retire a data cut"), st.form("retire", border=False):
        st.markdown(quiet("A retired cut leaves every list. Its files and its reason stay."))
        date = st.selectbox("Data cut", list(standing)[::-1], key="retired-cut")
        reason = st.text_input("Reason", key="reason", max_chars=200)
        if st.form_submit_button("Retire"):
            store.retire(standing[date].id, reason, at=utc_now())
            tell(f"Data cut {date} is retired.")
            st.rerun()
