"""Parquet files: every cell the text of its value, sizes checked before anything is read."""

import contextlib
import datetime
import decimal
import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialdata.formats.parquet import read_parquet
from trialdata.formats.source_table import SourceTable
from trialdata.limits import Limits, UnreadableFile

LIMITS = Limits()


def written(table: pa.Table, **options) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file, **options)
    return file.getvalue()


def read(content: bytes, limits: Limits = LIMITS) -> SourceTable:
    (table,) = read_parquet("adlb.parquet", content, limits)
    return table


def refusal(content: bytes, limits: Limits = LIMITS) -> tuple[str, str, str]:
    with pytest.raises(UnreadableFile) as caught:
        read(content, limits)
    return caught.value.check, caught.value.found, caught.value.column


DAY, MOMENT = datetime.date(2025, 3, 1), datetime.datetime(2025, 3, 1, 13, 45)


@pytest.mark.parametrize(
    ("values", "kind", "texts"),
    [
        (["S-01", "", "<5"], pa.string(), ["S-01", "", "<5"]),
        (["S-01", None], pa.large_string(), ["S-01", ""]),
        ([1, -2, 2**60], pa.int64(), ["1", "-2", "1152921504606846976"]),
        ([7], pa.uint8(), ["7"]),
        ([61.0, 0.1, float("nan"), None], pa.float64(), ["61", "0.1", "", ""]),
        ([0.1, 61.5], pa.float32(), ["0.1", "61.5"]),
        ([decimal.Decimal("1.50")], pa.decimal128(5, 2), ["1.50"]),
        ([True, False, None], pa.bool_(), ["TRUE", "FALSE", ""]),
        ([DAY, None], pa.date32(), ["2025-03-01", ""]),
        ([MOMENT, datetime.datetime(2025, 3, 1)], pa.timestamp("ns"), ["2025-03-01T13:45:00", "2025-03-01"]),
        ([MOMENT.time()], pa.time64("us"), ["13:45:00"]),
        ([None, None], pa.null(), ["", ""]),
    ],
)
def test_a_cell_is_the_text_of_its_value(values, kind, texts):
    table = read(written(pa.table({"x": pa.array(values, kind)})))
    assert table.frame["X"].tolist() == texts
    assert table.frame.index.tolist() == list(range(2, 2 + len(texts)))
    assert str(table.frame["X"].dtype) == "str"


def test_dictionary_columns_are_their_words():
    arms = pa.array(["联合组", None, "单药组", "联合组"]).dictionary_encode()
    grades = pa.array([3, 1, 3, 1]).dictionary_encode()
    frame = read(written(pa.table({"ARM": arms, "GRADE": grades}))).frame
    assert frame["ARM"].tolist() == ["联合组", "", "单药组", "联合组"]
    assert frame["GRADE"].tolist() == ["3", "1", "3", "1"]


def test_an_index_without_a_name_is_left_out_and_one_with_a_name_is_a_column():
    frame = pd.DataFrame({"USUBJID": ["S-1", "S-2"], "AVAL": [61, 12]})
    unnamed = read(written(pa.Table.from_pandas(frame.set_axis([7, 3]), preserve_index=True)))
    assert list(unnamed.frame) == ["USUBJID", "AVAL"]
    assert [part["check"].iloc[0] for part in unnamed.findings] == ["index_not_read"]
    named = read(written(pa.Table.from_pandas(frame.set_index("USUBJID"))))
    assert sorted(named.frame) == ["AVAL", "USUBJID"] and not named.findings


def test_labels_are_kept():
    label = {b"label": "血小板计数".encode()}
    schema = pa.schema([pa.field("AVAL", pa.int64(), metadata=label), pa.field("ID", pa.string())])
    assert dict(read(written(pa.table({"AVAL": [61], "ID": ["S"]}, schema=schema))).labels) == {
        "AVAL": "血小板计数"
    }


@pytest.mark.parametrize("values", [[[1, 2]], [{"a": 1}], [b"\x00\x01"], [datetime.timedelta(days=1)]])
def test_columns_of_several_values_are_refused_by_name(values):
    check, _, column = refusal(written(pa.table({"ID": ["S-1"], "PARTS": values})))
    assert (check, column) == ("nested_column", "PARTS")


def test_a_header_twice_is_refused():
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["AVAL", "aval"])
    assert refusal(written(twice)) == ("duplicate_header", "the header twice", "AVAL")


def test_limits_are_checked_before_reading():
    content = written(pa.table({"A": list(range(11)), "B": list(range(11))}))
    assert refusal(content, Limits(rows=10))[:2] == ("too_large", "11 rows, more than 10")
    assert refusal(content, Limits(columns=1))[:2] == ("too_large", "2 columns, more than 1")
    noise = np.random.default_rng(1).integers(0, 2**62, 300_000)
    large = written(pa.table({"A": noise}), use_dictionary=False)
    assert refusal(large, Limits(rows=10**6, inflated_megabytes=1))[1] == "more than 1 MB unpacked"


def test_one_long_text_in_many_rows_is_refused_without_writing_it_out():
    """A file of some kilobytes that would be 20 gigabytes of text."""
    word = pa.array(["x" * 99_000])
    column = pa.DictionaryArray.from_arrays(pa.array(np.zeros(200_000, dtype=np.int32)), word)
    content = written(pa.table({"NOTE": column}))
    assert len(content) < 100_000
    assert refusal(content)[1] == "more than 200 MB unpacked"
    assert refusal(written(pa.table({"NOTE": ["x" * 100_001]})))[1] == "a row of more than 100,000 characters"


VALID = written(pa.table({"ID": ["S-01", "S-02", None], "AVAL": [61.5, None, 3.0]}), write_page_checksum=True)


@given(st.integers(0, len(VALID) - 1))
@settings(max_examples=40, deadline=None)
def test_any_truncation_is_refused(length):
    assert refusal(VALID[:length])[0] == "not_parquet"


@given(st.integers(0, len(VALID) - 1), st.integers(0, 7))
@settings(max_examples=60, deadline=None)
def test_any_flipped_bit_gives_a_table_or_a_refusal(at, bit):
    damaged = bytearray(VALID)
    damaged[at] ^= 1 << bit
    with contextlib.suppress(UnreadableFile):
        assert isinstance(read(bytes(damaged)), SourceTable)


@given(st.binary(max_size=300))
@settings(max_examples=30, deadline=None)
def test_any_bytes_are_refused(content):
    assert refusal(b"PAR1" + content + b"PAR1")[0] == "not_parquet"
