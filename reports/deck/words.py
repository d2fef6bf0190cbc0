"""What a slide says: headline, grey line, notes and footer as far as they fit, and the rest for the speaker."""

from dataclasses import dataclass

from outputs.output import Card
from outputs.response import NOT_RANDOMISED
from reports.deck.fitting import cut, fitting, line_count
from reports.deck.look import FOOT, LINE, SMALLEST_TITLE, TITLE
from reports.deck.writing import NO_BREAK_SPACE, kept_together
from reports.shown import Shown

TITLE_LINES, LINE_LINES = 2, 2
NOT_ON_PAPER = (  # what a figure on screen has, and a chart of a slide has not
    "Click ",
    "Small upright ticks:",
    "Dotted: all participants",
    "Upright: 95% interval",
    "Below: first events",
    "n in the table",
)
OF_A_CHART = (
    "Shaded:",
    "Upright lines:",
    "Dotted:",
    "Hollow points:",
    "Filled:",
    "Each mark is ",
    "A curve away from ",
    "Each point ",
    "Higher:",
    "One point a participant",
    "One unit is one participant",
)
AS_DRAWN = {
    "Shaded:": "Thin lines:",
    "shaded:": "thin lines:",
    "Hollow points:": "Thin line:",
    "hollow:": "thin:",
    "dashed line:": "thin line:",
    "dotted line:": "line:",
    "Intervals in the table:": "Intervals:",
}


@dataclass(frozen=True)
class Words:
    """The texts of a slide and their sizes; `left_over`: those that do not stand on it whole."""

    headline: str
    headline_size: float
    line: str
    notes: str
    left_over: tuple[str, ...]


def words_of(
    shown: Shown, width: float, *, notes_width: float, notes_lines: int, part: str = "", charted: bool = False
) -> Words:
    """The words for a slide as wide as that, in points.

    `part`: "1 of 3", where an output takes several slides; `charted`: a chart stands on it, of which they may speak.
    """
    headline, size, headline_left = _headline(shown.headline, part, width)
    line, line_left = fitting(_sentences(shown.line, charted), width, LINE, most=LINE_LINES)
    notes, notes_left = fitting(_notes(shown, charted), notes_width, FOOT, most=notes_lines)
    return Words(headline, size, line, notes, (*headline_left, *line_left, *notes_left))


def _sentences(text: str, charted: bool) -> list[str]:
    """Each sentence; those about a chart as it is drawn here, or left out where a table stands for it."""
    left_out = NOT_ON_PAPER if charted else (*NOT_ON_PAPER, *OF_A_CHART)
    kept = [part for part in text.removesuffix(".").split(". ") if part and not part.startswith(left_out)]
    for drawn, here in AS_DRAWN.items():
        kept = [part.replace(drawn, here) for part in kept]
    return [f"{part}." for part in kept]


def _headline(text: str, part: str, width: float) -> tuple[str, float, tuple[str, ...]]:
    """The headline in two lines: smaller where it is long, cut where it is longer still."""
    end = f", {part.replace(' ', NO_BREAK_SPACE)}" if part else ""
    whole = kept_together(f"{text}{end}")
    size = TITLE
    while size > SMALLEST_TITLE and line_count(whole, width, size, bold=True) > TITLE_LINES:
        size -= 1
    if line_count(whole, width, size, bold=True) <= TITLE_LINES:
        return whole, size, ()
    short = cut(text, width * 0.9 if part else width, size, most=TITLE_LINES, bold=True)
    return f"{short}{end}", size, (text,)


def _notes(shown: Shown, charted: bool) -> list[str]:
    """The footnotes; that arms were not randomised comes first, so that it is never cut."""
    above = f"{shown.headline} {shown.line}".casefold()
    sentences = [_sentences(note, charted) for note in shown.output.footnotes]
    notes = [" ".join(s for s in each if s[:-1].casefold() not in above) for each in sentences]
    if not any(NOT_RANDOMISED in note for note in notes):
        return [note for note in notes if note]
    rest = [" ".join(note.replace(NOT_RANDOMISED, "").split()) for note in notes]
    return [NOT_RANDOMISED, *(note for note in rest if note)]


def speaker_notes(shown: Shown, left_over: tuple[str, ...]) -> str:
    """How each number was made, the note of the plan, and what did not fit on the slide."""
    parts = [*map(_card, shown.output.cards), shown.slide.note, *left_over]
    return "\n\n".join(part for part in parts if part)


def _card(card: Card) -> str:
    method = " ".join(part for part in (f"{card.method}.", card.reason) if part)
    others = [
        " · ".join(cell for cell in row if cell) for row in card.others.fillna("").astype(str).to_numpy()
    ]
    heading = f"{card.title}: {card.estimate}" if card.estimate else card.title
    return "\n".join(part for part in (heading, method, *others, card.disagreement) if part)
