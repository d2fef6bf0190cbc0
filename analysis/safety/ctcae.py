"""CTCAE v5.0 grades of laboratory values by limits of normal, by baseline and by value.

Source: Common Terminology Criteria for Adverse Events, version 5.0 (National Cancer Institute, 27 November 2017).
The table: docs/reference/laboratory-grades.md. A value on a bound belongs to the milder grade, as CTCAE has it.
"""

from dataclasses import dataclass

import numpy as np

TOLERANCE = 1e-9  # 3 × 0.7 is not 2.1 in binary


def above(value: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """Whether each value lies above the limit by more than binary numbers blur; False where one is missing."""
    return value > limit * (1 + TOLERANCE)


def below(value: np.ndarray, limit: np.ndarray) -> np.ndarray:
    return value < limit * (1 - TOLERANCE)


@dataclass(frozen=True)
class High:
    """Grades of a value above the upper limit of normal.

    `multiples`: of the upper limit, above which grades 2, 3 and 4 begin; grade 1 begins above the limit itself.
    `of_baseline`: the same multiples hold of an abnormal baseline, and grade 1 is from here on (`including` it).
    `any_baseline`: (multiple, grade) of the baseline, normal or not, beside those of the limit.
    """

    term: str
    multiples: tuple[float, float, float]
    of_baseline: float = 0
    including: bool = True
    any_baseline: tuple[tuple[float, int], ...] = ()

    def grades(
        self,
        value: np.ndarray,
        low: np.ndarray,
        high: np.ndarray,
        base: np.ndarray,
        base_high: np.ndarray,
    ) -> np.ndarray:
        by_limit = np.where(np.isnan(high), np.nan, _steps(value, high, (1.0, *self.multiples)))
        for multiple, grade in self.any_baseline:
            raised = above(value, multiple * base) & ~np.isnan(by_limit)
            by_limit = np.where(raised, np.fmax(by_limit, grade), by_limit)
        if not self.of_baseline:
            return by_limit
        first = self.of_baseline * base
        starts = ~below(value, first) if self.including else above(value, first)
        by_baseline = np.fmax(starts.astype(float), _steps(value, base, self.multiples, first=2))
        return np.where(above(base, base_high), by_baseline, by_limit)


@dataclass(frozen=True)
class Low:
    """Grades of a value below the lower limit of normal; `bounds`: below these begin grades 2, 3 and, if any, 4."""

    term: str
    bounds: tuple[float, ...]

    def grades(
        self,
        value: np.ndarray,
        low: np.ndarray,
        high: np.ndarray,
        base: np.ndarray,
        base_high: np.ndarray,
    ) -> np.ndarray:
        by_value = np.select(
            [below(value, np.full(len(value), bound)) for bound in reversed(self.bounds)],
            [float(grade) for grade in range(len(self.bounds) + 1, 1, -1)],
            default=0.0,
        )
        by_limit = np.where(np.isnan(low), np.nan, below(value, low).astype(float))
        return np.where(by_value > 0, by_value, by_limit)


Rule = High | Low

RULES: dict[str, Rule] = {
    "ALT": High("Alanine aminotransferase increased", (3, 5, 20), of_baseline=1.5),
    "AST": High("Aspartate aminotransferase increased", (3, 5, 20), of_baseline=1.5),
    "ALP": High("Alkaline phosphatase increased", (2.5, 5, 20), of_baseline=2),
    "GGT": High("GGT increased", (2.5, 5, 20), of_baseline=2),
    "BILI": High("Blood bilirubin increased", (1.5, 3, 10), of_baseline=1, including=False),
    "CREAT": High("Creatinine increased", (1.5, 3, 6), any_baseline=((1.5, 2), (3, 3))),
    "HGB": Low("Anemia", (100, 80)),  # g/L
    "WBC": Low("White blood cell decreased", (3, 2, 1)),  # 10^9/L
    "NEUT": Low("Neutrophil count decreased", (1.5, 1, 0.5)),
    "LYM": Low("Lymphocyte count decreased", (0.8, 0.5, 0.2)),
    "ALB": Low("Hypoalbuminemia", (30, 20)),  # g/L
}


def grades(
    paramcd: str,
    value: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    base: np.ndarray | None = None,
    base_high: np.ndarray | None = None,
) -> np.ndarray:
    """The grade of each value: 0 (none) to 4; NaN where the value or a limit that decides is missing.

    `value`, `low`, `high` (the limits of normal) and `base`, `base_high` (the baseline and its upper limit) are in
    the unit of the parameter. A baseline that is missing, or has no upper limit, counts as normal: so does the
    baseline itself, for which `base` is not given.
    """
    missing = np.full(len(value), np.nan)
    given = RULES[paramcd].grades(
        value,
        low,
        high,
        missing if base is None else base,
        missing if base_high is None else base_high,
    )
    return np.where(np.isnan(value), np.nan, given)


def _steps(
    value: np.ndarray, unit: np.ndarray, multiples: tuple[float, ...], *, first: int = 1
) -> np.ndarray:
    """The highest grade, counted from `first`, whose multiple of `unit` the value exceeds; 0 for none."""
    reached = [(above(value, multiple * unit), first + i) for i, multiple in enumerate(multiples)]
    return np.max([np.where(exceeds, float(grade), 0.0) for exceeds, grade in reached], axis=0)
