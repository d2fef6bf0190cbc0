"""The command about two data cuts: what changed, and who moved the rates."""

import argparse
import datetime
from collections.abc import Callable

from analysis.adam import AnalysisData, derive
from analysis.cut_steps import CutComparison, compare_cuts
from commands.arguments import cut_date
from commands.shared import UsageError, analysis_data, answer, json_rows, must_be_among, process_view, view_of
from outputs.catalogue import build
from outputs.output import Output
from outputs.slide import Slide
from reports.answers import Answer
from reports.earlier_cut import with_earlier_cut
from trialdata.study import load_study


def changes(arguments: argparse.Namespace) -> Answer:
    """Every rate at an earlier cut and at this one; beside it who moved the rate, and which records changed."""
    data = analysis_data(arguments)
    view = view_of(arguments, data)
    since = compared_with(arguments, data, arguments.since)
    said = answer(data, view, build("cut_changes", data, view, since=since))
    more = {
        name: json_rows(build(output, data, view, since=since).results)
        for name, output in (
            ("causes", "cut_causes"),
            ("movers", "cut_movers"),
            ("records", "record_changes"),
        )
    }
    return Answer(said.rows, said.facts | more, said.table)


def compared_with(
    arguments: argparse.Namespace, data: AnalysisData, cut: datetime.date | None
) -> CutComparison | None:
    """The comparison with an earlier cut, by default the one before; None at the first cut."""
    earlier = [str(known) for known in data.study.cuts if known < data.study.cut]
    if cut is not None:
        must_be_among(str(cut), earlier, "data cut before this one of date", of="study")
    if not earlier:
        return None
    before = cut or datetime.date.fromisoformat(earlier[-1])
    as_accepted = not getattr(arguments, "rules_of_today", False)
    study = load_study(arguments.root, arguments.study, before, view=process_view(), as_accepted=as_accepted)
    return compare_cuts(derive(study), data)


def built_of(arguments: argparse.Namespace, data: AnalysisData) -> Callable[[Slide], Output]:
    """How the output of a slide is built, one about two cuts with the earlier cut."""
    return with_earlier_cut(data, lambda cut: compared_with(arguments, data, cut))


def date_option(text: str | None) -> datetime.date | None:
    try:
        return cut_date(text) if text else None
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"An --option was not understood: since: {error}.") from None
