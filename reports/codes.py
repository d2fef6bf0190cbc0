"""A code found again: which view of a data cut it stands for."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from analysis.adam import AnalysisData
from analysis.populations import population_labels
from outputs.catalogue import CATALOGUE, beyond_defaults
from outputs.output import View
from outputs.slide import ALPHABET, LENGTH, Slide, view_code
from reports.kept_views import may_be_kept, read_slide, refuse_unfit, slide_text
from reports.pins import of, pins_of, rows
from reports.plan import default_plan, plan_of
from trialdata.errors import StudyDataError
from trialdata.store import open_store, store_of


def read_code(text: str) -> str:
    """ "k7qd2m4x" as "K7QD-2M4X"; empty where it cannot be a code."""
    letters = re.sub(r"[\s\-–—]", "", text).upper()
    if len(letters) != LENGTH or not set(letters) <= set(ALPHABET):
        return ""
    return f"{letters[:4]}-{letters[4:]}"


def find_slide(data: AnalysisData, code: str, root: Path) -> Slide | None:
    """The view of this data cut that has the code; None where it is of another cut, study or view.

    Looked for in the codes that were kept, the pins, the plan, and every output with every analysis set and endpoint
    as it is without a choice. Nothing is built.
    """
    code = read_code(code)
    if not code:
        return None
    kept_slide = _remembered(data, code, root)
    if kept_slide:
        return kept_slide
    return next((slide for slide in _known(data, root) if view_code(data, slide) == code), None)


def remember(root: Path, data: AnalysisData, slides: Iterable[Slide]) -> None:
    """Keep the codes of views that leave; one that `find_slide` finds anyway needs no keeping.

    It never fails: where the register cannot be written, the code of such a view is not found again.
    """
    codes = {
        view_code(data, slide): slide_text(slide)
        for slide in slides
        if may_be_kept(slide.output) and (slide.view.filters or beyond_defaults(slide.output, slide.options))
    }
    if not codes:
        return
    with suppress(StudyDataError, OSError):
        rows().remember(open_store(root), of(data), codes)


def _remembered(data: AnalysisData, code: str, root: Path) -> Slide | None:
    try:
        store = store_of(root)
        text = rows().remembered(store, of(data), code) if store else None
        slide = read_slide(text) if text else None
        if slide:
            refuse_unfit(data, slide)
    except StudyDataError:
        return None
    return slide if slide and view_code(data, slide) == code else None


def _known(data: AnalysisData, root: Path) -> Iterator[Slide]:
    with suppress(StudyDataError):  # a register that cannot be read hides no view without a choice
        yield from pins_of(root, data)
    with suppress(StudyDataError):  # nor does a plan that cannot be read
        yield from plan_of(root, data).slides
    yield from default_plan(data).slides
    populations = list(population_labels(data.definition, data.adsl))
    endpoints = [endpoint.paramcd for endpoint in data.definition.endpoints]
    for output in filter(may_be_kept, CATALOGUE):
        for population in populations:
            yield from (Slide(output, View(population, endpoint)) for endpoint in endpoints)
