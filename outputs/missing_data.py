"""Missing data: the rate and the difference under other readings of those due without an answer."""

import math
from dataclasses import dataclass, replace

import pandas as pd

from analysis.adam import AnalysisData
from charts.strategies import estimates_figure
from outputs import wording
from outputs.basis import Basis
from outputs.cards import card
from outputs.output import Card, Output, View
from outputs.response import NOMINAL, NOT_RANDOMISED
from outputs.slide_axis import percent_axis
from outputs.slide_chart import Chart
from outputs.slide_rows import estimates
from outputs.unanswered import WORDS, Unanswered

LAST_CARRIED = (
    "Last count carried forward: the last usable count by the end of the window decides by its own level."
)

MAIN_READING = "The reading the endpoint names; the others ask whether the result hangs on it."
NO_MAIN_READING = (
    "The endpoint leaves the pending out too; none of these readings does: choose pending and missing."
)


def strategy_labels(which: str) -> dict[str, str]:
    """Each strategy in words."""
    who = WORDS[which].capitalize()
    return {
        "nonresponse": f"{who}: no response",
        "available": f"{who}: left out",
        "best": "Best case",
        "worst": "Worst case",
        "all": f"{who}: all respond",
        "carried": "Last count carried forward",
        "imputed": "Multiple imputation",
    }


def main_strategy(found: Unanswered) -> str:
    """The strategy the endpoint names; "" where none of those shown is its own."""
    if found.basis.rate_endpoint.missing == "nonresponse":
        return "nonresponse"
    left_in = found.due["AVALC"].isin(["PENDING", "MISSING"]) & ~found.due["UNKNOWN"]
    return "" if left_in.any() else "available"


def missing_strategies_output(data: AnalysisData, view: View, *, which: str = "missing") -> Output:
    """The difference from control, or the rate of one arm, by how those without an answer are taken."""
    basis = Basis(data, view)
    found = Unanswered(basis, which)
    endpoint, results = basis.rate_endpoint, found.results
    differences = results[results["measure"] == "difference"]
    rows = _figure_rows(found)
    label = wording.short_label(endpoint)
    return Output(
        id="missing_strategies",
        title="Other readings of missing answers",
        subtitle=f"{_what(basis)} among the due by how the {WORDS[which]} are taken; filled: main analysis",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(found),
        figure=lambda theme, compact: estimates_figure(
            rows,
            axis_title=f"{_what(basis)}, percentage points (95% CI)"
            if basis.comparisons
            else "Rate, % (95% CI)",
            favours=_favours(basis),
            customdata=("", ""),
            theme=theme,
            compact=compact,
        ),
        chart=lambda: _chart(rows, basis),
        records=found.records,
        cell_keys=("ARM", "STATE"),
        headline=_headline(found, label),
        detail=_detail(found),
        alt=f"{label}: {_what(basis).lower()} by strategy. "
        + " ".join(
            f"{row.group + ', ' if row.group else ''}{row.label}: {row.words}." for row in rows.itertuples()
        ),
        footnotes=_footnotes(found),
        badges=basis.badges(endpoint),
        cards=tuple(_card(found, pair, differences) for pair in basis.comparisons),
        empty=found.nothing(),
    )


def _chart(rows: pd.DataFrame, basis: Basis) -> Chart:
    """The differences around no difference, or the rates of one arm."""
    if not basis.comparisons:
        return replace(estimates(rows, "", axis=lambda limits: percent_axis("Rate, % (95% CI)")), line=None)
    left, right = _favours(basis)
    return estimates(
        rows, "Difference, percentage points (95% CI)", sides=(f"favours {left}", f"favours {right}")
    )


def _what(basis: Basis) -> str:
    return "Difference" if basis.comparisons else "Rate"


def comparison_words(basis: Basis, pair: tuple[str, str]) -> str:
    """ "Rituximab vs BAT", by label."""
    return f"{basis.labels[pair[0]]} vs {basis.labels[pair[1]]}"


def _favours(basis: Basis) -> tuple[str, str]:
    if not basis.comparisons:
        return ("", "")
    experimental, control = basis.comparisons[0]
    one = len(basis.comparisons) == 1
    return (control, experimental if one else "experimental")


@dataclass(frozen=True, eq=False)
class Shown:
    """What is shown together: the differences of one comparison, or with one arm its rates."""

    arms: tuple[str, ...]
    heading: str  # of one comparison among several
    rows: pd.DataFrame


def _shown(found: Unanswered) -> list[Shown]:
    results, basis = found.results, found.basis
    if not basis.comparisons:
        return [Shown(basis.trts, "", results[results["measure"] == "rate"])]
    several = len(basis.comparisons) > 1
    return [
        Shown(
            pair,
            comparison_words(basis, pair) if several else "",
            results[results["comparison"] == f"{pair[0]} - {pair[1]}"],
        )
        for pair in basis.comparisons
    ]


def _figure_rows(found: Unanswered) -> pd.DataFrame:
    labels, main = strategy_labels(found.which), main_strategy(found)
    rows = []
    for shown in _shown(found):
        for row in shown.rows.itertuples():
            scaled = [100 * value for value in (row.estimate, row.conf_low, row.conf_high)]
            rows.append((shown.heading, labels[row.strategy], _words(row), *scaled, row.strategy == main))
    columns = ["group", "label", "words", "estimate", "conf_low", "conf_high", "leading"]
    return pd.DataFrame(rows, columns=columns)


def _words(row) -> str:
    """ "22.6 (4.7 to 39.1)"; without an interval the estimate alone."""
    estimate, interval = _points(row)
    return f"{estimate} ({interval})" if interval else estimate


def _headline(found: Unanswered, label: str) -> str:
    unknown, due = int(found.counts["unknown"].sum()), int(found.counts["due"].sum())
    if not due:
        return f"{label}: nobody is due at this cut"
    if not unknown:
        return f"{label}: no answer is {WORDS[found.which]}"
    return f"{label}: {unknown} of {due} answers {'is' if unknown == 1 else 'are'} {WORDS[found.which]}"


def _detail(found: Unanswered) -> str:
    """From which to which estimate the readings lead; how many intervals exclude no difference."""
    basis, parts = found.basis, []
    for shown in _shown(found):
        known = shown.rows[shown.rows["conf_low"].notna()]
        if known.empty or found.nothing() or not basis.comparisons:
            continue
        low, high = (
            wording.fixed(100 * value, 1) for value in (known["estimate"].min(), known["estimate"].max())
        )
        excludes = int(((known["conf_low"] > 0) | (known["conf_high"] < 0)).sum())
        name = f"{shown.heading}: " if shown.heading else ""
        parts.append(
            f"{name}Differences from {low} to {high} points; "
            f"the interval excludes no difference in {excludes} of {len(known)} readings."
        )
    association = list(_association(basis))
    return " ".join(parts + association)


def _table(found: Unanswered) -> pd.DataFrame:
    """One row per strategy and comparison: responders by arm, difference, interval, p, why a number is missing."""
    labels, main, basis = strategy_labels(found.which), main_strategy(found), found.basis
    rates = found.results[found.results["measure"] == "rate"].set_index(["strategy", "arm"])
    rows = []
    for shown in _shown(found):
        titles = ["Experimental", "Control"] if shown.heading else [basis.labels[trt] for trt in shown.arms]
        for row in shown.rows.itertuples():
            cells = {"Comparison": shown.heading} if shown.heading else {}
            cells["Reading"] = (
                f"{labels[row.strategy]} (main)" if row.strategy == main else labels[row.strategy]
            )
            for title, trt in zip(titles, shown.arms, strict=True):
                cells[title] = _rate_cell(rates.loc[(row.strategy, trt)])
            cells |= _difference_cells(row) if basis.comparisons else {"95% CI": _rate_interval(row)}
            rows.append(cells | {"Note": row.note if math.isnan(row.conf_low) else ""})
    table = pd.DataFrame(rows)
    return table[[c for c in table if c not in ("p, nominal", "Note") or (table[c] != "").any()]]


def _rate_cell(row: pd.Series) -> str:
    if math.isnan(row["estimate"]):
        return wording.NOT_ESTIMABLE
    share, N = wording.percent(row["estimate"], 200), row["N"]
    responders = wording.fixed(row["estimate"] * N, 1) if row.name[0] == "imputed" else str(row["n"])
    return f"{responders} of {N} ({share})"


def _rate_interval(row) -> str:
    return wording.percent_interval(row.conf_low, row.conf_high, 200)


def _difference_cells(row) -> dict[str, str]:
    estimate, interval = _points(row)
    shown = wording.p_value(row.p_value).removeprefix("p = ").removeprefix("p ")
    return {"Difference, points": estimate, "95% CI": interval, "p, nominal": shown}


def _points(row) -> tuple[str, str]:
    """Estimate and interval in points; "" for an interval that is not there."""
    if math.isnan(row.estimate):
        return wording.NOT_ESTIMABLE, ""
    if math.isnan(row.conf_low):
        return wording.fixed(100 * row.estimate, 1), ""
    return wording.points_and_interval(row.estimate, row.conf_low, row.conf_high)


def _card(found: Unanswered, pair: tuple[str, str], differences: pd.DataFrame) -> Card:
    basis, labels = found.basis, strategy_labels(found.which)
    rows = differences[differences["comparison"] == f"{pair[0]} - {pair[1]}"]
    main = main_strategy(found)
    chosen = main or "nonresponse"
    return card(
        rows.assign(method=rows["strategy"].map(labels)),
        title=f"Difference, {comparison_words(basis, pair)}",
        chosen=labels[chosen],
        reason=MAIN_READING if main else NO_MAIN_READING,
        words=_points,
        null=math.nan if basis.untested else 0.0,
    )


def _footnotes(found: Unanswered) -> tuple[str, ...]:
    basis = found.basis
    if found.nothing():
        return (found.who(), *_association(basis), *basis.notes(basis.rate_endpoint))
    compared = bool(basis.comparisons)
    test = "" if basis.untested else ", p by its score test"
    notes = [
        found.who(),
        _others_note(found),
        "Best case: they respond in the experimental arm and not in control; worst case: the reverse."
        if compared
        else "",
        LAST_CARRIED,
        found.imputation_note(),
        f"Intervals of a difference: Miettinen-Nurminen{test}; of a rate: Wilson." if compared else "",
        _p_note(basis),
        *_association(basis),
        *basis.notes(basis.rate_endpoint),
    ]
    return tuple(note for note in notes if note)


def _others_note(found: Unanswered) -> str:
    pending = int((found.due["AVALC"] == "PENDING").sum())
    if found.which != "missing" or not pending:
        return ""
    return f"The pending ({pending}) stay no response here."


def _p_note(basis: Basis) -> str:
    if not basis.comparisons:
        return ""
    return basis.untested or f"Every p-value is {NOMINAL}."


def _association(basis: Basis) -> tuple[str, ...]:
    return (NOT_RANDOMISED,) if basis.crude else ()
