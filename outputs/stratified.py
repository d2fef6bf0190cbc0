"""Rates compared within strata: each stratum with its difference, and what is common to them by every method."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.proportions import ratio, wilson
from analysis.rate_methods import WILSON
from analysis.stratified import strata_counts, stratified_comparison, within_strata
from outputs.basis import Basis
from outputs.comparison import comparison_notes, comparison_table, nominal_note
from outputs.observational.beside import weighted_beside
from outputs.output import Output, View
from outputs.response import COUNTED_WORDS, NOT_RANDOMISED, counted_people, handling_of
from outputs.small_strata import strata_in_file
from outputs.strata import Strata, choose_strata, stratum_names
from outputs.stratified_words import ALL_STRATA, headline, notes, strata_table, stratified_cards
from trialdata.definition import Endpoint

COLUMNS = ["comparison", "stratum", "arm", "measure", "n", "N", "weight", "estimate", "conf_low", "conf_high"]
COLUMNS += ["p_value", "statistic", "df", "method", "note"]
NUMBERS = ["weight", "estimate", "conf_low", "conf_high", "p_value", "statistic", "df"]


def stratified_output(data: AnalysisData, view: View, *, missing: str = "", strata: str = "") -> Output:
    """Responders in every stratum by arm, the difference there, and the common difference.

    `strata`: adsl columns separated by commas; empty: those of the randomisation, else a subgroup of the study.
    """
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    handling = handling_of(endpoint, missing)
    chosen = choose_strata(basis, strata)
    results = strata_results(basis, endpoint, handling, chosen)
    counted, names = COUNTED_WORDS[handling], stratum_names(basis, chosen)
    nothing = _nothing(basis, chosen, results, counted)
    table = pd.DataFrame() if nothing else strata_table(results, basis)
    return Output(
        id="stratified",
        title="Within strata",
        subtitle=f"{names}: rates among the {counted}, and the common difference",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=table,
        records=_people(basis, endpoint, handling, chosen),
        cell_keys=("STRATUM", "ARM", "ANSWER"),
        headline=headline(names, results),
        detail="" if nothing else weighted_beside(basis, endpoint, handling),
        footnotes=(*(() if nothing else notes(basis, handling, chosen, results)), *basis.notes(endpoint)),
        badges=basis.badges(endpoint),
        cards=() if nothing else stratified_cards(results, tested=basis.tested),
        empty=nothing,
        as_file=lambda: strata_in_file(
            results,
            table,
            counted=results["measure"] == "rate",
            level=("comparison", "stratum"),
            in_table={"comparison": "Comparison", "stratum": "Stratum"},
            labels=basis.labels,
        ),
    )


def stratified_methods_output(
    data: AnalysisData, view: View, *, missing: str = "", strata: str = ""
) -> Output:
    """What is common to the strata: difference, ratios and tests by every method."""
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    handling = handling_of(endpoint, missing)
    chosen = choose_strata(basis, strata)
    whole = strata_results(basis, endpoint, handling, chosen)
    results = whole[whole["stratum"] == ALL_STRATA].drop(columns=["stratum", "arm", "n", "N", "weight"])
    names = stratum_names(basis, chosen)
    nothing = _nothing(basis, chosen, whole, COUNTED_WORDS[handling])
    return Output(
        id="stratified_methods",
        title="Stratified, every method",
        subtitle=f"{names}: common difference, ratios and tests",
        population=basis.population,
        arms=basis.styles,
        results=results.reset_index(drop=True),
        table=pd.DataFrame() if nothing else comparison_table(results),
        headline=headline(names, whole),
        footnotes=(
            *(() if nothing else _method_notes(basis, results)),
            *basis.notes(endpoint),
        ),
        badges=basis.badges(endpoint),
        cards=() if nothing else stratified_cards(whole, tested=basis.tested),
        empty=nothing,
    )


def _method_notes(basis: Basis, results: pd.DataFrame) -> tuple[str, ...]:
    association = () if basis.definition.randomised else (NOT_RANDOMISED,)
    return (nominal_note(basis), *association, *comparison_notes(results))


def strata_results(basis: Basis, endpoint: Endpoint, missing: str, chosen: Strata) -> pd.DataFrame:
    """Per comparison: rates and difference of every stratum, then the rows common to all; no p where none is shown."""
    parts = []
    if not chosen.trouble:
        for experimental, control in basis.comparisons:
            counts = strata_counts(
                basis.results_of(endpoint),
                chosen.of_each,
                experimental=experimental,
                control=control,
                missing=missing,
            )
            pair = f"{experimental} - {control}"
            own = within_strata(counts).assign(comparison=pair)
            common = stratified_comparison(counts, comparison=pair).assign(stratum=ALL_STRATA)
            parts += [
                _rates(own, (experimental, control)),
                own.drop(columns=["x1", "n1", "x0", "n0"]),
                common,
            ]
    whole = pd.concat([pd.DataFrame(columns=COLUMNS), *[p for p in parts if len(p)]], ignore_index=True)
    whole = whole.astype({"n": "Int64", "N": "Int64", **dict.fromkeys(NUMBERS, float)})
    whole["arm"] = whole["arm"].fillna("")
    if basis.untested:
        whole = whole[~whole["measure"].isin(["test", "homogeneity"])].assign(
            p_value=np.nan, statistic=np.nan
        )
    return whole.reset_index(drop=True)


def _rates(own: pd.DataFrame, arms: tuple[str, str]) -> pd.DataFrame:
    """A row per stratum and arm: responders of participants, with Wilson's interval."""
    rows: list[dict] = []
    for row in own.itertuples():
        for arm, n, N in ((arms[0], row.x1, row.n1), (arms[1], row.x0, row.n0)):
            low, high = wilson(n, N)
            rows.append(
                {
                    "comparison": row.comparison,
                    "stratum": row.stratum,
                    "arm": arm,
                    "measure": "rate",
                    "n": n,
                    "N": N,
                }
                | {"estimate": ratio(n, N), "conf_low": low, "conf_high": high, "method": WILSON}
                | {"note": "" if N else "nobody"}
            )
    return pd.DataFrame(rows)


def _people(basis: Basis, endpoint: Endpoint, missing: str, chosen: Strata) -> pd.DataFrame:
    """Everybody of the denominator with their STRATUM."""
    listed = counted_people(basis, endpoint, missing)
    if chosen.trouble or listed.empty:
        return listed.iloc[:0].assign(STRATUM="")
    return listed.assign(STRATUM=listed["USUBJID"].map(chosen.of_each.astype("str")))


def _nothing(basis: Basis, chosen: Strata, results: pd.DataFrame, counted: str) -> str:
    if not basis.comparisons:
        return basis.nobody() or "One arm: nothing to compare."
    anybody = results.loc[results["measure"] == "rate", "N"].sum()
    nobody_due = (
        "" if anybody else f"Nobody is {counted} for this endpoint at this cut: nothing to compare yet."
    )
    return basis.nobody() or basis.empty_arms() or chosen.trouble or nobody_due
