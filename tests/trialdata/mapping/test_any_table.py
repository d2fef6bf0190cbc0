"""Any headers and cells give a proposal or findings, never an exception; the mapping survives its file."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from sent_tables import DEFINITION

from trialdata.errors import StudyDataError
from trialdata.formats.source_table import SourceTable
from trialdata.headers import clean_header
from trialdata.mapping.answer import answered
from trialdata.mapping.apply import apply_mapping
from trialdata.mapping.mapping_toml import read_mapping, write_mapping
from trialdata.mapping.propose import propose
from trialdata.provenance import SRCFILE, SRCROW

KNOWN = (
    *(
        "受试者编号",
        "USUBJID",
        "组别",
        "TRT01P",
        "血小板_第4周",
        "PLT_W1",
        "采样日期",
        "访视",
        "检验项目",
        "结果",
        "单位",
        "挽救治疗",
    ),
    *(
        "药物名称",
        "开始日期",
        "不良事件名称",
        "CTCAE分级",
        "性别",
        "SEX",
        "出血评分",
        "PARAMCD",
        "AVAL",
        "ADY",
        "STERFL",
        "PLT",
        "CMCLAS",
    ),
)
CELLS = (
    "",
    "A-01",
    "联合组",
    "RTX",
    "12",
    "<5",
    "45000",
    "03/04/2025",
    "2025-03-01",
    "V5",
    "第4周",
    "血小板",
    "1",
    "是",
    "10^9/L",
)
HEADER = st.one_of(st.sampled_from(KNOWN), st.text(min_size=1, max_size=8)).map(clean_header).filter(bool)
NAME = st.sampled_from(
    ["adsl.csv", "adlb.csv", "随访表.xlsx", "合并用药.csv", "adrs.csv", "a.csv", "adcm.csv"]
)


@st.composite
def tables(draw):
    headers = draw(st.lists(HEADER, unique=True, max_size=7))
    cell = st.one_of(st.sampled_from(CELLS), st.text(max_size=6))
    cells = draw(st.lists(st.lists(cell, min_size=len(headers), max_size=len(headers)), max_size=4))
    frame = pd.DataFrame(cells, columns=pd.Index(headers, dtype=object)).astype("str")
    return SourceTable(draw(NAME), frame.set_axis(pd.RangeIndex(2, len(frame) + 2)))


@given(st.lists(tables(), max_size=3, unique_by=lambda table: table.file))
@settings(max_examples=60, deadline=None)
def test_any_tables_are_proposed_answered_and_applied(sent):
    proposal = propose(sent, DEFINITION)
    mapping = proposal.mapping
    for question in proposal.open:
        answer = question.proposed or next((value for value, _ in question.options), "0")
        try:
            mapping = answered(mapping, question.key, answer)
        except StudyDataError as refused:
            assert question.key in str(refused)
    assert read_mapping(write_mapping(mapping)) == mapping
    again = propose(sent, DEFINITION, mapping)
    assert len({question.key for question in again.questions}) == len(again.questions)
    for mapped in apply_mapping(sent, again.mapping).tables:
        assert {SRCFILE, SRCROW} <= set(mapped.frame.columns)
        assert not mapped.frame.isna().any(axis=None)
