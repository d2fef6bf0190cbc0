"""Any bytes under any name are refused, asked about or ready: never another exception."""

import pandas as pd
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sending import CUT, DEFINITION, LABS, PARTICIPANTS, cells_of, csv, workbook

from trialdata.importing import Prepared, prepare
from trialdata.load_report import COLUMNS
from trialdata.mapping.answer import answered

BOOK = workbook({"Subjects": cells_of(PARTICIPANTS), "Labs": cells_of(LABS)})
NAMES = st.one_of(
    st.text(min_size=1, max_size=40), st.sampled_from(["adsl.csv", "adlb.xpt", "../a.zip", "CON"])
)
CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "S-01", "A", "B", "PLAT", "12", "<5", "45↑", "2025-11-17", "03/04/2025", "是", "Week 1", "ND"]
    ),
)
HEADERS = st.sampled_from(
    [
        *(
            "Subject ID",
            "Arm",
            "Site",
            "First dose date",
            "Test",
            "Result",
            "Unit",
            "Visit",
            "Study day",
            "PLT_W4",
        ),
        *(
            "USUBJID",
            "TRT01P",
            "PARAMCD",
            "AVAL",
            "ADY",
            "DCUTDY",
            "Sex",
            "Age",
            "Medication",
            "Start date",
            "组别",
        ),
    ]
)
LITTLE = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def checked(prepared: object) -> Prepared:
    """The import, of which exactly one thing is true."""
    assert isinstance(prepared, Prepared)
    assert list(prepared.report.columns) == COLUMNS
    assert prepared.ready == (bool(prepared.texts) and not prepared.refused and not prepared.open)
    assert not prepared.ready or all(isinstance(frame, pd.DataFrame) for frame in prepared.texts.values())
    return prepared


@LITTLE
@given(st.dictionaries(NAMES, st.binary(max_size=300), max_size=3))
def test_any_bytes_under_any_name(files):
    checked(prepare(DEFINITION, files, CUT))


@st.composite
def damaged(draw):
    """A file of the four subjects, its bytes cut off or changed."""
    content = bytearray(draw(st.sampled_from([BOOK, csv(LABS), csv(PARTICIPANTS), csv(LABS, "gb18030")])))
    for _ in range(draw(st.integers(0, 4))):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    return bytes(content[: draw(st.integers(0, len(content)))])


@LITTLE
@given(damaged(), damaged())
def test_any_damage_to_files_that_were_in_order(first, second):
    checked(prepare(DEFINITION, {"subjects.csv": first, "labs.xlsx": second}, CUT))


@st.composite
def tables(draw):
    """A table under headers that an import knows, with any cells."""
    headers = draw(st.lists(HEADERS, min_size=2, max_size=6, unique=True))
    rows = draw(
        st.lists(st.lists(CELLS, min_size=len(headers), max_size=len(headers)), min_size=1, max_size=5)
    )
    return pd.DataFrame(rows, columns=headers).to_csv(index=False).encode(errors="replace")


A_DATE_AS_RESULT = b"Subject ID,Unit,Result,Arm,Test,Site\n,,,,,\n,,,,,\n,,,,,\n,,2025-11-17,,,\n"


@LITTLE
@given(st.lists(tables(), min_size=1, max_size=3))
@example([A_DATE_AS_RESULT])
def test_any_cells_under_headers_that_are_known_with_every_proposal_confirmed(contents):
    files = {f"{number}.csv": content for number, content in enumerate(contents)}
    prepared = checked(prepare(DEFINITION, files, CUT))
    for _ in range(4):
        if prepared.refused or not prepared.open:
            return
        mapping = prepared.mapping
        for question in prepared.open:
            options = [value for value, _ in question.options] or ["29"]
            value = question.proposed or options[0]
            mapping = answered(mapping, question.key, "PLAT" if question.about == "Parameters" else value)
        prepared = checked(prepare(DEFINITION, files, CUT, mapping))
