"""The sample trials, derived once for all tests of the outputs."""

import pathlib

import pytest

from analysis.adam import derive
from outputs.output import View
from trialdata.study import data_cuts, find_studies, load_study

ROOT = pathlib.Path(__file__).parents[2]
NOBODY = (("SEX", ("nobody has this level",)),)


def looks() -> list[tuple[str, object]]:
    """Every study and cut of the sample."""
    return [(study.name, cut) for study in find_studies(ROOT) for cut in data_cuts(study, ROOT)]


@pytest.fixture(scope="session")
def derived():
    """The analysis data of a study and cut (None: the latest), by view; derived once."""
    known = {}

    def of(name: str, cut=None, view: str = "true"):
        key = (name, cut, view)
        if key not in known:
            known[key] = derive(load_study(ROOT, name, cut, view=view))
        return known[key]

    return of


@pytest.fixture(params=looks(), ids=lambda look: f"{look[0]}-{look[1]}")
def look(request, derived):
    """The analysis data of each study and cut in turn."""
    return derived(*request.param)


@pytest.fixture
def view() -> View:
    return View()


@pytest.fixture(scope="session", autouse=True)
def few_resamples():
    """The bootstrap of arms that were not randomised draws 100 times here: what is tested hangs on no limit of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.observational.resamples.RESAMPLES", 100)
        yield
