"""The log of the register: every entry carries the hash of the one before, so that a change shows."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

ACCEPTED, RETIRED = "accepted", "retired"


@dataclass(frozen=True)
class Entry:
    """One entry: its number, UTC time, event, the cut, what is said of it, the hash before and its own."""

    seq: int
    at: str
    event: str  # accepted | retired
    cut: str
    detail: str  # JSON
    previous: str
    hash: str


def entry_hash(seq: int, at: str, event: str, cut: str, detail: str, previous: str) -> str:
    """SHA-256 of an entry, the hash of the entry before included."""
    text = json.dumps([seq, at, event, cut, detail, previous], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def new_entry(before: tuple[int, str], at: str, event: str, cut: str, detail: dict) -> Entry:
    """The entry after the one whose number and hash are `before`."""
    seq, previous = before[0] + 1, before[1]
    text = json.dumps(detail, ensure_ascii=False, sort_keys=True)
    return Entry(seq, at, event, cut, text, previous, entry_hash(seq, at, event, cut, text, previous))


def is_whole(entry: Entry) -> bool:
    """Whether an entry has the hash of its own content."""
    return entry.hash == entry_hash(entry.seq, entry.at, entry.event, entry.cut, entry.detail, entry.previous)


def chain_problems(place: str, genesis: str, entries: Sequence[Entry]) -> list[str]:
    """A sentence for each entry that was changed or does not follow the one before; empty for a whole chain."""
    problems, before = [], (0, genesis)
    for entry in entries:
        if not is_whole(entry):
            found = "content that does not give its hash"
        elif (entry.seq, entry.previous) != (before[0] + 1, before[1]):
            found = f"an entry that does not follow entry {before[0]}"
        else:
            found = ""
        if found:
            problems.append(
                f"{place}, log entry {entry.seq}: found {found}, expected the log as it was written; restore the "
                "register from a backup."
            )
        before = (entry.seq, entry.hash)
    return problems
