"""The commands about results: the outputs, one of them, the participants and the trace of one."""

import argparse
from typing import Any

import pandas as pd

from commands.changes import compared_with, date_option
from commands.shared import UsageError, analysis_data, answer, must_be_among, view_of
from outputs.catalogue import CATALOGUE, build, is_about_one, option_names
from reports.answers import Answer

OF_ONE_PARTICIPANT = [name for name in CATALOGUE if is_about_one(name)]


def outputs(arguments: argparse.Namespace) -> Answer:
    """One row per output that `results` knows."""
    rows = [
        (entry.id, entry.section, entry.title, " ".join(option_names(entry.id)))
        for entry in CATALOGUE.values()
    ]
    return Answer(pd.DataFrame(rows, columns=["output", "section", "title", "options"]))


def results(arguments: argparse.Namespace) -> Answer:
    """The numbers of one output."""
    if arguments.output not in CATALOGUE:
        raise UsageError(f"There is no output {arguments.output!r}; `outputs` lists them.")
    if arguments.output in OF_ONE_PARTICIPANT:
        raise UsageError(f"{arguments.output} is about one participant; use `trace`.")
    options: dict[str, Any] = dict(arguments.option)
    for name in options:
        must_be_among(name, option_names(arguments.output), "option", of="output")
    data = analysis_data(arguments)
    view = view_of(arguments, data)
    if "since" in option_names(arguments.output):
        options["since"] = compared_with(arguments, data, date_option(options.get("since")))
    try:
        return answer(data, view, build(arguments.output, data, view, **options))
    except ValueError as error:
        if options:
            raise UsageError(f"An --option was not understood: {error}.") from None
        raise


def participants(arguments: argparse.Namespace) -> Answer:
    """One row per participant of the analysis set."""
    data = analysis_data(arguments)
    view = view_of(arguments, data)
    return answer(data, view, build("participants", data, view))


def trace(arguments: argparse.Namespace) -> Answer:
    """One row per platelet record of one participant, and the rule that decided about it."""
    data = analysis_data(arguments)
    if arguments.usubjid not in set(data.adsl["USUBJID"]):
        raise UsageError("There is no participant of that USUBJID; `participants` lists them.")
    view = view_of(arguments, data)
    return answer(
        data, view, build("participant_trace", data, view, usubjid=arguments.usubjid, paramcd=view.endpoint)
    )
