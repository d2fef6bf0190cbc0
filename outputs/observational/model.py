"""The model of the propensity score: how the odds of the experimental arm go with each covariate."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.logistic import FIRTH
from outputs import wording
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.observational.attempt import attempt
from outputs.observational.compared import Compared
from outputs.observational.warnings import score_warnings
from outputs.observational.words import term_label
from outputs.output import Card, Output, View
from outputs.response import NOT_RANDOMISED
from trialdata.errors import StudyDataError

TITLE = "Model of the score"
WHY_LIKELIHOOD = "Maximum likelihood has a finite answer; Wald limits."
WHY_FIRTH = "A combination of covariates separates the arms in part: maximum likelihood has no finite answer."
CODING = "Odds of the experimental arm, per unit of a number and against a category's first level; main terms alone."
NOT_OUTCOME = "It describes who chose which treatment, not the outcome; no test is made of it."


def propensity_model_output(data: AnalysisData, view: View, *, arm: str = "") -> Output:
    """The odds ratio of each column of the score with its interval, and what was done with missing values."""
    basis = Basis(data, view)
    compared, why = attempt(basis, arm=arm)
    if compared is None:
        return nothing_to_show(basis, "propensity_model", TITLE, why)
    try:
        results = _results(compared)
    except StudyDataError as reason:  # the profile of a limit may not converge where the score does
        return nothing_to_show(basis, "propensity_model", TITLE, str(reason))
    method = compared.propensity.fit.method
    return Output(
        id="propensity_model",
        title=TITLE,
        subtitle=f"Odds ratio of {compared.experimental.trt} and 95% CI; {method}",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(results),
        headline=f"The score rests on {wording.plural(len(results), 'column')} of the study's covariates",
        footnotes=(
            NOT_RANDOMISED,
            f"{CODING} {NOT_OUTCOME}",
            *score_warnings(compared),
            f"{compared.sizes}.",
            *compared.notes(),
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=(_card(results, compared),),
    )


def _results(compared: Compared) -> pd.DataFrame:
    """One row per column of the model: the odds ratio as `estimate`, and its limits."""
    ratios, definition = compared.propensity.odds_ratios, compared.basis.definition
    labels = [term_label(definition, row.term, row.covariate) for row in ratios.itertuples()]
    return ratios.assign(arm=compared.experimental.trt, label=labels, measure="odds ratio")


def _table(results: pd.DataFrame) -> pd.DataFrame:
    rows = [(row.label, *wording.interval_text(row, scale="ratio")) for row in results.itertuples()]
    return pd.DataFrame(rows, columns=["Covariate", "Odds ratio", "95% CI"], dtype="str")


def _card(results: pd.DataFrame, compared: Compared) -> Card:
    method = compared.propensity.fit.method
    furthest = results.loc[results["estimate"].map(lambda value: max(value, 1 / value)).idxmax()]
    estimate, interval = wording.interval_text(furthest, scale="ratio")
    return Card(
        title=f"Score of {' vs '.join(compared.labels)}",
        estimate=f"furthest from 1: {furthest['label']} {estimate}, 95% CI {interval}",
        method=method[0].upper() + method[1:],
        reason=WHY_FIRTH if method == FIRTH else WHY_LIKELIHOOD,
    )
