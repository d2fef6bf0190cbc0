"""The mapping as a file: written and read back exactly, refused by key where it is not one."""

import stat
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sent_tables import DEFINITION

from trialdata.errors import StudyDataError
from trialdata.mapping.import_mapping import ImportMapping, Measured, TableMapping
from trialdata.mapping.mapping_toml import (
    load_mapping,
    mapping_path,
    read_mapping,
    save_mapping,
    write_mapping,
)
from trialdata.schema import DATASETS

MAPPING = ImportMapping(
    tables=(
        TableMapping(
            'visits "2".xlsx, sheet 随访表',
            ("受试者编号", "组别", "PLT\\W1"),
            "adlb",
            {"USUBJID": "受试者编号", "AVISIT": ""},
            {"AVALU": "10^9/L"},
            (Measured("PLT\\W1", "PLAT", "W1", "", "×109/L"), Measured("出血", "?")),
        ),
        TableMapping("notes.csv", ("A",), ""),
    ),
    arms={"联合组": "IGU+RTX", 'the "old" arm': ""},
    parameters={"血小板": "PLAT"},
    units={"PLAT": "/uL"},
    visits={"V5": 29.0, "随机": 0.0},
    rescue={"丙球 | rescue: 是": "IVIG"},
    codes={"SEX": {"1": "M", "2": "F"}},
    sites={"协和": "Site 01"},
    dates="day first",
)
TEXT = st.text(max_size=12)
TEXTS = st.dictionaries(TEXT, TEXT, max_size=3)
TABLES = st.builds(
    TableMapping,
    table=TEXT,
    headers=st.lists(TEXT, max_size=3).map(tuple),
    dataset=st.sampled_from(["", "?", *DATASETS]),
    columns=TEXTS,
    values=TEXTS,
    measured=st.lists(
        st.builds(Measured, TEXT, st.sampled_from(["", "?", "PLAT"]), TEXT, TEXT, TEXT), max_size=2
    ).map(tuple),
)
MAPPINGS = st.builds(
    ImportMapping,
    tables=st.lists(TABLES, max_size=2).map(tuple),
    arms=TEXTS,
    parameters=TEXTS,
    units=TEXTS,
    visits=st.dictionaries(TEXT, st.floats(allow_nan=False, allow_infinity=False), max_size=3),
    rescue=TEXTS,
    codes=st.dictionaries(TEXT, TEXTS, max_size=2),
    sites=TEXTS,
    dates=st.sampled_from(["", "day first", "month first"]),
)


@given(MAPPINGS)
@settings(max_examples=60, deadline=None)
def test_any_mapping_is_read_back_exactly(mapping):
    assert read_mapping(write_mapping(mapping)) == mapping


def test_what_is_written_is_toml_that_another_reader_understands():
    values = tomllib.loads(write_mapping(MAPPING))
    assert values["arms"] == {"联合组": "IGU+RTX", 'the "old" arm': ""}
    assert values["tables"][0]["measured"][0] == {
        "header": "PLT\\W1",
        "paramcd": "PLAT",
        "visit": "W1",
        "unit": "×109/L",
    }
    assert values["codes"] == {"SEX": {"1": "M", "2": "F"}}
    assert read_mapping(write_mapping(MAPPING)) == MAPPING


def test_an_empty_file_is_an_empty_mapping():
    assert read_mapping("") == read_mapping("\ufeff") == ImportMapping()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("arm = 1", 'mapping, key "arm": found an unknown key, expected one of arms, parameters, units, visits, '
         'rescue, codes, sites, dates; did you mean "arms"?'),
        ("arms = 1", 'mapping, key "arms": found 1, expected a table of texts such as { "Arm A" = "DRUG A" }.'),
        ('[visits]\nV5 = "29"', 'mapping, key "visits": found a table, expected a table of numbers such as '
         '{ "Visit 5" = 29 }.'),
        ("[visits]\nV5 = nan", 'mapping, key "visits": found a table, expected a table of numbers such as '
         '{ "Visit 5" = 29 }.'),
        ('[codes]\nSEX = "M"', 'mapping, key "codes": found a table, expected a table of tables such as '
         '{ SEX = { "1" = "M" } }.'),
        ('dates = "day"', 'mapping, key "dates": found "day", expected "day first" or "month first".'),
        ("tables = 3", 'mapping, key "tables": found 3, expected blocks that begin with [[tables]].'),
        ('[[tables]]\ntable = "a"\nheaders = ["A"]\ndataset = "adls"', 'mapping, [[tables]] 1, key "dataset": found '
         '"adls", expected "adsl", "adlb", "adqs", "adcm", "adae" or "adex", or "" for a table that is not used; did '
         'you mean "adsl"?'),
        ('[[tables]]\ntable = "a"\ndataset = ""', 'mapping, [[tables]] 1, key "headers": found nothing, expected a '
         'list of texts such as ["AGE", "SEX"] (the key is required).'),
        ('[[tables]]\ntable = "a"\nheaders = []\ndataset = ""\n[[tables.measured]]\nheader = "A"\nparam = "P"',
         'mapping, [[tables]] 1, measured 1, key "param": found an unknown key, expected one of header, paramcd, '
         'visit, date, unit; did you mean "paramcd"?'),
        ("x = = 1", "mapping: not valid TOML: Invalid value (at line 1, column 5)."),
    ],
)  # fmt: skip
def test_what_is_no_mapping_is_refused_by_its_key(text, sentence):
    with pytest.raises(StudyDataError) as refused:
        read_mapping(text)
    assert str(refused.value) == sentence


def test_a_saved_mapping_is_loaded_again_and_its_owner_alone_reads_it(tmp_path):
    assert load_mapping(tmp_path, DEFINITION) is None
    path = save_mapping(tmp_path, DEFINITION, MAPPING)
    assert path == mapping_path(tmp_path, DEFINITION) == tmp_path / "studies" / "mappings" / "demo.toml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_mapping(tmp_path, DEFINITION) == MAPPING
    save_mapping(tmp_path, DEFINITION, MAPPING.replace(dates=""))
    assert load_mapping(tmp_path, DEFINITION).dates == ""
    assert [each.name for each in path.parent.iterdir()] == ["demo.toml"]


def test_a_mapping_that_cannot_be_written_says_so_and_leaves_the_old_one(tmp_path, monkeypatch):
    save_mapping(tmp_path, DEFINITION, MAPPING)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(StudyDataError, match=r"could not be written \(No space left on device\)"):
        save_mapping(tmp_path, DEFINITION, ImportMapping())
    monkeypatch.undo()
    assert load_mapping(tmp_path, DEFINITION) == MAPPING
    assert len(list((tmp_path / "studies" / "mappings").iterdir())) == 1


def test_a_file_in_another_encoding_is_refused(tmp_path):
    path = save_mapping(tmp_path, DEFINITION, MAPPING)
    path.write_bytes("[arms]\n'联合组' = 'A'".encode("gb18030"))
    with pytest.raises(StudyDataError, match="not UTF-8"):
        load_mapping(tmp_path, DEFINITION)
