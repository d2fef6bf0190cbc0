"""How large a file may be, and the refusal of one that cannot be read."""

import os
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Limits:
    """The largest file that is read; a larger one is refused in one sentence."""

    megabytes: float = 50
    rows: int = 200_000
    columns: int = 500
    row_bytes: int = 100_000  # a longer row is not data

    @property
    def bytes(self) -> int:
        return int(self.megabytes * 1024 * 1024)


def default_limits() -> Limits:
    """The limits of this process: ITP_MAX_ROWS and ITP_MAX_MEGABYTES raise those of a file."""
    usual = Limits()
    rows, megabytes = os.environ.get("ITP_MAX_ROWS", ""), os.environ.get("ITP_MAX_MEGABYTES", "")
    return replace(
        usual,
        rows=int(rows) if rows.isdigit() else usual.rows,
        megabytes=int(megabytes) if megabytes.isdigit() else usual.megabytes,
    )


class UnreadableFile(Exception):
    """A file whose rows cannot be trusted: the check that says so, what was found, and where."""

    def __init__(self, check: str, found: str, *, row: int | None = None, column: str = ""):
        super().__init__(found)
        self.check, self.found, self.row, self.column = check, found, row, column
