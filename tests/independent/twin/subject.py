"""What is known of one subject at the cut: counts, assessments, death, end of study."""

import re
from typing import NamedTuple

from tests.independent.twin.days import is_day, is_missing


class Count(NamedTuple):
    """A platelet count as reported: `<5` is Count("<", 5)."""

    censor: str
    n: float

    def rank(self) -> tuple[int, float]:
        """`<n` is the lowest of its day, `>n` the highest."""
        return {"<": 0, "": 1, ">": 2}[self.censor], self.n

    def reaches(self, threshold: float) -> bool:
        """`<n` is below every threshold; `>n` counts as n. Products carry a rounding error: 1e-9."""
        return self.censor != "<" and self.n >= threshold - 1e-9


class Record(NamedTuple):
    """The platelet count of a day."""

    day: float
    count: Count


def count_of(row: dict) -> Count | None:
    """The count of a row of ADLB: AVALC `<n` or `>n` decides, whatever AVAL holds."""
    text = row.get("AVALC")
    censored = None if is_missing(text) else re.fullmatch(r"([<>])(\d+(?:\.\d+)?)", text.strip())
    if censored:
        return Count(censored[1], float(censored[2]))
    return None if is_missing(row["AVAL"]) else Count("", row["AVAL"])


def is_end_of_treatment(row: dict) -> bool:
    return not is_missing(row.get("AVISIT")) and row["AVISIT"].strip().lower() == "end of treatment"


class Subject:
    """One subject as the rules see it: rows after the cut, and after death, do not exist."""

    def __init__(self, adsl: dict, adlb: list[dict], adqs: list[dict], adcm: list[dict]):
        self.adsl = adsl
        self.usubjid = adsl["USUBJID"]
        self.cut = None if is_missing(adsl.get("DCUTDY")) else adsl["DCUTDY"]
        self.death = self.day_by_cut("DTHDY")
        self.end_of_study = self.day_by_cut("EOSDY")
        self.platelets = [row for row in adlb if row["PARAMCD"] == "PLAT" and self.exists(row["ADY"])]
        self.records = self.find_records()
        self.base, self.base_day = self.find_baseline()
        self.adqs = [row for row in adqs if self.exists(row["ADY"]) and not is_missing(row["AVAL"])]
        self.adcm = [row for row in adcm if self.exists(row["ASTDY"])]

    def day_by_cut(self, column: str) -> float | None:
        """EOSDY or DTHDY; one after the cut does not exist, and nothing is at or before an unknown cut."""
        day = self.adsl.get(column)
        if is_missing(day) or self.cut is None or day > self.cut:
            return None
        return day

    def exists(self, day) -> bool:
        if self.cut is None or not is_day(day) or day > self.cut:
            return False
        return self.death is None or day <= self.death

    def is_copy(self, row: dict) -> bool:
        """An End-of-Treatment copy of another row: same subject, date, value.

        The other row must be a measurement itself: one that is derived, or is such a copy, would leave no record.
        """
        return is_end_of_treatment(row) and any(
            other["ADY"] == row["ADY"] and count_of(other) == count_of(row)
            for other in self.platelets
            if is_missing(other.get("DTYPE")) and not is_end_of_treatment(other)
        )

    def rows_of(self, day: float) -> list[dict]:
        """The rows of a day that may be its record."""
        return [
            row
            for row in self.platelets
            if row["ADY"] == day
            and is_missing(row.get("DTYPE"))
            and count_of(row) is not None
            and not self.is_copy(row)
        ]

    def find_records(self) -> list[Record]:
        """One a day, the lowest of its counts, by day."""
        records = []
        for day in sorted({row["ADY"] for row in self.platelets}):
            counts = [count_of(row) for row in self.rows_of(day)]
            if counts:
                records.append(Record(day, min(counts, key=Count.rank)))
        return records

    def find_baseline(self) -> tuple[float | None, float | None]:
        """BASE and its day: the flagged count, else the highest of the last day at or before day 1."""
        flagged = [row for row in self.platelets if row.get("ABLFL") == "Y" and count_of(row) is not None]
        if flagged:
            day = max(row["ADY"] for row in flagged)
            counts = [count_of(row) for row in flagged if row["ADY"] == day]
        else:
            early = [record.day for record in self.records if record.day <= 1]
            if not early:
                return None, None
            day = max(early)
            counts = [count_of(row) for row in self.rows_of(day)]
        return max(counts, key=Count.rank).n, day

    def grades(self, paramcd: str) -> list[tuple[float, float]]:
        """Day and grade of every assessment of an instrument, baseline included."""
        return [(row["ADY"], row["AVAL"]) for row in self.adqs if row["PARAMCD"] == paramcd]

    @property
    def on_study(self) -> bool:
        """No EOSDY and no DTHDY by the cut; where the file gives no EOSDY, EOSSTT decides."""
        if self.end_of_study is not None or self.death is not None:
            return False
        return not self.ended_without_a_day

    @property
    def ended_without_a_day(self) -> bool:
        return is_missing(self.adsl.get("EOSDY")) and self.adsl.get("EOSSTT") in ("COMPLETED", "DISCONTINUED")

    @property
    def status(self) -> str:
        if self.death is not None:
            return "died"
        if self.on_study:
            return "on study"
        return "completed" if self.adsl.get("EOSSTT") == "COMPLETED" else "withdrawn"

    @property
    def last_day_followed(self) -> float | None:
        days = [day for day in (self.cut, self.end_of_study, self.death) if day is not None]
        return min(days) if days else None
