"""Negative controls: how the weighted arms differ in what the treatment cannot have changed."""

import dataclasses
import math
from functools import partial

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.observational.left_out import score_without
from analysis.observational.negative_controls import (
    Difference,
    column_values,
    control_difference,
    event_values,
)
from analysis.observational.resamples import Resamples, resample
from analysis.observational.weighting import OVERLAP
from analysis.safety.events import adverse_events
from charts.observational.deviations import deviation_range
from charts.strategies import estimates_figure
from outputs import wording
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.observational import words
from outputs.observational.compared import Compared, compare
from outputs.observational.responding import known_estimand, short_name
from outputs.observational.warnings import warnings
from outputs.output import Card, Output, View
from outputs.response import NOT_RANDOMISED
from outputs.slide_chart import Axis, Chart
from outputs.slide_rows import estimates
from outputs.small_cells import NOT_SHOWN, few
from trialdata.definition import NegativeControl
from trialdata.errors import StudyDataError

TITLE = "What the treatment cannot change"
NONE_NAMED = (
    "The study names no negative control: [[negative_controls]] of its definition can name a column of adsl recorded "
    "at entry that is no covariate, such as height, or adverse events that no treatment changes, such as injuries."
)
READ_IT = (
    "A negative control should differ by 0. An interval that excludes 0 says that the arms may be unlike in something "
    "else as well, though one in twenty does so by chance; one that includes 0 does not make them alike in everything."
)
PLACEBO = (
    "Placebo: what the weights would leave in a covariate that the score does not know, so how far the arms would lie "
    "apart had it not been measured."
)
FOLLOWED = "Adverse events: participants with any up to the cut, safety set; the arms may differ in how long followed."
REASON = "Weights that make the arms alike leave no difference in what the treatment cannot change."
WHY_PLACEBO = (
    "Measured before treatment, and kept from the score: the weights know it only through other covariates."
)
CRUDE, WEIGHTED = "crude", "weighted"


def negative_controls_output(
    data: AnalysisData, view: View, *, estimand: str = OVERLAP, arm: str = ""
) -> Output:
    """The study's negative controls and the baseline platelet count as a placebo: weighted and crude differences."""
    basis = Basis(data, view)
    known_estimand(estimand)
    try:
        compared = compare(basis, arm=arm)
        refused = compared.propensity.refused(estimand)
        if refused:
            raise StudyDataError(refused)
    except StudyDataError as reason:
        return nothing_to_show(basis, "negative_controls", TITLE, str(reason))
    found, trouble = _differences(compared, estimand, arm)
    named = basis.definition.negative_controls
    none_named = () if named else (NONE_NAMED,)
    if not found:
        return nothing_to_show(basis, "negative_controls", TITLE, " ".join([*none_named, *trouble]))
    results = _results(found, compared, estimand)
    rows = _figure_rows(found, estimand)
    return Output(
        id="negative_controls",
        title=TITLE,
        subtitle="Weighted differences, and crude beside them, on the scale of standard deviations",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(results, compared),
        figure=lambda theme, compact: estimates_figure(
            rows,
            axis_title="Difference, standard deviations (95% CI)",
            range_of=deviation_range,
            decimals=2,
            theme=theme,
            compact=compact,
        ),
        chart=lambda: _chart(_in_file(results, compared)[0]),
        headline=_headline(found),
        detail=NOT_RANDOMISED,
        alt="Differences in what the treatment cannot change. "
        + " ".join(f"{row.group}, {row.label.lower()}: {row.words}." for row in rows.itertuples()),
        footnotes=(
            NOT_RANDOMISED,
            words.sentence(estimand, compared.experimental, compared.control),
            _headline(found) + ".",
            READ_IT,
            *([] if found[-1].expected else [PLACEBO]),
            *none_named,
            *trouble,
            *_notes(found),
            *([FOLLOWED] if any(control.terms or control.body_systems for control in named) else []),
            *compared.notes(),
            *warnings(compared, estimand),
            *_assumed(named),
            *basis.notes(),
        ),
        badges=tuple(dict.fromkeys([*basis.badges(), *(["assumed"] if _assumed(named) else [])])),
        cards=_cards(found, compared, estimand),
        as_file=partial(_in_file, results, compared),
    )


def _differences(compared: Compared, estimand: str, arm: str) -> tuple[list[Difference], list[str]]:
    """Each control that can be compared, then the placebo; and why others cannot."""
    found, trouble, drawn = [], [], Drawn()
    for control in compared.basis.definition.negative_controls:
        try:
            found.append(_control(compared.basis, control, estimand, arm, drawn))
        except StudyDataError as reason:
            trouble.append(f"{control.label}: {reason}")
    placebo = _placebo(compared, estimand)
    return found + ([] if placebo is None else [placebo]), trouble


class Drawn:
    """The resamples of each set of participants, drawn once for all controls that are known of them."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], Resamples] = {}

    def of(self, compared: Compared) -> Resamples:
        who = (compared.groups.experimental, *compared.groups.usubjid)
        if who not in self._known:
            self._known[who] = resample(compared.groups)
        return self._known[who]


def _placebo(compared: Compared, estimand: str) -> Difference | None:
    """The baseline platelet count by a score that does not know it; None without the covariate or another one."""
    if "BASE" not in compared.groups.matrix:
        return None
    try:
        score = score_without(compared.groups, "BASE")
    except StudyDataError:
        return None
    if score.refused(estimand):
        return None
    values = compared.groups.matrix["BASE"].to_numpy(float)
    name = wording.lowered(short_name(compared.basis.definition, "BASE"))
    return control_difference(f"Placebo: {name}, not in the score", score, values, estimand, expected=False)


def _control(basis: Basis, control: NegativeControl, estimand: str, arm: str, drawn: Drawn) -> Difference:
    """One control among those who have a value of it; adverse events in the safety set."""
    if not control.column:
        basis = Basis(basis.data, dataclasses.replace(basis.view, population="SAF"))
    people = basis.subjects
    if control.column:
        values = column_values(people, control)
    else:
        values = event_values(adverse_events(basis.data, people, basis.trts), people, control)
    compared = compare(basis, arm=arm, among=values.index)
    refused = compared.propensity.refused(estimand)
    if refused:
        raise StudyDataError(refused)
    own = values.loc[compared.groups.usubjid].to_numpy(float)
    if len(np.unique(own)) == 1:
        raise StudyDataError("All participants compared have the same value.")
    return control_difference(control.label, compared.propensity, own, estimand, drawn=drawn.of(compared))


def _results(found: list[Difference], compared: Compared, estimand: str) -> pd.DataFrame:
    """A row per control and weighting: means (shares of 0 and 1), difference and limits in its unit, spread, counts."""
    groups = compared.groups
    rows = [
        {
            "arm": groups.experimental,
            "comparison": f"{groups.experimental} - {groups.control}",
            "control": each.label,
            "measure": "share" if each.share else "mean",
            "weighting": weighting,
            "estimand": estimand if weighting == WEIGHTED else "",
            "mean_experimental": values["means"][0],
            "mean_control": values["means"][1],
            "estimate": values["estimate"],
            "conf_low": values["conf_low"],
            "conf_high": values["conf_high"],
            "spread": each.spread,
            "n_experimental": each.counts[0],
            "N_experimental": each.sizes[0],
            "n_control": each.counts[1],
            "N_control": each.sizes[1],
            "method": values["method"],
            "note": values["note"],
        }
        for each in found
        for weighting, values in ((WEIGHTED, each.weighted), (CRUDE, each.crude))
    ]
    return pd.DataFrame(rows)


def _in_sd(row) -> tuple[float, float, float]:
    """Estimate and limits in standard deviations."""
    estimate, low, high = (value / row.spread for value in (row.estimate, row.conf_low, row.conf_high))
    return estimate, low, high


def _own_unit(row) -> str:
    """ "4 points (−6 to 14)" of a share, "0.18 SD (−0.24 to 0.60)" of a number."""
    if math.isnan(row.estimate):
        return NOT_SHOWN
    if row.measure == "share":
        point, interval = wording.points_and_interval(row.estimate, row.conf_low, row.conf_high)
        return f"{point} points" if math.isnan(row.conf_low) else f"{point} points ({interval})"
    estimate, low, high = (wording.fixed(value, 2) for value in _in_sd(row))
    return f"{estimate} SD" if math.isnan(row.conf_low) else f"{estimate} SD ({low} to {high})"


def _figure_rows(found: list[Difference], estimand: str) -> pd.DataFrame:
    rows = []
    for each in found:
        for weighting, values in ((WEIGHTED, each.weighted), (CRUDE, each.crude)):
            row = pd.Series(values | {"spread": each.spread, "measure": "share" if each.share else "mean"})
            label = words.WEIGHTS[estimand] if weighting == WEIGHTED else "Crude"
            rows.append((each.label, label, _own_unit(row), *_in_sd(row), weighting == WEIGHTED))
    columns = ["group", "label", "words", "estimate", "conf_low", "conf_high", "leading"]
    return pd.DataFrame(rows, columns=columns)


def _chart(kept: pd.DataFrame) -> Chart:
    """The differences as a file may hold them, in standard deviations."""
    rows = pd.DataFrame(
        [
            (
                row.control,
                "Crude" if row.weighting == CRUDE else words.WEIGHTS[row.estimand],
                _own_unit(row),
                *_in_sd(row),
                row.weighting == WEIGHTED,
            )
            for row in kept.itertuples()
        ],
        columns=["group", "label", "words", "estimate", "conf_low", "conf_high", "leading"],
    )
    return estimates(rows, "", axis=_deviations)


def _deviations(limits: list[float]) -> Axis:
    low, high, ticks = deviation_range(limits)
    decimals = 1 if all((2 * tick).is_integer() for tick in ticks) else 2
    named = tuple((tick, wording.fixed(tick, decimals)) for tick in ticks)
    return Axis("Difference, standard deviations", low, high, named)


def _table(results: pd.DataFrame, compared: Compared) -> pd.DataFrame:
    """A row per control and weighting: means or shares by arm, and the difference in its unit."""
    experimental, control = compared.labels
    rows = [
        {
            "Control": row.control,
            "Weights": "Crude" if row.weighting == CRUDE else words.WEIGHTS[row.estimand],
            experimental: _mean(row, row.mean_experimental, row.N_experimental),
            control: _mean(row, row.mean_control, row.N_control),
            "Difference (95% CI)": _own_unit(row),
        }
        for row in results.itertuples()
    ]
    return pd.DataFrame(rows).astype("str")


def _mean(row, value: float, N: int) -> str:
    if math.isnan(value):
        return NOT_SHOWN
    return (
        f"{wording.percent(value, N)} of {N}"
        if row.measure == "share"
        else f"{wording.fixed(value, 1)}, n {N}"
    )


def _headline(found: list[Difference]) -> str:
    """In which negative controls the weighted arms lie apart."""
    controls = [each for each in found if each.expected]
    known = [each for each in controls if each.apart is not None]
    apart = [each for each in known if each.apart]
    if not controls:
        return "No negative control is named; the placebo shows what would stay apart unmeasured"
    if not known:
        return "The negative controls have no interval"
    others = f"; {len(controls) - len(known)} without an interval" if len(controls) > len(known) else ""
    if not apart:
        many = "the interval includes" if len(known) == 1 else f"all {len(known)} intervals include"
        return f"Negative controls: {many} no difference{others}"
    names = wording.joined([wording.lowered(each.label.split(",")[0]) for each in apart])
    many = f"{len(apart)} of {len(known)}: " if len(known) > 1 else ""
    return f"Negative controls: the weighted arms lie apart in {many}{names}{others}"


def _notes(found: list[Difference]) -> list[str]:
    return [f"{each.label}: {each.weighted['note']}" for each in found if each.weighted["note"]]


def _assumed(named: tuple[NegativeControl, ...]) -> tuple[str, ...]:
    labels = [control.label for control in named if control.source == "assumed" or control.assumed]
    return (
        (f"Assumed, not stated by the registry: {', '.join(labels)} as negative controls.",) if labels else ()
    )


def _cards(found: list[Difference], compared: Compared, estimand: str) -> tuple[Card, ...]:
    results = _results(found, compared, estimand)
    return tuple(
        Card(
            title=each.label,
            estimate=_own_unit(rows.iloc[0]),
            method=each.weighted["method"].capitalize(),
            reason=REASON if each.expected else WHY_PLACEBO,
            others=pd.DataFrame(
                {
                    "Method": rows["method"],
                    "Difference (95% CI)": [_own_unit(row) for row in rows.itertuples()],
                }
            ),
        )
        for each, (_, rows) in zip(found, results.groupby("control", sort=False), strict=True)
    )


def _in_file(results: pd.DataFrame, compared: Compared) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without the numbers of a share of which an arm has a small cell."""
    small = pd.Series(False, results.index)
    for n, N in (("n_experimental", "N_experimental"), ("n_control", "N_control")):
        small |= results[n].map(few) | (results[N] - results[n]).map(few)
    small &= results["measure"] == "share"
    derived = ["mean_experimental", "mean_control", "estimate", "conf_low", "conf_high", "spread"]
    kept = results.assign(
        **{name: results[name].mask(small, np.nan) for name in derived},
        **{name: results[name].astype("Int64").mask(small) for name in ("n_experimental", "n_control")},
    )
    return kept, _table(kept, compared)
