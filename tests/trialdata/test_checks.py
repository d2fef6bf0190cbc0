"""Checks of a data cut: for each wrong cell the finding with its row, and what happens to the data."""

import pandas as pd
import pytest
from small_study import ADAE, ADCM, ADLB, ADQS, ADSL, TOML, findings_of, loaded, places, with_row

WARNING, ERROR, NOTE = "warning", "error", "note"


def lab(row: str) -> str:
    return with_row(ADLB, row)


def values(frame: pd.DataFrame, usubjid: str, column: str = "AVAL") -> list[float]:
    return frame.loc[frame["USUBJID"] == usubjid, column].tolist()


# Subjects


def test_a_subject_twice_is_refused_and_with_two_arms_it_is_said_so(tmp_path):
    twice = with_row(ADSL, "S-01,A,02,DEMO,Y,Y,Y,34,F,60,ONGOING,")
    assert findings_of(tmp_path / "a", "subject_twice", adsl=twice) == [
        (ERROR, "adsl.csv", 2, "USUBJID", "S-01"),
        (ERROR, "adsl.csv", 6, "USUBJID", "S-01"),
    ]
    arms = with_row(ADSL, "S-01,B,01,DEMO,Y,Y,Y,34,F,60,ONGOING,")
    assert findings_of(tmp_path / "b", "subject_two_arms", adsl=arms) == [
        (ERROR, "adsl.csv", 2, "TRT01P", "S-01"),
        (ERROR, "adsl.csv", 6, "TRT01P", "S-01"),
    ]


def test_the_same_row_of_adsl_twice_is_used_once(tmp_path):
    result = loaded(tmp_path, adsl=with_row(ADSL, ADSL.strip().split("\n")[1]))
    assert places(result.findings, "duplicate_row") == [(WARNING, "adsl.csv", 6, "", "S-01")]
    assert not result.refused
    assert len(result.frames["adsl"]) == 4


def test_an_arm_that_the_definition_does_not_have_stays_with_a_warning(tmp_path):
    result = loaded(tmp_path, adsl=ADSL.replace("S-04,B", "S-04,Placebo"))
    assert places(result.findings, "unknown_arm") == [(WARNING, "adsl.csv", 5, "TRT01P", "S-04")]
    assert places(result.findings, "screen_failures") == []
    assert result.frames["adsl"]["TRT01P"].tolist() == ["A", "B", "A", "Placebo"]


@pytest.mark.parametrize(
    "word", ["Screen Failure", "SCREEN FAILURE", "screen-failure", "SCRNFAIL", "筛选失败"]
)
def test_screen_failures_are_one_note(tmp_path, word):
    result = loaded(tmp_path, adsl=ADSL.replace("S-04,B", f"S-04,{word}").replace("S-03,A", f"S-03,{word}"))
    assert places(result.findings, "screen_failures") == [(NOTE, "adsl.csv", None, "TRT01P", "")]
    assert places(result.findings, "unknown_arm") == []
    (found,) = result.findings.loc[result.findings["check"] == "screen_failures", "found"]
    assert found == "2 rows of screen failures"
    assert result.frames["adsl"]["TRT01P"].tolist() == ["A", "B", word, word]


def test_screen_failures_alone_are_no_trial(tmp_path):
    adsl = ADSL.replace(",A,", ",Screen failure,").replace(",B,", ",Screen failure,")
    assert len(findings_of(tmp_path, "no_known_arm", adsl=adsl)) == 4


def test_no_known_arm_at_all_is_refused(tmp_path):
    adsl = ADSL.replace(",A,", ",a,").replace(",B,", ",b,")
    assert {place[0] for place in findings_of(tmp_path, "no_known_arm", adsl=adsl)} == {ERROR}


def test_an_arm_without_subjects_is_a_warning(tmp_path):
    adsl = ADSL.replace(",B,", ",A,")
    assert findings_of(tmp_path, "arm_without_subjects", adsl=adsl) == [
        (WARNING, "adsl.csv", None, "TRT01P", "")
    ]


def with_cells(table: str, header: str, cells: list[str]) -> str:
    lines = table.strip().split("\n")
    return "\n".join(f"{line},{cell}" for line, cell in zip(lines, [header, *cells], strict=True)) + "\n"


def test_another_actual_arm_is_a_note_and_an_unknown_one_a_warning(tmp_path):
    findings = loaded(tmp_path, adsl=with_cells(ADSL, "TRT01A", ["B", "", "C", "B"])).findings
    assert places(findings, "arm_switched") == [(NOTE, "adsl.csv", 2, "TRT01A", "S-01")]
    assert places(findings, "unknown_actual_arm") == [(WARNING, "adsl.csv", 4, "TRT01A", "S-03")]


def test_another_studyid_is_a_warning(tmp_path):
    adsl = ADSL.replace("S-02,B,01,DEMO", "S-02,B,01,OTHER")
    assert findings_of(tmp_path, "other_study", adsl=adsl) == [(WARNING, "adsl.csv", 3, "STUDYID", "S-02")]


def test_the_cut_day_follows_from_the_first_dose_and_the_folder(tmp_path):
    """Cut 2026-01-15: dose on 2026-01-15 is day 1, on 2026-01-14 day 2, on 2026-01-16 day -1."""
    header = "USUBJID,TRT01P,TRTSDT,RANDDT"
    rows = ["S-01,A,2026-01-15,", "S-02,B,2026-01-14,2026-01-01", "S-03,A,2026-01-16,", "S-04,B,,2026-01-10"]
    result = loaded(tmp_path, adsl="\n".join([header, *rows]))
    assert result.frames["adsl"]["DCUTDY"].tolist() == [1, 2, -1, 6]  # the last: never treated, from RANDDT


def test_dcutdy_wins_over_the_first_dose_and_a_disagreement_is_found(tmp_path):
    adsl = with_cells(ADSL, "TRTSDT", ["2025-11-17", "2025-11-16", "", ""])
    result = loaded(tmp_path, adsl=adsl)
    assert places(result.findings, "cut_day_disagrees") == [(WARNING, "adsl.csv", 3, "DCUTDY", "S-02")]
    assert result.frames["adsl"]["DCUTDY"].tolist() == [60, 60, 40, 40]


def test_an_unknown_cut_day_is_missing_with_a_warning(tmp_path):
    result = loaded(tmp_path, adsl=ADSL.replace("F,60", "F,").replace("M,60", "M,0"))
    assert result.frames["adsl"]["DCUTDY"].isna().tolist() == [True, True, False, False]
    assert places(result.findings, "unknown_cut_day") == [
        (WARNING, "adsl.csv", 2, "DCUTDY", "S-01"),
        (WARNING, "adsl.csv", 3, "DCUTDY", "S-02"),
    ]
    assert places(result.findings, "invalid_subject_day") == [(WARNING, "adsl.csv", 3, "DCUTDY", "S-02")]


@pytest.mark.parametrize("day", ["1e300", "9999999999", "-50000"])
def test_a_cut_day_beyond_a_lifetime_is_none(tmp_path, day):
    result = loaded(tmp_path, adsl=ADSL.replace("M,60", f"M,{day}"))
    assert places(result.findings, "invalid_subject_day") == [(WARNING, "adsl.csv", 3, "DCUTDY", "S-02")]
    assert result.frames["adsl"]["DCUTDY"].isna().tolist() == [False, True, False, False]


def test_neither_dcutdy_nor_trtsdt_is_refused(tmp_path):
    adsl = "USUBJID,TRT01P\nS-01,A\n"
    assert findings_of(tmp_path, "no_cut_day", adsl=adsl) == [(ERROR, "adsl.csv", None, "DCUTDY", "")]


def test_an_end_after_the_cut_and_a_status_that_disagrees_are_warnings(tmp_path):
    adsl = ADSL.replace("F,60,ONGOING,", "F,60,ONGOING,50").replace("DISCONTINUED,30", "DISCONTINUED,41")
    findings = loaded(tmp_path, adsl=adsl.replace("M,60,ONGOING", "M,60,GONE")).findings
    assert places(findings, "status_disagrees") == [(WARNING, "adsl.csv", 2, "EOSDY", "S-01")]
    assert places(findings, "end_after_cut") == [(WARNING, "adsl.csv", 5, "EOSDY", "S-04")]
    assert places(findings, "unknown_status") == [(WARNING, "adsl.csv", 3, "EOSSTT", "S-02")]


def test_a_status_in_small_letters_is_understood(tmp_path):
    result = loaded(tmp_path, adsl=ADSL.replace("DISCONTINUED", "Discontinued"))
    assert result.frames["adsl"]["EOSSTT"].tolist()[-1] == "DISCONTINUED"
    assert places(result.findings, "unknown_status") == []


def test_columns_that_the_definition_names_and_flags_are_missed(tmp_path):
    toml = TOML.replace('data = "data/demo"', 'data = "data/demo"\ncovariates = ["AGE", "BASE", "DURMO"]')
    toml += '\n[[subgroups]]\ncolumn = "SEX"\nlabel = "Sex"\ncuts = [1]\n'
    findings = loaded(tmp_path, toml=toml, adsl=ADSL.replace("FASFL", "XFL")).findings
    assert places(findings, "definition_column_absent") == [(WARNING, "adsl.csv", None, "DURMO", "")]
    assert places(findings, "cuts_of_text") == [(WARNING, "adsl.csv", None, "SEX", "")]
    assert places(findings, "population_flag_absent") == [(WARNING, "adsl.csv", None, "FASFL", "")]


# Rows


def test_rows_of_unknown_subjects_are_named_and_never_used(tmp_path):
    result = loaded(tmp_path, adlb=lab("S-77,PLAT,8,50,,,,"))
    assert places(result.findings, "unknown_subject") == [(WARNING, "adlb.csv", 11, "USUBJID", "S-77")]
    assert "S-77" not in set(result.frames["adlb"]["USUBJID"])
    assert not result.refused


def test_subjects_that_lost_their_leading_zeros_are_refused_not_dropped(tmp_path):
    result = loaded(tmp_path, adlb=ADLB.replace("S-02", "S-2"))
    assert places(result.findings, "subject_written_differently") == [
        (ERROR, "adlb.csv", 5, "USUBJID", "S-2"),
        (ERROR, "adlb.csv", 6, "USUBJID", "S-2"),
    ]
    assert result.findings["expected"].str.contains('"S-02"').any()


def test_a_file_of_other_subjects_is_refused(tmp_path):
    adlb = ADLB.replace("S-0", "T-9")
    assert findings_of(tmp_path, "no_known_subject", adlb=adlb) == [(ERROR, "adlb.csv", None, "USUBJID", "")]


def test_a_row_without_subject_is_refused_in_adsl_and_dropped_elsewhere(tmp_path):
    adsl, adlb = with_row(ADSL, ",A,01,DEMO,Y,Y,Y,34,F,60,ONGOING,"), lab(",PLAT,8,50,,,,")
    findings = loaded(tmp_path, adsl=adsl, adlb=adlb).findings
    assert places(findings, "missing_subject") == [(ERROR, "adsl.csv", 6, "USUBJID", "")]
    assert places(findings, "row_without_subject") == [(WARNING, "adlb.csv", 11, "USUBJID", "")]


def test_a_repeated_row_counts_once_even_when_written_with_a_decimal(tmp_path):
    result = loaded(tmp_path, adlb=lab("S-01,PLAT,8.0,45.0,45,10^9/L,Week 1,"))
    assert places(result.findings, "duplicate_row") == [(WARNING, "adlb.csv", 11, "", "S-01")]
    assert values(result.frames["adlb"], "S-01") == [12, 45, 120]


@pytest.mark.parametrize(
    ("day", "check"),
    [
        ("", "missing_day"),
        ("0", "day_zero"),
        ("8.5", "day_not_whole"),
        ("ND", "missing_day"),
        ("-99999", "day_not_whole"),
    ],
)
def test_a_row_without_a_proper_day_is_never_used(tmp_path, day, check):
    result = loaded(tmp_path, adlb=lab(f"S-01,PLAT,{day},77,,,,"))
    assert places(result.findings, check) == [(WARNING, "adlb.csv", 11, "ADY", "S-01")]
    assert 77 not in values(result.frames["adlb"], "S-01")


def test_an_adverse_event_without_a_proper_day_is_kept_without_it(tmp_path):
    adae = with_row(with_row(ADAE, "S-02,Nausea,1,N,,0,,Y"), "S-03,Rash,1,N,,,,Y")
    result = loaded(tmp_path, adae=adae)
    assert places(result.findings, "day_zero") == [(WARNING, "adae.csv", 3, "ASTDY", "S-02")]
    assert result.frames["adae"]["ASTDY"].isna().tolist() == [False, True, True]
    assert places(result.findings, "missing_day") == []


def test_rows_after_the_cut_and_after_the_end_of_study_are_named(tmp_path):
    findings = loaded(tmp_path, adlb=lab("S-04,PLAT,31,20,,,,") + "S-04,PLAT,41,20,,,,\n").findings
    assert places(findings, "after_end_of_study") == [(WARNING, "adlb.csv", 11, "ADY", "S-04")]
    assert places(findings, "after_cut") == [(WARNING, "adlb.csv", 12, "ADY", "S-04")]


def test_a_planned_arm_in_adlb_that_differs_is_a_warning(tmp_path):
    adlb = with_cells(ADLB, "TRTP", ["A", "A", "B", "B", "B", "A", "A", "B", ""])
    assert findings_of(tmp_path, "planned_arm_disagrees", adlb=adlb) == [
        (WARNING, "adlb.csv", 4, "TRTP", "S-01")
    ]


# Platelets

BAD_COUNTS = {
    "abc": "not_a_number",
    "TRUE": "not_a_number",
    "-4": "negative_count",
    "inf": "infinite_number",
    "1e400": "infinite_number",
    "3001": "count_impossible",
    "9" * 41: "count_impossible",
}


@pytest.mark.parametrize("text", BAD_COUNTS)
def test_a_count_that_cannot_be_is_refused_with_its_row(tmp_path, text):
    result = loaded(tmp_path, adlb=lab(f"S-01,PLAT,22,{text},,10^9/L,,"))
    assert places(result.findings, BAD_COUNTS[text]) == [(ERROR, "adlb.csv", 11, "AVAL", "S-01")]


ODD_COUNTS = {  # text: check, and the count that is used (None: missing)
    "1600": ("count_implausible", 1600),
    "45↑": ("lab_mark", 45),
    '"1,050"': ("thousands_comma", 1050),
    "ND": ("not_done", None),
    "未查": ("not_done", None),
    "溶血": ("not_done", None),
    "约50": ("not_one_number", None),
    "999": ("sentinel", None),
    "-99": ("sentinel", None),
    "9999": ("sentinel", None),
}


@pytest.mark.parametrize("text", ODD_COUNTS)
def test_an_odd_count_is_loaded_as_the_finding_says(tmp_path, text):
    check, expected = ODD_COUNTS[text]
    result = loaded(tmp_path, adlb=lab(f"S-01,PLAT,22,{text},,10^9/L,,"))
    assert places(result.findings, check) == [(WARNING, "adlb.csv", 11, "AVAL", "S-01")]
    assert not result.refused
    value = values(result.frames["adlb"], "S-01")[-1]
    assert pd.isna(value) if expected is None else value == expected


def test_a_code_for_missing_is_a_proper_value_of_another_parameter(tmp_path):
    result = loaded(tmp_path, adlb=lab("S-01,FERRITIN,22,999,,ug/L,,"))
    assert result.findings.empty
    assert 999 in values(result.frames["adlb"], "S-01")


def test_a_censored_count_in_either_column_ends_in_avalc(tmp_path):
    adlb = (
        lab("S-01,PLAT,22,<5,,,,") + "S-01,PLAT,23,,＜ 5,,,\nS-01,PLAT,24,5,≤5.0,,,\nS-01,PLAT,25,>1000,,,,\n"
    )
    result = loaded(tmp_path, adlb=adlb)
    assert values(result.frames["adlb"], "S-01", "AVALC")[3:] == ["<5", "<5", "<5", ">1000"]
    assert [place[2] for place in places(result.findings, "censored_below")] == [11, 12, 13]
    assert places(result.findings, "censored_above") == [(NOTE, "adlb.csv", 14, "AVALC", "S-01")]


def test_a_count_above_a_limit_below_a_threshold_in_use_is_a_warning(tmp_path):
    """>80 reaches 30 but not 100; >100 reaches both."""
    adlb = lab("S-01,PLAT,22,,>80,,,") + "S-01,PLAT,23,,>100,,,\n"
    findings = loaded(tmp_path, adlb=adlb).findings
    assert places(findings, "censored_above_below_threshold") == [(WARNING, "adlb.csv", 11, "AVALC", "S-01")]
    assert places(findings, "censored_above") == [(NOTE, "adlb.csv", 12, "AVALC", "S-01")]


def test_a_reported_text_that_is_not_the_value_is_a_warning(tmp_path):
    adlb = lab("S-01,PLAT,22,54,45,,,") + "S-01,PLAT,23,,45,,,\nS-01,PLAT,24,45.4,45,,,\n"
    findings = loaded(tmp_path, adlb=adlb).findings
    assert places(findings, "value_disagrees") == [(WARNING, "adlb.csv", 11, "AVALC", "S-01")]
    assert places(findings, "count_only_as_text") == [(WARNING, "adlb.csv", 12, "AVALC", "S-01")]


def test_counts_in_another_unit_of_counts_are_converted(tmp_path):
    adlb = lab("S-01,PLAT,22,45000,,/uL,,") + "S-01,PLAT,23,,<5000,/µL,,\nS-01,PLAT,24,4.5,,万/μL,,\n"
    result = loaded(tmp_path, adlb=adlb + "S-01,PLAT,25,45,,10^3/uL,,\n")
    assert not result.refused
    assert values(result.frames["adlb"], "S-01")[3::2] == [45, 45]
    assert values(result.frames["adlb"], "S-01")[-1] == 45
    assert values(result.frames["adlb"], "S-01", "AVALC")[4] == "<5"
    assert set(result.frames["adlb"]["AVALU"]) == {"10^9/L"}
    assert len(places(result.findings, "unit_converted")) == 3  # one for each spelling of another unit


@pytest.mark.parametrize("unit", ["g/L", "%", "fL", "mg/dL"])
def test_a_unit_that_is_not_one_of_counts_is_refused(tmp_path, unit):
    findings = loaded(tmp_path, adlb=lab(f"S-01,PLAT,22,45,,{unit},,")).findings
    assert places(findings, "unit_refused") == [(ERROR, "adlb.csv", 11, "AVALU", "S-01")]


def test_counts_per_microlitre_without_a_unit_are_refused_once(tmp_path):
    header, *rows = ADLB.strip().split("\n")
    cells = [row.split(",") for row in rows]
    adlb = "\n".join([header, *(",".join([*c[:3], c[3] + "000", "", "", *c[6:]]) for c in cells)])
    findings = loaded(tmp_path, adlb=adlb).findings
    assert places(findings, "wrong_unit") == [(ERROR, "adlb.csv", None, "AVAL", "")]
    assert places(findings, "count_impossible") == []


def test_one_site_in_another_unit_is_refused_by_name(tmp_path):
    """Site 02 (S-03, S-04) a thousand times too high under the label 10^9/L."""
    header, *rows = ADLB.strip().split("\n")
    cells = [row.split(",") for row in rows]
    wrong = [[*c[:3], c[3] + "000", "", *c[5:]] if c[0] in ("S-03", "S-04") else c for c in cells]
    findings = loaded(tmp_path, adlb="\n".join([header, *map(",".join, wrong)])).findings
    assert places(findings, "wrong_unit_of_site") == [(ERROR, "adlb.csv", None, "AVAL", "")]
    (found,) = findings.loc[findings["check"] == "wrong_unit_of_site", "found"]
    assert "site 02" in found
    assert places(findings, "count_impossible") == []


def test_one_site_far_below_the_others_is_a_warning(tmp_path):
    header, *rows = ADLB.strip().split("\n")
    cells = [row.split(",") for row in rows]
    low = [[*c[:3], f"0.0{c[3]}", "", *c[5:]] if c[0] in ("S-03", "S-04") else c for c in cells]
    findings = loaded(tmp_path, adlb="\n".join([header, *map(",".join, low)])).findings
    assert places(findings, "site_far_off") == [(WARNING, "adlb.csv", None, "AVAL", "")]


def test_several_counts_on_one_day_are_named_with_the_rule(tmp_path):
    result = loaded(tmp_path, adlb=lab("S-01,PLAT,8,33,,10^9/L,Unscheduled,"))
    assert places(result.findings, "several_counts_one_day") == [
        (WARNING, "adlb.csv", 3, "AVAL", "S-01"),
        (WARNING, "adlb.csv", 11, "AVAL", "S-01"),
    ]
    (action,) = set(result.findings.loc[result.findings["check"] == "several_counts_one_day", "action"])
    assert action.startswith("the lowest counts")
    assert values(result.frames["adlb"], "S-01") == [12, 45, 120, 33]


def test_an_end_of_treatment_copy_and_derived_rows_are_notes(tmp_path):
    header, *rows = ADLB.strip().split("\n")
    more = ["S-01,PLAT,15,120,,,End of Treatment,", "S-01,PLAT,15,59,,,,"]
    lines = [f"{header},DTYPE", *(f"{row}," for row in [*rows, more[0]]), f"{more[1]},AVERAGE"]
    findings = loaded(tmp_path, adlb="\n".join(lines)).findings
    assert places(findings, "end_of_treatment_copy") == [(NOTE, "adlb.csv", None, "AVISIT", "")]
    assert places(findings, "derived_rows") == [(NOTE, "adlb.csv", None, "DTYPE", "")]
    assert places(findings, "several_counts_one_day") == []


def test_baselines_several_without_count_late_or_none(tmp_path):
    adlb = ADLB.replace("S-02,PLAT,1,9,9,10^9/L,Baseline,Y", "S-02,PLAT,1,,,,Baseline,Y")
    adlb = adlb.replace("S-04,PLAT,1,15,15,10^9/L,Baseline,Y\n", "")
    adlb = adlb.replace("S-03,PLAT,9,55,55,10^9/L,Week 1,", "S-03,PLAT,9,55,55,10^9/L,Week 1,Y")
    findings = loaded(tmp_path, adlb=adlb).findings
    assert [place[2] for place in places(findings, "several_baselines")] == [7, 8]
    assert places(findings, "flag_without_count") == [(WARNING, "adlb.csv", 5, "ABLFL", "S-02")]
    assert places(findings, "flag_after_start") == [(WARNING, "adlb.csv", 8, "ABLFL", "S-03")]
    assert {place[4] for place in places(findings, "no_baseline")} == {"S-02", "S-04"}


def test_base_of_the_file_is_compared_with_the_baseline(tmp_path):
    adlb = with_cells(ADLB, "BASE", ["12", "12", "21", "9", "", "20", "20", "15", "15"])
    assert findings_of(tmp_path, "base_disagrees", adlb=adlb) == [(WARNING, "adlb.csv", 4, "BASE", "S-01")]


def test_a_subject_without_counts_is_named_and_stays(tmp_path):
    adlb = "\n".join(line for line in ADLB.split("\n") if not line.startswith("S-03"))
    result = loaded(tmp_path, adlb=adlb)
    assert places(result.findings, "subject_without_platelets") == [
        (WARNING, "adsl.csv", 4, "USUBJID", "S-03")
    ]
    assert "S-03" in set(result.frames["adsl"]["USUBJID"])


def test_no_platelet_row_at_all_is_refused_with_the_parameters_found(tmp_path):
    findings = loaded(tmp_path, adlb=ADLB.replace("PLAT", "PLT")).findings
    assert places(findings, "no_platelets") == [(ERROR, "adlb.csv", None, "PARAMCD", "")]
    assert "PLT" in findings.loc[findings["check"] == "no_platelets", "found"].iloc[0]


def test_platelet_rows_without_any_count_are_refused(tmp_path):
    adlb = "USUBJID,PARAMCD,ADY,AVAL\nS-01,PLAT,1,\nS-02,PLAT,1,ND\n"
    assert findings_of(tmp_path, "no_platelets", adlb=adlb) == [(ERROR, "adlb.csv", None, "AVAL", "")]


def test_a_visit_of_the_file_that_is_not_the_one_of_its_day_is_a_note(tmp_path):
    """Weeks 1 and 2 are days 8 and 15: day 11 belongs to week 1 and day 12 to week 2. Weeks 2 and 4 are days
    15 and 29: day 22, exactly midway, belongs to week 4. The last window ends on day 29 + 14 = 43."""
    rows = ["11,50,,,Week 1,", "12,50,,,Week 1,", "22,50,,,Week 4,", "43,50,,,Week 4,", "44,50,,,Week 4,"]
    adlb = ADLB + "".join(f"S-02,PLAT,{row}\n" for row in rows)
    findings = loaded(tmp_path, adlb=adlb).findings
    assert [place[2] for place in places(findings, "visit_disagrees")] == [12, 15]
    assert findings.loc[findings["check"] == "visit_disagrees", "expected"].tolist() == [
        "week 2",
        "no visit: after the last window",
    ]


def test_a_visit_number_that_is_no_week_is_not_compared(tmp_path):
    lines = ADLB.replace("Baseline", "").replace("Week 1", "").replace("Week 2", "").strip().split("\n")
    numbers = ["AVISITN", "10", "20", "30", "10", "20", "10", "20", "10", "20"]
    adlb = "\n".join(f"{line},{number}" for line, number in zip(lines, numbers, strict=True))
    findings = loaded(tmp_path, adlb=adlb).findings
    assert places(findings, "visit_number_not_week") == [(NOTE, "adlb.csv", None, "AVISITN", "")]
    assert places(findings, "visit_disagrees") == []


# Medication, bleeding and events


def test_rescue_that_is_not_recorded_or_written_differently_is_a_warning(tmp_path):
    assert findings_of(tmp_path / "a", "rescue_not_recorded", adcm=None) == [
        (WARNING, "adcm.csv", None, "", "")
    ]
    adcm = with_row(with_row(ADCM, "S-01,Ivig ,x,9,9"), "S-01,VITAMIN,x,9,9")
    findings = loaded(tmp_path / "b", adcm=adcm).findings
    assert places(findings, "rescue_written_differently") == [(WARNING, "adcm.csv", 3, "CMCLAS", "S-01")]
    assert places(findings, "class_not_rescue") == [(NOTE, "adcm.csv", None, "CMCLAS", "")]


def test_a_red_cell_transfusion_is_no_other_medication_and_its_spelling_matters(tmp_path):
    anaemia = '[haemoglobin_response]\ncolumn = "ABCLASS"\nvalues = ["EVANS"]\nwindow_days = [2, 29]\n'
    adcm = with_row(with_row(ADCM, "S-01,Red cell transfusion,x,9,9"), "S-01,RED CELL TRANSFUSION,x,9,9")
    findings = loaded(tmp_path / "a", toml=f"{TOML}\n{anaemia}", adcm=adcm).findings
    assert places(findings, "transfusion_written_differently") == [(WARNING, "adcm.csv", 3, "CMCLAS", "S-01")]
    assert places(findings, "class_not_rescue") == []
    without = loaded(tmp_path / "b", adcm=adcm).findings
    assert places(without, "transfusion_written_differently") == []
    assert len(places(without, "class_not_rescue")) == 2


def test_periods_that_end_before_they_begin_are_warnings(tmp_path):
    adae = with_row(ADAE, "S-02,Nausea,1,N,,9,8,Y")
    adcm = with_row(ADCM, "S-02,IVIG,x,9,8.5")
    findings = loaded(tmp_path, adae=adae, adcm=adcm).findings
    assert set(places(findings, "end_before_start")) == {
        (WARNING, "adae.csv", 3, "AENDY", "S-02"),
        (WARNING, "adcm.csv", 3, "AENDY", "S-02"),
    }
    assert places(findings, "end_day_invalid") == [(WARNING, "adcm.csv", 3, "AENDY", "S-02")]


FATIGUE = """
[[questionnaires]]
paramcd = "FACITF"
label = "FACIT-Fatigue"
range = [0, 52]
better = "higher"
important_change = 4
"""


def test_scores_out_of_range_and_several_a_day(tmp_path):
    """The ends of the range are within it; another instrument has no range."""
    rows = ["S-01,FACITF,1,0", "S-01,FACITF,8,53", "S-02,FACITF,1,-1", "S-02,FACITF,8,52", "S-02,FACITF,8,40"]
    findings = loaded(
        tmp_path, toml=TOML + FATIGUE, adqs=with_row(ADQS, "\n".join([*rows, "S-03,OTHER,8,99"]))
    ).findings
    assert [(place[2], place[3]) for place in places(findings, "score_out_of_range")] == [
        (5, "AVAL"),
        (6, "AVAL"),
    ]
    told = findings[findings["check"] == "score_out_of_range"].iloc[0]
    assert (told["found"], told["expected"]) == ("FACITF of 53", "a score from 0 to 52")
    assert [place[2] for place in places(findings, "several_scores_one_day")] == [7, 8]
    assert places(findings, "several_grades_one_day") == []


def test_a_bleeding_scale_without_rows_several_grades_and_negative_ones(tmp_path):
    assert findings_of(tmp_path / "a", "bleeding_not_recorded", adqs=ADQS.replace("WHOBLD", "OTHER")) == [
        (WARNING, "adqs.csv", None, "PARAMCD", "")
    ]
    findings = loaded(tmp_path / "b", adqs=with_row(ADQS, "S-01,WHOBLD,8,2") + "S-02,WHOBLD,8,-1\n").findings
    assert [place[2] for place in places(findings, "several_grades_one_day")] == [3, 4]
    assert places(findings, "negative_grade") == [(WARNING, "adqs.csv", 5, "AVAL", "S-02")]


def test_a_grade_that_the_instrument_does_not_have_is_a_warning(tmp_path):
    adqs = ADQS + "S-02,WHOBLD,8,5\nS-02,WHOBLD,9,1.5\nS-02,WHOBLD,10,4\n"
    findings = loaded(tmp_path, adqs=adqs).findings
    assert places(findings, "grade_not_of_instrument") == [
        (WARNING, "adqs.csv", 4, "AVAL", "S-02"),
        (WARNING, "adqs.csv", 5, "AVAL", "S-02"),
    ]
    expected = findings.loc[findings["check"] == "grade_not_of_instrument", "expected"]
    assert set(expected) == {"a whole grade from 0 to 4 (WHO bleeding scale)"}


def test_another_instrument_at_another_visit_is_a_warning(tmp_path):
    adqs = ADQS + "S-02,WHOBLD,8,1\nS-02,WHOBLD,15,1\nS-02,CNBLD,15,2\nS-02,CNBLD,22,2\n"
    findings = loaded(tmp_path, adqs=adqs).findings
    assert places(findings, "instruments_mixed") == [(WARNING, "adqs.csv", 7, "PARAMCD", "S-02")]


def test_grades_and_flags_of_events_are_read_or_refused(tmp_path):
    adae = with_row(with_row(ADAE, "S-02,Nausea,Grade 3,是,,9,9,Y"), "S-03,Rash,6,maybe,,9,9,Y")
    result = loaded(tmp_path, adae=adae)
    assert result.frames["adae"]["AETOXGR"].tolist() == ["1", "3", ""]
    assert result.frames["adae"]["AESER"].tolist() == ["N", "Y", ""]
    assert places(result.findings, "not_a_grade") == [(WARNING, "adae.csv", 4, "AETOXGR", "S-03")]
    assert places(result.findings, "not_a_flag") == [(ERROR, "adae.csv", 4, "AESER", "S-03")]


def test_an_event_without_a_term_is_a_warning(tmp_path):
    adae = with_row(ADAE, "S-02,,2,N,,9,9,Y")
    assert findings_of(tmp_path, "term_missing", adae=adae) == [(WARNING, "adae.csv", 3, "AEDECOD", "S-02")]


def test_a_fatal_event_of_a_living_subject_is_a_warning(tmp_path):
    adae = with_row(ADAE, "S-02,Haemorrhage intracranial,5,Y,FATAL,9,9,Y")
    assert findings_of(tmp_path, "death_not_in_adsl", adae=adae) == [
        (WARNING, "adae.csv", 3, "AEOUT", "S-02")
    ]


def test_an_event_file_with_only_a_header_is_no_event(tmp_path):
    result = loaded(tmp_path, adae=ADAE.strip().split("\n")[0] + "\n")
    assert places(result.findings, "no_rows") == [(NOTE, "adae.csv", None, "", "")]
    assert result.frames["adae"].empty
    assert not result.refused
