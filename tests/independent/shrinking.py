"""The smallest participant that still shows a disagreement: rows are left out one by one."""

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from tests.independent.generate import Participant

Difference = Callable[[Participant], str | None]


def smallest_difference(participants: Sequence[Participant], difference: Difference) -> str | None:
    """The text of a disagreement about one participant alone, with as few rows as show it."""
    for participant in participants:
        if difference(participant):
            return difference(shrunk(participant, difference))
    return None


def shrunk(participant: Participant, difference: Difference) -> Participant:
    for smaller in with_less(participant):
        if difference(smaller):
            return shrunk(smaller, difference)
    return participant


def with_less(participant: Participant) -> Iterator[Participant]:
    """The participant with one row less, or without an EOSDY or DTHDY."""
    for name in ("adlb", "adqs", "adcm"):
        rows = getattr(participant, name)
        for left_out in range(len(rows)):
            fewer = [row for number, row in enumerate(rows) if number != left_out]
            yield dataclasses.replace(participant, **{name: fewer})
    for column in ("EOSDY", "DTHDY"):
        if participant.adsl[column] is not None:
            yield dataclasses.replace(participant, adsl=participant.adsl | {column: None})
