"""What is asked about tables and their columns, and what is shown of them for confirmation."""

import difflib
from collections.abc import Collection

from trialdata.definition import StudyDefinition
from trialdata.formats.source_table import SourceTable
from trialdata.mapping.columns import NEEDED, by_values, candidates
from trialdata.mapping.import_mapping import UNDECIDED, Question, TableMapping
from trialdata.mapping.keys import BOTH, EVERY_ROW, column_key, measured_key, table_key
from trialdata.mapping.known_again import missing_headers, used_headers
from trialdata.mapping.recognise import hinted_by_name
from trialdata.mapping.texts import rows
from trialdata.mapping.words import columns_of
from trialdata.schema import ADSL, DATASETS

Uses = tuple[TableMapping, ...]
Options = tuple[tuple[str, str], ...]
CUT_DAY = ("TRTSDT", "DCUTDY", "RANDDT")


def questions_of(
    table: SourceTable, uses: Uses, definition: StudyDefinition, joined: Collection[str] = ()
) -> list[Question]:
    """The questions of one table; none for a file of a study folder or of another standard.

    `joined` are the columns that another table has of the same participants.
    """
    if all(_needs_no_word(table, each) for each in uses):
        return [question for each in uses for question in _missing(table, each, uses, definition, joined)]
    questions = [_table_question(table, uses)]
    for each in uses:
        if each.used:
            questions += _missing(table, each, uses, definition, joined)
            questions += _renamed(table, each, uses, definition)
            questions += _measured(table, each, definition)
            questions += _settled(table, each)
    return questions


def _needs_no_word(table: SourceTable, of_table: TableMapping) -> bool:
    return of_table.used and (of_table.in_study_shape or of_table.dataset == table.dataset)


def _table_question(table: SourceTable, uses: Uses) -> Question:
    datasets = BOTH.join(each.dataset for each in uses)
    undecided = datasets == UNDECIDED
    hints = [name for name in hinted_by_name(table) if name in DATASETS]
    single = [(name, f"{name}: one row is {dataset.row}") for name, dataset in DATASETS.items()]
    several = [(datasets, f"{datasets}: several of them at once")] if BOTH in datasets else []
    several += [
        (both, f"{both}: participants and their measurements")
        for both in ("adsl+adlb", "adsl+adlb+adqs")
        if both != datasets
    ]
    return Question(
        key=table_key(table.name),
        about="Tables",
        text=f"What is the table {table.name}?",
        options=(*single, *several, ("", "not used")),
        proposed=(hints[0] if len(hints) == 1 else "") if undecided else datasets,
        seen=f"{rows(len(table.frame))} under {', '.join(uses[0].headers[:12])}"
        + (", ..." if len(uses[0].headers) > 12 else ""),
        open=undecided,
    )


def _missing(
    table: SourceTable,
    of_table: TableMapping,
    uses: Uses,
    definition: StudyDefinition,
    joined: Collection[str],
) -> list[Question]:
    """A question for each column that the dataset needs and that is not certain."""
    found = candidates(table, of_table.dataset, definition)
    questions = []
    for group in NEEDED[of_table.dataset]:
        elsewhere = of_table.dataset == "adsl" and group != ("USUBJID",) and set(group) & set(joined)
        if not elsewhere and not _is_settled(of_table, group):
            questions.append(_needed(table, of_table, group, found, uses, definition))
    return [question for question in questions if question is not None]


def _is_settled(of_table: TableMapping, group: tuple[str, ...]) -> bool:
    if any(name in of_table.columns or name in of_table.values for name in group):
        return True
    if not of_table.measured:
        return False
    return group[0] in ("PARAMCD", "AVAL") or (group[0] == "ADT" and all(m.visit for m in of_table.measured))


def _needed(
    table: SourceTable,
    of_table: TableMapping,
    group: tuple[str, ...],
    found: dict[str, list[str]],
    uses: Uses,
    definition: StudyDefinition,
) -> Question | None:
    free = _unused(uses)
    column = next((name for name in group if name in found), group[0])
    likely = found.get(column, []) or by_values(table, column, definition, free)
    constants = _constants(column, definition)
    if not likely and (group == CUT_DAY or not (free or constants)):
        return None
    others = [header for header in free if header not in likely] if group != CUT_DAY else []
    by_words = bool(found.get(column))
    proposed = (
        likely[0] if likely and (by_words or group != CUT_DAY) else ""
    )  # any date looks like a first dose
    return _column_question(table, of_table, column, [*likely, *others], constants, proposed)


def _unused(uses: Uses) -> list[str]:
    """The headers without a meaning of their own: not read at all, or kept under their own name only."""
    used = {header for each in uses for header in used_headers(each) - _kept_only(each)}
    return [header for header in uses[0].headers if header not in used]


def _kept_only(of_table: TableMapping) -> set[str]:
    known = columns_of(of_table.dataset) if of_table.used else []
    return {name for name, header in of_table.columns.items() if name == header and name not in known}


def _constants(column: str, definition: StudyDefinition) -> Options:
    if column == "TRT01P":
        return tuple((f"{EVERY_ROW}{arm.trt}", f"every row: {arm.label}") for arm in definition.arms)
    return ((f"{EVERY_ROW}PLAT", "every row: platelet count"),) if column == "PARAMCD" else ()


def _column_question(
    table: SourceTable,
    of_table: TableMapping,
    column: str,
    headers: list[str],
    constants: Options,
    proposed: str,
    *,
    is_open: bool = True,
) -> Question:
    none = ("", "no such column")
    sent = {header: table.sent.get(header, header) for header in headers}
    return Question(
        key=column_key(of_table, column),
        about="Columns",
        text=f"Which column of {of_table.table} is {column}, {meaning(of_table.dataset, column)}?",
        options=(*((header, sent[header]) for header in headers), *constants, none),
        proposed=proposed,
        seen=rows(len(table.frame)),
        open=is_open,
    )


def meaning(dataset: str, column: str) -> str:
    """What a column is, in the words of the format reference."""
    dated = {"TRTSDT": "date of the first dose", "ADT": "date of the sample or assessment"}
    dated |= {"ASTDT": "first date", "AENDT": "last date", "EOSDT": "date of the end of the study"}
    dated |= {"AVISIT": "visit as the site calls it", "SITEID": "site", "STUDYID": "study"}
    dated |= {"DTHDT": "date of death", "RANDDT": "date of randomisation", "RESCFL": "rescue or not"}
    known = {each.name: each.meaning for each in (*ADSL.columns, *DATASETS[dataset].columns)}
    return dated.get(column) or known.get(column, "kept under its own name")


def _renamed(
    table: SourceTable, of_table: TableMapping, uses: Uses, definition: StudyDefinition
) -> list[Question]:
    """A column of the saved mapping that the table no longer has, while it has others that are not used."""
    free = _unused(uses)
    if not free:
        return []
    found = candidates(table, of_table.dataset, definition)
    questions = []
    for column, header in missing_headers(of_table).items():
        near = [name for name in found.get(column, []) if name in free]
        near += difflib.get_close_matches(
            header, [name for name in free if name not in near], n=1, cutoff=0.4
        )
        order = [*near, *(name for name in free if name not in near)]
        asked = _column_question(table, of_table, column, order, (), near[0] if near else "")
        questions.append(_about(asked, header))
    return questions


def _about(question: Question, header: str) -> Question:
    fields = {name: getattr(question, name) for name in ("key", "about", "options", "proposed", "open")}
    return Question(text=f"{question.text} It was {header} before.", seen=question.seen, **fields)


def _measured(table: SourceTable, of_table: TableMapping, definition: StudyDefinition) -> list[Question]:
    """A bleeding scale without a name."""
    scales = list(dict.fromkeys(e.bleeding for e in definition.endpoints if e.bleeding)) or ["WHOBLD"]
    return [
        Question(
            key=measured_key(of_table, each.header),
            about="Columns",
            text=f"Which bleeding scale is {each.header} of {of_table.table}?",
            options=(*((scale, scale) for scale in scales), ("", "none of these: not used")),
            proposed=scales[0] if len(scales) == 1 else "",
            seen=f"{int((table.frame[each.header] != '').sum()):,} filled cells",
        )
        for each in of_table.measured
        if each.paramcd == UNDECIDED and each.header in table.frame
    ]


def _settled(table: SourceTable, of_table: TableMapping) -> list[Question]:
    """What was understood, for a person to look at."""
    headers = list(of_table.headers)
    return [
        _column_question(table, of_table, column, headers, (), header, is_open=False)
        for column, header in of_table.columns.items()
        if header != column and (header == "" or header in headers)
    ]
