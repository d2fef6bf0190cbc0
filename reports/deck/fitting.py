"""How much of a text fits into so many lines; widths are in points.

They are taken generously: where the font of a slide is missing, a wider one takes its place.
"""

from collections.abc import Iterable

from outputs.wording import lines_within, text_width
from reports.deck.look import LEADING, leading

WITHOUT_END = 10_000  # lines
AMPLE = 1.15


def ample_width(text: str, size: float, *, bold: bool = False) -> float:
    """Points the text takes on one line."""
    return AMPLE * text_width(text, size, bold=bold)


def line_count(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """Lines the text takes at that width."""
    return len(lines_within(text, width / AMPLE, size, bold=bold, most=WITHOUT_END))


def height_of(text: str, width: float, size: float, *, bold: bool = False) -> float:
    """Points the text takes at that width."""
    return line_count(text, width, size, bold=bold) * size * leading(text)


def cut(text: str, width: float, size: float, *, most: int, bold: bool = False) -> str:
    """The text as far as it fits into so many lines, ending in "…" where it is cut."""
    if line_count(text, width, size, bold=bold) <= most:
        return text
    return " ".join(lines_within(text, width / AMPLE, size, bold=bold, most=most))


def fitting(texts: Iterable[str], width: float, size: float, *, most: int) -> tuple[str, tuple[str, ...]]:
    """What of the texts, one after the other, fits into so many lines, and those that do not stand there whole."""
    wanted = list(texts)
    for number in range(len(wanted), 0, -1):
        joined = " ".join(wanted[:number])
        if line_count(joined, width, size) <= most:
            if number < len(wanted):
                joined = _with_beginning(joined, wanted[number], width, size, most)
            return joined, tuple(wanted[number:])
    return (cut(wanted[0], width, size, most=most), tuple(wanted)) if wanted else ("", ())


def _with_beginning(joined: str, following: str, width: float, size: float, most: int) -> str:
    """The text with the beginning of what follows, where a line is left for it."""
    begun = cut(f"{joined} {following}", width, size, most=most)
    if begun.startswith(f"{joined} "):
        return begun
    return f"{joined} …" if line_count(f"{joined} …", width, size) <= most else joined


def room_for(height: float, size: float) -> int:
    """Lines of that size in a height of so many points, at least one."""
    return max(1, int(height / (size * LEADING)))
