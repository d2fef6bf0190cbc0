"""Participant flow: from screened or enrolled to analysed, as a CONSORT diagram."""

from functools import partial

import pandas as pd

from analysis import disposition as steps
from analysis.adam import AnalysisData
from analysis.disposition import ALL, flow_counts, flow_members
from analysis.populations import analysis_set, population_labels
from charts.flow import flow_figure
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.overview import leading_words
from outputs.planned import HIDDEN_REASONS, shows_reasons
from outputs.slide_flow import flow
from outputs.small_cells import NOT_SHOWN, few, hidden_of, suppressed

COUNT = "count"


def participant_flow_output(data: AnalysisData, view: View) -> Output:
    """Participants at every step: screened, assigned, treated, left with reasons, in each set, analysed."""
    basis = Basis(data, view)
    members = _members(basis)
    words = step_words(basis)
    results = flow_counts(members, basis.trts, population_labels(basis.definition, data.adsl))
    results = _shown(results).assign(method=COUNT).astype({"n": "Int64"})
    results.insert(0, "label", [_label(row, words) for row in results.itertuples()])
    return Output(
        id="participant_flow",
        title="Participant flow",
        subtitle="Participants at each step, by planned arm. Click a line to list them",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(results, basis),
        figure=partial(_figure, results, basis),
        file_figure=lambda theme, compact: _figure(_in_file(results), basis, theme, compact),
        chart=lambda: flow(_in_file(results), basis.arms, view.population),
        records=_records(members, words),
        cell_keys=("STEP", "ARM"),
        headline=_headline(results, basis),
        detail=_detail(results, basis, words),
        alt=_alt(results, basis),
        footnotes=(*_notes(basis, data), *basis.notes()),
        badges=basis.badges(),
        empty="" if len(basis.enrolled) else basis.nobody() or "Nobody is enrolled at this cut.",
        as_file=partial(_file, results, basis),
    )


def _members(basis: Basis) -> pd.DataFrame:
    """Under a filter the flow begins with who is enrolled: what is filtered is not known of all who were screened."""
    data, leading = basis.data, basis.definition.leading
    sets = population_labels(basis.definition, data.adsl)
    return flow_members(
        basis.enrolled,
        data.screen_failures if not basis.view.filters else data.screen_failures[:0],
        {name: analysis_set(data, name, basis.view.filters)["USUBJID"] for name in sets},
        basis.results_of(leading),
        exclude_unanswered=leading.missing == "exclude",
        reasons=shows_reasons(basis),
    )


def step_words(basis: Basis) -> dict[str, str]:
    """What each step is called; "randomised" only where everybody in an arm was."""
    randfl = basis.enrolled["RANDFL"] if "RANDFL" in basis.enrolled else pd.Series("Y", basis.enrolled.index)
    randomised = basis.definition.randomised and bool((randfl == "Y").all())
    endpoint = leading_words(basis.definition.leading)
    sets = population_labels(basis.definition, basis.data.adsl)
    return {
        steps.SCREENED: "Screened",
        steps.FAILED: "Screen failure",
        steps.ASSIGNED: "Randomised" if randomised else "Assigned",
        steps.TREATED: "Treated",
        steps.ELSEWHERE: "Treated as in another arm",
        steps.UNTREATED: "Not treated",
        steps.LEFT: "Left the study",
        steps.COMPLETED: "Completed",
        steps.ON_STUDY: "On study",
        **{f"SET {name}": label for name, label in sets.items()},
        steps.DUE: f"Due, {endpoint}",
        steps.NOT_DUE: f"Not yet due, {endpoint}",
        steps.UNANSWERED: "Due without an answer",
        steps.ANALYSED: f"Analysed, {endpoint}",
    }


def _shown(counts: pd.DataFrame) -> pd.DataFrame:
    """Steps that say something: screening where there was any, the odd ones where there is one."""
    total = counts[(counts["arm"] == ALL) & (counts["reason"] == "")].set_index("step")["n"]
    optional = (steps.SCREENED, steps.FAILED, steps.ELSEWHERE, steps.UNANSWERED)
    absent = [step for step in optional if total.get(step, 0) == 0]
    everybody_enrolled = counts["step"].isin([steps.SCREENED, steps.FAILED]) & (counts["arm"] != ALL)
    return counts[~counts["step"].isin(absent) & ~everybody_enrolled].reset_index(drop=True)


def _label(row, words: dict[str, str]) -> str:
    return f"{words[row.step]}: {row.reason}" if row.reason else words[row.step]


def _records(members: pd.DataFrame, words: dict[str, str]) -> pd.DataFrame:
    """One row per participant and step, and one more for the reason of who left."""
    named = members["STEP"].map(words)
    reasoned = members[members["REASON"] != ""]
    rows = pd.concat(
        [
            members[["USUBJID", "ARM"]].assign(STEP=named),
            reasoned[["USUBJID", "ARM"]].assign(STEP=named[reasoned.index] + ": " + reasoned["REASON"]),
        ],
        ignore_index=True,
    )
    return rows.astype("str")


def _table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    columns = basis.labels | ({ALL: ALL} if len(basis.arms) > 1 else {})
    screened = results["step"].isin([steps.SCREENED, steps.FAILED])
    counts = {
        (row.step, row.reason, columns_of): row.n
        for row in results.itertuples()
        for columns_of in ([row.arm] if row.arm in columns else [])
    }
    if len(basis.arms) == 1:  # the one column stands for all
        only = basis.trts[0]
        counts |= {(row.step, row.reason, only): row.n for row in results[screened].itertuples()}
    lines = results.drop_duplicates(["step", "reason"])
    rows = [
        {"Participants": row.label}
        | {name: _cell(counts.get((row.step, row.reason, arm), "–")) for arm, name in columns.items()}
        for row in lines.itertuples()
    ]
    return pd.DataFrame(rows, columns=["Participants", *columns.values()])


def _figure(results: pd.DataFrame, basis: Basis, theme: str, compact: bool) -> object:
    return flow_figure(results, basis.arms, theme=theme, compact=compact)


def _cell(n: object) -> str:
    return NOT_SHOWN if n is pd.NA else str(n)


def _file(results: pd.DataFrame, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    kept = _in_file(results)
    return kept, _table(kept, basis)


def _in_file(results: pd.DataFrame) -> pd.DataFrame:
    """Without small counts of a reason, nor what would give them back; the steps themselves stay.

    A step's only reason is its own count in other words: where that is small there is none.
    """
    reasons = results[results["reason"] != ""]
    single = reasons.groupby("step")["reason"].transform("nunique") == 1
    told = set(reasons.loc[single & reasons["n"].map(few), "step"])
    kept = results[~(results["step"].isin(told) & (results["reason"] != ""))].reset_index(drop=True)
    left = kept[kept["reason"] != ""]
    if left.empty:
        return kept
    hidden = hidden_of(left, over={"arm": ALL, "reason": None}, within=("step",), counts=("n",))
    return suppressed(kept, hidden, derived=())


def _n(results: pd.DataFrame, step: str, arm: str) -> int:
    own = results[(results["step"] == step) & (results["reason"] == "") & (results["arm"] == arm)]
    return int(own["n"].sum())


def _headline(results: pd.DataFrame, basis: Basis) -> str:
    parts = [f"{_n(results, steps.LEFT, trt)} of {_n(results, steps.ASSIGNED, trt)}" for trt in basis.trts]
    return f"Left the study: {' vs '.join(parts)} participants"


def _detail(results: pd.DataFrame, basis: Basis, words: dict[str, str]) -> str:
    screened = _n(results, steps.SCREENED, ALL)
    first = f"{screened} screened, {_n(results, steps.ASSIGNED, ALL)} enrolled. " if screened else ""
    arms = "; ".join(
        f"{basis.labels[trt]} {_n(results, steps.ASSIGNED, trt)} {words[steps.ASSIGNED].lower()}, "
        f"{_n(results, steps.COMPLETED, trt)} completed, {_n(results, steps.ON_STUDY, trt)} on study"
        for trt in basis.trts
    )
    return f"{first}{arms}."


def _alt(results: pd.DataFrame, basis: Basis) -> str:
    lines = results[(results["arm"] == ALL) & (results["reason"] == "")]
    return (
        "Participant flow, all arms: " + "; ".join(f"{row.label} {row.n}" for row in lines.itertuples()) + "."
    )


def _notes(basis: Basis, data: AnalysisData) -> tuple[str, ...]:
    notes = [
        "Treated, and completed, on study or left: of everybody assigned, by planned arm.",
        f"Due and analysed: {basis.population.lower()}.",
    ]
    if len(data.screen_failures) and basis.view.filters:
        notes.append("Screen failures are not shown under a filter.")
    if not shows_reasons(basis):
        notes.append(HIDDEN_REASONS)
    return tuple(notes)
