"""Every parameter of the chosen endpoint's rule moved by a customary alternative, one at a time."""

import pandas as pd

from analysis.adam import AnalysisData, course_of
from analysis.customary_rules import customary_changes
from analysis.proportions import ratio
from analysis.rule_sensitivity import PROTOCOL, SAME_PARTICIPANTS, compare_rules, rates_by_rule
from charts.rule_rows import rule_rows_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.response import NOT_RANDOMISED
from outputs.rule_sensitivity import (
    METHODS,
    class_words,
    exploratory_badges,
    movers_of,
    rows_in_words,
    rule_cards,
    table_row,
)
from outputs.rule_words import change_words
from outputs.slide_rules import by_rule
from trialdata.definition import Endpoint
from trialdata.rule_changes import changed_definition

COUNTED = "participants whose answer or due status changes"


def rule_grid_output(data: AnalysisData, view: View) -> Output:
    """Rates and difference under each customary alternative alone, and how many change class."""
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    results, moved = _tried(basis, endpoint)
    rules = {rule: rule for rule in results["rule"].unique()}
    counts = results[results["measure"] == "change class"].set_index("rule")["n"]
    table = pd.DataFrame(
        [
            {**table_row(basis, results, rule, rule), "Change class": str(counts.get(rule, "")) or "–"}
            for rule in rules
        ]
    )
    return Output(
        id="rule_grid",
        title="Each rule moved alone",
        subtitle="One customary alternative at a time, among its due. Filled: the protocol",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=table,
        figure=lambda theme, compact: rule_rows_figure(
            results[results["measure"] == "rate"],
            results[results["measure"] == "difference"],
            basis.arms,
            rules=rules,
            moved={rule: class_words(int(n)) for rule, n in counts.items()},
            axis_title=f"{wording.short_label(endpoint)}, 95% CI",
            theme=theme,
            compact=compact,
        ),
        chart=lambda: by_rule(results, basis.arms, rules, f"{wording.short_label(endpoint)}, 95% CI"),
        records=moved,
        cell_keys=("TRIED", "ARM", "MOVE"),
        headline=_headline(counts),
        detail=f"{wording.plural(len(counts), 'alternative')} to the protocol's rule, one at a time.",
        alt=_alt(table),
        footnotes=_notes(basis, endpoint),
        badges=exploratory_badges(basis, endpoint),
        cards=rule_cards(results, dict.fromkeys(list(rules)[:1], PROTOCOL.capitalize()), basis),
        empty=basis.nobody(),
    )


def _tried(basis: Basis, endpoint: Endpoint) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The results by rule, the protocol's first, and who changes class under each, by TRIED."""
    data, paramcd = basis.data, endpoint.paramcd
    course = course_of(data)
    protocol = compare_rules(data, paramcd, {}, course=course).protocol
    answers = {PROTOCOL.capitalize(): (basis.records_of(protocol), endpoint.missing)}
    moved, counts = [], []
    for key, value in customary_changes(data.definition, paramcd):
        words = change_words(key, value, endpoint)
        rule = words[:1].upper() + words[1:]
        compared = compare_rules(data, paramcd, {key: value}, course=course)
        changed = changed_definition(data.definition, paramcd, {key: value}).endpoint(paramcd)
        answers[rule] = (basis.records_of(compared.changed), changed.missing)
        moved.append(movers_of(basis, endpoint, compared, {key: value}).assign(TRIED=rule))
        n, N = len(moved[-1]), len(basis.subjects)
        counts.append((rule, "change class", n, N, ratio(n, N), COUNTED, SAME_PARTICIPANTS))
    rates = rates_by_rule(answers, basis.trts, basis.comparisons)
    tried = pd.DataFrame(counts, columns=["rule", "measure", "n", "N", "estimate", "method", "note"])
    movers = [rows for rows in moved if len(rows)] or moved[:1]
    results = pd.concat([rates, tried.assign(arm="", comparison="")], ignore_index=True)
    return results.astype({"n": "Int64", "N": "Int64"}), pd.concat(movers, ignore_index=True)


def _headline(counts: pd.Series) -> str:
    """The alternatives that change most participants."""
    if counts.empty or not counts.max():
        return "No customary alternative moves anybody"
    most = [str(rule) for rule in counts.index[counts == counts.max()]]
    verb = "moves" if len(most) == 1 else "move"
    return f"{wording.joined(most)} {verb} most: {class_words(int(counts.max()))}"


def _alt(table: pd.DataFrame) -> str:
    return f"Rates under each alternative rule. {rows_in_words(table.to_dict('records'))}"


def _notes(basis: Basis, endpoint: Endpoint) -> tuple[str, ...]:
    notes = [
        METHODS,
        "Who changes class is counted in the whole analysis set, due or not.",
        NOT_RANDOMISED if basis.crude else "",
        basis.empty_arms(),
        *basis.notes(endpoint),
    ]
    return tuple(note for note in notes if note)
