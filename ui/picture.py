"""The figure of an output as a file: its slide is shown when asked for, and the reader's own browser makes the file."""

import streamlit as st

from outputs.catalogue import CATALOGUE
from outputs.entry import EVERYTHING
from outputs.slide import Slide
from outputs.slide_figure import has_figure
from reports.codes import remember
from reports.pictures import PICTURES, framed
from reports.shown import Shown, show_all
from ui.block import Block
from ui.session import Reading, root
from ui.words import quiet

PREVIEW = 0.64  # of the 1600 x 900 pixels of the file: whole pixels here and there
WIDTH = 1080  # of the dialog that holds it
ASKED = "picture-asked"  # in the session: the id of the output
KINDS = {"svg": "SVG, to be edited", "png": "PNG"}


def may_leave(reading: Reading, block: Block) -> bool:
    """Whether there is a file of its figure."""
    entry = CATALOGUE.get(block.output.id)
    return entry is not None and entry.leaving == EVERYTHING and has_figure(of_block(reading, block).output)


def picture_action(block: Block, *, within: str) -> None:
    """A quiet button, which closes the action it stands in; nothing is drawn before the click."""
    of = block.output.id
    st.button("Figure, SVG or PNG", type="tertiary", key=f"picture-{of}", on_click=_ask, args=(of, within))


def _ask(of: str, within: str) -> None:
    st.session_state[ASKED], st.session_state[within] = of, False


def picture_asked(reading: Reading, block: Block) -> None:
    """The slide of its figure, with the camera that saves it, once it was asked for."""
    if st.session_state.get(ASKED) == block.output.id:
        del st.session_state[ASKED]
        _show(reading, block)


@st.dialog("Figure as a file", width=WIDTH)
def _show(reading: Reading, block: Block) -> None:
    shown = of_block(reading, block)
    remember(root(), reading.data, [shown.slide])
    kind = st.segmented_control(
        "Format",
        list(KINDS),
        format_func=KINDS.get,
        default="svg",
        required=True,
        key="picture-kind",
        label_visibility="collapsed",
    )
    st.markdown(quiet("The camera at its upper right saves it, light on white in the dark theme too."))
    st.plotly_chart(
        framed(shown, size=PREVIEW),
        theme=None,
        width="content",
        key=f"picture-{kind}-{shown.code}",
        config=_camera(kind, f"{reading.file_name(shown.output)}_{shown.code}"),
        alt=shown.output.alt or shown.headline,
    )


def of_block(reading: Reading, block: Block) -> Shown:
    """What is on the page as a slide."""
    slide = Slide(block.output.id, reading.view, block.output.options)
    return next(show_all(reading.data, [slide], built=lambda _: block.output))


def _camera(kind: str, name: str) -> dict:
    """Plotly's own button for a picture, alone; the file has the full size whatever is shown."""
    return {
        "displayModeBar": True,
        "displaylogo": False,
        "doubleClick": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": kind, "filename": name, "scale": PICTURES[kind] / PREVIEW},
    }
