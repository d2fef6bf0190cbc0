"""For whom the answer is: the three populations of a comparison that was not randomised, each in one sentence."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.observational.weighting import ESTIMANDS
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.observational import words
from outputs.observational.compared import compare
from outputs.output import Output, View
from outputs.response import NOT_RANDOMISED
from trialdata.errors import StudyDataError


def estimands_output(data: AnalysisData, view: View, *, arm: str = "") -> Output:
    """The estimands with their weights and effective sample sizes, or why none has an answer."""
    basis = Basis(data, view)
    try:
        compared = compare(basis, arm=arm)
    except StudyDataError as reason:
        return nothing_to_show(basis, "estimands", "For whom the answer is", str(reason))
    rows = [
        {
            "Population": words.ESTIMANDS[estimand],
            "The answer is": words.sentence(estimand, compared.experimental, compared.control),
            "Weights": words.WEIGHTS[estimand],
            "Given": compared.propensity.refused(estimand) or "Yes",
        }
        for estimand in ESTIMANDS
    ]
    return Output(
        id="estimands",
        title="For whom the answer is",
        subtitle="The first is the default",
        population=basis.population,
        arms=basis.styles,
        table=pd.DataFrame(rows),
        headline="The arms were not randomised: a difference has to say for whom it holds",
        footnotes=(NOT_RANDOMISED, *compared.notes(), *basis.notes()),
        badges=basis.badges(),
    )
