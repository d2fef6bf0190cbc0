"""The earlier data cut that a page compares with: the one before, unless the reader chooses another."""

import streamlit as st

from analysis.cut_steps import CutComparison
from trialdata.errors import StudyDataError
from ui.page import choice
from ui.session import Reading, load
from ui.sidebar import date_words
from ui.words import plain


def since_earlier_cut(reading: Reading) -> CutComparison | None:
    """The comparison with the chosen earlier cut; None at the first cut, or where the earlier one is refused."""
    study = reading.data.study
    earlier = {cut.isoformat(): cut for cut in reversed(study.cuts) if cut < study.cut}
    if not earlier:
        return None
    chosen = choice("Compared with", {name: date_words(cut) for name, cut in earlier.items()}, key="since")
    try:
        return reading.loaded.since(load(study.definition, earlier[chosen]))
    except StudyDataError as error:
        st.markdown(f"The cut of {date_words(earlier[chosen])} was refused; choose another one.")
        with st.container(border=True, gap="xsmall"):
            for reason in str(error).splitlines():
                st.text(plain(reason))
        return None
