"""The command that writes a report, its results in long form, or a listing as one file."""

import argparse
import hashlib
import sys
from pathlib import Path

import pandas as pd

from analysis.adam import AnalysisData
from commands.changes import built_of, compared_with
from commands.deck import with_pins
from commands.files import writable, write
from commands.progress import progress
from commands.shared import UsageError, analysis_data, cut_facts, view_of
from outputs.catalogue import CATALOGUE, is_about_two_cuts
from reports.answers import Answer
from reports.codes import remember
from reports.contents import all_slides
from reports.listings import listing, listing_names
from reports.pins import pins_of
from reports.report_files import LISTING_ENDINGS, WRITERS, listing_bytes, report_bytes


def report(arguments: argparse.Namespace) -> Answer:
    """The file that was written, with its size and how many outputs it holds."""
    ending = arguments.output.suffix.lower().removeprefix(".")
    endings = LISTING_ENDINGS if arguments.listing else tuple(WRITERS)
    if ending not in endings:
        what = "A listing" if arguments.listing else "A report"
        raise UsageError(f"{what} is a file that ends in {', '.join(f'.{each}' for each in endings)}.")
    if arguments.listing and arguments.listing not in listing_names():
        raise UsageError(
            f"There is no listing {arguments.listing!r}; there are {', '.join(listing_names())}."
        )
    if arguments.figures and (ending != "rtf" or arguments.listing):
        raise UsageError(
            "--figures is for a report that ends in .rtf; an HTML report has its figures anyway."
        )
    writable(arguments.output)
    data = analysis_data(arguments)
    make = _listing if arguments.listing else _report
    content, about = make(ending, data, arguments)
    write(arguments.output, content)
    row = {
        "file": str(arguments.output),
        **about,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    facts = {
        **cut_facts(data),
        **row,
    }
    return Answer(pd.DataFrame([row]), facts)


def _report(ending: str, data: AnalysisData, arguments: argparse.Namespace) -> tuple[bytes, dict]:
    view = view_of(arguments, data)
    slides = all_slides(data, population=arguments.population, endpoint=view.endpoint, filters=view.filters)
    pins = pins_of(arguments.root, data) if arguments.pins else []
    content = report_bytes(
        ending,
        data,
        slides,
        pins=pins,
        progress=progress("Output"),
        built=built_of(arguments, data),
        figures=arguments.figures,
    )
    remember(arguments.root, data, [*pins, *slides])
    return content, {"outputs": len(pins) + len(slides)}


def _listing(ending: str, data: AnalysisData, arguments: argparse.Namespace) -> tuple[bytes, dict]:
    about_two = arguments.listing in CATALOGUE and is_about_two_cuts(arguments.listing)
    since = compared_with(arguments, data, None) if about_two else None
    told = listing(data, arguments.listing, view_of(arguments, data), since=since)
    if told.frame.empty:
        print(f"{told.title}: nobody is listed.", file=sys.stderr)
    return listing_bytes(ending, told, data), {"listing": told.name, "rows": len(told.frame)}


def with_report_file(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    endings = ", ".join(f".{ending}" for ending in WRITERS)
    command.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help=f"the file to write, by its ending ({endings}); .csv and .json hold the results in long form",
    )
    command.add_argument(
        "--listing",
        metavar="NAME",
        help="a participant-level listing instead, pseudonymised: " + ", ".join(listing_names()),
    )
    with_pins(command, "as the first section")
    command.add_argument(
        "--figures", action="store_true", help="figures too in an .rtf report, drawn by a Chromium found here"
    )
    return command
