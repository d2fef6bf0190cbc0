"""A measurement over time by the mixed model for repeated measures: means and differences by visit, every method.

Model: response ~ arm x visit + baseline x visit, unstructured covariance of the visits, REML. Least squares means
stand at the mean baseline of the participants in the model. The constrained longitudinal analysis (Liang & Zeger
2000) takes the baseline as one more response, at which the arms have one common mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.ancova import ancova
from analysis.mmrm.inference import Inference, kenward_roger, kenward_roger_observed, satterthwaite
from analysis.mmrm.layout import repeated_measures
from analysis.mmrm.reml import Fit, fit_reml
from analysis.mmrm.visits import left_out_words, visits_to_model
from trialdata.errors import StudyDataError

KENWARD_ROGER = "MMRM Kenward-Roger"
KENWARD_ROGER_OBSERVED = "MMRM Kenward-Roger (observed information)"
SATTERTHWAITE = "MMRM Satterthwaite"
CONSTRAINED = "Constrained LDA Kenward-Roger"
ANCOVA = "ANCOVA (HC3)"
AVERAGE = "average of the visits"
COLUMNS = (
    *("arm", "comparison", "measure", "label", "time", "n", "N", "estimate", "conf_low", "conf_high"),
    *("statistic", "df", "p_value", "method", "note"),
)


@dataclass(frozen=True, eq=False)
class Grid:
    """One row per participant: arm, baseline and the response at each visit (NaN missing), on the model's scale.

    `values` are the responses before a baseline is taken off.
    """

    arm: np.ndarray
    base: np.ndarray
    y: np.ndarray
    values: np.ndarray
    weeks: tuple[float, ...]

    def at(self, visits: Sequence[int]) -> "Grid":
        weeks = tuple(self.weeks[visit] for visit in visits)
        return Grid(self.arm, self.base, self.y[:, visits], self.values[:, visits], weeks)

    def of(self, chosen: np.ndarray) -> "Grid":
        return Grid(self.arm[chosen], self.base[chosen], self.y[chosen], self.values[chosen], self.weeks)


@dataclass(frozen=True, eq=False)
class RepeatedModel:
    """The rows of every method, the weeks modelled and left out, and who was in the model."""

    results: pd.DataFrame
    weeks: tuple[float, ...]
    left_out: dict[float, str]
    participants: pd.Index
    without_baseline: int


def repeated_model(
    grid: Grid,
    participants: pd.Index,
    arms: Sequence[str],
    comparisons: Sequence[tuple[str, str]],
    *,
    conf_level: float = 0.95,
) -> RepeatedModel:
    """Least squares means by visit and arm, and each comparison by visit and averaged, by every method.

    `participants` are those of the rows of the grid. Visits are taken up in the order of the grid, so that one that
    goes ill with an earlier one gives way. Arms without anybody counted take no part. StudyDataError where no visit
    can be modelled or the fit fails.
    """
    usable = ~np.isnan(grid.base) & (~np.isnan(grid.y)).any(axis=1)
    own = grid.of(usable)
    present = [arm for arm in arms if (own.arm == arm).any()]
    taken, left_out = visits_to_model(own.y, own.arm, grid.weeks, present, len(present) + 1)
    if not taken:
        raise StudyDataError(_nothing(left_out))
    kept = sorted(taken, key=lambda visit: grid.weeks[visit])
    compared = [pair for pair in comparisons if set(pair) <= set(present)]
    own, whole = own.at(kept), grid.at(kept)
    in_model = (~np.isnan(own.y)).any(axis=1)
    own = own.of(in_model)
    rows = _mixed_model(own, present, compared, conf_level)
    rows += _constrained(whole, present, compared, conf_level)
    rows += _at_last_visit(own, present, compared, conf_level)
    return RepeatedModel(
        results=pd.DataFrame(rows, columns=list(COLUMNS)),
        weeks=own.weeks,
        left_out=dict(sorted(left_out.items())),
        participants=participants[usable][in_model],
        without_baseline=int((np.isnan(grid.base) & (~np.isnan(grid.values)).any(axis=1)).sum()),
    )


def _mixed_model(
    grid: Grid, arms: list[str], compared: list[tuple[str, str]], conf_level: float
) -> list[dict]:
    """Rows of the mixed model: means by Kenward-Roger, comparisons by three kinds of inference."""
    _refuse_constant_baseline(grid)
    dummies = np.column_stack([grid.arm == arm for arm in arms]).astype(float)
    fit = fit_reml(repeated_measures(grid.y, np.column_stack([dummies, grid.base - grid.base.mean()])))
    places = [np.arange(len(grid.weeks)) * (len(arms) + 1) + i for i in range(len(arms))]
    rows = []
    for i, arm in enumerate(arms):
        found = kenward_roger(fit, np.eye(len(fit.beta))[places[i]])
        rows += _rows(
            found, grid, [arm], {"arm": arm, "measure": "LS mean", "method": KENWARD_ROGER}, conf_level
        )
    for method, infer in (
        (KENWARD_ROGER, kenward_roger),
        (KENWARD_ROGER_OBSERVED, kenward_roger_observed),
        (SATTERTHWAITE, satterthwaite),
    ):
        for pair in compared:
            contrasts = np.zeros((len(grid.weeks), len(fit.beta)))
            contrasts[np.arange(len(grid.weeks)), places[arms.index(pair[0])]] = 1
            contrasts[np.arange(len(grid.weeks)), places[arms.index(pair[1])]] = -1
            rows += _comparison(infer(fit, with_average(contrasts)), grid, pair, method, conf_level)
    return rows


def _constrained(
    grid: Grid, arms: list[str], compared: list[tuple[str, str]], conf_level: float
) -> list[dict]:
    """Rows of the comparisons by the constrained analysis; without a fit they stay, with the reason."""
    if not compared:
        return []
    grid = grid.of(np.isin(grid.arm, arms))
    y = np.column_stack([grid.base, grid.values])
    others = arms[:-1]
    z = np.column_stack([np.ones(len(y)), *(grid.arm == arm for arm in others)]).astype(float)
    kept = np.ones((y.shape[1], z.shape[1]), dtype=bool)
    kept[0, 1:] = False
    try:
        fit = fit_reml(repeated_measures(y, z, kept))
        found = [kenward_roger(fit, _constrained_contrasts(fit, arms, pair)) for pair in compared]
    except StudyDataError as error:
        return [_missing(pair, grid, CONSTRAINED, str(error)) for pair in compared]
    rows = []
    for pair, inference in zip(compared, found, strict=True):
        rows += _comparison(inference, grid, pair, CONSTRAINED, conf_level)
    return rows


def _constrained_contrasts(fit: Fit, arms: list[str], pair: tuple[str, str]) -> np.ndarray:
    """Contrasts of a comparison at each visit after baseline, the last arm being the reference of the coding."""
    visits = len(fit.layout.kept) - 1
    contrasts = np.zeros((visits, len(fit.beta)))
    start = 1 + np.arange(visits) * len(arms)
    for arm, sign in zip(pair, (1, -1), strict=True):
        if arm != arms[-1]:
            contrasts[np.arange(visits), start + 1 + arms.index(arm)] = sign
    return with_average(contrasts)


def _at_last_visit(
    grid: Grid, arms: list[str], compared: list[tuple[str, str]], conf_level: float
) -> list[dict]:
    """Rows of the comparisons by analysis of covariance of those counted at the last modelled visit."""
    last = grid.at([len(grid.weeks) - 1])
    last = last.of(~np.isnan(last.y[:, 0]))
    rows = []
    for pair in compared:
        found = ancova(last.y[:, 0], last.arm, last.base, arms, pair, conf_level=conf_level)
        rows.append(_row(last, list(pair), 0) | {"comparison": " - ".join(pair), "measure": "difference"}
                    | {"method": ANCOVA, "note": ""} | found)  # fmt: skip
    return rows


def with_average(contrasts: np.ndarray) -> np.ndarray:
    """The contrasts and, where there are several, their mean as one more."""
    return np.vstack([contrasts, contrasts.mean(axis=0)]) if len(contrasts) > 1 else contrasts


def _comparison(
    found: Inference, grid: Grid, pair: tuple[str, str], method: str, conf_level: float
) -> list[dict]:
    words = {"comparison": " - ".join(pair), "measure": "difference", "method": method}
    tests = [{"statistic": found.statistic[i], "p_value": found.p_value[i]} for i in range(len(found.df))]
    rows = _rows(found, grid, list(pair), words, conf_level)
    return [row | test for row, test in zip(rows, tests, strict=True)]


def _rows(found: Inference, grid: Grid, arms: list[str], words: dict, conf_level: float) -> list[dict]:
    low, high = found.interval(conf_level)
    return [
        _row(grid, arms, i) | words | {"estimate": found.estimate[i], "conf_low": low[i], "conf_high": high[i],
                                       "df": found.df[i], "note": ""}
        for i in range(len(found.df))
    ]  # fmt: skip


def _row(grid: Grid, arms: list[str], i: int) -> dict:
    """Visit, participants counted at it and participants in the model; past the visits stands their average."""
    of_arms = np.isin(grid.arm, arms)
    counted = ~np.isnan(grid.y[of_arms])
    average = i == len(grid.weeks)
    return {
        "label": AVERAGE if average else f"week {grid.weeks[i]:g}",
        "time": np.nan if average else grid.weeks[i],
        "n": int(counted.any(axis=1).sum() if average else counted[:, i].sum()),
        "N": int(of_arms.sum()),
    }


def _missing(pair: tuple[str, str], grid: Grid, method: str, note: str) -> dict:
    last = len(grid.weeks) - 1
    return _row(grid, list(pair), last) | {"comparison": " - ".join(pair), "measure": "difference",
                                           "method": method, "note": note}  # fmt: skip


def _refuse_constant_baseline(grid: Grid) -> None:
    for visit, week in enumerate(grid.weeks):
        counted = ~np.isnan(grid.y[:, visit])
        if np.ptp(grid.base[counted]) == 0:
            raise StudyDataError(
                f"The baseline (BASE) is the same for everybody counted at week {week:g}, so it cannot be a "
                "covariate: take a wider population or clear the filters."
            )


def _nothing(left_out: dict[float, str]) -> str:
    return f"No visit has the values that a model needs: {left_out_words(left_out)}."
