"""Which values of a study definition differ."""

import json
import tomllib
from collections.abc import Iterator

LONGEST = 60  # characters of a value
NOTHING = "nothing"
NAMES = ("paramcd", "trt", "cmclas", "column", "name", "id")  # by which a block is called


def toml_differences(then: str, now: str) -> list[str]:
    """ "endpoints OR1Y, r_count: 30 in the bundle, 50 here", one for each value; empty where both say the same."""
    try:
        return list(_differing("", tomllib.loads(then), tomllib.loads(now)))
    except tomllib.TOMLDecodeError:
        return ["definition.toml: not valid TOML"]


def _differing(place: str, then: object, now: object) -> Iterator[str]:
    if isinstance(then, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*then, *now]):
            yield from _differing(f"{place}, {key}" if place else key, then.get(key), now.get(key))
    elif _blocks(then) and _blocks(now):
        yield from _differing(place, _by_name(then), _by_name(now))
    elif then != now or type(then) is not type(now):
        yield f"{place}: {_short(then)} in the bundle, {_short(now)} here"


def _blocks(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(block, dict) for block in value)


def _by_name(blocks) -> dict[str, dict]:
    """The blocks by what they are called; of a name that several have, the later ones with their place."""
    named: dict[str, dict] = {}
    for place, block in enumerate(blocks, start=1):
        name = _name(block)
        named[name if name and name not in named else f"{name} number {place}".strip()] = block
    return named


def _name(block: dict) -> str:
    return next((str(block[key]) for key in NAMES if key in block), "")


def _short(value: object) -> str:
    if value is None:
        return NOTHING
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
