"""Subgroups: the comparison of the arms in each level, and whether the levels differ."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.rates import rate_comparisons, response_rates
from analysis.subgroup_times import HAZARD_RATIO, HAZARDS
from analysis.subgroups import TOO_FEW
from charts.forest import forest_figure
from outputs import wording
from outputs.basis import Basis
from outputs.cards import card
from outputs.forest import counted_levels, forest_lines, forest_table, left_out, level_key, without_levels
from outputs.observational.beside import weighted_beside
from outputs.output import Card, Output, View
from outputs.people import people
from outputs.rate_cards import WHY_MIETTINEN_NURMINEN, WHY_RATIO_SCORE, WHY_WOOLF
from outputs.response import (
    COUNTED_WORDS,
    MISSING_WORDS,
    NOMINAL,
    NOT_RANDOMISED,
    first_due,
    handling_of,
)
from outputs.slide_chart import Chart
from outputs.slide_rows import forest
from outputs.small_strata import SITES, strata_in_file
from outputs.subgroup_numbers import COUNT, METHODS, SubgroupNumbers, endpoint_of, overall
from outputs.survival_cards import WHY_COX

AXES = {
    "difference": "Difference, percentage points",
    "risk ratio": "Risk ratio, log scale",
    "odds ratio": "Odds ratio, log scale",
    HAZARD_RATIO: "Hazard ratio, log scale",
}
REASONS = {
    "difference": WHY_MIETTINEN_NURMINEN,
    "risk ratio": WHY_RATIO_SCORE,
    "odds ratio": WHY_WOOLF,
    HAZARD_RATIO: WHY_COX,
}
INTERACTIONS = {
    "difference": "Interaction: inverse-variance heterogeneity of differences, none where a rate is 0 or 100%",
    "risk ratio": "Interaction: inverse-variance heterogeneity of the log ratios, none where a rate is 0 or 100%",
    "odds ratio": "Interaction: likelihood ratio of arm by level in a logistic regression, Firth's with an empty cell",
    HAZARD_RATIO: "Interaction: likelihood ratio of arm by level in a Cox model",
}
METHODS_SHOWN = {  # of each measure the methods a page offers, with their words there
    "difference": {
        "": "Miettinen-Nurminen",
        "Newcombe": "Newcombe",
        "Agresti-Caffo": "Agresti-Caffo",
        "Wald": "Wald",
    },
    "risk ratio": {"": "Score", "Katz log": "Katz"},
    "odds ratio": {"": "Woolf", "conditional exact": "Conditional exact"},
    HAZARD_RATIO: {"": "Wald", "Cox, profile likelihood": "Profile likelihood"},
}
RESPONDERS_ONLY = "Responders only, so not a comparison of the arms as assigned."


def subgroups_output(
    data: AnalysisData, view: View, *, measure: str = "difference", method: str = "", missing: str = ""
) -> Output:
    """The arms compared in every level of the study's subgroups, with a test of interaction per column."""
    basis = Basis(data, view)
    if measure not in METHODS:
        raise ValueError(f"measure is {measure!r}; expected one of {tuple(METHODS)}")
    method = method or METHODS[measure][0]
    if method not in METHODS[measure]:
        raise ValueError(f"method is {method!r}; expected one of {METHODS[measure]}")
    endpoint = endpoint_of(basis, measure)
    title = "Forest of subgroups"
    if endpoint is None:
        nothing = "The study defines no time-to-event endpoint."
        return Output(id="subgroups", title=title, arms=basis.styles, headline=title, empty=nothing)
    numbers = SubgroupNumbers(basis, endpoint, measure, method, handling_of(endpoint, missing))
    results = numbers.results
    compared = bool(basis.comparisons)
    lines = forest_lines(numbers)
    table = forest_table(numbers)
    return Output(
        id="subgroups",
        title=title,
        subtitle=f"{AXES[measure].split(',')[0]}, {method}, 95% interval. Dotted: all participants"
        if compared
        else f"Participants who {_verb(numbers)}, by level",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=table,
        figure=_figure(numbers, lines) if compared else None,
        chart=(lambda: _chart(numbers, lines, table)) if compared else None,
        records=_records(numbers),
        cell_keys=("LEVEL", "ARM"),
        headline=_headline(numbers),
        detail=_detail(numbers),
        alt=_alt(numbers, lines),
        footnotes=_footnotes(numbers),
        badges=basis.badges(endpoint),
        cards=_cards(numbers),
        empty=basis.nobody() or _nothing(numbers),
        as_file=lambda: _in_file(numbers, table),
    )


def _in_file(numbers: SubgroupNumbers, table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without the small cells of subgroups that are strata of the randomisation or sites."""
    results, definition = numbers.results, numbers.basis.definition
    strata = [*definition.strata, *SITES]
    labels = {s.label: s.column for s in definition.subgroups}
    named = table
    if "Subgroup" in table:
        named = table.assign(COLUMN=[labels.get(name, "") for name in table["Subgroup"]])
    kept, masked = strata_in_file(
        results,
        named,
        counted=(results["measure"] == COUNT) & results["column"].isin(strata) & results["N"].notna(),
        level=("column", "level"),
        in_table={"column": "COLUMN", "level": "Level"},
        labels=numbers.basis.labels,
    )
    return kept, masked.drop(columns="COLUMN", errors="ignore")


def _figure(numbers: SubgroupNumbers, lines: pd.DataFrame):
    return lambda theme, compact: forest_figure(
        lines,
        numbers.basis.arms,
        ratio=numbers.measure != "difference",
        axis_title=AXES[numbers.measure],
        count_title="events" if numbers.timed else "responded",
        less_is_better=numbers.timed and numbers.endpoint.kind != "time_to_response",
        theme=theme,
        compact=compact,
    )


def _chart(numbers: SubgroupNumbers, lines: pd.DataFrame, table: pd.DataFrame) -> Chart:
    """The forest without the small cells that a file leaves out."""
    basis, results = numbers.basis, numbers.results
    kept, _ = _in_file(numbers, table)
    places = results.loc[left_out(results, kept), ["column", "level"]]
    gone = {level_key(basis, column, level) for column, level in places.itertuples(index=False, name=None)}
    less = numbers.timed and numbers.endpoint.kind != "time_to_response"
    return forest(
        without_levels(lines, gone),
        basis.arms,
        AXES[numbers.measure],
        ratio=numbers.measure != "difference",
        less_is_better=less,
    )


def _verb(numbers: SubgroupNumbers) -> str:
    return "had the event" if numbers.timed else "responded"


def _nothing(numbers: SubgroupNumbers) -> str:
    """Why there is nothing to compare; empty where there is."""
    basis = numbers.basis
    if (
        numbers.counted.empty
        and not numbers.timed
        and not (basis.results_of(numbers.endpoint)["DUEFL"] == "Y").any()
    ):
        return first_due(basis, numbers.endpoint)
    if numbers.counted.empty:
        return "Nobody is counted for this endpoint at this cut."
    if not basis.definition.subgroups:
        return "The study defines no subgroups: add [[subgroups]] to its file."
    return basis.empty_arms() or ("" if basis.comparisons else "One arm: nothing to compare.")


def _records(numbers: SubgroupNumbers) -> pd.DataFrame:
    """One row per participant counted and level, with LEVEL and ARM."""
    basis = numbers.basis
    if numbers.timed:
        times = basis.times_of(numbers.endpoint)
        facts = times.assign(EVENT=np.where(times["CNSR"] == 0, times["EVNTDESC"], times["CNSDTDSC"]))
        facts = facts[["USUBJID", "EVENT"]]
    else:
        facts = people(basis, numbers.endpoint)[["USUBJID", "STATE", "ANSWER", "REASON"]]
    counted = numbers.members[numbers.members["USUBJID"].isin(numbers.counted["USUBJID"])]
    keys = {
        (column, level): level_key(basis, column, level)
        for column, level in counted[["column", "level"]].drop_duplicates().itertuples(index=False, name=None)
    }
    named = [keys[pair] for pair in zip(counted["column"], counted["level"], strict=True)]
    return counted[["USUBJID", "ARM"]].assign(LEVEL=named).merge(facts, on="USUBJID")


def _words(numbers: SubgroupNumbers, row) -> tuple[str, str]:
    """Estimate and interval as text."""
    return wording.interval_text(row, scale="points" if numbers.measure == "difference" else "ratio")


def _headline(numbers: SubgroupNumbers) -> str:
    label = wording.short_label(numbers.endpoint)
    found = overall(numbers.results, numbers.measure)
    if not len(found):
        return f"{label} by subgroup"
    words = " and ".join(_words(numbers, row)[0] for row in found.itertuples())
    plain = "crude " if numbers.basis.crude else ""
    if numbers.measure == "difference":
        return f"{label}: {plain}difference of {words} among all participants"
    return f"{label}: {plain}{numbers.measure} {words} among all participants"


def _detail(numbers: SubgroupNumbers) -> str:
    """The overall interval, how much of the forest has estimates, and what may be read from it."""
    basis, found = numbers.basis, overall(numbers.results, numbers.measure)
    if not len(found):
        return ""
    several = len(basis.comparisons) > 1
    intervals = "; ".join(
        f"{row.comparison + ': ' if several else ''}95% CI {_words(numbers, row)[1]}"
        for row in found.itertuples()
    )
    unit = " points" if numbers.measure == "difference" else ""
    columns, levels, given = counted_levels(numbers.results, numbers.measure)
    sentences = [
        f"{intervals}{unit}",
        f"{given} of {levels} levels of {wording.plural(columns, 'subgroup')} compared",
    ]
    beside = [_weighted(numbers), NOT_RANDOMISED] if basis.crude else []
    return " ".join([f"{'. '.join(sentences)}; exploratory.", *beside])


def _weighted(numbers: SubgroupNumbers) -> str:
    """What stands beside the crude estimate of all participants."""
    if numbers.measure == "difference":
        return weighted_beside(numbers.basis, numbers.endpoint, numbers.missing)
    return f"Adjusted: see {'Adjusted over time' if numbers.timed else 'Adjusted difference'}."


def _alt(numbers: SubgroupNumbers, lines: pd.DataFrame) -> str:
    parts = []
    for row in lines[lines["kind"].isin(["all", "level"])].itertuples():
        estimate, interval = _words(numbers, row)
        said = row.words or f"{estimate}, 95% CI {interval}"
        parts.append(f"{row.key}: {said}, {row.counts1} vs {row.counts0}")
    return f"{AXES[numbers.measure].split(',')[0]} by subgroup with 95% intervals. {'. '.join(parts)}."


def _footnotes(numbers: SubgroupNumbers) -> tuple[str, ...]:
    basis = numbers.basis
    if numbers.counted.empty:
        return (_counted_note(numbers), *basis.notes(numbers.endpoint))
    columns, _, _ = counted_levels(numbers.results, numbers.measure)
    notes = [
        _counted_note(numbers),
        f"Exploratory: not adjusted for the number of subgroups ({columns}){_reading(basis)}. "
        f"Fewer than {TOO_FEW} in an arm: too few for an estimate.",
        _interaction_note(numbers),
        *_empty_levels(numbers),
        RESPONDERS_ONLY if numbers.endpoint.kind == "duration_of_response" else "",
        NOT_RANDOMISED if basis.crude else "",
        *basis.notes(numbers.endpoint),
    ]
    return tuple(note for note in notes if note)


def _counted_note(numbers: SubgroupNumbers) -> str:
    basis, n = numbers.basis, len(numbers.counted)
    if numbers.timed:
        return f"{numbers.endpoint.label}. {basis.population}, {wording.plural(n, 'participant')}; n with event of N."
    return (
        f"{basis.population}, {COUNTED_WORDS[numbers.missing]} at this cut: {wording.plural(n, 'participant')}. "
        f"Pending and missing {MISSING_WORDS[numbers.missing]}."
    )


def _reading(basis: Basis) -> str:
    if basis.crude:
        return "; each estimate is crude, in a level too"
    return "" if basis.untested else "; read the interaction before a level"


def _interaction_note(numbers: SubgroupNumbers) -> str:
    if not numbers.basis.comparisons:
        return ""
    if numbers.basis.untested:
        return numbers.basis.untested
    return f"{INTERACTIONS[numbers.measure]}; levels with an estimate, missing not among them; p {NOMINAL}."


def _empty_levels(numbers: SubgroupNumbers) -> list[str]:
    """Levels in which an arm has nobody because of a cut, and what to change; a filter does that too."""
    basis = numbers.basis
    return [
        f"{level_key(basis, column, level)}: nobody in {basis.labels[trt]}; choose other cuts for {column}."
        for column, level, trt in numbers.empty_levels()
        if not basis.exploratory
    ]


def _cards(numbers: SubgroupNumbers) -> tuple[Card, ...]:
    """Of each comparison the estimate of all participants by every method of the measure."""
    basis, cards = numbers.basis, []
    for pair in basis.comparisons:
        rows = _every_method(numbers, pair)
        if rows["estimate"].notna().any():
            several = f": {' vs '.join(pair)}" if len(basis.comparisons) > 1 else ""
            cards.append(
                card(
                    rows if basis.tested else rows.assign(p_value=np.nan),
                    title=f"{AXES[numbers.measure].split(',')[0]}, all participants{several}",
                    chosen=numbers.method,
                    reason=REASONS[numbers.measure]
                    if numbers.method == METHODS[numbers.measure][0]
                    else f"Chosen instead of {METHODS[numbers.measure][0]}.",
                    words=lambda row: _words(numbers, row),
                    null=0 if numbers.measure == "difference" else 1,
                )
            )
    return tuple(cards)


def _every_method(numbers: SubgroupNumbers, pair: tuple[str, str]) -> pd.DataFrame:
    basis = numbers.basis
    if numbers.timed:
        times = basis.times_of(numbers.endpoint)
        return pd.concat([ratios(times, [pair]) for ratios in HAZARDS.values()], ignore_index=True)
    rates = response_rates(basis.results_of(numbers.endpoint), basis.trts, missing=numbers.missing)
    rows = rate_comparisons(rates, experimental=pair[0], control=pair[1], methods="cheap")
    return rows[rows["measure"] == numbers.measure]
