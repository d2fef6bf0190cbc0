"""Who makes the choices of a generated study: a seed, or hypothesis."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hypothesis import strategies as st


class Dice(Protocol):
    def pick(self, options: Sequence) -> Any: ...

    def number(self, low: int, high: int) -> int: ...


class SeededDice:
    def __init__(self, seed: int | str):
        self.random = random.Random(seed)

    def pick(self, options: Sequence) -> Any:
        return self.random.choice(options)

    def number(self, low: int, high: int) -> int:
        return self.random.randint(low, high)


@dataclass
class DrawnDice:
    draw: Callable

    def pick(self, options: Sequence) -> Any:
        return self.draw(st.sampled_from(options))

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))
