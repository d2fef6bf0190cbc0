"""Pins on screen: putting an output aside with a comment, and the list of what was put aside at this cut."""

from collections.abc import Callable

import streamlit as st

from outputs.catalogue import CATALOGUE, beyond_defaults
from outputs.slide import Slide, view_code
from reports.kept_views import may_be_kept
from reports.pins import LONGEST_COMMENT, Pin, all_pins, comment, move, pin, pins_of, unpin
from trialdata.clock import utc_now
from trialdata.errors import StudyDataError
from ui.block import Block
from ui.session import Reading, root
from ui.words import plain, quiet

FIND_PAGE = "pages/meeting/find.py"
TROUBLE = "trouble-of-pins"  # in the session: why the last click did nothing
HOW = "Pin an output where it is saved: Save, Pin to the meeting notes. Pins belong to a data cut and stay."


def pin_form(reading: Reading, block: Block) -> None:
    """Comment and button of an output that may be pinned; nothing for another."""
    output = block.output
    if not may_be_kept(output.id):
        return
    with st.form(f"pin-{output.id}", border=False):
        said = st.text_input("Comment", key=f"pin-comment-{output.id}", max_chars=LONGEST_COMMENT)
        if st.form_submit_button("Pin to the meeting notes", icon=":material/keep:", type="tertiary"):
            try:
                pin(root(), reading.data, slide_of(reading, block), said, at=utc_now())
                st.markdown(quiet("Pinned: Meeting, Pinned."))
            except StudyDataError as error:
                st.markdown(f":material/warning: {plain(error)}")


def code_link(reading: Reading, block: Block) -> None:
    """The way to exactly this view of this data cut, whichever cuts come later; nothing for what may not be kept."""
    if not may_be_kept(block.output.id):
        return
    slide = slide_of(reading, block)
    reading.loaded.remember(root(), slide)
    code, definition = view_code(reading.data, slide), reading.data.definition
    study = {} if "study" in st.query_params else {"study": definition.registry or definition.studyid}
    st.page_link(
        FIND_PAGE,
        label=f"Link to this view: {code}",
        icon=":material/link:",
        query_params={"code": code} | study,
        help="Opens the same view of the same data cut, also when later cuts are there.",
    )


def slide_of(reading: Reading, block: Block) -> Slide:
    """The view that is looked at, as it is kept."""
    output = block.output
    options = tuple(beyond_defaults(output.id, output.options))
    return Slide(output.id, reading.view, options, "chart" if output.figure else "table")


def pinned(reading: Reading) -> list[Pin]:
    """What is pinned at this cut; where that cannot be asked, why stands on the page."""
    try:
        return all_pins(root(), reading.data)
    except StudyDataError as error:
        st.markdown(f":material/warning: {plain(error)}")
        return []


def quietly_pinned(reading: Reading) -> list[Slide]:
    """What is pinned at this cut as slides; nothing where that cannot be asked."""
    try:
        return pins_of(root(), reading.data)
    except StudyDataError:
        return []


def listed_pins(reading: Reading, pins: list[Pin]) -> None:
    """Every pin with its comment, the way to it, its place and its removal."""
    if TROUBLE in st.session_state:
        st.error(plain(st.session_state.pop(TROUBLE)))
    for number, each in enumerate(pins, start=1):
        with st.container(border=True, gap="xsmall"):
            _told(reading, each, number)
            _comment(reading, each)
            _actions(reading, each, first=number == 1, last=number == len(pins))
    if not pins:
        st.markdown(quiet(HOW))


def _told(reading: Reading, each: Pin, number: int) -> None:
    """Headline, and in grey what it is of and its code."""
    headline, line = _words(reading, each)
    with st.container(horizontal=True, gap="small"):
        st.markdown(f"**{number}. {plain(headline)}**  \n{quiet(line)}", width="stretch")
        if each.slide:
            code = view_code(reading.data, each.slide)
            st.page_link(
                FIND_PAGE, label="Open", icon=":material/arrow_forward:", query_params={"code": code}
            )


def _words(reading: Reading, each: Pin) -> tuple[str, str]:
    slide = each.slide
    if slide is None:
        return "This pin cannot be shown", plain(each.trouble)
    try:
        output = reading.of_slide(slide).output
    except (ValueError, LookupError):
        return "This pin cannot be shown", "An option of it is not understood."
    said = [CATALOGUE[slide.output].title, reading.loaded.populations[slide.view.population]]
    said += [f"{column} {', '.join(levels)}" for column, levels in slide.view.filters]
    said += [f"{name} {value}" for name, value in slide.options]
    return output.headline or output.title, " · ".join([*map(plain, said), view_code(reading.data, slide)])


def _comment(reading: Reading, each: Pin) -> None:
    key = f"comment-{each.id}"
    st.text_input(
        "Comment",
        each.comment,
        key=key,
        max_chars=LONGEST_COMMENT,
        placeholder="Comment",
        label_visibility="collapsed",
        on_change=lambda: _do(lambda: comment(root(), reading.data, each.id, st.session_state[key])),
    )


def _actions(reading: Reading, each: Pin, *, first: bool, last: bool) -> None:
    where = (root(), reading.data, each.id)
    actions: list[tuple[str, str, bool, Callable[[], None]]] = [
        ("Up", "arrow_upward", first, lambda: move(*where, -1)),
        ("Down", "arrow_downward", last, lambda: move(*where, 1)),
        ("Remove", "close", False, lambda: unpin(*where)),
    ]
    with st.container(horizontal=True, gap="small"):
        for label, icon, off, action in actions:
            st.button(
                label,
                key=f"{label.lower()}-{each.id}",
                icon=f":material/{icon}:",
                type="tertiary",
                disabled=off,
                on_click=_do,
                args=(action,),
            )


def _do(action: Callable[[], None]) -> None:
    try:
        action()
    except StudyDataError as error:
        st.session_state[TROUBLE] = str(error)
