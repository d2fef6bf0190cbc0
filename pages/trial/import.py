"""Import: files as the sites send them, checked, de-identified and kept as a data cut."""

import streamlit as st

from ui.importing import accepted, arrival, ask, definition_chosen, sent, told
from ui.page import title
from ui.stored_cuts import listed_cuts, news, stored_cuts

definition = definition_chosen()
top = st.container()
news()
files = sent(definition)
arrived = arrival(files) if files else None
cuts = stored_cuts(definition)
if files is None or arrived is None:
    words = "Import a data cut"
    what = "Put in the files of one data cut, as they were sent, and give the date of the data cutoff."
elif arrived.known.refused:
    words, what = "These files were refused", "Nothing was kept. Correct them and put them in again."
    told(arrived)
elif arrived.known.open:
    words, what = "A few questions first", "The answers are kept for the next data cut of this study."
    ask(files, arrived.known)
else:
    words = "Ready to be accepted"
    what = "What is new beside the last data cut and what was found stands below."
    accepted(files, arrived, cuts)
    told(arrived)
with top:
    title(None, words, f"{definition.registry or definition.studyid}. {what}")
listed_cuts(cuts)
