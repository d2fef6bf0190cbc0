"""Share of the observed days spent in response, by arm."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.response import shares_in_response
from outputs import wording
from outputs.basis import Basis
from outputs.output import Card, Output, View
from outputs.summary_cards import WHY_MEDIAN_SHARE, summary_card
from outputs.time_endpoints import endpoint_of_kind, undefined


def time_in_response_output(data: AnalysisData, view: View) -> Output:
    """Share of the observed days spent in response, by arm: median with quartiles."""
    basis = Basis(data, view)
    endpoint = endpoint_of_kind(basis, "time_in_response")
    title = "Time in response"
    if endpoint is None:
        return undefined(basis, "time_in_response", title, "time_in_response")
    answers = basis.results_of(endpoint)
    results = shares_in_response(answers, basis.trts)
    return Output(
        id="time_in_response",
        title=title,
        subtitle="Days in CR or R as a share of the days observed, per participant",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_time_in_response_table(results, basis),
        records=answers[["USUBJID", "ARM", "AVAL", "RESPDAYS", "OBSDAYS"]],
        cell_keys=("ARM",),
        headline=title,
        footnotes=(
            f"{basis.population}. Quantiles: type 7. Single counts count: no confirmation.",
            *basis.notes(endpoint),
        ),
        badges=basis.badges(endpoint),
        cards=_cards(results, basis),
        empty=basis.nobody()
        or ("" if results["n_risk"].any() else "No usable count after day 1 at this cut."),
    )


def _cards(results: pd.DataFrame, basis: Basis) -> tuple[Card, ...]:
    """The median share of each arm, and beside it all days of the arm taken together."""
    together = results.assign(
        estimate=results["n"] / results["N"].where(results["N"] > 0),
        conf_low=np.nan,
        conf_high=np.nan,
        method="days in response of days observed, all participants of the arm together",
    )
    title = "Share of days in response"
    return (summary_card(title, results, [together], basis, reason=WHY_MEDIAN_SHARE, words=_share_words),)


def _share_words(row) -> tuple[str, str]:
    limits = "" if np.isnan(row.conf_low) else wording.percent_interval(row.conf_low, row.conf_high, 200)
    return wording.percent(row.estimate, 200), limits


def _time_in_response_table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    def cells(words) -> dict:
        return {basis.labels[row.arm]: words(row) for row in results.itertuples()}

    return pd.DataFrame(
        [
            {"Measure": "Participants with a usable count", **cells(lambda r: str(r.n_risk))},
            {
                "Measure": "Median share of days (quartiles)",
                **cells(
                    lambda r: (
                        f"{wording.percent(r.estimate, 0)} ({wording.percent_interval(r.conf_low, r.conf_high, 0)})"
                    )
                ),
            },
            {
                "Measure": "Days in response of days observed",
                **cells(lambda r: f"{r.n} of {r.N}"),
            },
        ]
    )
