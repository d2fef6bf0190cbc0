"""Outputs as pictures: the slide of each figure as SVG or PNG, drawn by a Chromium that is there already.

One browser draws all of them. It gets plotly.js from this machine, and a proxy that does not exist: it cannot reach
the network.
"""

import asyncio
import logging
import os
import re
import shutil
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from choreographer.errors import BrowserFailedError, ChromeNotFoundError
from kaleido import Kaleido, PageGenerator

from analysis.adam import AnalysisData
from outputs.drawing import drawn
from outputs.slide import Slide
from outputs.slide_figure import has_figure, slide_figure
from reports.shown import Built, Progress, Shown, show_all
from trialdata.errors import StudyDataError

PICTURES = {"svg": 1.0, "png": 2.0}  # format, and pixels of the file for each of the slide
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
NOWHERE = "127.0.0.1:9"  # the port that discards
LARGER = 1.6  # times the size on a page: what is read from paper
SECONDS = 60  # for one picture
NO_BROWSER = (
    "There is no Chromium to draw pictures with: install Chromium or Google Chrome "
    "(on Debian: apt install chromium fonts-liberation), or let BROWSER_PATH name one."
)
Take = Callable[[Any], bytes]


def browser() -> Path | None:
    """The Chromium or Chrome that draws: the one BROWSER_PATH names, else the first on PATH."""
    named = os.environ.get("BROWSER_PATH")
    if named:
        return Path(named) if os.access(named, os.X_OK) and Path(named).is_file() else None
    return next((Path(path) for name in BROWSERS if (path := shutil.which(name))), None)


def pictures(
    data: AnalysisData,
    slides: Iterable[Slide],
    kind: str = "svg",
    *,
    progress: Progress | None = None,
    built: Built | None = None,
) -> Iterator[tuple[Shown, bytes]]:
    """Every slide that has a figure and something to show, in order, with its picture of 1600 x 900 pixels.

    SVG, or PNG of twice as many pixels. StudyDataError where there is no browser.
    """
    with camera(kind) as take:
        for shown in show_all(data, slides, progress=progress, built=built):
            if has_figure(shown.output):
                yield shown, take(framed(shown))


def framed(shown: Shown, *, size: float = 1.0) -> Any:
    """The slide of a figure, with everything that must be said beside it, 1600 x 900 pixels times `size`."""
    return slide_figure(
        shown.output,
        headline=shown.headline,
        line=shown.line,
        notes=shown.notes,
        context=shown.context,
        marks=shown.marks,
        code=shown.code,
        size=size,
    )


def figures_of(all_shown: Iterable[Shown]) -> dict[str, bytes]:
    """The figure alone of everything shown that has one, as PNG by its code, for a page that says the rest itself."""
    with camera("png") as take:
        return {
            shown.code: take(drawn(shown.output, "print", times=LARGER))
            for shown in all_shown
            if has_figure(shown.output)
        }


@contextmanager
def camera(kind: str = "svg") -> Iterator[Take]:
    """A browser that makes pictures of plotly figures (or their dicts) of any size, for as long as the block lasts.

    StudyDataError where there is no browser, or it does not start.
    """
    path = browser()
    if path is None:
        raise StudyDataError(NO_BROWSER)
    with _loop_of_its_own() as run:
        try:
            drawing = run(_opened(path))
        except (BrowserFailedError, ChromeNotFoundError, OSError):
            raise StudyDataError(f"{path} does not start: expected a working Chromium or Chrome.") from None
        options: Any = {"format": kind, "scale": PICTURES[kind]}
        try:
            yield lambda figure: the_same(run(drawing.calc_fig(figure, options)))
        finally:
            run(drawing.close())


@contextmanager
def _loop_of_its_own() -> Iterator[Callable[[Coroutine], Any]]:
    """What runs a coroutine to its end, in a thread apart: whoever asks may have an event loop already."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        runner = asyncio.Runner()
        try:
            yield lambda work: thread.submit(runner.run, work).result()
        finally:
            thread.submit(runner.close).result()


def the_same(picture: bytes) -> bytes:
    """An SVG whose inner names do not differ each time it is drawn; any other picture as it is."""
    drawn_as = re.search(rb'id="defs-([0-9a-f]{6})"', picture)
    if drawn_as is None:
        return picture
    return re.sub(rb'(id="|#)([\w-]+?)' + drawn_as[1], rb"\1\2figure", picture)


async def _opened(path: Path) -> Kaleido:
    logging.getLogger("choreographer").setLevel(logging.ERROR)  # what stops us is said in our own words
    drawing = Kaleido(
        n=1,
        timeout=SECONDS,
        page_generator=PageGenerator(mathjax=False),
        path=path,
        proxy_server=NOWHERE,
        enable_sandbox=not _is_root(),
    )
    await drawing.open()
    return drawing


def _is_root() -> bool:
    """A Chromium of the root user refuses to start in a sandbox."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
