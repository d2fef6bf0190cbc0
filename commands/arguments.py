"""Arguments that several commands take, and how their texts are read."""

import argparse
import datetime


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
