"""What a whole report holds: every output that may leave, in sections, and the number of each."""

from collections.abc import Iterable
from dataclasses import dataclass

from analysis.adam import AnalysisData
from outputs.catalogue import CATALOGUE
from outputs.entry import NOTHING, Entry
from outputs.output import View
from outputs.slide import Slide
from reports.plan import population_of


@dataclass(frozen=True)
class Section:
    """A section of the catalogue with its name to read and the chapter in which its tables are numbered."""

    id: str
    title: str
    chapter: str


SECTIONS = (  # the chapters are those of ICH E3, section 14
    Section("trial", "Trial and participants", "14.1"),
    Section("efficacy", "Efficacy", "14.2"),
    Section("observational", "Arms not randomised", "14.2"),
    Section("safety", "Safety", "14.3"),
)
OTHERS = "14.4"  # a section that is not named above
NOT_RANDOMISED = "observational"


def section_of(output: str) -> Section:
    """The section in which an output is reported."""
    found = CATALOGUE[output].section
    return {section.id: section for section in SECTIONS}.get(
        found, Section(found, found.capitalize(), OTHERS)
    )


def all_slides(
    data: AnalysisData,
    *,
    population: str | None = None,
    endpoint: str | None = None,
    filters: tuple[tuple[str, tuple[str, ...]], ...] = (),
) -> list[Slide]:
    """Every output that may leave, in the order of the catalogue.

    `population` is FAS and in the safety section SAF, `endpoint` the study's leading one, unless they are given.
    Outputs of arms that were not randomised are left out where the arms were.
    """
    code = endpoint or data.definition.leading.paramcd
    randomised = data.definition.design != "nonrandomized"
    return [
        Slide(entry.id, View(population or population_of(entry.id), code, filters), show="both")
        for entry in _leaving()
        if not (randomised and entry.section == NOT_RANDOMISED)
    ]


def _leaving() -> list[Entry]:
    return [entry for entry in CATALOGUE.values() if entry.leaving != NOTHING]


def numbers(slides: Iterable[Slide]) -> list[str]:
    """The number of each slide's table, "14.2.3"; its figure has the same.

    The place of the output among all of its chapter, so that it has one number in every study, at every cut; a second
    view of the same output gets a fourth part: "14.2.3.2".
    """
    own = _own_numbers()
    seen: dict[str, int] = {}
    told = []
    for slide in slides:
        seen[slide.output] = seen.get(slide.output, 0) + 1
        again = f".{seen[slide.output]}" if seen[slide.output] > 1 else ""
        told.append(own.get(slide.output, slide.output) + again)
    return told


def _own_numbers() -> dict[str, str]:
    counted: dict[str, int] = {}
    own = {}
    for entry in _leaving():
        chapter = section_of(entry.id).chapter
        counted[chapter] = counted.get(chapter, 0) + 1
        own[entry.id] = f"{chapter}.{counted[chapter]}"
    return own
