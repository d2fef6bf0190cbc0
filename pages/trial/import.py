"""Import: files as the sites send them, checked, de-identified and kept as a data cut."""

import streamlit as st

from ui.importing import accepted, ask, definition_chosen, kept, last_frames, news, prepared, sent, told
from ui.page import title

definition = definition_chosen()
top = st.container()
news()
files = sent(definition)
known = prepared(files) if files else None
if files is None or known is None:
    what = "Put in the files of one data cut, as they were sent, and give the date of the data cutoff."
    words = "Import a data cut"
elif known.refused:
    words, what = "These files were refused", "Nothing was kept. Correct them and put them in again."
    told(known, None, definition)
elif known.open:
    words, what = "A few questions first", "The answers are kept for the next data cut of this study."
    ask(files, known)
else:
    words, what = (
        "Ready to be accepted",
        "What is new beside the last data cut and what was found stands below.",
    )
    last = last_frames(definition, files.cut)
    accepted(files, known, last)
    told(known, last, definition)
with top:
    title(None, words, f"{definition.registry or definition.studyid}. {what}")
kept(definition)
