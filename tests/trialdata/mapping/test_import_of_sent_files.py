"""From files as sent to the datasets of a cut, with every answer a person would give (catalogue of
inputs, 48, 40, 29)."""

import datetime

from sent_tables import DEFINITION

from trialdata.importing import prepare
from trialdata.mapping.answer import answered
from trialdata.mapping.mapping_toml import read_mapping, write_mapping

CUT = datetime.date(2025, 6, 30)
FOLLOW_UP = """受试者编号,中心,组别,首次给药日期,血小板_基线,血小板_第1周(×10⁹/L),采样日期_第1周,血小板_V5,备注
A-01,01,联合组,2025-03-01,12,45,09/03/2025,60,好
A-02,01,单药组,2025-03-01,9,30↑,2025/3/8,80,
A-03,01,单药,2025-03-01,9,＜5,,,
"""
MEDICATION = """受试者编号,药物名称,挽救治疗,开始日期,结束日期
A-01,IVIG,否,2025-03-05,2025-03-06
A-02,丙种球蛋白,是,2025-03-05,2025-03-06
"""
FILES = {"随访.csv": FOLLOW_UP.encode("gb18030"), "合并用药.csv": MEDICATION.encode()}
ANSWERS = {
    "arms:联合组": "IGU+RTX",
    "arms:单药组": "RTX",
    "arms:单药": "RTX",
    "units:PLAT": "10^9/L",
    "visits:V5": "57",
    "rescue:丙种球蛋白 | rescue: 是": "IVIG",
    "dates": "day first",
}


def cells(prepared, dataset: str, *columns: str) -> list[tuple]:
    return list(prepared.texts[dataset][list(columns)].itertuples(index=False, name=None))


def test_the_files_of_a_site_become_a_cut_once_a_person_has_answered():
    first = prepare(DEFINITION, FILES, CUT)
    assert [question.key for question in first.open] == list(ANSWERS)
    mapping = first.mapping
    for key, value in ANSWERS.items():
        mapping = answered(mapping, key, value)
    prepared = prepare(DEFINITION, FILES, CUT, read_mapping(write_mapping(mapping)))
    assert prepared.ready
    # 2025-06-30 is day 122 of a treatment that began on 2025-03-01
    assert cells(prepared, "adsl", "USUBJID", "TRT01P", "DCUTDY") == [
        ("A-01", "IGU+RTX", "122"),
        ("A-02", "RTX", "122"),
        ("A-03", "RTX", "122"),
    ]
    assert cells(prepared, "adlb", "USUBJID", "PARAMCD", "ADY", "AVAL", "AVALC") == [
        ("A-01", "PLAT", "1", "12", ""),
        ("A-02", "PLAT", "1", "9", ""),
        ("A-03", "PLAT", "1", "9", ""),
        ("A-01", "PLAT", "9", "45", ""),
        ("A-02", "PLAT", "8", "30", ""),
        ("A-03", "PLAT", "8", "", "<5"),
        ("A-01", "PLAT", "57", "60", ""),
        ("A-02", "PLAT", "57", "80", ""),
    ]
    assert cells(prepared, "adcm", "USUBJID", "CMCLAS", "ASTDY", "AENDY") == [
        ("A-01", "IVIG | rescue: 否", "5", "6"),  # given, and said to be no rescue
        ("A-02", "IVIG", "5", "6"),
    ]
    assert prepare(DEFINITION, FILES, CUT, prepared.mapping).ready
