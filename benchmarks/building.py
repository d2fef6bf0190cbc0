"""What another session feels while a report is built from nothing: its reruns on the real server."""

import statistics
import threading
import time
from collections.abc import Iterator

from benchmarks.measure import Ratio
from benchmarks.server import ROOT, serving
from benchmarks.session import Session

STUDIES = ("NCT07057778", "NCT04915482")
FILE, ITS_PAGE, OTHER_PAGE = "Report, HTML", "deck", "design"
SLOWDOWN = 5.0  # of the median rerun
LONGEST = 1 / 10  # of the time that the building takes
WARM_UPS, RERUNS = 3, 15
THINK_SECONDS = 0.15


def building_ratios() -> Iterator[Ratio]:
    """The median rerun against one in quiet, the longest against the building; each study on a server of its own."""
    for study in STUDIES:
        quiet, meanwhile, built = reruns_of_another(study)
        median = statistics.median(meanwhile), statistics.median(quiet)
        yield Ratio(study.lower(), "rerun while a report is built", "the same in quiet", *median, SLOWDOWN)
        yield Ratio(study.lower(), "the longest of them", "the building", max(meanwhile), built, LONGEST)


def reruns_of_another(study: str) -> tuple[list[float], list[float], float]:
    """Seconds of the reruns in quiet and during the building, and of the building."""
    with serving(ROOT / "app.py") as port, Session(port) as builder, Session(port) as other:
        for session, page in ((builder, ITS_PAGE), (other, OTHER_PAGE)):
            session.query = f"study={study}"
            session.rerun()
            session.rerun(page)
        quiet = [rerun_of(other) for _ in range(WARM_UPS + RERUNS)][WARM_UPS:]
        built: list[float] = []
        building = threading.Thread(target=lambda: built.append(builder.download(FILE)))
        building.start()
        meanwhile = []
        while building.is_alive():
            meanwhile.append(rerun_of(other))
        building.join()
        return quiet, meanwhile, built[0]


def rerun_of(session: Session) -> float:
    time.sleep(THINK_SECONDS)
    return session.rerun(OTHER_PAGE)
