"""The earlier data cut that a page compares with: the one before, unless the reader chooses another."""

import streamlit as st

from analysis.cut_steps import CutComparison
from trialdata.cuts import DataCut
from trialdata.definition import StudyDefinition
from trialdata.errors import StudyDataError
from ui.page import choice, control
from ui.session import Reading, cuts, load
from ui.sidebar import date_words
from ui.words import plain

RULES = {"accepted": "its own rules", "today": "today's rules"}


def since_earlier_cut(reading: Reading) -> CutComparison | None:
    """The comparison with the chosen earlier cut; None at the first cut, or where the earlier one is refused."""
    study = reading.data.study
    earlier = {cut.isoformat(): cut for cut in reversed(study.cuts) if cut < study.cut}
    if not earlier:
        return None
    chosen = choice("Compared with", {name: date_words(cut) for name, cut in earlier.items()}, key="since")
    try:
        known = cuts(study.definition)
        own_rules = _own_rules(study.definition, known.find(earlier[chosen]))
        before = load(study.definition, earlier[chosen], among=known, as_accepted=own_rules)
        return reading.loaded.since(before)
    except StudyDataError as error:
        st.markdown(f"The cut of {date_words(earlier[chosen])} was refused; choose another one.")
        with st.container(border=True, gap="xsmall"):
            for reason in str(error).splitlines():
                st.text(plain(reason))
        return None


def _own_rules(definition: StudyDefinition, cut: DataCut) -> bool:
    """Asked where the rules changed since the earlier cut: what a new rule moved is told apart only by the old ones."""
    if cut.stored is None or cut.stored.definition == definition.content_hash:
        return False
    return control("Earlier cut by", RULES, key="rules_of") == "accepted"
