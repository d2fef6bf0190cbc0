"""The command that writes the slides of a study's plan as a deck."""

import argparse
import dataclasses
import hashlib
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pandas as pd

from commands.changes import built_of
from commands.files import writable, write
from commands.progress import progress
from commands.shared import analysis_data, cut_facts, file_bytes
from outputs.slide import view_code
from reports.answers import Answer
from reports.codes import remember
from reports.deck.deck import build_deck
from reports.pins import pins_of
from reports.plan import plan_of, read_plan

SLIDE = re.compile(r"ppt/slides/slide\d+\.xml")


def deck(arguments: argparse.Namespace) -> Answer:
    """One row per slide of the plan; the file is written whole or not at all."""
    writable(arguments.output)
    template = file_bytes(arguments.template) if arguments.template else None
    data = analysis_data(arguments)
    plan = read_plan(arguments.plan, data) if arguments.plan else plan_of(arguments.root, data)
    pins = pins_of(arguments.root, data) if arguments.pins else []
    plan = dataclasses.replace(plan, slides=(*plan.slides, *pins))
    content = build_deck(
        data, plan, template=template, progress=progress("Slide"), built=built_of(arguments, data)
    )
    write(arguments.output, content)
    remember(arguments.root, data, plan.slides)
    rows = [(slide.output, slide.show, view_code(data, slide), slide.note) for slide in plan.slides]
    facts = {
        **cut_facts(data),
        "file": str(arguments.output),
        "slides": slide_count(content),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return Answer(pd.DataFrame(rows, columns=["output", "show", "code", "note"]), facts)


def slide_count(content: bytes) -> int:
    """Slides in a .pptx file."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return sum(bool(SLIDE.fullmatch(name)) for name in archive.namelist())


def with_plan(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--plan",
        type=Path,
        metavar="FILE",
        help="a TOML plan (default: decks/<study>.toml, else the own one)",
    )
    command.add_argument(
        "--template", type=Path, metavar="FILE", help="a .pptx file whose layouts, size and fonts are taken"
    )
    command.add_argument("--output", type=Path, required=True, metavar="FILE", help="the .pptx file to write")
    with_pins(command, "as the last slides")


def with_pins(command: argparse.ArgumentParser, where: str) -> None:
    command.add_argument(
        "--pins", action="store_true", help=f"the pinned outputs of the cut too, with their comments, {where}"
    )
