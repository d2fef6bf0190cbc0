"""The full comparison with control, and every interval of each arm's rate: all methods, costly ones included."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.rates import RATE_COLUMNS
from outputs import wording
from outputs.basis import Basis
from outputs.observational.beside import weighted_beside
from outputs.output import Output, View
from outputs.rate_cards import difference_cards, rate_cards, rate_words, ratio_cards
from outputs.response import (
    COUNTED_WORDS,
    NOMINAL,
    NOT_RANDOMISED,
    compute_rates,
    differences_in_words,
    handling_of,
    headline_differences,
    headline_rates,
    rates_headline,
)
from trialdata.definition import Endpoint

MEASURE_WORDS = {
    "difference": "Difference, percentage points",
    "risk ratio": "Risk ratio",
    "odds ratio": "Odds ratio",
    "test": "Test of no difference",
    "homogeneity": "Test of equal odds ratios",
    "covariate": "Odds ratio of a covariate",
}
TESTS_ALONE = ("test", "homogeneity")


def comparison_output(data: AnalysisData, view: View, *, missing: str = "") -> Output:
    """Every comparison with control: difference, risk ratio, odds ratio and tests by every method."""
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    handling = handling_of(endpoint, missing)
    results = compute_rates(basis, endpoint, missing=handling, methods="full")
    counted = COUNTED_WORDS[handling]
    rates, differences = headline_rates(results), headline_differences(results)
    results = results[results["measure"] != "rate"].reset_index(drop=True)
    nothing = (
        ""
        if rates["N"].sum()
        else f"Nobody is {counted} for this endpoint at this cut: nothing to compare yet."
    )
    no_comparison = nothing if basis.comparisons else "One arm: nothing to compare."
    empty = basis.nobody() or basis.empty_arms() or no_comparison
    label = wording.short_label(endpoint)
    return Output(
        id="comparison",
        title="Comparison in every measure",
        subtitle=f"Experimental against control, among the {counted}; the headline method first",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=pd.DataFrame() if empty else comparison_table(results),
        headline=rates_headline(label, rates, differences, counted, crude=basis.crude),
        detail=_detail(differences, basis, endpoint, handling),
        footnotes=(*comparison_notes(results), *_notes(basis, endpoint)),
        badges=basis.badges(endpoint),
        cards=() if empty else (*difference_cards(results, tested=basis.tested), *ratio_cards(results)),
        empty=empty,
    )


def _detail(differences: pd.DataFrame, basis: Basis, endpoint: Endpoint, missing: str) -> str:
    interval = [f"{differences_in_words(differences)}."] if len(differences) else []
    beside = [weighted_beside(basis, endpoint, missing), NOT_RANDOMISED] if basis.crude else []
    others = "interval" if basis.untested else "interval and test"
    return " ".join([*interval, f"Every {others} stands beside the headline method.", *beside])


def rate_methods_output(data: AnalysisData, view: View, *, missing: str = "") -> Output:
    """Each arm's rate with its interval by every method."""
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    handling = handling_of(endpoint, missing)
    results = compute_rates(basis, endpoint, missing=handling, methods="cheap")
    rates = results.loc[results["measure"] == "rate", RATE_COLUMNS].reset_index(drop=True)
    counted = COUNTED_WORDS[handling]
    empty = basis.nobody() or ("" if rates["N"].sum() else f"Nobody is {counted} at this cut.")
    return Output(
        id="rate_methods",
        title="Each rate, every method",
        subtitle=f"Responders among the {counted}, with the 95% interval by each method",
        population=basis.population,
        arms=basis.styles,
        results=rates,
        table=pd.DataFrame() if empty else rates_table(rates, basis.labels),
        headline=f"Every interval: {wording.short_label(endpoint)}",
        footnotes=tuple(
            note for note in (*comparison_notes(rates), basis.empty_arms(), *basis.notes(endpoint)) if note
        ),
        badges=basis.badges(endpoint),
        cards=() if empty else rate_cards(rates.assign(measure="rate"), basis.labels),
        empty=empty,
    )


def comparison_table(results: pd.DataFrame) -> pd.DataFrame:
    """One row per comparison, measure and method; the comparison is named where there are several."""
    rows = []
    for row in results.itertuples():
        scale = "points" if row.measure == "difference" else "ratio"
        estimate, interval = (
            ("", "") if row.measure in TESTS_ALONE else wording.interval_text(row, scale=scale, decimals=1)
        )
        shown = wording.p_value(row.p_value).removeprefix("p = ").removeprefix("p ")
        rows.append(
            {
                "Comparison": row.comparison,
                "Measure": MEASURE_WORDS.get(row.measure, row.measure),
                "Method": row.method,
                "Estimate": estimate.removesuffix(" points"),
                "95% CI": interval,
                "p, nominal": shown,
            }
        )
    columns = ["Comparison", "Measure", "Method", "Estimate", "95% CI", "p, nominal"]
    table = pd.DataFrame(rows, columns=columns)
    table = table if (table["p, nominal"] != "").any() else table.drop(columns="p, nominal")
    return table if table["Comparison"].nunique() > 1 else table.drop(columns="Comparison")


def rates_table(rates: pd.DataFrame, labels: dict[str, str]) -> pd.DataFrame:
    """One row per method, a column per arm: the interval; the counts and the rate stand in the first row."""
    rows: list[dict[str, str]] = []
    first = rates.drop_duplicates("arm").set_index("arm")
    counted = {
        labels[arm]: f"{row.n} of {row.N}" + (f" ({wording.percent(row.estimate, 200)})" if row.N else "")
        for arm, row in first.iterrows()
    }
    rows.append({"Method": "Responders", **counted})
    for method, of_method in rates.groupby("method", sort=False):
        cells = {
            labels[row.arm]: rate_words(row)[1] or wording.NOT_ESTIMABLE for row in of_method.itertuples()
        }
        rows.append({"Method": method, **cells})
    return pd.DataFrame(rows)


def comparison_notes(results: pd.DataFrame) -> tuple[str, ...]:
    """The notes of the rows, each with the methods it tells of."""
    noted = results[results["note"] != ""] if "note" in results else results.iloc[:0]
    return tuple(
        f"{wording.joined(list(dict.fromkeys(rows['method'])))}: {str(note)[0].lower()}{str(note)[1:]}"
        for note, rows in noted.groupby("note", sort=False)
        if not str(note).startswith("Nobody in")
    )


def nominal_note(basis: Basis) -> str:
    """That every p-value of a comparison is nominal, or why there is none; empty where nothing is compared."""
    if not basis.comparisons:
        return ""
    return basis.untested or f"Every p-value is {NOMINAL}."


def _notes(basis: Basis, endpoint: Endpoint) -> tuple[str, ...]:
    notes = [
        nominal_note(basis),
        NOT_RANDOMISED if basis.crude else "",
        *basis.notes(endpoint),
    ]
    return tuple(note for note in notes if note)
