"""Who makes the choices of a generated study: a seed, or hypothesis."""

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st


class Dice(ABC):
    @abstractmethod
    def pick(self, options: Sequence) -> Any:
        """One of the options; the first is the plainest."""

    @abstractmethod
    def number(self, low: int, high: int) -> int:
        """A whole number from low to high; low is the plainest."""

    def one_in(self, times: int) -> bool:
        """Whether something happens that happens once in so many times."""
        return self.number(1, times) == times


class SeededDice(Dice):
    def __init__(self, seed: int | str):
        self.random = random.Random(seed)

    def pick(self, options: Sequence) -> Any:
        return self.random.choice(options)

    def number(self, low: int, high: int) -> int:
        return self.random.randint(low, high)


class DrawnDice(Dice):
    def __init__(self, draw: Callable):
        self.draw = draw

    def pick(self, options: Sequence) -> Any:
        return self.draw(st.sampled_from(options))

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))
