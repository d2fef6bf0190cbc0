"""A saved mapping reused for the next data cut: what it knows is not asked again, what is new or gone is said."""

from sent_tables import BLOOD, DEFINITION, FOLLOW_UP, MEDICATION, asked, checks, confirmed, open_keys, table

from trialdata.mapping.answer import answered
from trialdata.mapping.import_mapping import Measured
from trialdata.mapping.propose import propose


def saved(*tables):
    return confirmed(propose(list(tables), DEFINITION))


def test_the_same_table_under_another_name_is_not_asked_again():
    mapping = saved(table(FOLLOW_UP, "march.xlsx", "随访表"))
    proposal = propose([table(FOLLOW_UP, "june.xlsx", "随访表")], DEFINITION, mapping)
    assert proposal.open == ()
    assert [each.table for each in proposal.mapping.tables] == ["june.xlsx, sheet 随访表"] * 2
    assert proposal.mapping.arms == mapping.arms


def test_a_new_site_with_a_new_spelling_is_asked_for_the_new_spelling_only():
    mapping = saved(table(FOLLOW_UP))
    later = FOLLOW_UP.rstrip("\n") + "\nC-01,03,联合用药组,15,60,\n"
    proposal = propose([table(later)], DEFINITION, mapping)
    assert open_keys(proposal) == ["arms:联合用药组"]
    assert proposal.open[0].proposed == "IGU+RTX"


def test_a_further_visit_is_read_as_the_others_and_said():
    mapping = saved(table(FOLLOW_UP))
    later = (
        FOLLOW_UP.replace(",备注\n", ",血小板_第8周,备注\n")
        .replace("45,", "45,88,")
        .replace("9,,", "9,,,")
        .replace("＜5,", "＜5,,")
    )
    proposal = propose([table(later)], DEFINITION, mapping)
    assert proposal.open == ()
    (counts,) = [each for each in proposal.mapping.tables if each.dataset == "adlb"]
    assert Measured("血小板_第8周", "PLAT", "第8周") in counts.measured
    assert ("new_column", "血小板_第8周") in checks(proposal.findings)


def test_any_other_new_column_is_said_and_not_used():
    mapping = saved(table(BLOOD))
    later = "\n".join(line + (",说明" if "访视" in line else ",x") for line in BLOOD.strip().splitlines())
    proposal = propose([table(later)], DEFINITION, mapping)
    assert proposal.open == ()
    assert ("new_column", "说明") in checks(proposal.findings)
    assert "说明" not in proposal.mapping.tables[0].columns.values()


def test_a_renamed_header_is_asked_until_it_is_answered():
    mapping = saved(table(BLOOD))
    later = table(BLOOD.replace("采样日期", "抽血的日期"))
    proposal = propose([later], DEFINITION, mapping)
    key = "columns:adlb:sent.csv:ADT"
    assert open_keys(proposal) == [key]
    assert asked(proposal, key).proposed == "抽血的日期"
    assert asked(proposal, key).text.endswith("It was 采样日期 before.")
    assert open_keys(propose([later], DEFINITION, proposal.mapping)) == [key]
    told = answered(proposal.mapping, key, "抽血的日期")
    assert propose([later], DEFINITION, told).open == ()


def test_a_column_that_is_gone_is_a_warning():
    mapping = saved(table(BLOOD))
    lines = [line.rsplit(",", 1)[0] for line in BLOOD.strip().splitlines()]
    proposal = propose([table("\n".join(lines))], DEFINITION, mapping)
    assert ("mapped_column_missing", "血红蛋白(G/L)") in checks(proposal.findings)
    assert proposal.open == ()


def test_a_table_that_does_not_come_is_a_warning_and_stays_in_the_mapping():
    mapping = saved(table(BLOOD, "a.csv"), table(MEDICATION, "b.csv"))
    proposal = propose([table(BLOOD, "a.csv")], DEFINITION, mapping)
    assert [each.table for each in proposal.mapping.tables] == ["a.csv", "b.csv"]
    assert ("mapped_table_absent", "") in checks(proposal.findings)
    both = propose([table(BLOOD, "a.csv"), table(MEDICATION, "c.csv")], DEFINITION, proposal.mapping)
    assert both.open == ()
    assert [each.table for each in both.mapping.tables] == ["a.csv", "c.csv"]


def test_a_table_that_is_not_used_is_remembered_as_such():
    unknown = table("甲,乙\n1,2\n", "x.csv")
    mapping = answered(propose([unknown], DEFINITION).mapping, "tables:x.csv", "")
    proposal = propose([unknown], DEFINITION, mapping)
    assert (open_keys(proposal), checks(proposal.findings)) == ([], [("table_not_used", "")])


def test_what_a_person_corrected_stays_corrected():
    mapping = saved(table(BLOOD))
    mapping = answered(mapping, "columns:adlb:sent.csv:AVISIT", "")
    proposal = propose([table(BLOOD)], DEFINITION, mapping)
    assert proposal.mapping.tables[0].columns["AVISIT"] == ""
    assert asked(proposal, "columns:adlb:sent.csv:AVISIT").open is False


def test_two_sites_that_send_the_same_table_are_both_read():
    mapping = saved(table(BLOOD, "north.csv"))
    proposal = propose([table(BLOOD, "north.csv"), table(BLOOD, "south.csv")], DEFINITION, mapping)
    assert [(each.table, each.dataset) for each in proposal.mapping.tables] == [
        ("north.csv", "adlb"),
        ("south.csv", "adlb"),
    ]
