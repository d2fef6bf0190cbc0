"""A method's rates in the sample and its resamples as rows of the table of answers.

Rules: docs/reference/nonrandomised.md, section 7.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from analysis.observational.methods import (
    DIFFERENCE,
    MEASURES,
    RATE_CONTROL,
    RATE_EXPERIMENTAL,
    RISK_RATIO,
    Method,
)
from analysis.observational.resamples import MOST_WITHOUT, percentile_interval

ALIKE = "No limits: all resamples of an arm are alike, and the method would take its rate for certain."
IMPOSSIBLE = "No answer: a rate by this method lies below 0 or above 100%."
CUT = "A limit beyond what can be is cut there."
RANGES = {
    DIFFERENCE: (-1.0, 1.0),
    RISK_RATIO: (0.0, np.inf),
    RATE_EXPERIMENTAL: (0.0, 1.0),
    RATE_CONTROL: (0.0, 1.0),
}
ROUNDING = 1e-9
NO_RATIO = "No ratio: nobody responds in either arm, or a rate is below 0."


@dataclass(frozen=True, eq=False)
class Answer:
    """Rates of both arms by one method: the sample's in row 0, then the resamples'.

    `responders` and `participants` of both arms as the method uses them. `errors`: standard errors by measure; the
    standard deviation of the resamples where there is none.
    """

    rates: np.ndarray
    responders: np.ndarray
    participants: np.ndarray
    errors: dict[str, float] = field(default_factory=dict)
    note: str = ""
    without_limits: str = ""


def rows(method: Method, answer: Answer, refused: str, conf_level: float) -> Iterator[dict]:
    """The measures of one method, with percentile limits."""
    values = measures(answer.rates)
    alike = bool((answer.rates == answer.rates[0]).all(axis=0).any())
    for measure, counted in counts(answer.responders, answer.participants).items():
        row = {"method": method.name, "estimand": method.estimand, "measure": measure, **counted}
        if refused or _impossible(answer.rates[0]):
            yield row | {"note": refused or IMPOSSIBLE}
            continue
        own = values[measure]
        without = answer.without_limits or (ALIKE if alike else "")
        if np.isnan(own[0]):
            without = without or NO_RATIO
        yield row | {"estimate": own[0]} | _limits(own[1:], answer, measure, without, conf_level)


def _impossible(rates: np.ndarray) -> bool:
    """Whether a rate lies outside 0 to 1, as a doubly robust one may (Robins, Sued, Lei-Gomez and Rotnitzky 2007)."""
    return bool(((rates < -ROUNDING) | (rates > 1 + ROUNDING)).any())


def _limits(
    resampled: np.ndarray, answer: Answer, measure: str, without: str, conf_level: float
) -> dict[str, object]:
    used = int((~np.isnan(resampled)).sum())
    notes = [answer.note, without]
    if used < (1 - MOST_WITHOUT) * len(resampled) and not without:
        notes.append(f"No limits: {len(resampled) - used:,} of {len(resampled):,} resamples have no answer.")
    low, high = (np.nan, np.nan) if without else percentile_interval(resampled, conf_level)
    lowest, highest = RANGES[measure]
    if low < lowest - ROUNDING or high > highest + ROUNDING:
        notes.append(CUT)
    low, high = np.clip([low, high], lowest, highest)
    error = np.nan if without else answer.errors.get(measure, _deviation(resampled, measure))
    note = " ".join(dict.fromkeys(note for note in notes if note))
    return {
        "std_err": error,
        "conf_low": float(low),
        "conf_high": float(high),
        "resamples": used,
        "note": note,
    }


def _deviation(resampled: np.ndarray, measure: str) -> float:
    """The standard deviation of the resamples, of a ratio that of its logarithm; NaN where that is infinite."""
    known = resampled[~np.isnan(resampled)]
    if measure == RISK_RATIO:
        known = np.log(known, out=np.full(known.shape, -np.inf), where=known > 0)
    return float(known.std(ddof=1)) if len(known) > 1 and np.isfinite(known).all() else np.nan


def measures(rates: np.ndarray) -> dict[str, np.ndarray]:
    """Of rates with a row each: their difference, ratio (0/0 is NaN, x/0 infinite) and themselves."""
    one, other = rates[:, 0], rates[:, 1]
    of_positive = np.divide(one, other, out=np.where(one > 0, np.inf, np.nan), where=other > 0)
    possible = (one >= 0) & (other >= 0)
    return {
        DIFFERENCE: one - other,
        RISK_RATIO: np.where(possible, of_positive, np.nan),
        RATE_EXPERIMENTAL: one,
        RATE_CONTROL: other,
    }


def counts(responders: np.ndarray, participants: np.ndarray) -> dict[str, dict[str, int]]:
    """n of N of both arms together, then of each."""
    both = {"n": int(responders.sum()), "N": int(participants.sum())}
    each = [{"n": int(n), "N": int(of)} for n, of in zip(responders, participants, strict=True)]
    return dict(zip(MEASURES, (both, both, *each), strict=True))
