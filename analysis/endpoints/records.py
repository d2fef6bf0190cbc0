"""Platelet counts: censored values, the record of each day, and the baseline.

Rule: docs/reference/endpoints.md, section 1 "Baseline", "Record", "Censored values". Choices where it leaves room:
an End-of-Treatment row is recognised by its AVISIT and gives way to another row of its subject, day and value that is
not derived (DTYPE); the flagged baseline row may lie on any day that exists. All but the record of the day applies to
every laboratory parameter alike.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.endpoints.days import is_day, sort_key
from analysis.endpoints.subjects import Subjects
from analysis.stretches import ends_stretch, starts_stretch

CENSORED = r"^\s*([<>])\s*(\d+(?:\.\d*)?|\.\d+)\s*$"
END_OF_TREATMENT = r"(?i)end[ -]of[ -](?:treatment|trt)|^\s*EOT\s*$"
SIGNS = ["<", "", ">"]  # in the order of the values of one day: `<n` below every count, `>n` above


@dataclass(frozen=True, eq=False)
class Values:
    """Laboratory rows as arrays: `group` is the subject and parameter, `rank` -1 for `<n`, 1 for `>n`, else 0."""

    group: np.ndarray
    day: np.ndarray
    value: np.ndarray  # n for a censored value
    rank: np.ndarray
    flagged: np.ndarray  # ABLFL
    derived: np.ndarray  # DTYPE
    end_of_treatment: np.ndarray


def read_values(adlb: pd.DataFrame, group: np.ndarray) -> Values:
    """The rows of ADLB, an AVALC `<n` or `>n` deciding over AVAL."""
    rank, value = censored_values(adlb)
    return Values(
        group=group,
        day=adlb["ADY"].to_numpy(float),
        value=value,
        rank=rank,
        flagged=(adlb["ABLFL"] == "Y").to_numpy(),
        derived=(adlb["DTYPE"] != "").to_numpy(),
        end_of_treatment=is_end_of_treatment(adlb["AVISIT"]),
    )


def censored_values(adlb: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The rank of each row's value among the values of a day (-1 `<n`, 1 `>n`, else 0), and the value."""
    number, texts = pd.factorize(adlb["AVALC"].astype("str"))
    parts = pd.Series(texts, dtype="str").str.extract(CENSORED)
    rank: np.ndarray = ((parts[0] == ">").to_numpy(int) - (parts[0] == "<").to_numpy(int))[number]
    limit = pd.to_numeric(parts[1]).to_numpy(float)[number]
    return rank, np.where(rank == 0, adlb["AVAL"].to_numpy(float), limit)


def is_end_of_treatment(avisit: pd.Series) -> np.ndarray:
    """Whether each AVISIT names the End of Treatment."""
    number, names = pd.factorize(avisit.astype("str"))
    return pd.Series(names, dtype="str").str.contains(END_OF_TREATMENT).to_numpy(bool)[number]


def record_rows(values: Values, platelets: np.ndarray) -> np.ndarray:
    """Positions of the rows that are the record of their subject and day, the lowest of its counts, in that order."""
    counted = is_day(values.day) & ~np.isnan(values.value) & ~values.derived
    row = np.flatnonzero(counted & platelets)
    key = sort_key(values.group[row], values.day[row])
    order = np.lexsort((values.end_of_treatment[row], values.value[row], values.rank[row], key))
    is_first = starts_stretch(key[order])
    return row[order[is_first]]


def baseline_rows(values: Values) -> np.ndarray:
    """Positions of the rows that are the baseline of their group, at most one a group.

    The flagged row with a value (the latest day, then the highest); without one, of the last day at or before day 1
    that has a value, not a derived one, the highest: the harder fold condition.
    """
    counted = is_day(values.day) & ~np.isnan(values.value)
    row = np.flatnonzero(counted & (values.flagged | (~values.derived & (values.day <= 1))))
    keys = (values.value, values.rank, values.day, values.flagged, values.group)
    order = row[np.lexsort([key[row] for key in keys])]
    return order[ends_stretch(values.group[order])]


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
    row = np.flatnonzero(adlb["RECFL"] == "Y")
    subject = subjects.number_of(adlb["USUBJID"].iloc[row])
    key = sort_key(subject, adlb["ADY"].to_numpy(float)[row])
    order = np.argsort(key, kind="stable")
    row = row[order]
    below_limit = (adlb["CENSOR"] == "<").to_numpy()[row]
    return Records(
        subject=subject[order],
        day=adlb["ADY"].to_numpy(float)[row],
        count=np.where(below_limit, -np.inf, adlb["AVAL"].to_numpy(float)[row]),
        base=adlb["BASE"].to_numpy(float)[row],
        avisitn=adlb["AVISITN"].to_numpy(float)[row],
        stands_for_visit=(adlb["VISITFL"] == "Y").to_numpy()[row],
        key=key[order],
    )
