"""Who stands behind a number: one row per participant, tied to the cells of an output."""

import pandas as pd

from outputs.basis import Basis
from trialdata.definition import Endpoint

RESPONDERS = ("CR", "R", "Y")
STATES = ("CR", "R", "Y", "NR", "N", "PENDING", "MISSING", "NOTDUE")
STATE_WORDS = {
    "CR": "complete response",
    "R": "response",
    "Y": "yes",
    "NR": "no response",
    "N": "no",
    "PENDING": "pending confirmation",
    "MISSING": "missing",
    "NOTDUE": "not yet due",
}
REASON_WORDS = {
    "": "",
    "rescue": "Rescue therapy",
    "death": "Death",
    "unconfirmed": "Response not confirmed",
    "bleeding": "Bleeding",
    "never reached": "Never reached the level",
}


def people(basis: Basis, endpoint: Endpoint) -> pd.DataFrame:
    """One row per participant of the analysis set: the answer for one endpoint and the facts around it.

    ARM, STATE (an AVALC, or "NOTDUE"), ANSWER (responder, non-responder, not yet due), REASON in words, BASE
    and BEST (10^9/L), RESCUEDY and ONSETDY (study days), SPARK (the counts in order, for a spark line).
    """
    answers = basis.results_of(endpoint)
    due = answers["DUEFL"] == "Y"
    state = answers["AVALC"].where(due, "NOTDUE")
    answer = pd.Series("non-responder", answers.index).mask(state.isin(RESPONDERS), "responder")
    frame = pd.DataFrame(
        {
            "USUBJID": answers["USUBJID"],
            "ARM": answers["ARM"],
            "STATE": state,
            "ANSWER": answer.where(due, "not yet due"),
            "REASON": answers["REASON"].map(REASON_WORDS).where(due, ""),
            "LINE": _ledger_line(answers).where(due, "not_due"),
            "ONSETDY": answers["ONSETDY"],
        }
    )
    return frame.merge(course(basis), on="USUBJID", how="left").sort_values("USUBJID", ignore_index=True)


def course(basis: Basis) -> pd.DataFrame:
    """One row per participant: baseline, best count after day 1, first rescue, and the counts in order."""
    counts = basis.daily_counts.sort_values(["USUBJID", "ADY"])
    by_subject = counts.groupby("USUBJID")["AVAL"]
    best = counts[counts["ADY"] > 1].groupby("USUBJID")["AVAL"].max()
    return pd.DataFrame(
        {
            "USUBJID": basis.subjects["USUBJID"].to_numpy(),
            "BASE": basis.subjects["BASE"].to_numpy(),
            "BEST": basis.subjects["USUBJID"].map(best).to_numpy(),
            "RESCUEDY": basis.subjects["USUBJID"].map(first_rescue(basis)).to_numpy(),
            "SPARK": basis.subjects["USUBJID"].map(by_subject.agg(list)).to_numpy(),
        }
    )


def first_rescue(basis: Basis) -> pd.Series:
    """Study day of the first rescue on or after day 1, by USUBJID; who had none is absent."""
    adcm = basis.data.adcm
    classes = [c.cmclas for c in basis.definition.rescue]
    rescue = adcm[adcm["CMCLAS"].isin(classes) & (adcm["ASTDY"] >= 1)]
    return rescue.groupby("USUBJID")["ASTDY"].min()


def _ledger_line(answers: pd.DataFrame) -> pd.Series:
    """The ledger's code of each answer: its AVALC, for NR with the reason."""
    return answers["AVALC"].where(answers["AVALC"] != "NR", "NR " + answers["REASON"]).str.strip()


def people_by_line(basis: Basis, endpoint: Endpoint) -> pd.DataFrame:
    """One row per participant and line of the ledger that counts them, with ARM and LINE."""
    listed = people(basis, endpoint)
    due = listed["STATE"] != "NOTDUE"
    outside = basis.enrolled.loc[~basis.enrolled["USUBJID"].isin(listed["USUBJID"]), ["USUBJID", "ARM"]]
    parts = (
        pd.concat([listed, outside], ignore_index=True).assign(LINE="enrolled"),
        outside.assign(LINE="not_in_set"),
        listed.assign(LINE="in_set"),
        listed[~due].assign(LINE="not_due"),
        listed[due].assign(LINE="due"),
        listed[due],
    )
    return pd.concat([part for part in parts if len(part)] or [listed], ignore_index=True)


def people_at_visits(levels: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """One row per participant and visit: ARM, week and the level at that visit."""
    rows = basis.records_of(levels)
    return rows.assign(WEEK=rows["AVISITN"].map("{:g}".format))[["USUBJID", "ARM", "WEEK", "LEVEL"]]
