"""Adverse events by worst grade: each participant once in a class or term, at the worst known grade."""

from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.events import ALL, AdverseEvents
from analysis.safety.terms import GRADES, LEVELS, TERM, UNGRADED, worst_grades, worst_of_each
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.safety.adverse_cells import ROW, count_cell, nothing_to_count, term_labels, with_shares
from outputs.safety.adverse_overview import event_notes
from outputs.safety.adverse_terms import TITLES, term_people
from outputs.safety.basis import events_of, safety_basis
from outputs.safety.counts import DERIVED, arm_columns, row_keys, sizes_words
from outputs.small_cells import hidden_of, suppressed

KEYS = ("SOC", "TERM", "WORST", "ARM")
COLUMNS = {str(grade): f"Grade {grade}" for grade in GRADES} | {UNGRADED: "Grade missing"}
WHOLE = "any term"  # in a cell, the term of a whole class, whose worst grade is that of one of its terms
BY_WORST_GRADE = "participants by worst grade"


def adverse_grades_output(data: AnalysisData, view: View, *, level: str = "class") -> Output:
    """Participants by worst grade, a row per class or term and arm."""
    if level not in LEVELS:
        raise ValueError(f"level is {level!r}; expected one of {LEVELS}")
    basis = safety_basis(data, view)
    events = events_of(basis)
    results = grade_results(events, level)
    empty = nothing_to_count(events, "any", basis)
    title = TITLES[level]
    rows = [
        (soc, term or WHOLE, "", "" if arm == ALL else arm) for soc, term, arm in _table_rows(results, basis)
    ]
    return Output(
        id="adverse_grades",
        title="By worst grade",
        subtitle="Participants (share of the arm), each once in a row at the worst known CTCAE grade",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=pd.DataFrame() if empty else grades_table(results, title, basis),
        records=grade_people(events, level),
        cell_keys=KEYS,
        rows=tuple(rows),
        columns={name: ("WORST", grade) for grade, name in COLUMNS.items()},
        headline=_headline(events),
        detail=f"{basis.population}: {sizes_words(basis)}. Treatment-emergent.",
        footnotes=(*event_notes(events), *basis.notes()),
        badges=basis.badges(),
        empty=empty,
        as_file=None if empty else partial(_in_file, results, title, basis),
    )


def grade_results(events: AdverseEvents, level: str) -> pd.DataFrame:
    """One row per class or term, arm ("All" last) and worst grade, "missing" among them."""
    counts = with_shares(worst_grades(events, level=level))
    return counts.assign(method=BY_WORST_GRADE)


def grade_people(events: AdverseEvents, level: str) -> pd.DataFrame:
    """One row per participant and class (TERM "any term") or term: USUBJID ARM SOC TERM WORST."""
    of_class = worst_of_each(events.rows.assign(TERM=WHOLE), TERM)
    parts = {"class": [of_class], "term": [term_people(events)]}
    parts["all"] = [*parts["class"], *parts["term"]]
    return pd.concat(parts[level], ignore_index=True)[["USUBJID", "ARM", *TERM, "WORST"]]


def grades_table(results: pd.DataFrame, title: str, basis: Basis) -> pd.DataFrame:
    """A row per class or term and arm, a column per grade."""
    rows = _table_rows(results, basis)
    named = dict(zip(row_keys(results, ROW), term_labels(row_keys(results, ROW)), strict=True))
    keys = results[[*TERM, "arm", "grade"]].itertuples(index=False, name=None)
    cells = dict(zip(keys, map(count_cell, results.itertuples()), strict=True))
    arms = arm_columns(basis)
    body = {name: [cells[(*row, grade)] for row in rows] for grade, name in COLUMNS.items()}
    first = {title: [named[soc, term] for soc, term, _ in rows], "Arm": [arms[arm] for *_, arm in rows]}
    return pd.DataFrame(first | body).astype("str")


def _table_rows(results: pd.DataFrame, basis: Basis) -> list[tuple[str, str, str]]:
    """(class, term, arm) of each row of the table; "All" only beside several arms."""
    rows = results[[*TERM, "arm"]].drop_duplicates()
    shown = rows[rows["arm"].isin(list(arm_columns(basis)))]
    return list(shown.itertuples(index=False, name=None))


def _in_file(results: pd.DataFrame, title: str, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without small cells; what a row adds up to stands in other tables and counts as known."""
    over = {"arm": ALL, "grade": None}
    hidden = hidden_of(results, over=over, within=ROW, counts=("n",), at_most="N")
    kept = suppressed(results, hidden, derived=DERIVED)
    return kept, grades_table(kept, title, basis)


def _headline(events: AdverseEvents) -> str:
    worst = events.rows.groupby("USUBJID")["GRADE"].max()
    severe = int((worst >= 3).sum())
    return (
        f"Grade 3 or more at worst in {severe} of {wording.plural(sum(events.sizes.values()), 'participant')}"
    )
