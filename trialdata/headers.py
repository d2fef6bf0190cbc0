"""Column names as the rest of the software knows them: capitals, no invisible characters, each name once."""

import re
import unicodedata
from collections.abc import Iterable

import pandas as pd

from trialdata.limits import UnreadableFile
from trialdata.values import INERT

INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


def clean_header(name: str) -> str:
    """`usubjid` with a zero-width blank before it is USUBJID."""
    return " ".join(INVISIBLE.sub("", unicodedata.normalize("NFKC", name)).split()).upper()


def sent_headers(names: Iterable[object]) -> dict[str, str]:
    """Clean header: the header as sent, made inert, where the two differ."""
    shown = {clean_header(str(name)): " ".join(INERT.sub("", str(name)).split()) for name in names}
    return {clean: sent for clean, sent in shown.items() if sent != clean}


def clean_headers(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame under clean names; a name that stands twice is refused.

    REDCap's exports with labels have "Complete?" once for every form: these are numbered.
    """
    names = _numbered([clean_header(str(name)) for name in frame.columns], "COMPLETE?")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnreadableFile("duplicate_header", "the header twice", row=1, column=", ".join(twice))
    return frame.set_axis(pd.Index(names, dtype=object), axis=1)


def _numbered(names: list[str], repeated: str) -> list[str]:
    """COMPLETE?, COMPLETE? 2, COMPLETE? 3."""
    counted, numbered = 0, []
    for name in names:
        counted += name == repeated
        numbered.append(f"{name} {counted}" if name == repeated and counted > 1 else name)
    return numbered
