"""Identifiers that must not come in: by header, by the form of a value, and genetic data.

The list follows the HIPAA Safe Harbor identifiers (45 CFR 164.514(b)(2)) and what Chinese case report forms
print. A finding names columns and rows, never a value. What was found is emptied before anything else reads it.
"""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd

from trialdata.findings import finding, row_findings

HEADER_WORDS = {
    *("NAME", "NAMES", "SURNAME", "FIRSTNAME", "LASTNAME", "FULLNAME", "FORENAME", "INITIALS", "INITIAL"),
    *("SUBJNAME", "SUBJINIT", "PATNAME", "PATINIT", "PTNAME", "PTINIT", "PATIENTNAME", "INVNAM", "INVNAME"),
    *("DOB", "BRTHDT", "BRTHDTC", "BIRTHDT", "BIRTHDATE", "BIRTHDAY", "DATEOFBIRTH"),
    *("MRN", "SSN", "IDCARD", "IDNUMBER", "PASSPORT", "NATIONALID", "HEALTHPLAN", "INSURANCENO"),
    *("PHONE", "TELEPHONE", "TEL", "MOBILE", "CELLPHONE", "FAX", "EMAIL", "MAIL", "WECHAT", "WEIXIN", "QQ"),
    *("ADDRESS", "ADDR", "STREET", "ZIP", "ZIPCODE", "POSTCODE", "POSTALCODE", "POSTAL"),
    *("IP", "IPADDRESS", "IPADDR", "URL", "PHOTO", "FINGERPRINT", "LICENCE", "LICENSE", "VEHICLE"),
    *("ACCOUNTNO", "DEVICESERIAL", "REDCAPSURVEYIDENTIFIER"),
}
NOT_OF_A_PERSON = {
    "DRUG",
    "TRT",
    "TREATMENT",
    "PARAM",
    "TEST",
    "LAB",
    "VISIT",
    "STUDY",
    "ARM",
    "MED",
    "DATASET",
    "VARIABLE",
}
CHINESE_HEADERS = re.compile(
    "姓名|缩写|身份证|住院号|门诊号|病案号|病历号|手机|电话|联系方式|出生日期|生日|住址|地址|邮箱|微信|医保|护照|邮编"
)
BIRTH_YEARS = ("BRTHYR", "BIRTHYR", "BIRTHYEAR", "BIRTH YEAR", "YEAROFBIRTH", "YOB")
FULL_DATE = re.compile(
    r"(19|20)\d\d[-/.年](0?[1-9]|1[0-2])[-/.月](0?[1-9]|[12]\d|3[01])(日|[T ].*)?|\d\d?[A-Z]{3}(19|20)\d\d"
)
GENETIC_HEADERS = re.compile(r"RS\d+|HLA([-_ ].*)?|.*GENOTYPE.*|FCGR.*|SNP.*|.*(基因|等位).*")
GENETIC_VALUES = re.compile(r"rs\d{4,}.*|HLA-[A-Z]+\d*\*?\d+.*|FCGR\d[A-Z]?.*", re.IGNORECASE)
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
VALUE_FORMS: dict[str, Callable[[str], object]] = {
    "a mobile number": re.compile(r"(?<!\d)(\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)").search,
    "an identity card number": lambda text: any(
        map(_is_identity_number, re.findall(r"(?<!\d)\d{17}[\dXx]", text))
    ),
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+").search,
    "an internet address": re.compile(r"https?://|\bwww\.\w", re.IGNORECASE).search,
    "an IP address": lambda text: any(map(_is_ip, re.findall(r"(?<![\d.])\d+(?:\.\d+){3}(?![\d.])", text))),
    "a social security number": re.compile(
        r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-])"
    ).search,
}
SHORTEST = 6  # characters: no form of an identifier is shorter
IDS = ("USUBJID", "SUBJID", "SITEID", "STUDYID")  # ddd-dd-dddd is a common form of a subject number


def _is_identity_number(text: str) -> bool:
    """18 digits of a mainland identity card whose check digit is right (GB 11643-1999)."""
    total = sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, text, strict=False))
    return "10X98765432"[total % 11] == text[-1].upper()


def _is_ip(text: str) -> bool:
    return all(int(part) <= 255 for part in text.split("."))


def identifying_header(header: str) -> bool:
    """Whether a column of that name would hold an identifier of a person."""
    words = set(re.split(r"[^A-Z0-9]+", header)) | {re.sub(r"[^A-Z0-9]", "", header)}
    return bool(CHINESE_HEADERS.search(header)) or bool(words & HEADER_WORDS and not words & NOT_OF_A_PERSON)


def check_identifiers(frame: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The frame with every identifier emptied, and a finding for each column and form of identifier."""
    findings = []
    for check, columns in _forbidden_columns(frame).items():
        if columns:
            found = "a header of this kind"
            findings.append(finding(check, file, column=", ".join(columns), row=1, found=found))
            frame = frame.drop(columns=columns)
    for column in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[column]):
            frame, found_values = _check_values(frame, column, file)
            findings.extend(found_values)
    return frame, findings


def _forbidden_columns(frame: pd.DataFrame) -> dict[str, list[str]]:
    return {
        "identifier_header": [column for column in frame.columns if identifying_header(column)],
        "genetic_column": [column for column in frame.columns if GENETIC_HEADERS.fullmatch(column)],
        "birth_year": [column for column in frame.columns if column in BIRTH_YEARS],
    }


def _check_values(frame: pd.DataFrame, column: str, file: str) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """One pass over the distinct texts of a column; rows that hold an identifier are emptied."""
    codes, texts = pd.factorize(frame[column])
    findings = []
    identifying = pd.Series(False, index=frame.index)
    for form, matches in _forms_of(column).items():
        hit = np.array([len(text) >= SHORTEST and bool(matches(text)) for text in texts], dtype=bool)
        if hit.any():
            rows = pd.Series(hit[codes], index=frame.index)
            check = "genetic_value" if form == "a genotype" else "identifier_value"
            findings.append(row_findings(check, file, frame.loc[rows, []], column=column, found=form))
            identifying |= rows
    if not identifying.any() and _looks_like_names(frame[column], texts):
        findings.append(finding("identifier_value", file, column=column, found="personal names in most rows"))
        identifying |= True
    dated = [text for text in texts if FULL_DATE.fullmatch(text)]
    if dated:
        found = f"full dates in {int(frame[column].isin(dated).sum()):,} rows"
        findings.append(finding("full_dates", file, column=column, found=found))
    if identifying.any():
        frame = frame.assign(**{column: frame[column].mask(identifying, "")})
    return frame, findings


def _forms_of(column: str) -> dict[str, Callable[[str], object]]:
    forms = VALUE_FORMS | {"a genotype": GENETIC_VALUES.fullmatch}
    return {form: matches for form, matches in forms.items() if column not in IDS or "social" not in form}


def _looks_like_names(column: pd.Series, texts: pd.Index) -> bool:
    """More than half of the filled cells are two to four Chinese characters that begin with a common surname."""
    names = [
        text for text in texts if re.fullmatch("[\u4e00-\u9fff]{2,4}", str(text)) and text[0] in SURNAMES
    ]
    filled = int((column != "").sum())
    return len(names) >= 3 and int(column.isin(names).sum()) > filled / 2
