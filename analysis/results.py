"""Names of the columns of results frames, and the long form for export: one row per statistic."""

import pandas as pd

KEY_LABELS = {
    "line": "Line",
    "label": "Label",
    "level": "Indentation",
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
    "grade": "Worst grade",
    "control": "Control",
    "time": "Time",
    "method": "Method",
    "note": "Note",
}
STATISTIC_LABELS = {
    "n": "Participants with the event",
    "N": "Participants",
    "events": "Adverse events",
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
}
LABELS = KEY_LABELS | STATISTIC_LABELS


def to_long(results: pd.DataFrame) -> pd.DataFrame:
    """One row per statistic of each row of `results`: its keys, then stat, stat_label and value.

    Every statistic the frame has is kept in its order, also where it is NaN (not estimable or not
    applicable), so that the wide frame can be made again. Columns without a label here count as keys.
    """
    statistics = [column for column in results if column in STATISTIC_LABELS]
    keys = [column for column in results if column not in STATISTIC_LABELS]
    numbered = results[keys].assign(_row=range(len(results)))
    parts = [
        numbered.assign(stat=column, stat_label=LABELS[column], value=results[column].astype(float))
        for column in statistics
    ]
    if not parts:
        return numbered.drop(columns="_row").assign(stat="", stat_label="", value=float("nan")).iloc[:0]
    long = pd.concat(parts).sort_values("_row", kind="stable", ignore_index=True)
    return long.drop(columns="_row")
