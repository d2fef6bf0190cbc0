"""Crude and every adjusted difference in response side by side, each with the population it is for."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.observational.adjusted_rates import AdjustedRates
from analysis.observational.methods import CRUDE, DIFFERENCE, METHODS, OVERLAP_WEIGHTS, RISK_RATIO, Method
from charts.strategies import estimates_figure
from outputs import wording
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.observational import words
from outputs.observational.answers import counted_answers, in_order
from outputs.observational.compared import Compared, compare
from outputs.observational.rates import rates_of
from outputs.observational.warnings import warnings_by_population
from outputs.output import Card, Output, View
from outputs.response import (
    COUNTED_WORDS,
    MISSING_WORDS,
    NOT_RANDOMISED,
    counted_people,
    first_due,
    handling_of,
)
from outputs.slide_rows import estimates
from trialdata.definition import Endpoint
from trialdata.errors import StudyDataError

ID, TITLE = "adjusted_difference", "Crude and adjusted difference"
NOT_ADJUSTED = "Not adjusted"
MEASURED = (
    "Each holds where the measured covariates are all that decided the treatment and bears on response."
)
REASONS = {
    "crude": "Stands here for comparison alone: the arms may differ in more than the treatment.",
    "overlap": "Leads: it has no extreme weights and balances the means of the covariates exactly.",
    "inverse": "Answers for all participants; a participant with an unlikely treatment weighs much.",
    "treated": "Answers for those who received the combination, with control weighted to be like them.",
    "matching": "Compares pairs of like participants, at the price of those without a partner.",
    "strata": "Compares within fifths of the score; asks least of the model of the score.",
    "g-computation": "Rests on the model of response, not on that of the treatment.",
    "AIPW": "Holds where either the model of the treatment or that of response is right.",
}


@dataclass(frozen=True, eq=False)
class _Story:
    """What is compared, by which answers, and every method's estimate."""

    compared: Compared
    endpoint: Endpoint
    handling: str
    truncate: float

    @cached_property
    def answers(self) -> np.ndarray:
        every = counted_answers(self.compared.basis, self.endpoint, self.handling)
        return in_order(every, self.compared.groups.usubjid)

    @cached_property
    def rates(self) -> AdjustedRates:
        return rates_of(self.compared.propensity, self.answers, truncate=self.truncate)

    @cached_property
    def differences(self) -> pd.DataFrame:
        """A row per method, in the order of the table, in percentage points."""
        rows = self.rates.results[self.rates.results["measure"] == DIFFERENCE]
        return rows.assign(**{name: 100 * rows[name] for name in ("estimate", "conf_low", "conf_high")})

    @property
    def comparison(self) -> str:
        return f"{self.compared.experimental.trt} - {self.compared.control.trt}"


def adjusted_difference_output(
    data: AnalysisData, view: View, *, missing: str = "", truncate: str = "0", arm: str = ""
) -> Output:
    """The difference in response by every method of nonrandomised.md, section 7, crude first."""
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    handling = handling_of(endpoint, missing)
    try:
        among = counted_answers(basis, endpoint, handling).index
        compared = compare(basis, arm=arm, among=among, when_nobody=first_due(basis, endpoint))
    except StudyDataError as reason:
        return nothing_to_show(basis, ID, TITLE, str(reason))
    story = _Story(compared, endpoint, handling, words.truncation(truncate))
    label = wording.short_label(endpoint)
    return Output(
        id=ID,
        title=TITLE,
        subtitle=f"{label}, among the {len(story.answers)} {COUNTED_WORDS[handling]}; percentage points, "
        f"{compared.experimental.label} minus {compared.control.label}",
        population=basis.population,
        arms=basis.styles,
        results=story.rates.results.assign(comparison=story.comparison),
        table=_table(story),
        figure=lambda theme, compact: estimates_figure(
            _rows(story),
            favours=(compared.control.trt, compared.experimental.trt),
            theme=theme,
            compact=compact,
        ),
        chart=lambda: estimates(
            _rows(story),
            "Difference, percentage points (95% CI)",
            sides=(f"favours {compared.control.trt}", f"favours {compared.experimental.trt}"),
        ),
        records=counted_people(basis, endpoint, handling),
        cell_keys=("ARM", "ANSWER"),
        headline=_headline(story),
        detail=_detail(story),
        alt=f"{_headline(story)}. {_detail(story)}",
        footnotes=_footnotes(story),
        badges=basis.badges(endpoint),
        cards=tuple(_card(story, method) for method in METHODS.values()),
    )


def _rows(story: _Story) -> pd.DataFrame:
    """The rows of the figure: crude, then the methods under the population they answer for."""
    crude = [(CRUDE, NOT_ADJUSTED)]
    of_estimand = [
        (method, words.ESTIMANDS[estimand])
        for estimand in words.ESTIMANDS
        for method in METHODS.values()
        if method.estimand == estimand
    ]
    rows = [
        {
            "label": method.name,
            "words": _points(row),
            "estimate": row["estimate"],
            "conf_low": row["conf_low"],
            "conf_high": row["conf_high"],
            "leading": method == OVERLAP_WEIGHTS,
            "group": group,
        }
        for method, group in crude + of_estimand
        for row in [_difference(story, method)]
    ]
    return pd.DataFrame(rows)


def _difference(story: _Story, method: Method) -> pd.Series:
    found = story.differences
    return found[found["method"] == method.name].iloc[0]


def _points(row: pd.Series) -> str:
    """ "22.6 (4.7 to 39.1)"."""
    if np.isnan(row["estimate"]):
        return wording.NOT_ESTIMABLE
    numbers = [row[name] / 100 for name in ("estimate", "conf_low", "conf_high")]
    if np.isnan(row["conf_low"]):
        return f"{wording.points_and_interval(*numbers[:1] * 3, decimals=1)[0]} (no interval)"
    points, interval = wording.points_and_interval(*numbers, decimals=1)
    return f"{points} ({interval})"


def _table(story: _Story) -> pd.DataFrame:
    """One row per method: population, rates, difference, standard error, ratio, and why a number is missing."""
    return pd.DataFrame([_table_row(story, method) for method in METHODS.values()])


def _table_row(story: _Story, method: Method) -> dict[str, str]:
    rates = story.rates
    experimental, control = (rates.row(method, f"rate {arm}") for arm in ("experimental", "control"))
    difference, ratio = rates.row(method), rates.row(method, RISK_RATIO)
    names = story.compared.labels
    error = difference["std_err"]
    return {
        "Method": method.name,
        "Answer for": words.ESTIMANDS.get(method.estimand, "Nobody in particular"),
        names[0]: wording.percent(experimental["estimate"], 200),
        names[1]: wording.percent(control["estimate"], 200),
        "Difference, points (95% CI)": _points(_difference(story, method)),
        "Standard error": "" if pd.isna(error) else wording.fixed(100 * error, 1),
        "Ratio (95% CI)": _ratio(ratio),
        "Note": difference["note"],
    }


def _ratio(row: pd.Series) -> str:
    if np.isnan(row["estimate"]):
        return wording.NOT_ESTIMABLE
    if np.isnan(row["conf_low"]):
        return wording.ratio(row["estimate"])
    return f"{wording.ratio(row['estimate'])} ({wording.ratio(row['conf_low'])} to {wording.ratio(row['conf_high'])})"


def _headline(story: _Story) -> str:
    label = wording.short_label(story.endpoint)
    crude, leading = (_whole(story, method) for method in (CRUDE, OVERLAP_WEIGHTS))
    if not leading:
        return f"{label}: crude difference {crude} points; no adjusted number can be trusted"
    return f"{label}: a difference of {leading} points where choice was open; crude {crude}"


def _whole(story: _Story, method: Method) -> str:
    estimate = _difference(story, method)["estimate"] / 100
    return "" if np.isnan(estimate) else wording.points_and_interval(estimate, estimate, estimate)[0]


def _detail(story: _Story) -> str:
    """How far the adjusted estimates agree, and what a difference is."""
    adjusted = story.differences[story.differences["method"] != CRUDE.name]
    known = adjusted[adjusted["estimate"].notna()]
    if known.empty:
        return NOT_RANDOMISED
    low, high = (wording.fixed(value, 0) for value in (known["estimate"].min(), known["estimate"].max()))
    limits = known[known["conf_low"].notna()]
    excludes = int(((limits["conf_low"] > 0) | (limits["conf_high"] < 0)).sum())
    return (
        f"{len(known)} adjusted estimates from {low} to {high} points; "
        f"the interval excludes no difference in {excludes} of {len(limits)}. {NOT_RANDOMISED}"
    )


def _footnotes(story: _Story) -> tuple[str, ...]:
    basis, rates = story.compared.basis, story.rates
    unmatched = len(rates.matching.unmatched)
    truncated = f"Weights truncated at {story.truncate:.0%}, but overlap weights." if story.truncate else ""
    without = "; ".join(f"{method} {n:,}" for method, n in rates.without_answer.items())
    notes = (
        NOT_RANDOMISED,
        MEASURED,
        *warnings_by_population(story.compared, story.truncate),
        f"Adjusted for: {_covariates(story)}.",
        f"Intervals: percentiles of {rates.resamples:,} resamples of the whole pipeline; crude: Miettinen-Nurminen.",
        f"Resamples without an answer: {without}." if without else "",
        f"Matching: {len(rates.matching.pairs)} pairs, {unmatched} without a partner.",
        truncated,
        f"Pending and missing {MISSING_WORDS[story.handling]}.",
        *story.compared.notes(),
        *basis.notes(story.endpoint),
    )
    return tuple(note for note in notes if note)


def _covariates(story: _Story) -> str:
    columns = dict.fromkeys(story.compared.groups.column_of.values())
    definition = story.compared.basis.definition
    return wording.joined([wording.lowered(words.covariate_label(definition, column)) for column in columns])


def _card(story: _Story, method: Method) -> Card:
    others = pd.DataFrame(list(_others(story, method)), columns=["Method", "Estimate", "95% CI"])
    return Card(
        title=f"Difference, {method.name[0].lower()}{method.name[1:]}",
        estimate=f"{_points(_difference(story, method))} points",
        method=method.name,
        reason=REASONS[method.key],
        others=others,
    )


def _others(story: _Story, method: Method) -> Iterator[dict[str, str]]:
    """The methods for the same population, the one of the card first."""
    alike = [each for each in METHODS.values() if each.estimand == method.estimand]
    for each in sorted(alike, key=lambda each: each != method):
        row = _difference(story, each)
        estimate, _, interval = _points(row).partition(" (")
        yield {"Method": each.name, "Estimate": estimate, "95% CI": interval.removesuffix(")")}
