"""How far a long command has come, on standard error: one line that changes on a terminal, else a line a step."""

import sys
from collections.abc import Callable


def progress(what: str) -> Callable[[int, int], None]:
    """ "Slide 3 of 17" for each that is begun."""

    def tell(done: int, of: int) -> None:
        terminal = sys.stderr.isatty()
        if done < of:
            words = f"{what} {done + 1} of {of}"
            print(
                f"\r{words}" if terminal else words, end="" if terminal else "\n", file=sys.stderr, flush=True
            )
        elif terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)

    return tell
