"""Who is behind a number: the participants of a cell, reached by a click or by a control, and on to one of them.

A cell is a combination of the values of an output's `cell_keys`; its arm may be left open ("all arms"). An
identifier lives in the session only, never in the URL, a title or the log.
"""

import pandas as pd
import streamlit as st

from outputs.output import Output
from outputs.people import STATE_WORDS
from ui.session import Reading
from ui.words import arm_name, plain

ALL = ""  # the place of a key that is left open
PARTICIPANT_PAGE = "pages/participants/participant.py"
COLUMNS = {
    "USUBJID": st.column_config.TextColumn("Participant"),
    "ARM": st.column_config.TextColumn("Arm"),
    "STATE": st.column_config.TextColumn("Answer"),
    "REASON": st.column_config.TextColumn("Reason"),
    "BASE": st.column_config.NumberColumn("Baseline", format="%d"),
    "BEST": st.column_config.NumberColumn("Best count", format="%d"),
    "ONSETDY": st.column_config.NumberColumn("Onset, day", format="%d"),
    "RESCUEDY": st.column_config.NumberColumn("Rescue, day", format="%d"),
    "SPARK": st.column_config.LineChartColumn("Platelets", y_min=0),
}

Cell = tuple[str, ...]


def people_control(output: Output) -> None:
    """The keyboard's way to a cell: a quiet list of all of them."""
    key = f"cells-{output.id}"
    with (popover := st.popover("List", type="tertiary", icon=":material/group:", key=f"who-{output.id}", on_change="rerun")):
        if popover.open:
            options = cells(output)
            st.selectbox(
                "List the participants of",
                list(options),
                index=None,
                format_func=lambda cell: f"{cell_words(cell, output)} ({options[cell]})",
                placeholder="Choose a count",
                key=key,
                on_change=lambda: choose(output, st.session_state[key]),
            )


def cells(output: Output) -> dict[Cell, int]:
    """Every cell with its number of participants, those of all arms last."""
    keys = list(output.cell_keys)
    by_arm = output.records.groupby(keys, sort=False, observed=True)["USUBJID"].nunique()
    counted = {_cell(values): int(n) for values, n in by_arm.items()}
    others = [key for key in keys if key != "ARM"]
    if others and len(output.arms) > 1 and "ARM" in keys:
        for values, n in output.records.groupby(others, sort=False, observed=True)["USUBJID"].nunique().items():
            open_arm = iter(_cell(values))
            counted[tuple(ALL if key == "ARM" else next(open_arm) for key in keys)] = int(n)
    return counted


def _cell(values: object) -> Cell:
    return tuple(map(str, values)) if isinstance(values, tuple) else (str(values),)


def chosen_by_click(output: Output, key: str) -> None:
    """A click on a mark: of one participant, or of a cell; a second click takes it back."""
    points = st.session_state[key]["selection"]["points"]
    clicked = points[0].get("customdata") if points else None
    values = [str(value) for value in clicked] if isinstance(clicked, list) else [str(clicked)]
    if clicked is None:
        st.session_state.pop(f"cell-{output.id}", None)
    elif values[0] in set(output.records["USUBJID"]):
        st.session_state["participant"] = values[0]
        st.session_state[f"cell-{output.id}"] = ("USUBJID", values[0])
    elif len(values) >= len(output.cell_keys):
        st.session_state[f"cell-{output.id}"] = tuple(values[: len(output.cell_keys)])


def choose(output: Output, cell: Cell | None) -> None:
    """Show the participants of this cell, none without one; the figure forgets what was clicked."""
    st.session_state[f"cell-{output.id}"] = cell
    st.session_state[f"version-{output.id}"] = st.session_state.get(f"version-{output.id}", 0) + 1


def people(reading: Reading, output: Output) -> None:
    """The framed list of the chosen cell; nothing when none is chosen."""
    cell = st.session_state.get(f"cell-{output.id}")
    if not cell:
        return
    rows = behind(output, cell)
    with st.container(border=True, key=f"people-{output.id}"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(heading(output, cell, rows), width="content")
            st.button(
                "Clear", icon=":material/close:", type="tertiary", key=f"clear-{output.id}", on_click=choose, args=(output, None)
            )
        participants_table(rows, key=f"list-{output.id}", without=tuple(k for k, v in zip(output.cell_keys, cell) if v))


def behind(output: Output, cell: Cell) -> pd.DataFrame:
    """One row per participant of the cell."""
    records = output.records
    if cell[0] == "USUBJID":
        return records[records["USUBJID"] == cell[1]].drop_duplicates("USUBJID")
    kept = pd.Series(True, records.index)
    for key, value in zip(output.cell_keys, cell, strict=True):
        if value != ALL:
            kept &= records[key].astype("str") == value
    return records[kept].drop_duplicates("USUBJID")


def heading(output: Output, cell: Cell, rows: pd.DataFrame) -> str:
    number = f"{len(rows)} participant{'' if len(rows) == 1 else 's'}"
    if cell[0] == "USUBJID":
        return f"**{number}**"
    return f"**{number}:** {_coloured(cell, output)}"


def _coloured(cell: Cell, output: Output) -> str:
    words = [arm_name(word, output.arms) for word in _words(cell, output)]
    return "**,** ".join(words)


def cell_words(cell: Cell, output: Output) -> str:
    """ "Rituximab, no response"."""
    return ", ".join(_words(cell, output))


def _words(cell: Cell, output: Output) -> list[str]:
    labels = {arm.trt: arm.label for arm in output.arms}
    return [_word(key, value, labels) for key, value in zip(output.cell_keys, cell, strict=True)]


def _word(key: str, value: str, labels: dict[str, str]) -> str:
    if key == "ARM":
        return labels.get(value, value) if value else "All arms"
    if key == "WEEK":
        return f"week {value}"
    state, colon, reason = value.partition(": ")
    return STATE_WORDS.get(state, state).lower() + (colon + reason.lower() if colon else "")


def participants_table(rows: pd.DataFrame, *, key: str, without: tuple[str, ...] = ()) -> None:
    """A list of participants; a chosen row opens a link to that participant."""
    columns = [column for column in COLUMNS if column in rows and column not in without]
    event = st.dataframe(
        rows[columns],
        key=key,
        hide_index=True,
        column_config=COLUMNS,
        placeholder="–",
        on_select="rerun",
        selection_mode="single-row",
        alt="Participants; select a row to open one",
    )
    chosen = event["selection"]["rows"]
    if chosen and chosen[0] < len(rows):
        st.session_state["participant"] = rows["USUBJID"].iloc[chosen[0]]
        link_to_participant()
    else:
        st.markdown(":small[:gray[Select a row to open the participant.]]")


def matching(listed: pd.DataFrame, sought: str) -> pd.DataFrame:
    """The participants whose identifier contains what is sought."""
    return listed[listed["USUBJID"].str.contains(sought.strip(), case=False, regex=False)]


def chosen_participant(reading: Reading) -> str:
    """The participant of the page: the one last chosen anywhere, or picked here; empty before any choice."""
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


def chosen_endpoint(reading: Reading) -> str:
    """The endpoint whose rule is explained: any of the study, the shared one to begin with."""
    endpoints = {e.paramcd: e.label for e in reading.data.definition.endpoints}
    codes = list(endpoints)
    return st.selectbox(
        "Rule of", codes, index=codes.index(reading.view.endpoint), format_func=endpoints.get, key="rule", width=280
    )


def link_to_participant() -> None:
    """On to the participant last chosen."""
    st.page_link(
        PARTICIPANT_PAGE,
        label=f"Open participant {plain(st.session_state['participant'])}",
        icon=":material/arrow_forward:",
    )
