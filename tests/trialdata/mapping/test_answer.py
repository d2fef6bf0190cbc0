"""Answers go to their place in the mapping, and those that cannot be are refused in a sentence."""

import pytest

from trialdata.errors import StudyDataError
from trialdata.mapping.answer import answered
from trialdata.mapping.import_mapping import UNDECIDED, ImportMapping, Measured, TableMapping

USE = TableMapping(
    "a: b.csv", ("ID", "=X", "PLT"), "adlb", {"PLT": "PLT"}, {"USUBJID": "1"}, (Measured("B: C", "?"),)
)
UNKNOWN = TableMapping("x.csv", ("A",), UNDECIDED)
MAPPING = ImportMapping(tables=(USE, UNKNOWN))


@pytest.mark.parametrize(
    ("key", "value", "field", "expected"),
    [
        ("arms:联合组: 1", "IGU+RTX", "arms", {"联合组: 1": "IGU+RTX"}),
        ("arms:B", "", "arms", {"B": ""}),
        ("parameters:血小板", "PLAT", "parameters", {"血小板": "PLAT"}),
        ("units:PLAT", "10^9/L", "units", {"PLAT": "10^9/L"}),
        ("visits:V5", "29", "visits", {"V5": 29.0}),
        ("visits:V6", "０", "visits", {"V6": 0.0}),
        ("rescue:丙球", "IVIG", "rescue", {"丙球": "IVIG"}),
        ("codes:SEX:1", "M", "codes", {"SEX": {"1": "M"}}),
        ("sites:协和", "Site 01", "sites", {"协和": "Site 01"}),
        ("dates", "month first", "dates", "month first"),
    ],
)
def test_an_answer_stands_in_its_place(key, value, field, expected):
    mapping = answered(MAPPING, key, value)
    assert getattr(mapping, field) == expected
    assert mapping.replace(**{field: getattr(MAPPING, field)}) == MAPPING


def test_a_second_answer_replaces_the_first_and_leaves_the_others():
    mapping = answered(
        answered(answered(MAPPING, "codes:SEX:1", "M"), "codes:SEX:2", "M"), "codes:SEX:2", "F"
    )
    assert mapping.codes == {"SEX": {"1": "M", "2": "F"}}


def test_a_table_becomes_one_dataset_or_two():
    one = answered(MAPPING, "tables:x.csv", "adae")
    assert one.tables == (USE, TableMapping("x.csv", ("A",), "adae"))
    both = answered(MAPPING, "tables:a: b.csv", "adsl+adlb")
    assert both.tables == (TableMapping("a: b.csv", USE.headers, "adsl"), USE, UNKNOWN)
    assert answered(both, "tables:a: b.csv", "").tables == (
        TableMapping("a: b.csv", USE.headers, ""),
        UNKNOWN,
    )


def test_a_column_is_a_header_or_one_text_for_every_row_or_none():
    key = "columns:adlb:a: b.csv:USUBJID"
    assert answered(MAPPING, key, "ID").tables[0].columns == {"PLT": "PLT", "USUBJID": "ID"}
    assert answered(MAPPING, key, "ID").tables[0].values == {}
    assert answered(MAPPING, key, "=S1").tables[0].values == {"USUBJID": "S1"}
    assert answered(MAPPING, key, "=X").tables[0].columns["USUBJID"] == "=X"
    assert answered(MAPPING, key, "").tables[0].columns["USUBJID"] == ""
    assert answered(MAPPING, key, "PLT").tables[0].columns == {"USUBJID": "PLT"}  # not kept twice


def test_a_column_of_one_parameter_is_named():
    mapping = answered(MAPPING, "measured:adlb:a: b.csv:B: C", "WHOBLD")
    assert mapping.tables[0].measured == (Measured("B: C", "WHOBLD"),)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("units:PLAT", "mg/dL", "a unit of counts"),
        ("units:PLAT", "", "a unit of counts"),
        ("visits:V5", "soon", "a whole study day"),
        ("visits:V5", "", "a whole study day"),
        ("visits:V5", "1.5", "a whole study day"),
        ("visits:V5", "99999", "a whole study day"),
        ("visits:V5", "nan", "a whole study day"),
        ("parameters:血小板", "platelets", "a PARAMCD"),
        ("measured:adlb:a: b.csv:B: C", "who", "a PARAMCD"),
        ("measured:adlb:a: b.csv:Z", "WHOBLD", "a column of a table"),
        ("columns:adlb:a: b.csv:USUBJID", "NAME", "a header of the table"),
        ("columns:adae:a: b.csv:USUBJID", "ID", "a column of a table"),
        ("columns:adlb:a: b.csv:usubjid", "ID", "a column of a table"),
        ("tables:x.csv", "adxx", "names of datasets"),
        ("tables:x.csv", "adsl+adsl", "names of datasets"),
        ("tables:y.csv", "adsl", "a table of this import"),
        ("codes:SEX", "M", "a key such as"),
        ("sites:01", " ", "the code that stands for the site"),
        ("dates", "day", '"day first" or "month first"'),
        ("dates:x", "day first", '"day first" or "month first"'),
        ("arms", "RTX", '"tables"'),
        ("other:x", "1", '"tables"'),
        ("", "", '"tables"'),
    ],
)
def test_an_answer_that_cannot_be_is_refused(key, value, expected):
    with pytest.raises(StudyDataError, match=expected):
        answered(MAPPING, key, value)
