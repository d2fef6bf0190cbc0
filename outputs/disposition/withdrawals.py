"""Who left the study: over time with death competing, and why."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.disposition import ALL, DIED, LEFT_STATUS, WITHDRAWAL, in_order, reasons_of, withdrawal_times
from analysis.survival import cumulative_incidence
from charts.survival import cumulative_incidence_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Card, Output, View
from outputs.planned import HIDDEN_REASONS, planned, planned_note, shows_reasons
from outputs.survival_cards import landmark_card
from outputs.time_endpoints import landmark_table, landmarks, latest_common

LEFT = "Left the study"
CAUSES = (WITHDRAWAL, DIED)


def withdrawals_output(data: AnalysisData, view: View) -> Output:
    """Cumulative incidence of leaving the study by arm, death competing."""
    basis = Basis(data, view)
    subjects = planned(basis)
    times = withdrawal_times(subjects)
    curves = cumulative_incidence(times, basis.trts, CAUSES).assign(measure="incidence")
    left = curves[curves["cause"] == WITHDRAWAL]
    at = landmarks(left)
    unknown = len(subjects) - len(times)
    return Output(
        id="withdrawals",
        title="Withdrawals over time",
        subtitle="Participants who left the study before its end. Death competes. Shaded: 95% interval",
        population=basis.population,
        arms=basis.styles,
        results=curves,
        table=landmark_table(at, basis, "Left the study by week"),
        figure=lambda theme, compact: cumulative_incidence_figure(
            left,
            basis.arms,
            cause=WITHDRAWAL,
            y_title="Participants who left the study",
            x_title="Weeks from first dose",
            theme=theme,
            compact=compact,
        ),
        records=times.loc[times["CIFEVENT"] == WITHDRAWAL, ["USUBJID", "ARM"]].assign(LEFT=LEFT),
        cell_keys=("LEFT", "ARM"),
        headline=_headline(at),
        alt=f"Cumulative incidence of leaving the study by arm. {_alt(at, basis)}",
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
        cards=_cards(at, basis),
        empty=basis.nobody(),
    )


def _cards(at: pd.DataFrame, basis: Basis) -> tuple[Card, ...]:
    shown = latest_common(at)
    return (landmark_card(LEFT, shown, basis),) if len(shown) else ()


def _headline(at: pd.DataFrame) -> str:
    shown = latest_common(at)
    if shown.empty:
        return "Withdrawals: no landmark week is reached in every arm"
    shares = " vs ".join(wording.percent(value, 0) for value in shown["estimate"])
    return f"Left the study by week {shown['week'].iloc[0]:g}: {shares}"


def _alt(at: pd.DataFrame, basis: Basis) -> str:
    parts = [
        f"{basis.labels[row.arm]} {wording.percent(row.estimate, 0)}"
        for row in latest_common(at).itertuples()
    ]
    return f"{_headline(at).split(':')[0]}: {'; '.join(parts)}." if parts else f"{_headline(at)}."


def withdrawal_reasons_output(data: AnalysisData, view: View) -> Output:
    """Why participants left the study, by arm."""
    basis = Basis(data, view)
    subjects = planned(basis)
    left = subjects[subjects["STATUS"].isin(LEFT_STATUS)]
    why = reasons_of(left) if shows_reasons(basis) else pd.Series(LEFT, left.index, dtype="str")
    reasoned = left[["USUBJID", "ARM"]].assign(REASON=why).reset_index(drop=True)
    results = _counts(reasoned, subjects, basis)
    return Output(
        id="withdrawal_reasons",
        title="Reasons for leaving",
        subtitle="Participants who left the study or died, and their share of the set",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(results, basis),
        records=pd.concat([reasoned, reasoned.assign(REASON=LEFT)], ignore_index=True).drop_duplicates(),
        cell_keys=("REASON", "ARM"),
        headline=f"{LEFT}: {len(left)} of {len(subjects)} participants",
        footnotes=(
            f"{basis.population}. Reason as recorded (DCSREAS); beyond eight, the rarest are other reasons.",
            *(() if shows_reasons(basis) else (HIDDEN_REASONS,)),
            *planned_note(basis),
            *basis.notes(),
        ),
        badges=basis.badges(),
        empty=basis.nobody() or ("" if len(left) else "Nobody has left the study at this cut."),
    )


def _counts(records: pd.DataFrame, subjects: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """One row per reason ("" all of them) and arm: n of N."""
    arms = [*basis.trts, *([ALL] if len(basis.arms) > 1 else [])]
    rows = []
    for reason in ("", *(in_order(records["REASON"]) if shows_reasons(basis) else [])):
        own = records[records["REASON"] == reason] if reason else records
        for arm in arms:
            n, of = (len(f) if arm == ALL else int((f["ARM"] == arm).sum()) for f in (own, subjects))
            rows.append((reason, arm, n, of, "count"))
    return pd.DataFrame(rows, columns=["reason", "arm", "n", "N", "method"])


def _table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    columns = basis.labels | ({ALL: ALL} if len(basis.arms) > 1 else {})
    cells = {(r.reason, r.arm): _count_words(r.n, r.N) for r in results.itertuples()}
    reasons = list(dict.fromkeys(results["reason"]))
    body = {name: [cells[reason, arm] for reason in reasons] for arm, name in columns.items()}
    return pd.DataFrame({"Reason": [reason or LEFT for reason in reasons], **body}).astype("str")


def _count_words(n: int, of: int) -> str:
    return f"{n} ({wording.percent(n / of, of)})" if of else "–"
