import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session", autouse=True)
def few_resamples():
    """The bootstrap of arms that were not randomised draws 100 times here: what is tested hangs on no limit of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("analysis.observational.resamples.RESAMPLES", 100)
        yield
