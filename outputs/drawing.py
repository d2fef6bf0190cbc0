"""The figure of an output as a screen shows it, drawn once and kept with the output."""

import dataclasses
from collections.abc import Callable
from functools import cache

from charts.ready import ReadyFigure
from outputs.output import Output


def kept(output: Output, *, on_drawn: Callable[[], None] = lambda: None) -> Output:
    """The same output whose figure is drawn and encoded once for each theme and width.

    `uirevision` keeps a reader's zoom across reruns; `on_drawn` is called after each drawing.
    """
    draw = output.figure
    if draw is None:
        return output

    @cache
    def figure(theme: str, compact: bool) -> ReadyFigure:
        drawn = draw(theme, compact)
        drawn.update_layout(uirevision=output.id)  # type: ignore[attr-defined]
        ready = ReadyFigure(drawn)  # type: ignore[arg-type]
        on_drawn()
        return ready

    return dataclasses.replace(output, figure=figure)
