"""Standardised differences of the baseline characteristics, drawn."""

from collections.abc import Collection
from functools import cache

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.baseline import baseline_balance, baseline_summary
from charts.balance import MARK, balance_figure
from outputs import wording
from outputs.baseline.small import masked_variables, without_masked
from outputs.baseline.variables import MISSING_LEFT_OUT, baseline_of, no_comparison, without_p
from outputs.basis import Basis
from outputs.output import Card, Output, View
from outputs.planned import planned_note
from outputs.slide_chart import Chart
from outputs.slide_rows import size_row, standardised
from outputs.small_cells import NOT_SHOWN

WHY_STANDARDISED = "It does not grow with the number of participants, as a p-value would shrink."


def baseline_balance_output(data: AnalysisData, view: View) -> Output:
    """Absolute standardised differences, experimental against control, the largest first."""
    basis = Basis(data, view)
    baseline = baseline_of(basis)
    results = baseline_balance(baseline.variables, baseline.arm, basis.comparisons)
    masked = cache(lambda: masked_variables(baseline_summary(baseline.variables, baseline.arm, basis.trts)))
    known = results["estimate"].notna().any()
    return Output(
        id="baseline_balance",
        title="Balance at baseline",
        subtitle="Absolute standardised differences, experimental against control; dotted line: 0.1",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(results, basis),
        figure=lambda theme, compact: balance_figure(results, basis.arms, theme=theme, compact=compact),
        chart=lambda: _chart(results, basis, masked()),
        headline="Balance at baseline",
        alt=f"Absolute standardised differences at baseline. {_words(results)}",
        footnotes=(
            f"{basis.population}, {wording.plural(len(baseline.subjects), 'participant')}.",
            *([f"{MISSING_LEFT_OUT} {without_p(basis)}"] if basis.comparisons else []),
            *baseline.notes(),
            *planned_note(basis),
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=balance_cards(results, basis),
        empty=basis.nobody()
        or " ".join(no_comparison(basis))
        or ("" if known else basis.empty_arms() or "No standardised difference can be computed at this cut."),
        as_file=lambda: (without_masked(results, masked()), _table(results, basis, masked())),
    )


def _chart(results: pd.DataFrame, basis: Basis, masked: Collection[str]) -> Chart:
    """The largest first, those that a file leaves out last; several comparisons in the colours of their arms."""
    results = without_masked(results, masked)
    one = len(basis.comparisons) == 1
    size = results["estimate"].abs().groupby(results["variable"]).transform("max")
    ordered = results.assign(size=size).sort_values("size", ascending=False, kind="stable")
    return standardised(
        size_row(row.label, row.estimate, arm="" if one else row.arm, hidden=row.variable in masked)
        for row in ordered.itertuples()
    )


def _table(results: pd.DataFrame, basis: Basis, masked: Collection[str] = ()) -> pd.DataFrame:
    """The largest first; those of `masked` variables last, without a number."""
    results = without_masked(results, masked)
    size = results.assign(size=results["estimate"].abs()).sort_values("size", ascending=False, kind="stable")
    rows = [
        {
            "Characteristic": row.label,
            **({"Arm": basis.labels[row.arm]} if len(basis.comparisons) > 1 else {}),
            "Standardised difference": _size(row, masked),
            "Method": row.method,
        }
        for row in size.itertuples()
    ]
    return pd.DataFrame(rows)


def _size(row, masked: Collection[str]) -> str:
    if row.variable in masked:
        return NOT_SHOWN
    return wording.NOT_ESTIMABLE if np.isnan(row.estimate) else wording.fixed(row.estimate, 2)


def _words(results: pd.DataFrame) -> str:
    above = int((results["estimate"].abs() > MARK).sum())
    return f"{above} of {len(results)} lie above {MARK}."


def balance_cards(balance: pd.DataFrame, basis: Basis) -> tuple[Card, ...]:
    """One card per comparison: the largest difference, and every one with its method."""
    cards = []
    for experimental, control in basis.comparisons:
        own = balance[(balance["comparison"] == f"{experimental} - {control}") & balance["estimate"].notna()]
        if own.empty:
            continue
        largest = own.loc[own["estimate"].abs().idxmax()]
        others = own.assign(Estimate=own["estimate"].map(lambda value: wording.fixed(value, 2)))
        others = others.rename(columns={"label": "Characteristic", "method": "Method"})
        cards.append(
            Card(
                title=f"Standardised differences, {basis.labels[experimental]} vs {basis.labels[control]}",
                estimate=f"largest: {largest['label']} {wording.fixed(float(largest['estimate']), 2)}",
                method=str(largest["method"]),
                reason=WHY_STANDARDISED,
                others=others[["Method", "Characteristic", "Estimate"]].reset_index(drop=True),
            )
        )
    return tuple(cards)
