"""The deck plan: which outputs are shown at a meeting, in which order.

`decks/<study>.toml` stands beside `studies/`; its keys are those of docs/reference/meeting.md.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.adam import AnalysisData
from analysis.populations import population_labels
from outputs.catalogue import CATALOGUE, option_names
from outputs.entry import NOTHING
from outputs.output import View
from outputs.slide import SHOWN_AS, Slide
from trialdata.definition import StudyDefinition
from trialdata.errors import StudyDataError
from trialdata.toml_tables import Table, read_table
from trialdata.toml_values import closest, one_of, shown
from trialdata.whole_files import write_whole

FOLDER = Path("decks")
SAFETY = "SAF"


@dataclass(frozen=True)
class Plan:
    """The slides after the title, in order. `title` is empty where the study's title stands."""

    slides: tuple[Slide, ...]
    title: str = ""


@dataclass(frozen=True)
class SlideKeys:
    """The keys of a [[slides]] block."""

    output: str
    endpoint: str = ""
    population: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    show: str = "chart"
    note: str = ""


def outputs_to_show() -> list[str]:
    """The ids of the outputs that may stand in a plan."""
    return [name for name in CATALOGUE if not refused(name)]


def refused(output: str) -> str:
    """Why an output of the catalogue is in no plan; empty where it may be."""
    nothing = CATALOGUE[output].leaving == NOTHING
    return "an output that shows single participants or sites" if nothing else ""


def plan_path(root: Path, definition: StudyDefinition) -> Path:
    return Path(root) / FOLDER / f"{definition.name}.toml"


def plan_of(root: Path, data: AnalysisData) -> Plan:
    """The study's own plan, else the default one; StudyDataError with every problem of the file, one a line."""
    path = plan_path(root, data.definition)
    return read_plan(path, data) if path.exists() else default_plan(data)


def read_plan(path: Path, data: AnalysisData) -> Plan:
    """The plan in a TOML file; StudyDataError for a file that cannot be read or holds anything else."""
    try:
        return plan_in(path.read_bytes(), data, f"{FOLDER.as_posix()}/{path.name}")
    except OSError as error:
        raise StudyDataError(f"{path}: could not be read ({error.strerror}).") from None


def plan_in(content: bytes, data: AnalysisData, file: str = "deck plan") -> Plan:
    """The plan in the bytes of a TOML file."""
    try:
        values = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise StudyDataError(f"{file}: found text that is not UTF-8, expected UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise StudyDataError(f"{file}: not valid TOML: {error}.") from None
    top = Table(file, "", values)
    title = values.get("title", "")
    if not isinstance(title, str):
        top.refuse("title", shown(title), "a text in quotes")
    for key in values:
        if key not in ("title", "slides"):
            top.refuse(key, "an unknown key", "title or slides" + closest(key, ("title", "slides")))
    slides = _slides(top, data)
    if top.problems:
        raise StudyDataError("\n".join(top.problems))
    return Plan(slides, title)


def _slides(top: Table, data: AnalysisData) -> tuple[Slide, ...]:
    blocks = top.values.get("slides")
    if not isinstance(blocks, list) or not blocks or not all(isinstance(block, dict) for block in blocks):
        found = "nothing" if blocks is None else shown(blocks)
        top.refuse("slides", found, "blocks that begin with [[slides]]")
        return ()
    read = [_slide(top.inside(f"[[slides]] {n}", block), data) for n, block in enumerate(blocks, start=1)]
    return tuple(slide for slide in read if slide is not None)


def _slide(table: Table, data: AnalysisData) -> Slide | None:
    before = len(table.problems)
    keys: SlideKeys | None = read_table(SlideKeys, table)
    if keys is None:
        return None
    _check_output(table, keys)
    _check_view(table, keys, data)
    if len(table.problems) > before:
        return None
    view = View(
        keys.population or population_of(keys.output),
        keys.endpoint or data.definition.leading.paramcd,
        tuple((column, levels) for column, levels in keys.filters.items() if levels),
    )
    return Slide(keys.output, view, tuple(keys.options.items()), keys.show, keys.note)


def _check_output(table: Table, keys: SlideKeys) -> None:
    if keys.output not in CATALOGUE:
        _must_be_among(table, "output", keys.output, outputs_to_show(), "an output of the catalogue")
    elif why := refused(keys.output):
        table.refuse("output", why, "another: it is in no deck or report")
    else:
        known = option_names(keys.output)
        what = (
            f"an option of this output ({', '.join(known)})" if known else "none: this output has no option"
        )
        for name in keys.options:
            _must_be_among(table, "options", name, known, what)
    if keys.show not in SHOWN_AS:
        _must_be_among(table, "show", keys.show, SHOWN_AS, one_of(SHOWN_AS))


def _check_view(table: Table, keys: SlideKeys, data: AnalysisData) -> None:
    endpoints = [endpoint.paramcd for endpoint in data.definition.endpoints]
    populations = list(population_labels(data.definition, data.adsl))
    columns = [subgroup.column for subgroup in data.definition.subgroups]
    if keys.endpoint:
        _must_be_among(table, "endpoint", keys.endpoint, endpoints, f"one of {', '.join(endpoints)}")
    if keys.population:
        _must_be_among(table, "population", keys.population, populations, f"one of {', '.join(populations)}")
    for column in keys.filters:
        what = f"subgroups of the study ({', '.join(columns) or 'none'})"
        _must_be_among(table, "filters", column, columns, what)


def _must_be_among(table: Table, key: str, value: str, known: Any, expected: str) -> None:
    if value not in known:
        table.refuse(key, shown(value), expected + closest(value, known))


def save_plan(root: Path, definition: StudyDefinition, plan: Plan) -> Path:
    """The path of the saved plan: written whole or not at all; StudyDataError where that cannot be done."""
    path = plan_path(root, definition)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, as_toml(plan).encode())
    except OSError as error:
        reason = error.strerror or "an unknown reason"
        raise StudyDataError(f"{FOLDER.as_posix()}/{path.name}: could not be written ({reason}).") from None
    return path


def as_toml(plan: Plan) -> str:
    """The plan as `plan_in` reads it back to an equal one."""
    lines = [f"title = {_text(plan.title)}"] if plan.title else []
    for slide in plan.slides:
        lines += ["", "[[slides]]", *(f"{key} = {value}" for key, value in _written(slide) if value)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _written(slide: Slide) -> Iterator[tuple[str, str]]:
    """Key and TOML value of a slide; what is left out has no value."""
    yield "output", _text(slide.output)
    yield "endpoint", _text(slide.view.endpoint) if slide.view.endpoint else ""
    yield "population", _text(slide.view.population)
    yield "filters", _table({column: _texts(levels) for column, levels in slide.view.filters})
    yield "options", _table({name: _text(value) for name, value in slide.options})
    yield "show", _text(slide.show) if slide.show != SlideKeys.show else ""
    yield "note", _text(slide.note) if slide.note else ""


def _text(text: str) -> str:
    """The texts of JSON are those of TOML but for the character DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _texts(texts: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _table(values: Mapping[str, str]) -> str:
    inside = ", ".join(f"{_text(key)} = {value}" for key, value in values.items())
    return f"{{ {inside} }}" if inside else ""


def default_plan(data: AnalysisData) -> Plan:
    """The plan of a study that has none of its own."""
    endpoint = data.definition.leading.paramcd
    return Plan(
        tuple(
            Slide(output, View(population_of(output), endpoint), show=show)
            for output, show in _default(data.definition, first=data.study.cut == data.study.cuts[0])
        )
    )


def population_of(output: str) -> str:
    """The analysis set of an output where the plan names none."""
    return SAFETY if CATALOGUE[output].section == "safety" else "FAS"


def _default(definition: StudyDefinition, *, first: bool) -> Iterator[tuple[str, str]]:
    yield "design", "table"
    yield "status", "table"
    yield "participant_flow", "chart"
    yield "baseline_table", "table"
    yield "response_rates", "chart"
    if definition.design == "nonrandomized" and len(definition.arms) > 1:
        yield "observational_balance", "chart"
        yield "adjusted_difference", "chart"
    if definition.historical:
        yield "historical_rate", "table"
    if not first:
        yield "cut_changes", "chart"
    yield "standing", "chart"
    yield "response_by_visit", "chart"
    yield "platelet_course", "chart"
    yield "cumulative_response", "chart"
    yield "duration_of_response", "chart"
    yield "treatment_failure", "chart"
    if len(definition.arms) > 1:
        yield "subgroups", "chart"
    yield "bleeding_rates", "table"
    yield "adverse_overview", "table"
    if len(definition.arms) > 1:
        yield "adverse_dots", "chart"
    yield "method", "table"
