"""How strong something unmeasured would have to be, beside how strong what was measured is."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.observational.differences import weighted_ratio
from analysis.observational.unmeasured import EValues, measured_strengths, tipping_curve, who_has
from analysis.observational.weighting import OVERLAP
from charts.observational.tipping_strength import LEAST, PHONE_UNNAMED, tipping_strength_figure
from outputs import wording
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.observational import words
from outputs.observational.e_value import estimable, ratio_words
from outputs.observational.responding import (
    Responding,
    known_estimand,
    level_name,
    responding,
    short_name,
)
from outputs.output import Card, Output, View
from outputs.response import NOT_RANDOMISED
from outputs.small_cells import NOT_SHOWN, few
from trialdata.errors import StudyDataError

TITLE = "As strong as what was measured"
METHOD = "Bounding factor (Ding and VanderWeele 2016)"
REASON = "A confounder explains at most this ratio, whatever its share among the participants and whatever the model."
COUNTS = ["n_experimental", "N_experimental", "n_control", "N_control"]
STRENGTHS = ["with_arm", "with_response", "explains"]
READ_IT = (
    "Strength without direction: a covariate may have hidden a difference as well as made one. A number is halved at "
    "its median, which takes less than all it knows; those without a value are not in its point. Points without a name "
    f"explain a ratio below {PHONE_UNNAMED:g}; the table has all."
)


@dataclass(frozen=True, eq=False)
class Strengths:
    """One comparison: its ratio with interval, the E-values, and the strength of each measured covariate."""

    those: Responding
    found: dict
    values: EValues
    measured: pd.DataFrame  # measured_strengths, with `characteristic` in words

    @property
    def points(self) -> pd.DataFrame:
        """The covariates that can be drawn."""
        return self.measured[self.measured["explains"].notna()]

    @property
    def strongest(self) -> pd.Series | None:
        """The covariate that would explain most."""
        points = self.points
        return None if points.empty else points.loc[points["explains"].idxmax()]


def tipping_strength_output(
    data: AnalysisData, view: View, *, estimand: str = OVERLAP, arm: str = ""
) -> Output:
    """Contours of the strengths that explain the adjusted ratio or its limit, and the measured covariates."""
    basis = Basis(data, view)
    known_estimand(estimand)
    try:
        strengths = _strengths(responding(basis, arm=arm), estimand)
    except StudyDataError as reason:
        return nothing_to_show(basis, "tipping_strength", TITLE, str(reason))
    those = strengths.those
    label = wording.short_label(those.endpoint)
    table, results = _table(strengths.measured, those), _results(strengths, estimand)
    detail = calibrated(strengths)
    return Output(
        id="tipping_strength",
        title=TITLE,
        subtitle="What a confounder of two strengths explains at most; points: measured covariates",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=table,
        figure=partial(_figure, strengths),
        records=_records(strengths),
        cell_keys=("CHARACTERISTIC", "ARM"),
        headline=f"{label}: how strong something unmeasured would have to be",
        detail=f"{detail} {NOT_RANDOMISED}",
        alt=_alt(strengths, detail),
        footnotes=(NOT_RANDOMISED, detail, *_no_point(strengths), READ_IT, *those.notes(estimand)),
        badges=basis.badges(those.endpoint),
        cards=(_card(strengths, estimand),),
        as_file=partial(_in_file, results, strengths),
    )


def _strengths(those: Responding, estimand: str) -> Strengths:
    compared, definition = those.compared, those.compared.basis.definition
    found = weighted_ratio(compared.propensity, those.y, estimand)
    values = estimable(found)
    covariates = list(dict.fromkeys(compared.groups.column_of.values()))
    measured = measured_strengths(
        those.people, covariates, compared.groups.arm, those.y, names=compared.labels
    )
    named = [level_name(short_name(definition, row.covariate), row.level) for row in measured.itertuples()]
    ordered = measured.assign(characteristic=named).sort_values("explains", ascending=False, kind="stable")
    return Strengths(those, found, values, ordered.reset_index(drop=True))


def calibrated(strengths: Strengths) -> str:
    """What the strongest measured covariate says about how strong the unmeasured would have to be."""
    values, strongest = strengths.values, strengths.strongest
    if values.away == 1:
        return "The adjusted ratio is 1: nothing has to be explained."
    if strongest is None:
        return "No measured covariate has a strength to compare with."
    name = wording.lowered(strongest["characteristic"])
    with_arm, with_response = (wording.ratio(strongest[key]) for key in ("with_arm", "with_response"))
    sentences = [
        f"Strongest of the measured is {name} ({with_arm} with the arm, {with_response} with response).",
        _against(strongest, values.away, values.estimate, "explain the estimate away"),
    ]
    if values.nearer > 1:
        sentences.append(_against(strongest, values.nearer, values.limit, "move the limit to no difference"))
    elif values.nearer == 1:
        sentences.append("The interval includes no difference as it is.")
    return " ".join(sentences)


def _against(strongest: pd.Series, explained: float, e_value: float, what: str) -> str:
    """Whether something as strong would do, else in which of both the unmeasured would have to be stronger."""
    if strongest["explains"] >= explained:
        return f"Something unmeasured and as strong could {what}."
    weaker = [
        words
        for key, words in (("with_arm", "with the arm"), ("with_response", "with response"))
        if strongest[key] < e_value
    ]
    where = "in both" if len(weaker) == 2 else weaker[0]
    needed = f"something unmeasured would have to be stronger than that {where}"
    return f"To {what}, {needed} ({wording.ratio(e_value)} each)."


def _curves(strengths: Strengths) -> pd.DataFrame:
    """The contours up to where the axes end: beyond the E-value and every point."""
    values, points = strengths.values, strengths.points
    most = max([LEAST, 1.25 * values.estimate, *(1.15 * points[["with_arm", "with_response"]].max())])
    frames = [
        pd.DataFrame(tipping_curve(explained, most), columns=["with_arm", "with_response"]).assign(
            curve=curve
        )
        for curve, explained in (("limit", values.nearer), ("estimate", values.away))
    ]
    return pd.concat(frames, ignore_index=True)


def _meanings(strengths: Strengths) -> dict[str, str]:
    values = strengths.values
    found = {"estimate": (values.away, "Estimate", "could explain the estimate away")}
    found["limit"] = (values.nearer, "Limit", "could move the limit to no difference")
    return {
        curve: f"{name} {wording.ratio(ratio)}: a confounder beyond this line {what}"
        for curve, (ratio, name, what) in found.items()
        if ratio > 1
    }


def _figure(strengths: Strengths, theme: str, compact: bool):
    values, points = strengths.values, strengths.points
    drawn = points.assign(
        label=points["characteristic"],
        words=[_strength_words(row) for row in points.itertuples()],
        key=points["characteristic"],
    )
    corners = {"estimate": values.estimate, "limit": values.limit}
    return tipping_strength_figure(
        _curves(strengths),
        drawn,
        meanings=_meanings(strengths),
        corners={curve: value for curve, value in corners.items() if value > 1},
        theme=theme,
        compact=compact,
    )


def _strength_words(row) -> str:
    return (
        f"ratio {wording.ratio(row.with_arm)} with the arm, {wording.ratio(row.with_response)} with response; "
        f"explains at most {wording.ratio(row.explains)}"
    )


def _results(strengths: Strengths, estimand: str) -> pd.DataFrame:
    groups = strengths.those.compared.groups
    return strengths.measured.drop(columns="characteristic").assign(
        arm=groups.experimental, comparison=strengths.those.comparison, estimand=estimand, method=METHOD
    )


def _table(measured: pd.DataFrame, those: Responding) -> pd.DataFrame:
    """A row per covariate or level: who has it, both ratios, what it explains at most."""
    experimental, control = those.compared.labels
    return pd.DataFrame(
        {
            "Measured": measured["characteristic"],
            experimental: _of(measured["n_experimental"], measured["N_experimental"]),
            control: _of(measured["n_control"], measured["N_control"]),
            "Ratio with the arm": measured["with_arm"].map(_number),
            "Ratio with response": measured["with_response"].map(_number),
            "Explains at most": measured["explains"].map(_number),
        }
    ).astype("str")


def _of(n: pd.Series, N: pd.Series) -> list[str]:
    return [NOT_SHOWN if pd.isna(one) else f"{one} of {all_}" for one, all_ in zip(n, N, strict=True)]


def _number(value: float) -> str:
    return "–" if pd.isna(value) else wording.ratio(value)


def _no_point(strengths: Strengths) -> Iterator[str]:
    for row in strengths.measured[strengths.measured["note"] != ""].itertuples():
        yield f"No point for {wording.lowered(row.characteristic)}: {row.note[:1].lower()}{row.note[1:]}"


def _records(strengths: Strengths) -> pd.DataFrame:
    """A row per participant and characteristic that they have."""
    people = strengths.those.people
    frames = [
        people.loc[who_has(people[row.covariate], row.level), ["USUBJID", "ARM"]].assign(
            CHARACTERISTIC=row.characteristic
        )
        for row in strengths.measured.itertuples()
    ]
    empty = pd.DataFrame(columns=["USUBJID", "ARM", "CHARACTERISTIC"], dtype="str")
    return pd.concat([empty, *frames], ignore_index=True).sort_values(
        ["CHARACTERISTIC", "USUBJID"], ignore_index=True
    )


def _alt(strengths: Strengths, detail: str) -> str:
    parts = [f"{row.characteristic}: {_strength_words(row)}" for row in strengths.points.itertuples()]
    return f"Strength with the arm against strength with response. {detail} {'. '.join(parts)}."


def _card(strengths: Strengths, estimand: str) -> Card:
    values = strengths.values
    return Card(
        title=f"Tipping strength, {strengths.those.comparison}, {words.ESTIMANDS[estimand].lower()}",
        estimate=f"ratio of the rates {ratio_words(strengths.found)}, "
        f"E-value {wording.ratio(values.estimate)}, of the limit {wording.ratio(values.limit)}",
        method=f"{METHOD}; ratio {strengths.found['method']}",
        reason=REASON,
    )


def _in_file(results: pd.DataFrame, strengths: Strengths) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without the covariates in which an arm has a small cell: all levels, since they add up to the arm."""
    small = pd.Series(False, results.index)
    for n, N in (("n_experimental", "N_experimental"), ("n_control", "N_control")):
        small |= results[n].map(few) | (results[N] - results[n]).map(few)
    covariates = set(results.loc[small, "covariate"])
    hidden = results["covariate"].isin(covariates)
    counts = {name: results[name].astype("Int64").mask(hidden) for name in ("n_experimental", "n_control")}
    ratios = {name: results[name].mask(hidden, np.nan) for name in STRENGTHS}
    return results.assign(**counts, **ratios), _table(
        strengths.measured.assign(**counts, **ratios), strengths.those
    )
