"""A neutral ramp for grades: the worse, the more ink; arms keep the hues."""

from charts.theme import Look

LIGHT, DARK = ("#E6E9EC", "#20272E"), ("#2A313A", "#F2F4F6")
MIDDLE = 0.55  # from here on the words on a fill change to the page's colour


def grade_fills(steps: int, look: Look) -> list[str]:
    """So many fills from the mildest to the worst."""
    low, high = DARK if look.dark else LIGHT
    return [_between(low, high, place / max(steps - 1, 1)) for place in range(steps)]


def text_on(place: float, look: Look) -> str:
    """The colour of words on a fill at a place from 0 (mildest) to 1 (worst)."""
    return look.text if place < MIDDLE else look.page


def _between(low: str, high: str, place: float) -> str:
    pairs = [(int(low[i : i + 2], 16), int(high[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * place):02X}" for a, b in pairs)
