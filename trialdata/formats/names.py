"""A name as sent (of a file, a sheet, a member of an archive), made fit to be shown: never a path, never the format."""

import re
import unicodedata

from trialdata.identifiers import identifying_form, named_in

LONGEST = 100  # characters shown of a name
ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")
INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}  # control, direction, unassigned, private, line ends


def inert_name(name: str) -> str:
    """The name without control, direction and zero-width characters, on one line, at most 100 characters."""
    seen = "".join(letter for letter in name if unicodedata.category(letter) not in INVISIBLE)
    seen = " ".join(seen.split())
    if len(seen) > LONGEST:
        return seen[: LONGEST - 1] + "…"
    return seen or "file without a name"


def told_name(name: str, number: int) -> str:
    """The name made inert; "number 2", its place, where it tells of a person."""
    return f"number {number}" if tells_of_a_person(name) else inert_name(name)


def told_file(name: str, number: int) -> str:
    """The name of a file made inert; "file 2.csv", by its place, where it tells of a person."""
    ending = ENDING.search(name)
    return f"file {number}{ending[0] if ending else ''}" if tells_of_a_person(name) else inert_name(name)


def tells_of_a_person(name: str) -> bool:
    """Whether an identifier, or what reads as a personal name, stands in the name."""
    return bool(identifying_form(name)) or named_in(name)
