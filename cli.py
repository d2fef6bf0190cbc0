"""The same work without a browser: `python cli.py --help` lists the commands.

Answers go to standard output, in JSON unless asked otherwise; messages go to standard error. The exit
status is 0 when it is done, 1 when the data were refused, 2 for wrong usage. The keys are those of
docs/reference/cli.md.
"""

import argparse
import datetime
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.adam import AnalysisData, derive
from analysis.cut_steps import CutComparison, compare_cuts
from analysis.populations import population_labels
from cli_cuts import cuts, retire, with_reason, with_verify
from cli_datasets import with_formats, written_datasets
from cli_import import import_, with_files
from outputs.catalogue import CATALOGUE, build, option_names
from outputs.counts import Counted, count_results, stratified_results
from outputs.output import Output, View
from outputs.reconcile import reconcile_output, reconcile_summary_output
from reports.answers import FORMATS, Answer
from reports.export import facts, plain
from trialdata.cuts import DataCut, find_cut
from trialdata.definition import StudyDefinition
from trialdata.errors import StudyDataError, UnknownStudyError
from trialdata.limits import default_limits
from trialdata.loading import load_cut
from trialdata.reconciliation import read_submitted
from trialdata.study import data_cuts, find_studies, find_study, load_study

HERE = Path(__file__).parent
VIEWS = ("true", "pooled")
OF_ONE_PARTICIPANT = ("participant_course", "participant_trace", "participant_verdicts")
NOMINAL = "p-values are nominal: not adjusted for this look, and no basis for stopping."


class UsageError(Exception):
    """The command asks for something that does not exist; the text says what does."""


# Commands: arguments in, one Answer out


def studies(arguments: argparse.Namespace) -> Answer:
    """One row per study definition."""
    rows = [
        {
            "study": definition.name,
            "studyid": definition.studyid,
            "registry": definition.registry,
            "design": definition.design,
            "planned_subjects": definition.planned_subjects,
            "synthetic": definition.synthetic,
            "cuts": " ".join(str(cut) for cut in data_cuts(definition, arguments.root)),
            "title": definition.title,
        }
        for definition in find_studies(arguments.root)
    ]
    return Answer(pd.DataFrame(rows))


def check(arguments: argparse.Namespace) -> Answer:
    """One row per finding of every study and cut asked for; status 1 when any cut is refused."""
    names = [arguments.study] if arguments.study else [d.name for d in find_studies(arguments.root)]
    checked = [cut_findings(arguments.root, name, arguments.cut) for name in names]
    rows = pd.concat([frame for frames in checked for frame in frames], ignore_index=True)
    return Answer(rows, status=int((rows["severity"] == "error").any()))


def cut_findings(root: Path, name: str, cut: datetime.date | None) -> list[pd.DataFrame]:
    """The findings of one study, a frame per cut; what becomes of each cut is told on standard error."""
    definition = find_study(root, name)
    found = []
    for date in [cut] if cut else data_cuts(definition, root) or [None]:
        of_date = find_cut(definition, root, date)
        findings = visible_findings(root, definition, of_date)
        outcome = "refused" if (findings["severity"] == "error").any() else "accepted"
        print(f"{definition.name}, {of_date.date}: {outcome}, {len(findings)} findings", file=sys.stderr)
        found.append(findings.assign(study=definition.name, cut=str(of_date.date)))
    return [frame[["study", "cut", *frame.columns.drop(["study", "cut"])]] for frame in found]


def visible_findings(root: Path, definition: StudyDefinition, cut: DataCut) -> pd.DataFrame:
    """The findings of one cut; in the pooled view those that name no arm."""
    if process_view() == "true":
        return load_cut(definition, root, cut).findings
    try:
        return load_study(root, definition.name, cut.date, view="pooled").findings
    except StudyDataError as refused:
        if refused.findings is None:
            raise
        return refused.findings


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


def json_rows(rows: pd.DataFrame) -> list[dict]:
    return [{name: plain(value) for name, value in row.items()} for row in rows.to_dict("records")]


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
    study = load_study(arguments.root, arguments.study, before, view=process_view())
    return compare_cuts(derive(study), data)


def date_option(text: str | None) -> datetime.date | None:
    try:
        return cut_date(text) if text else None
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"An --option was not understood: since: {error}.") from None


def reconcile(arguments: argparse.Namespace) -> Answer:
    """One row per answer of a statistician's file that does not agree with ours; how many do is told as well."""
    data = analysis_data(arguments)
    paramcd = arguments.endpoint or ""
    if paramcd:
        must_be_among(paramcd, [endpoint.paramcd for endpoint in data.definition.endpoints], "endpoint")
    submitted = read_submitted(
        arguments.file.name, submitted_bytes(arguments.file), data.definition, paramcd=paramcd
    )
    view = View(endpoint=paramcd or data.definition.leading.paramcd)
    summary = reconcile_summary_output(data, view, submitted=submitted)
    said = answer(data, view, reconcile_output(data, view, submitted=submitted))
    notes = [summary.headline, summary.detail, *summary.footnotes]
    return Answer(
        said.rows, said.facts | {"footnotes": notes, "counts": json_rows(summary.results)}, said.table
    )


def submitted_bytes(path: Path) -> bytes:
    """Of a file that is too large only as much as shows it."""
    try:
        with path.open("rb") as file:
            return file.read(default_limits().bytes + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from None


def datasets(arguments: argparse.Namespace) -> Answer:
    """One row per file written: the analysis datasets of a cut in every format asked for."""
    data = analysis_data(arguments)
    try:
        return written_datasets(data, arguments)
    except FileExistsError as error:
        raise UsageError(f"{error} is there already; --replace writes over it.") from None
    except OSError as error:
        raise UsageError(f"{arguments.to} cannot be written to: {error.strerror}.") from None


def rates(arguments: argparse.Namespace) -> Answer:
    """Rates from counts alone by every method, each arm against the last one named, and within strata if any."""
    arms = len(arguments.counts[0])
    if any(len(of_stratum) != arms for of_stratum in arguments.counts):
        raise UsageError("Every --counts needs the same number of arms.")
    names = arguments.arms or [f"arm {number}" for number in range(1, arms + 1)]
    strata = arguments.strata or [f"stratum {number}" for number in range(1, len(arguments.counts) + 1)]
    if len(names) != arms or len(set(names)) != arms:
        raise UsageError("--arms needs one name for each of --counts, all different.")
    if len(strata) != len(arguments.counts) or len(set(strata)) != len(strata):
        raise UsageError("--strata needs one name for each --counts, all different.")
    counts = [
        Counted(stratum, arm, n, N)
        for stratum, of_stratum in zip(strata, arguments.counts, strict=True)
        for arm, (n, N) in zip(names, of_stratum, strict=True)
    ]
    rows = count_results(counts)
    if arms > 1 and len(strata) > 1:
        rows = pd.concat([rows, stratified_results(counts)], ignore_index=True)
    return Answer(rows, {"footnotes": [NOMINAL] if arms > 1 else []})


# What the commands share


def analysis_data(arguments: argparse.Namespace) -> AnalysisData:
    return derive(load_study(arguments.root, arguments.study, arguments.cut, view=process_view()))


def process_view() -> str:
    """Whether the answers show the true arms or everybody pooled."""
    view = os.environ.get("ITP_VIEW") or "true"
    if view not in VIEWS:
        raise UsageError(f"ITP_VIEW is {view!r}; it may be {' or '.join(VIEWS)}.")
    return view


def view_of(arguments: argparse.Namespace, data: AnalysisData) -> View:
    """The reader's choices, each of them checked against the study."""
    definition = data.definition
    populations = population_labels(definition, data.adsl)
    endpoints = [endpoint.paramcd for endpoint in definition.endpoints]
    columns = [subgroup.column for subgroup in definition.subgroups]
    population = arguments.population or "FAS"
    endpoint = arguments.endpoint or definition.leading.paramcd
    levels: dict[str, tuple[str, ...]] = {}
    for column, level in arguments.filter:
        must_be_among(column, columns, "subgroup column")
        levels[column] = (*levels.get(column, ()), level)
    must_be_among(population, list(populations), "population")
    must_be_among(endpoint, endpoints, "endpoint")
    return View(population, endpoint, tuple(levels.items()))


def must_be_among(value: str, known: Sequence[str], what: str, *, of: str = "study") -> None:
    if value not in known:
        raise UsageError(f"There is no {what} {value!r} in this {of}; it has {', '.join(known) or 'none'}.")


def answer(data: AnalysisData, view: View, output: Output) -> Answer:
    return Answer(output.results, facts(data, view, output), output.table)


# Arguments


def count(text: str) -> tuple[int, int]:
    """`90/112`: responders out of participants."""
    n, slash, N = text.partition("/")
    if not (slash and n.isdigit() and N.isdigit() and int(n) <= int(N)):
        raise argparse.ArgumentTypeError(f"{text!r} is not responders/participants, such as 90/112")
    return int(n), int(N)


def name_and_value(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE, such as missing=exclude")
    return name, value


def column_and_level(text: str) -> tuple[str, str]:
    column, equals, level = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not COLUMN=LEVEL, such as 'SEX=F'")
    return column, level


def cut_date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-03-31") from None


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

    command(studies, "the studies, their designs and data cuts")
    of_study(
        command(check, "read and check the data; what was found, by file, row and column"), required=False
    )
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
    double = of_study(
        command(reconcile, "where a statistician's own ADRS or ADTTE disagrees with ours, and why")
    )
    double.add_argument("file", metavar="FILE", type=Path, help="a .csv or .xpt file")
    double.add_argument(
        "--endpoint", metavar="E", help="PARAMCD of the one endpoint (default: all in the file)"
    )
    with_files(of_study(command(import_, "make a data cut of files as they were sent"), cut_required=True))
    with_verify(command(cuts, "the data cuts, the retired too; --verify checks what is stored"))
    with_reason(of_study(command(retire, "take an imported data cut back, for a reason"), cut_required=True))
    with_formats(of_study(command(datasets, "writes ADSL, ADLB, ADRS and ADTTE as files", answers=False)))
    return top


def with_counts(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--counts",
        type=count,
        nargs="+",
        action="append",
        required=True,
        metavar="N/N",
        help="90/112 33/56; control last; once per stratum",
    )
    command.add_argument("--arms", nargs="+", metavar="NAME", help="a name for each arm")
    command.add_argument("--strata", nargs="+", metavar="NAME", help="a name for each stratum")


def of_study(
    command: argparse.ArgumentParser, *, required: bool = True, cut_required: bool = False
) -> argparse.ArgumentParser:
    command.add_argument(
        "--study", required=required, metavar="S", help="file name, study or registry number"
    )
    which = "date of the data cut" + ("" if cut_required else " (default: the latest)")
    command.add_argument("--cut", type=cut_date, required=cut_required, metavar="C", help=which)
    return command


def with_view(command: argparse.ArgumentParser) -> argparse.ArgumentParser:
    command.add_argument("--endpoint", metavar="E", help="PARAMCD (default: the primary endpoint)")
    command.add_argument(
        "--population", metavar="P", help="analysis set, such as ITT, FAS, PP (default: FAS)"
    )
    command.add_argument(
        "--filter",
        type=column_and_level,
        action="append",
        default=[],
        metavar="COLUMN=LEVEL",
        help="a subgroup; may be repeated",
    )
    return command


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
