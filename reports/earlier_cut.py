"""Outputs about two data cuts among the slides: which earlier cut each is compared with."""

import datetime
from collections.abc import Callable
from functools import cache

from analysis.adam import AnalysisData
from analysis.cut_steps import CutComparison
from outputs.catalogue import is_about_two_cuts
from outputs.output import Output
from outputs.slide import Slide
from trialdata.errors import StudyDataError

SINCE = "since"
Since = Callable[[datetime.date], CutComparison | None]


def earlier_cut(data: AnalysisData, slide: Slide) -> datetime.date | None:
    """The cut a slide is compared with: the one its option names, else the one before; None at the first cut.

    StudyDataError for an option that names no cut before this one.
    """
    earlier = {str(cut): cut for cut in data.study.cuts if cut < data.study.cut}
    named = dict(slide.options).get(SINCE)
    if named is None:
        return max(earlier.values(), default=None)
    if named not in earlier:
        raise StudyDataError(
            f"{slide.output}: found {SINCE} {named[:60]}, expected a data cut before {data.study.cut} "
            f"({', '.join(earlier) or 'there is none'})."
        )
    return earlier[named]


def with_earlier_cut(data: AnalysisData, since: Since) -> Callable[[Slide], Output]:
    """How the output of a slide is built; `since` compares this cut with an earlier one, once for all slides."""
    compared = cache(since)

    def built(slide: Slide) -> Output:
        if not is_about_two_cuts(slide.output):
            return slide.built(data)
        before = earlier_cut(data, slide)
        return slide.built(data, since=compared(before) if before else None)

    return built
