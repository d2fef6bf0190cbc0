"""Response adjusted for the study's covariates: odds ratio and standardised rates, beside the unadjusted estimates."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.adjusted import RESULT_COLUMNS, UNADJUSTED, Adjusted, adjusted_comparison
from analysis.logistic import FIRTH, MAXIMUM_LIKELIHOOD
from analysis.standardised import INFLUENCE, SANDWICH
from outputs import wording
from outputs.basis import Basis
from outputs.cards import card
from outputs.comparison import comparison_notes, comparison_table
from outputs.observational.compared import covariates_of
from outputs.output import Card, Output, View
from outputs.response import COUNTED_WORDS, MISSING_WORDS, NOMINAL, NOT_RANDOMISED, handling_of
from trialdata.definition import Endpoint
from trialdata.errors import StudyDataError

PER_TERM = 10  # of the rarer answer, below which a model is read with care
WHY_INFLUENCE = (
    "Holds in a randomised trial whether or not the regression model is right; the guidance of FDA 2023."
)
WHY_SANDWICH = "Carries the uncertainty of the regression; holds where the model of response is right."
WHY_LOGISTIC = "Maximum likelihood with Wald limits; compares participants of equal covariates."
WHY_FIRTH = "A covariate or arm separates the answers: maximum likelihood has no finite estimate."
CONDITIONAL = (
    "The adjusted odds ratio compares participants of equal covariates: it differs from the unadjusted one also "
    "where the arms are alike."
)
NO_SUBSTITUTE = "Adjusting for covariates is no substitute for the comparability analysis."
CODING = "Numbers enter linearly, BASE without logarithm; categories against their first level."
ASSUMED = "Assumed, not stated by the registry: the covariates."
SEPARATION = (
    "A covariate or the arm separates the answers: Firth regression with profile limits; its probabilities are drawn "
    "towards one half, so no standardised difference is given."
)


def adjusted_output(data: AnalysisData, view: View, *, missing: str = "") -> Output:
    """Difference, risk ratio and odds ratio adjusted for the study's covariates, and each covariate's odds ratio."""
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    handling = handling_of(endpoint, missing)
    covariates, dropped = covariates_of(basis)
    fits, trouble = _fits(basis, endpoint, handling, covariates)
    results = _results(basis, fits)
    counted = COUNTED_WORDS[handling]
    nothing = _nothing(basis, fits, covariates, trouble)
    notes = () if nothing else _notes(basis, handling, fits, (covariates, dropped), results)
    return Output(
        id="adjusted",
        title="Adjusted for covariates",
        subtitle=f"Among the {_number(fits)}{counted}: difference, risk ratio, odds ratio; unadjusted beside them",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=adjusted_table(results),
        headline=_headline(endpoint, results),
        footnotes=(*notes, *(trouble if fits else ()), *basis.notes(endpoint)),
        badges=basis.badges(endpoint),
        cards=_cards(results, tested=basis.tested, randomised=basis.definition.randomised),
        empty=nothing,
    )


def _number(fits: list[Adjusted]) -> str:
    """How many a single comparison is of; of several each has its own."""
    return f"{fits[0].participants} " if len(fits) == 1 else ""


def _fits(
    basis: Basis, endpoint: Endpoint, missing: str, covariates: tuple[str, ...]
) -> tuple[list[Adjusted], list[str]]:
    """The adjusted comparisons that can be made, and why others cannot."""
    fits, trouble = [], []
    for experimental, control in basis.comparisons if covariates else ():
        try:
            fits.append(
                adjusted_comparison(
                    basis.results_of(endpoint),
                    basis.subjects,
                    covariates,
                    experimental=experimental,
                    control=control,
                    randomised=basis.definition.randomised,
                    missing=missing,
                )
            )
        except StudyDataError as error:
            trouble.append(str(error))
    return fits, trouble


def _results(basis: Basis, fits: list[Adjusted]) -> pd.DataFrame:
    """The rows of all comparisons; no p where none is shown."""
    frames = [fit.results for fit in fits]
    whole = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=RESULT_COLUMNS)
    return whole.assign(p_value=np.nan, statistic=np.nan) if basis.untested else whole


def adjusted_table(results: pd.DataFrame) -> pd.DataFrame:
    """A row per measure and method as in the full comparison, then a row per covariate; rates are left out."""
    shown = results[results["measure"] != "standardised rate"]
    covariate = shown["measure"] == "covariate"
    terms = shown["term"].where(covariate, "")
    table = comparison_table(shown)
    if not table.empty:
        table["Measure"] = [
            f"Odds ratio, {term}" if term else measure
            for term, measure in zip(terms, table["Measure"], strict=True)
        ]
    return table


def _headline(endpoint: Endpoint, results: pd.DataFrame) -> str:
    label = wording.short_label(endpoint)
    rows = _leading(results)
    if len(rows) != 1:
        return f"Adjusted: {label}"
    (row,) = rows.itertuples()
    points, interval = wording.points_and_interval(row.estimate, row.conf_low, row.conf_high)
    return f"Adjusted: {label}, a difference of {points} points ({interval})"


def _leading(results: pd.DataFrame) -> pd.DataFrame:
    """Per comparison the standardised difference that leads, where there is one."""
    rows = results[(results["measure"] == "difference") & results["estimate"].notna()]
    return rows[~rows["method"].str.startswith(UNADJUSTED)].drop_duplicates("comparison")


def _cards(results: pd.DataFrame, *, tested: bool, randomised: bool) -> tuple[Card, ...]:
    """Per comparison the difference and risk ratio beside the unadjusted ones, and the adjusted odds ratio.

    An unadjusted estimate stands on a card only where it estimates the same: not beside an odds ratio conditional on
    covariates, and not where arms that were not randomised may differ in them.
    """
    shown = results if tested else results.assign(p_value=np.nan)
    reasons = {
        INFLUENCE: WHY_INFLUENCE,
        SANDWICH: WHY_SANDWICH,
        MAXIMUM_LIKELIHOOD: WHY_LOGISTIC,
        FIRTH: WHY_FIRTH,
    }
    cards = []
    for comparison, rows in shown.groupby("comparison", sort=False):
        for measure in ("difference", "risk ratio", "odds ratio"):
            kept = rows[rows["measure"] == measure]
            if measure == "odds ratio" or not randomised:
                kept = kept[~kept["method"].str.startswith(UNADJUSTED)]
            chosen = kept["method"].iloc[0]
            points = measure == "difference"
            cards.append(
                card(
                    kept,
                    title=f"Adjusted {measure}, {comparison}",
                    chosen=chosen,
                    reason=reasons[chosen],
                    words=partial(wording.interval_text, scale="points" if points else "ratio"),
                    null=0.0 if points else 1.0,
                )
            )
    return tuple(cards)


def _notes(
    basis: Basis,
    missing: str,
    fits: list[Adjusted],
    columns: tuple[tuple[str, ...], tuple[str, ...]],
    results: pd.DataFrame,
) -> tuple[str, ...]:
    """What the model holds and how far it carries; `columns` are the covariates in it and those held by a filter."""
    within, held = columns
    sentences = [
        *([] if basis.definition.randomised else [NOT_RANDOMISED, NO_SUBSTITUTE]),
        f"Covariates: {', '.join(within)}. {CODING}",
        f"Held at one level by the filter, not in the model: {', '.join(held)}." if held else "",
        *dict.fromkeys(note for fit in fits for note in fit.notes),
        *_standardised_rates(basis, results),
        f"Pending and missing {MISSING_WORDS[missing]}.",
        *dict.fromkeys(_size_notes(fits)),
        SEPARATION if any(fit.separated for fit in fits) else CONDITIONAL,
        *comparison_notes(results),
        _test_note(basis, results),
        ASSUMED if "covariates" in basis.definition.assumed else "",
    ]
    return tuple(sentence for sentence in sentences if sentence)


def _standardised_rates(basis: Basis, results: pd.DataFrame) -> Iterator[str]:
    """Per comparison the two standardised rates beside what was observed."""
    rates = results[results["measure"] == "standardised rate"]
    for _, rows in rates.groupby("comparison", sort=False):
        words = [
            f"{basis.labels[row.term]} {wording.percent(row.estimate, row.N)} (observed {row.n} of {row.N})"
            for row in rows.itertuples()
        ]
        yield f"Standardised rates: {' vs '.join(words)}."


def _size_notes(fits: list[Adjusted]) -> Iterator[str]:
    for fit in fits:
        if fit.rarer < PER_TERM * fit.terms:
            answers = "responder" if fit.fewer_respond else "non-responder"
            yield (
                f"{wording.plural(fit.rarer, answers)} for {fit.terms} model terms, fewer than {PER_TERM} a term: "
                "limits may be too narrow."
            )


def _test_note(basis: Basis, results: pd.DataFrame) -> str:
    if basis.untested:
        return basis.untested
    rows = _leading(results)
    if not basis.tested or len(rows) != 1:
        return f"Every p-value is {NOMINAL}." if len(results) else ""
    return f"Standardised difference: {wording.p_value(rows['p_value'].iloc[0])} (Wald; {NOMINAL})."


def _nothing(basis: Basis, fits: list[Adjusted], covariates: tuple[str, ...], trouble: list[str]) -> str:
    if not basis.comparisons:
        return basis.nobody() or "One arm: nothing to compare."
    if not covariates:
        return basis.nobody() or "The study names no covariates: nothing to adjust for."
    return basis.nobody() or basis.empty_arms() or ("" if fits else " ".join(dict.fromkeys(trouble)))
