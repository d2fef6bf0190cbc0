"""A key of fills: each name after a square in its colour, in as many lines as the width takes."""

from collections.abc import Iterable

from charts.format import escaped, text_width
from charts.layout import note
from charts.theme import Look

LINE = 20
BESIDE = 36  # the square, and the gap to the next name


def key_places(names: Iterable[str], look: Look, *, room: float, size: float = 13) -> list[tuple[float, int]]:
    """Where each name begins: pixels from the left, and its line from the top."""
    places, x, line = [], 0.0, 0
    for name in names:
        width = text_width(name, size) + BESIDE
        if x and x + width > room / look.px(1):
            x, line = 0.0, line + 1
        places.append((x, line))
        x += width
    return places


def key_lines(names: Iterable[str], look: Look, *, room: float, size: float = 13) -> int:
    """How many lines the key takes."""
    return max((line for _, line in key_places(names, look, room=room, size=size)), default=0) + 1


def fill_key(
    names: Iterable[str],
    colours: Iterable[str],
    look: Look,
    *,
    room: float,
    start: tuple[float, float] = (0, 0),
    size: float = 13,
) -> list[dict]:
    """The key; its first line stands `start` pixels right of and above the top left corner of the plot."""
    names = list(names)
    places = key_places(names, look, room=room, size=size)
    return [
        note(
            f'<span style="color:{colour};font-size:{look.px(size + 4):g}px">■</span> {escaped(name)}',
            look,
            x=0,
            y=1,
            anchor=("left", "middle"),
            shift=(start[0] + x, start[1] - LINE * line),
            size=size,
        )
        for name, colour, (x, line) in zip(names, colours, places, strict=True)
    ]
