"""The deck plan: which outputs are shown at a meeting, in which order."""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.adam import AnalysisData
from outputs.catalogue import CATALOGUE
from outputs.output import View
from outputs.slide import Slide
from trialdata.definition import StudyDefinition

SAFETY = "SAF"


@dataclass(frozen=True)
class Plan:
    """The slides after the title, in order. `title` is empty where the study's title stands."""

    slides: tuple[Slide, ...]
    title: str = ""


def default_plan(data: AnalysisData) -> Plan:
    """The plan of a study that has none of its own."""
    endpoint = data.definition.leading.paramcd
    return Plan(
        tuple(
            Slide(output, View(population_of(output), endpoint), show=show)
            for output, show in _default(data.definition)
        )
    )


def population_of(output: str) -> str:
    """The analysis set of an output where the plan names none."""
    return SAFETY if CATALOGUE[output].section == "safety" else "FAS"


def _default(definition: StudyDefinition) -> Iterator[tuple[str, str]]:
    yield "design", "table"
    yield "status", "table"
    yield "participant_flow", "chart"
    yield "baseline_table", "table"
    yield "response_rates", "chart"
    if definition.design == "nonrandomized":
        yield "observational_balance", "chart"
        yield "adjusted_difference", "chart"
    if definition.historical:
        yield "historical_rate", "table"
    yield "standing", "chart"
    yield "response_by_visit", "chart"
    yield "platelet_course", "chart"
    yield "cumulative_response", "chart"
    yield "duration_of_response", "chart"
    yield "treatment_failure", "chart"
    if len(definition.arms) > 1:
        yield "subgroups", "chart"
    yield "bleeding_rates", "table"
    yield "adverse_overview", "table"
    yield "adverse_dots", "chart"
    yield "method", "table"
