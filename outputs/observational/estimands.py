"""For whom the answer is: the three populations of a comparison that was not randomised, each in one sentence."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.observational.weighting import ESTIMANDS, OVERLAP, effective_size, shares
from outputs import wording
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.observational import words
from outputs.observational.attempt import attempt
from outputs.observational.compared import Compared
from outputs.output import Output, View
from outputs.response import NOT_RANDOMISED

TITLE = "For whom the answer is"
METHOD = "(Σw)² / Σw²"


def estimands_output(data: AnalysisData, view: View, *, arm: str = "", truncate: str = "0") -> Output:
    """The estimands with their weights and effective sample sizes, or why none has an answer."""
    basis = Basis(data, view)
    compared, why = attempt(basis, arm=arm)
    if compared is None:
        return nothing_to_show(basis, "estimands", TITLE, why)
    results = pd.concat([_sizes(compared, estimand, truncate) for estimand in ESTIMANDS], ignore_index=True)
    return Output(
        id="estimands",
        title=TITLE,
        subtitle="Effective sample size: how many equally weighted participants say as much",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(results, compared),
        headline="The arms were not randomised: a difference has to say for whom it holds",
        footnotes=(
            NOT_RANDOMISED,
            f"{compared.sizes}. The largest weight is without stabilisation.",
            *compared.notes(),
            *basis.notes(),
        ),
        badges=basis.badges(),
    )


def _sizes(compared: Compared, estimand: str, truncate: str) -> pd.DataFrame:
    """One row per arm: `n` participants, effective sample size as `estimate`, largest weight and share, `refused`."""
    _, share = words.asked(estimand, truncate)
    propensity, in_arm = compared.propensity, compared.groups.arm
    weights = propensity.weights(estimand, truncate=share)
    plain = propensity.unstabilised(estimand, truncate=share)
    rows = [
        {
            "estimand": estimand,
            "arm": arm.trt,
            "n": int((in_arm == side).sum()),
            "estimate": effective_size(weights[in_arm == side]),
            "largest_weight": float(plain[in_arm == side].max()),
            "largest_share": float(shares(weights, in_arm)[in_arm == side].max()),
            "weights": words.weights_words(estimand, share),
            "refused": propensity.refused(estimand, truncate=share),
            "measure": "effective sample size",
            "method": METHOD,
        }
        for side, arm in ((1, compared.experimental), (0, compared.control))
    ]
    return pd.DataFrame(rows)


def _table(results: pd.DataFrame, compared: Compared) -> pd.DataFrame:
    rows = []
    for estimand, own in results.groupby("estimand", sort=False):
        first = own.iloc[0]
        default = " (default)" if estimand == OVERLAP else ""
        sizes = {
            f"Effective sample size, {compared.basis.labels[row.arm]}": _size_words(row.estimate, row.n)
            for row in own.itertuples()
        }
        rows.append(
            {
                "Population": f"{words.ESTIMANDS[estimand]}{default}",
                "The answer is": words.sentence(estimand, compared.experimental, compared.control),
                "Weights": f"{first['weights']} ({estimand})",
                **sizes,
                "Largest weight": wording.fixed(float(np.max(own["largest_weight"])), 1),
                "Answered": first["refused"] or "Yes",
            }
        )
    return pd.DataFrame(rows)


def _size_words(size: float, n: int) -> str:
    return f"{wording.fixed(size, 1)} of {n}"
