"""The command that writes figures as pictures at the size of a slide."""

import argparse
import dataclasses
import hashlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from analysis.adam import AnalysisData
from commands.arguments import name_and_value
from commands.changes import built_of
from commands.progress import progress
from commands.shared import UsageError, analysis_data, cut_facts, must_be_among, view_of
from outputs.catalogue import CATALOGUE, is_about_one, option_names
from outputs.entry import EVERYTHING
from outputs.slide import Slide
from reports.answers import Answer
from reports.codes import remember
from reports.export import file_name
from reports.pictures import PICTURES, pictures
from reports.plan import population_of
from trialdata.whole_files import write_whole

DRAWN = [name for name, entry in CATALOGUE.items() if entry.leaving == EVERYTHING and not is_about_one(name)]


def figures(arguments: argparse.Namespace) -> Answer:
    """One row per file written: the figures of the outputs that were named, else of all that have one."""
    if arguments.option and not arguments.outputs:
        raise UsageError("--option needs the outputs it is for.")
    for name in arguments.outputs:
        must_be_drawn(name, dict(arguments.option))
    data = analysis_data(arguments)
    slides = list(slides_of(arguments, data))
    try:
        arguments.to.mkdir(parents=True, exist_ok=True)
        rows = list(written(data, slides, arguments))
    except FileExistsError:
        raise UsageError(f"{arguments.to} is a file; --to needs a folder.") from None
    except OSError as error:
        raise UsageError(f"{arguments.to} cannot be written to: {error.strerror}.") from None
    drawn = {row["output"] for row in rows}
    remember(arguments.root, data, [slide for slide in slides if slide.output in drawn])
    for slide in slides:
        if slide.output not in drawn:
            print(f"{slide.output}: no figure that may leave at this cut", file=sys.stderr)
    return Answer(
        pd.DataFrame(rows, columns=["file", "output", "code", "headline", "bytes", "sha256"]), cut_facts(data)
    )


def must_be_drawn(name: str, options: Iterable[str]) -> None:
    if name not in CATALOGUE:
        raise UsageError(f"There is no output {name!r}; `outputs` lists them.")
    if name not in DRAWN:
        raise UsageError(f"{name} shows single participants or sites: no file holds a figure of it.")
    for option in options:
        must_be_among(option, option_names(name), "option", of="output")


def slides_of(arguments: argparse.Namespace, data: AnalysisData) -> Iterator[Slide]:
    """Each output in the view asked for; without a population, those about safety in the safety set."""
    view, options = view_of(arguments, data), tuple(sorted(dict(arguments.option).items()))
    for name in arguments.outputs or DRAWN:
        population = arguments.population or population_of(name)
        yield Slide(name, dataclasses.replace(view, population=population), options)


def written(data: AnalysisData, slides: list[Slide], arguments: argparse.Namespace) -> Iterator[dict]:
    """One file for each slide that has a figure, each of them whole; what is there already is left alone."""
    for shown, content in pictures(
        data, slides, arguments.picture, progress=progress("Figure"), built=built_of(arguments, data)
    ):
        path = arguments.to / f"{file_name(data, shown.output)}_{shown.code}.{arguments.picture}"
        if path.exists() and not arguments.replace:
            raise UsageError(f"{path} is there already; --replace writes over it.")
        write_whole(path, content)
        yield {
            "file": path.name,
            "output": shown.output.id,
            "code": shown.code,
            "headline": shown.headline,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }


def with_pictures(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command.add_argument(
        "outputs",
        metavar="OUTPUT",
        nargs="*",
        help="ids that `outputs` lists (default: all that have a figure and may leave)",
    )
    command.add_argument(
        "--to", type=Path, required=True, metavar="DIRECTORY", help="the folder to write to; made if missing"
    )
    command.add_argument(
        "--format", dest="picture", choices=PICTURES, default="svg", help="of the files (default: svg)"
    )
    command.add_argument(
        "--option",
        type=name_and_value,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a choice of the outputs that are named; may be repeated",
    )
    command.add_argument("--replace", action="store_true", help="write over files of the same name")
    return command
