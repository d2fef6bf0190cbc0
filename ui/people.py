"""Who is behind a number: the participants of a cell, reached by a click or by a control, and on to one of them.

A cell is a combination of the values of an output's `cell_keys`; its arm may be left open ("all arms"). An
identifier lives in the session only, never in the URL, a title or the log.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

import pandas as pd
import streamlit as st

from outputs.people import STATE_WORDS
from ui.block import Block, Cell, listed
from ui.session import Reading
from ui.words import in_colour, plain

LISTS_KEPT = 20
PARTICIPANT_PAGE = "pages/participants/participant.py"
COLUMNS = {
    "USUBJID": st.column_config.TextColumn("Participant"),
    "ARM": st.column_config.TextColumn("Arm"),
    "CHANGE": st.column_config.TextColumn("Then to now"),
    "CAUSE": st.column_config.TextColumn("Cause"),
    "WAY": st.column_config.TextColumn("Way"),
    "BEHIND": st.column_config.TextColumn("Records"),
    "MOVE": st.column_config.TextColumn("Protocol to changed rule"),
    "RULE": st.column_config.TextColumn("Moved by"),
    "ANSWERSOFAR": st.column_config.TextColumn("Answer so far"),
    "REASON": st.column_config.TextColumn("Reason"),
    "BASE": st.column_config.NumberColumn("Baseline", format="%d"),
    "BEST": st.column_config.NumberColumn("Best count", format="%d"),
    "ONSETDY": st.column_config.NumberColumn("Onset, day", format="%d"),
    "RESCUEDY": st.column_config.NumberColumn("Rescue, day", format="%d"),
    "SCORE": st.column_config.NumberColumn("Score", format="%.2f"),
    "WEIGHT": st.column_config.NumberColumn("Weight", format="%.2f"),
    "SHARE": st.column_config.NumberColumn("Percent of the arm's weight", format="%.1f"),
    "WORST": st.column_config.TextColumn("Worst grade"),
    "STATUS": st.column_config.TextColumn("Status"),
    "SPARK": st.column_config.LineChartColumn("Platelets", y_min=0),
}
VERBATIM = ("KIND", "DRUG", "SOC", "TERM", "GROUP", "PART")  # words of the data, never codes
LINE_WORDS = {"set": "analysis set", "not in set": "not in the analysis set", "not due": "not yet due"}


def people_control(block: Block) -> None:
    """The keyboard's way to a cell: all of them in one box."""
    key = f"cells-{block.output.id}"
    st.selectbox(
        "List the participants of",
        list(block.cells),
        index=None,
        format_func=lambda cell: f"{', '.join(_words(cell, block))} ({block.cells.get(cell, 0)})",
        placeholder="Choose a count",
        key=key,
        on_change=lambda: choose(block, st.session_state[key]),
    )


def chosen_by_click(block: Block, key: str) -> None:
    """A click on a mark of a cell or of one participant; a second click takes it back."""
    points = st.session_state[key]["selection"]["points"]
    clicked = points[0].get("customdata") if points else None
    chosen = None
    if isinstance(clicked, str) and (block.output.records["USUBJID"] == clicked).any():
        chosen = clicked
    elif clicked is not None and len(block.behind(block.clicked(clicked))):
        chosen = block.clicked(clicked)
    st.session_state[f"cell-{block.output.id}"] = chosen


def chosen_in_table(block: Block, key: str) -> None:
    """A cell of the table; one that nobody is in, or choosing it again, takes the list away."""
    cells = st.session_state[key]["selection"]["cells"]
    cell = block.cell_at(*cells[0]) if cells else None
    st.session_state[f"cell-{block.output.id}"] = cell if cell in block.cells else None


def choose(block: Block, cell: Cell | None) -> None:
    """Show the participants of this cell, none without one; the figure forgets what was clicked."""
    st.session_state[f"cell-{block.output.id}"] = cell
    st.session_state[f"version-{block.output.id}"] = st.session_state.get(f"version-{block.output.id}", 0) + 1


def people(reading: Reading, block: Block) -> None:
    """The framed list of the chosen cell, or the one participant clicked; nothing when nobody is."""
    chosen = st.session_state.get(f"cell-{block.output.id}")
    if isinstance(chosen, str) and (block.output.records["USUBJID"] == chosen).any():
        with st.container(border=True), _with_clear(block):
            link_to_participant(chosen)
    elif isinstance(chosen, tuple) and len(rows := block.behind(chosen)):
        constant = [key for key, value in zip(block.output.cell_keys, chosen, strict=True) if value]
        with st.container(border=True, key=f"people-{block.output.id}"):
            with _with_clear(block):
                st.markdown(_heading(block, chosen, len(rows)), width="content")
            described = described_rows(reading, rows).drop(columns=constant)
            known = reading.data.adsl["USUBJID"]
            participants_table(listed(described), key=f"rows-{block.output.id}", known=known)


@contextmanager
def _with_clear(block: Block) -> Iterator[None]:
    """A row that ends in the button that takes the list away."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        yield
        st.button(
            "Clear",
            icon=":material/close:",
            type="tertiary",
            key=f"clear-{block.output.id}",
            on_click=choose,
            args=(block, None),
        )


def described_rows(reading: Reading, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with what every list tells of a participant: baseline, best count, rescue, the counts."""
    return _described(rows, reading.output("participants"))


def _described(rows: pd.DataFrame, participants: Block) -> pd.DataFrame:
    known = participants.output.records
    new = known.columns.difference([*rows.columns, *(["ANSWERSOFAR"] if "STATE" in rows else [])])
    return rows.merge(known[["USUBJID", *new]], on="USUBJID", how="left")


def listed_people(reading: Reading, block: Block) -> Callable[[], None] | None:
    """What draws everybody behind an output as a list to choose from; None where there is nobody."""
    if block.output.records.empty:
        return None
    rows = _everybody(block, reading.output("participants"))
    return lambda: participants_table(rows, key=f"listed-{block.output.id}")


@lru_cache(maxsize=LISTS_KEPT)
def _everybody(block: Block, known: Block) -> pd.DataFrame:
    """Everybody behind an output as a list shows them, worked out once: it is felt in every rerun."""
    return listed(_described(block.output.records, known))


def _heading(block: Block, cell: Cell, n: int) -> str:
    """ "10 participants: Rituximab, no response", the arm in its colour."""
    words = ", ".join(in_colour(word, block.output.arms) for word in _words(cell, block))
    return f"**{n} participant{'' if n == 1 else 's'}: {words}**"


def _words(cell: Cell, block: Block) -> list[str]:
    labels = {arm.trt: arm.label for arm in block.output.arms}
    words = [_word(key, value, labels) for key, value in zip(block.output.cell_keys, cell, strict=True)]
    return [word for word in words if word]


def _word(key: str, value: str, labels: dict[str, str]) -> str:
    if key == "ARM":
        return labels.get(value, value) or "All arms"
    if key in VERBATIM:
        return value
    if key == "WORST" and value:
        return f"grade {value}"
    if key == "WEEK" and value:
        return f"week {value}"
    state, colon, reason = value.partition(": ")
    return LINE_WORDS.get(value) or STATE_WORDS.get(state, state) + colon + reason.lower()


def participants_table(rows: pd.DataFrame, *, key: str, known: pd.Series | None = None) -> None:
    """A list of participants; a chosen row opens a link to that participant, if `known`: a screen failure has none."""
    event = st.dataframe(
        rows,
        key=key,
        hide_index=True,
        column_config=COLUMNS,
        placeholder="–",
        on_select="rerun",
        selection_mode="single-row",
        alt="Participants; select a row to open one",
    )
    chosen = event["selection"]["rows"]
    usubjid = rows["USUBJID"].iloc[chosen[0]] if chosen and chosen[0] < len(rows) else ""
    if usubjid and (known is None or (known == usubjid).any()):
        link_to_participant(usubjid)
    elif usubjid:
        st.markdown(":small[:gray[Screened and never enrolled: there is no record to open.]]")
    else:
        st.markdown(":small[:gray[Select a row to open the participant.]]")


def matching(block: Block, sought: str) -> pd.DataFrame:
    """The participants whose identifier contains what is sought; all of them without a search."""
    rows = block.people
    return rows[rows["USUBJID"].str.contains(sought.strip(), case=False, regex=False)] if sought else rows


def chosen_participant(reading: Reading) -> str:
    """The participant of the page: the one last chosen anywhere, or picked here; empty before any choice.

    The box has no key and is bound to nothing, so that the identifier cannot reach the URL.
    """
    known = sorted(reading.data.adsl["USUBJID"])
    before = st.session_state.get("participant")
    picked = st.selectbox(
        "Participant",
        known,
        index=known.index(before) if before in known else None,
        placeholder="Choose or type an identifier",
        width=280,
    )
    if picked:
        st.session_state["participant"] = picked
    return picked or ""


def chosen_participants(reading: Reading) -> list[str]:
    """Up to four participants to compare; like the one of a page, they never reach the URL."""
    known = sorted(reading.data.adsl["USUBJID"])
    if "compared" not in st.session_state and "participant" in st.session_state:
        st.session_state["compared"] = [st.session_state["participant"]]
    before = [name for name in st.session_state.get("compared", []) if name in known]
    if st.session_state.get("compared_choice") != before:
        st.session_state["compared_choice"] = before
    picked = st.multiselect(
        "Participants",
        known,
        key="compared_choice",
        max_selections=4,
        placeholder="Choose or type identifiers",
        on_change=_keep_compared,
    )
    return picked


def _keep_compared() -> None:
    """What a page chose outlives the page."""
    st.session_state["compared"] = st.session_state["compared_choice"]


def chosen_endpoint(reading: Reading) -> str:
    """The endpoint whose rule is explained: any of the study, the shared one to begin with."""
    endpoints = {e.paramcd: e.label for e in reading.data.definition.endpoints}
    codes = list(endpoints)
    return st.selectbox(
        "Rule of",
        codes,
        index=codes.index(reading.view.endpoint),
        format_func=endpoints.get,
        key="rule",
        width=280,
    )


def link_to_participant(usubjid: str) -> None:
    """On to this participant; who it is stands in the session alone."""
    st.session_state["participant"] = usubjid
    st.page_link(
        PARTICIPANT_PAGE, label=f"Open participant {plain(usubjid)}", icon=":material/arrow_forward:"
    )
