"""How large a file may be, and the refusal of one that cannot be read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The largest file that is read; a larger one is refused in one sentence."""

    megabytes: float = 50
    rows: int = 200_000
    columns: int = 500
    row_bytes: int = 100_000  # a longer row is not data


class UnreadableFile(Exception):
    """A file whose rows cannot be trusted: the check that says so, what was found, and where."""

    def __init__(self, check: str, found: str, *, row: int | None = None, column: str = ""):
        super().__init__(found)
        self.check, self.found, self.row, self.column = check, found, row, column
