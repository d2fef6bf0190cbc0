"""The underlying platelet level of a participant, day by day, before rescue: log counts, index = study day.

Onset is log-normal and dates the crossing of the response threshold, on a straight log line from baseline to a
plateau (complete response median 155, response median 62; failures settle near 16). Relapse is Weibull and
falls back within two weeks. Around the level the counts of a participant vary with log sd 0.3, correlated 0.6
from week to week.
"""

import numpy as np
from numpy.random import Generator

from trialdata.synthetic.participants import Participant
from trialdata.synthetic.randomness import Purpose, chance, lognormal, stream, uniform
from trialdata.synthetic.trials import ArmTruth

LAST_DAY = 400
DAYS = np.arange(LAST_DAY + 1)
LATEST_ONSET = 90  # longest time to response published for low-dose rituximab
FALL_DAYS = 14
NOISE_LOG_SD = 0.30
DAILY_CORRELATION = 0.6 ** (1 / 7)


def underlying_level(person: Participant, arm: ArmTruth, seed: int) -> np.ndarray:
    """Log platelet level on days 0 to 400, without noise and rescue."""
    rng = stream(seed, Purpose.LEVEL, person.number)
    start = float(np.log(person.baseline))
    failing = float(np.log(lognormal(rng, 16, 0.3, 9, 26)))
    if person.outcome == "never":
        return np.interp(DAYS, [1, 22], [start, failing]) + overshoot(arm, 8, rng) / 2
    plateau = float(np.log(plateau_count(person, rng)))
    threshold = float(np.log(max(30, 2 * person.baseline)))
    onset = lognormal(rng, arm.onset_day, arm.onset_log_sd, 4, LATEST_ONSET)
    slope = (plateau - start) / arm.ramp_days
    climb_from = max(1.0, onset - (threshold - start) / slope)
    level = np.interp(DAYS, [climb_from, climb_from + arm.ramp_days], [start, plateau])
    level = level + overshoot(arm, onset, rng)
    if person.outcome == "lost":
        relapse = onset + relapse_days(arm, rng)
        level = level + np.interp(DAYS, [relapse, relapse + FALL_DAYS], [0, failing - plateau])
    return level


def plateau_count(person: Participant, rng: Generator) -> float:
    """The count a responder settles at; never under 2.2 times the baseline, which a response needs."""
    if person.complete:
        return lognormal(rng, 155, 0.2, 110, 230)
    return max(lognormal(rng, 62, 0.2, 45, 90), 2.2 * person.baseline)


def relapse_days(arm: ArmTruth, rng: Generator) -> float:
    """Days from onset to relapse: Weibull with shape 1.2, within 14 to 280 days."""
    scale = arm.relapse_days / np.log(2) ** (1 / 1.2)
    while True:
        days = float(scale * (-np.log(1 - rng.random())) ** (1 / 1.2))
        if 14 <= days <= 280:
            return days


def overshoot(arm: ArmTruth, onset: float, rng: Generator) -> np.ndarray:
    """The early peak under a thrombopoietic agent; in one of twenty far above the normal range."""
    height = abs(arm.overshoot + 0.25 * float(rng.standard_normal())) if arm.overshoot else 0.0
    if arm.overshoot and chance(rng, 0.05):
        height += uniform(rng, 0.9, 1.9)
    return height * np.exp(-0.5 * ((DAYS - onset - 12) / 8) ** 2)


def day_to_day_noise(person: Participant, seed: int) -> np.ndarray:
    """Autocorrelated log noise on days 0 to 400."""
    shocks = stream(seed, Purpose.NOISE, person.number).standard_normal(LAST_DAY + 1)
    noise = np.empty(LAST_DAY + 1)
    noise[0] = shocks[0]
    for day in range(1, LAST_DAY + 1):
        noise[day] = DAILY_CORRELATION * noise[day - 1] + np.sqrt(1 - DAILY_CORRELATION**2) * shocks[day]
    return NOISE_LOG_SD * noise
