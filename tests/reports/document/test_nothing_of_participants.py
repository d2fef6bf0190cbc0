"""No report holds an identifier of a participant or a site, whatever its format."""

import io
import re
import zipfile

import pytest

from reports.report_files import WRITERS
from tests.reports.document.conftest import POOLED, RANDOMISED, SPARSE


def unpacked(content: bytes) -> str:
    """All text of a file, of an archive that of every member."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(archive.read(name).decode() for name in archive.namelist())
    return content.decode()


@pytest.mark.parametrize("ending", WRITERS)
def test_no_identifier_is_in_any_byte(told, ending):
    text = unpacked(WRITERS[ending](told))
    assert "USUBJID" not in text and "SITEID" not in text
    known = set(told.data.study.adsl["USUBJID"])
    assert len(known) > 20
    assert not known & set(re.findall(r"[\w-]+", text))


@pytest.mark.parametrize("ending", ["html", "rtf", "xlsx", "json"])
def test_every_piece_says_of_what_it_is(told, ending):
    text = unpacked(WRITERS[ending](told))
    for piece in told.pieces:
        assert piece.shown.code in text and piece.number in text
    assert told.study in text
    for mark in told.marks:
        assert mark in text


def test_a_trial_under_way_is_confidential_and_arms_not_randomised_are_said(reported):
    assert "Comparative interim results, confidential" in reported(*RANDOMISED).marks
    assert "Arms not randomised" in reported(*SPARSE).marks
    assert "Pooled view: arms are not shown" in reported(*POOLED).marks
    assert all("Synthetic data" in reported(*look).marks for look in (RANDOMISED, SPARSE, POOLED))


@pytest.mark.parametrize("ending", WRITERS)
def test_the_same_report_is_the_same_bytes(reported, ending):
    told = reported(*SPARSE)
    assert WRITERS[ending](told) == WRITERS[ending](told)


@pytest.mark.parametrize("ending", WRITERS)
def test_awkward_names_break_no_file(awkward, ending):
    assert unpacked(WRITERS[ending](awkward))
