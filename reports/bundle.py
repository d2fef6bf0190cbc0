"""The bundle: one ZIP from which anyone who has the data cut can compute every exported number again.

docs/reference/meeting.md, section 6, says what is in it. The same input gives the same bytes.
"""

import hashlib
import importlib.metadata
import io
import json
import platform
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from analysis.adam import AnalysisData
from outputs.confidentiality import confidentiality
from outputs.output import View
from outputs.slide import Slide, view_code
from outputs.small_cells import SETTING, smallest_cell
from reports.bundle_texts import NOTICE, README, RECOMPUTE
from reports.contents import all_slides
from reports.export import as_csv, facts, json_text
from reports.kept_views import may_be_bundled, slide_dict
from reports.pins import pins_of
from reports.plan import Plan
from reports.shown import Progress, Shown, show_all
from trialdata.cut_hashes import cut_hashes
from trialdata.version import version

FORMAT = 1
SOFTWARE = Path(__file__).parents[1]
MANIFEST = "manifest.json"
LONG = "results.csv"
RESULTS = "results/"
PINNED = ("requirements.txt", "constraints.txt")
COMPUTING = ("numpy", "pandas", "scipy", "statsmodels")
EARLIEST = 1980  # of a time in a ZIP


def bundle_slides(data: AnalysisData, root: Path, plan: Plan | None, view: View | None = None) -> list[Slide]:
    """Every output that may leave, the plan and the pins, each view once.

    `view` is that of all outputs, by default the one of the study; outputs about two data cuts are left out.
    """
    chosen = (
        {"population": view.population, "endpoint": view.endpoint, "filters": view.filters} if view else {}
    )
    every = [*all_slides(data, **chosen), *(plan.slides if plan else ()), *pins_of(root, data)]
    return [slide for slide in every if may_be_bundled(slide.output)]


def build_bundle(
    data: AnalysisData,
    slides: Iterable[Slide],
    *,
    root: Path,
    plan: Plan | None = None,
    progress: Progress | None = None,
) -> bytes:
    """The ZIP of these views; StudyDataError for one that may not leave. `root` holds the data cut."""
    views = {view_code(data, slide): slide for slide in reversed(list(slides))}
    documents = {
        shown.code: document(data, shown)
        for shown in show_all(data, reversed(views.values()), progress=progress)
    }
    files = {f"{RESULTS}{code}.json": text.encode() for code, text in documents.items()}
    files[LONG] = long_csv(map(json.loads, documents.values())).encode()
    files |= {name: (SOFTWARE / name).read_bytes() for name in PINNED}
    files |= {"README.txt": README.encode(), "recompute.py": RECOMPUTE.encode()}
    if plan:
        files["plan.json"] = _json(plan_dict(data, plan))
    if data.study.view == "true":  # the pooled view names no arm, and the definition names all
        files["definition.toml"] = data.definition.text.encode()
    files[MANIFEST] = _json(manifest(data, root, files))
    return zipped(files, data.study.cut.timetuple()[:3])


def document(data: AnalysisData, shown: Shown) -> str:
    """One view as JSON: what it rests on, how to show it again, and every row of its results unrounded."""
    more = {"code": shown.code, "context": shown.context, "slide": slide_dict(shown.slide)}
    return json_text(
        facts(data, shown.slide.view, shown.output) | more, _by_unique_name(shown.output.results)
    )


def _by_unique_name(results: pd.DataFrame) -> pd.DataFrame:
    return results.rename(columns=str)


def long_csv(documents: Iterable[Mapping]) -> str:
    """Every number and text of all results, one row each: code, output, row from 1, name, value."""
    rows = [
        (said["code"], said["output"], number, name, value)
        for said in sorted(documents, key=lambda said: said["code"])
        for number, row in enumerate(said["results"], start=1)
        for name, value in row.items()
    ]
    return as_csv(pd.DataFrame(rows, columns=["code", "output", "row", "name", "value"], dtype=object))


def manifest(data: AnalysisData, root: Path, files: Mapping[str, bytes]) -> dict:
    """What the bundle rests on, and the SHA-256 of every other file in it."""
    study, definition = data.study, data.definition
    return {
        "format": FORMAT,
        "study": definition.studyid,
        "registry": definition.registry,
        "title": definition.title,
        "synthetic": definition.synthetic,
        "confidentiality": confidentiality(data),
        "notice": NOTICE,
        "cut": {
            "date": str(study.cut),
            "cuts": [str(cut) for cut in study.cuts],
            "content_hash": study.content_hash,
            **cut_hashes(root, study),
        },
        "definition": {"file": f"studies/{definition.name}.toml", "sha256": definition.content_hash},
        "view": study.view,
        "settings": {SETTING: smallest_cell()},
        "version": version(),
        "python": platform.python_version(),
        "packages": {name: importlib.metadata.version(name) for name in COMPUTING},
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
    }


def plan_dict(data: AnalysisData, plan: Plan) -> dict:
    """The plan in order, each slide with its code."""
    slides = [
        {"code": view_code(data, slide), **slide_dict(slide), "note": slide.note} for slide in plan.slides
    ]
    return {"title": plan.title, "slides": slides}


def _json(said: dict) -> bytes:
    return json.dumps(said, ensure_ascii=False, indent=2, allow_nan=False).encode() + b"\n"


def zipped(files: Mapping[str, bytes], day: tuple[int, ...]) -> bytes:
    """The files by name, all of one day: the same files are the same bytes."""
    content = io.BytesIO()
    year, month, day_of_month = day
    with zipfile.ZipFile(content, "w") as archive:
        for name, file in sorted(files.items()):
            info = zipfile.ZipInfo(name, (max(year, EARLIEST), month, day_of_month, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            info.external_attr = 0o600 << 16
            archive.writestr(info, file)
    return content.getvalue()
