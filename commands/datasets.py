"""The command that writes the analysis datasets of a data cut as files."""

import argparse
import hashlib
from pathlib import Path

import pandas as pd

from analysis.adam import AnalysisData
from commands.shared import UsageError, analysis_data, cut_facts
from reports.answers import Answer
from reports.dataset_files import FORMATS, NO_CUT_DAY, dataset_files, write_files
from trialdata.clock import utc_now


def datasets(arguments: argparse.Namespace) -> Answer:
    """One row per file written: the analysis datasets of a cut in every format asked for."""
    data = analysis_data(arguments)
    try:
        return written_datasets(data, arguments)
    except FileExistsError as error:
        raise UsageError(f"{error} is there already; --replace writes over it.") from None
    except OSError as error:
        raise UsageError(f"{arguments.to} cannot be written to: {error.strerror}.") from None


def written_datasets(data: AnalysisData, arguments: argparse.Namespace) -> Answer:
    """One row per file written; FileExistsError when one is there already, OSError when the folder is no place."""
    written = utc_now()
    files, notes = dataset_files(data, arguments.file_formats or FORMATS, written)
    write_files(files, arguments.to, over=arguments.replace)
    rows = [
        {
            "file": file.name,
            "holds": file.holds,
            "rows": file.rows,
            "bytes": len(file.content),
            "sha256": hashlib.sha256(file.content).hexdigest(),
        }
        for file in files
    ]
    facts = {
        **cut_facts(data),
        "directory": str(arguments.to),
        "written": written.isoformat(timespec="seconds"),
        "footnotes": [NO_CUT_DAY, *notes],
    }
    return Answer(pd.DataFrame(rows), facts)


def with_formats(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--to", type=Path, required=True, metavar="DIRECTORY", help="the folder to write to; made if missing"
    )
    command.add_argument(
        "--format",
        dest="file_formats",
        action="append",
        choices=FORMATS,
        help="of the files; may be repeated (default: all)",
    )
    command.add_argument("--replace", action="store_true", help="write over files of the same name")
