"""Names of the columns of results frames, and the long form for export: one row per statistic."""

import numpy as np
import pandas as pd

KEY_LABELS = {
    "line": "Line",
    "label": "Label",
    "level": "Level, or indentation",
    "arm": "Arm",
    "comparison": "Comparison",
    "measure": "Measure",
    "category": "Answer",
    "cause": "Cause",
    "stratum": "Stratum",
    "term": "Term",
    "SOC": "System organ class",
    "TERM": "Preferred term",
    "kind": "Kind",
    "grade": "Grade",
    "control": "Control",
    "time": "Time, study day or week",
    "week": "Week",
    "threshold": "Platelets of at least, 10^9/L",
    "change": "Change",
    "method": "Method",
    "note": "Note",
}
STATISTIC_LABELS = {
    "n": "Participants with the event",
    "N": "Participants",
    "events": "Events",
    "years": "Patient-years",
    "n_risk": "At risk",
    "n_event": "Events",
    "n_censor": "Censored",
    "estimate": "Estimate",
    "conf_low": "Lower limit",
    "conf_high": "Upper limit",
    "statistic": "Test statistic",
    "df": "Degrees of freedom",
    "p_value": "p",
    "q_value": "False discovery rate",
    "fixed": "Historical rate",
    "enrolled": "Enrolled",
    "treated": "Treated",
    "in_set": "In the analysis set",
    "due": "Due",
    "completed": "Completed the study",
    "withdrawn": "Left the study",
    "died": "Died",
    "followup_days": "Median follow-up, days",
    "new": "Newly enrolled",
    "days": "Days followed",
    "possible": "Days possible",
    "median": "Median",
    "sd": "Standard deviation",
    "q1": "First quartile",
    "q3": "Third quartile",
    "minimum": "Minimum",
    "maximum": "Maximum",
    "weight": "Weight of the stratum",
    "participants": "Participants with events",
    "ongoing": "Events ongoing",
    "participants_ongoing": "Participants with events ongoing",
    "at_risk": "Participants at risk",
    "assessments": "Assessments",
    "records": "Records",
    "n_arm": "Participants with the event, experimental arm",
    "n_experimental": "Participants with it, experimental arm",
    "N_experimental": "Participants, experimental arm",
    "n_control": "Participants with it, control arm",
    "N_control": "Participants, control arm",
    "mean_experimental": "Mean or share, experimental arm",
    "mean_control": "Mean or share, control arm",
    "spread": "Standard deviation that a difference is divided by",
    "before": "Standardised difference before weighting",
    "after": "Standardised difference after weighting",
    "weighted": "Mean or share after weighting",
    "effective": "Effective sample size",
    "largest_weight": "Largest weight",
    "largest_share": "Share of the arm's weight of the largest",
    "five_largest_share": "Share of the arm's weight of the five largest",
    "median_weight": "Median weight",
    "low": "Lower end of the scores",
    "high": "Upper end of the scores",
    "std_err": "Standard error",
    "resamples": "Resamples with an answer",
    "error": "Standard error of the logarithm",
    "robust_low": "Lower limit, weights as known",
    "robust_high": "Upper limit, weights as known",
    "with_arm": "Risk ratio with the arm",
    "with_response": "Risk ratio with response",
    "explains": "Risk ratio explained at most",
}
LABELS = KEY_LABELS | STATISTIC_LABELS
LONG_COLUMNS = ("row", "stat_name", "stat_label", "stat")


def statistics_of(results: pd.DataFrame) -> list[str]:
    """The columns that hold statistics: those with a label that hold numbers, or nothing at all."""
    return [
        column
        for column in results
        if column in STATISTIC_LABELS
        and (pd.api.types.is_numeric_dtype(results[column]) or results[column].isna().all())
    ]


def to_long(results: pd.DataFrame) -> pd.DataFrame:
    """One row per statistic of each row of `results`: its keys, then row, stat_name, stat_label and stat.

    Every statistic the frame has is kept in its order, also where it is NaN (not estimable or not
    applicable), so that the wide frame can be made again: `row` counts its rows from 1. All other columns are keys.
    """
    statistics = statistics_of(results)
    keys = results.drop(columns=statistics)
    if not statistics or results.empty:
        return keys.iloc[:0].assign(row=0, stat_name="", stat_label="", stat=np.nan)
    width = len(statistics)
    long = keys.iloc[np.repeat(np.arange(len(results)), width)].reset_index(drop=True)
    return long.assign(
        row=np.repeat(np.arange(1, len(results) + 1), width),
        stat_name=np.tile(statistics, len(results)),
        stat_label=np.tile([STATISTIC_LABELS[name] for name in statistics], len(results)),
        stat=results[statistics].to_numpy(dtype="float64", na_value=np.nan).ravel(),
    )
