"""The planned study day that the name of a visit states: week w is day 7w + 1, the baseline is day 1."""

import re
import unicodedata

from trialdata.definition import StudyDefinition
from trialdata.mapping.import_mapping import NO_PLANNED_DAY, ImportMapping

BASELINE_DAY = 1.0
BASELINE = frozenset(
    (
        "baseline",
        "bl",
        "base",
        "screening/baseline",
        "baseline visit",
        "基线",
        "基线期",
        "基线访视",
        "入组",
        "入组时",
    )
)
BEFORE, AFTER = r"(?:visit |访视|治疗|随访)?", r"(?:末|访视|随访)?"
WEEKS, DAYS = r"(?:weeks?|wks?|w)", r"(?:days?|d)"
WEEK = re.compile(rf"{BEFORE}(?:{WEEKS}\s*(\d+)|第?(\d+)周|(\d+)\s*{WEEKS}){AFTER}")
DAY = re.compile(rf"{BEFORE}(?:{DAYS}\s*(-?\d+)|第?(-?\d+)[天日]|(\d+)\s*{DAYS}){AFTER}")
IN_BRACKETS = re.compile(r"\s*\([^()]*\)$")
UNPLANNED = re.compile(
    r"unscheduled.*|unsch.*|uns|uv\d*|计划外.*|非计划.*|临时.*|"
    r"early (termination|withdrawal|discontinuation).*|end of (treatment|study|trial).*|"
    r"et|eot|eos|提前(退出|终止|中止).*|退出.*|终止.*|(治疗|研究|试验|随访)结束.*|结束访视"
)
CHINESE_NUMBER = re.compile("(?<=第)[零一二两三四五六七八九十百]+(?=[周天日])")


def planned_day(text: str, mapping: ImportMapping, definition: StudyDefinition) -> float | None:
    """The planned study day of a visit: what the mapping says of its text, else what the text itself says."""
    if text in mapping.visits:
        return mapping.visits[text] if mapping.visits[text] != NO_PLANNED_DAY else None
    return visit_day(text, definition)


def visit_day(text: str, definition: StudyDefinition) -> float | None:
    """The planned study day that a text states: 29 for `W4`, `Week 4`, `第4周` and `第四周`, 28 for `D28`.

    None for a text that states none (`V5`, `Unscheduled`, `Screening`, `D0`), and for a week after the last one
    of the definition.
    """
    words = IN_BRACKETS.sub("", _plain(text))
    if words in BASELINE:
        return BASELINE_DAY
    if week := WEEK.fullmatch(words):
        number = int(next(filter(None, week.groups())))
        return 7.0 * number + 1 if number <= max(definition.visits.weeks, default=0) else None
    if day := DAY.fullmatch(words):
        number = int(next(filter(None, day.groups())))
        return float(number) if number != 0 and abs(number) <= _last_day(definition) else None
    return None


def unplanned(text: str) -> bool:
    """Whether the text names a visit that has no planned day: unscheduled, early termination, end of treatment."""
    return not text.strip() or UNPLANNED.fullmatch(_plain(text)) is not None


def guessed_day(text: str) -> float | None:
    """A day to propose to the person who is asked: -1 for a screening, 1 for D0, 92 for month 3."""
    words = IN_BRACKETS.sub("", _plain(text))
    if re.fullmatch(r"(screening|screen|scr|sc|筛选期?)(visit|访视)?", words):
        return -1.0
    if re.fullmatch(r"(day|d) ?0|第?0[天日]", words):
        return BASELINE_DAY
    if month := re.fullmatch(r"(?:month|m)\s*(\d{1,2})|第?(\d{1,2})个?月", words):
        return float(round(int(month[1] or month[2]) * 30.4375) + 1)
    return None


def _last_day(definition: StudyDefinition) -> float:
    return 7 * max(definition.visits.weeks, default=0) + 1 + definition.visits.last_window_days


def _plain(text: str) -> str:
    """Lower case, half width, one blank for blanks and underscores, Chinese numerals as digits, no zero before."""
    words = unicodedata.normalize("NFKC", text).casefold()
    words = re.sub(r"[\s_]+|(?<=[a-z])-(?=\d)(?<!d-)(?<!day-)", " ", words).strip()
    words = re.sub(r"(?<=[\u4e00-\u9fff]) +| +(?=[\u4e00-\u9fff])", "", words)
    words = CHINESE_NUMBER.sub(lambda number: str(_number(number[0])), words)
    return re.sub(r"(?<!\d)0+(?=\d)", "", words)


def _number(numeral: str) -> int:
    """`十二` is 12, `五十二` 52, `一百零四` 104."""
    total, digit = 0, 0
    for sign in numeral.replace("两", "二"):
        value = int(unicodedata.numeric(sign))
        if value < 10:
            digit = value
        else:
            total, digit = total + max(digit, 1) * value, 0
    return total + digit
