"""Rescue by class with its reasons, the time to the first rescue, and other concomitant medication."""

from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.medication import RESCUE, other_medication, rescue_rows, rescue_times
from outputs import wording
from outputs.basis import Basis
from outputs.competing_death import incidence_parts
from outputs.output import Output, View
from outputs.safety.basis import safety_basis
from outputs.safety.counts import count_text, share_cell, sizes_words
from outputs.safety.exposure_words import POOLED_MEDICATION, without_medication
from outputs.safety.levels import WHOLE, Line, inside, level_counts, level_file, level_table, people_of, said

ANY, ANY_OTHER = "Any rescue", "Any other medication"
METHOD = "participants with at least one, of the safety set"
RESCUE_TITLE, OTHER_TITLE = "Participants with (courses)", "Participants with"


def rescue_use_output(data: AnalysisData, view: View) -> Output:
    """Participants with rescue of each class and why, and how many courses."""
    basis = safety_basis(data, view)
    rescue = rescue_rows(data, basis.subjects)
    lines = rescue_lines(rescue, basis)
    results = level_counts(lines, basis, method=METHOD)
    recorded = bool((rescue["REASON"] != "").any())
    return Output(
        id="rescue_use",
        title="Rescue by class",
        subtitle="Participants with at least one course, their share of the safety set, and the courses",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=level_table(results, basis, title=RESCUE_TITLE, cell=_with_courses),
        records=people_of(lines),
        cell_keys=("ROW", "ARM"),
        headline=_headline(results, basis),
        detail=f"{basis.population}: {sizes_words(basis)}.",
        footnotes=(
            "Rescue: the classes of the study definition, from day 1 to the end of follow-up. "
            "A participant counts once in each row.",
            *(() if recorded or rescue.empty else ("Reasons of rescue (CMINDC) are not recorded.",)),
            *basis.notes(),
        ),
        badges=basis.badges(),
        empty=basis.nobody() or without_medication(data),
        as_file=partial(level_file, results, basis, title=RESCUE_TITLE, cell=_with_courses),
    )


def rescue_lines(rescue: pd.DataFrame, basis: Basis) -> list[Line]:
    """Any rescue, then each class of the definition, and in each the reasons where any is recorded."""
    lines = [Line(ANY, WHOLE, rescue, basis.sizes)]
    recorded = bool((rescue["REASON"] != "").any())
    for cmclas in [each.cmclas for each in basis.definition.rescue]:
        own = rescue[rescue["CLASS"] == cmclas.strip()]
        lines.append(Line(said(cmclas), WHOLE, own, basis.sizes))
        reasons = inside(own, "REASON", unnamed="No reason recorded") if recorded else []
        lines += [Line(said(cmclas), reason, part, basis.sizes) for reason, part in reasons]
    return lines


def time_to_rescue_output(data: AnalysisData, view: View) -> Output:
    """Cumulative incidence of the first rescue by arm, death competing."""
    basis = safety_basis(data, view)
    times = rescue_times(rescue_rows(data, basis.subjects), basis.subjects)
    parts = incidence_parts(
        times,
        RESCUE,
        basis,
        said="Rescued",
        row="Rescued by week",
        y_title="Participants with a first rescue",
    )
    return Output(
        id="time_to_rescue",
        title="Time to first rescue",
        subtitle="All participants of the safety set. Death competes. Shaded: 95% interval",
        population=basis.population,
        arms=basis.styles,
        **parts,
        records=times.loc[times["CIFEVENT"] == RESCUE, ["USUBJID", "ARM"]].reset_index(drop=True),
        cell_keys=("ARM",),
        alt=f"Cumulative incidence of the first rescue by arm. {parts['detail']}",
        footnotes=(
            f"{basis.population}, {wording.plural(len(times), 'participant')} followed. Aalen-Johansen; without rescue "
            "or death censored at the end of follow-up.",
            *basis.notes(),
        ),
        badges=basis.badges(),
        empty=basis.nobody() or without_medication(data),
    )


def concomitant_output(data: AnalysisData, view: View) -> Output:
    """Participants with other medication than rescue, by class and name."""
    basis = safety_basis(data, view)
    rows, earlier = other_medication(data, basis.subjects)
    lines = medication_lines(rows, basis)
    results = level_counts(lines, basis, method=METHOD)
    pooled = POOLED_MEDICATION if data.study.view == "pooled" else ""
    return Output(
        id="concomitant",
        title="Other concomitant medication",
        subtitle="Participants with at least one record by class and name, and their share of the safety set",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=level_table(results, basis, title=OTHER_TITLE),
        records=people_of(lines),
        cell_keys=("ROW", "ARM"),
        headline=f"Other medication: {wording.plural(rows['USUBJID'].nunique(), 'participant')}",
        detail=f"{basis.population}: {sizes_words(basis)}.",
        footnotes=(
            "On any day from day 1 to the end of follow-up; a record without a last day goes on. "
            "Rescue has its own table.",
            *(
                (f"Ended before day 1 and not counted: {wording.plural(earlier, 'record')}.",)
                if earlier
                else ()
            ),
            *basis.notes(),
        ),
        badges=basis.badges(),
        empty=basis.nobody() or pooled or without_medication(data) or _nothing(rows),
        as_file=partial(level_file, results, basis, title=OTHER_TITLE),
    )


def medication_lines(rows: pd.DataFrame, basis: Basis) -> list[Line]:
    lines = [Line(ANY_OTHER, WHOLE, rows, basis.sizes)] if len(rows) else []
    for cmclas, own in inside(rows, "CLASS"):
        lines.append(Line(cmclas, WHOLE, own, basis.sizes))
        lines += [Line(cmclas, name, part, basis.sizes) for name, part in inside(own, "NAME")]
    return lines


def _nothing(rows: pd.DataFrame) -> str:
    return "" if len(rows) else "No other medication than rescue is recorded on the days followed."


def _with_courses(row) -> str:
    known = bool(row.N) and pd.notna(row.n)
    return f"{share_cell(row)}; {row.events}" if known else share_cell(row)


def _headline(results: pd.DataFrame, basis: Basis) -> str:
    whole = results[(results["group"] == ANY) & results["arm"].isin(basis.trts)].drop_duplicates("arm")
    if whole.empty:
        return "Rescue"
    return f"Rescued: {' vs '.join(count_text(int(row.n), int(row.N)) for row in whole.itertuples())}"
