"""A statistician's own answers held against ours, participant by participant: double programming.

docs/how-to/double-programming.md. AVALC and CNSR have to be equal, AVAL within 1e-9 (relative above 1); days and
shares have nothing else to differ by.
"""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from analysis.proportions import ratio
from trialdata.answers import ANY_RESPONSE, NO_RESPONSE
from trialdata.definition import RATE_KINDS, TIME_KINDS, Endpoint, StudyDefinition

TOLERANCE = 1e-9
AGREE, DIFFER, ONLY_OURS, ONLY_THEIRS = "agree", "differ", "only ours", "only theirs"
UNKNOWN = "unknown participant"
RESULTS = (AGREE, DIFFER, ONLY_OURS, ONLY_THEIRS, UNKNOWN)
KEYS = ["USUBJID", "PARAMCD"]
VALUES = ["AVALC", "AVAL", "CNSR"]
RESPONSES = ("CR", "R", "Y", ANY_RESPONSE)
NO_ANSWER = ("PENDING", "MISSING")
SAME_RATE = "Both count as no response."
LEFT_OUT = "A participant without an answer has a row here; many programs write none."
NOT_DUE = "Not yet due at this cut: in no rate."


def reconcile(
    ours: pd.DataFrame,
    theirs: pd.DataFrame,
    definition: StudyDefinition,
    *,
    known: Collection[str],
    expected: Collection[str],
) -> pd.DataFrame:
    """One row per participant and parameter that either side has: RESULT, the values of both sides, and a remark.

    `ours` are the rows of `all_answers`, `theirs` those of `trialdata.reconciliation`. A participant who is not
    `known` is an unknown one; one of `expected` (the analysis set) whom they do not have is "only ours". OURS and
    THEIRS are the values in words, ROW the row of their file, NOTE what explains a difference by convention.
    """
    parameters = theirs["PARAMCD"].unique()
    mine = ours[ours["PARAMCD"].isin(parameters)]
    wanted = mine["USUBJID"].isin(theirs["USUBJID"]) | mine["USUBJID"].isin(list(expected))
    both = (
        theirs.rename_axis("ROW")
        .reset_index()
        .merge(mine.loc[wanted, [*KEYS, *VALUES, "DUEFL"]], on=KEYS, how="outer", suffixes=("_THEIRS", ""))
    )
    has_theirs, has_ours = both["ROW"].notna(), both["DUEFL"].notna()
    is_known = both["USUBJID"].isin(list(known))
    parts = [_compared(rows, definition.endpoint(code)) for code, rows in both.groupby("PARAMCD", sort=False)]
    both = both.join(pd.concat(parts)) if parts else both.assign(OURS="", THEIRS="", SAME=True, NOTE="")
    result = np.select(
        [~is_known, ~has_ours, ~has_theirs, both["SAME"].to_numpy(bool)],
        [UNKNOWN, ONLY_THEIRS, ONLY_OURS, AGREE],
        DIFFER,
    )
    both = both.assign(
        RESULT=result,
        OURS=both["OURS"].where(has_ours, ""),
        THEIRS=both["THEIRS"].where(has_theirs, ""),
        NOTE=both["NOTE"].where(result != AGREE, ""),
    )
    order = {endpoint.paramcd: place for place, endpoint in enumerate(definition.endpoints)}
    both = both.sort_values(["PARAMCD", "USUBJID"], key=lambda c: c.map(order) if c.name == "PARAMCD" else c)
    return both.drop(columns="SAME").reset_index(drop=True)


def all_answers(adrs: pd.DataFrame, adtte: pd.DataFrame) -> pd.DataFrame:
    """ADRS and ADTTE as one frame of answers: USUBJID, PARAMCD, AVALC, AVAL, CNSR, DUEFL."""
    columns = [*KEYS, *VALUES, "DUEFL"]
    return pd.concat(
        [
            adrs.assign(CNSR=np.nan)[columns],
            adtte.assign(AVALC="", DUEFL="", CNSR=adtte["CNSR"].astype(float))[columns],
        ],
        ignore_index=True,
    )


def _compared(rows: pd.DataFrame, endpoint: Endpoint) -> pd.DataFrame:
    """Of the rows of one endpoint: OURS, THEIRS, SAME and NOTE."""
    if endpoint.kind in RATE_KINDS:
        return _compared_answers(rows)
    same = _near(rows["AVAL"], rows["AVAL_THEIRS"])
    if endpoint.kind in TIME_KINDS:
        same &= rows["CNSR"] == rows["CNSR_THEIRS"]
    words = {
        "OURS": _values(rows["AVAL"], rows["CNSR"], endpoint),
        "THEIRS": _values(rows["AVAL_THEIRS"], rows["CNSR_THEIRS"], endpoint),
    }
    return pd.DataFrame({**words, "SAME": same, "NOTE": ""}, index=rows.index)


def _near(ours: pd.Series, theirs: pd.Series) -> pd.Series:
    """Equal within the tolerance; two that are missing are equal."""
    apart = (ours - theirs).abs() <= TOLERANCE * np.maximum(1, theirs.abs())
    return apart | (ours.isna() & theirs.isna())


def _values(values: pd.Series, censor: pd.Series, endpoint: Endpoint) -> list[str]:
    """ "57, censored"; a share or grade alone."""
    if endpoint.kind not in TIME_KINDS:
        return ["MISSING" if pd.isna(value) else f"{value:.10g}" for value in values]
    return [
        f"{value:.10g}, {'event' if event == 0 else 'censored'}"
        for value, event in zip(values, censor, strict=True)
    ]


def _compared_answers(rows: pd.DataFrame) -> pd.DataFrame:
    """Equal words; "RESPONDER" is any response, "NONRESPONDER" a plain no response."""
    ours, theirs = rows["AVALC"].fillna(""), rows["AVALC_THEIRS"].fillna("")
    same = (
        (ours == theirs)
        | ((theirs == ANY_RESPONSE) & ours.isin(["CR", "R"]))
        | ((theirs == NO_RESPONSE) & (ours == "NR"))
    )
    absent = rows["ROW"].isna()
    counted_alike = ~ours.isin(RESPONSES) & ~theirs.isin(RESPONSES)
    note = np.select(
        [
            absent & ours.isin(NO_ANSWER),
            rows["DUEFL"] == "N",
            ~absent & (ours != "") & counted_alike,
        ],
        [LEFT_OUT, NOT_DUE, SAME_RATE],
        "",
    )
    return pd.DataFrame({"OURS": ours, "THEIRS": theirs, "SAME": same, "NOTE": note}, index=rows.index)


def reconciled_counts(compared: pd.DataFrame, definition: StudyDefinition) -> pd.DataFrame:
    """One row per parameter: `compared` on both sides, and how many of each result."""
    counts = compared.groupby(["PARAMCD", "RESULT"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=list(RESULTS), fill_value=0)
    codes = [endpoint.paramcd for endpoint in definition.endpoints if endpoint.paramcd in counts.index]
    counts = counts.reindex(codes).rename_axis("paramcd").reset_index().rename_axis(columns=None)
    return counts.assign(compared=counts[AGREE] + counts[DIFFER])[["paramcd", "compared", *RESULTS]]


def reconciled_rates(
    compared: pd.DataFrame, arm_of: pd.Series, arms: Sequence[str], definition: StudyDefinition
) -> pd.DataFrame:
    """One row per parameter with a rate and arm: responders among our due by our answers and by theirs.

    `arm_of`: ARM of the analysis set by USUBJID. Whom they do not have, and what they call pending or missing, counts
    as no response; `absent` is the number of due without a row of theirs.
    """
    rates = [endpoint.paramcd for endpoint in definition.endpoints if endpoint.kind in RATE_KINDS]
    due = compared[(compared["DUEFL"] == "Y") & compared["USUBJID"].isin(arm_of.index)]
    due = due.assign(ARM=due["USUBJID"].map(arm_of))
    rows = []
    for code in (code for code in rates if (compared["PARAMCD"] == code).any()):
        for arm in arms:
            own = due[(due["PARAMCD"] == code) & (due["ARM"] == arm)]
            ours, theirs = (int(own[name].isin(RESPONSES).sum()) for name in ("AVALC", "AVALC_THEIRS"))
            shares = (ratio(ours, len(own)), ratio(theirs, len(own)))
            rows.append((code, arm, ours, theirs, len(own), *shares, int(own["ROW"].isna().sum())))
    names = ["paramcd", "arm", "n", "n_theirs", "N", "estimate", "estimate_theirs", "absent"]
    return pd.DataFrame(rows, columns=names)
