"""Platelet counts: censored values, the record of each day, and the baseline.

Rule: docs/reference/endpoints.md, section 1 "Baseline", "Record", "Censored values". Choices where it leaves room:
an End-of-Treatment row is recognised by its AVISIT and is a copy when a row that is neither derived (DTYPE) nor
itself End of Treatment has its subject, day and value; the flagged baseline row may lie on any day that exists.
Everything but the record of the day applies to every laboratory parameter alike.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.endpoints.days import is_day, sort_key
from analysis.endpoints.subjects import Subjects

CENSORED = r"^\s*([<>])\s*(\d+(?:\.\d*)?|\.\d+)\s*$"
END_OF_TREATMENT = r"(?i)end[ -]of[ -](?:treatment|trt)|^\s*EOT\s*$"


@dataclass(frozen=True, eq=False)
class Records:
    """One element per platelet record, sorted by subject and day; `count` is what thresholds are held against."""

    subject: np.ndarray
    day: np.ndarray
    count: np.ndarray  # -inf for `<n`: below every threshold
    base: np.ndarray
    avisitn: np.ndarray
    stands_for_visit: np.ndarray
    key: np.ndarray  # sorts by subject, then by day

    def __len__(self) -> int:
        return len(self.day)


def read_records(adlb: pd.DataFrame, subjects: Subjects) -> Records:
    """The records of a derived ADLB (rows with RECFL = Y)."""
    rows = adlb.loc[adlb["RECFL"] == "Y", ["USUBJID", "ADY", "AVAL", "CENSOR", "BASE", "AVISITN", "VISITFL"]]
    subject, day = subjects.number_of(rows["USUBJID"]), rows["ADY"].to_numpy(float)
    key = sort_key(subject, day)
    order = np.argsort(key, kind="stable")
    rows = rows.iloc[order]
    return Records(
        subject=subject[order],
        day=day[order],
        count=np.where(rows["CENSOR"] == "<", -np.inf, rows["AVAL"].to_numpy(float)),
        base=rows["BASE"].to_numpy(float),
        avisitn=rows["AVISITN"].to_numpy(float),
        stands_for_visit=(rows["VISITFL"] == "Y").to_numpy(),
        key=key[order],
    )


def censored_values(adlb: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """CENSOR ("<", ">" or "") and AVAL of each row: an AVALC `<n` or `>n` decides, whatever AVAL holds."""
    number, texts = pd.factorize(adlb["AVALC"].astype(str))
    parts = pd.Series(texts, dtype="str").str.extract(CENSORED)
    sign = parts[0].fillna("").to_numpy(object)[number]
    limit = pd.to_numeric(parts[1]).to_numpy(float)[number]
    return sign, np.where(sign == "", adlb["AVAL"].to_numpy(float), limit)


def severity_rank(sign: np.ndarray) -> np.ndarray:
    """Order among the values of one day: `<n` before every count, `>n` after every count."""
    return np.where(sign == "<", -1, np.where(sign == ">", 1, 0))


def is_record(adlb: pd.DataFrame, subject: np.ndarray) -> np.ndarray:
    """Whether each platelet row is the record of its subject and day: the lowest of the counts.

    Wants the columns ADY, AVAL, CENSOR, DTYPE, AVISIT; of equal counts an End-of-Treatment copy is never the record.
    """
    chosen = np.zeros(len(adlb), dtype=bool)
    day, count = adlb["ADY"].to_numpy(float), adlb["AVAL"].to_numpy(float)
    index = np.flatnonzero(is_day(day) & ~np.isnan(count) & (adlb["DTYPE"] == "").to_numpy())
    key = sort_key(subject[index], day[index])
    rank = severity_rank(adlb["CENSOR"].to_numpy(object)[index])
    order = np.lexsort((is_end_of_treatment(adlb)[index], count[index], rank, key))
    chosen[index[order[np.r_[True, np.diff(key[order]) != 0][: len(order)]]]] = True
    return chosen


def is_end_of_treatment(adlb: pd.DataFrame) -> np.ndarray:
    """Whether AVISIT names the End of Treatment."""
    number, names = pd.factorize(adlb["AVISIT"].astype(str))
    return pd.Series(names, dtype="str").str.contains(END_OF_TREATMENT).to_numpy(bool)[number]


def baseline_rows(adlb: pd.DataFrame, group: np.ndarray) -> np.ndarray:
    """Positions of the rows that are the baseline of their group (subject and parameter), at most one a group.

    The row flagged ABLFL = Y with a value (the latest day, then the highest); without one, the last day at or
    before day 1 that has a value which is not derived, and of that day the highest: the harder fold condition.
    """
    day, count = adlb["ADY"].to_numpy(float), adlb["AVAL"].to_numpy(float)
    flagged = (adlb["ABLFL"] == "Y").to_numpy()
    eligible = flagged | ((adlb["DTYPE"] == "").to_numpy() & (day <= 1))
    index = np.flatnonzero(eligible & is_day(day) & ~np.isnan(count))
    rank = severity_rank(adlb["CENSOR"].to_numpy(object)[index])
    order = index[np.lexsort((count[index], rank, day[index], flagged[index], group[index]))]
    last_of_group = np.r_[np.diff(group[order]) != 0, True][: len(order)]
    return order[last_of_group]
