"""Reference numbers on file: each case has an input and what R answered.

`<chapter>_reference.json` is made by `make_<chapter>_reference.R`, and `r_reference.json` by `make_r_reference.R`
(beside this file; R 4.2.2, survival 3.5-3, cmprsk 2.2-11). null means not estimable or not reached.
"""

import json
import math
from pathlib import Path

HERE = Path(__file__).parent
CLOSED_FORM = {"rel": 1e-9, "abs": 1e-9, "nan_ok": True}
ROOT_FOUND = {"rel": 1e-6, "abs": 1e-6, "nan_ok": True}


def general_cases(method: str) -> list[dict]:
    """The cases of one method in r_reference.json."""
    cases = json.loads((HERE / "r_reference.json").read_text(encoding="utf-8"))["cases"]
    return [case for case in cases if case["method"] == method]


def interim_cases(prefix: str) -> dict[str, dict]:
    """The cases of interim_reference.json whose name starts with `prefix`."""
    return chapter_cases("interim", prefix)


def chapter_cases(chapter: str, prefix: str) -> dict[str, dict]:
    """The cases of `<chapter>_reference.json` whose name starts with `prefix`."""
    cases = json.loads((HERE / f"{chapter}_reference.json").read_text(encoding="utf-8"))["cases"]
    return {name: case for name, case in cases.items() if name.startswith(prefix)}


def numbers(value) -> list[float]:
    """A JSON value as numbers: null is NaN, "Inf" is infinite, a single number is a list of one."""
    values = value if isinstance(value, list) else [value]
    return [math.nan if v is None else float(v) for v in values]
