"""The deck of a study at one data cut (PPTX)."""

from analysis.adam import AnalysisData
from reports.deck.opening import add_opening, title_of
from reports.deck.packing import packed
from reports.deck.pictures import pictures_for
from reports.deck.slides import add_slides
from reports.deck.template import open_template
from reports.plan import Plan
from reports.shown import Built, Progress, show_all


def build_deck(
    data: AnalysisData,
    plan: Plan,
    *,
    template: bytes | None = None,
    progress: Progress | None = None,
    built: Built | None = None,
) -> bytes:
    """The bytes of the .pptx file: a title slide, then the slides of the plan in order.

    `template`: the .pptx file of a sponsor, whose layouts, size and fonts are taken. `built` gives the output of a
    slide where somebody has built it already. StudyDataError for a template that cannot be used, or an output that
    is in no deck.
    """
    opened = open_template(template)
    add_opening(opened, data, plan)
    everything = list(show_all(data, plan.slides, progress=progress, built=built))
    pictures = pictures_for(everything)
    for shown in everything:
        add_slides(opened, shown, pictures.get(shown.code))
    definition = data.definition
    subject = " ".join(part for part in (definition.studyid, definition.registry) if part)
    return packed(opened.deck, title=title_of(data, plan), subject=subject, day=data.study.cut)
