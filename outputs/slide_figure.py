"""The figure of an output as a slide of its own, always light on white."""

from collections.abc import Sequence

from charts.slide_figure import SlideWords, has_marks
from charts.slide_figure import slide_figure as framed
from outputs.drawing import drawn
from outputs.output import Output


def slide_figure(
    output: Output,
    *,
    headline: str,
    line: str = "",
    notes: Sequence[str] = (),
    context: str = "",
    marks: Sequence[str] = (),
    code: str = "",
    size: float = 1.0,
) -> object:
    """A plotly figure of 1600 x 900 pixels times `size`; ValueError for an output without a figure."""
    words = SlideWords(headline, line, notes, context, marks, code)
    return framed(lambda times: drawn(output, "print", times=times), words, size=size)


def has_figure(output: Output) -> bool:
    """Whether the output has a figure with something in it."""
    return output.figure is not None and not output.empty and has_marks(drawn(output, "print"))
