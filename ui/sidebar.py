"""The shared controls: study, data cut, population, endpoint, filters, phone layout.

Each is bound to the URL, so that a view can be shared, and lives in the frame, so that it survives a change
of page. What a URL names and the study does not have falls back quietly.
"""

import re
from datetime import date

import streamlit as st

from outputs.output import View
from outputs.wording import lowered
from trialdata.definition import RATE_KINDS, StudyDefinition, Subgroup
from trialdata.errors import NoDataCutError, StudyDataError
from ui.session import Loaded, Reading, cuts, load, root, studies
from ui.window import narrow
from ui.words import quiet

IN_URL = {"bind": "query-params"}
WITHOUT_STUDY = ("counts", "import")
SAFETY_SET = (
    *("bleeding", "adverse_events", "adverse_compared", "adverse_course"),
    *("laboratory", "exposure"),
)  # url paths of pages
DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2} [A-Z][a-z]{2} \d{4}")


def choose(page: str) -> None:
    """Draw the controls and keep what they say for the page; StudyDataError when its data are refused.

    A page that needs no study is shown all the same. A page of the safety set leaves the reader's own choice of a set
    to the other pages.
    """
    st.session_state.pop("reading", None)
    try:
        st.session_state["reading"] = _reading("SAF" if page in SAFETY_SET else "")
    except StudyDataError:
        if page not in WITHOUT_STUDY:
            raise


def not_randomised() -> bool:
    """Whether the study the reader looks at has arms that were not randomised."""
    definition = _looked_at()
    return definition is not None and definition.design == "nonrandomized"


def has_autoantibodies() -> bool:
    """Whether the study the reader looks at names classes of autoantibodies or a haemoglobin response."""
    definition = _looked_at()
    return definition is not None and bool(definition.autoantibodies or definition.haemoglobin_response)


def _looked_at() -> StudyDefinition | None:
    """The definition of the study that the reader looks at, or is about to."""
    found = studies()
    name = st.session_state.get("study") or st.query_params.get("study")
    named = [each for key, each in found.items() if name in (key, _name(key, found))]
    definition = (named or [*found.values(), None])[0]
    return definition if isinstance(definition, StudyDefinition) else None


def _reading(population: str) -> Reading:
    with st.sidebar:
        definition = _study()
        known = cuts(definition)
        loaded = load(definition, _cut(definition, known.dates), among=known)
        view = View(_population(loaded, population), _endpoint(loaded.data.definition), _filters(loaded))
        return Reading(loaded, view, _compact())


def _study() -> StudyDefinition:
    found = studies()
    if not found:
        raise StudyDataError(f"There is no study definition (*.toml) in {root() / 'studies'}.")
    chosen = st.selectbox(
        "Study", list(found), format_func=lambda name: _name(name, found), key="study", **IN_URL
    )
    definition = found[chosen]
    if isinstance(definition, StudyDataError):
        raise definition
    return definition


def _name(name: str, found: dict) -> str:
    definition = found[name]
    return name if isinstance(definition, StudyDataError) else definition.registry or definition.studyid


def _cut(definition: StudyDefinition, on_disk: tuple[date, ...]) -> date:
    if not on_disk:
        raise NoDataCutError(
            "Import the files of one as they were sent (Trial, Import), or put a folder such as 2026-12-31 into "
            f"{root() / definition.data}."
        )
    _restate_cut_of_link(on_disk)
    latest_first = list(on_disk[::-1])
    _fall_back("cut", latest_first)
    return st.selectbox(
        "Data cut", latest_first, format_func=lambda cut: cut_name(cut, on_disk), key="cut", **IN_URL
    )


def _fall_back(key: str, known: list) -> None:
    """A choice that this study does not have gives way to the first one it has, in the URL as well."""
    if key in st.session_state and st.session_state[key] not in known:
        st.session_state[key] = known[0]


def _restate_cut_of_link(on_disk: tuple[date, ...]) -> None:
    """A fresh link keeps the cut whose date it names, however many have come since ("2 of 3 · 31 Dec 2026")."""
    in_url = st.query_params.get("cut", "")
    named = DATE.search(in_url)
    cut = next((cut for cut in on_disk if named and named[0] in (cut.isoformat(), date_words(cut))), None)
    if cut and "cut" not in st.session_state and in_url != cut_name(cut, on_disk):
        st.query_params["cut"] = cut_name(cut, on_disk)
        st.rerun()


def date_words(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def cut_name(cut: date, on_disk: tuple[date, ...]) -> str:
    """ "2 of 3 · 31 Dec 2026"."""
    return f"{on_disk.index(cut) + 1} of {len(on_disk)} · {date_words(cut)}"


def _population(loaded: Loaded, fixed: str) -> str:
    labels = loaded.populations
    _fall_back("population", list(labels))
    chosen = st.selectbox(
        "Population",
        list(labels),
        format_func=labels.get,
        key="population",
        disabled=bool(fixed),
        **IN_URL,
    )
    if not fixed:
        return chosen
    st.markdown(quiet(f"On this page: {lowered(labels[fixed])}, by the treatment received."))
    return fixed


def _endpoint(definition: StudyDefinition) -> str:
    leading = definition.leading.paramcd
    rates = {e.paramcd: e.label for e in definition.endpoints if e.kind in RATE_KINDS}
    if not rates:
        return leading
    codes = sorted(rates, key=lambda code: code != leading)
    _fall_back("endpoint", codes)
    return st.selectbox("Endpoint", codes, format_func=rates.get, key="endpoint", **IN_URL)


def _filters(loaded: Loaded) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The levels kept, by subgroup column; a subgroup without a choice does not filter.

    The boxes are made only while somebody looks at them or one of them filters: six are felt in every rerun.
    """
    subgroups = [s for s in loaded.data.definition.subgroups if len(loaded.levels[s.column]) > 1]
    expander = st.expander("Filters", key="filters", on_change="rerun")
    if not expander.open and not any(_filters_already(subgroup) for subgroup in subgroups):
        return ()
    with expander:
        kept = {s.column: _levels_kept(s, loaded.levels[s.column]) for s in subgroups}
    return tuple((column, levels) for column, levels in kept.items() if levels)


def _filters_already(subgroup: Subgroup) -> bool:
    return bool(st.session_state.get(subgroup.column)) or subgroup.column in st.query_params


def _levels_kept(subgroup: Subgroup, levels: list[str]) -> tuple[str, ...]:
    if not set(st.session_state.get(subgroup.column, ())) <= set(levels):
        st.session_state[subgroup.column] = []
    chosen = st.multiselect(subgroup.label, levels, placeholder="All", key=subgroup.column, **IN_URL)
    return tuple(level for level in levels if level in chosen)


def clear_filters() -> None:
    """Take every filter off; for the callback of a button."""
    for subgroup in st.session_state["reading"].data.definition.subgroups:
        st.session_state[subgroup.column] = []


def _compact() -> bool:
    """The phone variant of every figure: asked for, or in a window as narrow as a phone's."""
    asked = st.toggle("Phone layout", key="compact", **IN_URL)
    return narrow() or asked
