"""A view found by its code and shown live, whatever the sidebar shows."""

import streamlit as st

from outputs.context import context_words
from outputs.slide import Slide
from reports.codes import find_slide, read_code
from trialdata.errors import StudyDataError
from ui.page import title
from ui.session import Loaded, Reading, cuts, load, root
from ui.show import show
from ui.words import plain, quiet

EXAMPLE = "K7QD-2M4X"


def code_input() -> str:
    """What the reader typed or the URL says."""
    return st.text_input(
        "Code", key="code", max_chars=20, placeholder=EXAMPLE, bind="query-params", width=280
    )


def show_code(reading: Reading, typed: str, top: st.delta_generator.DeltaGenerator) -> None:
    """The view of a code with the heading of the page, or why there is none."""
    code = read_code(typed)
    found = _found(reading, code) if code else None
    with top:
        _heading(reading, typed, code, found)
    if found:
        loaded, slide = found
        view = Reading(loaded, slide.view, reading.compact)
        show(view, view.of_slide(slide))


def _heading(reading: Reading, typed: str, code: str, found: tuple[Loaded, Slide] | None) -> None:
    if found:
        loaded, slide = found
        view = Reading(loaded, slide.view, reading.compact)
        output = view.built(slide)
        title(view, output.headline or output.title, output.detail)
        of = [context_words(loaded.data, slide.view), *(f"{name} {value}" for name, value in slide.options)]
        st.markdown(quiet(plain(" · ".join([code, *of]))))
        if loaded is not reading.loaded:
            st.markdown(f":material/info: {quiet('Of another data cut than the one chosen at the left.')}")
        return
    title(reading, "Find a view", _why_not(reading, typed, code))


def _why_not(reading: Reading, typed: str, code: str) -> str:
    if not typed.strip():
        return f"Type the code of a slide, table or sheet, such as {EXAMPLE}."
    if not code:
        return f"This is no code: found other than eight letters and digits, such as {EXAMPLE}."
    study = reading.data.definition.registry or reading.data.definition.studyid
    return (
        f"No view of {study} has the code {code} at any of its data cuts. It may be of another study, of data that "
        "changed since, or of the view with or without arms."
    )


def _found(reading: Reading, code: str) -> tuple[Loaded, Slide] | None:
    """In the chosen cut, else in the others, the latest first."""
    slide = find_slide(reading.data, code, root())
    if slide:
        return reading.loaded, slide
    definition = reading.data.definition
    known = cuts(definition)
    for cut in known.dates[::-1]:
        if cut != reading.data.study.cut:
            try:
                loaded = load(definition, cut, among=known)
            except StudyDataError:  # of a cut that is refused there is no view
                continue
            slide = find_slide(loaded.data, code, root())
            if slide:
                return loaded, slide
    return None
