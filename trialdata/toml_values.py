"""One TOML value becomes a field of a definition, or a phrase that says what was expected instead."""

import datetime
import difflib
import math
import types
import typing
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from trialdata.definition import DESIGNS, ROLES

WORDS = {
    "design": DESIGNS,
    "masking": ("none", "single", "double"),
    "source": ("registry", "publication", "assumed"),
    "role": tuple(role for role in ROLES if role != "pooled"),
    "open_end": ("single", "ongoing"),
    "bleeding_missing": ("absent", "present"),
    "rescue": ("nonresponse", "washout", "ignore"),
    "missing": ("nonresponse", "exclude"),
    "spending": ("obrien_fleming", "pocock", "hwang_shih_decani"),
}
LEAST = {  # the smallest value that makes sense
    **dict.fromkeys(
        ("r_count", "r_fold", "cr_count", "hold_count", "hold_fold", "threshold", "failure_count"), 0
    ),
    **dict.fromkeys(("bleeding_max", "bleeding_window_days", "confirm_days", "tolerance_days"), 0),
    **dict.fromkeys(
        ("washout_days", "washout_times", "last_window_days", "rescue_grace_day", "min_available"), 0
    ),
    **dict.fromkeys(("transfusion_free_days", "marker_days"), 0),
    **dict.fromkeys(("sustain_days", "max_gap_days", "at_least", "planned_subjects"), 1),
}
NEVER_EMPTY = ("studyid", "title", "trt", "label", "cmclas", "paramcd", "column", "data")


class Unreadable(ValueError):
    """The text says what was expected."""


def read_value(key: str, value: object, kind: Any) -> Any:
    """The value of `key` as the type of its field; `Unreadable` with what was expected otherwise."""
    try:
        read = READERS[_plain(kind)](value)
    except (TypeError, ValueError, ZeroDivisionError):
        raise Unreadable(expected(kind)) from None
    if key in NEVER_EMPTY and not read.strip():
        raise Unreadable("a text that is not empty")
    if isinstance(read, str) and key in WORDS and read not in WORDS[key]:
        raise Unreadable(one_of(WORDS[key]) + closest(read, WORDS[key]))
    if isinstance(read, int | float) and read < LEAST.get(key, read):
        raise Unreadable(f"a number from {LEAST[key]}")
    return read


def expected(kind: Any) -> str:
    return EXPECTED[_plain(kind)]


def shown(value: object) -> str:
    """A TOML value as the author wrote it, short enough for a sentence."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 60 else f'"{value[:57]}..."'
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "[" + ", ".join(shown(item) for item in value[:8]) + (", ...]" if len(value) > 8 else "]")
    return str(value)


def one_of(words: typing.Iterable[str]) -> str:
    """The allowed words as a phrase: "none", "single" or "double"."""
    quoted = [f'"{word}"' for word in words]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else "".join(quoted)


def closest(word: str, words: typing.Iterable[str]) -> str:
    """'; did you mean "window_days"?' where a known word is near, else ''."""
    match = difflib.get_close_matches(word, list(words), n=1, cutoff=0.6)
    return f'; did you mean "{match[0]}"?' if match else ""


def _plain(kind: Any) -> Any:
    """The type without `| None`."""
    if isinstance(kind, types.UnionType):
        return next(part for part in typing.get_args(kind) if part is not type(None))
    return kind


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError
    return value


def _fraction(value: object) -> float:
    if not isinstance(value, str):
        return _number(value)
    upper, stroke, lower = value.partition("/")
    return float(Fraction(int(upper), int(lower))) if stroke else float(Fraction(value))


def _date(value: object) -> datetime.date:
    if isinstance(value, datetime.datetime) or not isinstance(value, datetime.date):
        raise TypeError
    return value


def _many(reader: typing.Callable, length: int | None = None) -> typing.Callable:
    def read(value: object) -> tuple:
        if not isinstance(value, list) or length not in (None, len(value)):
            raise TypeError
        return tuple(reader(item) for item in value)

    return read


def _table_of(reader: typing.Callable) -> typing.Callable:
    def read(value: object) -> dict:
        if not isinstance(value, dict):
            raise TypeError
        return {key: reader(item) for key, item in value.items()}

    return read


class Share(float):
    """The type of a key that takes a number or a text such as "2/3"."""


READERS: dict[Any, typing.Callable] = {
    str: _text,
    bool: _boolean,
    int: _whole,
    float: _number,
    Share: _fraction,
    datetime.date: _date,
    tuple[str, ...]: _many(_text),
    tuple[float, ...]: _many(_number),
    tuple[float, float]: _many(_number, 2),
    tuple[int, int]: _many(_whole, 2),
    dict[str, int]: _table_of(_whole),
    Mapping[str, str]: _table_of(_text),
    Mapping[str, tuple[str, ...]]: _table_of(_many(_text)),
    Mapping[str, float]: _table_of(_number),
    Mapping[str, Mapping[str, str]]: _table_of(_table_of(_text)),
}
EXPECTED: dict[Any, str] = {
    str: "a text in quotes",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    Share: 'a number or a text such as "2/3"',
    datetime.date: "a date such as 2025-07-01, without quotes",
    tuple[str, ...]: 'a list of texts such as ["AGE", "SEX"]',
    tuple[float, ...]: "a list of numbers such as [0, 1, 2]",
    tuple[float, float]: "two numbers, the first and the last, such as [12, 24]",
    tuple[int, int]: "two whole numbers, the first and the last day, such as [2, 365]",
    dict[str, int]: "a table of whole numbers such as { count = 57 }",
    Mapping[str, str]: 'a table of texts such as { "Arm A" = "DRUG A" }',
    Mapping[str, tuple[str, ...]]: 'a table of lists of texts such as { SEX = ["F"] }',
    Mapping[str, float]: 'a table of numbers such as { "Visit 5" = 29 }',
    Mapping[str, Mapping[str, str]]: 'a table of tables such as { SEX = { "1" = "M" } }',
}
