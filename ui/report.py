"""The report as files on a page: built on the click from what the readers have built already, kept nowhere."""

from collections.abc import Callable, Sequence

from analysis.cut_steps import CutComparison
from outputs.catalogue import option_names
from outputs.output import Output
from outputs.slide import Slide
from reports.contents import all_slides
from reports.export import file_stem
from reports.report_files import report_bytes
from trialdata.errors import StudyDataError
from ui.session import Reading, cuts, load
from ui.show import XLSX, Offer

ICON = ":material/download:"
TWO_CUTS = "since"
FILES = {  # ending: label, what the file is called, kind
    "html": ("Report, HTML", "report", "text/html"),
    "rtf": ("Tables, RTF", "tables", "application/rtf"),
    "xlsx": ("All results, XLSX", "results", XLSX),
    "csv": ("Results in long form, CSV", "results_long", "text/csv"),
    "json": ("Results in long form, JSON", "results_long", "application/json"),
}


def report_files(reading: Reading, *, pins: Sequence[Slide] = ()) -> list[Offer]:
    """A file of every output that may leave for each format, with the endpoint and filters of the sidebar.

    `pins` stand first in it, with their comments. Nothing is built before the click.
    """
    return [_offer(reading, ending, pins) for ending in FILES]


def _offer(reading: Reading, ending: str, pins: Sequence[Slide]) -> Offer:
    label, what, mime = FILES[ending]

    def content() -> bytes:
        view = reading.view
        population = None if view.population == "FAS" else view.population
        slides = all_slides(
            reading.data, population=population, endpoint=view.endpoint or None, filters=view.filters
        )
        return report_bytes(ending, reading.data, slides, pins=pins, built=_built(reading))

    name = f"{file_stem(reading.data, what)}.{ending}"
    return Offer(label, name, mime, content, f"report-{ending}", ICON)


def _built(reading: Reading) -> Callable[[Slide], Output]:
    """The output of a slide as the pages have it; one about two cuts is compared with the cut before."""
    known: list[CutComparison | None] = []

    def built(slide: Slide) -> Output:
        options: dict[str, object] = dict(slide.options)
        if TWO_CUTS in option_names(slide.output):
            known.extend([] if known else [_since_cut_before(reading)])
            options[TWO_CUTS] = known[0]
        return reading.loaded.block(slide.output, slide.view, **options).output

    return built


def _since_cut_before(reading: Reading) -> CutComparison | None:
    """The comparison with the cut before; None at the first cut, or where the one before is refused."""
    study = reading.data.study
    earlier = [cut for cut in study.cuts if cut < study.cut]
    if not earlier:
        return None
    try:
        before = load(study.definition, max(earlier), among=cuts(study.definition), as_accepted=True)
    except StudyDataError:
        return None
    return reading.loaded.since(before)
