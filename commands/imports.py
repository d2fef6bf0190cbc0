"""The command that makes a data cut of files as they were sent."""

import argparse
import sys
from pathlib import Path

from commands.files import writable, write
from commands.shared import UsageError, file_bytes, json_rows
from outputs.imported import conversions_output, import_counts_output, import_queries_output
from outputs.output import Output
from outputs.queries import by_site
from reports.answers import Answer
from reports.export import as_csv
from reports.workbook import workbook_bytes
from trialdata.accepting import accept, last_cut
from trialdata.clock import utc_now
from trialdata.cut_changes import vanished_subjects
from trialdata.definition import StudyDefinition
from trialdata.errors import StudyDataError
from trialdata.import_process import prepare_apart
from trialdata.importing import Prepared
from trialdata.mapping.import_mapping import ImportMapping
from trialdata.mapping.mapping_toml import load_mapping, read_mapping, write_mapping
from trialdata.study import find_study


def import_(arguments: argparse.Namespace) -> Answer:
    """One row per finding; the facts say what the files hold, what is asked, and the data cut they became."""
    definition = find_study(arguments.root, arguments.study)
    if arguments.write_mapping:
        writable(arguments.write_mapping, option="--write-mapping")
    if arguments.write_queries:
        writable(arguments.write_queries, option="--write-queries")
    prepared = prepare_apart(
        arguments.root,
        definition,
        sent_files(arguments.files),
        arguments.cut,
        mapping_of(arguments, definition),
        progress=tell,
    )
    if arguments.write_mapping:
        write(arguments.write_mapping, write_mapping(prepared.mapping).encode())
    queries = import_queries_output(prepared)
    if arguments.write_queries:
        write(arguments.write_queries, query_file(queries, arguments.write_queries))
    facts = facts_of(arguments, definition, prepared) | {"queries": json_rows(queries.results)}
    return Answer(prepared.findings, facts, status=int(facts["state"] in ("refused", "asks")))


def query_file(queries: Output, path: Path) -> bytes:
    """What to ask the sites: a workbook with one sheet for each, or a CSV file."""
    if path.suffix.lower() == ".xlsx":
        return workbook_bytes(by_site(queries.results), when_empty=queries.empty)
    return as_csv(queries.table).encode("utf-8-sig")


def sent_files(paths: list[Path]) -> dict[str, bytes]:
    """The bytes of each file by its name; of one that is too large only as much as shows it."""
    names = [path.name for path in paths]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise UsageError(f"{twice}: found two files of this name, expected each name once.")
    return {path.name: file_bytes(path) for path in paths}


def mapping_of(arguments: argparse.Namespace, definition: StudyDefinition) -> ImportMapping | None:
    """The mapping that was named, else the one of the last import of the study."""
    if arguments.mapping is None:
        return load_mapping(arguments.root, definition)
    try:
        text = arguments.mapping.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise StudyDataError(f"{arguments.mapping.name}: the mapping cannot be read ({reason}).") from None
    return read_mapping(text, arguments.mapping.name)


def tell(done: float, doing: str) -> None:
    print(f"{done:4.0%}  {doing}", file=sys.stderr)


def facts_of(arguments: argparse.Namespace, definition: StudyDefinition, prepared: Prepared) -> dict:
    """What came of the files: refused, asks, ready or accepted, and why."""
    facts: dict = {
        "study": definition.name,
        "cut": str(prepared.cut),
        "state": "refused" if prepared.refused else "asks" if prepared.open else "ready",
        "files": prepared.files,
        "questions": [
            {"key": q.key, "question": q.text, "seen": q.seen, "options": dict(q.options)}
            for q in prepared.open
        ],
    }
    if not prepared.ready:
        return facts
    last = last_cut(arguments.root, definition, prepared.cut)
    gone = vanished_subjects(last or {}, prepared.texts)
    counts = import_counts_output(definition, prepared, last)
    facts |= {
        "headline": counts.headline,
        "detail": counts.detail,
        "counts": json_rows(counts.results),
        "gone": gone,
        "conversions": json_rows(conversions_output(prepared.report).table),
    }
    return facts | (stored(arguments, definition, prepared, gone) if arguments.accept else {})


def stored(
    arguments: argparse.Namespace, definition: StudyDefinition, prepared: Prepared, gone: list[str]
) -> dict:
    if gone and not arguments.accept_gone:
        raise StudyDataError(
            f"The files: found {len(gone)} participants fewer than in the last data cut, expected all of them; "
            "nothing was stored. Add --accept-gone where this is right."
        )
    cut = accept(arguments.root, definition, prepared, at=utc_now(), again=arguments.again)
    return {"state": "accepted", "id": cut.id, "already": cut.already}


def with_files(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "files", metavar="FILE", nargs="+", type=Path, help="the files of one data cut, as sent"
    )
    command.add_argument(
        "--mapping", metavar="TOML", type=Path, help="how they are read (default: as at the last import)"
    )
    command.add_argument(
        "--write-mapping",
        metavar="TOML",
        type=Path,
        help="write the mapping, as far as it is known, to answer in",
    )
    command.add_argument(
        "--write-queries",
        metavar="FILE",
        type=Path,
        help="write what to ask the sites, refused files too: .csv, or .xlsx with one sheet for each site",
    )
    command.add_argument(
        "--accept", action="store_true", help="store the data cut; without it nothing is kept"
    )
    command.add_argument(
        "--accept-gone", action="store_true", help="even where participants of the last data cut are gone"
    )
    command.add_argument(
        "--again", action="store_true", help="even where the same data were a cut that was retired"
    )
