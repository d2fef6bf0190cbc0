"""One arm against a fixed historical rate of the endpoint, with where that rate comes from."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.historical import EXACT_BINOMIAL, AgainstRate, against_rate
from analysis.rates import response_rates
from charts.rates import rates_figure
from outputs import wording
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.output import Card, Output, View
from outputs.response import COUNTED_WORDS, MISSING_WORDS, counted_people, handling_of
from outputs.slide_axis import percent_axis
from outputs.slide_chart import Chart, Rows
from outputs.slide_rows import rate_row
from trialdata.definition import HistoricalRate

TITLE = "Against a historical rate"
NONE_NAMED = "The study definition names no historical rate of this endpoint ([[historical]])."
FIXED = (
    "The historical rate counts as known without error, of like participants, answered by the same rule: where that "
    "does not hold, the difference says little of the treatment."
)
WHY_EXACT = "Holds its level for any number of participants; the fixed rate has no uncertainty of its own."


def historical_rate_output(data: AnalysisData, view: View, *, missing: str = "") -> Output:
    """The rate of the one arm, the fixed rate, their difference, and the exact binomial test."""
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    handling = handling_of(endpoint, missing)
    named = {each.endpoint: each for each in basis.definition.historical}
    if endpoint.paramcd not in named or len(basis.arms) != 1:
        return nothing_to_show(basis, "historical_rate", TITLE, NONE_NAMED)
    fixed, (arm,) = named[endpoint.paramcd], basis.arms
    rates = response_rates(basis.results_of(endpoint), basis.trts, missing=handling, methods="quick")
    counted = rates.iloc[0]
    found = against_rate(int(counted["n"]), int(counted["N"]), fixed.rate)
    results = _results(found, arm.trt, tested=not basis.exploratory)
    label = wording.short_label(endpoint)
    return Output(
        id="historical_rate",
        title=TITLE,
        subtitle=f"{label}, among the {COUNTED_WORDS[handling]}; exact interval; line: the historical rate",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(found, fixed, tested=not basis.exploratory),
        figure=lambda theme, compact: rates_figure(
            results[results["measure"] == "rate"],
            None,
            basis.arms,
            axis_title=f"{label}, 95% CI",
            unit_label=COUNTED_WORDS[handling].removeprefix("due and "),
            fixed=fixed.rate,
            theme=theme,
            compact=compact,
        ),
        chart=lambda: _chart(results, basis, f"{label}, 95% CI", COUNTED_WORDS[handling]),
        records=counted_people(basis, endpoint, handling),
        cell_keys=("ARM", "ANSWER"),
        headline=_headline(label, found),
        detail=_detail(found),
        alt=f"{_headline(label, found)}. {_detail(found)}",
        footnotes=(
            f"Historical rate {wording.percent(fixed.rate, 200)}: {fixed.reference.rstrip('.')}.",
            FIXED,
            f"Pending and missing {MISSING_WORDS[handling]}.",
            *(("No p-value under a filter.",) if basis.exploratory else ()),
            *basis.notes(endpoint),
        ),
        badges=basis.badges(endpoint),
        cards=(_card(found, tested=not basis.exploratory),),
        empty=basis.nobody() or ("" if found.N else f"Nobody is {COUNTED_WORDS[handling]} at this cut."),
    )


def _chart(results: pd.DataFrame, basis: Basis, title: str, counted: str) -> Chart:
    """The rate with its exact interval beside the historical one."""
    (row,) = (each for _, each in results[results["measure"] == "rate"].iterrows())
    unit = counted.removeprefix("due and ")
    return Rows(percent_axis(title), (rate_row(basis.arms[0], row, unit),), 100 * float(row["fixed"]))


def _results(found: AgainstRate, trt: str, *, tested: bool) -> pd.DataFrame:
    rows = [
        ("rate", found.rate, *found.interval),
        ("difference", found.difference, *found.difference_interval),
    ]
    frame = pd.DataFrame(rows, columns=["measure", "estimate", "conf_low", "conf_high"])
    p_value = found.p_value if tested else float("nan")
    return frame.assign(
        arm=trt, n=found.n, N=found.N, fixed=found.fixed, p_value=p_value, method=EXACT_BINOMIAL
    )


def _table(found: AgainstRate, fixed: HistoricalRate, *, tested: bool) -> pd.DataFrame:
    points, interval = wording.points_and_interval(found.difference, *found.difference_interval, decimals=1)
    test = (
        {"p, nominal": wording.p_value(found.p_value).removeprefix("p = ").removeprefix("p ")}
        if tested
        else {}
    )
    row = {
        "Responders": f"{found.n}/{found.N}",
        "Rate": wording.rate_words(found.n, found.N),
        "Exact 95% CI": wording.percent_interval(*found.interval, 200) if found.N else "",
        "Historical rate": wording.percent(fixed.rate, 200),
        "Difference, points (95% CI)": f"{points} ({interval})" if found.N else wording.NOT_ESTIMABLE,
    }
    return pd.DataFrame([row | test])


def _headline(label: str, found: AgainstRate) -> str:
    if not found.N:
        return f"{label}: nobody is due at this cut"
    fixed = wording.percent(found.fixed, 200)
    return f"{label}: {wording.rate_words(found.n, found.N)}, against a historical rate of {fixed}"


def _detail(found: AgainstRate) -> str:
    if not found.N:
        return ""
    points, interval = wording.points_and_interval(found.difference, *found.difference_interval)
    return f"{found.n} of {found.N} responded; {points} points from the historical rate ({interval})."


def _card(found: AgainstRate, *, tested: bool) -> Card:
    points, interval = wording.points_and_interval(found.difference, *found.difference_interval, decimals=1)
    test = f", {wording.p_value(found.p_value)}" if tested and found.N else ""
    return Card(
        "Difference from the historical rate",
        f"{points} points, {interval}{test}" if found.N else wording.NOT_ESTIMABLE,
        EXACT_BINOMIAL,
        WHY_EXACT,
    )
