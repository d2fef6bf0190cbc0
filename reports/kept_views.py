"""A view as it is kept in the register or a bundle: written as JSON, and read only where this cut can show it."""

import json

from analysis.adam import AnalysisData
from analysis.populations import population_labels
from outputs.catalogue import CATALOGUE, OF_PARTICIPANTS, is_about_two_cuts, option_names
from outputs.output import View
from outputs.slide import SHOWN_AS, Slide
from reports.plan import refused
from trialdata.errors import StudyDataError


def may_be_kept(output: str) -> bool:
    """Whether an output may leave."""
    return output in CATALOGUE and not refused(output)


def may_be_bundled(output: str) -> bool:
    """Whether an output may leave and rests on one data cut alone, as a bundle does."""
    return may_be_kept(output) and not is_about_two_cuts(output)


def slide_dict(slide: Slide) -> dict:
    """A slide as JSON has it, without its note."""
    return {
        "output": slide.output,
        "population": slide.view.population,
        "endpoint": slide.view.endpoint,
        "filters": {column: list(levels) for column, levels in slide.view.filters},
        "options": dict(slide.options),
        "show": slide.show,
    }


def slide_text(slide: Slide) -> str:
    """The same slide is the same text."""
    return json.dumps(slide_dict(slide), ensure_ascii=False, sort_keys=True)


def read_slide(kept: object, note: str = "") -> Slide:
    """The slide in a text, or the object that it stands for; StudyDataError for anything else."""
    try:
        said = json.loads(kept) if isinstance(kept, str) else kept
        filters = tuple((column, tuple(map(_text, levels))) for column, levels in said["filters"].items())
        options = tuple((name, _text(value)) for name, value in said["options"].items())
        view = View(_text(said["population"]), _text(said["endpoint"]), filters)
        show = said["show"] if said["show"] in SHOWN_AS else SHOWN_AS[0]
        return Slide(_text(said["output"]), view, options, show, note)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise StudyDataError(
            "A kept view: found something else than output, population, endpoint, filters and options."
        ) from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def refuse_unfit(data: AnalysisData, slide: Slide) -> None:
    """StudyDataError where the view may not be kept, or this study does not have it."""
    if slide.output not in CATALOGUE:
        raise StudyDataError(f'There is no output "{slide.output[:60]}" in this version.')
    if not may_be_kept(slide.output):
        raise StudyDataError(
            f"{slide.output} is {refused(slide.output)}: it is neither pinned nor in a bundle."
        )
    definition, view = data.definition, slide.view
    _among(view.population, list(population_labels(definition, data.adsl)), "analysis set")
    if view.endpoint:
        _among(view.endpoint, [endpoint.paramcd for endpoint in definition.endpoints], "endpoint")
    for column, _ in view.filters:
        _among(column, [subgroup.column for subgroup in definition.subgroups], "subgroup")
    for name, _ in slide.options:
        known = [known for known in option_names(slide.output) if known not in OF_PARTICIPANTS]
        _among(name, known, f"option of {slide.output}")


def _among(value: str, known: list[str], what: str) -> None:
    if value not in known:
        raise StudyDataError(
            f'There is no {what} "{value[:60]}" in this study; it has {", ".join(known) or "none"}.'
        )
