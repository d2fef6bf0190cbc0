"""From starting the server to the end of the first script run, against an app of one plotly chart."""

import statistics
import time
from pathlib import Path

from benchmarks.measure import Ratio
from benchmarks.server import ROOT, serving
from benchmarks.session import Session

STARTS = 3


def cold_start_ratios() -> list[Ratio]:
    """The start page on the sample trials: reading, checking and deriving included."""
    chart = ROOT / "benchmarks/apps/one_chart.py"
    pairs = [(first_run(ROOT / "app.py"), first_run(chart)) for _ in range(STARTS)]
    ours, against = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
    return [Ratio("cold start", "app.py", "one plotly chart", ours, against)]


def first_run(script: Path) -> float:
    """Seconds until a reader who was waiting sees the whole first page."""
    started = time.perf_counter()
    with serving(script) as port, Session(port) as session:
        session.rerun()
        return time.perf_counter() - started
