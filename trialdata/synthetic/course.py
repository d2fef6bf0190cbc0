"""The course of one participant: visits with counts and bleeding grades, rescue, and how the study ends.

Walks through the days in order, because what is seen at a visit decides what follows: a low count may lead to
rescue, rescue to further counts, a low platelet level to bleeding and to an unscheduled visit.
"""

import heapq
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from trialdata.synthetic.level import day_to_day_noise, underlying_level
from trialdata.synthetic.participants import Participant
from trialdata.synthetic.randomness import Purpose, chance, pick, stream, whole
from trialdata.synthetic.rescue import Rescue, draw_rescue, rescue_effect
from trialdata.synthetic.trials import WEEKS, ArmTruth, Trial

UNSCHEDULED = -1
BASELINE_GRADES = {"0": 0.40, "1": 0.48, "2": 0.10, "3": 0.02}
DROPOUT_CHANCE = {"sustained": 0.05, "lost": 0.10, "never": 0.17}
# Chance of bleeding at an assessment, by platelet level; the grade then follows CONDITIONAL_GRADES.
BLEEDING_CHANCE = ((10, 0.45), (20, 0.24), (30, 0.10), (50, 0.02), (100, 0.002), (np.inf, 0.0005))
CONDITIONAL_GRADES = {"1": 0.82, "2": 0.16, "3": 0.02}
HIGHEST_AFTER_RESCUE = float(np.log(400))


@dataclass(frozen=True)
class Visit:
    """One visit: the planned week, or UNSCHEDULED. A grade of None was not assessed."""

    day: int
    week: int
    count: int
    grade: int | None


@dataclass(frozen=True)
class Ending:
    """How a participant left: EOSSTT, the day, the reason of a discontinuation, the day of death."""

    status: str
    day: int
    reason: str = ""
    death_day: int | None = None


@dataclass
class Course:
    person: Participant
    arm: ArmTruth
    ending: Ending
    visits: list[Visit] = field(default_factory=list)
    rescues: list[Rescue] = field(default_factory=list)
    level: np.ndarray = field(default_factory=lambda: np.zeros(0))  # log counts by day, rescue included


@dataclass(frozen=True)
class Streams:
    visits: Generator
    bleeding: Generator
    rescue: Generator


def follow(trial: Trial, person: Participant) -> Course:
    """Everything that happens to a participant up to the end of the study."""
    arm = trial.arm(person.actual or person.planned)
    course = Course(person, arm, draw_ending(trial, person))
    course.level = underlying_level(person, arm, trial.seed) + day_to_day_noise(person, trial.seed)
    streams = Streams(
        *(stream(trial.seed, p, person.number) for p in (Purpose.VISITS, Purpose.BLEEDING, Purpose.RESCUE))
    )
    course.visits.append(baseline_visit(person, streams))
    queue = planned_days(streams.visits) if person.actual else []
    if person.dies:
        queue.append((course.ending.day - 1, UNSCHEDULED))
    heapq.heapify(queue)
    while queue and queue[0][0] <= course.ending.day:
        for day in attend(course, *heapq.heappop(queue), streams):
            heapq.heappush(queue, (day, UNSCHEDULED))
    return course


def baseline_visit(person: Participant, streams: Streams) -> Visit:
    day = int(pick(streams.visits, {"1": 0.7, "-1": 0.2, "-2": 0.1}))
    return Visit(day, 0, person.baseline, int(pick(streams.bleeding, BASELINE_GRADES)))


def planned_days(rng: Generator) -> list[tuple[int, int]]:
    """(day, week) of the visits that take place: some are missed, some fall out of their window."""
    return [(7 * week + 1 + deviation(week, rng), week) for week in WEEKS[1:] if not missed(week, rng)]


def missed(week: int, rng: Generator) -> bool:
    return chance(rng, 0.04 if week <= 8 else 0.07 if week <= 26 else 0.10)


def deviation(week: int, rng: Generator) -> int:
    """Days off the target: allowed are 2 in the weekly, 3 in the biweekly and 7 in the monthly phase."""
    allowed, usual, out = (2, 0.8, 0.015) if week <= 8 else (3, 1.2, 0.20) if week <= 26 else (7, 3.0, 0.08)
    if not chance(rng, out):
        return int(np.clip(round(usual * float(rng.standard_normal())), -allowed, allowed))
    beyond = whole(rng, allowed + 2 if week <= 8 else allowed + 1, allowed + 3)
    return beyond if chance(rng, 0.7) else -beyond


def draw_ending(trial: Trial, person: Participant) -> Ending:
    """Completion at about one year, or an earlier end: the worse the outcome, the likelier."""
    rng = stream(trial.seed, Purpose.DROPOUT, person.number)
    if not person.actual:
        return Ending("DISCONTINUED", whole(rng, 2, 6), "WITHDRAWAL BY SUBJECT")
    if person.dies:
        day = whole(rng, 100, 180)
        return Ending("DISCONTINUED", day, "DEATH", day)
    if not chance(rng, DROPOUT_CHANCE[person.outcome]):
        return Ending("COMPLETED", 378)
    lack = 0.35 if person.outcome == "never" else 0
    reasons = {"WITHDRAWAL BY SUBJECT": 0.35, "LOST TO FOLLOW-UP": 0.35, "ADVERSE EVENT": 0.1}
    return Ending("DISCONTINUED", whole(rng, 40, 340), pick(rng, reasons | {"LACK OF EFFICACY": lack}))


def attend(course: Course, day: int, week: int, streams: Streams) -> list[int]:
    """Record one visit; the days of the unscheduled visits that it leads to."""
    if day <= course.visits[-1].day:
        return []
    true_count = float(np.exp(course.level[day]))
    fatal = course.person.dies and day == course.ending.day - 1
    count = 4 if fatal else observed_count(true_count, streams.visits)
    grade = 4 if fatal else bleeding_grade(true_count, course.person.bleeding_frailty, streams.bleeding)
    missing = week != UNSCHEDULED and chance(streams.bleeding, 0.03)
    course.visits.append(Visit(day, week, count, None if missing else grade))
    if not fatal and needs_rescue(course, day, count, grade, streams.rescue):
        return start_rescue(course, day, streams.rescue)
    return extra_visits(day, count, true_count, streams.visits)


def observed_count(true_count: float, rng: Generator) -> int:
    """The count as reported; clumping in the tube makes one of two hundred far too low."""
    clumped = true_count > 40 and chance(rng, 0.005)
    return max(1, round(true_count * (0.15 + 0.25 * rng.random() if clumped else 1)))


def bleeding_grade(true_count: float, frailty: float, rng: Generator) -> int:
    """WHO grade 0 to 3."""
    probability = next(p for below, p in BLEEDING_CHANCE if true_count < below)
    grade = int(pick(rng, CONDITIONAL_GRADES))
    return grade if chance(rng, min(0.8, probability * frailty)) else 0


def needs_rescue(course: Course, day: int, count: int, grade: int, rng: Generator) -> bool:
    """Bleeding of grade 2 or more, or a count below 20, and no rescue in the last four weeks."""
    recent = course.rescues and day - course.rescues[-1].start < 28
    bleeds = 0.30 if grade >= 2 and count < 30 else 0
    low = course.arm.rescue_chance * (2 if count < 10 else 1) if count < 20 and day > 10 else 0
    return chance(rng, max(bleeds, low)) and not recent


def start_rescue(course: Course, day: int, rng: Generator) -> list[int]:
    """Begin a rescue on the day or the day after; its effect is checked after days and a week."""
    rescue = draw_rescue(course.arm, day + whole(rng, 0, 1), rng)
    course.rescues.append(rescue)
    lifted = np.minimum(course.level + rescue_effect(rescue, rng), HIGHEST_AFTER_RESCUE)
    course.level = np.maximum(course.level, lifted)
    return [rescue.start + whole(rng, 2, 4), rescue.start + whole(rng, 7, 9)]


def extra_visits(day: int, count: int, true_count: float, rng: Generator) -> list[int]:
    """A count that looks wrong is repeated; a very low one sometimes brings the participant back early."""
    if count < true_count / 2:
        return [day + whole(rng, 1, 3)]
    return [day + whole(rng, 2, 4)] if count < 8 and chance(rng, 0.25) else []
