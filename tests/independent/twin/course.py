"""A subject's course under the words of one endpoint: rescue, usable records, levels, runs, loss."""

from typing import NamedTuple

from tests.independent.twin.days import is_day, plus
from tests.independent.twin.subject import Count, Subject
from trialdata.definition import Endpoint, RescueClass, StudyDefinition


class Rescue(NamedTuple):
    """One rescue medication; `end` is the last day of its shadow, None where that never ends."""

    start: float
    end: float | None
    new_therapy: bool
    counts: bool

    def shadows(self, day: float) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


class Reading(NamedTuple):
    """A usable record and what it says."""

    day: float
    count: Count
    assessed: bool
    bleeding: bool
    cr: bool
    response: bool
    response_by_count: bool


def is_used(row: dict, rescue: RescueClass) -> bool:
    """A new therapy begun before day 1 is not new and the row is not used."""
    return not (rescue.new_therapy and row["ASTDY"] < 1)


def shadow_end(row: dict, rescue: RescueClass) -> float | None:
    """The last day of a rescue's shadow; None: it never ends. An AENDY that is no day is missing."""
    if rescue.new_therapy:
        return None
    end = row.get("AENDY")
    if not is_day(end):
        if rescue.open_end == "ongoing":
            return None
        end = row["ASTDY"]
    if end < row["ASTDY"]:
        end = row["ASTDY"]
    return plus(end, rescue.washout_days)


def shadow_classes(subject: Subject, day: float, definition: StudyDefinition) -> set[str]:
    """The rescue classes, of all of them, whose shadow covers a day."""
    found = set()
    for rescue in definition.rescue:
        for row in subject.adcm:
            if row["CMCLAS"] == rescue.cmclas and is_used(row, rescue):
                end = shadow_end(row, rescue)
                if row["ASTDY"] <= day and (end is None or day <= end):
                    found.add(rescue.cmclas)
    return found


class Course:
    """The words of endpoints.md section 1, for one subject and one endpoint."""

    def __init__(self, subject: Subject, endpoint: Endpoint, definition: StudyDefinition):
        self.subject = subject
        self.endpoint = endpoint
        self.definition = definition
        self.rescues = self.find_rescues()
        self.search_end = self.find_search_end()
        self.readings = [
            self.read(record.day, record.count) for record in subject.records if self.is_usable(record.day)
        ]

    # rescue ---------------------------------------------------------------------------------------------

    def find_rescues(self) -> list[Rescue]:
        rescues = []
        for rescue in self.definition.rescue:
            named = self.endpoint.rescue_classes
            if named is not None and rescue.cmclas not in named:
                continue
            for row in self.subject.adcm:
                if row["CMCLAS"] == rescue.cmclas and is_used(row, rescue):
                    start = row["ASTDY"]
                    counts = start >= 1 and (rescue.new_therapy or start > self.endpoint.rescue_grace_day)
                    rescues.append(Rescue(start, shadow_end(row, rescue), rescue.new_therapy, counts))
        return rescues

    def find_search_end(self) -> float | None:
        if self.endpoint.rescue == "nonresponse":
            days = [rescue.start for rescue in self.rescues if rescue.counts]
        elif self.endpoint.rescue == "washout":
            days = [rescue.start for rescue in self.rescues if rescue.new_therapy]
        else:
            days = []
        return min(days) if days else None

    def in_shadow(self, day: float) -> bool:
        return any(rescue.shadows(day) for rescue in self.rescues)

    def counted_rescue_days(self) -> list[float]:
        """Starts of the rescues that interrupt runs and are losses: none under "ignore"."""
        if self.endpoint.rescue == "ignore":
            return []
        return [rescue.start for rescue in self.rescues if rescue.counts]

    # records --------------------------------------------------------------------------------------------

    def is_usable(self, day: float) -> bool:
        if day < 2 or self.subject.cut is None or day > self.subject.cut:
            return False
        if self.endpoint.rescue == "nonresponse":
            return (self.search_end is None or day < self.search_end) and not self.in_shadow(day)
        if self.endpoint.rescue == "washout":
            return not self.in_shadow(day)
        return True

    def assessments(self) -> list[tuple[float, float]]:
        """Day and grade, on day 2 or later; none where the bleeding clause is off."""
        if self.endpoint.bleeding == "":
            return []
        return [(day, grade) for day, grade in self.subject.grades(self.endpoint.bleeding) if day >= 2]

    def nearest_grade(self, record_day: float) -> float | None:
        near = [
            (abs(day - record_day), -grade)
            for day, grade in self.assessments()
            if abs(day - record_day) <= self.endpoint.bleeding_window_days
        ]
        return -min(near)[1] if near else None

    def is_bleeding(self, grade: float | None) -> bool:
        if self.endpoint.bleeding == "":
            return False
        if grade is None:
            return self.endpoint.bleeding_missing == "present"
        return grade > self.endpoint.bleeding_max

    def read(self, day: float, count: Count) -> Reading:
        grade = self.nearest_grade(day)
        bleeding = self.is_bleeding(grade)
        cr_by_count = count.reaches(self.endpoint.cr_count)
        r_by_count = cr_by_count or (count.reaches(self.endpoint.r_count) and self.reaches_fold(count))
        return Reading(
            day=day,
            count=count,
            assessed=self.endpoint.bleeding == "" or grade is not None,
            bleeding=bleeding,
            cr=cr_by_count and not bleeding,
            response=r_by_count and not bleeding,
            response_by_count=r_by_count,
        )

    def reaches_fold(self, count: Count) -> bool:
        """count >= r_fold x BASE; without BASE only CR can be reached; r_fold = 0 drops the condition."""
        if self.endpoint.r_fold == 0:
            return True
        if self.subject.base is None:
            return False
        return count.reaches(self.endpoint.r_fold * self.subject.base)

    def holds_by_count(self, reading: Reading) -> bool:
        """The hold level of sustained_response, without its bleeding clause."""
        endpoint, base = self.endpoint, self.subject.base
        if reading.count.reaches(endpoint.cr_count):
            return True
        hold_count = endpoint.r_count if endpoint.hold_count is None else endpoint.hold_count
        if not reading.count.reaches(hold_count):
            return False
        if endpoint.hold_fold > 0:
            return base is not None and reading.count.reaches(endpoint.hold_fold * base)
        return True

    # runs -----------------------------------------------------------------------------------------------

    def is_run(self, first: int, last: int, level: str) -> bool:
        """Whether the usable records number `first` to `last` are a run at `level` ("cr", "response")."""
        if not all(getattr(reading, level) for reading in self.readings[first : last + 1]):
            return False
        begin, end = self.readings[first].day, self.readings[last].day
        return not any(begin < day <= end for day in self.counted_rescue_days())

    def open_run(self) -> list[Reading]:
        last = len(self.readings) - 1
        if last < 0 or any(day > self.readings[last].day for day in self.counted_rescue_days()):
            return []
        for first in range(last + 1):
            if self.is_run(first, last, "response"):
                return self.readings[first:]
        return []

    def pairs(self, level: str) -> list[tuple[int, int]]:
        """All pairs i < j of usable records that confirm each other at a level, by i and then j."""
        found = []
        for i in range(len(self.readings)):
            if self.endpoint.confirm_days == 0 and self.is_run(i, i, level):
                found.append((i, i))
            for j in range(i + 1, len(self.readings)):
                if not self.is_run(i, j, level):
                    break
                if self.readings[j].day - self.readings[i].day >= self.endpoint.confirm_days:
                    found.append((i, j))
        return found

    def confirmed(self, level: str, a: float, b: float) -> tuple[float, float] | None:
        """Onset in [a, b] and the day that confirms it, of the earliest confirmed response at a level."""
        for i, j in self.pairs(level):
            if a <= self.readings[i].day <= b:
                return self.readings[i].day, self.readings[j].day
        return None

    # loss -----------------------------------------------------------------------------------------------

    def low_pairs(self, is_below) -> list[float]:
        """First days of two consecutive usable records, at least a day apart, both below a level."""
        return [
            first.day
            for first, second in zip(self.readings, self.readings[1:], strict=False)
            if second.day - first.day >= 1 and is_below(first) and is_below(second)
        ]

    def bleeding_days(self) -> list[float]:
        return [day for day, grade in self.assessments() if grade > self.endpoint.bleeding_max]

    def loss(self, onset: float, is_below) -> tuple[float, str] | None:
        """Day and cause of the loss after `onset`, if there is one."""
        causes = []
        if self.subject.death is not None and self.subject.death >= onset:
            causes.append((self.subject.death, 0, "death"))
        causes += [(day, 1, "rescue") for day in self.counted_rescue_days() if day > onset]
        causes += [(day, 2, "bleeding") for day in self.bleeding_days() if day > onset]
        causes += [(day, 3, "count") for day in self.low_pairs(is_below) if day > onset]
        if not causes:
            return None
        day, _, cause = min(causes)
        return day, cause
