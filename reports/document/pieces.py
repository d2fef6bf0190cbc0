"""A report before it is a file: its title and marks, and its pieces in sections, each with a number."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.adam import AnalysisData
from outputs.context import marks, place_of_cut, study_words
from outputs.slide import Slide
from outputs.slide_chart import Chart
from reports.contents import numbers, section_of
from reports.shown import Built, Progress, Shown, show_all

PINNED = "Pinned"


@dataclass(frozen=True, eq=False)
class Piece:
    """One output in its place: section in words, number of its table and figure, and what is shown."""

    section: str
    number: str
    shown: Shown

    @property
    def title(self) -> str:
        return self.shown.output.title

    @property
    def headline(self) -> str:
        """Its sentence, where that says more than the title."""
        output = self.shown.output
        return "" if output.headline == output.title else output.headline

    @property
    def chart(self) -> Chart | None:
        """Its chart, where the slide asks for one and there is something to show."""
        output = self.shown.output
        wanted = self.shown.slide.show != "table" and output.chart is not None and not output.empty
        return output.chart() if wanted and output.chart else None

    @property
    def comment(self) -> str:
        """What was written beside it when it was pinned."""
        return self.shown.slide.note if self.section == PINNED else ""


@dataclass(frozen=True, eq=False)
class Report:
    """All of a report. `cut` is the date of the cut in words, `marks` what holds for every number."""

    data: AnalysisData
    title: str
    study: str
    cut: str
    marks: tuple[str, ...]
    pieces: tuple[Piece, ...]

    @property
    def running(self) -> str:
        """What stands on every page: "NCT07057778 · data cut 2 of 3, 31 Dec 2026 · Synthetic data · ..."."""
        return " · ".join([self.study, self.cut, *self.marks])

    @property
    def sections(self) -> dict[str, list[Piece]]:
        """The pieces by section, in their order."""
        told: dict[str, list[Piece]] = {}
        for piece in self.pieces:
            told.setdefault(piece.section, []).append(piece)
        return told


def report(
    data: AnalysisData,
    slides: Sequence[Slide],
    *,
    pins: Iterable[Slide] = (),
    progress: Progress | None = None,
    built: Built | None = None,
) -> Report:
    """The report of these slides; what was pinned stands first, in its own section, numbered P.1, P.2, ...

    `built` gives the output of a slide where somebody has built it already.
    """
    pinned = list(pins)
    places = [(PINNED, f"P.{place}") for place in range(1, len(pinned) + 1)]
    places += [
        (section_of(slide.output).title, number)
        for slide, number in zip(slides, numbers(slides), strict=True)
    ]
    pieces = tuple(
        Piece(*place, shown)
        for place, shown in zip(
            places, show_all(data, [*pinned, *slides], progress=progress, built=built), strict=True
        )
    )
    return Report(
        data=data,
        title=data.definition.title or data.definition.studyid,
        study=study_words(data),
        cut=place_of_cut(data),
        marks=tuple(marks(data)),
        pieces=pieces,
    )
