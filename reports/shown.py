"""One output as every piece for a meeting shows it, with what must be said beside it."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

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
        return " ".join(
            part for part in (_ended(self.output.detail), _on_paper(self.output.subtitle)) if part
        )

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
        output = leaving(slide, built(slide) if built else _built(data, slide))
        yield Shown(slide, output, view_code(data, slide), context_words(data, slide.view), said)
    if progress:
        progress(len(wanted), len(wanted))


def _ended(text: str) -> str:
    """The text with a full stop, so that a sentence can follow."""
    return text if not text or text.endswith(".") else f"{text}."


def _on_paper(text: str) -> str:
    """The text without the sentences about what can be clicked."""
    kept = [part for part in text.split(". ") if not part.startswith("Click ")]
    return ". ".join(kept)


def _built(data: AnalysisData, slide: Slide) -> Output:
    try:
        return slide.built(data)
    except ValueError as error:
        if slide.options:
            raise StudyDataError(f"{slide.output}: an option was not understood: {error}.") from None
        raise


def leaving(slide: Slide, output: Output) -> Output:
    """What may leave of an output: without small cells, and without a figure that shows them or single participants."""
    leaves = CATALOGUE[slide.output].leaving
    if leaves == NOTHING:
        raise StudyDataError(
            f"{slide.output} shows single participants or sites: it is in no deck, report, figure or bundle."
        )
    safe = for_file(output)
    shows_too_much = leaves == TABLE or footnote() in safe.footnotes
    return dataclasses.replace(safe, figure=None, chart=None) if shows_too_much else safe
