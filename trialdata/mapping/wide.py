"""Columns that hold one parameter each: `PLT_W1`, `血小板_第4周(×10⁹/L)`, `W4_PLT`, or plainly `血小板`."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from trialdata.formats.source_table import SourceTable
from trialdata.mapping.import_mapping import UNDECIDED, Measured
from trialdata.mapping.words import folded, is_word, parameter_of, parts_of

VISIT = re.compile(
    r"第\s*[零一二两三四五六七八九十百\d]+\s*[周天日]|(?<![\d一-鿿])\d+\s*[周天]|"
    r"(?:WEEK|WK|W|DAY|D|MONTH|M|VISIT|V)[ _-]?\d+(?![A-Z\d])|(?<![A-Z\d])\d+(?:W|D)(?![A-Z\d])|"
    r"基线期?|筛选期?|入组时|(?<![A-Z])(?:BASELINE|BL|SCREENING|SCR|EOT|EOS)(?![A-Z])|计划外(?:访视)?|提前退出"
)
SEPARATORS = " _-—–:：/.,，·"


class Named(NamedTuple):
    """What a header says it holds: a parameter, UNDECIDED for a bleeding scale, or "date"; and at which visit."""

    what: str
    visit: str
    unit: str


def named(header: str, label: str = "") -> Named | None:
    """The parameter and the visit in a header; None for a header that has none of the parameters."""
    for text in (each for each in (header, label.upper()) if each and "%" not in each):
        name, unit, note = parts_of(text)
        for whole in dict.fromkeys((f"{name} {note}".strip(), name)):
            if (what := _what(whole)) and not VISIT.fullmatch(whole):
                return Named(what, "", unit)
            if found := _with_visit(whole):
                return Named(*found, unit)
    return None


def _with_visit(name: str) -> tuple[str, str] | None:
    """Every reading of the header as a visit and the rest; the one whose rest is a known word."""
    for visit in VISIT.finditer(name):
        rest = f"{name[: visit.start()].strip(SEPARATORS)} {name[visit.end() :].strip(SEPARATORS)}".strip()
        if what := _what(rest):
            return what, visit[0].strip(SEPARATORS)
    numbered = re.fullmatch(r"(.*\D)[ _-]?(\d{1,2})", name)
    if numbered and parameter_of(numbered[1]) == "PLAT":
        return "PLAT", numbered[2]
    return None


def _what(words: str) -> str:
    if parameter := parameter_of(words):
        return parameter
    if is_word("bleeding", words):
        return UNDECIDED
    return "date" if is_word("dates", words) else ""


def measured_columns(table: SourceTable, not_these: Iterable[str] = ()) -> tuple[Measured, ...]:
    """One entry for each column that holds one parameter, with the date column of the same visit.

    A bleeding scale that is not named is UNDECIDED: which one it is has to be asked.
    """
    taken = set(not_these)
    found = {
        header: of_header
        for header in map(str, table.frame.columns)
        if header not in taken and (of_header := named(header, table.labels.get(header, "")))
    }
    dates = {
        folded(each.visit): header for header, each in found.items() if each.what == "date" and each.visit
    }
    return tuple(
        Measured(
            header, each.what, each.visit, dates.get(folded(each.visit), "") if each.visit else "", each.unit
        )
        for header, each in found.items()
        if each.what != "date"
    )
