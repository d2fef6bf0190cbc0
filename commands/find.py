"""The command that finds the view of a code again."""

import argparse

import pandas as pd

from analysis.adam import AnalysisData, derive
from commands.changes import built_of
from commands.shared import UsageError, answer, process_view
from outputs.output import Output
from outputs.slide import Slide
from reports.answers import Answer
from reports.codes import find_slide, read_code
from trialdata.errors import StudyDataError
from trialdata.study import data_cuts, find_study, load_study


def find(arguments: argparse.Namespace) -> Answer:
    """The view that a code stands for: study, cut, output, title, view, options, headline, and its results."""
    code = read_code(arguments.code)
    if not code:
        raise UsageError(f"{arguments.code!r} is not a code such as K7QD-2M4X.")
    definition = find_study(arguments.root, arguments.study)
    cuts = [arguments.cut] if arguments.cut else data_cuts(definition, arguments.root)[::-1]
    for cut in cuts:
        data = derive(load_study(arguments.root, definition.name, cut, view=process_view()))
        slide = find_slide(data, code, arguments.root)
        if slide:
            return _found(data, slide, code, built_of(arguments, data)(slide))
    searched = ", ".join(map(str, cuts))
    raise StudyDataError(
        f"{code}: found at no data cut of {definition.studyid} ({searched}); it may be of another study, of data that "
        "changed since, or of the view with or without arms."
    )


def _found(data: AnalysisData, slide: Slide, code: str, output: Output) -> Answer:
    said = answer(data, slide.view, output)
    return Answer(pd.DataFrame(), {"code": code, **said.facts}, said.table)


def with_code(command: argparse.ArgumentParser) -> None:
    command.add_argument("code", metavar="CODE", help="eight letters and digits, such as K7QD-2M4X")
