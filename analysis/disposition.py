"""Who went where: the flow of participants, how completely they were followed, and who left when and why.

Rule: docs/reference/safety.md, section 6. Everything goes by the planned arm.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

ALL = "All"
LEFT_STATUS = ("withdrawn", "died")
NO_REASON, OTHER_REASONS, DEATH = "Reason not recorded", "Other reasons", "Death"
MOST_REASONS = 8
SCREENED, FAILED, ASSIGNED = "SCREENED", "FAILED", "ASSIGNED"
TREATED, ELSEWHERE, UNTREATED = "TREATED", "ELSEWHERE", "UNTREATED"
LEFT, COMPLETED, ON_STUDY = "LEFT", "COMPLETED", "ONSTUDY"
DUE, NOT_DUE, UNANSWERED, ANALYSED = "DUE", "NOTDUE", "UNANSWERED", "ANALYSED"
CLARK = "observed of possible days (Clark 2002)"
WITHDRAWAL, DIED = "withdrawal", "death"


def flow_members(
    enrolled: pd.DataFrame,
    failures: pd.DataFrame,
    sets: Mapping[str, Collection[str]],
    answers: pd.DataFrame,
    *,
    exclude_unanswered: bool,
    reasons: bool,
) -> pd.DataFrame:
    """One row per participant and step of the flow: USUBJID, ARM (planned, "" for a screen failure), STEP, REASON.

    `enrolled`: ADSL rows of everybody in an arm, with ARM; `failures`: those of screen failures; `sets`: USUBJID of
    each analysis set; `answers`: ADRS rows of the leading endpoint in the set that is analysed. REASON is filled for
    LEFT and FAILED, unless `reasons` are hidden.
    """
    of_due = answers[answers["DUEFL"] == "Y"]
    answered = of_due[of_due["AVAL"].notna()] if exclude_unanswered else of_due
    who, treated = enrolled["USUBJID"], enrolled["SAFFL"] == "Y"
    due, in_set = who.isin(of_due["USUBJID"]), who.isin(answers["USUBJID"])
    taken = {
        SCREENED: pd.Series(len(failures) > 0, enrolled.index),
        ASSIGNED: pd.Series(True, enrolled.index),
        TREATED: treated,
        ELSEWHERE: treated & (enrolled["TRT01A"] != enrolled["ARM"]),
        UNTREATED: ~treated,
        LEFT: enrolled["STATUS"].isin(LEFT_STATUS),
        COMPLETED: enrolled["STATUS"] == "completed",
        ON_STUDY: enrolled["STATUS"] == "on study",
        **{f"SET {name}": who.isin(members) for name, members in sets.items()},
        DUE: due,
        NOT_DUE: in_set & ~due,
        UNANSWERED: due & ~who.isin(answered["USUBJID"]),
        ANALYSED: who.isin(answered["USUBJID"]),
    }
    why = {
        LEFT: reasons_of(enrolled[taken[LEFT]]) if reasons else "",
        FAILED: reasons_of(failures) if reasons else "",
    }
    screened = failures.assign(ARM="")
    parts = [_step(enrolled[rows], step, why.get(step, "")) for step, rows in taken.items()]
    parts += [_step(screened, SCREENED, ""), _step(screened, FAILED, why[FAILED])]
    return pd.concat(parts, ignore_index=True)


def _step(rows: pd.DataFrame, step: str, reason: pd.Series | str) -> pd.DataFrame:
    texts = rows[["USUBJID", "ARM"]].assign(STEP=step, REASON=reason)
    return texts.astype("str")


def flow_counts(members: pd.DataFrame, arms: Sequence[str], sets: Iterable[str]) -> pd.DataFrame:
    """One row per step, reason ("" all of them) and arm, ALL last: n participants. A step of nobody has n 0.

    ALL counts screen failures too; the one arm of the pooled view has that name already.
    """
    steps = [SCREENED, FAILED, ASSIGNED, TREATED, ELSEWHERE, UNTREATED, LEFT, COMPLETED, ON_STUDY]
    steps += [f"SET {name}" for name in sets]
    steps += [DUE, NOT_DUE, UNANSWERED, ANALYSED]
    rows = []
    for step in steps:
        own = members[members["STEP"] == step]
        for reason in ("", *in_order(own["REASON"])):
            of_reason = own[own["REASON"] == reason] if reason else own
            counts = of_reason["ARM"].value_counts()
            rows += [(step, reason, arm, int(counts.get(arm, 0))) for arm in arms if arm != ALL]
            rows.append((step, reason, ALL, len(of_reason)))
    return pd.DataFrame(rows, columns=["step", "reason", "arm", "n"])


def reasons_of(adsl: pd.DataFrame) -> pd.Series:
    """The reason of each ADSL row: DCSREAS, else the death that is known, else "Reason not recorded".

    Spellings that differ in capitals and blanks are one; beyond eight, the rarest are "Other reasons".
    """
    said = adsl["DCSREAS"].astype("str").str.split().str.join(" ")
    died = adsl["STATUS"] == "died" if "STATUS" in adsl else pd.Series(False, adsl.index)
    said = said.mask(said == "", NO_REASON).mask((said == "") & died, DEATH)
    shown = {text.casefold(): text.capitalize() if text.isupper() else text for text in sorted(set(said))}
    words = said.str.casefold().map(shown).astype("str")
    named = in_order(words[words != NO_REASON])
    return words.where(words.isin([*named[:MOST_REASONS], NO_REASON]), OTHER_REASONS)


def in_order(reasons: pd.Series) -> list[str]:
    """The reasons that occur, the most frequent first, then by name; the other and the unknown ones last."""
    counts = reasons[reasons != ""].value_counts()
    last = [OTHER_REASONS, NO_REASON]
    return sorted(counts.index, key=lambda text: (text in last and last.index(text) + 1, -counts[text], text))


def days_followed(subjects: pd.DataFrame, planned_end: float) -> pd.DataFrame:
    """One row per participant whose days are known: USUBJID, ARM, FOLLOWED, POSSIBLE (days from day 1).

    `subjects`: ADSL rows with ARM; `planned_end`: the study day of the last planned visit. Follow-up is possible to
    the cut, the planned end, death, or the day on which a participant completed the study.
    """
    known = subjects[day_is_known(subjects)]
    completed = known["EOSDY"].where(_said_completed(known))
    planned = pd.Series(planned_end, known.index, dtype=float)
    limits = pd.concat([known["DCUTDY"], known["DTHDY"], completed, planned], axis=1)
    possible = limits.min(axis=1).clip(lower=0)
    followed = known["FUDY"].clip(lower=0).clip(upper=possible)
    return known[["USUBJID", "ARM"]].assign(FOLLOWED=followed, POSSIBLE=possible)


def completeness_of_followup(days: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """One row per arm and ALL: `days` followed of the `possible` ones, their share, `n` of `N` followed for less.

    `days` is the frame of `days_followed`. Clark, Altman and De Stavola, Lancet 2002;359:1309.
    """
    rows = []
    for arm in (*arms, ALL):
        own = days if arm == ALL else days[days["ARM"] == arm]
        followed, possible = float(own["FOLLOWED"].sum()), float(own["POSSIBLE"].sum())
        less = int((own["FOLLOWED"] < own["POSSIBLE"]).sum())
        share = followed / possible if possible else np.nan
        rows.append((arm, less, len(own), followed, possible, share, CLARK))
    return pd.DataFrame(rows, columns=["arm", "n", "N", "days", "possible", "estimate", "method"])


def day_is_known(subjects: pd.DataFrame) -> pd.Series:
    """Whether it is known until when each ADSL row was followed: a cut day, and a day for who left."""
    left_unknown = (subjects["STATUS"] == "withdrawn") & subjects["EOSDY"].isna()
    return subjects["FUDY"].notna() & ~left_unknown


def withdrawal_times(subjects: pd.DataFrame) -> pd.DataFrame:
    """One row per participant with a known day: USUBJID, ARM, CIFDY, CIFEVENT (withdrawal, death, "" censored).

    What comes first counts: somebody who withdrew and died later withdrew. Before day 1 is read as day 1.
    """
    known = subjects[day_is_known(subjects)]
    died = known["DTHDY"].notna() & (known["FUDY"] == known["DTHDY"])
    left = known["EOSDY"].notna() & (known["FUDY"] == known["EOSDY"]) & ~_said_completed(known)
    event = np.select([died, left], [DIED, WITHDRAWAL], "")
    return known[["USUBJID", "ARM"]].assign(
        CIFDY=known["FUDY"].clip(lower=1), CIFEVENT=pd.Series(event, known.index, dtype="str")
    )


def _said_completed(adsl: pd.DataFrame) -> pd.Series:
    return adsl["EOSSTT"].astype("str").str.upper() == "COMPLETED"
