"""The command that holds a statistician's own answers against ours."""

import argparse

from commands.shared import analysis_data, answer, file_bytes, json_rows, must_be_among
from outputs.output import View
from outputs.reconcile import reconcile_output, reconcile_summary_output
from reports.answers import Answer
from trialdata.reconciliation import read_submitted


def reconcile(arguments: argparse.Namespace) -> Answer:
    """One row per answer of a statistician's file that does not agree with ours; how many do is told as well."""
    data = analysis_data(arguments)
    paramcd = arguments.endpoint or ""
    if paramcd:
        must_be_among(paramcd, [endpoint.paramcd for endpoint in data.definition.endpoints], "endpoint")
    submitted = read_submitted(
        arguments.file.name, file_bytes(arguments.file), data.definition, paramcd=paramcd
    )
    view = View(endpoint=paramcd or data.definition.leading.paramcd)
    summary = reconcile_summary_output(data, view, submitted=submitted)
    said = answer(data, view, reconcile_output(data, view, submitted=submitted))
    notes = [summary.headline, summary.detail, *summary.footnotes]
    return Answer(
        said.rows, said.facts | {"footnotes": notes, "counts": json_rows(summary.results)}, said.table
    )
