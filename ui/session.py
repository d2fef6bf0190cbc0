"""What the reader is looking at, and the only cache: analysis data, outputs and figures, shared read-only.

Everything is keyed by the content of the cut, the definition and the view of the process, so that a changed
file or another view never meets an old number.
"""

import gc
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import streamlit as st

from analysis.adam import AnalysisData, derive
from analysis.populations import population_labels, subgroup_levels
from outputs.catalogue import build
from outputs.drawing import kept
from outputs.output import Output, View
from trialdata.definition import StudyDefinition, Subgroup
from trialdata.errors import StudyDataError
from trialdata.study import data_cuts, find_study, load_study

HERE = Path(__file__).parents[1]
VIEWS = ("true", "pooled")

Key = tuple[str, str, str]


def root() -> Path:
    """The folder that holds studies/ and its data."""
    return Path(os.environ.get("ITP_ROOT") or HERE)


def process_view() -> str:
    """Whether this process shows the true arms or everybody pooled; nothing in a session can change it."""
    view = os.environ.get("ITP_VIEW") or "true"
    if view not in VIEWS:
        raise StudyDataError(f"ITP_VIEW is {view!r}; set it to {' or '.join(VIEWS)} and start again.")
    return view


def studies() -> dict[str, StudyDefinition | StudyDataError]:
    """The definition behind each file of studies/, or why it cannot be used."""
    files = sorted((root() / "studies").glob("*.toml"))
    return {file.stem: _definition(str(root()), file.stem, stamp(file)) for file in files}


def cuts(definition: StudyDefinition) -> tuple[date, ...]:
    """The data cuts on disk, oldest first."""
    return data_cuts(definition, root())


def analysis_data(definition: StudyDefinition, cut: date) -> AnalysisData:
    """The derived data of one cut; StudyDataError when the files are refused."""
    folder = root() / definition.data / cut.isoformat()
    files = tuple(stamp(file) for file in sorted(folder.glob("*")))
    return _analysis_data(str(root()), definition.name, definition.content_hash, cut, process_view(), files)


def populations(data: AnalysisData) -> dict[str, str]:
    """The analysis sets of a study, code to label."""
    return _populations(key_of(data), data)


def levels(data: AnalysisData) -> dict[str, list[str]]:
    """The levels of each subgroup column in the order of their values."""
    return _levels(key_of(data), data)


def key_of(data: AnalysisData) -> Key:
    """What a number rests on: the content of the cut, the definition and the view of the process."""
    return data.study.content_hash, data.definition.content_hash, data.study.view


def stamp(file: Path) -> tuple[str, int, int]:
    """Name, size and time of a file: when they stand, its content is not read again."""
    stat = file.stat()
    return file.name, stat.st_size, stat.st_mtime_ns


@dataclass(frozen=True, eq=False)
class Reading:
    """One study at one cut as the reader chose to see it."""

    data: AnalysisData
    view: View
    compact: bool

    def output(self, output_id: str, **options: object) -> Output:
        """An output of the catalogue."""
        return _output(key_of(self.data), output_id, self.view, tuple(sorted(options.items())), self.data)


@st.cache_resource(show_spinner=False, max_entries=50)
def _definition(folder: str, name: str, stamp: tuple) -> StudyDefinition | StudyDataError:
    try:
        return find_study(Path(folder), name)
    except StudyDataError as error:
        return error


@st.cache_resource(show_spinner=False, max_entries=12)
def _analysis_data(folder: str, name: str, rules: str, cut: date, view: str, files: tuple) -> AnalysisData:
    study = load_study(Path(folder), name, cut, view=view)
    return _derived((study.content_hash, study.definition.content_hash, view), study)


@st.cache_resource(show_spinner=False, max_entries=12)
def _derived(key: Key, _study) -> AnalysisData:
    data = derive(_study)
    settle()
    return data


@st.cache_resource(show_spinner=False, max_entries=50)
def _populations(key: Key, _data: AnalysisData) -> dict[str, str]:
    return population_labels(_data.definition, _data.adsl)


@st.cache_resource(show_spinner=False, max_entries=50)
def _levels(key: Key, _data: AnalysisData) -> dict[str, list[str]]:
    return {s.column: ordered_levels(_data.adsl, s) for s in _data.definition.subgroups}


@st.cache_resource(show_spinner=False, max_entries=300)
def _output(key: Key, output_id: str, view: View, options: tuple, _data: AnalysisData) -> Output:
    return kept(build(output_id, _data, view, **dict(options)), on_drawn=settle)


def ordered_levels(adsl: pd.DataFrame, subgroup: Subgroup) -> list[str]:
    """The levels that occur, lowest values first, "missing" last."""
    labels = subgroup_levels(adsl, subgroup)
    first_value = adsl[subgroup.column].groupby(labels).min().sort_values()
    return sorted(first_value.index, key=lambda level: level == "missing")


def settle() -> None:
    """Take what now lives long out of the garbage collection that Streamlit forces after every rerun."""
    gc.collect()
    gc.freeze()
