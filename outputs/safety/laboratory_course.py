"""One laboratory parameter over time by arm, in one unit."""

import math

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.longitudinal import MEDIAN, platelet_quantiles, platelet_quantiles_type_2
from analysis.safety.laboratory import Laboratory, at_visits, laboratory, parameters_in
from charts.safety.laboratory import parameter_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Card, Output, View
from outputs.safety.basis import safety_basis
from outputs.safety.laboratory_tables import chosen_key
from outputs.slide_chart import Axis, Chart
from outputs.slide_lines import by_visit
from outputs.standing import mature_week, visit_table
from outputs.summary_cards import summary_card

WHY_MEDIAN = "Laboratory values are skewed, and some are reported as <n; the median needs neither symmetry."


def laboratory_course_output(data: AnalysisData, view: View, *, parameter: str = "") -> Output:
    """Median and quartiles of one parameter by visit and arm."""
    basis = safety_basis(data, view)
    offered = parameters_in(data)
    key = chosen_key(parameter, list(offered))
    name = offered.get(key, key)
    lab = laboratory(data, basis.subjects)
    values = at_visits(lab.of(key), data.definition.visits)
    results = quantiles(values, basis)
    digits = decimals(results["estimate"])
    limits = commonest_limits(lab.of(key))
    drawn = attended(results)
    mature = mature_week(drawn, basis)
    records = values[["USUBJID", "ARM"]].assign(WEEK=values["AVISITN"].map("{:g}".format).astype("str"))
    return Output(
        id="laboratory_course",
        title=f"{name} by visit" if name else "Laboratory values by visit",
        subtitle="Median, upright lines: interquartile range. Dotted: limits of normal",
        population=basis.population,
        arms=basis.styles,
        results=results.assign(parameter=key),
        table=visit_table(results, basis, lambda row: quartile_text(row, digits)),
        figure=lambda theme, compact: parameter_figure(
            drawn,
            basis.arms,
            title=name,
            limits=limits,
            decimals=digits,
            mature_week=mature,
            enrolled=basis.sizes,
            theme=theme,
            compact=compact,
        ),
        chart=lambda: _chart(drawn, basis, name, limits),
        records=records[["USUBJID", "ARM", "WEEK"]],
        cell_keys=("ARM", "WEEK"),
        headline=_headline(results, basis, mature, name, digits),
        detail=f"{basis.population}, {wording.plural(len(basis.subjects), 'participant')}. Values in one unit.",
        alt=f"Median of {name} with quartiles by visit and arm; the table holds every number.",
        footnotes=(
            "n: participants with a value in the visit window, the nearest to its day. Later visits hold earlier "
            "entrants only.",
            *(
                ("Visits at which few have a value stand in the table alone.",)
                if len(drawn) < len(results)
                else ()
            ),
            *_limit_notes(lab.of(key)),
            *_other_unit_notes(lab, key),
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=_cards(values, results, mature, basis, name, digits),
        empty=basis.nobody()
        or ("" if len(values) else f"No value of {name or 'any parameter'} at this cut."),
    )


def _chart(drawn: pd.DataFrame, basis: Basis, name: str, limits: tuple[float, float]) -> Chart:
    y = Axis(f"{name}, median and interquartile range")
    return by_visit(
        drawn, basis.arms, y, sizes=basis.sizes, header="With a value", thresholds=_limit_lines(limits)
    )


def _limit_lines(limits: tuple[float, float]) -> tuple[tuple[float, str], ...]:
    """The limits of normal that are known, named."""
    named = zip(limits, ("lower limit of normal", "upper limit of normal"), strict=True)
    return tuple((limit, words) for limit, words in named if np.isfinite(limit))


def quantiles(values: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """Median and quartiles by arm at every week at which anybody has a value."""
    return platelet_quantiles(values, sorted(values["AVISITN"].unique()), basis.trts)


def attended(results: pd.DataFrame) -> pd.DataFrame:
    """The visits with at least a tenth as many values as the one with most: a late sample is no visit of its own."""
    n = results.groupby("time")["n"].transform("sum")
    return results[10 * n >= n.max()] if len(results) else results


def decimals(estimates: pd.Series) -> int:
    """How many decimals medians of this size are written with: three digits in all."""
    largest = float(np.nanmax(estimates)) if estimates.notna().any() else 100.0
    return 0 if largest >= 100 else 1 if largest >= 10 else 2


def quartile_text(row, digits: int) -> str:
    if not row.n:
        return "–"
    middle, low, high = (
        wording.fixed(number, digits) for number in (row.estimate, row.conf_low, row.conf_high)
    )
    return f"{middle} ({low} to {high}), n = {row.n}"


def commonest_limits(values: pd.DataFrame) -> tuple[float, float]:
    """The limits of normal that most of the values have; NaN where they have none."""
    known = values[["ANRLO", "ANRHI"]]
    low, high = (known[name].mode(dropna=True) for name in known)
    return (float(low.iloc[0]) if len(low) else math.nan, float(high.iloc[0]) if len(high) else math.nan)


def _limit_notes(values: pd.DataFrame) -> tuple[str, ...]:
    if not len(values):
        return ()
    distinct = values[["ANRLO", "ANRHI"]].nunique()
    if not distinct.any():
        return ("No limits of normal in the data.",)
    return (
        ("Limits of normal differ between records; those of most are drawn.",) if distinct.max() > 1 else ()
    )


def _other_unit_notes(lab: Laboratory, key: str) -> tuple[str, ...]:
    """Values of the same parameter that are shown by themselves."""
    own = lab.of(key)
    if not len(own):
        return ()
    rows = lab.rows
    others = rows[(rows["PARAMCD"] == own["PARAMCD"].iloc[0]) & (rows["KEY"] != key)]
    notes = [
        f"Not shown here, in another unit ({unit or 'none given'}): {wording.plural(len(part), 'value')} of "
        f"{wording.plural(part['USUBJID'].nunique(), 'participant')}."
        for unit, part in others.groupby("UNIT", sort=False)
    ]
    if not own["KNOWN"].iloc[0]:
        notes.append("Parameter or unit is not known here: shown as it is, in no grade.")
    return tuple(notes)


def _cards(
    values: pd.DataFrame, results: pd.DataFrame, week: float, basis: Basis, name: str, digits: int
) -> tuple[Card, ...]:
    if not len(results):
        return (Card(name or "Laboratory values", wording.NOT_ESTIMABLE, MEDIAN, WHY_MEDIAN),)
    shown, other = (of(values, [week], basis.trts) for of in (platelet_quantiles, platelet_quantiles_type_2))
    return (
        summary_card(
            *(f"{name} at week {week:g}", shown, [other], basis),
            reason=WHY_MEDIAN,
            words=lambda row: quartile_words(row, digits),
        ),
    )


def quartile_words(row, digits: int) -> tuple[str, str]:
    """A median and its quartiles, with one decimal more than the figure has."""
    low, high = wording.fixed(row.conf_low, digits + 1), wording.fixed(row.conf_high, digits + 1)
    return wording.fixed(row.estimate, digits + 1), f"{low} to {high}"


def _headline(results: pd.DataFrame, basis: Basis, week: float, name: str, digits: int) -> str:
    at = results[results["time"] == week].set_index("arm")["estimate"].reindex(list(basis.trts)).dropna()
    label, _, unit = name.rpartition(", ")
    shown = " vs ".join(wording.fixed(value, digits) for value in at)
    return f"{label}: median {shown} {unit} at week {week:g}" if shown else name or "Laboratory"
