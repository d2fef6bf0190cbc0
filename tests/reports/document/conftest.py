"""Whole reports of the sample trials and of a study with awkward words, built once for all tests of the files."""

import datetime

import pytest

from analysis.adam import derive
from reports.contents import all_slides
from reports.document.pieces import Report, report
from tests.outputs.conftest import few_resamples  # noqa: F401
from tests.trialdata.small_study import ADSL, TOML, write_study
from trialdata.study import load_study

SPARSE = ("nct04915482", datetime.date(2022, 3, 31), "true")
FULL = ("nct04915482", None, "true")
RANDOMISED = ("nct07057778", datetime.date(2026, 12, 31), "true")
POOLED = ("nct07057778", datetime.date(2026, 3, 31), "pooled")
LONG = "Drug A " + "with a very long name " * 5 + "<b>&</b>"
CHINESE = "利妥昔单抗"
FORMULA = "=1+1 {arm} \\par"


@pytest.fixture(scope="session")
def reported(derived):
    """The report of everything that may leave of a study, cut and view; built once."""
    known: dict[tuple, Report] = {}

    def of(*look) -> Report:
        if look not in known:
            name, cut, view = look
            data = derived(name, cut, view=view)
            known[look] = report(data, all_slides(data))
        return known[look]

    return of


@pytest.fixture(scope="session", params=[SPARSE, FULL, RANDOMISED, POOLED], ids=str)
def told(request, reported) -> Report:
    return reported(*request.param)


def awkward_root(folder, *arms: str):
    """A study of four whose arms have these labels."""
    toml, adsl = TOML, ADSL
    for old, new in zip(("Drug A", "Drug B"), arms, strict=False):
        toml = toml.replace(f'label = "{old}"', f"label = '{new}'")
    if len(arms) == 1:
        before, _, after = toml.partition('[[arms]]\ntrt = "B"')
        toml = before + after[after.index("[visits]") :]
        toml = toml.replace('"experimental"', '"single"').replace('"randomized"', '"single_arm"')
        adsl = adsl.replace(",B,", ",A,")
    write_study(folder, toml=toml, files={"adsl.csv": adsl})
    return folder


@pytest.fixture(scope="session", params=[(LONG, CHINESE), (FORMULA, "Drug B"), ("One arm",)], ids=str)
def awkward(request, tmp_path_factory) -> Report:
    """The report of four participants whose arms have awkward names, or of whom there is one arm."""
    data = derive(load_study(awkward_root(tmp_path_factory.mktemp("awkward"), *request.param), "demo"))
    return report(data, all_slides(data))
