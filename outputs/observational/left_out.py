"""The adjusted difference with each covariate left out of the score, and what would then be left in that covariate."""

import math

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.observational.differences import crude_difference
from analysis.observational.left_out import ALL, REMAINING, RESPONSE, left_out
from analysis.observational.weighting import OVERLAP
from charts.strategies import estimates_figure
from outputs import wording
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.observational import words
from outputs.observational.responding import Responding, known_estimand, responding, short_name
from outputs.output import Card, Output, View
from outputs.response import NOT_RANDOMISED
from outputs.slide_rows import estimates
from trialdata.errors import StudyDataError

TITLE = "Without each covariate"
CRUDE = "crude"
REASON = "The score is fitted anew without the covariate; the sandwich takes account of that, and needs no resamples."
PLACEBO = (
    "Left in it: the covariate's own weighted difference between the arms when the score does not know it, in standard "
    "deviations; it shows what would have stayed apart had it not been measured. Limits of the differences: sandwich."
)


def left_out_output(data: AnalysisData, view: View, *, estimand: str = OVERLAP, arm: str = "") -> Output:
    """The weighted difference in response with all covariates, without each in turn, and without any."""
    basis = Basis(data, view)
    known_estimand(estimand)
    try:
        those = responding(basis, arm=arm)
        refused = those.compared.propensity.refused(estimand)
        if refused:
            raise StudyDataError(refused)
    except StudyDataError as reason:
        return nothing_to_show(basis, "left_out", TITLE, str(reason))
    results = _results(those, estimand)
    rows = _figure_rows(results, those)
    label = wording.short_label(those.endpoint)
    said = _said(results, those)
    return Output(
        id="left_out",
        title=TITLE,
        subtitle=f"Difference in response, {words.WEIGHTS[estimand].lower()} by a score without the covariate named",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(results, those),
        figure=lambda theme, compact: estimates_figure(rows, theme=theme, compact=compact),
        chart=lambda: estimates(rows, "Difference, percentage points (95% CI)"),
        headline=f"{label}: {said[:1].lower()}{said[1:].rstrip('.')}",
        detail=NOT_RANDOMISED,
        alt=f"{label}: difference by what the score leaves out. "
        + " ".join(f"{row.label}: {row.words}." for row in rows.itertuples()),
        footnotes=(NOT_RANDOMISED, said, PLACEBO, *_notes(results, those), *those.notes(estimand)),
        badges=basis.badges(those.endpoint),
        cards=(_card(results, those, estimand),),
    )


def _results(those: Responding, estimand: str) -> pd.DataFrame:
    groups = those.compared.groups
    found = left_out(those.compared.propensity, those.y, estimand)
    crude = {"left_out": CRUDE, "measure": RESPONSE, "term": ""} | crude_difference(those.y, groups.arm)
    crude.pop("means")
    whole = pd.concat([found, pd.DataFrame([crude])], ignore_index=True)
    shown = whole.assign(arm=groups.experimental, comparison=those.comparison, estimand=estimand)
    return shown.assign(estimand=shown["estimand"].where(shown["left_out"] != CRUDE, ""))


def _label(left: str, those: Responding) -> str:
    if left == ALL:
        return "All covariates"
    if left == CRUDE:
        return "No covariate: crude"
    return f"Without {wording.lowered(short_name(those.compared.basis.definition, left))}"


def _points(row) -> tuple[str, str]:
    """The estimate and its interval in points; "" where there is none."""
    if math.isnan(row.estimate):
        return wording.NOT_ESTIMABLE, ""
    if math.isnan(row.conf_low):
        return wording.fixed(100 * row.estimate), ""
    return wording.points_and_interval(row.estimate, row.conf_low, row.conf_high)


def _responses(results: pd.DataFrame) -> pd.DataFrame:
    return results[results["measure"] == RESPONSE]


def _figure_rows(results: pd.DataFrame, those: Responding) -> pd.DataFrame:
    rows = []
    for row in _responses(results).itertuples():
        estimate, interval = _points(row)
        said = f"{estimate} ({interval})" if interval else estimate
        scaled = [100 * value for value in (row.estimate, row.conf_low, row.conf_high)]
        rows.append(("", _label(row.left_out, those), said, *scaled, row.left_out == ALL))
    columns = ["group", "label", "words", "estimate", "conf_low", "conf_high", "leading"]
    return pd.DataFrame(rows, columns=columns)


def _said(results: pd.DataFrame, those: Responding) -> str:
    """Between which differences leaving one out leads, and which covariate moves it most."""
    rows = _responses(results).set_index("left_out")["estimate"].drop(CRUDE)
    whole, others = rows[ALL], rows.drop(ALL).dropna()
    if others.empty:
        return "There is one covariate: without it the difference is the crude one."
    low, high = (wording.fixed(100 * value) for value in (others.min(), others.max()))
    most = (others - whole).abs().idxmax()
    name = wording.lowered(short_name(those.compared.basis.definition, str(most)))
    return (
        f"Without any one covariate the difference lies between {low} and {high} points, with all at "
        f"{wording.fixed(100 * whole)}; {name} moves it most."
    )


def _table(results: pd.DataFrame, those: Responding) -> pd.DataFrame:
    rows = []
    for row in _responses(results).itertuples():
        estimate, interval = _points(row)
        remaining = results[(results["left_out"] == row.left_out) & (results["measure"] == REMAINING)]
        rows.append((_label(row.left_out, those), estimate, interval, _remaining_words(remaining)))
    return pd.DataFrame(rows, columns=["Score", "Difference, points", "95% CI", "Left in it, SD"])


def _remaining_words(rows: pd.DataFrame) -> str:
    """ "−0.39 (−0.93 to 0.15)"; of a category each level without its interval."""
    scaled = [
        [wording.fixed(value / row.spread, 2) for value in (row.estimate, row.conf_low, row.conf_high)]
        for row in rows.itertuples()
        if not np.isnan(row.estimate / row.spread)
    ]
    if len(scaled) == 1:
        (estimate, low, high), has_limits = scaled[0], rows["conf_low"].notna().any()
        return f"{estimate} ({low} to {high})" if has_limits else estimate
    levels = [str(term).split(": ", 1)[-1] for term in rows["term"]]
    return ", ".join(f"{level} {each[0]}" for level, each in zip(levels, scaled, strict=False))


def _notes(results: pd.DataFrame, those: Responding) -> list[str]:
    """Why an estimate or its interval is not there."""
    rows = _responses(results)
    noted = rows[(rows["note"] != "") & (rows["left_out"] != CRUDE)]
    return [f"{_label(row.left_out, those)}: {row.note}" for row in noted.itertuples()]


def _card(results: pd.DataFrame, those: Responding, estimand: str) -> Card:
    rows = _responses(results)
    described = [
        {"Score": _label(row.left_out, those), "Estimate": _points(row)[0], "95% CI": _points(row)[1]}
        for row in rows.itertuples()
    ]
    first = described[0]
    interval = f", 95% CI {first['95% CI']}" if first["95% CI"] else ""
    return Card(
        title=f"Difference, {those.comparison}, {words.ESTIMANDS[estimand].lower()}",
        estimate=f"{first['Estimate']} points{interval}",
        method=str(rows["method"].iloc[0]),
        reason=REASON,
        others=pd.DataFrame(described),
    )
