"""How an output is shown: title, one grey line, quiet actions, figure or table, footnotes, who is behind it."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from outputs.confidentiality import confidentiality
from outputs.output import Output
from reports.export import as_csv, as_json, file_name
from ui.people import chosen_by_click, people, people_control
from ui.session import Reading
from ui.words import arm_name, badge, plain, quiet

CONFIG = {"displayModeBar": False, "displaylogo": False, "doubleClick": False}


def show(reading: Reading, output: Output, *, titled: bool = True, tabled: bool = True) -> None:
    """One output block; with records behind it, a click or a control lists the participants."""
    with st.container(gap="xsmall"):
        if titled:
            _title_row(reading, output)
        if output.empty:
            st.markdown(f":gray[{plain(output.empty)}]")
        if output.figure is not None and (not output.empty or not output.records.empty):
            _figure(output, compact=reading.compact)
        elif output.figure is None and tabled and not output.table.empty:
            table(output)
        if not output.records.empty and output.cell_keys:
            people(reading, output)
        _footnotes(reading, output)


def show_sentences(output: Output) -> None:
    """A table as counted sentences: its first column the number, its second what is counted."""
    with st.container(gap="xsmall"):
        st.markdown(f"**{plain(output.title)}**  \n{quiet(plain(output.subtitle))}")
        for number, words, *_ in output.table.itertuples(index=False):
            st.markdown(f":material/warning: **{plain(number)}** {plain(words)}")
        if output.empty:
            st.markdown(f":gray[{plain(output.empty)}]")


def _title_row(reading: Reading, output: Output) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="top"):
        badges = " ".join(map(badge, output.badges))
        line = f"  \n{quiet(plain(output.subtitle))}" if output.subtitle else ""
        st.markdown(f"**{plain(output.title)}** {badges}{line}", width="content")
        with st.container(horizontal=True, width="content", gap="xsmall"):
            if output.cell_keys and not output.records.empty:
                people_control(output)
            if output.figure is not None and not output.table.empty:
                _when_open("Table", ":material/table:", output, lambda: table(output))
            _when_open("Save", ":material/download:", output, lambda: _downloads(reading, output))


def _when_open(label: str, icon: str, output: Output, content: Callable[[], None]) -> None:
    """A quiet action whose content is made only while it is open."""
    key = f"{label.lower()}-{output.id}"
    with (popover := st.popover(label, type="tertiary", icon=icon, key=key, on_change="rerun")):
        if popover.open:
            content()


def _downloads(reading: Reading, output: Output) -> None:
    """Files that are written when they are asked for."""
    files = [
        ("Numbers, CSV", "numbers.csv", "text/csv", lambda: as_csv(output.results)),
        ("Table as shown, CSV", "table.csv", "text/csv", lambda: as_csv(output.table)),
        ("Numbers, JSON", "json", "application/json", lambda: as_json(reading.data, reading.view, output)),
    ]
    for label, suffix, mime, data in files:
        st.download_button(
            label,
            data,
            file_name=f"{file_name(reading.data, output)}.{suffix}",
            mime=mime,
            type="tertiary",
            on_click="ignore",
            key=f"{suffix}-{output.id}",
        )


def _figure(output: Output, *, compact: bool) -> None:
    figure = output.figure(st.context.theme.type or "light", compact)
    clickable = not output.records.empty
    version = st.session_state.get(f"version-{output.id}", 0)
    key = f"figure-{output.id}-{version}"
    st.plotly_chart(
        figure,
        theme=None,
        height="content",
        key=key,
        config=CONFIG,
        alt=output.alt or output.title,
        on_select=(lambda: chosen_by_click(output, key)) if clickable else "ignore",
        selection_mode="points",
    )


def table(output: Output) -> None:
    """The output's table; names of arms in their colours, whole numbers to the right."""
    shown = output.table.map(lambda cell: plain(cell) if isinstance(cell, str) else cell)
    first, *rest = shown.columns
    shown[first] = output.table[first].map(lambda cell: _first_column(cell, output))
    for column in rest:
        shown[column] = _whole_numbers(shown[column])
    shown.columns = [arm_name(str(column), output.arms) if _is_arm(column, output) else plain(column) for column in shown]
    st.table(shown, border="horizontal", hide_index=True, alt=f"{output.title}, table")


def _first_column(cell: object, output: Output) -> object:
    return arm_name(str(cell), output.arms) if _is_arm(cell, output) else plain(cell)


def _is_arm(text: object, output: Output) -> bool:
    return any(text in (arm.trt, arm.label) for arm in output.arms)


def _whole_numbers(column: pd.Series) -> pd.Series:
    """Counts written as text become numbers, which a table sets to the right."""
    text = column.astype("str")
    return text.astype("int64") if len(text) and text.str.fullmatch(r"\d+").all() else column


def _footnotes(reading: Reading, output: Output) -> None:
    mark = confidentiality(reading.data)
    notes = [*output.footnotes, f"{mark}." if mark else ""]
    st.markdown(quiet(" ".join(plain(note) for note in notes if note)))
