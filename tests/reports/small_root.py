"""The small study of four below a folder of its own, for tests that change a file of it."""

import datetime
from pathlib import Path

import pytest

from analysis.adam import AnalysisData, derive
from outputs.output import View
from outputs.slide import Slide
from tests.trialdata.small_study import TOML, write_study
from trialdata.study import load_study

RULES = (
    TOML
    + """
[[subgroups]]
column = "SEX"
label = "Sex"
"""
)
AT = datetime.datetime(2026, 3, 1, 8, 15, tzinfo=datetime.UTC)
RATES = Slide("response_rates", View("FAS", "OR"))
BASELINE = Slide("baseline_table", View("FAS", "OR"))
EVENTS = Slide("adverse_overview", View("SAF", "OR"))
SLIDES = (RATES, BASELINE, EVENTS)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("ITP_REGISTER_URL", "ITP_VIEW", "ITP_ROOT", "ITP_SMALLEST_CELL"):
        monkeypatch.delenv(name, raising=False)
    write_study(tmp_path, toml=RULES)
    return tmp_path


def loaded(root: Path, view: str = "true") -> AnalysisData:
    return derive(load_study(root, "demo", view=view))
