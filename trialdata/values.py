"""One cell's text becomes a number, a day, a date, a flag or a grade, with what was noticed on the way.

Every function takes one text and is called once for each distinct text of a column.
"""

import datetime
import math
import re
import unicodedata
from typing import NamedTuple

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
CENSORED = re.compile(rf"([<>≤≥])\s*=?\s*({THOUSANDS.pattern}|\d+\.?\d*|\.\d+)(\s*[*x×].*)?", re.IGNORECASE)
LAB_MARKS = re.compile(r"^((hh|ll|[hl↑↓*])\s*)+|(\s*(hh|ll|[hl↑↓*]))+$", re.IGNORECASE)
SENTINELS = ("999", "9999", "-99", "-999", "-9")
INFINITE = ("inf", "-inf", "+inf", "infinity", "-infinity", "+infinity", "∞")
NOT_DONE = {
    *("na", "n/a", "nan", "nd", "nk", "uk", "unk", "none", "null", "missing", ".", "-", "--", "?", "pending"),
    *(
        "not done",
        "not available",
        "notdone",
        "clumped",
        "clumping",
        "clot",
        "clotted",
        "hemolysed",
        "haemolysed",
    ),
    *("hemolyzed", "hemolysis", "haemolysis", "insufficient", "qns", "#n/a", "#value!", "#ref!", "#div/0!"),
    *("#name?", "#num!", "#null!"),
    *(
        "未查",
        "未做",
        "未测",
        "未检",
        "缺失",
        "不适用",
        "溶血",
        "凝血",
        "凝集",
        "聚集",
        "凝块",
        "无",
        "待查",
        "/",
    ),
}
NO_GRADE = ("none", "无", "无出血", "no", "no bleeding")  # of a bleeding scale: no bleeding, or not assessed?
INERT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)  # control and direction marks
ONLY_HASHES = re.compile(r"#+")


class Reading(NamedTuple):
    """A value and what was noticed: "" for a plain one, else a word of `NOTICED`; `text` is a censored value."""

    value: float
    noticed: str = ""
    text: str = ""


MISSING = Reading(math.nan)


def plain(text: str) -> str:
    """The text with full-width characters made plain and blanks at its ends removed."""
    return unicodedata.normalize("NFKC", text).strip()


def read_number(text: str) -> Reading:
    """A number as sites send it: `１２`, `45↑`, `1,050`, `<5`, `ND`; never a guess from two numbers."""
    simple = text.strip()
    if not simple:
        return MISSING
    if NUMBER.fullmatch(simple):
        return _finite(float(simple))
    simple = plain(text)
    if NUMBER.fullmatch(simple):
        return _finite(float(simple))
    word = simple.casefold()
    if word in NOT_DONE or ONLY_HASHES.fullmatch(simple):
        return Reading(math.nan, "not done")
    if word in INFINITE:
        return Reading(math.nan, "infinite")
    if censored := CENSORED.fullmatch(simple):
        return _censored(censored[1], censored[2].replace(",", ""))
    if THOUSANDS.fullmatch(simple):
        return Reading(float(simple.replace(",", "")), "thousands")
    if NUMBER.fullmatch(unmarked := LAB_MARKS.sub("", simple)):
        return Reading(float(unmarked), "marked")
    has_digit = any(letter.isdigit() for letter in simple)
    return Reading(math.nan, "not one number" if has_digit else "not a number")


def _finite(value: float) -> Reading:
    return Reading(value) if math.isfinite(value) else Reading(math.nan, "infinite")


def _censored(sign: str, limit: str) -> Reading:
    below = sign in "<≤"
    text = f"{'<' if below else '>'}{float(limit):.15g}"
    return Reading(math.nan, "below" if below else "above", text)


def censored_text(text: str) -> str:
    """`＜ 5`, `≤5` and `<5.0` are `<5`; any other text stays as it is."""
    reading = read_number(text) if text[:1] in "<>≤≥＜＞" else MISSING
    return reading.text or text.strip()


FLAGS = {
    **dict.fromkeys(("y", "yes", "是", "有", "1", "1.0", "true"), "Y"),
    **dict.fromkeys(("n", "no", "否", "无", "0", "0.0", "false"), "N"),
    **dict.fromkeys(("", "u", "unknown", "na", "n/a", "null", ".", "-", "未知", "不详"), ""),
}


def read_flag(text: str) -> tuple[str, bool]:
    """Y, N or "" and whether the text was understood; one that was not is ""."""
    word = plain(text).casefold()
    return FLAGS.get(word, ""), word in FLAGS


GRADES = {
    **{roman: str(grade) for grade, roman in enumerate(("i", "ii", "iii", "iv", "v"), start=1)},
    **dict(zip(("轻度", "中度", "重度"), "123", strict=True)),
    **dict(zip(("mild", "moderate", "severe"), "123", strict=True)),
    **dict(zip(("life-threatening", "life threatening", "危及生命"), "444", strict=True)),
    **dict(zip(("fatal", "death", "死亡"), "555", strict=True)),
    "": "",
}


def read_grade(text: str) -> tuple[str, bool]:
    """CTCAE grade "1" to "5" and whether the text was understood: `3`, `Grade 3`, `III`, `3级`, `重度`."""
    word = plain(text).casefold()
    word = re.sub(r"^(ctcae)?\s*(grade|gr|g)?\.?\s*|\s*级$|\.0+$", "", word)
    if word in GRADES:
        return GRADES[word], True
    return (word, True) if word in ("1", "2", "3", "4", "5") else ("", False)


DATES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)(?:[T ][\d:.Z+]*)?"),
    re.compile(r"(?P<y>\d{4})[/.](?P<m>\d\d?)[/.](?P<d>\d\d?)"),
    re.compile(r"(?P<y>\d{4})年(?P<m>\d\d?)月(?P<d>\d\d?)日"),
    re.compile(r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)"),
    re.compile(r"(?P<d>\d\d?)[- ]?(?P<m>[A-Z]{3})[- ]?(?P<y>\d{4})", re.IGNORECASE),
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def read_date(text: str) -> tuple[str, bool]:
    """ISO date and whether the text was understood; `03/04/2025` is not: it could be April or March."""
    simple = plain(text)
    if not simple:
        return "", True
    for pattern in DATES:
        if match := pattern.fullmatch(simple):
            month = match["m"].lower()
            number = MONTHS.index(month) + 1 if month in MONTHS else int(month) if month.isdigit() else 0
            try:
                return datetime.date(int(match["y"]), number, int(match["d"])).isoformat(), True
            except ValueError:
                return "", False
    return "", False


SAS_EPOCH = datetime.date(1960, 1, 1)


def sas_date(days: float) -> str:
    """ISO date of a SAS day number; "" for a missing one."""
    return "" if math.isnan(days) else (SAS_EPOCH + datetime.timedelta(days=int(days))).isoformat()
