"""Numbers and words as every figure, table and slide writes them.

A minus is U+2212; thousands are set apart by a thin space; an interval is "63 to 92".
"""

import html
import math
import textwrap
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

MINUS = "\N{MINUS SIGN}"
THIN_SPACE = "\N{THIN SPACE}"
IMMATURE_BELOW = 10  # a rate of fewer is written "3 of 7", never as a percent alone
FULL_WIDTH = "\u2e80"  # from here on: Chinese, Japanese and Korean characters
NARROW, WIDE = "ijlItfr.,:;|!'()[] ", "mwMWG@%QOÄ"


def escaped(text: object) -> str:
    """Text that plotly shows letter by letter, whatever markup it holds."""
    return html.escape(str(text), quote=False)


def fixed(value: float, decimals: int = 0, *, signed: bool = False) -> str:
    """A number with that many decimals: 1 234, −0.3, and with `signed` +20.

    A half is rounded away from zero as SAS does, not to the even digit; 1e-9 of it may be missing in binary.
    """
    if not math.isfinite(value):
        return "not estimable"
    step = Decimal(1).scaleb(-decimals)
    rounded = Decimal(repr(round(abs(float(value)), 9))).quantize(step, ROUND_HALF_UP)
    text = f"{rounded:,f}".replace(",", THIN_SPACE)
    if not rounded:
        return text
    return (MINUS if value < 0 else "+" if signed else "") + text


def percent_number(share: float, total: float) -> str:
    """A share as a percent without its sign: whole below 200 participants, else one decimal."""
    return fixed(100 * share, 1 if total >= 200 else 0)


def percent(share: float, total: float) -> str:
    return percent_number(share, total) + "%"


def percent_range(low: float, high: float, total: float) -> str:
    """A confidence interval in words: "63 to 92"."""
    return f"{percent_number(low, total)} to {percent_number(high, total)}"


def of(n: float, total: float) -> str:
    """ "22 of 27"."""
    return f"{fixed(n)} of {fixed(total)}"


def rate(n: float, total: float) -> str:
    """The rate as the key number: "81%"; of fewer than ten "3 of 7"."""
    return of(n, total) if total < IMMATURE_BELOW else percent(n / total, total)


def points(estimate: float, low: float, high: float, *, decimals: int = 0) -> tuple[str, str, str]:
    """A difference (−1 to 1) and its limits in points with that many decimals, more where a limit would read as 0.

    All three share the decimals, so that the side of zero on which a limit lies is never hidden.
    """
    values = [100 * value for value in (estimate, low, high)]
    limits = [value for value in values[1:] if math.isfinite(value) and value != 0]
    enough = (d for d in range(decimals, 4) if all(fixed(limit, d).strip("0.") for limit in limits))
    places = next(enough, 4)
    first, second, third = (fixed(value, places) for value in values)
    return first, second, third


def weeks(value: float) -> str:
    """A visit's week: 26, or 1.5."""
    return fixed(value) if float(value).is_integer() else fixed(value, 1)


def plural(n: float, word: str, many: str = "") -> str:
    """ "1 participant", "60 participants"."""
    return f"{fixed(n)} {word if n == 1 else many or word + 's'}"


def date_text(date) -> str:
    """31 Dec 2026."""
    return f"{date.day} {date:%b %Y}"


def wrapped(text: object, characters: int) -> str:
    """Escaped text in lines of at most that many characters; a longer word is broken."""
    lines = textwrap.wrap(str(text), characters, break_on_hyphens=False) or [""]
    return "<br>".join(escaped(line) for line in lines)


def short_names(names: Sequence[str], most: int = 16) -> list[str]:
    """Each name in at most that many characters; where their beginnings are alike the ends are kept, or numbers."""
    head = most - most // 3 - 1
    ends = [name if len(name) <= most else f"{name[: most - 1].rstrip()}…" for name in names]
    middles = [
        name if len(name) <= most else f"{name[:head].rstrip()}…{name[-(most // 3) :]}" for name in names
    ]
    numbered = [f"{name[: most - 3].rstrip()}… {i}" for i, name in enumerate(names, 1)]
    return next((short for short in (ends, middles) if len(set(short)) == len(names)), numbered)


def text_width(text: object, size: float = 14, *, bold: bool = False) -> float:
    """About how many pixels a line of plain text takes; generous, since the font may be Arial."""
    return size * sum(map(_ems, str(text))) * (1.06 if bold else 1.0)


def _ems(c: str) -> float:
    if c >= FULL_WIDTH:
        return 1.0
    return 0.30 if c in NARROW else 0.86 if c in WIDE else 0.66 if c.isupper() else 0.55


def lines_within(
    text: object, width: float, size: float = 14, *, bold: bool = False, most: int = 3
) -> list[str]:
    """The text in at most `most` lines of that many pixels; a longer word is broken, what is left over ends in "…"."""
    lines, line = [], ""
    for word in str(text).split():
        joined = f"{line} {word}".strip()
        if text_width(joined, size, bold=bold) <= width:
            line = joined
            continue
        lines += [line] if line else []
        line = ""
        for c in word:
            if line and text_width(line + c, size, bold=bold) > width:
                lines.append(line)
                line = ""
            line += c
    lines.append(line)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], f"{lines[most - 1][:-1].rstrip()}…"]


def shortened(name: str, room: float) -> str:
    """A name that fits, else its beginning; the hover has the whole."""
    if text_width(name, 13) <= room:
        return name
    kept = name
    while kept and text_width(kept + "…", 13) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"
