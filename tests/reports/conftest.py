"""The sample trials and their files, made once for all tests of the files."""

import datetime

import pytest

from reports.dataset_files import FORMATS, base_name, dataset_files
from tests.outputs.conftest import derived, look  # noqa: F401
from tests.reports.small_root import root  # noqa: F401

CREATED = datetime.datetime(2026, 2, 3, 4, 5, 6, tzinfo=datetime.UTC)


@pytest.fixture(scope="session")
def files_of():
    """Every file of some analysis data by the end of its name, "adsl.csv"; written once."""
    written = {}

    def of(data) -> dict:
        if id(data) not in written:
            files, _ = dataset_files(data, FORMATS, CREATED)
            written[id(data)] = {file.name.removeprefix(base_name(data) + "_"): file for file in files}
        return written[id(data)]

    return of
