"""The weights of one estimand: what sample they leave, which are the largest, and whose they are."""

from functools import partial

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.observational.weighting import effective_size, shares
from charts.observational.weights import weights_figure
from outputs import wording
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.observational import words
from outputs.observational.attempt import attempt
from outputs.observational.compared import Compared
from outputs.observational.warnings import LARGEST_SHARE, weight_warnings
from outputs.output import Card, Output, View
from outputs.response import NOT_RANDOMISED

TITLE = "Weights"
LARGEST = 5
FIRST, OTHERS, EQUAL = "the five largest weights", "the other weights", "equal weights"
ABOVE = "more than 10% of the arm's weight"
SIZE = "effective sample size, (Σw)² / Σw²"
WHY_SIZE = "It says how many equally weighted participants would give a mean as certain (Kish)."


def propensity_weights_output(
    data: AnalysisData, view: View, *, arm: str = "", estimand: str = "ATO", truncate: str = "0"
) -> Output:
    """Effective sample size, largest weight and shares of the arm's weight, with the participants who have them."""
    basis = Basis(data, view)
    estimand, share = words.asked(estimand, truncate)
    compared, why = attempt(basis, arm=arm)
    if compared is None:
        return nothing_to_show(basis, "propensity_weights", TITLE, why)
    weights = participant_weights(compared, estimand, share)
    results = _results(weights, compared).assign(estimand=estimand)
    sizes = dict(zip(results["arm"], results["estimate"], strict=True))
    drawn = weights.rename(columns={"ARM": "arm", "GROUP": "group", "WEIGHT": "weight", "SHARE": "share"})
    styles = (compared.experimental, compared.control)
    return Output(
        id="propensity_weights",
        title=TITLE,
        subtitle=f"{words.weights_words(estimand, share)}: share of the arm's weight, a bar per participant",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(results, compared),
        figure=partial(_drawn, drawn, styles, sizes),
        records=_records(weights),
        cell_keys=("GROUP", "ARM"),
        headline=f"Effective sample size {_sizes_words(results, compared)}",
        alt=f"Share of the arm's weight of each participant. Effective sample size {_sizes_words(results, compared)}.",
        footnotes=(
            NOT_RANDOMISED,
            words.sentence(estimand, compared.experimental, compared.control),
            *_refused(compared, estimand, share),
            *weight_warnings(compared, estimand, share),
            f"{compared.sizes}.",
            *compared.notes(),
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=(_card(results, compared),),
    )


def _drawn(weights: pd.DataFrame, arms, sizes: dict[str, float], theme: str, compact: bool):
    return weights_figure(weights, arms, sizes=sizes, theme=theme, compact=compact)


def _refused(compared: Compared, estimand: str, truncate: float) -> tuple[str, ...]:
    refused = compared.propensity.refused(estimand, truncate=truncate)
    return (refused,) if refused else ()


def participant_weights(compared: Compared, estimand: str, truncate: float) -> pd.DataFrame:
    """One row per participant, the largest weight of each arm first: USUBJID ARM SCORE WEIGHT SHARE GROUP.

    WEIGHT is without stabilisation; equal weights are ordered by USUBJID.
    """
    groups, propensity = compared.groups, compared.propensity
    weights = propensity.weights(estimand, truncate=truncate)
    frame = pd.DataFrame(
        {
            "USUBJID": groups.usubjid,
            "ARM": np.where(groups.arm == 1, compared.experimental.trt, compared.control.trt),
            "SCORE": propensity.scores,
            "WEIGHT": propensity.unstabilised(estimand, truncate=truncate),
            "SHARE": shares(weights, groups.arm),
        }
    ).sort_values(["SHARE", "USUBJID"], ascending=[False, True], ignore_index=True)
    of_arm = frame.groupby("ARM")["SHARE"]
    equal = np.isclose(of_arm.transform("min"), of_arm.transform("max"))
    first = frame.groupby("ARM").cumcount() < LARGEST
    return frame.assign(GROUP=np.where(equal, EQUAL, np.where(first, FIRST, OTHERS)))


def _records(weights: pd.DataFrame) -> pd.DataFrame:
    """One row per participant and group: that of the bars, and who has more than a tenth of the arm's weight."""
    above = weights[weights["SHARE"] > LARGEST_SHARE].assign(GROUP=ABOVE)
    whole = pd.concat([weights, above], ignore_index=True)
    return whole[["USUBJID", "ARM", "GROUP", "SCORE", "WEIGHT", "SHARE"]].assign(SHARE=100 * whole["SHARE"])


def _results(weights: pd.DataFrame, compared: Compared) -> pd.DataFrame:
    """One row per arm: `N`, effective sample size as `estimate`, largest weight and share, `n` above a tenth."""
    rows = []
    for each in (compared.experimental, compared.control):
        own = weights[weights["ARM"] == each.trt]
        rows.append(
            {
                "arm": each.trt,
                "measure": "effective sample size",
                "N": len(own),
                "estimate": effective_size(own["SHARE"].to_numpy()),
                "median_weight": float(own["WEIGHT"].median()),
                "largest_weight": float(own["WEIGHT"].max()),
                "largest_share": float(own["SHARE"].max()),
                "five_largest_share": float(own["SHARE"].iloc[:LARGEST].sum()),
                "n": int((own["SHARE"] > LARGEST_SHARE).sum()),
                "method": SIZE,
            }
        )
    return pd.DataFrame(rows)


def _table(results: pd.DataFrame, compared: Compared) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "Arm": compared.basis.labels[row.arm],
                "Participants": str(row.N),
                "Effective sample size": wording.fixed(row.estimate, 1),
                "Median weight": wording.fixed(row.median_weight, 2),
                "Largest weight": wording.fixed(row.largest_weight, 2),
                "Its share of the arm's weight": f"{wording.fixed(100 * row.largest_share, 1)}%",
                "Share of the five largest": f"{wording.fixed(100 * row.five_largest_share, 1)}%",
                "With more than 10%": str(row.n),
            }
            for row in results.itertuples()
        ]
    )


def _sizes_words(results: pd.DataFrame, compared: Compared) -> str:
    sizes = [
        f"{wording.fixed(row.estimate, 1)} of {row.N} ({compared.basis.labels[row.arm]})"
        for row in results.itertuples()
    ]
    return " and ".join(sizes)


def _card(results: pd.DataFrame, compared: Compared) -> Card:
    return Card(
        title="Effective sample size",
        estimate=_sizes_words(results, compared),
        method=SIZE[0].upper() + SIZE[1:],
        reason=WHY_SIZE,
    )
