"""How far a long computation is, for whoever waits: nobody, or the bar of a page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_LISTENER: ContextVar[Callable[[float], None] | None] = ContextVar("progress", default=None)


@contextmanager
def listening(listener: Callable[[float], None]) -> Iterator[None]:
    """Calls `listener` with the share that is done, 0 to 1, of what is computed inside."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)


@contextmanager
def part(start: float, end: float) -> Iterator[None]:
    """What is reported inside, 0 to 1, is a part of a longer computation: from `start` to `end` of it."""
    listener = _LISTENER.get()
    with listening(lambda done: listener(start + done * (end - start)) if listener else None):
        yield


def report(done: float) -> None:
    """The share that is done of what is being computed."""
    listener = _LISTENER.get()
    if listener is not None:
        listener(done)
