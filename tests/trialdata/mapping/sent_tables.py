"""Tables as sites send them, typed by hand."""

import io

import pandas as pd

from tests.definitions import bare_definition
from trialdata.definition import Arm, Endpoint, RescueClass, Subgroup, Visits
from trialdata.formats.source_table import SourceTable
from trialdata.headers import clean_headers
from trialdata.mapping.answer import answered
from trialdata.mapping.import_mapping import ImportMapping, Proposal

ARMS = (
    Arm("IGU+RTX", "Iguratimod + rituximab", "experimental", regimen="iguratimod daily; rituximab weekly"),
    Arm("RTX", "Rituximab", "control", regimen="rituximab weekly"),
)
DEFINITION = bare_definition(
    data="data/demo",
    arms=ARMS,
    visits=Visits(weeks=(0, 1, 2, 4, 8, 12, 26)),
    endpoints=(
        Endpoint("OR", "Overall response", "confirmed_response", window_days=(2, 183), bleeding="WHOBLD"),
    ),
    rescue=(
        RescueClass("IVIG", 28),
        RescueClass("PLATELET TRANSFUSION", 7),
        RescueClass("TPO-RA", new_therapy=True),
    ),
    subgroups=(
        Subgroup("SEX", "Sex"),
        Subgroup("AGE", "Age, years", cuts=(60,)),
        Subgroup("STERFL", "Steroid"),
    ),
)
FOLLOW_UP = """
受试者编号,中心,组别,血小板_基线,血小板_第4周,备注
A-01,01,联合组,12,45,
A-02,01,单药组,9,,换药
B-01,02,联合组,20,＜5,
"""
BLOOD = """
受试者编号,访视,采样日期,血小板(×10⁹/L),血红蛋白(g/L)
A-01,基线,2025-03-01,12,120
A-01,第1周,2025-03-08,45,
"""
HOSPITAL = """
受试者编号,检验项目,结果,单位,检验日期
A-01,血小板计数,12,10^9/L,2025-03-01
A-01,血红蛋白,120,g/L,2025-03-01
A-01,尿蛋白,阴性,,2025-03-01
"""
EVENTS = """
受试者编号,不良事件名称,CTCAE分级,是否SAE,转归,开始日期
A-01,头痛,1级,否,痊愈,2025-03-03
"""
MEDICATION = """
受试者编号,药物名称,开始日期,结束日期
A-01,丙种球蛋白,2025-04-03,2025-04-04
A-02,阿司匹林,2025-04-03,
"""


def table(text: str, file: str = "sent.csv", sheet: str = "", **labels: str) -> SourceTable:
    """The table of a CSV text, its cells as text, its index the rows of the spreadsheet."""
    frame = pd.read_csv(io.StringIO(text.lstrip("\n")), dtype=str, keep_default_na=False)
    frame = clean_headers(frame).astype("str")
    return SourceTable(file, frame.set_axis(pd.RangeIndex(2, len(frame) + 2)), sheet, labels)


def open_keys(proposal: Proposal) -> list[str]:
    return [question.key for question in proposal.open]


def asked(proposal: Proposal, key: str):
    (question,) = [each for each in proposal.questions if each.key == key]
    return question


def checks(findings) -> list[tuple[str, str]]:
    """(check, column) of each finding."""
    return [(row["check"], row["column"]) for part in findings for _, row in part.iterrows()]


def confirmed(proposal: Proposal) -> ImportMapping:
    """The mapping after a person agreed with everything that was proposed."""
    mapping = proposal.mapping
    for question in proposal.open:
        mapping = answered(mapping, question.key, question.proposed)
    return mapping
