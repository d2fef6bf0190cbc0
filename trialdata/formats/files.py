"""One file as sent becomes its tables: the one way in."""

from pathlib import Path

from trialdata.formats.source_table import SourceTable
from trialdata.limits import Limits
from trialdata.reading import as_text, read_text


def read_tables(file: str, content: bytes, limits: Limits) -> list[SourceTable]:
    """Every table of a file; `UnreadableFile` where it cannot be read."""
    frame = read_text(f"file{Path(file).suffix}", content, limits)
    return [SourceTable(file, frame.apply(as_text))]
