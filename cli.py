"""The same work without a browser: `python cli.py --help` lists the commands.

Answers go to standard output, in JSON unless asked otherwise; messages go to standard error. The exit
status is 0 when it is done, 1 when the data were refused, 2 for wrong usage. The keys are those of
docs/reference/cli.md.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from commands.arguments import cut_date, name_and_value, of_study, with_counts, with_view
from commands.bundle import bundle, verify, with_bundle, with_output
from commands.changes import changes
from commands.checks import check, queries, studies
from commands.cuts import cuts, retire, with_reason, with_verify
from commands.datasets import datasets, with_formats
from commands.deck import deck, with_plan
from commands.figures import figures, with_pictures
from commands.find import find, with_code
from commands.imports import import_, with_files
from commands.rates import rates
from commands.reconcile import reconcile
from commands.report import report, with_report_file
from commands.results import outputs, participants, results, trace
from commands.shared import UsageError
from reports.answers import FORMATS
from trialdata.errors import StudyDataError, UnknownStudyError

HERE = Path(__file__).parent


def parser() -> argparse.ArgumentParser:
    """The commands, their options and a line of help each."""
    top = argparse.ArgumentParser(
        prog="cli.py",
        description="Interim data of ITP trials, without a browser.",
        formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=24, width=100),
    )
    default = os.environ.get("ITP_ROOT") or HERE
    top.add_argument(
        "--root",
        metavar="DIRECTORY",
        type=Path,
        default=Path(default),
        help="the folder that holds studies/ and its data (default: $ITP_ROOT, else here)",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(run, purpose: str, *, answers: bool = True) -> argparse.ArgumentParser:
        added = commands.add_parser(run.__name__.rstrip("_"), help=purpose, description=purpose)
        added.set_defaults(run=run, format="json")
        if answers:
            added.add_argument("--format", choices=FORMATS, default="json", help="default: json")
        return added

    _about_results(command)
    _about_data(command)
    _about_meetings(command)
    return top


def _about_data(command: Callable[..., argparse.ArgumentParser]) -> None:
    command(studies, "the studies, their designs and data cuts")
    of_study(
        command(check, "read and check the data; what was found, by file, row and column"), required=False
    )
    asked = of_study(command(queries, "what to ask each site to correct or confirm"))
    asked.add_argument("--site", metavar="X", help="one site only, or 'no site' (default: all)")
    with_files(of_study(command(import_, "make a data cut of files as they were sent"), cut_required=True))
    with_verify(command(cuts, "the data cuts, the retired too; --verify checks what is stored"))
    with_reason(of_study(command(retire, "take an imported data cut back, for a reason"), cut_required=True))
    with_view(
        of_study(with_pictures(command(figures, "writes figures at the size of a slide", answers=False)))
    )
    with_formats(of_study(command(datasets, "writes ADSL, ADLB, ADRS and ADTTE as files", answers=False)))


def _about_meetings(command: Callable[..., argparse.ArgumentParser]) -> None:
    with_output(of_study(command(bundle, "every result of a data cut, to be computed again by anyone")))
    with_bundle(command(verify, "computes every number of a bundle again; what differs"))
    with_code(of_study(command(find, "the view that the code on a slide or sheet stands for")))


def _about_results(command: Callable[..., argparse.ArgumentParser]) -> None:
    command(outputs, "the outputs that `results` knows")
    one = command(results, "the numbers of one output")
    one.add_argument("output", metavar="OUTPUT", help="an id that `outputs` lists")
    one.add_argument(
        "--option",
        type=name_and_value,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a choice of this output alone, as `outputs` lists them; may be repeated",
    )
    with_view(of_study(one))
    with_counts(command(rates, "rates and their comparison from counts alone"))
    with_view(of_study(command(participants, "the participants of the analysis set, one a row")))
    traced = command(trace, "how one participant's answer came about, record by record")
    traced.add_argument("usubjid", metavar="USUBJID", help="an id that `participants` lists")
    with_view(of_study(traced))
    moved = with_view(
        of_study(command(changes, "what changed since an earlier data cut: rates, who moved them, records"))
    )
    moved.add_argument(
        "--since", type=cut_date, metavar="C", help="date of the earlier cut (default: the cut before)"
    )
    moved.add_argument(
        "--rules-of-today", action="store_true", help="the earlier cut by today's definition, not its own"
    )
    with_plan(
        of_study(command(deck, "writes the slides of the study's plan as a deck (PPTX)", answers=False))
    )
    with_report_file(
        with_view(
            of_study(command(report, "writes every output as one file, or a listing by name", answers=False))
        )
    )
    double = of_study(
        command(reconcile, "where a statistician's own ADRS or ADTTE disagrees with ours, and why")
    )
    double.add_argument("file", metavar="FILE", type=Path, help="a .csv or .xpt file")
    double.add_argument(
        "--endpoint", metavar="E", help="PARAMCD of the one endpoint (default: all in the file)"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    arguments = parser().parse_args(argv)
    try:
        said = arguments.run(arguments)
    except (UsageError, UnknownStudyError) as error:
        print(error, file=sys.stderr)
        return 2
    except StudyDataError as error:
        print(error, file=sys.stderr)
        return 1
    tell(FORMATS[arguments.format](said))
    return said.status


def tell(text: str) -> None:
    """Print; a reader such as `head` may stop listening."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
