"""What a whole report or bundle holds: every output that may leave."""

from analysis.adam import AnalysisData
from outputs.catalogue import CATALOGUE
from outputs.entry import NOTHING
from outputs.output import View
from outputs.slide import Slide
from reports.plan import SAFETY

NOT_RANDOMISED = "observational"


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
        Slide(
            entry.id,
            View(population or (SAFETY if entry.section == "safety" else "FAS"), code, filters),
            show="both",
        )
        for entry in CATALOGUE.values()
        if entry.leaving != NOTHING and not (randomised and entry.section == NOT_RANDOMISED)
    ]
