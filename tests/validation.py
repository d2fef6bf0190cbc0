"""The page Validation: what each method was compared with, and the largest deviation found by the tests.

`make validation` runs tests/reference and writes docs/reference/validation.md; a run of all tests fails where
the page names other comparisons than were made.
"""

import dataclasses
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs/reference/validation.md"
HEAD = """# Validation

What every statistical method was compared with, written by the tests in `tests/reference/` (`make validation`).

A deviation is relative, or absolute where the reference number is below 1; a test fails above its tolerance.
"Largest deviation" is rounded up to a power of ten; "equal" is below 1e-15, the last binary digit.
The R scripts and their output stand beside the tests; `make reference` runs them again where R is installed.
How each method is defined: [methods](methods.md).
"""


@dataclass(frozen=True)
class Comparison:
    """One number, or one set of numbers, of ours held against one from outside."""

    chapter: str
    method: str
    code: str
    against: str
    tolerance: float
    deviation: float

    def as_dict(self) -> dict:
        return dataclasses.asdict(self)


def deviation(ours, theirs) -> float:
    """The largest deviation of any number, relative or absolute below 1; infinite where one has no answer."""
    mine, reference = _flat(ours), _flat(theirs)
    if len(mine) != len(reference):
        raise ValueError(f"{len(mine)} numbers against {len(reference)}")
    return max((_deviation(a, b) for a, b in zip(mine, reference, strict=True)), default=math.inf)


def _flat(value) -> list[float]:
    if isinstance(value, int | float) or not hasattr(value, "__iter__"):
        return [math.nan if value is None else float(value)]
    return [number for part in value for number in _flat(part)]


def _deviation(ours: float, theirs: float) -> float:
    if math.isnan(ours) or math.isnan(theirs):
        return 0.0 if math.isnan(ours) and math.isnan(theirs) else math.inf
    if math.isinf(ours) or math.isinf(theirs):
        return 0.0 if ours == theirs else math.inf
    return abs(ours - theirs) / max(1.0, abs(theirs))


def page(comparisons: Iterable[Comparison]) -> str:
    """The page: a table per chapter, a row per method, code and reference."""
    groups: dict[tuple, list[Comparison]] = {}
    for c in comparisons:
        groups.setdefault((c.chapter, c.method, c.code, c.against), []).append(c)
    lines, chapter = [HEAD], ""
    for (of_chapter, method, code, against), group in sorted(groups.items()):
        if of_chapter != chapter:
            chapter = of_chapter
            lines.append(f"## {chapter.capitalize()}\n")
            lines.append("| Method | Code | Compared with | Comparisons | Largest deviation | Tolerance |")
            lines.append("|---|---|---|---|---|---|")
        tolerance = max(c.tolerance for c in group)
        largest = power_of_ten(max(c.deviation for c in group))
        lines.append(f"| {method} | {code} | {against} | {len(group)} | {largest} | {tolerance:g} |")
        following = [key for key in sorted(groups) if key > (of_chapter, method, code, against)]
        if following and following[0][0] != chapter:
            lines.append("")
    return "\n".join(lines) + "\n"


def power_of_ten(value: float) -> str:
    """The deviation rounded up to a power of ten, so that the last digits of a machine do not change the page."""
    return "equal" if value < 1e-15 else f"1e{math.ceil(math.log10(value)):d}"


def rows(text: str) -> set[tuple[str, ...]]:
    """(method, code, compared with, comparisons, tolerance) of each row: what does not depend on the machine."""
    cells = [re.split(r"\s*\|\s*", line.strip("| ")) for line in text.splitlines() if line.startswith("| ")]
    return {(*row[:4], row[5]) for row in cells if row[0] != "Method"}
