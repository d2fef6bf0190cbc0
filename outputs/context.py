"""What is said of everything that is shown: of which study, cut and set it is, and what holds for it."""

from analysis.adam import AnalysisData
from analysis.populations import population_labels
from charts.format import date_text
from outputs.basis import Basis
from outputs.confidentiality import confidentiality
from outputs.output import View
from outputs.wording import lowered


def context_words(data: AnalysisData, view: View) -> str:
    """ "NCT07057778 · data cut 2 of 3, 31 Dec 2026 · full analysis set", and the filter where there is one."""
    population = population_labels(data.definition, data.adsl).get(view.population, view.population)
    filtered = [f"only {Basis(data, view).filter_words}"] if view.filters else []
    return " · ".join([cut_words(data), lowered(population), *filtered])


def cut_words(data: AnalysisData) -> str:
    """ "NCT07057778 · data cut 2 of 3, 31 Dec 2026"."""
    return f"{study_words(data)} · {place_of_cut(data)}"


def study_words(data: AnalysisData) -> str:
    """The registry number, else the name of the study."""
    return data.definition.registry or data.definition.studyid


def place_of_cut(data: AnalysisData) -> str:
    """ "data cut 2 of 3, 31 Dec 2026"."""
    study = data.study
    return f"data cut {study.cuts.index(study.cut) + 1} of {len(study.cuts)}, {date_text(study.cut)}"


def marks(data: AnalysisData) -> list[str]:
    """What holds for every number of this study at this cut, the most important first."""
    definition = data.definition
    pooled = data.study.view == "pooled"
    told = [
        ("Synthetic data", definition.synthetic),
        (confidentiality(data), True),
        ("Arms not randomised", definition.design == "nonrandomized" and not pooled),
        ("Pooled view: arms are not shown", pooled),
    ]
    return [words for words, holds in told if holds and words]
