"""The words that sites use, from words.toml, and how two spellings are compared."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from trialdata.units import factor_to_stored

WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
BRACKETED = re.compile(r"[(\[【（](?P<inside>[^()\[\]【】（）]*)[)\]】）]")


@cache
def folded(text: str) -> str:
    """The text as it is compared: without case, blanks, punctuation and width of characters."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


class Header(NamedTuple):
    """A header in its parts: `血小板(×10⁹/L)` is 血小板 in ×10⁹/L. `note` is any other text in brackets."""

    name: str
    unit: str = ""
    note: str = ""


@cache
def parts_of(header: str) -> Header:
    """The name in a header, the unit of counts it states, and what else stands in brackets."""
    for inside in BRACKETED.finditer(header):
        name = (header[: inside.start()] + header[inside.end() :]).strip()
        if count_unit(inside["inside"]):
            return Header(name, inside["inside"].strip())
        return Header(name, "", inside["inside"].strip())
    name, blank, last = header.rpartition(" ")
    if blank and count_unit(last):
        return Header(name.rstrip(" ,;:"), last)
    return Header(header)


def count_unit(text: str) -> bool:
    """Whether a part of a header is a unit of counts. Headers have lost their case: G/L may be grams per litre."""
    text = text.strip()
    return text not in ("", "G/L") and factor_to_stored(text) is not None


@cache
def _ranked(section: str, name: str) -> dict[str, int]:
    words = WORDS["columns"][section][name] if section in WORDS["columns"] else WORDS[section][name]
    return {folded(word): rank for rank, word in reversed(list(enumerate(words)))}


def rank_of(header: str, label: str, dataset: str, column: str) -> int | None:
    """How far down the list of words for an ADaM column the header stands, 0 for its own name; None without."""
    section = dataset if column in WORDS["columns"][dataset] else "any"
    words = _ranked(section, column)
    name = parts_of(header).name
    ranks = [words[key] for key in (folded(header), folded(name), folded(label)) if key in words]
    return min(ranks, default=None)


def columns_of(dataset: str) -> list[str]:
    """The ADaM columns of a dataset that have words, those of every dataset first."""
    shared = [
        name for name in WORDS["columns"]["any"] if name != "AVISIT" or dataset in ("adlb", "adqs", "adcm")
    ]
    return [*shared, *(name for name in WORDS["columns"][dataset] if name not in shared)]


@cache
def parameter_of(text: str) -> str:
    """The PARAMCD that a text plainly is: PLAT for `血小板计数 (×10⁹/L)`; "" for a text that is none of the words."""
    if "%" in text or "百分" in text:
        return ""
    for key in (folded(text), folded(parts_of(text).name)):
        for paramcd in WORDS["parameters"]:
            if key and key in _ranked("parameters", paramcd):
                return paramcd
    return ""


def code_of(column: str, text: str) -> str:
    """The text that stands for a plain word in a coded column: M for 男; "" for any other."""
    key = folded(text)
    return next(
        (code for code, words in WORDS["codes"].get(column, {}).items() if key in map(folded, words)), ""
    )


def is_word(section: str, text: str) -> bool:
    """Whether a text is one of the words of a section such as dates or bleeding."""
    return folded(text) in _ranked(section, "words")


def containing(section: str, text: str) -> Iterable[str]:
    """The names in a section of which a word stands in the text."""
    key = folded(text)
    return (name for name, words in WORDS[section].items() if any(folded(word) in key for word in words))
