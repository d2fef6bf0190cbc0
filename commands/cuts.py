"""The commands about kept data cuts: which there are, whether they are as accepted, and taking one back."""

import argparse
import sys
from typing import TYPE_CHECKING

import pandas as pd

from reports.answers import Answer
from trialdata.clock import utc_now
from trialdata.cuts import folder_cuts
from trialdata.errors import UnknownStudyError
from trialdata.store import store_of
from trialdata.store.stored_cut import StoredCut
from trialdata.study import find_studies, find_study

if TYPE_CHECKING:
    from trialdata.store.store import Store

COLUMNS = ["study", "cut", "status", "rows", "accepted", "version", "id", "retired", "reason"]


def cuts(arguments: argparse.Namespace) -> Answer:
    """One row per data cut, the retired too; with --verify status 1 when any stored cut is not as accepted."""
    definitions = [find_study(arguments.root, arguments.study)] if arguments.study else None
    store = store_of(arguments.root)
    problems = verified(store) if arguments.verify else []
    rows = [
        {"study": definition.name, "cut": str(date), "status": "folder"}
        for definition in definitions or find_studies(arguments.root)
        for date in folder_cuts(definition, arguments.root)
    ]
    kept = store.all_cuts(definitions[0] if definitions else None) if store else []
    rows += [as_row(cut) for cut in kept]
    frame = pd.DataFrame(rows, columns=COLUMNS).astype({"rows": "Int64"})
    texts = frame.columns.drop("rows")
    frame[texts] = frame[texts].fillna("")
    return Answer(frame.sort_values(["study", "cut"], kind="stable"), status=int(bool(problems)))


def verified(store: "Store | None") -> list[str]:
    """What is not as accepted, told on standard error with the state of the log."""
    if store is None:
        print("There is no store: no data cut has been imported.", file=sys.stderr)
        return []
    problems = store.verify()
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        seq, head = store.head()
        print(f"Every stored cut is as accepted. Log: {seq} entries, head {head}", file=sys.stderr)
    return problems


def retire(arguments: argparse.Namespace) -> Answer:
    """The row of the cut that was retired; its files stay."""
    definition = find_study(arguments.root, arguments.study)
    store = store_of(arguments.root)
    standing = {cut.cutoff: cut for cut in (store.standing_cuts(definition) if store else [])}
    if store is None or arguments.cut not in standing:
        known = ", ".join(map(str, standing)) or "none"
        raise UnknownStudyError(
            f"{definition.name}: found no imported data cut {arguments.cut}, expected one of: {known}."
        )
    retired = store.retire(standing[arguments.cut].id, arguments.reason, at=utc_now())
    return Answer(pd.DataFrame([as_row(retired)]))


def as_row(cut: StoredCut) -> dict[str, object]:
    status = "standing" if cut.standing else "retired"
    return {"cut": str(cut.cutoff), "status": status} | {
        name: getattr(cut, name) for name in COLUMNS if name not in ("cut", "status")
    }


def with_verify(command: argparse.ArgumentParser) -> None:
    command.add_argument("--study", metavar="S", help="file name, study or registry number (default: all)")
    command.add_argument(
        "--verify", action="store_true", help="check the log and every file; status 1 on a problem"
    )


def with_reason(command: argparse.ArgumentParser) -> None:
    command.add_argument("--reason", required=True, metavar="TEXT", help="why; it stays in the log for good")
