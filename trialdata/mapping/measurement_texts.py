"""What the texts of measurements mean: the parameter, the unit of counts without one, the planned day of a visit."""

import re
from collections.abc import Sequence

import pandas as pd

from trialdata.definition import StudyDefinition
from trialdata.findings import finding
from trialdata.mapping.import_mapping import NO_PLANNED_DAY, ImportMapping, MappedTable, Question
from trialdata.mapping.texts import Gathered, Seen, Told, few, filled, texts_of, where
from trialdata.mapping.visit_words import guessed_day, planned_day, unplanned
from trialdata.mapping.words import folded, parameter_of, parts_of
from trialdata.values import read_number

CODE = re.compile(r"[A-Z][A-Z0-9]{0,7}")
PLATELETS = "PLAT"
LIKE_PLATELETS = ("血小板", "platelet", "plt", "thrombocyte")
UNITS = (("10^9/L", "10⁹/L, the same as 10³/µL"), ("/uL", "per µL or mm³"), ("10^4/uL", "10⁴/µL (万/µL)"))
HIGHEST_MEDIAN = 1500  # in 10^9/L


def _measurements(tables: Sequence[MappedTable]) -> list[MappedTable]:
    """Tables of measurements that are no file of a study folder, whose words are settled."""
    return [table for table in tables if table.dataset in ("adlb", "adqs") and not table.in_study_shape]


def parameters(tables: Sequence[MappedTable], mapping: ImportMapping, definition: StudyDefinition) -> Told:
    """The PARAMCD of each text: by its words, else asked where it may be the platelet count, else left out."""
    gathered = Gathered()
    known = dict(mapping.parameters)
    for dataset in ("adlb", "adqs"):
        seen = texts_of([t for t in _measurements(tables) if t.dataset == dataset], "PARAMCD")
        seen = [each for each in seen if f"parameters:{each.text}" not in {q.key for q in gathered.questions}]
        plain = {each.text: parameter_of(each.text) for each in seen}
        unclear = [each for each in seen if not plain[each.text] and not CODE.fullmatch(each.text)]
        unclear = [each for each in unclear if each.text not in mapping.parameters]
        has_platelets = PLATELETS in {*plain.values(), *(known.get(each.text, "") for each in seen)}
        asked = [
            each for each in unclear if not has_platelets or dataset == "adqs" or _like_platelets(each.text)
        ]
        known |= {text: code for text, code in plain.items() if code not in ("", text) and text not in known}
        known |= {each.text: "" for each in unclear if each not in asked}
        _left_out([each for each in seen if known.get(each.text) == ""], gathered)
        if few(asked, "PARAMCD", gathered):
            shown = [each for each in seen if each.text in known]
            gathered.questions += [_parameter(each, known.get(each.text)) for each in [*asked, *shown]]
    return gathered.told(mapping.replace(parameters=known))


def _like_platelets(text: str) -> bool:
    return any(word in folded(text) for word in LIKE_PLATELETS)


def _left_out(seen: Sequence[Seen], gathered: Gathered) -> None:
    for place in dict.fromkeys(place for each in seen for place in each.places):
        names = [each.text for each in seen if place in each.places]
        found = f"{len(names):,} parameters that are not known: {', '.join(names[:8])}" + (
            ", ..." if len(names) > 8 else ""
        )
        gathered.findings.append(finding("parameters_left_out", place, column="PARAMCD", found=found))


def _parameter(seen: Seen, answer: str | None) -> Question:
    return Question(
        key=f"parameters:{seen.text}",
        about="Parameters",
        text=f'Which parameter is "{seen.text}"? PLAT for the platelet count.',
        options=(),
        proposed=PLATELETS if answer is None and _like_platelets(seen.text) else answer or "",
        seen=seen.words,
        open=answer is None,
    )


def units(tables: Sequence[MappedTable], mapping: ImportMapping, definition: StudyDefinition) -> Told:
    """The unit of platelet counts that have none."""
    unitless = [
        where(
            table,
            lambda frame: _is_platelets(frame, mapping) & filled(frame, "AVAL") & ~filled(frame, "AVALU"),
        )
        for table in _measurements(tables)
        if table.dataset == "adlb" and {"PARAMCD", "AVAL"} <= set(table.frame.columns)
    ]
    seen = texts_of(unitless, "PARAMCD")
    if not seen:
        return Told(mapping)
    stated = {parts_of(each.text).unit for each in seen}
    if PLATELETS not in mapping.units and len(stated) == 1 and stated != {""}:
        mapping = mapping.replace(units={**mapping.units, PLATELETS: stated.pop()})
    answer = mapping.units.get(PLATELETS)
    places = tuple(dict.fromkeys(place for each in seen for place in each.places))
    question = Question(
        key=f"units:{PLATELETS}",
        about="Units",
        text="In which unit are platelet counts that stand without one?",
        options=UNITS
        if answer in (None, *(unit for unit, _ in UNITS))
        else ((str(answer), str(answer)), *UNITS),
        proposed=answer or _proposed_unit([table.frame["AVAL"] for table in unitless]),
        seen=Seen("", sum(each.rows for each in seen), places).words,
        open=answer is None,
    )
    return Told(mapping, (question,))


def _is_platelets(frame: pd.DataFrame, mapping: ImportMapping) -> pd.Series:
    codes = {text: mapping.parameters.get(text, text) for text in frame["PARAMCD"].unique()}
    return frame["PARAMCD"].map(codes).eq(PLATELETS)


def _proposed_unit(columns: Sequence[pd.Series]) -> str:
    median = pd.concat(list(columns)).map(lambda text: read_number(text).value).median()
    if pd.isna(median):
        return ""
    return UNITS[0][0] if median <= HIGHEST_MEDIAN else UNITS[1][0]


def visits(tables: Sequence[MappedTable], mapping: ImportMapping, definition: StudyDefinition) -> Told:
    """The planned day of each visit that rows without a day or date name, where its words do not say it."""
    gathered = Gathered()
    undated = [where(table, lambda frame: ~filled(frame, "ADY", "ADT")) for table in _measurements(tables)]
    unclear = [
        each
        for each in texts_of(undated, "AVISIT")
        if each.text in mapping.visits
        or (planned_day(each.text, mapping, definition) is None and not unplanned(each.text))
    ]
    if few(unclear, "AVISIT", gathered):
        gathered.questions += [_visit(each, mapping) for each in unclear]
    return gathered.told(mapping)


def _visit(seen: Seen, mapping: ImportMapping) -> Question:
    answer = mapping.visits.get(seen.text, guessed_day(seen.text))
    return Question(
        key=f"visits:{seen.text}",
        about="Visits",
        text=f'Which study day is planned for the visit "{seen.text}"? '
        f"{NO_PLANNED_DAY:g} for a visit without a planned day.",
        options=(),
        proposed="" if answer is None else f"{answer:g}",
        seen=seen.words,
        open=seen.text not in mapping.visits,
    )
