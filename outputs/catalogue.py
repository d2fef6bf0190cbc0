"""The list of all outputs: a page, a slide and a command-line name come from it."""

import dataclasses
import inspect
from collections.abc import Iterable
from functools import cache

from analysis.adam import AnalysisData
from outputs.entry import Entry
from outputs.output import Output, View
from outputs.sections import efficacy, observational, participants, safety, trial

_ENTRIES = (*trial.ENTRIES, *efficacy.ENTRIES, *observational.ENTRIES, *safety.ENTRIES, *participants.ENTRIES)

OF_PARTICIPANTS = ("usubjid", "usubjids")  # options that name somebody: kept out of file names and titles

CATALOGUE: dict[str, Entry] = {entry.id: entry for entry in _ENTRIES}


def build(output_id: str, data: AnalysisData, view: View, **options: object) -> Output:
    """The output of that id, with what was chosen for it; KeyError for an id that is not in the catalogue.

    It has a chart only where there is something to show.
    """
    output = CATALOGUE[output_id].build(data, view, **options)
    chosen = tuple(
        (name, str(value))
        for name, value in options.items()
        if name not in OF_PARTICIPANTS and value is not None
    )
    chart = None if output.empty or output.chart is None else cache(output.chart)
    return dataclasses.replace(output, options=chosen, chart=chart)


def option_names(output_id: str) -> list[str]:
    """What can be chosen for one output beyond population, endpoint and filters."""
    parameters = inspect.signature(CATALOGUE[output_id].build).parameters.values()
    return [p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.name != "usubjid"]


def beyond_defaults(output_id: str, options: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What was chosen for one output, by name, without what it does anyway."""
    anyway = _defaults(output_id)
    return sorted((name, value) for name, value in options if anyway.get(name) != value)


@cache
def _defaults(output_id: str) -> dict[str, str]:
    parameters = inspect.signature(CATALOGUE[output_id].build).parameters
    return {name: str(parameters[name].default) for name in option_names(output_id)}


def is_about_one(output_id: str) -> bool:
    """Whether the output is about one participant, named as `usubjid`."""
    return "usubjid" in inspect.signature(CATALOGUE[output_id].build).parameters


def is_about_two_cuts(output_id: str) -> bool:
    """Whether the output compares with an earlier data cut, given as `since`."""
    return "since" in inspect.signature(CATALOGUE[output_id].build).parameters
