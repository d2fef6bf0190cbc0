"""The head of a page: what is looked at, the answer as title, its uncertainty, and the controls of the page."""

from collections.abc import Sequence

import streamlit as st

from outputs.wording import lowered
from ui.block import Block
from ui.session import Reading
from ui.sidebar import clear_filters, cut_name
from ui.words import badge, plain, quiet


def head(reading: Reading, block: Block, *, above: str = "") -> None:
    """Context line, what must be read before any number, the output's headline as title, and its detail in grey."""
    title(reading, block.output.headline or block.output.title, block.output.detail, above=above)
    if block.output.empty and reading.view.filters:
        st.button("Clear filters", icon=":material/filter_alt_off:", on_click=clear_filters)


def title(reading: Reading | None, words: str, detail: str = "", *, above: str = "") -> None:
    """The head of a page in given words; without a reading, of a page that needs no study."""
    with st.container(gap="xxsmall"):
        if reading is not None:
            st.markdown(context(reading))
        if above:
            st.markdown(above)
        st.title(plain(words), anchor=False)
        if detail:
            st.markdown(f":gray[{plain(detail)}]")


def context(reading: Reading) -> str:
    """ "NCT07057778 · data cut 2 of 3, 31 Dec 2026 · full analysis set" with its badges."""
    data = reading.data
    population = reading.loaded.populations.get(reading.view.population, reading.view.population)
    cut = cut_name(data.study.cut, data.study.cuts).replace(" · ", ", ")
    line = [data.definition.registry or data.definition.studyid, f"data cut {cut}", lowered(population)]
    return " ".join([quiet(" · ".join(map(plain, line))), *map(badge, badges(reading))])


def badges(reading: Reading) -> list[str]:
    """What holds for every number on the page."""
    data = reading.data
    marks = [
        ("synthetic data", data.definition.synthetic),
        ("arms not randomised", data.definition.design == "nonrandomized" and data.study.view != "pooled"),
        ("pooled view: arms are not shown", data.study.view == "pooled"),
        (f"filtered: {len(reading.view.filters)}", bool(reading.view.filters)),
    ]
    return [word for word, holds in marks if holds] + [
        w for w in [lowered(reading.loaded.confidentiality)] if w
    ]


def control(label: str, options: dict[str, str], *, key: str) -> str:
    """One choice among few, all visible, in the URL; `options` maps what an output understands to its words.

    A choice that another study offered gives way to the first.
    """
    if st.session_state.get(key) not in (None, *options):
        st.session_state[key] = next(iter(options))
    return st.segmented_control(
        label,
        list(options),
        default=next(iter(options)),
        required=True,
        format_func=lambda option: options.get(option, option),
        key=key,
        bind="query-params",
    )


def choice(label: str, options: dict[str, str], *, key: str) -> str:
    """One choice among many in a drop-down, in the URL; what this study does not have gives way to the first."""
    if st.session_state.get(key) not in options:
        st.session_state.pop(key, None)
    return st.selectbox(
        label,
        list(options),
        format_func=lambda option: options.get(option, option),
        key=key,
        width=280,
        bind="query-params",
    )


def facts(status: Block) -> None:
    """The facts of a status output side by side: a large value and one grey line each."""
    row = st.grid(4, min_column_width=150)
    for label, value, line in status.output.table[["Fact", "Value", "Line"]].to_numpy():
        with row, st.container(gap=None):
            st.metric(plain(label), value)
            st.markdown(quiet(plain(line)))


def statement(block: Block) -> None:
    """The headline of an output as a sentence of its own on the page."""
    output = block.output
    with st.container(gap="xxsmall"):
        st.header(plain(output.headline), anchor=False)
        if output.detail:
            st.markdown(f":gray[{plain(output.detail)}]")


def counts_editor(rows: Sequence[tuple], *, key: str) -> list[tuple]:
    """Counts as the reader types them: (stratum, arm, responders, participants) of each row, to be added to."""
    names = ("Stratum", "Arm", "Responders", "Participants")
    whole = {"min_value": 0, "step": 1, "format": "%d"}
    edited = st.data_editor(  # a phone shows the first columns: the stratum, seldom needed, comes last
        {name: [row[place] for row in rows] for place, name in enumerate(names)},
        num_rows="dynamic",
        hide_index=True,
        key=key,
        column_order=(*names[1:], names[0]),
        column_config={
            "Stratum": st.column_config.TextColumn(help="Empty where the counts are not stratified"),
            "Arm": st.column_config.TextColumn(help="The arm named last is the control"),
            "Responders": st.column_config.NumberColumn(**whole),
            "Participants": st.column_config.NumberColumn(**whole),
        },
    )
    return list(zip(*(edited[name] for name in names), strict=True))


def controls() -> st.delta_generator.DeltaGenerator:
    """The row the controls of a page stand in."""
    return st.container(horizontal=True, gap="medium", vertical_alignment="bottom")
