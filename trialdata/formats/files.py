"""One file as sent becomes its tables: the one way in.

The format is decided by the bytes. A name is data: it is shown, never trusted and never a path.
"""

from collections.abc import Callable

from trialdata.findings import finding
from trialdata.formats.archive import checked_members, member_names
from trialdata.formats.delimited import read_delimited
from trialdata.formats.kinds import (
    JSON,
    PARQUET,
    SAS7BDAT,
    TEXT,
    TRANSPORT,
    WORKBOOK,
    ZIP,
    kind_of,
    kind_of_archive,
)
from trialdata.formats.names import inert_name, told_name
from trialdata.formats.source_table import SourceTable
from trialdata.limits import Limits, UnreadableFile

Reader = Callable[[str, bytes, Limits], list[SourceTable]]
LEFT_BEHIND = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")  # by the computer that packed an archive


def read_tables(file: str, content: bytes, limits: Limits) -> list[SourceTable]:
    """Every table of a file; `UnreadableFile` where it cannot be read."""
    name = inert_name(file)
    kind = _kind(content, limits)
    return _read_archive(name, content, limits) if kind == ZIP else _reader(kind)(name, content, limits)


def _kind(content: bytes, limits: Limits) -> str:
    if len(content) > limits.bytes:
        raise UnreadableFile("too_large", f"more than {limits.megabytes:g} MB")
    kind = kind_of(content)
    return kind_of_archive(member_names(content, limits)) if kind == ZIP else kind


def _reader(kind: str) -> Reader:
    """The reader of a format, loaded when a file of that format comes."""
    if kind == TEXT:
        return read_delimited
    if kind == JSON:
        from trialdata.formats.dataset_json import read_dataset_json

        return read_dataset_json
    if kind == WORKBOOK:
        from trialdata.formats.workbook import read_workbook

        return read_workbook
    if kind == PARQUET:
        from trialdata.formats.parquet import read_parquet

        return read_parquet
    from trialdata.formats.sas import read_sas7bdat, read_transport

    return {TRANSPORT: read_transport, SAS7BDAT: read_sas7bdat}[kind]


def _read_archive(file: str, content: bytes, limits: Limits) -> list[SourceTable]:
    """The tables of every member; one that cannot be read refuses the archive."""
    members = checked_members(content, limits)
    data = {name: member for name, member in members.items() if not _left_behind(name)}
    if not data:
        raise UnreadableFile("archive_empty", "a ZIP archive without a file of data")
    tables = [
        table
        for number, (name, member) in enumerate(members.items(), start=1)
        if name in data
        for table in _read_member(file, name, number, member, limits)
    ]
    if len(data) < len(members):
        found = f"{len(members) - len(data):,} hidden files of the computer that packed it"
        note = finding("archive_left_out", file, found=found)
        tables[0] = tables[0].replace(findings=(*tables[0].findings, note))
    return tables


def _left_behind(name: str) -> bool:
    lower = name.lower()
    return lower.startswith(LEFT_BEHIND[0]) or lower.rsplit("/", 1)[-1] in LEFT_BEHIND


def _read_member(file: str, name: str, number: int, content: bytes, limits: Limits) -> list[SourceTable]:
    try:
        kind = _kind(content, limits)
        if kind == ZIP:
            raise UnreadableFile("archive_nested", "a ZIP archive")
        return _reader(kind)(f"{file}/{inert_name(name)}", content, limits)
    except UnreadableFile as problem:
        found = f"in the member {told_name(name, number)}: {problem.found}"
        raise UnreadableFile(problem.check, found, row=problem.row, column=problem.column) from None
