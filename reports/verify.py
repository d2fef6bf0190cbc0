"""A bundle verified: every exported number computed again from the data cut, and compared to the last digit."""

import datetime
import importlib.metadata
import json
import math
import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.adam import AnalysisData, derive
from outputs.slide import Slide, view_code
from outputs.small_cells import SETTING, smallest_cell
from reports.bundle import COMPUTING, document
from reports.bundle_files import members, problems_of_files, read_documents, read_manifest
from reports.kept_views import read_slide, refuse_unfit
from reports.shown import Progress, show_all
from reports.toml_differences import toml_differences
from trialdata.cut_hashes import cells_of
from trialdata.errors import StudyDataError
from trialdata.store import store_of
from trialdata.study import Study, find_study, load_study
from trialdata.version import version

TOLD = ("title", "headline", "detail", "footnotes")  # texts that hold numbers
COLUMNS = ["output", "code", "row", "column", "in_bundle", "now"]
MISSING = "(missing)"


@dataclass(frozen=True, eq=False)
class Verification:
    """What came out. `differences` has a row per value that differs: output, code, row from 1, column, in_bundle, now.

    `problems` say why the bundle, or what it rests on, is not as it was; `warnings` what may explain a difference.
    `numbers` were compared in so many `outputs`.
    """

    manifest: Mapping[str, Any]
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    differences: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))
    outputs: int = 0
    numbers: int = 0

    @property
    def identical(self) -> bool:
        return not self.problems and self.differences.empty


def verify(
    bundle: bytes, root: Path, *, tolerance: float = 0.0, progress: Progress | None = None
) -> Verification:
    """The ZIP of a bundle against the data cut in `root`; StudyDataError where it is no bundle."""
    return verify_files(members(bundle), root, tolerance=tolerance, progress=progress)


def verify_files(
    files: Mapping[str, bytes], root: Path, *, tolerance: float = 0.0, progress: Progress | None = None
) -> Verification:
    """The files of a bundle, as `verify` has them.

    Two numbers are the same when they differ by no more than `tolerance`, times their size where it is above 1.
    """
    manifest = read_manifest(files)
    problems = problems_of_files(files, manifest)
    documents = read_documents(files, problems)
    warnings = [*_other_software(manifest)]
    study = _study(manifest, files, root, problems, warnings)
    if study is None:
        return Verification(manifest, tuple(problems), tuple(warnings))
    data = derive(study)
    slides = _slides(data, documents, study.content_hash == manifest["cut"]["content_hash"], problems)
    rows: list[tuple] = []
    numbers = 0
    for code, now in _now(data, slides, problems, progress):
        then = documents[code]
        rows += [(then["output"], code, *found) for found in _differences(then, now, tolerance)]
        numbers += sum(map(_is_number, (value for row in then["results"] for value in row.values())))
    found = pd.DataFrame(rows, columns=COLUMNS, dtype=object)
    return Verification(manifest, tuple(problems), tuple(warnings), found, len(slides), numbers)


def _other_software(manifest: Mapping[str, Any]) -> Iterator[str]:
    packages = manifest.get("packages")
    then = {"this software": manifest["version"], "Python": manifest.get("python"), **(packages or {})}
    now = {"this software": version(), "Python": platform.python_version()}
    now |= {name: importlib.metadata.version(name) for name in COMPUTING}
    for name, here in now.items():
        if then.get(name) != here:
            yield f"The bundle was made with {name} {then.get(name)}, this is {here}."


def _study(
    manifest: Mapping[str, Any],
    files: Mapping[str, bytes],
    root: Path,
    problems: list[str],
    warnings: list[str],
) -> Study | None:
    """The study at the cut of the bundle; None, and a problem that says why, where it is not there as it was."""
    try:
        _refuse_other_settings(manifest)
        definition = find_study(root, manifest["study"])
        if definition.content_hash != manifest["definition"]["sha256"]:
            changed = _changed_definition(files, definition.text)
            if changed:
                raise StudyDataError("\n".join(changed))
            warnings.append("The study definition is written in another way and says the same.")
        study = load_study(root, definition.name, _cut(manifest, root), view=manifest["view"])
    except StudyDataError as error:
        problems.extend(str(error).splitlines())
        return None
    cut = manifest["cut"]
    same_cells = cut.get("cells") and cut["cells"] == cells_of(root, study)
    if study.content_hash != cut["content_hash"] and not same_cells:
        problems.append(
            f"Data cut {study.cut}: found another content (hash {study.content_hash[:12]}), expected the one of the "
            f"bundle ({cut['content_hash'][:12]}); nothing was computed: take the data that the bundle was made of."
        )
        return None
    return replace(study, cuts=tuple(map(datetime.date.fromisoformat, cut["cuts"])))


def _refuse_other_settings(manifest: Mapping[str, Any]) -> None:
    if manifest["view"] not in ("true", "pooled"):
        raise StudyDataError("manifest.json: found another view than true or pooled.")
    if manifest["view"] == "true" and (os.environ.get("ITP_VIEW") or "true") != "true":
        raise StudyDataError(
            "The bundle shows the arms, and ITP_VIEW is pooled here: it is verified without."
        )
    smallest = manifest["settings"].get(SETTING)
    if smallest != smallest_cell():
        raise StudyDataError(
            f"The bundle was made with {SETTING} = {smallest}, here it is {smallest_cell()}; set it to the same."
        )


def _cut(manifest: Mapping[str, Any], root: Path) -> datetime.date:
    """The date of the cut; StudyDataError where it is none, or the cut was taken back."""
    cut = manifest["cut"]
    try:
        date = datetime.date.fromisoformat(cut["date"])
        dates = [datetime.date.fromisoformat(each) for each in cut["cuts"]]
    except ValueError:
        raise StudyDataError("manifest.json: found a date of a data cut that is none.") from None
    if date not in dates:
        raise StudyDataError("manifest.json: found a data cut that is not among its data cuts.")
    store = store_of(root)
    for kept in store.all_cuts() if store else []:
        if kept.id == cut["content_hash"] and not kept.standing:
            raise StudyDataError(f"Data cut {date} was retired on {kept.retired}: {kept.reason}")
    return date


def _changed_definition(files: Mapping[str, bytes], text: str) -> list[str]:
    """Which values of the definition differ; of a bundle without one, that they do."""
    if "definition.toml" not in files:
        return ["The study definition is another one than that of the bundle; nothing was computed."]
    changed = toml_differences(files["definition.toml"].decode("utf-8", "replace"), text)
    return [f"Study definition, {each}; nothing was computed." for each in changed]


def _slides(
    data: AnalysisData, documents: Mapping[str, dict], same_hash: bool, problems: list[str]
) -> dict[str, Slide]:
    """The views that can be computed again, by code."""
    slides = {}
    for code, said in documents.items():
        try:
            slide = read_slide(said["slide"])
            refuse_unfit(data, slide)
        except StudyDataError as error:
            problems.append(f"{said['output'][:60]} ({code}): {error}")
            continue
        if slide.output != said["output"] or (same_hash and view_code(data, slide) != code):
            problems.append(f"{said['output'][:60]} ({code}): its code belongs to another view.")
        slides[code] = slide
    return slides


def _now(
    data: AnalysisData, slides: Mapping[str, Slide], problems: list[str], progress: Progress | None
) -> Iterator[tuple[str, dict]]:
    """Each view as a bundle would hold it now."""
    for done, (code, slide) in enumerate(slides.items()):
        if progress:
            progress(done, len(slides))
        try:
            (shown,) = show_all(data, [slide])
            yield code, json.loads(document(data, shown))
        except (StudyDataError, ValueError, LookupError) as error:
            said = str(error) if isinstance(error, StudyDataError) else "an option was not understood."
            problems.append(f"{slide.output} ({code}): cannot be computed: {said}")
    if progress:
        progress(len(slides), len(slides))


def _differences(then: Mapping, now: Mapping, tolerance: float) -> Iterator[tuple]:
    """(row, column, in the bundle, now) of each value that differs."""
    for name in TOLD:
        if then.get(name) != now[name]:
            yield None, name, _written(then.get(name)), _written(now[name])
    before, after = then["results"], now["results"]
    if len(before) != len(after):
        yield None, "number of rows", len(before), len(after)
    for number, (old, new) in enumerate(zip(before, after, strict=False), start=1):
        for name in dict.fromkeys([*old, *new]):
            values = old.get(name, MISSING), new.get(name, MISSING)
            if not _same(*values, tolerance):
                yield number, name, *map(_written, values)


def _same(then: object, now: object, tolerance: float) -> bool:
    if _is_number(then) and _is_number(now):
        distance = abs(then - now)  # type: ignore[operator]
        return distance == 0 or distance <= tolerance * max(1.0, abs(then))  # type: ignore[arg-type]
    return type(then) is type(now) and then == now


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _written(value: object) -> object:
    """A value as a cell: a list as its lines."""
    return "\n".join(map(str, value)) if isinstance(value, list) else value
