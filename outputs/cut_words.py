"""The words of what changed between two data cuts: causes, states, ways from one to the other, records."""

import pandas as pd

from analysis import cut_steps as steps
from analysis.cut_steps import CutComparison
from outputs import wording
from outputs.basis import Basis
from outputs.people import STATE_WORDS
from trialdata.cut_changes import COMPLETED, CORRECTED, NEW, VANISHED

STATES = STATE_WORDS | {"NOTENROLLED": "not enrolled", "NOTINSET": "not in the analysis set"}
FIRST_CUT = "This is the first data cut: there is none before it to compare with."
NOT_CHOSEN = "No earlier data cut was chosen to compare with."
DATASET_WORDS = {
    "adsl": "ADSL, participants",
    "adlb": "ADLB, laboratory counts",
    "adqs": "ADQS, bleeding and scores",
    "adcm": "ADCM, medication",
    "adae": "ADAE, adverse events",
    "adex": "ADEX, treatment",
}
RECORDS_OF = {  # the records that a cause is about: kind, datasets
    steps.VANISHED: ((VANISHED,), ("adlb", "adqs", "adcm")),
    steps.CORRECTED: ((CORRECTED,), ("adsl", "adlb", "adqs", "adcm")),
    steps.COMPLETED: ((COMPLETED, CORRECTED), ("adsl", "adlb", "adqs", "adcm")),
    steps.VISIT: ((NEW,), ("adlb",)),
    steps.BLEEDING: ((NEW,), ("adqs",)),
    steps.RESCUE: ((NEW,), ("adcm",)),
    steps.ENDED: ((COMPLETED, CORRECTED), ("adsl",)),
    steps.IN_SET: ((COMPLETED, CORRECTED, NEW, VANISHED), ("adsl", "adex")),
}
ONLY_COLUMNS = {steps.ENDED: steps.ENDING, steps.IN_SET: (*steps.FLAGS, "TRT01A", "")}
MOST = 3


def without_earlier(basis: Basis) -> str:
    """Why there is nothing to compare with."""
    return FIRST_CUT if basis.data.study.cut == basis.data.study.cuts[0] else NOT_CHOSEN


def earlier_date(since: CutComparison) -> str:
    return wording.date_text(since.earlier.study.cut)


def causes_words(counts: pd.Series) -> str:
    """ "34 newly due, 2 correction" from the number of participants by cause, none left out."""
    return ", ".join(f"{n} {cause}" for cause, n in counts.items() if n)


def path_words(path: str) -> str:
    """ "not yet due; later cutoff: response; new visit: complete response": every step that changed the state."""
    first, *rest = path.split("|")
    way = [f"{step}: {STATES.get(state, state)}" for step, state in zip(rest[::2], rest[1::2], strict=True)]
    return "; ".join([STATES.get(first, first), *way])


def records_behind(since: CutComparison, usubjid: str, cause: str) -> str:
    """The changed records of a participant that the cause is about, the first few in words."""
    if cause not in RECORDS_OF:
        return ""
    kinds, datasets = RECORDS_OF[cause]
    rows = since.records.rows
    rows = rows[(rows["USUBJID"] == usubjid) & rows["WHAT"].isin(kinds) & rows["DATASET"].isin(datasets)]
    grades = {endpoint.bleeding for endpoint in since.data.definition.endpoints}
    rows = rows[(rows["DATASET"] != "adqs") | rows["PARAMCD"].isin(grades)]  # a questionnaire moves no rate
    if cause in ONLY_COLUMNS:
        rows = rows[rows["COLUMN"].isin(ONLY_COLUMNS[cause])]
    if cause == steps.VISIT:
        rows = rows[rows["PARAMCD"] == "PLAT"]
        return _new_counts(rows)
    said = [record_words(row) for row in rows.head(MOST).itertuples()]
    more = f" and {len(rows) - MOST} more" if len(rows) > MOST else ""
    return "; ".join(said) + more


def _new_counts(rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    low, high = rows["DAY"].min(), rows["DAY"].max()
    days = f"day {wording.day(low)}" if low == high else f"days {wording.day(low)} to {wording.day(high)}"
    return f"{wording.plural(len(rows), 'new count')}, {days}"


def record_words(row) -> str:
    """ "PLAT day 127, AVAL 48 to 84"."""
    day = f" day {wording.day(row.DAY)}" if not pd.isna(row.DAY) else ""
    what = f"{row.PARAMCD}{day}".strip()
    if row.COLUMN:
        change = f"{row.COLUMN} {row.BEFORE or 'empty'} to {row.AFTER or 'empty'}"
        return f"{what}, {change}" if what else change
    value = row.AFTER or row.BEFORE
    return f"{what or 'participant'} {row.WHAT}" + (f" ({value})" if value else "")
