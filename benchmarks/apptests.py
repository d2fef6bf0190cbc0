"""A run of every page under Streamlit's AppTest, against a blank script."""

import os
import statistics
from pathlib import Path

from streamlit.testing.v1 import AppTest

from benchmarks.measure import Ratio, median_seconds
from benchmarks.server import ROOT

LIMIT = 25
RUNS = 15


def apptest_ratios() -> list[Ratio]:
    """One ratio per page, its frame included, once the data are cached."""
    os.environ.pop("ITP_ROOT", None)
    os.environ.pop("ITP_VIEW", None)
    blank = AppTest.from_file(str(ROOT / "benchmarks/apps/blank.py"), default_timeout=60)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    app.switch_page("pages/participants/participant.py").run()
    next(box for box in app.selectbox if box.label == "Participant").select_index(0).run()
    return [page_ratio(app, blank, page) for page in sorted((ROOT / "pages").glob("*/*.py"))]


def page_ratio(app: AppTest, blank: AppTest, page: Path) -> Ratio:
    name = str(page.relative_to(ROOT))
    app.switch_page(name).run()
    blank.run()
    if app.exception or app.error:
        raise RuntimeError(f"{name} shows an error instead of its content")
    pairs = [(median_seconds(app.run, times=1), median_seconds(blank.run, times=1)) for _ in range(RUNS)]
    ours, against = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
    return Ratio("AppTest run", name, "blank script", ours, against, LIMIT)
