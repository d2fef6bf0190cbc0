"""The commands about bundles: making one, and computing every number in one again."""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import pandas as pd

from commands.arguments import with_view
from commands.files import writable
from commands.progress import progress
from commands.shared import UsageError, analysis_data, cut_facts, view_of
from reports.answers import Answer
from reports.bundle import build_bundle, bundle_slides
from reports.bundle_files import members, read_bundle
from reports.codes import remember
from reports.dataset_files import File, write_files
from reports.kept_views import may_be_bundled
from reports.pins import pins_of
from reports.plan import plan_of
from reports.verify import COLUMNS, Verification, verify_files


def bundle(arguments: argparse.Namespace) -> Answer:
    """One row per result in the ZIP that is written."""
    _refuse_target(arguments.output, over=arguments.replace)
    data = analysis_data(arguments)
    plan = plan_of(arguments.root, data)
    if arguments.planned:
        kept = [*plan.slides, *pins_of(arguments.root, data)]
        slides = [slide for slide in kept if may_be_bundled(slide.output)]
    else:
        slides = bundle_slides(data, arguments.root, plan, view_of(arguments, data))
    content = build_bundle(data, slides, root=arguments.root, plan=plan, progress=progress("Output"))
    remember(arguments.root, data, slides)
    _write(arguments.output, content, over=arguments.replace)
    facts = {
        **cut_facts(data),
        "file": str(arguments.output),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    said = [json.loads(text) for name, text in members(content).items() if name.startswith("results/")]
    names = ["code", "output", "title", "population", "endpoint"]
    held = [(*(each[name] for name in names), len(each["results"])) for each in said]
    return Answer(pd.DataFrame(held, columns=[*names, "rows"]), facts)


def _refuse_target(path: Path, *, over: bool) -> None:
    """Before anything is computed: a file that is there already, or a folder that is none."""
    if path.exists() and not over:
        raise UsageError(f"{path} is there already; --replace writes over it.")
    if path.parent.exists() and not path.parent.is_dir():
        raise UsageError(f"{path} cannot be written: {path.parent} is no folder.")
    if path.parent.exists():
        writable(path)


def _write(path: Path, content: bytes, *, over: bool) -> None:
    try:
        write_files([File(path.name, "bundle", 0, content)], path.parent, over=over)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or 'it is there already'}.") from None


def verify(arguments: argparse.Namespace) -> Answer:
    """One row per value that differs; status 1 unless everything is identical."""
    files = read_bundle(arguments.bundle)
    found = verify_files(files, arguments.root, tolerance=arguments.tolerance, progress=progress("Output"))
    for sentence in found.warnings:
        print(sentence, file=sys.stderr)
    facts = {
        "identical": found.identical,
        "study": found.manifest["study"],
        "cut": found.manifest["cut"]["date"],
        "view": found.manifest["view"],
        "outputs": found.outputs,
        "numbers": found.numbers,
        "tolerance": arguments.tolerance,
        "problems": list(found.problems),
        "warnings": list(found.warnings),
    }
    return Answer(found.differences, facts, _as_read(found), status=int(not found.identical))


def _as_read(found: Verification) -> pd.DataFrame:
    """ "identical", or what differs, to be read."""
    compared = f"{found.numbers:,} numbers of {found.outputs} outputs"
    if found.identical:
        return pd.DataFrame({"identical": [compared]})
    lines = [
        f"{where(row)}: {row[4]} in the bundle, {row[5]} now" for row in found.differences[COLUMNS].to_numpy()
    ]
    return pd.DataFrame({"differs": [*found.problems, *lines]})


def where(row) -> str:
    """ "response_rates (K7QD-2M4X), row 3, estimate"."""
    output, code, number, column, *_ = row
    return ", ".join([f"{output} ({code})", *([f"row {number}"] if number else []), column])


def tolerance(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a tolerance such as 1e-12")
    return value


def with_output(command: argparse.ArgumentParser) -> None:
    command.add_argument("--output", type=Path, required=True, metavar="FILE.zip", help="the file to write")
    command.add_argument(
        "--planned", action="store_true", help="the plan and the pins alone (default: every output)"
    )
    command.add_argument("--replace", action="store_true", help="write over a file of the same name")
    with_view(command)


def with_bundle(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "bundle", metavar="BUNDLE", type=Path, help="the ZIP file, or the folder it was unzipped to"
    )
    command.add_argument(
        "--tolerance",
        type=tolerance,
        default=0.0,
        metavar="T",
        help="largest difference of two numbers, relative above 1 (default: 0)",
    )
    command.set_defaults(format="table")
