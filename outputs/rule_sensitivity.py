"""The chosen endpoint under a changed rule, beside the protocol's: rates, difference, and who changes class."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.adam import AnalysisData
from analysis.rates import rates_and_comparisons, rates_from_counts
from analysis.rule_sensitivity import (
    CHANGED,
    PROTOCOL,
    RuleComparison,
    changes_in_rates,
    compare_rules,
    rates_by_rule,
)
from charts.rule_rows import rule_rows_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Card, Output, View
from outputs.people import STATE_WORDS
from outputs.rate_cards import difference_cards
from outputs.response import NOT_RANDOMISED, first_due
from outputs.rule_words import all_changes_words, change_words
from outputs.slide_rules import by_rule
from trialdata.definition import Endpoint
from trialdata.errors import StudyDataError
from trialdata.rule_changes import changed_definition, read_changes

NOTHING_CHANGED = "Nothing is changed: this is the protocol's rule."
NAMES = {PROTOCOL: "Protocol", CHANGED: "Changed rule"}
METHODS = "Wilson interval of a rate, Miettinen-Nurminen of a difference; no test under a changed rule."


def rule_sensitivity_output(data: AnalysisData, view: View, *, changes: str = "") -> Output:
    """Rates and difference by the protocol's and by the changed rule; `changes` such as "r_count=50,rescue=washout"."""
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    try:
        read = read_changes(changes, data.definition, endpoint.paramcd)
    except StudyDataError as refused:
        return _refused("rule_sensitivity", "Protocol and changed rule", basis, endpoint, refused)
    compared = compare_rules(data, endpoint.paramcd, read)
    results = _results(basis, endpoint, compared, read)
    moved = movers_of(basis, endpoint, compared, read)
    rules = {rule: name for rule, name in NAMES.items() if (results["rule"] == rule).any()}
    words = wording.joined(all_changes_words(read, endpoint))
    return Output(
        id="rule_sensitivity",
        title="Protocol and changed rule",
        subtitle="Among the due of each rule. Filled: the protocol; hollow: the changed rule",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(basis, results, rules),
        figure=lambda theme, compact: rule_rows_figure(
            results[results["measure"] == "rate"],
            results[results["measure"] == "difference"],
            basis.arms,
            rules=rules,
            moved={CHANGED: class_words(len(moved))},
            by_rule=False,
            axis_title=f"{wording.short_label(endpoint)}, 95% CI",
            theme=theme,
            compact=compact,
        ),
        chart=lambda: by_rule(results, basis.arms, rules, f"{wording.short_label(endpoint)}, 95% CI"),
        records=moved,
        cell_keys=("ARM", "MOVE", "RULE"),
        headline=_headline(endpoint, results, words),
        detail=_detail(basis, endpoint, results, len(moved), words),
        alt=_alt(basis, results, rules, len(moved)),
        footnotes=(METHODS, *_notes(basis, endpoint, results)),
        badges=exploratory_badges(basis, endpoint),
        cards=rule_cards(results, rules, basis),
        empty=basis.nobody(),
    )


def rule_cards(results: pd.DataFrame, rules: Mapping[str, str], basis: Basis) -> tuple[Card, ...]:
    """The difference by each rule by every interval that is quick, without a test."""
    rates = results[results["measure"] == "rate"]
    cards = []
    for rule, name in rules.items():
        counts = [(row.arm, int(row.n), int(row.N)) for row in rates[rates["rule"] == rule].itertuples()]
        compared = rates_and_comparisons(rates_from_counts(counts), basis.comparisons)
        cards += [
            dataclasses.replace(card, title=f"{card.title}: {name.lower()}")
            for card in difference_cards(compared, tested=False)
        ]
    return tuple(cards)


def rule_movers_output(data: AnalysisData, view: View, *, changes: str = "") -> Output:
    """One row per participant whose class the changed rule changes, with the change that moved them."""
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    try:
        read = read_changes(changes, data.definition, endpoint.paramcd)
    except StudyDataError as refused:
        return _refused("rule_movers", "Who changes class", basis, endpoint, refused)
    moved = movers_of(basis, endpoint, compare_rules(data, endpoint.paramcd, read), read)
    nobody = "Nobody changes class." if read else NOTHING_CHANGED
    return Output(
        id="rule_movers",
        title="Who changes class",
        subtitle="Each change tried alone: the one that moved the participant is named",
        population=basis.population,
        arms=basis.styles,
        results=moved,
        table=pd.DataFrame(
            {
                "Participant": moved["USUBJID"],
                "Arm": moved["ARM"].map(basis.labels),
                "Protocol to changed rule": moved["MOVE"],
                "Moved by": moved["RULE"],
            }
        ),
        records=moved,
        cell_keys=("ARM", "MOVE", "RULE"),
        headline=f"{wording.plural(len(moved), 'participant')} of {len(basis.subjects)} "
        f"{'changes' if len(moved) == 1 else 'change'} class",
        footnotes=basis.notes(endpoint),
        badges=exploratory_badges(basis, endpoint),
        empty=basis.nobody() or ("" if len(moved) else nobody),
    )


def _refused(output_id: str, title: str, basis: Basis, endpoint: Endpoint, refused: StudyDataError) -> Output:
    return Output(
        id=output_id,
        title=title,
        headline="The changed rule cannot be used",
        footnotes=basis.notes(endpoint),
        badges=exploratory_badges(basis, endpoint),
        empty=" ".join(str(refused).splitlines()),
    )


def exploratory_badges(basis: Basis, endpoint: Endpoint) -> tuple[str, ...]:
    """A changed rule is exploratory, filtered or not."""
    return tuple(dict.fromkeys(["exploratory", *basis.badges(endpoint)]))


def _results(
    basis: Basis, endpoint: Endpoint, compared: RuleComparison, changes: Mapping[str, Any]
) -> pd.DataFrame:
    """Rates and differences by rule and what changed; the protocol's alone where nothing is changed."""
    answers = {PROTOCOL: (basis.records_of(compared.protocol), endpoint.missing)}
    if not changes:
        return rates_by_rule(answers, basis.trts, basis.comparisons)
    changed = changed_definition(basis.definition, endpoint.paramcd, changes).endpoint(endpoint.paramcd)
    answers[CHANGED] = (basis.records_of(compared.changed), changed.missing)
    rates = rates_by_rule(answers, basis.trts, basis.comparisons)
    return pd.concat([rates, changes_in_rates(rates)], ignore_index=True)


def movers_of(
    basis: Basis, endpoint: Endpoint, compared: RuleComparison, changes: Mapping[str, Any]
) -> pd.DataFrame:
    """One row per participant of the analysis set who changes class: USUBJID, ARM, MOVE and RULE in words."""
    rows = basis.records_of(compared.movers).sort_values("USUBJID", ignore_index=True)
    words = {key: change_words(key, value, endpoint) for key, value in changes.items()}
    together = f"only together: {wording.joined(list(words.values()))}"
    parts = [
        [*(words[key] for key in row.MOVEDBY.split()), *([together] if row.TOGETHER else [])]
        for row in rows.itertuples()
    ]
    move = [_move(row) for row in rows.itertuples()]
    texts = {"MOVE": move, "RULE": ["; ".join(part) for part in parts]}
    return rows[["USUBJID", "ARM", "AVALC", "DUEFL", "NEWAVALC", "NEWDUEFL"]].assign(
        **{name: pd.Series(values, rows.index, dtype="str") for name, values in texts.items()}
    )


def _move(row) -> str:
    """ "response to no response"; who is due under one rule only comes from or goes to "not yet due"."""
    if row.DUEFL == row.NEWDUEFL:
        waiting = "" if row.DUEFL == "Y" else ", not yet due"
        return f"{STATE_WORDS[row.AVALC]} to {STATE_WORDS[row.NEWAVALC]}{waiting}"
    before = row.AVALC if row.DUEFL == "Y" else "NOTDUE"
    after = row.NEWAVALC if row.NEWDUEFL == "Y" else "NOTDUE"
    return f"{STATE_WORDS[before]} to {STATE_WORDS[after]}"


def class_words(n: int) -> str:
    """ "4 change class"."""
    return "nobody changes class" if n == 0 else f"{n} {'changes' if n == 1 else 'change'} class"


def rates_words(results: pd.DataFrame, rule: str) -> str:
    """ "81% vs 59%": the rates by one rule in the order of the arms."""
    rates = results[(results["measure"] == "rate") & (results["rule"] == rule)]
    if not rates["N"].sum():
        return "nobody due"
    return " vs ".join(wording.rate_words(int(row.n), int(row.N)) for row in rates.itertuples())


def _headline(endpoint: Endpoint, results: pd.DataFrame, words: str) -> str:
    protocol = rates_words(results, PROTOCOL)
    if not words:
        return f"{wording.short_label(endpoint)} by the protocol's rule: {protocol}"
    return f"With {words}: {rates_words(results, CHANGED)} (protocol {protocol})"


def _detail(basis: Basis, endpoint: Endpoint, results: pd.DataFrame, moved: int, words: str) -> str:
    nobody = not results.loc[results["rule"] == PROTOCOL, "N"].sum() and len(basis.subjects)
    due = f"{first_due(basis, endpoint)} " if nobody else ""
    if not words:
        return due.strip()
    parts = [
        f"{NAMES[row.rule].lower() if row.rule == CHANGED else 'protocol'} {_points(row)}"
        for row in results[results["measure"] == "difference"].itertuples()
    ]
    one = len(basis.comparisons) == 1 and not nobody
    difference = f"Difference, 95% CI, points: {'; '.join(parts)}. " if one else due
    everybody = wording.plural(len(basis.subjects), "participant")
    return f"Exploratory. {difference}Of {everybody}, {class_words(moved)}."


def _points(row) -> str:
    if pd.isna(row.estimate):
        return f"{wording.NOT_ESTIMABLE} ({row.note})"
    points, interval = wording.points_and_interval(row.estimate, row.conf_low, row.conf_high)
    return f"{points} ({interval})"


def _table(basis: Basis, results: pd.DataFrame, rules: Mapping[str, str]) -> pd.DataFrame:
    """One row per rule: each arm's rate, each difference."""
    rows = [table_row(basis, results, rule, name) for rule, name in rules.items()]
    return pd.DataFrame(rows)


def table_row(basis: Basis, results: pd.DataFrame, rule: str, name: str) -> dict[str, str]:
    """The numbers by one rule as text, its name first."""
    own = results[results["rule"] == rule]
    cells = {"Rule": name}
    for row in own[own["measure"] == "rate"].itertuples():
        share = f", {wording.percent(row.estimate, row.N)}" if row.N else ""
        cells[basis.labels[row.arm]] = f"{row.n} of {row.N}{share}"
    several = len(basis.comparisons) > 1
    for row in own[own["measure"] == "difference"].itertuples():
        cells[f"Difference, {row.comparison}" if several else "Difference, 95% CI"] = _points(row)
    return cells


def _alt(basis: Basis, results: pd.DataFrame, rules: Mapping[str, str], moved: int) -> str:
    rows = [table_row(basis, results, rule, name) for rule, name in rules.items()]
    return f"Rates by rule. {rows_in_words(rows)} {class_words(moved).capitalize()}."


def rows_in_words(rows: Sequence[Mapping[str, str]]) -> str:
    """The rows of a table as sentences: "Protocol: Arm A 3 of 4, Arm B 2 of 4." """
    sentences = []
    for row in rows:
        cells = [f"{column} {cell}" for column, cell in row.items() if column != "Rule"]
        sentences.append(f"{row['Rule']}: {', '.join(cells)}.")
    return " ".join(sentences)


def _notes(basis: Basis, endpoint: Endpoint, results: pd.DataFrame) -> tuple[str, ...]:
    notes = [
        due_note(basis, results),
        NOT_RANDOMISED if basis.crude else "",
    ]
    return tuple(note for note in (*notes, basis.empty_arms(), *basis.notes(endpoint)) if note)


def due_note(basis: Basis, results: pd.DataFrame) -> str:
    """Says that the changed rule has other due, and how many, where it does."""
    rates = results[results["measure"] == "rate"]
    due = {rule: rows.set_index("arm")["N"] for rule, rows in rates.groupby("rule")}
    if CHANGED not in due or (due[CHANGED] == due[PROTOCOL]).all():
        return ""
    counts = [
        f"{basis.labels[arm]} {due[CHANGED][arm]} (protocol {due[PROTOCOL][arm]})" for arm in basis.trts
    ]
    return f"The changed rule has another denominator. Due: {'; '.join(counts)}."
