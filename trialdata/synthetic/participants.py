"""Who enters a trial: day of entry, site, baseline, arm and fate.

In the non-randomised trial the same traits that make the combination likely to be chosen (more prior lines, a
lower count, Evans syndrome, youth) also change the outlook, so that the arms are not alike.
"""

import datetime
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from trialdata.synthetic.randomness import Purpose, chance, logistic, lognormal, pick, stream, uniform
from trialdata.synthetic.trials import Trial

CHOICE_BY_CLASS = {"CTD": -0.5, "ANA": 0.0, "EVANS": 0.9, "COOMBS": 0.3}
OUTLOOK_BY_CLASS = {"CTD": -0.2, "ANA": 0.3, "EVANS": -0.8, "COOMBS": -0.2}


@dataclass(frozen=True)
class Participant:
    """One participant: what adsl says, and the fate that only the generator knows."""

    number: int  # in order of entry, from 1: the key of the random streams
    usubjid: str
    siteid: str
    entry: datetime.date  # day 1
    age: int
    sex: str
    months_since_diagnosis: float
    prior_lines: int
    steroid_at_entry: bool
    relapsed: bool
    antibody_class: str
    baseline: int
    bleeding_frailty: float
    planned: str = ""
    actual: str = ""  # "" for a participant never treated
    outcome: str = ""  # sustained | lost | never
    complete: bool = False
    dies: bool = False

    @property
    def outlook(self) -> float:
        """Log odds of doing well, against a typical participant."""
        return (
            -0.4 * (self.prior_lines - 1.8)
            - 0.3 * float(np.log(self.months_since_diagnosis / 10))
            + 0.4 * float(np.log(self.baseline / 12))
            - 0.01 * (self.age - 42)
            + OUTLOOK_BY_CLASS.get(self.antibody_class, 0)
        )

    @property
    def choice(self) -> float:
        """Log odds of choosing the combination where the arm follows the patient's choice."""
        return (
            0.8 * (self.prior_lines - 1.8)
            - 0.7 * float(np.log(self.baseline / 12))
            - 0.03 * (self.age - 42)
            + CHOICE_BY_CLASS.get(self.antibody_class, 0)
        )


def participants(trial: Trial) -> tuple[Participant, ...]:
    """Everybody who enters, in order of entry, with arm and fate."""
    entered = [enter(trial, number, entry) for number, entry in enumerate(entry_days(trial), start=1)]
    return name_exceptions(trial, draw_fates(trial, assign_arms(trial, number_by_site(entered))))


def entry_days(trial: Trial) -> list[datetime.date]:
    """Working days of entry: slow while sites open, then steady."""
    rng = stream(trial.seed, Purpose.ENROLMENT)
    shares = (np.arange(trial.size) + rng.random(trial.size)) / trial.size
    offsets = np.floor(trial.enrolment_days * shares**0.9).astype(int)
    days = [trial.first_day + datetime.timedelta(days=int(offset)) for offset in offsets]
    return sorted(day - datetime.timedelta(days=max(0, day.weekday() - 4)) for day in days)


def enter(trial: Trial, number: int, entry: datetime.date) -> Participant:
    rng = stream(trial.seed, Purpose.BASELINE, number)
    median_age, youngest, oldest = trial.age
    months = lognormal(rng, 10, 1.2, 1, 240)
    return Participant(
        number=number,
        usubjid="",
        siteid=pick(rng, trial.sites),
        entry=entry,
        age=int(lognormal(rng, median_age, 0.35, youngest, oldest + 0.99)),
        sex="F" if chance(rng, 0.64) else "M",
        months_since_diagnosis=round(months, 1),
        prior_lines=prior_lines(rng, months),
        steroid_at_entry=chance(rng, 0.40),
        relapsed=chance(rng, 0.55),
        antibody_class=pick(rng, trial.antibody_classes) if trial.antibody_classes else "",
        baseline=round(lognormal(rng, 12, 0.75, 0.6, 29.4)),
        bleeding_frailty=float(np.exp(0.4 * rng.standard_normal())),
    )


def prior_lines(rng: Generator, months: float) -> int:
    """One 45 %, two 30 %, three or more 25 %; more of them with a long history."""
    rank = rng.random() + 0.08 * float(np.log(months / 10))
    return 1 if rank < 0.45 else 2 if rank < 0.75 else 3 if rank < 0.90 else 4


def number_by_site(entered: list[Participant]) -> list[Participant]:
    """USUBJID as site and running number, "03-005"."""
    seen: dict[str, int] = {}
    numbered = []
    for person in entered:
        seen[person.siteid] = seen.get(person.siteid, 0) + 1
        numbered.append(replace(person, usubjid=f"{person.siteid}-{seen[person.siteid]:03}"))
    return numbered


def assign_arms(trial: Trial, entered: list[Participant]) -> list[Participant]:
    rng = stream(trial.seed, Purpose.ARM)
    arms = permuted_blocks(trial, rng) if trial.randomised else [chosen_arm(trial, p, rng) for p in entered]
    return [replace(p, planned=arm, actual=arm) for p, arm in zip(entered, arms, strict=True)]


def permuted_blocks(trial: Trial, rng: Generator) -> list[str]:
    """1:1 in blocks of four."""
    first, second = (arm.trt for arm in trial.arms)
    arms: list[str] = []
    while len(arms) < trial.size:
        block = [first, first, second, second]
        arms += [block[i] for i in np.argsort(rng.random(4), kind="stable")]
    return arms[: trial.size]


def chosen_arm(trial: Trial, person: Participant, rng: Generator) -> str:
    first, second = (arm.trt for arm in trial.arms)
    return first if person.choice + logistic(rng) > 0 else second


def draw_fates(trial: Trial, assigned: list[Participant]) -> list[Participant]:
    """Sustained, lost or never, in the shares of the arm: the better the outlook, the likelier."""
    rng = stream(trial.seed, Purpose.FATE)
    fate: dict[str, tuple[str, bool]] = {}
    for arm in trial.arms:
        members = [p for p in assigned if p.planned == arm.trt]
        ranked = ranked_by_outlook(members, rng)
        sustained, lost = round(arm.sustained * len(members)), round(arm.lost * len(members))
        outcomes = ["sustained"] * sustained + ["lost"] * lost
        outcomes += ["never"] * (len(members) - len(outcomes))
        responders = ranked_by_outlook(ranked[: sustained + lost], rng)
        complete = {p.usubjid for p in responders[: round(arm.complete * len(responders))]}
        fate |= {
            p.usubjid: (outcome, p.usubjid in complete) for p, outcome in zip(ranked, outcomes, strict=True)
        }
    return [replace(p, outcome=fate[p.usubjid][0], complete=fate[p.usubjid][1]) for p in assigned]


def ranked_by_outlook(members: list[Participant], rng: Generator) -> list[Participant]:
    scores = [p.outlook + logistic(rng) for p in members]
    return [members[i] for i in np.argsort(-np.array(scores), kind="stable")]


def name_exceptions(trial: Trial, drawn: list[Participant]) -> tuple[Participant, ...]:
    """The odd ones of every trial: never treated, treated in the other arm, died."""
    rng = stream(trial.seed, Purpose.FATE, 1)
    experimental, control = (arm.trt for arm in trial.arms)
    exceptions: dict[str, Participant] = {}
    of_control = [p for p in drawn if p.planned == control]
    for person in some(of_control, trial.never_treated, rng):
        exceptions[person.usubjid] = replace(person, actual="", outcome="never")
    for person in some(of_control, trial.crossed_over, rng):
        exceptions.setdefault(person.usubjid, replace(person, actual=experimental))
    never = sorted((p for p in of_control if p.outcome == "never"), key=lambda p: -p.age)
    for person in never[: trial.deaths]:
        exceptions.setdefault(person.usubjid, replace(person, dies=True))
    return tuple(exceptions.get(p.usubjid, p) for p in drawn)


def some(members: list[Participant], count: int, rng: Generator) -> list[Participant]:
    """`count` of the members who entered in the second quarter: early enough for every cut."""
    quarter = len(members) // 4
    return [members[quarter + int(uniform(rng, 0, quarter))] for _ in range(count)]
