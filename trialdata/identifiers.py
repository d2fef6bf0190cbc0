"""What identifies a person: names of columns, forms of values, and words that read as a personal name.

The list follows the HIPAA Safe Harbor identifiers (45 CFR 164.514(b)(2)) and what Chinese case report forms
print. Nothing here keeps or prints a value; /docs/explanation/de-identification.md says what is not recognised.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence

HEADER_WORDS = {
    *("NAME", "NAMES", "SURNAME", "FIRSTNAME", "LASTNAME", "FULLNAME", "FORENAME", "INITIALS"),
    *("SUBJNAME", "SUBJINIT", "PATNAME", "PATINIT", "PTNAME", "PTINIT", "PATIENTNAME", "INVNAM", "INVNAME"),
    *("DOB", "BRTHDT", "BRTHDTC", "BIRTHDT", "BIRTHDATE", "BIRTHDAY", "DATEOFBIRTH"),
    *("MRN", "SSN", "IDCARD", "IDNUMBER", "PASSPORT", "NATIONALID", "HEALTHPLAN", "INSURANCENO"),
    *("PHONE", "TELEPHONE", "TEL", "MOBILE", "CELLPHONE", "FAX", "EMAIL", "WECHAT", "WEIXIN"),
    *("ADDRESS", "ADDR", "STREET", "ZIP", "ZIPCODE", "POSTCODE", "POSTALCODE", "POSTAL"),
    *("IPADDRESS", "IPADDR", "URL", "FINGERPRINT", "LICENCENO", "LICENSENO", "VEHICLEID"),
    *("ACCOUNTNO", "DEVICESERIAL", "REDCAPSURVEYIDENTIFIER"),
}
WHOLE_HEADERS = {  # as a word among others they mean something else: IP DOSE, INITIAL COUNT, MAIL IN FORM
    *("IP", "INITIAL", "MAIL", "QQ", "PHOTO", "LICENCE", "LICENSE", "VEHICLE"),
}
NOT_OF_A_PERSON = {
    *("DRUG", "TRT", "TREATMENT", "PARAM", "PARAMETER", "TEST", "LAB", "LABORATORY", "ANALYTE", "SPECIMEN"),
    *("VISIT", "STUDY", "TRIAL", "ARM", "GROUP", "MED", "MEDICATION", "MEDICINE", "PRODUCT", "COMPOUND"),
    *("DATASET", "VARIABLE", "FILE", "FORM", "ITEM", "QUESTION", "EVENT", "TERM", "UNIT", "METHOD", "DEVICE"),
    *(
        "DISEASE",
        "SMQ",
        "SDG",
        "INSTRUMENT",
        "SCALE",
        "ENDPOINT",
        "CYCLE",
        "REGIMEN",
        "SITE",
        "CENTRE",
        "CENTER",
    ),
}
NAMES, TELEPHONES = {"NAME", "NAMES", "INITIALS"}, {"PHONE", "TELEPHONE", "TEL"}
CALLS = {"VISIT", "CALL", "FOLLOWUP", "CONTACT"}  # a visit by telephone is no number
CHINESE_HEADERS = re.compile(
    "姓名|姓名缩写|拼音|首字母|(?<![药物项目参数单位方案验])缩写|身份证|证件号|住院号|门诊号|病案号|病历号|就诊号|就诊卡|"
    "手机|电话(?!随访|访视|询问)|联系方式|联系人|出生日期|出生年月|生日|住址|地址|户籍|籍贯|工作单位|邮箱|微信|"
    "医保|社保|银行卡|护照|邮编|邮政编码|车牌|指纹|照片|签名"
)
BIRTH_YEARS = (
    "BRTHYR",
    "BIRTHYR",
    "BIRTHYEAR",
    "BIRTH YEAR",
    "YEAROFBIRTH",
    "YEAR OF BIRTH",
    "YOB",
    "出生年",
    "出生年份",
)
ADDRESS_LIKE = re.compile(r"CITY|TOWN|DISTRICT|LOCATION|RESIDEN|PROVINCE|居住|所在地|城市|省|市区|县|街道")
GENETIC_HEADERS = re.compile(r"RS\d{3,}|HLA([-_ ].*)?|.*GENOTYPE.*|FCGR.*|SNP.*|.*(基因|等位).*")
GENETIC_VALUES = re.compile(r"(rs\d{4,}|RS\d{6,}).*|(?i:HLA-[A-Z]+\d*\*?\d+.*|FCGR\d[A-Z]?.*)")
SITE_NAMES = (
    "SITENAME",
    "SITE NAME",
    "SITENAM",
    "CENTRE NAME",
    "CENTER NAME",
    "HOSPITAL",
    "中心名称",
    "医院",
    "医院名称",
)

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
DOUBLE_SURNAMES = ("欧阳", "司马", "上官", "诸葛", "司徒", "尉迟", "皇甫", "夏侯", "慕容")
NEVER_IN_A_NAME = frozenset(  # of diseases, drugs, organs, visits: 高血压, 黄疸, 白细胞, 方案, 常规检查
    "血压糖脂酸碱酮钾钠钙镁磷疸胞菌病症炎痛咳药疗染瘤癌疹晕吐泻肿霉酶肝肾胆肠胃肺脑尿便痰喉齿肤黏膜检验规苗剂"
    "胶囊射液降减低异否室案蛋介危型期组访视量级度线次类史热伤"
)
SHORTEST = 4  # characters: no form of an identifier is shorter than 姓名:张
SUBJECT_CODE = re.compile(  # ddd-dd-dddd is a common form of a subject number
    r"U?SUBJ.*|(PATIENT|PARTICIPANT|RECORD)[ _]?(ID|NO|NUMBER|CODE).*|(受试者|患者|病人|筛选|随机|入组)?(编号|号)"
)


def plain(text: str) -> str:
    """Full-width digits and letters as plain ones."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def identifying_header(header: str) -> bool:
    """Whether a column of that name (capitals) would hold an identifier of a person."""
    whole = re.sub(r"[^A-Z0-9]", "", header)
    if CHINESE_HEADERS.search(header) or whole in WHOLE_HEADERS:
        return True
    words = set(re.split(r"[^A-Z0-9]+", header))
    excused = (NAMES if words & NOT_OF_A_PERSON else set()) | (TELEPHONES if words & CALLS else set())
    return bool((words | {whole}) & HEADER_WORDS - excused)


def genetic_header(header: str) -> bool:
    """Whether a column of that name would hold genetic data."""
    return GENETIC_HEADERS.fullmatch(header) is not None


def _identity_numbers(text: str) -> bool:
    found = re.findall(r"(?<![\d.])\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx](?!\d)", text)
    return any(_is_identity_number(re.sub("[ -]", "", number)) for number in found)


def _is_identity_number(text: str) -> bool:
    """18 digits of a mainland identity card whose check digit is right (GB 11643-1999)."""
    total = sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, text, strict=False))
    return "10X98765432"[total % 11] == text[-1].upper()


def _ip_addresses(text: str) -> bool:
    return any(map(_is_ip, re.findall(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?!\d|\.\d)", text)))


def _is_ip(text: str) -> bool:
    """Four numbers up to 255; four single digits are a section of a protocol."""
    parts = [int(part) for part in text.split(".")]
    return max(parts) <= 255 and max(parts) > 9


MOBILE = re.compile(r"(?<![\d.])(\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d|\.\d)")
TELEPHONE = re.compile(
    r"(?<![\d.-])0\d{2,3}-\d{7,8}(?![\d-])|\(\d{3}\) ?\d{3}-\d{4}|(?<![\w+])\+\d{1,3}[ -]\d{2,4}([ -]\d{2,4}){1,4}"
)
LABELLED = re.compile(
    r"(姓名|身份证号?码?|电话|手机号?码?|住院号|门诊号|病案号|病历号|出生日期|家庭住址)\s*[:：]\s*\S"
    r"|\b(patient|subject|participant)('s)?[ _]?(name|initials)\s*[:=]\s*\S|\b(DOB|MRN)\s*[:=]\s*\S",
    re.IGNORECASE,
)
VALUE_FORMS: dict[str, Callable[[str], object]] = {
    "a mobile number": MOBILE.search,
    "a telephone number": TELEPHONE.search,
    "an identity card number": _identity_numbers,
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+").search,
    "an internet address": re.compile(r"\b(https?|ftp)://|\bwww\.\w", re.IGNORECASE).search,
    "an IP address": _ip_addresses,
    "a social security number": re.compile(
        r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-])"
    ).search,
    "an identifier after its name": LABELLED.search,
}
GENOTYPE = "a genotype"
POST_CODE = "a post code"


def forms_of(column: str) -> dict[str, Callable[[str], object]]:
    """The forms of identifiers that count in a column, each with what recognises it in a plain text."""
    forms = VALUE_FORMS | {GENOTYPE: GENETIC_VALUES.fullmatch}
    if SUBJECT_CODE.fullmatch(column):
        forms.pop("a social security number")
    if ADDRESS_LIKE.search(column):
        forms[POST_CODE] = re.compile(r"(?<!\d)\d{6}(?!\d)").search
    return forms


def identifying_form(text: str) -> str:
    """Which form of identifier stands anywhere in a text, "" for none."""
    simple = plain(text)
    if len(simple) < SHORTEST:
        return ""
    return next((form for form, matches in VALUE_FORMS.items() if matches(simple)), "")


def like_a_name(text: str) -> bool:
    """Two to four Chinese characters that begin with a common surname and hold no word of medicine."""
    if not 2 <= len(text) <= 4 or not all("\u4e00" <= letter <= "\u9fff" for letter in text):
        return False
    if text.startswith(DOUBLE_SURNAMES):
        return len(text) > 2 and not set(text[2:]) & NEVER_IN_A_NAME
    return text[0] in SURNAMES and not set(text[1:]) & NEVER_IN_A_NAME


FEWEST_NAMES = 3  # different ones: two alike are a pair of words


def mostly_names(texts: Sequence[str], counts: Sequence[int]) -> bool:
    """Whether more than half of the filled cells of a column are Chinese names; each text with its count."""
    filled = [(text.strip(), int(n)) for text, n in zip(texts, counts, strict=True) if text.strip()]
    names = [(text, n) for text, n in filled if only_names(text)]
    return len(names) >= FEWEST_NAMES and sum(n for _, n in names) > sum(n for _, n in filled) / 2


def only_names(text: str) -> bool:
    """One name, also with a blank in it, or several in one cell."""
    words = [word for word in re.split(r"[\s,，、;；/]+", text) if word]
    return like_a_name("".join(words)) or (bool(words) and all(map(like_a_name, words)))


def named_in(text: str) -> bool:
    """Whether a title or file name holds a word that reads as a Chinese name."""
    return any(like_a_name(word) for word in re.findall("[\u4e00-\u9fff]+", plain(text)))


CODE_WORDS = {"SITE", "CENTRE", "CENTER", "GROUP", "OTHER"}


def names_a_site(text: str) -> bool:
    """Whether a site is called by a name: 北京医院, Boston; codes such as 701, US-02, PKU or 第1中心 are none."""
    words = re.findall(r"[^\W\d_]+", plain(text))
    return any(
        bool(set(word) - set("第一二三四五六七八九十中心号组")) if not word.isascii() else _no_code(word)
        for word in words
    )


def _no_code(word: str) -> bool:
    return word.upper() not in CODE_WORDS and (len(word) > 5 or (len(word) > 3 and not word.isupper()))


FREE_TEXT = re.compile(
    r"(?<![A-Z])(COMMENTS?|REMARKS?|NOTES?|MEMO|NARRATIVE|FREE ?TEXT|SPECIFY|DESCRIPTION|DETAILS?)(?![A-Z])|COVAL|"
    "备注|说明|描述|注释|详述|详情|其他|意见|记录"
)
VERBATIM = re.compile(r"(AE|CM|MH|PR|DS)(TERM|TRT|INDC)|AEACNOTH|.*(原因|不良事件|诊断|病史|适应症|转归).*")
SENTENCE = 25  # characters of a text that is written, not chosen from a list


def free_text_header(header: str) -> bool:
    """Whether a column of that name holds remarks."""
    return FREE_TEXT.search(header.replace("_", " ")) is not None


def written_freely(header: str, texts: Sequence[str]) -> bool:
    """Whether the cells of a column are written by hand: by its name, or because most texts are sentences."""
    if free_text_header(header) or VERBATIM.fullmatch(header):
        return True
    filled = [text for text in texts if text.strip()]
    long = [text for text in filled if len(text) > SENTENCE and (" " in text.strip() or not text.isascii())]
    return len(filled) >= FEWEST_NAMES and len(long) > len(filled) / 2
