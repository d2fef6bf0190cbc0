"""How an output is shown: title, one grey line, quiet actions, figure or table, footnotes, who is behind it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import streamlit as st

from outputs.files import for_file
from reports.export import as_csv
from ui.block import Block
from ui.people import chosen_by_click, people, people_control
from ui.picture import may_leave, picture_action, picture_asked
from ui.pins import code_link, pin_form
from ui.session import Reading, WithoutStudy
from ui.words import badge, literal, plain, quiet

CONFIG = {"displayModeBar": False, "displaylogo": False, "doubleClick": False}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONG = 60  # rows from which a table scrolls
WIDE = 4  # columns that a phone has room for


@dataclass(frozen=True)
class Offer:
    """A file that is written when it is asked for."""

    label: str
    file_name: str
    mime: str
    data: Callable[[], str | bytes]
    key: str
    icon: str | None = None


def show(
    reading: Reading | WithoutStudy,
    block: Block,
    *,
    narrow: bool = False,
    body: Callable[[], None] | None = None,
    workbook: Callable[[], bytes] | None = None,
    cells: bool = False,
) -> None:
    """One output block; with records behind it, a click or a control lists the participants.

    `narrow` is for half a page: one action holds the table and the files. `body` takes the place of the figure
    or table; `cells`: it lists participants itself. `workbook` makes one more file, with sheets.
    """
    with st.container(gap="xsmall"):
        _title_row(reading, block, narrow=narrow, listed=body is not None and not cells, workbook=workbook)
        show_body(reading, block, body=body)


def show_body(
    reading: Reading | WithoutStudy, block: Block, *, body: Callable[[], None] | None = None
) -> None:
    """An output without its title: figure or table, the participants behind it, footnotes."""
    output = block.output
    if output.empty:
        st.markdown(f":gray[{plain(output.empty)}]")
    if body is not None:
        body()
    elif output.figure is not None and (not output.empty or block.listable):
        _figure(block, compact=reading.compact)
    elif output.figure is None and not output.table.empty:
        table(reading, block)
    if block.listable and body is None and isinstance(reading, Reading):
        people(reading, block)
    _footnotes(reading, block)


def show_sentences(block: Block) -> None:
    """A table as counted sentences: its first column the number, its second what is counted."""
    output = block.output
    with st.container(gap="xsmall"):
        st.markdown(f"**{plain(output.title)}**  \n{quiet(plain(output.subtitle))}")
        lines = [
            f":material/warning: **{plain(number)}** {plain(words)}"
            for number, words, *_ in output.table.to_numpy()
        ]
        st.markdown("  \n".join(lines) or f":gray[{plain(output.empty)}]")


def show_sortable(
    reading: Reading | WithoutStudy, block: Block, *, workbook: Callable[[], bytes] | None = None
) -> None:
    """One output block whose table the reader sorts by a click on a column."""
    table = block.output.table
    alt = f"{block.output.title}, table"
    body = None if table.empty else lambda: st.dataframe(table, hide_index=True, alt=alt)
    show(reading, block, body=body, workbook=workbook)


def _title_row(
    reading: Reading | WithoutStudy,
    block: Block,
    *,
    narrow: bool,
    listed: bool,
    workbook: Callable[[], bytes] | None,
) -> None:
    """Title and grey line, the quiet actions at their right; in half a page the line stands below both."""
    output = block.output
    drawn = output.figure is not None and not output.table.empty
    title = " ".join([f"**{plain(output.title)}**", *map(badge, output.badges)])
    line = quiet(plain(output.subtitle))
    with st.container(horizontal=True, gap="xsmall"):
        st.markdown(title if narrow else f"{title}  \n{line}", width="stretch")
        if block.listable and not narrow and not listed:
            _when_open("List", ":material/group:", block, lambda: people_control(block))
        if output.cards and not narrow:
            _when_open("Method", ":material/function:", block, lambda: _cards(block))
        if drawn and not narrow:
            _when_open("Table", ":material/table:", block, lambda: table(reading, block))
        label, icon = ("Table", ":material/table:") if drawn and narrow else ("Save", ":material/download:")
        _when_open(
            label,
            icon,
            block,
            lambda: _downloads(reading, block, with_table=drawn and narrow, workbook=workbook),
        )
    if isinstance(reading, Reading):
        picture_asked(reading, block)
    if narrow:
        st.markdown(line)


def _when_open(label: str, icon: str, block: Block, content: Callable[[], None]) -> None:
    """A quiet action whose content is made only while it is open."""
    popover = st.popover(label, type="tertiary", icon=icon, key=_key(label, block), on_change="rerun")
    if popover.open:
        with popover:
            content()


def _key(label: str, block: Block) -> str:
    return f"{label.lower()}-{block.output.id}"


def _cards(block: Block) -> None:
    """Of each number: estimate, method, why this one, what the others say, and whether they disagree."""
    for card in block.output.cards:
        with st.container(gap="xsmall"):
            st.markdown(f"**{plain(card.title)}**  \n{plain(card.estimate)}")
            st.markdown(f"{plain(card.method)}. {quiet(plain(card.reason))}")
            if card.disagreement:
                st.markdown(f":material/warning: {plain(card.disagreement)}")
            if not card.others.empty:
                rows = literal(card.others)
                st.table(rows, border="horizontal", hide_index=True, alt=f"{card.title}, every method")


def _downloads(
    reading: Reading | WithoutStudy,
    block: Block,
    *,
    with_table: bool,
    workbook: Callable[[], bytes] | None,
) -> None:
    """Files that are written when they are asked for."""
    output = block.output
    if with_table:
        table(reading, block)
    name = reading.file_name(output)
    csv, json = "text/csv", "application/json"
    files = [
        Offer(
            "Numbers, CSV",
            f"{name}.numbers.csv",
            csv,
            lambda: as_csv(for_file(output).results),
            "numbers.csv",
        ),
        Offer(
            "Table as shown, CSV",
            f"{name}.table.csv",
            csv,
            lambda: as_csv(for_file(output).table),
            "table.csv",
        ),
        Offer("Numbers, JSON", f"{name}.json", json, lambda: reading.json(output), "json"),
    ]
    if workbook is not None:
        files.append(Offer("Workbook, XLSX", f"{name}.xlsx", XLSX, workbook, "xlsx"))
    offer(files, of=output.id)
    if isinstance(reading, Reading):
        if may_leave(reading, block):
            picture_action(block, within=_key("Table" if with_table else "Save", block))
        code_link(reading, block)
        pin_form(reading, block)


def offer(files: Iterable[Offer], *, of: str) -> None:
    """One quiet button a file; nothing is written before the click."""
    for file in files:
        st.download_button(
            file.label,
            file.data,
            file_name=file.file_name,
            mime=file.mime,
            icon=file.icon,
            type="tertiary",
            on_click="ignore",
            key=f"{file.key}-{of}",
        )


def _figure(block: Block, *, compact: bool) -> None:
    output = block.output
    key = f"figure-{output.id}-{st.session_state.get(f'version-{output.id}', 0)}"
    st.plotly_chart(
        output.figure(st.context.theme.type or "light", compact),
        theme=None,
        height="content",
        key=key,
        config=CONFIG,
        alt=output.alt or output.title,
        on_select=(lambda: chosen_by_click(block, key)) if block.listable else "ignore",
        selection_mode="points",
    )


def table(reading: Reading | WithoutStudy, block: Block) -> None:
    """The output's table; a long one, and on a phone a wide one, scrolls in a frame of its own."""
    rows, columns = block.output.table.shape
    alt = f"{block.output.title}, table"
    if rows < LONG and (columns <= WIDE or not reading.compact):
        st.table(block.table, border="horizontal", hide_index=True, alt=alt)
    else:
        st.dataframe(block.output.table, hide_index=True, alt=alt)


def _footnotes(reading: Reading | WithoutStudy, block: Block) -> None:
    mark = reading.mark
    notes = [*block.output.footnotes, f"{mark}." if mark else ""]
    if any(notes):
        st.markdown(quiet(" ".join(plain(note) for note in notes if note)))
