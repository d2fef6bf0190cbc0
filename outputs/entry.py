"""One output of the catalogue: its id, what it shows, its section, and the function that builds it."""

from collections.abc import Callable
from dataclasses import dataclass

from outputs.output import Output

EVERYTHING, TABLE, NOTHING = "everything", "table", "nothing"


@dataclass(frozen=True)
class Entry:
    """An output by id. `participant_level`: its table has a row for each participant.

    `leaves`: what a deck, report, figure or bundle may hold of it: "everything"; "table", where the figure has a mark
    for each participant; "nothing", where its rows are participants, their records or sites.
    """

    section: str
    id: str
    title: str
    build: Callable[..., Output]
    participant_level: bool = False
    leaves: str = EVERYTHING

    @property
    def leaving(self) -> str:
        """What may leave of it."""
        return NOTHING if self.participant_level else self.leaves
