"""`python -m benchmarks`: measure, print the ratios, keep a dated result; fails above a limit."""

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.apptests import apptest_ratios
from benchmarks.building import building_ratios
from benchmarks.coldstart import cold_start_ratios
from benchmarks.derivation import derivation_ratios
from benchmarks.imports import import_ratios
from benchmarks.measure import Ratio
from benchmarks.meeting import meeting_ratios
from benchmarks.pages import page_ratios
from benchmarks.server import ROOT
from benchmarks.statistics import statistics_ratios
from benchmarks.terms import term_ratios

PARTS: dict[str, Callable[[], Iterable[Ratio]]] = {
    "pages": page_ratios,
    "terms": term_ratios,
    "apptest": apptest_ratios,
    "derivation": derivation_ratios,
    "coldstart": cold_start_ratios,
    "statistics": statistics_ratios,
    "imports": import_ratios,
    "meeting": meeting_ratios,
    "building": building_ratios,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=PARTS, nargs="+", default=list(PARTS), help="leave out the others")
    parser.add_argument("--date", default=str(datetime.date.today()), help="the date of the result file")
    arguments = parser.parse_args()
    ratios = []
    for part in arguments.only:
        for ratio in PARTS[part]():
            print(line(ratio), flush=True)
            ratios.append(ratio)
    if set(arguments.only) == set(PARTS):
        print(f"kept as {keep(ratios, arguments.date).relative_to(ROOT)}")
    exceeded = [ratio for ratio in ratios if ratio.exceeded]
    for ratio in exceeded:
        print(f"above the limit of {ratio.limit:g}: {ratio.subject}, {ratio.measured}", file=sys.stderr)
    return int(bool(exceeded))


def line(ratio: Ratio) -> str:
    if not ratio.known:
        return f"{ratio.subject:<12} {ratio.measured:<40} not measured against {ratio.against}"
    limit = f" (limit {ratio.limit:g})" if ratio.limit is not None else ""
    return (
        f"{ratio.subject:<12} {ratio.measured:<40} {ratio.ratio:8.2f}{limit:<12}"
        f"{1000 * ratio.seconds:10.1f} ms against {1000 * ratio.against_seconds:.1f} ms, {ratio.against}"
    )


def keep(ratios: list[Ratio], date: str) -> Path:
    """benchmarks/results/<date>.json: where it was measured, of which commit, and every ratio."""
    result = {
        "date": date,
        "commit": commit(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "ratios": [
            {
                "subject": ratio.subject,
                "measured": ratio.measured,
                "against": ratio.against,
                "ratio": round(ratio.ratio, 3) if ratio.known else None,
                "limit": ratio.limit,
                "ms": round(1000 * ratio.seconds, 2),
                "against_ms": round(1000 * ratio.against_seconds, 2) if ratio.known else None,
            }
            for ratio in ratios
        ],
    }
    path = ROOT / "benchmarks/results" / f"{date}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return path


def commit() -> str:
    described = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(described, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
