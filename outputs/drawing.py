"""The figure of an output as a screen shows it, drawn once and kept, or enlarged for a slide or a wall."""

import dataclasses
from collections.abc import Callable
from functools import cache

from charts.ready import ReadyFigure
from charts.theme import enlarged, enlargement
from outputs.output import Output


def kept(output: Output, *, on_drawn: Callable[[], None] = lambda: None) -> Output:
    """The same output whose figure is drawn and encoded once for each theme, width and enlargement.

    `uirevision` keeps a reader's zoom across reruns; `on_drawn` is called after each drawing.
    """
    draw = output.figure
    if draw is None:
        return output

    @cache
    def ready(theme: str, compact: bool, times: float) -> ReadyFigure:
        drawn = draw(theme, compact)
        drawn.update_layout(uirevision=output.id)  # type: ignore[attr-defined]
        ready = ReadyFigure(drawn)  # type: ignore[arg-type]
        on_drawn()
        return ready

    return dataclasses.replace(output, figure=lambda theme, compact: ready(theme, compact, enlargement()))


def drawn(output: Output, theme: str, *, compact: bool = False, times: float = 1.0) -> object:
    """The figure of an output that has one, so many times as large as on a page."""
    if output.figure is None:
        raise ValueError(f"{output.id} has no figure")
    with enlarged(times):
        return output.figure(theme, compact)
