"""How a trial runs up to the data cut: by arm, by calendar month and by site.

`enrolled` are the ADSL rows of everybody assigned to an arm and `subjects` those of the analysis set, both
with ARM; `answers` are the ADRS rows of one endpoint in the analysis set. Counts are participants.
"""

import datetime
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.survival import reverse_kaplan_meier_followup

STATE = "counts; median follow-up by reverse Kaplan-Meier"


def state_by_arm(
    enrolled: pd.DataFrame, subjects: pd.DataFrame, answers: pd.DataFrame, arms: Sequence[str]
) -> pd.DataFrame:
    """One row per arm: enrolled, treated, in_set, due, completed, withdrawn, died, and followup_days.

    `in_set`, `due` and the median follow-up (days) are of the analysis set, the others of everybody enrolled.
    """
    status = enrolled.groupby(["ARM", "STATUS"]).size()
    followup = reverse_kaplan_meier_followup(subjects, arms).set_index("arm")["estimate"]
    counts = {
        "enrolled": enrolled["ARM"].value_counts(),
        "treated": enrolled.loc[enrolled["SAFFL"] == "Y", "ARM"].value_counts(),
        "in_set": subjects["ARM"].value_counts(),
        "due": due_by_arm(answers),
    }
    rows = [
        {
            "arm": arm,
            **{name: int(by_arm.get(arm, 0)) for name, by_arm in counts.items()},
            **{name: int(status.get((arm, name), 0)) for name in ("completed", "withdrawn", "died")},
            "followup_days": float(followup.get(arm, np.nan)),
            "method": STATE,
        }
        for arm in arms
    ]
    return pd.DataFrame(rows)


def due_by_arm(answers: pd.DataFrame) -> pd.Series:
    """Participants whose window has closed at the cut, by ARM; an arm without any is absent."""
    return answers.loc[answers["DUEFL"] == "Y", "ARM"].value_counts()


def enrolment_by_month(enrolled: pd.DataFrame, answers: pd.DataFrame, cut: datetime.date) -> pd.DataFrame:
    """One row per calendar month up to the cut: month (its first day), new, enrolled so far, due so far.

    Day 1 is the cut date less the study day of the cut (DCUTDY), somebody is due DUEDY days later; only the
    month of either is kept. Who has no DCUTDY is not counted.
    """
    last = pd.Timestamp(cut)
    first_day = last - pd.to_timedelta(enrolled["DCUTDY"].dropna() - 1, unit="D")
    if first_day.empty:
        return pd.DataFrame(columns=["month", "new", "enrolled", "due"])
    due = answers[answers["DUEFL"] == "Y"].merge(enrolled[["USUBJID", "DCUTDY"]], on="USUBJID")
    due_on = last - pd.to_timedelta(due["DCUTDY"] - due["DUEDY"], unit="D")
    months = pd.period_range(first_day.min(), last, freq="M")
    new, newly_due = (
        day.dt.to_period("M").value_counts().reindex(months, fill_value=0).to_numpy()
        for day in (first_day, due_on)
    )
    return pd.DataFrame(
        {"month": months.to_timestamp(), "new": new, "enrolled": new.cumsum(), "due": newly_due.cumsum()}
    )


def last_count_by_site(subjects: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """One row per site: n, on_study, and days from its last platelet count to the cut (NaN without a count).

    `counts` has USUBJID and ADY; who belongs to no site (SITEID "") is left out.
    """
    named = subjects[subjects["SITEID"] != ""]
    last = counts.groupby("USUBJID")["ADY"].max()
    days = named["DCUTDY"] - named["USUBJID"].map(last).astype(float)
    sites = named.assign(DAYS=days, FOLLOWED=named["ONSTUDY"] == "Y").groupby("SITEID")
    summary = sites.agg(n=("USUBJID", "size"), on_study=("FOLLOWED", "sum"), days=("DAYS", "min"))
    return summary.reset_index(names="site")
