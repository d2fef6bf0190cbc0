"""A rerun of every page over the websocket, against a blank page with garbage collection frozen."""

import statistics
import time

from benchmarks.measure import Ratio
from benchmarks.server import ROOT, serving
from benchmarks.session import Session

SLOWEST, MEDIAN = 8, 5
WARM_UPS, RERUNS = 3, 15
THINK_SECONDS = 0.15  # reruns back to back would measure queued messages instead of the page


def page_ratios() -> list[Ratio]:
    """One ratio per page, then the median page."""
    with (
        serving(ROOT / "benchmarks/apps/blank.py") as blank_port,
        serving(ROOT / "app.py") as port,
        Session(blank_port) as blank,
        Session(port) as session,
    ):
        blank.rerun()
        session.rerun()
        session.rerun("participant")
        session.choose_first("participant", "Participant")
        ratios = [page_ratio(session, blank, page) for page in list(session.pages)]
    return [*ratios, median_page(ratios)]


def page_ratio(session: Session, blank: Session, page: str) -> Ratio:
    ours, against = alternating_reruns(session, blank, page)
    return Ratio("page rerun", page or "start page", "blank page", ours, against, SLOWEST)


def median_page(ratios: list[Ratio]) -> Ratio:
    middle = sorted(ratios, key=lambda ratio: ratio.ratio)[len(ratios) // 2]
    return Ratio("page rerun", "median page", "blank page", middle.seconds, middle.against_seconds, MEDIAN)


def alternating_reruns(session: Session, blank: Session, page: str) -> tuple[float, float]:
    """Median seconds of the page and of the blank one, by turns, so that a busy machine slows both."""
    for _ in range(WARM_UPS):
        session.rerun(page)
        blank.rerun()
    ours, against = [], []
    for _ in range(RERUNS):
        time.sleep(THINK_SECONDS)
        ours.append(session.rerun(page))
        time.sleep(THINK_SECONDS)
        against.append(blank.rerun())
    return statistics.median(ours), statistics.median(against)
