"""Random numbers that are the same on every machine: one PCG64 stream per trial, purpose and participant.

Only uniform, integer and normal draws are used. A stream of its own for each purpose keeps a change in one
part (say, adverse events) from moving every other number.
"""

from collections.abc import Mapping
from enum import IntEnum

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence


class Purpose(IntEnum):
    ENROLMENT = 1
    BASELINE = 2
    ARM = 3
    FATE = 4
    LEVEL = 5
    NOISE = 6
    VISITS = 7
    BLEEDING = 8
    RESCUE = 9
    DROPOUT = 10
    TREATMENT = 11
    ADVERSE = 12
    LABORATORY = 13
    CORRECTION = 14
    BLEEDING_SCALES = 41
    CHEMISTRY = 40
    EXPOSURE = 50
    SCREENING = 19
    HEIGHT = 61
    QUALITY = 27
    HAEMOGLOBIN = 60


def stream(seed: int, purpose: Purpose, participant: int = 0) -> Generator:
    """The random stream for one purpose; participants are numbered from 1, 0 is the trial."""
    return Generator(PCG64(SeedSequence((seed, int(purpose), participant))))


def chance(rng: Generator, probability: float) -> bool:
    return bool(rng.random() < probability)


def uniform(rng: Generator, low: float, high: float) -> float:
    return low + (high - low) * rng.random()


def whole(rng: Generator, low: int, high: int) -> int:
    """A whole number from low to high, both included."""
    return int(rng.integers(low, high + 1))


def lognormal(rng: Generator, median: float, log_sd: float, low: float, high: float) -> float:
    """A log-normal number, drawn again until it lies in [low, high]."""
    while True:
        value = median * float(np.exp(log_sd * rng.standard_normal()))
        if low <= value <= high:
            return value


def logistic(rng: Generator) -> float:
    share = rng.random()
    return float(np.log(share / (1 - share)))


def pick(rng: Generator, weights: Mapping[str, float]) -> str:
    """One of the keys, with chances in proportion to the weights."""
    mark = rng.random() * sum(weights.values())
    for key, weight in weights.items():
        mark -= weight
        if mark < 0:
            return key
    return key
