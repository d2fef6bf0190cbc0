"""How large a file may be, and the refusal of one that cannot be read."""

import os
from dataclasses import dataclass, replace

SETTINGS = {  # environment variable to limit; docs/reference/study-format.md lists them
    "ITP_MAX_MEGABYTES": "megabytes",
    "ITP_MAX_ROWS": "rows",
    "ITP_MAX_COLUMNS": "columns",
    "ITP_MAX_INFLATED_MEGABYTES": "inflated_megabytes",
    "ITP_MAX_RATIO": "ratio",
    "ITP_MAX_MEMBERS": "members",
    "ITP_MAX_SECONDS": "seconds",
    "ITP_MAX_MEMORY_MEGABYTES": "memory_megabytes",
}


@dataclass(frozen=True)
class Limits:
    """The largest file that is read; a larger one is refused in one sentence."""

    megabytes: float = 50
    rows: int = 200_000
    columns: int = 500
    row_bytes: int = 100_000  # a longer row is not data
    inflated_megabytes: float = 200  # the sum of the parts of a ZIP file or workbook
    ratio: float = 100  # of the size of a part of a ZIP file to its compressed size
    members: int = 1_000  # of a ZIP file or workbook
    seconds: float = 60  # for reading all files of an import
    memory_megabytes: float = 2_000  # of the process that reads them

    @property
    def bytes(self) -> int:
        return int(self.megabytes * 1024 * 1024)

    @property
    def inflated_bytes(self) -> int:
        return int(self.inflated_megabytes * 1024 * 1024)


def default_limits() -> Limits:
    """The limits of this process: each has a setting, an environment variable with a whole number."""
    given = {limit: os.environ.get(name, "") for name, limit in SETTINGS.items()}
    return replace(Limits(), **{limit: int(text) for limit, text in given.items() if text.isdigit()})


class UnreadableFile(Exception):
    """A file whose rows cannot be trusted: the check that says so, what was found, and where."""

    def __init__(self, check: str, found: str, *, row: int | None = None, column: str = ""):
        super().__init__(found)
        self.check, self.found, self.row, self.column = check, found, row, column
