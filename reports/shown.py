"""One output as every piece for a meeting shows it, with what must be said beside it."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from analysis.adam import AnalysisData
from outputs.catalogue import CATALOGUE
from outputs.context import context_words, marks
from outputs.entry import NOTHING, TABLE
from outputs.files import for_file
from outputs.output import Output
from outputs.slide import Slide, view_code
from outputs.small_cells import footnote
from trialdata.errors import StudyDataError

Progress = Callable[[int, int], None]  # done, of how many
Built = Callable[[Slide], Output]


@dataclass(frozen=True, eq=False)
class Shown:
    """`output` is as a file may hold it. `context` names study, cut, population and filter; `marks` what holds."""

    slide: Slide
    output: Output
    code: str
    context: str
    marks: tuple[str, ...]

    @property
    def headline(self) -> str:
        """The one sentence above it."""
        return self.output.headline or self.output.title

    @property
    def line(self) -> str:
        """What stands under the headline: intervals and denominators, what is shown and how."""
        said = _sentences(self.output.detail)
        for sentence in _sentences(self.output.subtitle):
            if not any(sentence.casefold() in before.casefold() for before in said):
                said.append(sentence)
        return " ".join(f"{sentence}." for sentence in said)

    @property
    def notes(self) -> tuple[str, ...]:
        """What stands below it: why there is nothing to show, and the footnotes."""
        output = self.output
        return tuple(note for note in (output.empty, *output.footnotes) if note)


def show_all(
    data: AnalysisData,
    slides: Iterable[Slide],
    *,
    progress: Progress | None = None,
    built: Built | None = None,
) -> Iterator[Shown]:
    """Every slide in order; StudyDataError for one whose table has a row for each participant.

    `built` gives the output of a slide where somebody has built it already.
    """
    wanted = list(slides)
    said = tuple(marks(data))
    for done, slide in enumerate(wanted):
        if progress:
            progress(done, len(wanted))
        output = leaving(slide, _understood(slide, built or (lambda each: each.built(data))))
        yield Shown(slide, output, view_code(data, slide), context_words(data, slide.view), said)
    if progress:
        progress(len(wanted), len(wanted))


def _sentences(text: str) -> list[str]:
    """Each sentence without its full stop."""
    return [part for part in text.removesuffix(".").split(". ") if part]


def _understood(slide: Slide, built: Built) -> Output:
    """The output; StudyDataError for an option whose value it does not understand."""
    try:
        return built(slide)
    except ValueError as error:
        if slide.options:
            raise StudyDataError(f"{slide.output}: an option was not understood: {error}.") from None
        raise


def _without_clicks(output: Output) -> Output:
    """Without the sentences about what a click does, which paper does not know."""
    kept = [part for part in output.subtitle.split(". ") if not part.startswith("Click ")]
    return dataclasses.replace(output, subtitle=". ".join(kept))


def _without_estimates(output: Output) -> Output:
    """Where small cells are left out, the cards keep their methods alone: an estimate would give a cell back."""
    if footnote() not in output.footnotes:
        return output
    cards = [
        dataclasses.replace(card, estimate="", others=pd.DataFrame(), disagreement="")
        for card in output.cards
    ]
    return dataclasses.replace(output, cards=tuple(cards))


def leaving(slide: Slide, output: Output) -> Output:
    """What may leave of an output: without small cells, and without a figure that shows them or single participants.

    Its chart is made of what a file holds.
    """
    leaves = CATALOGUE[slide.output].leaving
    if leaves == NOTHING:
        raise StudyDataError(
            f"{slide.output} shows single participants or sites: it is in no deck, report, figure or bundle."
        )
    safe = _without_estimates(for_file(_without_clicks(output)))
    if leaves == TABLE:
        return dataclasses.replace(safe, figure=None, chart=None)
    return dataclasses.replace(safe, figure=safe.file_figure) if footnote() in safe.footnotes else safe
