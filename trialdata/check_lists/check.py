"""One check: how severe a finding is, what was expected, and what to do."""

from typing import NamedTuple


class Check(NamedTuple):
    severity: str  # error | warning | note
    expected: str
    action: str


def error(expected: str, action: str) -> Check:
    return Check("error", expected, action)


def warning(expected: str, action: str) -> Check:
    return Check("warning", expected, action)


def note(expected: str, action: str) -> Check:
    return Check("note", expected, action)
