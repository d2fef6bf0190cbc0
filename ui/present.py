"""The deck plan on the wall: a slide at a time, large, without controls; what is shown stands in the URL."""

import re

import streamlit as st

from outputs.drawing import drawn
from outputs.output import Output
from outputs.slide import Slide
from outputs.slide_figure import has_figure
from outputs.wording import lowered
from reports.plan import Plan, plan_of
from reports.shown import Shown, show_all
from trialdata.errors import StudyDataError
from ui.block import Block
from ui.session import Reading, root
from ui.show import CONFIG, table
from ui.words import badge, plain, quiet

SMALLEST, LARGEST = 1.0, 20 / 14  # times the size on a page: chart text of 14 to 20 pixels
ROOM = 540  # pixels that a figure has on a screen beside its words
LEAVE = "pages/trial/overview.py"
HELP = "The arrow keys go on and back. F11 makes the window fill the screen."
STYLE = """<style>
[data-testid=stSidebar], [data-testid=stHeader], [data-testid=stExpandSidebarButton] { display: none }
[data-testid=stMainBlockContainer] { padding: 2rem 3vw 1rem }
.st-key-present [data-testid=stTable], .st-key-present p { font-size: 1.125rem }
.st-key-present .st-key-present-notes p { font-size: 0.9375rem; line-height: 1.4 }
@media (min-width: 641px) { .st-key-present h1 { font-size: 2.25rem } }
</style>"""


def plan(reading: Reading) -> Plan:
    """What is shown, in its order."""
    return plan_of(root(), reading.data)


def present(reading: Reading) -> None:
    """The slide that the URL names, and the way on and back."""
    st.html(STYLE)
    try:
        slides, why = plan(reading).slides, ""
    except StudyDataError as error:
        slides, why = (), str(error)
    place = _place(len(slides))
    with st.container(key="present", gap="small"):
        if slides:
            said = _slide(reading, slides[place - 1])
        else:
            said = _not_shown("The plan cannot be read" if why else "The plan has no slides", why)
    _ways(said, place, len(slides))


def _place(last: int) -> int:
    """The number of the slide in the URL, the nearest there is; without one the first."""
    asked = st.query_params.get("slide", "")
    number = int(asked) if re.fullmatch(r"[0-9]{1,4}", asked) else 1
    return max(min(number, last), 1)


def _slide(reading: Reading, slide: Slide) -> str:
    """Headline, grey line, figure or table and footnotes, or why it is not shown; what must be said of it."""
    try:
        (shown,) = show_all(reading.data, [slide], built=reading.built)
    except StudyDataError as error:
        return _not_shown("This slide is not shown", str(error))
    with st.container(gap="xxsmall"):
        st.title(plain(shown.headline), anchor=False)
        if shown.line:
            st.markdown(f":gray[{plain(shown.line)}]")
    _body(reading, shown)
    with st.container(key="present-notes"):
        st.markdown(quiet(" ".join(plain(note) for note in shown.output.footnotes)))
    said = [quiet(plain(shown.context)), *(badge(lowered(mark)) for mark in shown.marks)]
    return " ".join([*said, quiet(shown.code)])


def _not_shown(title: str, why: str) -> str:
    st.title(title, anchor=False)
    if why:
        st.text(why)
    return ""


def _body(reading: Reading, shown: Shown) -> None:
    output, show = shown.output, shown.slide.show
    if output.empty:
        st.markdown(plain(output.empty))
        return
    with_figure = show != "table" and has_figure(output)
    if with_figure:
        st.plotly_chart(
            _drawn(reading, output),
            theme=None,
            height="content",
            key=f"present-{shown.code}",
            config=CONFIG,
            alt=output.alt or output.title,
        )
    if not output.table.empty and (show == "both" or not with_figure):
        table(reading, Block(output))


def _drawn(reading: Reading, output: Output) -> object:
    """The figure as large as the screen of a meeting room has room for; on a phone as on a page."""
    theme, compact = st.context.theme.type or "light", reading.compact
    figure = drawn(output, theme, compact=compact)
    if compact:
        return figure
    times = ROOM / figure.to_dict()["layout"]["height"]  # type: ignore[attr-defined]
    return drawn(output, theme, times=min(max(times, SMALLEST), LARGEST))


def _ways(said: str, place: int, last: int) -> None:
    """What must be said of the slide, back, which of how many, on, and out."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(said, width="stretch")
        st.page_link(LEAVE, label="Leave", icon=":material/close:", help=HELP)
        _way("Back", "Left", ":material/arrow_back:", place - 1, off=place <= 1)
        st.markdown(quiet(f"{min(place, last)} of {last}"), width="content")
        _way("Next", "Right", ":material/arrow_forward:", place + 1, off=place >= last)


def _way(label: str, key: str, icon: str, to: int, *, off: bool) -> None:
    st.button(
        label,
        icon=icon,
        type="tertiary",
        shortcut=key,
        disabled=off,
        on_click=_go,
        args=(to,),
        key=f"present-{label.lower()}",
    )


def _go(to: int) -> None:
    st.query_params["slide"] = str(to)
