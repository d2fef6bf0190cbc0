"""Which of the study's modelled visits a model can hold, and why the others are left out."""

from collections.abc import Sequence

import numpy as np

LEAST_IN_ARM = 2
LEAST_IN_ALL = 10
LEAST_TOGETHER = 5


def visits_to_model(
    y: np.ndarray, arm: np.ndarray, weeks: Sequence[float], arms: Sequence[str], columns: int
) -> tuple[list[int], dict[float, str]]:
    """Positions of the visits kept, and for each week left out the reason in words.

    y: responses, participants by visits, NaN missing; arm: each participant's; columns: coefficients per visit.
    A visit needs 2 counts in each arm and 10 in all, counts that differ, 5 participants who were also counted at
    each earlier visit kept, and as many participants as visits and coefficients together.
    """
    kept: list[int] = []
    reasons: dict[float, str] = {}
    for position, week in enumerate(weeks):
        reason = _too_few(y, arm, position, arms) or _apart(y, position, kept, weeks)
        if not reason and (~np.isnan(y)).any(axis=1).sum() < len(kept) + 1 + columns:
            reason = "too few participants for one more visit"
        if reason:
            reasons[week] = reason
        else:
            kept.append(position)
    return kept, reasons


def left_out_words(reasons: dict[float, str]) -> str:
    """ "week 20 (fewer than 10 counted), week 26 (fewer than 2 counted in BAT)"; weeks of one reason together."""
    weeks_of: dict[str, list[str]] = {}
    for week, reason in reasons.items():
        weeks_of.setdefault(reason, []).append(f"{week:g}")
    parts = []
    for reason, weeks in weeks_of.items():
        names = f"week {weeks[0]}" if len(weeks) == 1 else f"weeks {', '.join(weeks)}"
        parts.append(f"{names} ({reason})")
    return ", ".join(parts)


def _too_few(y: np.ndarray, arm: np.ndarray, position: int, arms: Sequence[str]) -> str:
    counted = ~np.isnan(y[:, position])
    if not counted.any():
        return "nobody counted"
    short = [name for name in arms if counted[arm == name].sum() < LEAST_IN_ARM]
    if short:
        return f"fewer than {LEAST_IN_ARM} counted in {' and '.join(short)}"
    if counted.sum() < LEAST_IN_ALL:
        return f"fewer than {LEAST_IN_ALL} counted"
    if np.ptp(y[counted, position]) == 0:
        return "every value the same"
    return ""


def _apart(y: np.ndarray, position: int, kept: list[int], weeks: Sequence[float]) -> str:
    """Whether too few participants were counted both at this visit and at an earlier one."""
    counted = ~np.isnan(y)
    for earlier in kept:
        if (counted[:, earlier] & counted[:, position]).sum() < LEAST_TOGETHER:
            return f"fewer than {LEAST_TOGETHER} counted both there and at week {weeks[earlier]:g}"
    return ""
