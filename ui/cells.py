"""A table whose cells list their participants: for tables too long for a list of all their cells."""

import streamlit as st

from ui.block import Block
from ui.people import chosen_in_table, people
from ui.session import Reading
from ui.show import show

SHOWN_ROWS = 20  # before the table scrolls
ROW_HEIGHT, HEADER_HEIGHT = 35, 38  # of a data frame, px
NAMES, NAMES_COMPACT = 320, 190  # the first column, px


def show_cells(reading: Reading, block: Block) -> None:
    """One output block whose table's cells list their participants when they are chosen."""

    def body() -> None:
        if not block.output.table.empty:
            _cells(reading, block)
            people(reading, block)

    show(reading, block, body=body, cells=True)


def _cells(reading: Reading, block: Block) -> None:
    """The table in a frame of its own; it forgets what was chosen when it is made anew or the list is taken away."""
    output = block.output
    made = "-".join(value for _, value in output.options)
    key = f"cells-{output.id}-{made}-{st.session_state.get(f'version-{output.id}', 0)}"
    rows = min(len(output.table), SHOWN_ROWS + 0.5)  # half a row tells that there are more
    width = NAMES_COMPACT if reading.compact else NAMES
    st.dataframe(
        block.frame,
        hide_index=True,
        alt=f"{output.title}, table",
        key=key,
        height=int(rows * ROW_HEIGHT) + HEADER_HEIGHT,
        column_config={output.table.columns[0]: st.column_config.TextColumn(width=width)},
        on_select=lambda: chosen_in_table(block, key),
        selection_mode="single-cell",
    )
