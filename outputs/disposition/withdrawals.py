"""Who left the study: over time with death competing, and why."""

from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.disposition import LEFT_STATUS, WITHDRAWAL, in_order, reasons_of, withdrawal_times
from outputs import wording
from outputs.basis import Basis
from outputs.competing_death import incidence_parts
from outputs.output import Output, View
from outputs.planned import HIDDEN_REASONS, planned, planned_note, shows_reasons
from outputs.safety.levels import WHOLE, Line, level_counts, level_file, level_table, people_of

LEFT, REASON = "Left the study", "Reason"


def withdrawals_output(data: AnalysisData, view: View) -> Output:
    """Cumulative incidence of leaving the study by arm, death competing."""
    basis = Basis(data, view)
    subjects = planned(basis)
    times = withdrawal_times(subjects)
    parts = incidence_parts(
        times,
        WITHDRAWAL,
        basis,
        said=LEFT,
        row="Left the study by week",
        y_title="Participants who left the study",
    )
    unknown = len(subjects) - len(times)
    return Output(
        id="withdrawals",
        title="Withdrawals over time",
        subtitle="Participants who left the study before its end. Death competes. Shaded: 95% interval",
        population=basis.population,
        arms=basis.styles,
        **parts,
        records=times.loc[times["CIFEVENT"] == WITHDRAWAL, ["USUBJID", "ARM"]].assign(LEFT=LEFT),
        cell_keys=("LEFT", "ARM"),
        alt=f"Cumulative incidence of leaving the study by arm. {parts['detail']}",
        footnotes=(
            f"{basis.population}, {wording.plural(len(times), 'participant')}. Aalen-Johansen; who completed is "
            "censored on that day, who is on study at the cut.",
            *(
                [f"Not counted, day of leaving unknown: {wording.plural(unknown, 'participant')}."]
                if unknown
                else []
            ),
            *planned_note(basis),
            *basis.notes(),
        ),
        badges=basis.badges(),
        empty=basis.nobody(),
    )


def withdrawal_reasons_output(data: AnalysisData, view: View) -> Output:
    """Why participants left the study, by arm."""
    basis = Basis(data, view)
    subjects = planned(basis)
    left = subjects[subjects["STATUS"].isin(LEFT_STATUS)]
    why = reasons_of(left) if shows_reasons(basis) else pd.Series(LEFT, left.index, dtype="str")
    lines = reason_lines(left[["USUBJID", "ARM"]].assign(REASON=why), subjects, basis)
    results = level_counts(lines, basis, method="count")
    return Output(
        id="withdrawal_reasons",
        title="Reasons for leaving",
        subtitle="Participants who left the study or died, and their share of the set",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=level_table(results, basis, title=REASON),
        records=people_of(lines),
        cell_keys=("ROW", "ARM"),
        headline=f"{LEFT}: {len(left)} of {len(subjects)} participants",
        footnotes=(
            f"{basis.population}. Reason as recorded (DCSREAS); beyond eight, the rarest are other reasons.",
            *(() if shows_reasons(basis) else (HIDDEN_REASONS,)),
            *planned_note(basis),
            *basis.notes(),
        ),
        badges=basis.badges(),
        empty=basis.nobody() or ("" if len(left) else "Nobody has left the study at this cut."),
        as_file=partial(level_file, results, basis, title=REASON),
    )


def reason_lines(left: pd.DataFrame, subjects: pd.DataFrame, basis: Basis) -> list[Line]:
    """Everybody who left, and in it each reason where reasons are shown."""
    sizes = {trt: int((subjects["ARM"] == trt).sum()) for trt in basis.trts}
    reasons = in_order(left["REASON"]) if shows_reasons(basis) else []
    return [
        Line(LEFT, WHOLE, left, sizes),
        *(Line(LEFT, reason, left[left["REASON"] == reason], sizes) for reason in reasons),
    ]
