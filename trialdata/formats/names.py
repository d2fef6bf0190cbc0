"""The name of a file as sent, made fit to be shown: it is data, never a path and never the format."""

import unicodedata

LONGEST = 100  # characters shown of a name
INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}  # control, direction, unassigned, private, line ends


def inert_name(name: str) -> str:
    """The name without control, direction and zero-width characters, on one line, at most 100 characters."""
    seen = "".join(letter for letter in name if unicodedata.category(letter) not in INVISIBLE)
    seen = " ".join(seen.split())
    if len(seen) > LONGEST:
        return seen[: LONGEST - 1] + "…"
    return seen or "file without a name"
