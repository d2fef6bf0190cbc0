"""A statistician's own file on the page: read, compared, shown, and kept nowhere but in this session."""

import streamlit as st

from outputs.reconcile import reconcile_output, reconcile_summary_output
from trialdata.errors import StudyDataError
from trialdata.reconciliation import read_submitted
from ui.block import Block
from ui.people import link_to_participant
from ui.session import Reading
from ui.show import show
from ui.words import plain, quiet

TYPES = ["csv", "xpt"]
ALL = ""
EXPLAINED = 40  # rows whose clause is worked out before one is chosen
EXPECTED = (
    "One row per participant and endpoint. ADRS: USUBJID, PARAMCD, AVALC. ADTTE: USUBJID, PARAMCD, AVAL in days, "
    "CNSR. Other columns are not read. The file is compared and not kept."
)
COLUMNS = {
    "USUBJID": st.column_config.TextColumn("Participant"),
    "PARAMCD": st.column_config.TextColumn("Endpoint"),
    "RESULT": st.column_config.TextColumn("Result"),
    "OURS": st.column_config.TextColumn("Ours"),
    "THEIRS": st.column_config.TextColumn("Theirs"),
    "CLAUSE": st.column_config.TextColumn("Why ours"),
    "ROW": st.column_config.NumberColumn("Row of the file"),
    "NOTE": st.column_config.TextColumn("Note"),
}


def uploaded(reading: Reading) -> tuple[Block, Block] | None:
    """The summary and the disagreements of the file given here; None without one, or when it is refused."""
    labels = {endpoint.paramcd: endpoint.label for endpoint in reading.data.definition.endpoints}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        file = st.file_uploader("ADRS or ADTTE, CSV or XPT", type=TYPES, key="submitted", width=420)
        paramcd = st.selectbox(
            "Compare",
            [ALL, *labels],
            format_func=lambda code: labels.get(code, "Every endpoint of the file"),
            key="compare",
            width=280,
        )
    if file is None:
        st.markdown(quiet(EXPECTED))
        st.session_state.pop("reconciled", None)
        return None
    try:
        return _blocks(reading, file, paramcd)
    except StudyDataError as error:
        _refused(error)
        return None


def _blocks(reading: Reading, file, paramcd: str) -> tuple[Block, Block]:
    """Compared once for a file, a cut and a view."""
    key = (file.file_id, paramcd, reading.loaded, reading.view)
    known, blocks = st.session_state.get("reconciled", (None, None))
    if known != key or blocks is None:
        submitted = read_submitted(file.name, file.getvalue(), reading.data.definition, paramcd=paramcd)
        data, view = reading.data, reading.view
        blocks = (
            Block(reconcile_summary_output(data, view, submitted=submitted)),
            Block(reconcile_output(data, view, submitted=submitted, most=EXPLAINED)),
        )
        st.session_state["reconciled"] = (key, blocks)
    return blocks


def _refused(error: StudyDataError) -> None:
    st.header("This file was refused", anchor=False)
    st.markdown(quiet("Nothing of it was compared or kept. Correct it and load it again."))
    with st.container(border=True, gap="xsmall"):
        for reason in str(error).splitlines():
            st.text(reason)


def disagreements(reading: Reading, block: Block) -> None:
    """The list of disagreements; below it, for the chosen one, what explains ours."""
    results = block.output.results
    if results.empty:
        show(reading, block)
        return
    chosen: list[int] = []
    show(reading, block, body=lambda: chosen.extend(_list(block)))
    if chosen and chosen[0] < len(results):
        _explained(reading, block, chosen[0])


def _list(block: Block) -> list[int]:
    event = st.dataframe(
        block.output.results[list(COLUMNS)],
        key="disagreements",
        hide_index=True,
        column_config=COLUMNS,
        placeholder="–",
        on_select="rerun",
        selection_mode="single-row",
        alt="Answers that do not agree; select a row for the trace",
    )
    return list(event["selection"]["rows"])


def _explained(reading: Reading, block: Block, place: int) -> None:
    row = block.output.results.iloc[place]
    ours, theirs = (plain(row[side] or "no row") for side in ("OURS", "THEIRS"))
    st.markdown(f"**Ours: {ours}. Theirs: {theirs}.**")
    if not (reading.data.adsl["USUBJID"] == row["USUBJID"]).any():
        st.markdown(plain(row["CLAUSE"]))
        return
    trace = reading.output("participant_trace", usubjid=row["USUBJID"], paramcd=row["PARAMCD"])
    st.markdown(plain(trace.output.detail))
    link_to_participant(row["USUBJID"])
    show(reading, trace)
