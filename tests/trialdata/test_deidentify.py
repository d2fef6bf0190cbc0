"""Identifiers are refused with column and row, and the value itself is never printed."""

import pytest
from small_study import ADLB, ADSL, loaded, places

from trialdata.identifiers import identifying_header

IDENTITY_NUMBER = "11010519491231002X"  # the worked example of GB 11643-1999, not a person


@pytest.mark.parametrize(
    "header",
    [
        *(
            "NAME",
            "PATIENT_NAME",
            "INITIALS",
            "SUBJINIT",
            "DOB",
            "BRTHDTC",
            "MRN",
            "SSN",
            "PHONE",
            "MOBILE NO",
        ),
        *("EMAIL", "E-MAIL", "HOME ADDRESS", "ZIP", "ID CARD", "PASSPORT", "WECHAT", "IP", "INVNAM"),
        *(
            "姓名",
            "姓名缩写",
            "身份证号",
            "住院号",
            "门诊号",
            "病案号",
            "手机",
            "联系电话",
            "出生日期",
            "家庭住址",
        ),
        *("邮箱", "微信号", "医保卡号"),
    ],
)
def test_headers_of_identifiers(header):
    assert identifying_header(header)


@pytest.mark.parametrize(
    "header",
    [
        "USUBJID",
        "SITEID",
        "PARAM",
        "DRUG_NAME",
        "VISIT NAME",
        "NAME OF MEDICATION",
        "LAB NAME",
        "TELEPHONE VISIT",
        "IP DOSE",
        "INITIAL PLATELET COUNT",
        "电话随访日期",
        "药物缩写",
        "参数缩写",
        "AETERM",
        "ADDRUG",
        "TRTP",
        "受试者编号",
        "中心",
        "访视",
    ],
)
def test_headers_of_data(header):
    assert not identifying_header(header)


def with_column(table: str, header: str, value: str) -> str:
    """The table with one more column; `value` stands in the second data row."""
    lines = table.strip().split("\n")
    cells = [header, "", value, *[""] * (len(lines) - 3)]
    return "\n".join(f"{line},{cell}" for line, cell in zip(lines, cells, strict=True))


def test_a_column_that_identifies_refuses_the_file_and_is_dropped(tmp_path):
    result = loaded(tmp_path, adsl=with_column(ADSL, "姓名", "张三"))
    assert places(result.findings, "identifier_header") == [("error", "adsl.csv", 1, "姓名", "")]
    assert "姓名" not in result.frames["adsl"]
    assert "张三" not in result.findings.to_string()


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("call 13812345678", "a mobile number"),
        ("+86 138 1234 5678", "a mobile number"),
        (IDENTITY_NUMBER, "an identity card number"),
        ("a.person@example.org", "an e-mail address"),
        ("192.168.10.24", "an IP address"),
        ("https://example.org/x", "an internet address"),
        ("123-45-6789", "a social security number"),
        ("姓名：张三", "an identifier after its name"),
        ("姓名:张", "an identifier after its name"),
        ("患者姓名：李四", "an identifier after its name"),
    ],
)
def test_a_value_of_the_form_of_an_identifier_refuses_the_file(tmp_path, value, form):
    result = loaded(tmp_path, adlb=with_column(ADLB, "KEY", value))
    assert places(result.findings, "identifier_value") == [("error", "adlb.csv", 3, "KEY", "")]
    (found,) = result.findings.loc[result.findings["check"] == "identifier_value", "found"]
    assert found == form
    assert value not in result.findings.to_string()
    assert value not in result.frames["adlb"]["KEY"].tolist()


@pytest.mark.parametrize("header", ["REMARK", "LBCOM COMMENT", "备注", "AETERM"])
def test_an_identifier_in_free_text_is_emptied_and_the_file_is_read(tmp_path, header):
    result = loaded(tmp_path, adlb=with_column(ADLB, header, "call 13812345678 first"))
    assert places(result.findings, "identifier_in_free_text") == [("warning", "adlb.csv", 3, header, "")]
    assert not result.refused
    assert "13812345678" not in result.findings.to_string() + result.frames["adlb"].to_string()


def test_a_post_code_counts_under_a_header_like_an_address_only(tmp_path):
    home, code = with_column(ADSL, "CITY", "100191"), with_column(ADSL, "SAMPLE", "100191")
    assert places(loaded(tmp_path, adsl=home).findings, "identifier_value") == [
        ("error", "adsl.csv", 3, "CITY", "")
    ]
    assert places(loaded(tmp_path, adsl=code).findings, "identifier_value") == []


def test_a_column_of_old_dates_reads_as_dates_of_birth(tmp_path):
    lines = ADSL.strip().split("\n")
    dates = ["D1", "1961-05-01", "1974/11/30", "12DEC1983", ""]
    adsl = "\n".join(f"{line},{date}" for line, date in zip(lines, dates, strict=True))
    result = loaded(tmp_path, adsl=adsl)
    assert places(result.findings, "identifier_value") == [("error", "adsl.csv", None, "D1", "")]
    assert "1961" not in result.findings.to_string() + result.frames["adsl"].to_string()


def test_persons_as_headers_are_refused_by_number(tmp_path):
    lines = ADLB.strip().split("\n")
    adlb = "\n".join([lines[0] + ",13812345678", *(f"{line},1" for line in lines[1:])])
    result = loaded(tmp_path, adlb=adlb)
    assert places(result.findings, "identifier_value") == [("error", "adlb.csv", 1, "number 9", "")]
    assert "13812345678" not in result.findings.to_string()


@pytest.mark.parametrize(
    "value",
    [
        "0.13812345678",
        "protocol section 5.1.2.3",
        "110105194912310021",
        "12345678901",
        "1.2.3",
        "300.1.1.1",
        "2381234567",
        "week 13 of 26",
        "123-45-67890",
    ],
)
def test_values_that_only_look_alike_pass(tmp_path, value):
    """The first is an identity number with a wrong check digit; 300 is no part of an IP address."""
    assert loaded(tmp_path, adlb=with_column(ADLB, "REMARK", value)).findings.empty


def test_a_subject_number_of_three_two_four_digits_is_no_social_security_number(tmp_path):
    files = {"adsl": ADSL, "adlb": ADLB}
    files = {name: table.replace("S-", "101-10-10") for name, table in files.items()}
    findings = loaded(tmp_path, **files, adqs=None, adcm=None, adae=None, adex=None).findings
    assert not (findings["check"] == "identifier_value").any()


def test_a_column_of_chinese_names_is_refused(tmp_path):
    lines = ADSL.strip().split("\n")
    names = ["WHO", "张伟", "王芳", "李娜", ""]
    adsl = "\n".join(f"{line},{name}" for line, name in zip(lines, names, strict=True))
    result = loaded(tmp_path, adsl=adsl)
    assert places(result.findings, "identifier_value") == [("error", "adsl.csv", None, "WHO", "")]
    assert "张伟" not in result.findings.to_string()


@pytest.mark.parametrize("header", ["RS1801274", "HLA-DRB1", "FCGR3A_GENOTYPE", "FCGR2A", "基因型"])
def test_genetic_columns_are_refused(tmp_path, header):
    result = loaded(tmp_path, adsl=with_column(ADSL, header, "x"))
    assert places(result.findings, "genetic_column") == [("error", "adsl.csv", 1, header, "")]


def test_a_genotype_as_parameter_is_refused(tmp_path):
    adlb = ADLB + "S-01,rs1801274,1,1,,,,\n"
    assert places(loaded(tmp_path, adlb=adlb).findings, "genetic_value") == [
        ("error", "adlb.csv", 11, "PARAMCD", "")
    ]


def test_ages_above_89_become_90_and_full_dates_are_remarked(tmp_path):
    adsl = ADSL.replace(",34,F", ",93,F").replace(",51,M", ",>89,M")
    result = loaded(tmp_path, adsl=with_column(adsl, "CONSENTDT", "2025-11-03"))
    assert result.frames["adsl"]["AGE"].tolist() == [90, 90, 47, 62]
    assert places(result.findings, "age_above_89") == [("warning", "adsl.csv", 2, "AGE", "S-01")]
    assert "93" not in result.findings.to_string()
    assert places(result.findings, "full_dates") == [("warning", "adsl.csv", None, "CONSENTDT", "")]
    assert not result.refused


def test_a_year_of_birth_and_a_date_in_the_subject_code_are_remarked(tmp_path):
    adsl = with_column(ADSL, "BRTHYR", "1980").replace("S-04", "S-19800131")
    findings = loaded(tmp_path, adsl=adsl).findings
    assert places(findings, "birth_year") == [("warning", "adsl.csv", 1, "BRTHYR", "")]
    assert places(findings, "date_in_subject_id") == [("warning", "adsl.csv", 5, "USUBJID", "")]
