"""One confirmed response by count, written twice the ordinary ways: subject by subject, and vectorised.

By count alone: a run of records at >= 30 and >= 2 x baseline (or >= 100) from day 2 to day 365 whose first
and last day are at least 7 days apart. Bleeding and rescue are left out. `platelets` has one row per subject
and day, sorted: USUBJID ADY AVAL.
"""

import pandas as pd

LAST_DAY, CONFIRM_DAYS = 365, 7


def naive_responders(platelets: pd.DataFrame) -> set[str]:
    """Subject by subject with groupby-apply, as it is often written."""
    responded = platelets.groupby("USUBJID")[["ADY", "AVAL"]].apply(has_confirmed_response)
    return set(responded.index[responded])


def has_confirmed_response(records: pd.DataFrame) -> bool:
    before = records[records["ADY"] <= 1]
    baseline = before["AVAL"].iloc[-1] if len(before) else float("inf")
    onset = None
    for _, record in records[records["ADY"] >= 2].iterrows():
        count = record["AVAL"]
        if not (count >= 100 or (count >= 30 and count >= 2 * baseline)):
            onset = None
            continue
        onset = record["ADY"] if onset is None else onset
        if record["ADY"] - onset >= CONFIRM_DAYS and onset <= LAST_DAY:
            return True
    return False


def vectorised_responders(platelets: pd.DataFrame) -> set[str]:
    """All subjects in one pass: runs are numbered by counting their breaks."""
    before = platelets[platelets["ADY"] <= 1]
    baseline = before.groupby("USUBJID")["AVAL"].last()
    after = platelets[platelets["ADY"] >= 2]
    count, base = after["AVAL"], after["USUBJID"].map(baseline)
    reached = (count >= 100) | ((count >= 30) & (count >= 2 * base))
    runs = (
        after.assign(RUN=(~reached).cumsum())[reached].groupby(["USUBJID", "RUN"])["ADY"].agg(["min", "max"])
    )
    confirmed = (runs["max"] - runs["min"] >= CONFIRM_DAYS) & (runs["min"] <= LAST_DAY)
    return set(runs.index[confirmed].get_level_values("USUBJID"))
