"""Words at the right end of lines, pushed apart where they would lie on each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.deck.chart_look import GAP, SIZE, SMALLEST, height_of, runs, width_of
from reports.deck.chart_xml import Run


@dataclass(frozen=True)
class End:
    """What is written at that height of the plot (a share of it, from below)."""

    words: str
    share: float
    colour: str
    bold: bool = True


@dataclass(frozen=True)
class Stack:
    """The words in lines with the share of the plot where their middle stands."""

    shares: tuple[float, ...]
    lines: tuple[tuple[Run, ...], ...]

    @property
    def width(self) -> float:
        return max((width_of(lines) for lines in self.lines), default=0.0)


def stacked(ends: Sequence[End], width: float, height: float) -> Stack | None:
    """The words in the largest size in which they stand below each other; None where they do not."""
    for size in range(int(SIZE), int(SMALLEST) - 1, -1):
        lines = [runs(end.words, width, size, end.colour, bold=end.bold) for end in ends]
        heights = [height_of(each) + GAP / 2 for each in lines]
        if sum(heights) <= height:
            middles = apart([end.share * height for end in ends], heights, height)
            return Stack(tuple(middle / height for middle in middles), tuple(map(tuple, lines)))
    return None


def apart(wanted: Sequence[float], heights: Sequence[float], height: float) -> list[float]:
    """Middles as near to the wanted ones as heights that do not overlap allow, between 0 and the height."""
    order = sorted(range(len(wanted)), key=lambda at: (wanted[at], at))
    middles = dict.fromkeys(order, 0.0)
    floor = 0.0
    for at in order:
        middles[at] = max(wanted[at], floor + heights[at] / 2)
        floor = middles[at] + heights[at] / 2
    ceiling = height
    for at in reversed(order):
        middles[at] = min(middles[at], ceiling - heights[at] / 2)
        ceiling = middles[at] - heights[at] / 2
    return [middles[at] for at in range(len(wanted))]
