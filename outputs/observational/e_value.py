"""The E-value of the adjusted risk ratio of response, and of its limit nearer no difference."""

import math

import pandas as pd

from analysis.adam import AnalysisData
from analysis.observational.differences import weighted_ratio
from analysis.observational.unmeasured import EValues, e_values
from analysis.observational.weighting import OVERLAP
from outputs import wording
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.observational import words
from outputs.observational.responding import Responding, known_estimand, responding
from outputs.output import Card, Output, View
from outputs.response import NOT_RANDOMISED
from trialdata.errors import StudyDataError

TITLE = "E-value"
METHOD = "E-value of a risk ratio (VanderWeele and Ding 2017)"
REASON = "Rates are compared, so the ratio stands as it is, however common the response."
NOT_ALL = (
    "It is about what was not measured, beyond the covariates of the score; selection, missing answers and errors of "
    "measurement are other matters."
)


def ratio_words(found: dict) -> str:
    """ "2.41 (1.72 to 3.90)"."""
    if math.isnan(found["conf_low"]):
        return f"{wording.ratio(found['estimate'])} (no interval)"
    limits = f"{wording.ratio(found['conf_low'])} to {wording.ratio(found['conf_high'])}"
    return f"{wording.ratio(found['estimate'])} ({limits})"


def e_value_output(data: AnalysisData, view: View, *, estimand: str = OVERLAP, arm: str = "") -> Output:
    """How strongly something unmeasured would have to go with arm and response to explain the ratio, or its limit."""
    basis = Basis(data, view)
    known_estimand(estimand)
    try:
        those = responding(basis, arm=arm)
        found = weighted_ratio(those.compared.propensity, those.y, estimand)
        values = estimable(found)
    except StudyDataError as reason:
        return nothing_to_show(basis, "e_value", TITLE, str(reason))
    label = wording.short_label(those.endpoint)
    return Output(
        id="e_value",
        title=TITLE,
        subtitle=f"Of the ratio of the response rates, {words.WEIGHTS[estimand].lower()}",
        population=basis.population,
        arms=basis.styles,
        results=_results(those, estimand, found, values),
        table=_table(found, values),
        headline=_headline(label, values),
        detail=f"{words.sentence(estimand, those.compared.experimental, those.compared.control)} "
        f"{_detail(found, values)} {NOT_RANDOMISED}",
        footnotes=tuple(filter(None, (NOT_RANDOMISED, found["note"], NOT_ALL, *those.notes(estimand)))),
        badges=basis.badges(those.endpoint),
        cards=(_card(those, estimand, found, values),),
    )


def estimable(found: dict) -> EValues:
    """The E-values of a ratio; StudyDataError with the reason where there is no ratio."""
    values = e_values(found["estimate"], found["conf_low"], found["conf_high"])
    if math.isnan(values.estimate):
        raise StudyDataError(f"No adjusted ratio, so no E-value. {found['note']}")
    return values


def _headline(label: str, values: EValues) -> str:
    if values.away == 1:
        return f"{label}: the adjusted ratio is 1, so nothing has to be explained"
    of_limit = "" if math.isnan(values.limit) else f", {wording.ratio(values.limit)} for its limit"
    return f"{label}: E-value {wording.ratio(values.estimate)} for the estimate{of_limit}"


def _detail(found: dict, values: EValues) -> str:
    """What the E-values say, in words, and of which ratio."""
    ratio = f"Ratio of the rates {ratio_words(found)}."
    if values.away == 1:
        return ratio
    limit = {True: f", {wording.ratio(values.limit)} to move the limit to no difference", False: ""}
    included = " The interval includes no difference as it is." if values.limit == 1 else ""
    return (
        f"{ratio} Something unmeasured would need a ratio of {wording.ratio(values.estimate)} with both arm and "
        f"response to explain it away{limit[values.limit > 1]}.{included}"
    )


def _results(those: Responding, estimand: str, found: dict, values: EValues) -> pd.DataFrame:
    arm = those.compared.groups.experimental
    shared = {"arm": arm, "comparison": those.comparison, "estimand": estimand}
    rows = [
        {
            "measure": "risk ratio",
            "estimate": found["estimate"],
            "conf_low": found["conf_low"],
            "conf_high": found["conf_high"],
            "method": found["method"],
        },
        {"measure": "E-value of the estimate", "estimate": values.estimate, "method": METHOD},
        {"measure": "E-value of the limit nearer 1", "estimate": values.limit, "method": METHOD},
    ]
    columns = [*shared, "measure", "estimate", "conf_low", "conf_high", "method"]
    return pd.DataFrame([shared | row for row in rows], columns=columns)


def _table(found: dict, values: EValues) -> pd.DataFrame:
    nearer = found["conf_low"] if found["estimate"] >= 1 else found["conf_high"]
    rows = [
        (
            "Estimate",
            wording.ratio(found["estimate"]),
            wording.ratio(values.estimate),
            _said(values.estimate),
        ),
        (
            "Limit nearer 1",
            wording.ratio(nearer),
            wording.ratio(values.limit),
            _said(values.limit, limit=True),
        ),
    ]
    return pd.DataFrame(rows, columns=["Of the", "Ratio of rates", "E-value", "In words"])


def _said(value: float, *, limit: bool = False) -> str:
    if math.isnan(value):
        return "No interval, so no E-value of its limit."
    if value == 1:
        return "The interval includes no difference as it is." if limit else "Nothing has to be explained."
    what = "move the limit to no difference" if limit else "explain the estimate away"
    return f"At this strength with both arm and response it could {what}; weaker in both, it could not."


def _card(those: Responding, estimand: str, found: dict, values: EValues) -> Card:
    return Card(
        title=f"E-value, {those.comparison}, {words.ESTIMANDS[estimand].lower()}",
        estimate=f"{wording.ratio(values.estimate)}, of the limit {wording.ratio(values.limit)}; "
        f"ratio of the rates {ratio_words(found)}",
        method=f"{METHOD}; ratio {found['method']}",
        reason=REASON,
    )
