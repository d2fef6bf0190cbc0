"""Platelets over time by the mixed model for repeated measures."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.mmrm.platelets import RESPONSES, platelet_model
from analysis.mmrm.repeated import KENWARD_ROGER, RepeatedModel
from charts.models import model_figure
from outputs import wording
from outputs.basis import Basis
from outputs.cards import card
from outputs.models import (
    HOLLOW,
    NO_VISITS,
    at_visits,
    chosen_rows,
    comparison_columns,
    model_badges,
    modelled_weeks,
    test_note,
    visit_notes,
    week_name,
    without_hidden_p,
)
from outputs.output import Card, Output, View
from outputs.platelets import CENSORED_NOTE, COUNTS_WORDS, platelets
from outputs.slide_axis import change_axis, platelet_axis
from outputs.slide_chart import Axis
from outputs.slide_lines import by_visit
from trialdata.errors import StudyDataError

MEASURES = {"log": ("geometric mean", "ratio"), "change": ("LS mean", "difference")}
COMPARED = {"log": "Ratio of geometric means", "change": "Difference of means"}
ESTIMAND = {
    "all": "Every observed count enters, also after rescue: the arms are compared as treated, rescue included "
    "(treatment policy).",
    "outside": "Counts in the shadow of rescue are left out and read as missing: the arms are compared as if nobody "
    "had been rescued and earlier counts told how the later ones would have been (hypothetical).",
}
REASON = (
    "Uses every participant with a baseline and any count, assumes no pattern of correlation, and allows in its "
    "intervals for the covariance being estimated (1997, expected information)."
)
TITLE = "Model of platelets over time"


def mmrm_output(data: AnalysisData, view: View, *, response: str = "log", counts: str = "all") -> Output:
    """Adjusted means of platelets by visit and arm, and the comparison of the arms at each visit."""
    basis = Basis(data, view)
    if response not in RESPONSES:
        raise ValueError(f"response is {' or '.join(RESPONSES)}, not {response!r}")
    if counts not in COUNTS_WORDS:
        raise ValueError(f"counts is {' or '.join(COUNTS_WORDS)}, not {counts!r}")
    weeks = modelled_weeks(basis)
    nothing = basis.nobody() or ("" if weeks else NO_VISITS)
    if nothing:
        return _empty(basis, nothing)
    records = platelets(basis, counts=counts)
    try:
        model = platelet_model(records, weeks, basis.trts, basis.comparisons, response=response)
    except StudyDataError as error:
        return _empty(basis, str(error))
    return _shown(basis, model, response=response, counts=counts)


def _empty(basis: Basis, why: str) -> Output:
    return Output(
        id="mmrm",
        title=TITLE,
        subtitle="Mixed model for repeated measures",
        population=basis.population,
        arms=basis.styles,
        headline="Platelets over time: no model at this cut",
        footnotes=tuple(note for note in (basis.empty_arms(), *basis.notes()) if note),
        badges=basis.badges(),
        empty=why,
    )


def _shown(basis: Basis, model: RepeatedModel, *, response: str, counts: str) -> Output:
    results = without_hidden_p(model.results, basis)
    mean, compared = MEASURES[response]
    means = chosen_rows(results, mean, KENWARD_ROGER)
    comparisons = chosen_rows(results, compared, KENWARD_ROGER)
    last = means[means["time"] == model.weeks[-1]]
    last_compared = comparisons[comparisons["time"] == model.weeks[-1]]
    words = comparison_words(response)
    subjects = basis.subjects
    return Output(
        id="mmrm",
        title=TITLE,
        subtitle=f"{COUNTS_WORDS[counts]}, adjusted for the baseline; upright lines: 95% interval",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(basis, means, comparisons, response),
        figure=lambda theme, compact: model_figure(
            means,
            at_visits(comparisons),
            basis.arms,
            kind=response,
            enrolled=basis.sizes,
            theme=theme,
            compact=compact,
        ),
        chart=lambda: by_visit(means, basis.arms, _axis(means, response), sizes=basis.sizes),
        records=subjects.loc[subjects["USUBJID"].isin(model.participants), ["USUBJID", "ARM"]],
        cell_keys=("ARM",),
        headline=_headline(last, last_compared, response),
        detail=_detail(basis, last, last_compared, response),
        alt=f"{TITLE}. {_detail(basis, last, last_compared, response)} The table holds every visit.",
        footnotes=_footnotes(basis, model, last, last_compared, response=response, counts=counts),
        badges=model_badges(basis, last["n"]),
        cards=tuple(_card(basis, results, row, compared, words) for row in last_compared.itertuples()),
    )


def _axis(means: pd.DataFrame, response: str) -> Axis:
    """Of geometric means in counts, or of mean changes."""
    if response == "log":
        return platelet_axis(means, "adjusted geometric mean, 95% CI", log=True)
    return change_axis(means, "Change from baseline, ×10⁹/L, adjusted mean and 95% CI")


def comparison_words(response: str) -> Callable[..., tuple[str, str]]:
    """How a ratio, or a difference in 10^9/L, and its interval are written."""
    if response == "log":
        return lambda row: wording.interval_text(row, scale="ratio")
    return lambda row: (
        (wording.NOT_ESTIMABLE, "")
        if np.isnan(row.estimate)
        else (_signed(row.estimate), f"{_signed(row.conf_low)} to {_signed(row.conf_high)}")
    )


def _signed(value: float) -> str:
    return wording.fixed(value, signed=True)


def _mean_text(value: float, response: str) -> str:
    return wording.count(value) if response == "log" else _signed(value)


def _headline(last: pd.DataFrame, compared: pd.DataFrame, response: str) -> str:
    week = last["label"].iloc[0]
    values = " vs ".join(_mean_text(value, response) for value in last["estimate"])
    what = "geometric means" if response == "log" else "mean changes"
    if len(last) == 1:
        what = what.removesuffix("s")
    text = f"Platelets at {week}: {what} {values} ×10⁹/L"
    if len(compared) != 1:
        return text
    estimate, _ = comparison_words(response)(next(compared.itertuples()))
    return f"{text}, {'ratio' if response == 'log' else 'difference'} {estimate}"


def _detail(basis: Basis, last: pd.DataFrame, compared: pd.DataFrame, response: str) -> str:
    counted = wording.joined([f"{row.n} of {row.N} in {basis.labels[row.arm]}" for row in last.itertuples()])
    sentence = f"Counted at {last['label'].iloc[0]}: {counted}."
    words = comparison_words(response)
    parts = []
    for row in compared.itertuples():
        estimate, interval = words(row)
        named = f"{row.comparison}: {estimate}, " if len(compared) > 1 else ""
        parts.append(f"{named}95% CI {interval}")
    return f"{COMPARED[response]}: {'; '.join(parts)}. {sentence}" if parts else sentence


def _table(basis: Basis, means: pd.DataFrame, comparisons: pd.DataFrame, response: str) -> pd.DataFrame:
    """One row per visit and their average: adjusted means by arm, comparisons with df and p."""
    labels = {row.label: week_name(row) for row in [*means.itertuples(), *comparisons.itertuples()]}
    columns: dict[str, dict[str, str]] = {}
    for trt in basis.trts:
        own = means[means["arm"] == trt]
        if len(own):
            columns[basis.labels[trt]] = {
                row.label: f"{_mean_text(row.estimate, response)} ({_mean_text(row.conf_low, response)} to "
                f"{_mean_text(row.conf_high, response)}), n = {row.n}"
                for row in own.itertuples()
            }
    columns |= comparison_columns(basis, comparisons, COMPARED[response], comparison_words(response))
    if len(set(comparisons["comparison"])) == 1:
        columns["df"] = {row.label: wording.fixed(row.df, 1) for row in comparisons.itertuples()}
    rows = [
        {"Week": week} | {name: cells.get(label, "–") for name, cells in columns.items()}
        for label, week in labels.items()
    ]
    return pd.DataFrame(rows)


def _footnotes(
    basis: Basis,
    model: RepeatedModel,
    last: pd.DataFrame,
    compared: pd.DataFrame,
    *,
    response: str,
    counts: str,
) -> tuple[str, ...]:
    missing = len(basis.subjects) - len(model.participants)
    who = wording.plural(len(model.participants), "participant")
    notes = [
        f"{basis.population}: {who} with a baseline and a count at a modelled visit"
        + (f", {missing} without." if missing else "."),
        f"Mixed model: arm and baseline at each visit, unstructured covariance, REML, Kenward-Roger; missing counts "
        f"are taken as missing at random. {ESTIMAND[counts]}",
        CENSORED_NOTE["geometric"] if response == "log" else "A count reported as <n is taken as n.",
        HOLLOW,
        *visit_notes(basis, model.left_out),
        test_note(basis, compared, "Kenward-Roger t test"),
        basis.empty_arms(),
        *basis.notes(),
    ]
    return tuple(note for note in notes if note)


def _card(basis: Basis, results: pd.DataFrame, row, measure: str, words) -> Card:
    """The comparison at the last modelled visit by every method."""
    same = (results["comparison"] == row.comparison) & (results["measure"] == measure)
    last = results[same & (results["time"] == row.time)]
    named = f", {row.comparison}" if len(basis.comparisons) > 1 else ""
    return card(
        last,
        title=f"{measure.capitalize()} at {row.label}{named}",
        chosen=KENWARD_ROGER,
        reason=REASON,
        words=words,
        null=np.nan if basis.untested else (1 if measure == "ratio" else 0),
    )
