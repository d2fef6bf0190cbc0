"""What other texts mean: medication that is rescue, codes, words for no bleeding, dates in doubt."""

import re
from collections.abc import Sequence

from trialdata.definition import StudyDefinition
from trialdata.mapping.columns import DATES as DATE_COLUMNS
from trialdata.mapping.import_mapping import DAY_FIRST, MONTH_FIRST, ImportMapping, MappedTable, Question
from trialdata.mapping.keys import DATES, code_key
from trialdata.mapping.texts import Gathered, Seen, Told, few, texts_of
from trialdata.mapping.words import WORDS, code_of, containing
from trialdata.schema import ADSL, NUMERIC
from trialdata.values import NO_GRADE, plain, read_flag

FLAG_OF = " | rescue: "  # between a medication and its flag, where a table has both
EVERY_OTHER = "*"  # the answer for all medications that do not sound like rescue
RAISED = "CORTICOSTEROID INCREASE"  # a steroid at a steady dose sounds the same: proposed only if raised
FEW, LISTED = 12, 200  # more medications than FEW are asked about together, and LISTED of them are named
NUMBERED = re.compile(r"\d{1,3}(\.0+)?")
IN_DOUBT = re.compile(r"(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.]\d{4}([ T].*)?")


def rescue(tables: Sequence[MappedTable], mapping: ImportMapping, definition: StudyDefinition) -> Told:
    """The rescue class of each medication, unless the table has the classes of the study definition.

    No flag is never read as no rescue: every text is asked but those that a flag, or the text itself, says are none.
    """
    gathered = Gathered()
    classes = [each.cmclas for each in definition.rescue]
    known = dict(mapping.rescue)
    of_adcm = [table for table in tables if table.dataset == "adcm" and not _has_classes(table, classes)]
    seen = [each for each in texts_of(of_adcm, "CMCLAS") if each.text not in classes]
    for each in seen:
        if read_flag(each.text.rpartition(FLAG_OF)[2])[0] == "N":
            known.setdefault(each.text, "")
    others = [each for each in seen if each.text not in known and not _likely(each, classes)]
    if EVERY_OTHER in known:
        known |= dict.fromkeys([each.text for each in others], known.pop(EVERY_OTHER))
    elif len(others) > FEW:
        gathered.questions.append(_other_medication(others))
        seen = [each for each in seen if each not in others]
    answered = {text for text, cmclas in known.items() if cmclas in ("", *classes)}
    if classes and few([each for each in seen if each.text not in answered], "CMCLAS", gathered):
        gathered.questions += [_rescue(each, known, each.text in answered, classes) for each in seen]
    return gathered.told(mapping.replace(rescue=known)) if classes else Told(mapping)


def _likely(seen: Seen, classes: Sequence[str]) -> list[str]:
    return [name for name in containing("rescue", seen.text) if name in classes]


def _other_medication(others: Sequence[Seen]) -> Question:
    """Many medications of which none sounds like rescue are confirmed together; they are kept one by one."""
    places = tuple(dict.fromkeys(place for each in others for place in each.places))
    names = "; ".join(each.text for each in others[:LISTED])
    more = f" and {len(others) - LISTED:,} more" if len(others) > LISTED else ""
    return Question(
        key=f"rescue:{EVERY_OTHER}",
        about="Rescue",
        text=f"Is none of these {len(others):,} medications rescue? {names}{more}",
        options=(("", "none of them is rescue"),),
        proposed="",
        seen=Seen("", sum(each.rows for each in others), places).words,
    )


def _has_classes(table: MappedTable, classes: Sequence[str]) -> bool:
    return table.in_study_shape and bool(table.frame.empty or table.frame["CMCLAS"].isin(classes).any())


def _rescue(seen: Seen, known: dict[str, str], answered: bool, classes: Sequence[str]) -> Question:
    likely = [
        name for name in _likely(seen, classes) if name != RAISED or any(containing("raised", seen.text))
    ]
    return Question(
        key=f"rescue:{seen.text}",
        about="Rescue",
        text=f'Is "{seen.text}" rescue, and of which class?',
        options=(*((cmclas, cmclas) for cmclas in classes), ("", "not rescue")),
        proposed=known[seen.text] if answered else (likely[0] if likely else ""),
        seen=seen.words,
        open=not answered,
    )


def codes(tables: Sequence[MappedTable], mapping: ImportMapping, definition: StudyDefinition) -> Told:
    """The text that each code stands for: plain words by themselves, numbers by a person."""
    gathered = Gathered()
    known = {column: dict(texts) for column, texts in mapping.codes.items()}
    for dataset, column in (("adsl", "SEX"), ("adsl", "EOSSTT"), ("adae", "AEOUT"), *_levels(definition)):
        used = [t for t in tables if t.dataset == dataset and (not t.in_study_shape or column == "SEX")]
        seen = [each for each in texts_of(used, column) if _is_code(column, each.text)]
        for each in seen:
            if word := code_of(column, each.text):
                known.setdefault(column, {}).setdefault(each.text, word)
        answers = known.get(column, {})
        if few([each for each in seen if each.text not in answers], column, gathered):
            gathered.questions += [_code(each, column, answers.get(each.text)) for each in seen]
    grades = known.get("AVAL", {})
    scores = texts_of([table for table in tables if table.dataset == "adqs"], "AVAL")
    words = [each for each in scores if plain(each.text).casefold() in NO_GRADE]
    gathered.questions += [_no_grade(each, grades.get(each.text)) for each in words]
    return gathered.told(mapping.replace(codes=known))


def _levels(definition: StudyDefinition) -> list[tuple[str, str]]:
    """Columns of adsl whose texts are levels of a subgroup."""
    numeric = [column.name for column in ADSL.columns if column.kind in NUMERIC]
    names = [each.column for each in definition.subgroups if not each.cuts]
    return [("adsl", name) for name in names if name not in (*numeric, "SEX", "EOSSTT", "BASE")]


def _is_code(column: str, text: str) -> bool:
    """Whether it has to be known what the text stands for."""
    if text in WORDS["codes"].get(column, ()):
        return False
    if NUMBERED.fullmatch(plain(text)) or code_of(column, text):
        return True
    return column in ("SEX", "EOSSTT")


def _code(seen: Seen, column: str, answer: str | None) -> Question:
    kind = {each.name: each for each in ADSL.columns}.get(column)
    words = list(WORDS["codes"].get(column, ()))
    flag = column.endswith("FL")
    options = [(word, word) for word in words] + ([("Y", "yes"), ("N", "no")] if flag else [])
    return Question(
        key=code_key(column, seen.text),
        about="Codes",
        text=f'What does "{seen.text}" stand for in {column}{f", {kind.meaning}" if kind else ""}?',
        options=(*options, ("", "missing")) if options else (),
        proposed=answer if answer is not None else (read_flag(seen.text)[0] if flag else ""),
        seen=seen.words,
        open=answer is None,
    )


def _no_grade(seen: Seen, answer: str | None) -> Question:
    """A word that says of a bleeding scale either that there was no bleeding, or that nobody looked."""
    return Question(
        key=code_key("AVAL", seen.text),
        about="Codes",
        text=f'What does "{seen.text}" stand for as a grade of bleeding?',
        options=(("0", "no bleeding: grade 0"), ("", "not assessed: missing")),
        proposed=answer or "",
        seen=seen.words,
        open=answer is None,
    )


def dates(tables: Sequence[MappedTable], mapping: ImportMapping, definition: StudyDefinition) -> Told:
    """Whether 03/04/2025 is in April or in March: asked once for all files."""
    numbers = [
        (int(date["first"]), int(date["second"]), each)
        for each in texts_of(tables, *DATE_COLUMNS)
        if (date := IN_DOUBT.fullmatch(plain(each.text)))
    ]
    if not numbers:
        return Told(mapping)
    day_first = any(first > 12 for first, _, _ in numbers)
    month_first = any(second > 12 for _, second, _ in numbers)
    likely = (
        DAY_FIRST if day_first and not month_first else MONTH_FIRST if month_first and not day_first else ""
    )
    places = tuple(dict.fromkeys(place for _, _, each in numbers for place in each.places))
    question = Question(
        key=DATES,
        about="Dates",
        text="Dates are written such as 03/04/2025. Which comes first?",
        options=((DAY_FIRST, "the day: 3 April 2025"), (MONTH_FIRST, "the month: 4 March 2025")),
        proposed=mapping.dates or likely,
        seen=Seen("", sum(each.rows for _, _, each in numbers), places).words,
        open=not mapping.dates,
    )
    return Told(mapping, (question,))
