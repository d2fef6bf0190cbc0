"""Deck and report against two of their charts drawn as pictures by kaleido, one browser each: the same run."""

import functools
import gc
import statistics
import time
from collections.abc import Callable, Iterator

from analysis.adam import AnalysisData, derive
from benchmarks.measure import Ratio, median_seconds
from benchmarks.server import ROOT
from outputs.catalogue import CATALOGUE, build
from outputs.output import Output, View
from outputs.slide import Slide
from reports.contents import all_slides
from reports.deck.deck import build_deck
from reports.plan import Plan, default_plan
from reports.report_files import WRITERS, report_bytes
from trialdata.study import load_study

STUDIES = ("nct07057778", "nct04915482")
CHARTS = ("response_rates", "platelet_course")
SLIDES = 15
TIMES = 3
AGAINST = "two charts by one-shot kaleido"
FROM_OUTPUTS = 1.0  # of what the pages have built


def meeting_ratios() -> Iterator[Ratio]:
    """The deck from nothing, and every file from the outputs as a page holds them; the report from nothing is told."""
    for name in STUDIES:
        yield from _of_study(name, derive(load_study(ROOT, name)))


def _of_study(name: str, data: AnalysisData) -> Iterator[Ratio]:
    plan = Plan(default_plan(data).slides[:SLIDES])
    slides = all_slides(data)
    pictures = median_seconds(lambda: _two_pictures(data), times=TIMES)

    def ratio(measured: str, run, limit: float | None) -> Ratio:
        return Ratio(name, measured, AGAINST, median_seconds(run, times=TIMES), pictures, limit)

    for measured, run, limit in (
        (f"deck of {SLIDES} slides from nothing", lambda fresh: build_deck(fresh, plan), FROM_OUTPUTS),
        ("report from nothing, html", _report, None),
    ):
        yield Ratio(name, measured, AGAINST, _from_nothing(name, run), pictures, limit)
    made = {slide: _built(data, slide) for slide in (*plan.slides, *slides)}
    yield ratio("deck from its outputs", lambda: build_deck(data, plan, built=made.__getitem__), FROM_OUTPUTS)
    for ending in WRITERS:
        yield ratio(
            f"report from its outputs, {ending}",
            lambda ending=ending: report_bytes(ending, data, slides, built=made.__getitem__),
            FROM_OUTPUTS,
        )


def _from_nothing(name: str, run: Callable[[AnalysisData], object]) -> float:
    """Median seconds of a run on a cut that nobody has looked at; its derivation is not counted."""
    durations = []
    for _ in range(TIMES):
        for each in gc.get_objects():
            if isinstance(each, functools._lru_cache_wrapper):
                each.cache_clear()
        data = derive(load_study(ROOT, name))
        started = time.perf_counter()
        run(data)
        durations.append(time.perf_counter() - started)
    return statistics.median(durations)


def _report(data: AnalysisData) -> bytes:
    return report_bytes("html", data, all_slides(data), built=lambda slide: _built(data, slide))


def _built(data: AnalysisData, slide: Slide) -> Output:
    if slide.output.startswith(("cut_", "record_")):
        return build(slide.output, data, slide.view, since=None)
    return slide.built(data)


def _two_pictures(data: AnalysisData) -> None:
    for chart in CHARTS:
        figure = CATALOGUE[chart].build(data, View()).figure
        figure("print", False).to_image(format="png", width=1600, height=900)
