"""Words and codes of sites in the words of the format: flags, grades, status, sex, outcome, arms."""

import re
from collections.abc import Mapping
from functools import partial

import numpy as np

from trialdata.conversion import rules
from trialdata.conversion.readings import Cell
from trialdata.conversion.work import Work
from trialdata.mapping.import_mapping import ImportMapping
from trialdata.mapping.other_texts import FLAG_OF
from trialdata.schema import DATASETS
from trialdata.values import GRADES, INERT, NO_GRADE, plain, read_flag, read_grade

ARM_COLUMNS = ("TRT01P", "TRT01A", "TRTP", "TRTA")
STATUS = {
    **dict.fromkeys(
        ("ongoing", "on study", "on treatment", "active", "在研", "在组", "进行中", "随访中", "治疗中"),
        "ONGOING",
    ),
    **dict.fromkeys(("completed", "complete", "completer", "完成", "已完成", "完成研究"), "COMPLETED"),
    **dict.fromkeys(
        (
            *(
                "discontinued",
                "withdrawn",
                "withdrew",
                "dropout",
                "drop out",
                "dropped out",
                "early termination",
            ),
            *("lost to follow-up", "提前退出", "退出", "脱落", "终止", "提前终止", "失访", "中止"),
        ),
        "DISCONTINUED",
    ),
}
SEXES = {
    **dict.fromkeys(("m", "male", "man", "男", "男性"), "M"),
    **dict.fromkeys(("f", "female", "woman", "女", "女性"), "F"),
}
FATAL = dict.fromkeys(("fatal", "death", "died", "dead", "死亡"), "FATAL")
WORDS = {
    ("adsl", "EOSSTT"): (STATUS, rules.STATUS),
    ("adsl", "SEX"): (SEXES, rules.SEX),
    ("adae", "AEOUT"): (FATAL, rules.OUTCOME),
}
DAY_IN_WORDS = re.compile(r"(?:d|day|第)\s*(-?\d+)\s*[天日]?", re.IGNORECASE)
ROMAN = ("i", "ii", "iii", "iv", "v")
GRADE_PREFIX = re.compile(r"^(ctcae|who)?\s*(grade|gr|g)?\.?\s*|\s*级$")


def tidy_texts(work: Work) -> None:
    """Blanks at the ends and control characters removed from the texts of the format."""
    kinds = DATASETS[work.dataset].kinds
    for column in list(work.now):
        if kinds.get(column) in ("id", "text") or column in ARM_COLUMNS:
            work.convert(column, _tidy)
            if kinds.get(column) == "id" and column in work.trails:  # a code may be what a site goes by
                changed = work.trails[column].rule != ""
                work.hide(column, changed, before="a code", after="a code")


def _tidy(text: str) -> Cell:
    bare = INERT.sub("", text).strip()
    return Cell(bare, rules.BLANKS * (bare != text))


def apply_codes(work: Work, mapping: ImportMapping) -> None:
    """Codes, arms, parameters and classes of medication, as a person confirmed them."""
    for column, meaning in mapping.codes.items():
        if (work.dataset, column) != ("adlb", "AVAL"):  # a code of a bleeding scale is no count
            work.convert(column, partial(_mapped, meaning=meaning, rule=rules.CODE))
    arms = {sent: trt for sent, trt in mapping.arms.items() if trt}  # no arm: stays, in no analysis set
    for column in ARM_COLUMNS:
        work.convert(column, partial(_mapped, meaning=arms, rule=rules.ARM))
    work.convert("PARAMCD", partial(_mapped, meaning=mapping.parameters, rule=rules.PARAMETER))
    if work.dataset == "adcm":
        _rescue_classes(work, {sent: cmclas for sent, cmclas in mapping.rescue.items() if cmclas})


def _mapped(text: str, meaning: Mapping[str, str], rule: str) -> Cell:
    after = meaning.get(text, meaning.get(text.strip(), text))
    return Cell(after, rule * (after != text))


def _rescue_classes(work: Work, classes: Mapping[str, str]) -> None:
    """CMCLAS by its own text, else by that of CMDECOD.

    A medication that its flag says is no rescue keeps the flag in its text: IVIG alone would be a class of rescue.
    """
    if "CMCLAS" in work:
        work.convert("CMCLAS", partial(_mapped, meaning=classes, rule=rules.RESCUE))
    if "CMDECOD" in work:
        unclassed = ~np.isin(work.texts("CMCLAS"), list(classes.values()))
        unclassed &= ~work.where("CMCLAS", lambda text: FLAG_OF in text)
        named = unclassed & np.isin(work.texts("CMDECOD"), list(classes))
        after = work.read("CMDECOD", lambda text: classes.get(text, ""), named).values()
        work.change("CMCLAS", after, rules.RESCUE, named)
    if "CMCLAS" not in work and "CMDECOD" in work:
        work.put("CMCLAS", "", np.ones(len(work), dtype=bool))


def convert_words(work: Work) -> None:
    """Every column of words that the format has; a word that is not known stays, and loading says so."""
    for (dataset, column), (words, rule) in WORDS.items():
        if work.dataset == dataset:
            work.convert(column, partial(_word, words=words, rule=rule))
    kinds = DATASETS[work.dataset].kinds
    for column in list(work.now):
        if kinds.get(column) == "flag" or column.endswith("FL"):
            work.convert(column, _flag)
        elif kinds.get(column) == "grade":
            work.convert(column, _grade)
    if work.dataset == "adae":
        _severity_as_grade(work)
    if work.dataset == "adqs":
        work.convert("AVAL", _scale_grade)


def days_in_words(work: Work) -> None:
    """D15, Day 15 and 第15天 in a column of study days are 15."""
    for column in DATASETS[work.dataset].columns:
        if column.kind == "day":
            work.convert(column.name, _day)


def _day(text: str) -> Cell:
    match = DAY_IN_WORDS.fullmatch(plain(text))
    return Cell(match[1], rules.DAY_IN_WORDS) if match else Cell(text)


def _word(text: str, words: Mapping[str, str], rule: str) -> Cell:
    after = words.get(plain(text).casefold(), text)
    return Cell(after, rule * (after != text))


def _flag(text: str) -> Cell:
    after, understood = read_flag(text)
    return Cell(after, rules.FLAG) if understood and after != text else Cell(text)


def _grade(text: str) -> Cell:
    after, understood = read_grade(text)
    if not understood or after == text:
        return Cell(text)
    bare = GRADE_PREFIX.sub("", plain(text).casefold())
    in_words = bool(after) and bare in GRADES and bare not in ROMAN
    return Cell(after, rules.GRADE, "grade_from_words" if in_words else "")


def _severity_as_grade(work: Work) -> None:
    """AETOXGR from AESEV where only that is there."""
    if "AESEV" not in work:
        return
    bare = (work.texts("AETOXGR") == "") & (work.texts("AESEV") != "")
    grade = work.read("AESEV", lambda text: read_grade(text)[0], bare).values()
    given = grade != ""
    work.notice("grade_from_words", given, "AESEV", found=work.texts("AESEV"))
    work.change("AETOXGR", grade, rules.SEVERITY, given)
    work.notice("unknown_severity", bare & ~given, "AESEV", found=work.texts("AESEV"))


def _scale_grade(text: str) -> Cell:
    """A grade of a bleeding scale, which begins at 0."""
    word = plain(text).casefold()
    if word in NO_GRADE:
        return Cell(text, check="none_or_not_assessed")
    bare = GRADE_PREFIX.sub("", word)
    grade = GRADES[bare] if bare in ROMAN else bare
    return Cell(grade, rules.SCALE) if re.fullmatch(r"[0-5]", grade) and bare != text else Cell(text)
