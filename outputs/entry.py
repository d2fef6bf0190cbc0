"""One output of the catalogue: its id, what it shows, its section, and the function that builds it."""

from collections.abc import Callable
from dataclasses import dataclass

from outputs.output import Output


@dataclass(frozen=True)
class Entry:
    """An output by id. `participant_level`: its table has a row for each participant."""

    section: str
    id: str
    title: str
    build: Callable[..., Output]
    participant_level: bool = False
