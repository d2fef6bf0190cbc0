"""What the commands share: the data they are about, the reader's choices, and answers made of outputs."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.adam import AnalysisData, derive
from analysis.populations import population_labels
from outputs.files import for_file
from outputs.output import Output, View
from reports.answers import Answer
from reports.export import facts, plain
from trialdata.limits import default_limits
from trialdata.study import load_study

VIEWS = ("true", "pooled")


class UsageError(Exception):
    """The command asks for something that does not exist; the text says what does."""


def analysis_data(arguments: argparse.Namespace) -> AnalysisData:
    return derive(load_study(arguments.root, arguments.study, arguments.cut, view=process_view()))


def process_view() -> str:
    """Whether the answers show the true arms or everybody pooled."""
    view = os.environ.get("ITP_VIEW") or "true"
    if view not in VIEWS:
        raise UsageError(f"ITP_VIEW is {view!r}; it may be {' or '.join(VIEWS)}.")
    return view


def view_of(arguments: argparse.Namespace, data: AnalysisData) -> View:
    """The reader's choices, each of them checked against the study."""
    definition = data.definition
    populations = population_labels(definition, data.adsl)
    endpoints = [endpoint.paramcd for endpoint in definition.endpoints]
    columns = [subgroup.column for subgroup in definition.subgroups]
    population = arguments.population or "FAS"
    endpoint = arguments.endpoint or definition.leading.paramcd
    levels: dict[str, tuple[str, ...]] = {}
    for column, level in arguments.filter:
        must_be_among(column, columns, "subgroup column")
        levels[column] = (*levels.get(column, ()), level)
    must_be_among(population, list(populations), "population")
    must_be_among(endpoint, endpoints, "endpoint")
    return View(population, endpoint, tuple(levels.items()))


def must_be_among(value: str, known: Sequence[str], what: str, *, of: str = "study") -> None:
    if value not in known:
        raise UsageError(f"There is no {what} {value!r} in this {of}; it has {', '.join(known) or 'none'}.")


def answer(data: AnalysisData, view: View, output: Output) -> Answer:
    """An output as a file may hold it: what is printed goes further."""
    output = for_file(output)
    return Answer(output.results, facts(data, view, output), output.table)


def cut_facts(data: AnalysisData) -> dict:
    """Of which study, cut and view a file is, and what it was made from."""
    return {
        "study": data.definition.studyid,
        "cut": str(data.study.cut),
        "view": data.study.view,
        "content_hash": data.study.content_hash,
        "definition_hash": data.definition.content_hash,
    }


def json_rows(rows: pd.DataFrame) -> list[dict]:
    return [{name: plain(value) for name, value in row.items()} for row in rows.to_dict("records")]


def file_bytes(path: Path) -> bytes:
    """The bytes of a file; of one that is too large only as much as shows it."""
    try:
        with path.open("rb") as file:
            return file.read(default_limits().bytes + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None
