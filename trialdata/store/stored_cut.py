"""A data cut as the register knows it."""

import datetime
from dataclasses import dataclass, field


@dataclass(frozen=True)
class StoredCut:
    """One accepted data cut. Times are UTC, such as 2026-04-02T08:15:00Z; `retired` is empty while it stands."""

    id: str  # SHA-256 of the manifest, and the name of the folder
    study: str  # name of the study definition
    cutoff: datetime.date
    content: str  # SHA-256 of the study, the cutoff date and every cell
    rows: int  # of all datasets together
    definition: str  # SHA-256 of the study definition at that time
    version: str  # of this software at that time
    accepted: str
    entry: int  # of the log
    retired: str = ""
    reason: str = ""
    already: bool = field(default=False, compare=False)  # the same data were a cut before they came now

    @property
    def standing(self) -> bool:
        return not self.retired
