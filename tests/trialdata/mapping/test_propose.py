"""What tables are taken to be, and what is asked of a person."""

from pathlib import Path

import pandas as pd
import pytest
from sent_tables import (
    ARMS,
    BLOOD,
    DEFINITION,
    EVENTS,
    FOLLOW_UP,
    HOSPITAL,
    MEDICATION,
    asked,
    checks,
    confirmed,
    open_keys,
    table,
)

from trialdata.mapping.answer import answered
from trialdata.mapping.import_mapping import UNDECIDED, Measured
from trialdata.mapping.propose import propose
from trialdata.mapping.wide import named
from trialdata.study import find_studies

ROOT = Path(__file__).parents[3]


def test_the_chinese_wide_workbook_feeds_participants_and_counts():  # catalogue of inputs, 48
    proposal = propose([table(FOLLOW_UP, "visits.xlsx", "随访表")], DEFINITION)
    participants, counts = proposal.mapping.tables
    assert participants.dataset == "adsl"
    assert participants.columns == {"USUBJID": "受试者编号", "SITEID": "中心", "TRT01P": "组别"}
    assert (counts.dataset, counts.columns["USUBJID"]) == ("adlb", "受试者编号")
    assert counts.measured == (
        Measured("血小板_基线", "PLAT", "基线"),
        Measured("血小板_第4周", "PLAT", "第4周"),
    )
    assert checks(proposal.findings) == [("columns_not_used", "")]


def test_arms_are_proposed_and_always_confirmed_by_a_person():
    proposal = propose([table(FOLLOW_UP)], DEFINITION)
    assert open_keys(proposal) == ["arms:联合组", "arms:单药组", "units:PLAT"]
    assert [question.proposed for question in proposal.open] == ["IGU+RTX", "RTX", "10^9/L"]
    assert asked(proposal, "arms:联合组").seen == "2 rows in sent.csv"
    mapping = confirmed(proposal)
    assert mapping.arms == {"联合组": "IGU+RTX", "单药组": "RTX"}
    assert propose([table(FOLLOW_UP)], DEFINITION, mapping).open == ()


def test_arms_spelt_three_ways_are_asked_one_by_one():  # catalogue of inputs, 33
    arms = ("联合组", "IGU+RTX", "igu + rtx", "Iguratimod+Rituximab", "RTX", "")
    text = "受试者编号,组别,年龄\n" + "".join(f"S{n},{arm},30\n" for n, arm in enumerate(arms))
    proposal = propose([table(text)], DEFINITION)
    assert [(q.key, q.proposed) for q in proposal.open] == [
        ("arms:联合组", "IGU+RTX"),
        ("arms:igu + rtx", "IGU+RTX"),
        ("arms:Iguratimod+Rituximab", "IGU+RTX"),
    ]


def test_a_row_counts_once_however_often_it_names_an_arm():
    proposal = propose(
        [table("Subject,Planned arm,Actual arm\nS1,联合组,联合组\nS2,联合组,RTX\n")], DEFINITION
    )
    assert asked(proposal, "arms:联合组").seen == "2 rows in sent.csv"


@pytest.mark.parametrize("names", [("A", "B"), ("A组", "B组"), ("Arm 1", "Arm 2"), ("1", "2")])
def test_masked_arms_are_asked_without_a_proposal(names):
    first, second = names
    proposal = propose([table(f"受试者编号,组别,年龄\nS1,{first},30\nS2,{second},40\n")], DEFINITION)
    assert [(q.key, q.proposed) for q in proposal.open] == [(f"arms:{first}", ""), (f"arms:{second}", "")]


def test_the_only_arm_of_a_study_needs_no_column():
    one_arm = DEFINITION.replace(arms=ARMS[:1], design="single_arm")
    proposal = propose([table("受试者编号,年龄,性别\nS1,30,男\nS2,40,女\n")], one_arm)
    (participants,) = proposal.mapping.tables
    assert participants.values == {"TRT01P": "IGU+RTX"}
    assert proposal.open == ()
    assert proposal.mapping.codes == {"SEX": {"男": "M", "女": "F"}}


def test_a_file_of_a_study_folder_raises_no_question_and_keeps_every_column():
    adsl = table("USUBJID,TRT01P,NOTE,SEX\nS1,IGU+RTX,x,F\nS2,RTX,y,M\n", "adsl.csv")
    adlb = table("USUBJID,PARAMCD,ADY,AVAL\nS1,PLAT,1,10\nS1,XYZ,1,10\n", "adlb.csv")
    proposal = propose([adsl, adlb], DEFINITION)
    assert proposal.questions == ()
    assert [dict(each.columns) for each in proposal.mapping.tables] == [
        {name: name for name in ("USUBJID", "TRT01P", "NOTE", "SEX")},
        {name: name for name in ("USUBJID", "PARAMCD", "ADY", "AVAL")},
    ]


@pytest.mark.parametrize(
    ("header", "paramcd", "visit"),
    [
        *(("PLT_W1", "PLAT", "W1"), ("PLT W1", "PLAT", "W1"), ("血小板_第4周", "PLAT", "第4周")),
        *(("W4_PLT", "PLAT", "W4"), ("第4周血小板", "PLAT", "第4周"), ("PLTW4", "PLAT", "W4")),
        *(("血小板计数(第4周)", "PLAT", "第4周"), ("基线血小板", "PLAT", "基线"), ("PLT_1", "PLAT", "1")),
        *(("HGB_W2", "HGB", "W2"), ("WHO出血评分_第4周", "WHOBLD", "第4周"), ("血小板分布宽度", "PDW", "")),
        *(("DATE_W4", "date", "W4"), ("MPV_W1", "MPV", "W1")),
    ],
)
def test_headers_of_wide_tables(header, paramcd, visit):
    assert named(header)[:2] == (paramcd, visit)


@pytest.mark.parametrize("header", ["W1", "备注", "GROUP", "中性粒细胞(%)", "PLATFORM", "第4周"])
def test_headers_that_hold_no_parameter(header):
    assert named(header) is None


def test_the_unit_and_the_date_of_a_wide_column():
    text = "受试者编号,PLT_W1 (10^9/L),DATE_W1,PLT_W2\nA-01,12,2025-03-08,13\n"
    (counts,) = propose([table(text)], DEFINITION).mapping.tables
    assert counts.measured == (
        Measured("PLT_W1 (10^9/L)", "PLAT", "W1", "DATE_W1", "10^9/L"),
        Measured("PLT_W2", "PLAT", "W2"),
    )


def test_the_date_of_a_row_is_not_the_date_of_the_visits_in_its_headers():
    text = "受试者编号,日期,PLT_W1 (10^9/L),PLT_W2\nA-01,2025-03-01,12,13\n"
    proposal = propose([table(text)], DEFINITION)
    assert "ADT" not in proposal.mapping.tables[0].columns
    assert ("columns_not_used", "") in checks(proposal.findings)


def test_headers_have_lost_their_case_and_so_grams_per_litre_is_asked():
    proposal = propose([table("受试者编号,采样日期,PLT(g/L)\nA-01,2025-03-08,12\n")], DEFINITION)
    assert open_keys(proposal) == ["units:PLAT"]


def test_parameters_of_a_hospital_are_known_by_their_words_and_the_rest_left_out_with_a_note():
    proposal = propose([table(HOSPITAL)], DEFINITION)
    assert proposal.open == ()
    assert proposal.mapping.parameters == {"血小板计数": "PLAT", "血红蛋白": "HGB", "尿蛋白": ""}
    assert ("parameters_left_out", "PARAMCD") in checks(proposal.findings)


def test_a_parameter_that_may_be_the_platelet_count_is_asked():
    proposal = propose([table(HOSPITAL.replace("血小板计数", "血小板(手工法)复核"))], DEFINITION)
    assert open_keys(proposal) == ["parameters:血小板(手工法)复核", "parameters:尿蛋白"]
    assert asked(proposal, "parameters:血小板(手工法)复核").proposed == "PLAT"


def test_the_unit_in_the_name_of_a_parameter():  # catalogue of inputs, 1.15
    text = "Subject,Parameter,Result,Date\nA-01,Platelet (10^9/L),12,2025-03-01\n"
    proposal = propose([table(text)], DEFINITION)
    assert proposal.open == ()
    assert proposal.mapping.units == {"PLAT": "10^9/L"}


def test_counts_of_tens_of_thousands_without_a_unit_are_asked():  # catalogue of inputs, 17
    text = "Subject,Parameter,Result,Date\nA-01,PLT,12000,2025-03-01\nA-01,PLT,45000,2025-03-08\n"
    assert asked(propose([table(text)], DEFINITION), "units:PLAT").proposed == "/uL"


def test_events_and_medication_by_their_columns():
    proposal = propose([table(EVENTS, "a.csv"), table(MEDICATION, "b.csv")], DEFINITION)
    events, medication = proposal.mapping.tables
    assert (events.dataset, medication.dataset) == ("adae", "adcm")
    assert events.columns == {
        "USUBJID": "受试者编号",
        "AEDECOD": "不良事件名称",
        "AETOXGR": "CTCAE分级",
        "AESER": "是否SAE",
        "AEOUT": "转归",
        "ASTDT": "开始日期",
    }
    assert medication.columns["CMCLAS"] == medication.columns["CMDECOD"] == "药物名称"


def test_medication_without_a_rescue_flag_is_asked_text_by_text():  # catalogue of inputs, 40
    proposal = propose([table(MEDICATION)], DEFINITION)
    assert [(q.key, q.proposed) for q in proposal.open] == [
        ("rescue:丙种球蛋白", "IVIG"),
        ("rescue:阿司匹林", ""),
    ]


def test_many_medications_that_do_not_sound_like_rescue_are_confirmed_together():
    names = [*(f"Vitamin {n}" for n in range(400)), "Eltrombopag"]
    text = "Subject,Drug name,Start date\n" + "".join(f"A,{name},2025-03-01\n" for name in names)
    proposal = propose([table(text)], DEFINITION)
    assert [(q.key, q.proposed) for q in proposal.open] == [
        ("rescue:*", ""),
        ("rescue:Eltrombopag", "TPO-RA"),
    ]
    again = propose(
        [table(text + "A,Zinc,2025-03-01\n")],
        DEFINITION,
        propose([table(text)], DEFINITION, confirmed(proposal)).mapping,
    )
    assert open_keys(again) == ["rescue:Zinc"]


def test_classes_that_say_nothing_of_rescue_give_way_to_the_names():
    text = "Subject,Drug name,Drug class,Start date\nA,IVIG,{},2025-03-01\nA,Albumin,BLOOD,2025-03-02\n"
    by_name = propose([table(text.format("BLOOD"))], DEFINITION)
    assert open_keys(by_name) == ["rescue:Albumin"]  # IVIG is a class of the study, letter by letter
    by_class = propose([table(text.format("Immunoglobulins"))], DEFINITION)
    assert open_keys(by_class) == ["rescue:Immunoglobulins", "rescue:BLOOD"]


def test_a_rescue_flag_answers_no_but_not_which_class():
    text = "Subject,Drug name,Rescue,Start date\nA,Prednisone,N,2025-03-01\nA,Prednisone,Y,2025-04-01\n"
    proposal = propose([table(text)], DEFINITION)
    assert open_keys(proposal) == ["rescue:Prednisone | rescue: Y"]
    assert proposal.mapping.rescue == {"Prednisone | rescue: N": ""}


def test_a_rescue_column_without_a_day_is_said():
    text = "受试者编号,组别,挽救治疗,血小板_第4周\nA-01,RTX,是,12\n"
    assert ("rescue_without_day", "挽救治疗") in checks(propose([table(text)], DEFINITION).findings)


def test_visits_that_words_do_not_say_are_asked_where_no_date_does():  # catalogue of inputs, 24
    text = "受试者编号,访视,血小板(10^9/L),采样日期\nA,V5,10,\nA,V6,11,2025-03-08\nA,第4周,12,\nA,计划外访视,13,\n"
    proposal = propose([table(text)], DEFINITION)
    assert open_keys(proposal) == ["visits:V5"]
    mapping = answered(proposal.mapping, "visits:V5", "29")
    assert propose([table(text)], DEFINITION, mapping).open == ()


def test_codes_without_labels_are_asked():  # catalogue of inputs, 46
    text = "record_id,arm,sex,sterfl,age\n1,RTX,1,0,30\n2,RTX,2,1,40\n"
    proposal = propose([table(text)], DEFINITION)
    assert open_keys(proposal) == ["codes:SEX:1", "codes:SEX:2", "codes:STERFL:0", "codes:STERFL:1"]
    assert asked(proposal, "codes:SEX:1").proposed == ""


@pytest.mark.parametrize(
    ("dates", "proposed"),
    [
        (("03/04/2025",), ""),
        (("03/04/2025", "13/04/2025"), "day first"),
        (("03/04/2025", "04/13/2025"), "month first"),
    ],
)
def test_day_or_month_first_is_asked_once(dates, proposed):  # catalogue of inputs, 29
    rows = "".join(f"A,第1周,{date},10\n" for date in dates)
    proposal = propose([table(f"受试者编号,访视,采样日期,血小板(10^9/L)\n{rows}")], DEFINITION)
    assert [(q.key, q.proposed) for q in proposal.open] == [("dates", proposed)]


def test_results_that_were_derived_elsewhere_are_never_used():
    proposal = propose([table("USUBJID,PARAMCD,AVAL\nA,CRESP,1\n", "adrs.csv")], DEFINITION)
    assert [each.dataset for each in proposal.mapping.tables] == [""]
    assert (open_keys(proposal), checks(proposal.findings)) == ([], [("given_results", "")])


def test_a_table_of_unknown_meaning_is_asked_and_filled_once_it_is_known():
    text = "受试者编号,数值甲,时间乙,类别丙\nA-01,12,2025-03-01,x\n"
    proposal = propose([table(text, "甲.csv")], DEFINITION)
    assert open_keys(proposal) == ["tables:甲.csv"]
    assert proposal.mapping.tables[0].dataset == UNDECIDED
    mapping = answered(proposal.mapping, "tables:甲.csv", "adlb")
    again = propose([table(text, "甲.csv")], DEFINITION, mapping)
    assert again.mapping.tables[0].columns == {"USUBJID": "受试者编号"}
    keys = [f"columns:adlb:甲.csv:{name}" for name in ("PARAMCD", "AVAL", "ADT")]
    assert open_keys(again) == keys
    assert [asked(again, key).proposed for key in keys[1:]] == ["数值甲", "时间乙"]
    mapping = again.mapping
    for key, value in zip(keys, ("=PLAT", "数值甲", "时间乙"), strict=True):
        mapping = answered(mapping, key, value)
    assert open_keys(propose([table(text, "甲.csv")], DEFINITION, mapping)) == ["units:PLAT"]


def test_a_column_that_two_headers_may_be_is_asked():
    text = "筛选号,随机号,访视,血小板(10^9/L)\n1,2,第1周,10\n"
    proposal = propose([table(text)], DEFINITION)
    question = asked(proposal, "columns:adlb:sent.csv:USUBJID")
    assert (question.open, question.proposed) == (True, "筛选号")
    assert [value for value, _ in question.options[:2]] == ["筛选号", "随机号"]


def test_an_arm_that_another_table_of_the_same_participants_has_is_not_asked():
    people = table("受试者编号,年龄,性别,备注\nA,30,男,\nB,40,女,\n", "people.csv")
    arms = table("受试者编号,组别\nB,RTX\nA,IGU+RTX\n", "arms.csv")
    assert propose([people, arms], DEFINITION).open == ()
    strangers = table("受试者编号,组别\nX,RTX\nY,IGU+RTX\n", "arms.csv")
    assert open_keys(propose([people, strangers], DEFINITION)) == ["columns:adsl:people.csv:TRT01P"]


def test_arms_are_recognised_by_their_values_and_the_column_confirmed():
    proposal = propose([table("Subject,Gender,Age,Kit\nA-01,M,33,IGU+RTX\nA-02,F,40,RTX\n")], DEFINITION)
    assert [(q.key, q.proposed) for q in proposal.open] == [("columns:adsl:sent.csv:TRT01P", "KIT")]


def test_a_bleeding_scale_without_a_name_is_asked():
    proposal = propose([table("受试者编号,评估日期,出血评分\nA,2025-03-01,1\n")], DEFINITION)
    assert open_keys(proposal) == ["measured:adqs:sent.csv:出血评分"]
    mapping = confirmed(proposal)
    assert mapping.tables[0].measured == (Measured("出血评分", "WHOBLD"),)


def test_one_table_of_visits_with_arms_is_read_as_participants_too():
    text = BLOOD.replace("受试者编号,", "受试者编号,组别,").replace("A-01,", "A-01,RTX,")
    proposal = propose([table(text)], DEFINITION)
    assert [each.dataset for each in proposal.mapping.tables] == ["adsl", "adlb"]


def test_more_texts_than_a_person_can_explain_are_refused():
    text = "受试者编号,组别,年龄\n" + "".join(f"S{n},group number {n},30\n" for n in range(301))
    proposal = propose([table(text)], DEFINITION)
    assert checks(proposal.findings) == [("too_many_texts", "TRT01P")]
    assert proposal.open == ()


def test_labels_of_columns_count_as_their_headers():
    frame = table("V1,V2,V3,V4\nA,2025-03-01,PLT,10\n", **{"V1": "Subject ID", "V2": "Sample date"})
    frame = frame.replace(labels={"V1": "Subject ID", "V2": "Sample date", "V3": "Test name", "V4": "Result"})
    (counts,) = propose([frame], DEFINITION).mapping.tables
    assert counts.dataset == "adlb"
    assert {"USUBJID": "V1", "ADT": "V2", "PARAMCD": "V3", "AVAL": "V4"}.items() <= counts.columns.items()


@pytest.mark.parametrize("definition", find_studies(ROOT), ids=lambda definition: definition.name)
def test_the_sample_raises_no_question(definition):
    folder = max(path for path in (ROOT / definition.data).iterdir() if path.is_dir())
    tables = [table(path.read_text(encoding="utf-8"), path.name) for path in sorted(folder.glob("*.csv"))]
    proposal = propose(tables, definition)
    assert (proposal.questions, proposal.findings) == ((), ())


def test_twenty_thousand_rows_are_proposed_from_their_distinct_texts():
    rows = pd.DataFrame(
        {"受试者编号": [f"S{n % 500}" for n in range(20_000)], "访视": "第1周", "血小板(10^9/L)": "12"}
    )
    large = table(BLOOD).replace(frame=rows.astype("str").set_axis(range(2, 20_002)))
    assert propose([large], DEFINITION).open == ()


@pytest.mark.parametrize("word", ["Screen failure", "SCRNFAIL", "screen-failed", "筛选失败"])
def test_a_screen_failure_is_no_arm_to_ask_about(word):
    proposal = propose([table(f"受试者编号,组别,年龄\nA,RTX,30\nB,{word},40\n")], DEFINITION)
    assert open_keys(proposal) == []
    assert proposal.mapping.arms == {}


def test_a_column_of_arms_is_known_by_its_values_screen_failures_among_them():
    proposal = propose([table("受试者编号,X,年龄\nA,RTX,30\nB,SCRNFAIL,40\n", "adsl.csv")], DEFINITION)
    (question,) = proposal.open
    assert (question.about, question.proposed) == ("Columns", "X")
    failed = propose([table("受试者编号,X,年龄\nA,SCRNFAIL,30\n", "adsl.csv")], DEFINITION)
    assert [question.proposed for question in failed.open if question.about == "Columns"] == [""]
