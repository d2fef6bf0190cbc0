"""The files of the page: nothing is written before the click, and what the click writes is whole."""

import io
import zipfile

import openpyxl
import pytest

from reports.dataset_files import dataset_files
from tests.outputs.conftest import derived  # noqa: F401
from ui import datasets as page


class Reading:
    """As much of a reading as the files need."""

    def __init__(self, data):
        self.data = data


@pytest.fixture
def offers(derived, monkeypatch):  # noqa: F811
    made = []
    monkeypatch.setattr(page, "dataset_files", lambda *given: made.append(given) or dataset_files(*given))
    reading = Reading(derived("nct04915482", view="pooled"))
    return {key: page._offer(reading, key, "name") for key in page.OFFERED}, made


def test_a_file_is_written_on_the_click_and_not_before(offers):
    offered, made = offers
    assert made == []
    content = offered["csv"].data()
    assert [sorted(given[1]) for given in made] == [["csv"]]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sum(name.endswith(".csv") for name in archive.namelist()) == 4 + 3


def test_the_workbook_comes_as_itself(offers):
    offered, _ = offers
    assert offered["xlsx"].file_name == "name.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(offered["xlsx"].data()), read_only=True)
    arms = {row[0].value for row in book["ADSL"].iter_rows(min_row=2, min_col=6, max_col=6)}
    assert [cell.value for cell in next(book["ADSL"].iter_rows(max_row=1))][5] == "TRT01P"
    assert arms == {"All"}
