"""Response: rates by arm and their comparison, and the method behind both."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.rate_methods import MIETTINEN_NURMINEN, WILSON, names_in
from analysis.rates import MISSING_RULES, rates_and_comparisons, response_rates
from charts.response import rates_figure
from outputs import wording
from outputs.basis import Basis
from outputs.observational.beside import weighted_beside
from outputs.output import Output, View
from outputs.people import people
from outputs.rate_cards import difference_cards, rate_cards
from outputs.rules import rule
from outputs.slide_rows import rates as rates_chart
from trialdata.definition import Endpoint

HEADLINE_RATE = WILSON
HEADLINE_DIFFERENCE = MIETTINEN_NURMINEN
NOT_RANDOMISED = "Association; arms were not randomised."
NOMINAL = "nominal, not adjusted for this look, no basis for stopping"
MISSING_WORDS = {
    "nonresponse": "count as no response",
    "exclude": "are left out of the denominator",
}
COUNTED_WORDS = {"nonresponse": "due", "exclude": "due and answered"}


def handling_of(endpoint: Endpoint, missing: str) -> str:
    """How pending and missing are treated: as asked, else as the endpoint says; ValueError for another word."""
    handling = missing or endpoint.missing
    if handling not in MISSING_RULES:
        raise ValueError(f"missing is {missing!r}; expected one of {MISSING_RULES}")
    return handling


def compute_rates(
    basis: Basis, endpoint: Endpoint, *, missing: str = "nonresponse", methods: str = "quick"
) -> pd.DataFrame:
    """Rates by arm and comparisons with control by the methods of a set; no p-value where there is none to show."""
    rates = response_rates(basis.results_of(endpoint), basis.trts, missing=missing, methods=methods)
    results = rates_and_comparisons(rates, basis.comparisons, methods=methods)
    if basis.untested and basis.comparisons:
        results = results[results["measure"] != "test"].assign(p_value=np.nan, statistic=np.nan)
    return results.reset_index(drop=True)


def headline_rates(results: pd.DataFrame) -> pd.DataFrame:
    """One row per arm: the rate with its headline interval."""
    return results[(results["measure"] == "rate") & (results["method"] == HEADLINE_RATE)]


def headline_differences(results: pd.DataFrame) -> pd.DataFrame:
    """One row per comparison that can be made: the difference with its headline interval."""
    chosen = (results["measure"] == "difference") & (results["method"] == HEADLINE_DIFFERENCE)
    return results[chosen & results["estimate"].notna()]


def response_rates_output(data: AnalysisData, view: View, *, missing: str = "") -> Output:
    """Responders among the due by arm, with intervals, and the difference from control."""
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    missing = handling_of(endpoint, missing)
    cheap = compute_rates(basis, endpoint, missing=missing, methods="cheap")
    results = cheap[cheap["method"].isin(names_in("quick"))].reset_index(drop=True)
    rates, differences = headline_rates(results), headline_differences(results)
    counted = COUNTED_WORDS[missing]
    label = wording.short_label(endpoint)
    return Output(
        id="response_rates",
        title=f"{label} by arm",
        subtitle=f"Among the {counted}. {intervals_words(basis)}",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_rates_table(results, basis, counted),
        figure=lambda theme, compact: rates_figure(
            rates,
            differences if len(differences) else None,
            basis.arms,
            axis_title=f"{label}, 95% CI",
            unit_label=counted.removeprefix("due and "),
            difference_title=basis.difference_words,
            theme=theme,
            compact=compact,
        ),
        chart=lambda: rates_chart(
            rates,
            differences,
            basis.arms,
            f"{label}, 95% CI",
            unit=counted.removeprefix("due and "),
            difference_title=basis.difference_words,
        ),
        records=counted_people(basis, endpoint, missing),
        cell_keys=("ARM", "ANSWER"),
        headline=rates_headline(label, rates, differences, counted, crude=basis.crude),
        detail=_detail(basis, endpoint, rates, differences, missing),
        alt=_alt(basis, label, rates, differences, counted),
        footnotes=_footnotes(basis, endpoint, results, missing),
        badges=(*immature(rates), *basis.badges(endpoint)),
        cards=(*rate_cards(cheap, basis.labels), *difference_cards(cheap, tested=basis.tested)),
        empty=basis.nobody(),
    )


def intervals_words(basis: Basis) -> str:
    """By which method the intervals of arms are, and of their difference where there is one."""
    return "Arms: Wilson interval; difference: Miettinen-Nurminen" if basis.comparisons else "Wilson interval"


def counted_people(basis: Basis, endpoint: Endpoint, missing: str) -> pd.DataFrame:
    """`people` of the denominator."""
    listed = people(basis, endpoint)
    left_out = ("NOTDUE", "PENDING", "MISSING") if missing == "exclude" else ("NOTDUE",)
    return listed[~listed["STATE"].isin(left_out)]


def immature(rates: pd.DataFrame) -> tuple[str, ...]:
    """The badge of an arm with fewer than ten due."""
    return ("immature",) if (rates["N"] < wording.IMMATURE_BELOW).any() else ()


def rates_headline(
    label: str, rates: pd.DataFrame, differences: pd.DataFrame, counted: str, *, crude: bool = False
) -> str:
    if not rates["N"].sum():
        return f"{label}: nobody is {counted} at this cut"
    shares = " vs ".join(wording.rate_words(row.n, row.N) for row in rates.itertuples())
    if len(differences) != 1:
        return f"{label}: {shares}"
    (row,) = differences.itertuples()
    points, _ = wording.points_and_interval(row.estimate, row.conf_low, row.conf_high)
    return f"{label}: {shares}, a {'crude ' if crude else ''}difference of {points} points"


def _detail(
    basis: Basis, endpoint: Endpoint, rates: pd.DataFrame, differences: pd.DataFrame, missing: str
) -> str:
    counted = COUNTED_WORDS[missing]
    due = int((basis.results_of(endpoint)["DUEFL"] == "Y").sum())
    if not due:
        return first_due(basis, endpoint)
    shares = wording.joined([f"{row.n} of {row.N}" for row in rates.itertuples()])
    waiting = len(basis.subjects) - due
    sentence = f"{shares} participants {counted} at this cut"
    if waiting:
        verb = "is" if waiting == 1 else "are"
        sentence += f"; {waiting} of {len(basis.subjects)} {verb} not yet due and count neither way"
    if len(differences):
        sentence = f"{differences_in_words(differences)}. {sentence}"
    beside = [weighted_beside(basis, endpoint, missing), NOT_RANDOMISED] if basis.crude else []
    return " ".join([f"{sentence}.", *beside])


def differences_in_words(differences: pd.DataFrame) -> str:
    """The interval of one difference; of several each with its arms and estimate."""
    parts = []
    for row in differences.itertuples():
        points, interval = wording.points_and_interval(row.estimate, row.conf_low, row.conf_high)
        one = len(differences) == 1
        parts.append(
            f"95% CI {interval} points" if one else f"{row.comparison}: {points} points, 95% CI {interval}"
        )
    return "; ".join(parts)


def first_due(basis: Basis, endpoint: Endpoint) -> str:
    """When the first participant of the set will be due, from entry times alone."""
    answers = basis.results_of(endpoint).merge(basis.subjects[["USUBJID", "DCUTDY"]], on="USUBJID")
    days = (answers["DUEDY"] - answers["DCUTDY"]).min()
    if pd.isna(days):
        return "Nobody is due for this endpoint at this cut."
    when = basis.data.study.cut + pd.Timedelta(days=int(days))
    return f"Nobody is due for this endpoint at this cut. First participant due in {when:%B %Y}."


def _alt(basis: Basis, label: str, rates: pd.DataFrame, differences: pd.DataFrame, counted: str) -> str:
    parts = [
        f"{basis.labels[row.arm]}: {row.n} of {row.N} {counted}, {wording.percent(row.estimate, row.N)}, "
        f"95% CI {wording.percent_interval(row.conf_low, row.conf_high, row.N)}"
        for row in rates.itertuples()
    ]
    for row in differences.itertuples():
        points, interval = wording.points_and_interval(row.estimate, row.conf_low, row.conf_high)
        parts.append(f"Difference {points} percentage points, 95% CI {interval}")
    return f"{label} by arm. {'. '.join(parts)}."


def _footnotes(basis: Basis, endpoint: Endpoint, results: pd.DataFrame, missing: str) -> tuple[str, ...]:
    answers = basis.results_of(endpoint)
    due = answers[answers["DUEFL"] == "Y"]
    pending, absent = ((due["AVALC"] == state).sum() for state in ("PENDING", "MISSING"))
    notes = [
        f"{basis.population}, due at this cut: {wording.plural(len(due), 'participant')}. "
        f"Pending ({pending}) and missing ({absent}) {MISSING_WORDS[missing]}.",
        test_note(basis, results),
        basis.empty_arms(),
        *basis.notes(endpoint),
    ]
    return tuple(note for note in notes if note)


def test_note(basis: Basis, results: pd.DataFrame) -> str:
    """The headline p-value with its test, or why there is none."""
    if basis.crude:
        return f"{NOT_RANDOMISED} No p-value."
    if not basis.tested:
        return ""
    several = len(basis.comparisons) > 1
    parts = []
    for row in headline_differences(results).itertuples():
        if not np.isnan(row.p_value):
            parts.append(
                f"{row.comparison}: {wording.p_value(row.p_value)}"
                if several
                else wording.p_value(row.p_value)
            )
    return f"Score test, the one the interval inverts: {'; '.join(parts)} ({NOMINAL})." if parts else ""


def _rates_table(results: pd.DataFrame, basis: Basis, counted: str) -> pd.DataFrame:
    """One row per arm: responders, the denominator, rate and both intervals."""
    rates = results[results["measure"] == "rate"]
    exact = rates[rates["method"].str.startswith("Clopper")].set_index("arm")
    rows = []
    for row in headline_rates(results).itertuples():
        other = exact.loc[row.arm]
        rows.append(
            {
                "Arm": basis.labels[row.arm],
                "Responders": str(row.n),
                counted.capitalize(): str(row.N),
                "Rate": wording.percent(row.estimate, 200),
                "95% CI, Wilson": wording.percent_interval(row.conf_low, row.conf_high, 200),
                "95% CI, Clopper-Pearson": wording.percent_interval(other.conf_low, other.conf_high, 200),
            }
        )
    return pd.DataFrame(rows)


def method_output(data: AnalysisData, view: View, *, missing: str = "") -> Output:
    """How the response numbers were made, term by term, with what the registry does not state."""
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    rows = [
        (clause.term, clause.sentence, "assumed" if clause.assumed_in(endpoint) else "")
        for clause in rule(endpoint, data.definition)
    ]
    missing = handling_of(endpoint, missing)
    handling = MISSING_WORDS[missing].capitalize()
    rows += [
        ("Pending, missing", handling, ""),
        ("Denominator", f"{basis.population}, {COUNTED_WORDS[missing]} at the cut", ""),
        ("Intervals", "Wilson for a rate; Miettinen-Nurminen for the difference", ""),
    ]
    if basis.tested:
        rows.append(("Test", f"Score test of the Miettinen-Nurminen interval; {NOMINAL}", ""))
    elif basis.crude:
        rows.append(("Test", f"None. {NOT_RANDOMISED}", ""))
    results = pd.DataFrame(rows, columns=["term", "sentence", "source"])
    return Output(
        id="method",
        title="Method",
        subtitle="How these numbers were made",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=results.set_axis(["Term", "How", "Source"], axis=1),
        badges=basis.badges(endpoint),
    )
