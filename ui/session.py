"""What the reader is looking at, and the only cache: analysis data and what was built from them, shared read-only.

A cut is loaded once for the content of its files, its date among those of all cuts, the definition and the
view of the process, so that a changed file, a new cut or another view never meets an old number. Its outputs,
tables and figures live with it.
"""

import gc
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

import streamlit as st

from analysis.adam import AnalysisData, derive
from analysis.cut_steps import CutComparison, compare_cuts
from analysis.populations import ordered_levels, population_labels
from outputs.catalogue import build, is_about_two_cuts
from outputs.confidentiality import confidentiality
from outputs.drawing import kept
from outputs.output import Output, View
from outputs.slide import Slide
from reports.codes import remember
from reports.datasets import analysis_datasets
from reports.dictionary import contents_output, dictionary_output
from reports.earlier_cut import SINCE, earlier_cut
from reports.export import as_json, file_name, json_text
from trialdata.cuts import CutList, list_cuts
from trialdata.definition import StudyDefinition
from trialdata.errors import StudyDataError
from trialdata.study import Study, find_study, load_study
from ui.block import Block

HERE = Path(__file__).parents[1]
VIEWS = ("true", "pooled")
OUTPUTS_KEPT = 300
COMPARISONS_KEPT = 3


@dataclass(frozen=True, eq=False)
class Loaded:
    """One cut as all sessions share it: the data, what can be chosen, and the blocks built so far."""

    data: AnalysisData

    @cached_property
    def populations(self) -> dict[str, str]:
        """The analysis sets, code to label."""
        return population_labels(self.data.definition, self.data.adsl)

    @cached_property
    def levels(self) -> dict[str, list[str]]:
        """The levels of each subgroup column in the order of their values."""
        return {s.column: ordered_levels(self.data.adsl, s) for s in self.data.definition.subgroups}

    @cached_property
    def confidentiality(self) -> str:
        return confidentiality(self.data)

    @cached_property
    def datasets(self) -> tuple[Block, Block]:
        """What the analysis datasets are, and their dictionary."""
        made = analysis_datasets(self.data)
        return Block(contents_output(self.data, made)), Block(dictionary_output(made))

    @cached_property
    def block(self) -> Callable[..., Block]:
        """An output of the catalogue for a view and its own options, built once."""

        @lru_cache(maxsize=OUTPUTS_KEPT)
        def built(output_id: str, view: View, **options: object) -> Block:
            return Block(kept(build(output_id, self.data, view, **options), on_drawn=settle))

        return built

    @cached_property
    def remember(self) -> Callable[[Path, Slide], None]:
        """Keep the code of a view in the register of a folder: once, not in every rerun."""

        @lru_cache(maxsize=OUTPUTS_KEPT)
        def kept_once(where: Path, slide: Slide) -> None:
            remember(where, self.data, [slide])

        return kept_once

    @cached_property
    def since(self) -> Callable[["Loaded"], CutComparison]:
        """This cut compared with an earlier one, worked out once for each."""

        @lru_cache(maxsize=COMPARISONS_KEPT)
        def compared(earlier: Loaded) -> CutComparison:
            comparison = compare_cuts(earlier.data, self.data)
            settle()
            return comparison

        return compared


@dataclass(frozen=True, eq=False)
class Reading:
    """One study at one cut as one reader chose to see it."""

    loaded: Loaded
    view: View
    compact: bool

    @property
    def data(self) -> AnalysisData:
        return self.loaded.data

    @property
    def mark(self) -> str:
        """How confidential everything shown is; empty where it is not."""
        return self.loaded.confidentiality

    def output(self, output_id: str, **options: object) -> Block:
        """An output of the catalogue, ready to be shown."""
        return self.loaded.block(output_id, self.view, **options)

    def of_slide(self, slide: Slide) -> Block:
        """The output of a slide in the view that it keeps, whatever the reader's own is."""
        options: dict[str, object] = dict(slide.options)
        if is_about_two_cuts(slide.output):
            options[SINCE] = self._since(earlier_cut(self.data, slide))
        return self.loaded.block(slide.output, slide.view, **options)

    def built(self, slide: Slide) -> Output:
        """The output of a slide as the pages have it."""
        return self.of_slide(slide).output

    def _since(self, earlier: date | None) -> CutComparison | None:
        """The comparison with an earlier cut by its own rules; None without one, or where it is refused."""
        if earlier is None:
            return None
        definition = self.data.definition
        try:
            before = load(definition, earlier, among=cuts(definition), as_accepted=True)
        except StudyDataError:
            return None
        return self.loaded.since(before)

    def json(self, output: Output) -> str:
        """An output with what it rests on, as a file."""
        return as_json(self.data, self.view, output)

    def file_name(self, output: Output) -> str:
        """What the file of an output is called, without an extension."""
        return file_name(self.data, output)


@dataclass(frozen=True)
class WithoutStudy:
    """What takes the place of a reading on a page whose numbers come from the page itself."""

    compact: bool
    mark: str = ""

    def json(self, output: Output) -> str:
        facts = {"output": output.id, "title": output.title, "headline": output.headline}
        return json_text(facts | {"footnotes": list(output.footnotes)}, output.results)

    def file_name(self, output: Output) -> str:
        return output.id


@lru_cache(maxsize=OUTPUTS_KEPT)
def counts_block(build_output: Callable[[list[tuple]], Output], rows: tuple[tuple, ...]) -> Block:
    """An output of counts alone, built once for the same counts."""
    return Block(kept(build_output(list(rows)), on_drawn=settle))


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
    """The definition behind each file of studies/, or why it cannot be used; the newest registration first."""
    files = sorted((root() / "studies").glob("*.toml"), reverse=True)
    return {file.stem: _definition(f"{file.parent} {stamp(file)}", file.stem) for file in files}


def cuts(definition: StudyDefinition) -> CutList:
    """The data cuts at this moment; asked once for a rerun, since a register may be on a server."""
    return list_cuts(definition, root())


def load(
    definition: StudyDefinition, cut: date, *, among: CutList | None = None, as_accepted: bool = False
) -> Loaded:
    """One cut, derived; StudyDataError when its files are refused.

    `as_accepted` takes the definition that an imported cut was accepted with.
    """
    among = among or cuts(definition)
    found = among.find(cut)
    view = process_view()
    files = [found.stored.id] if found.stored else map(stamp, sorted(found.folder.glob("*")))
    key = " ".join(
        [
            str(found.folder),
            *map(str, among.dates),
            definition.name,
            definition.content_hash,
            view,
            "as accepted" if as_accepted else "",
            *files,
        ]
    )
    return _loaded(key, definition.name, cut, view, as_accepted)


def stamp(file: Path) -> str:
    """Name, size and time of a file: while they stand, its content is not read again."""
    stat = file.stat()
    return f"{file.name} {stat.st_size} {stat.st_mtime_ns}"


@lru_cache(maxsize=50)
def _definition(key: str, name: str) -> StudyDefinition | StudyDataError:
    try:
        return find_study(root(), name)
    except StudyDataError as error:
        return error


@st.cache_resource(show_spinner=False, max_entries=12)
def _loaded(key: str, _name: str, _cut: date, _view: str, _as_accepted: bool) -> Loaded:
    study = load_study(root(), _name, _cut, view=_view, as_accepted=_as_accepted)
    dates = " ".join(map(str, [study.cut, *study.cuts]))
    return _derived(study.content_hash, study.definition.content_hash, _view, dates, study)


@st.cache_resource(show_spinner=False, max_entries=12)
def _derived(content: str, rules: str, view: str, dates: str, _study: Study) -> Loaded:
    loaded = Loaded(derive(_study))
    settle()
    return loaded


def settle() -> None:
    """Take what now lives long out of the garbage collection that Streamlit forces after every rerun."""
    gc.collect()
    gc.freeze()
