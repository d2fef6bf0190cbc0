"""Is the register as it was written? A sentence for everything that is not."""

import json
from pathlib import Path

from sqlalchemy import Connection

from trialdata.store import register
from trialdata.store.anchor import ANCHOR, read_anchor
from trialdata.store.log import ACCEPTED, RETIRED, Entry, chain_problems, is_whole
from trialdata.store.stored_cut import StoredCut


def problems_of_register(connection: Connection, place: str, store: Path) -> list[str]:
    """The log in itself, the log against its anchor, and the rows of the cuts against the log."""
    return problems_of_log(connection, place, store) + _problems_of_rows(connection, place)


def problems_of_log(connection: Connection, place: str, store: Path) -> list[str]:
    """The log in itself and against its anchor."""
    chain = chain_problems(place, register.genesis(connection), register.entries(connection))
    problem = anchor_problem(connection, place, store)
    return [*chain, problem] if problem else chain


def anchor_problem(connection: Connection, place: str, store: Path) -> str:
    """Why the log cannot be the one that the anchor was taken from; empty where it can."""
    anchor, last = read_anchor(store), register.head(connection)
    if anchor is None and last[0] > 0:
        return (
            f"{store / ANCHOR}: found no such file, expected number and hash of a log entry; whether the log "
            f"({place}) is complete cannot be seen: restore the file from a backup."
        )
    if anchor is not None and register.hash_at(connection, anchor.seq) != anchor.hash:
        return (
            f"{place}: found a log of {last[0]} entries without the one that {store / ANCHOR} names (entry "
            f"{anchor.seq}), expected all that were written; this is another or an older register, or entries "
            "were removed: check ITP_REGISTER_URL, or restore store and register from the same backup."
        )
    return ""


def problem_of_row(cut: StoredCut, entry: Entry | None, place: str) -> str:
    """Why the row of a cut does not agree with the log entry of its acceptance; empty where it does."""
    agrees = (
        entry is not None
        and is_whole(entry)
        and (entry.event, entry.cut, entry.at) == (ACCEPTED, cut.id, cut.accepted)
        and json.loads(entry.detail) == register.accepted_detail(cut)
    )
    return "" if agrees else _changed(cut, place, "its log entry")


def _problems_of_rows(connection: Connection, place: str) -> list[str]:
    cuts = {cut.id: cut for cut in register.find_cuts(connection)}
    log = register.entries(connection)
    accepted = {entry.cut: entry for entry in log if entry.event == ACCEPTED}
    retired = {entry.cut: entry for entry in log if entry.event == RETIRED}
    problems = []
    for cut in cuts.values():
        said = retired.get(cut.id)
        ended = (said.at, json.loads(said.detail).get("reason")) if said else ("", "")
        problem = problem_of_row(cut, accepted.get(cut.id), place)
        if not problem and (cut.retired, cut.reason) != ended:
            problem = _changed(cut, place, "what the log says of its retirement")
        problems += [problem] if problem else []
    return problems + [
        f"{place}: found no row for the cut that log entry {entry.seq} accepted, expected one; restore the register "
        "from a backup."
        for entry in accepted.values()
        if entry.cut not in cuts
    ]


def _changed(cut: StoredCut, place: str, other: str) -> str:
    return (
        f"{place}, data cut {cut.cutoff} of {cut.study}: found a row that does not agree with {other}, expected it "
        "as it was written; nothing of this cut is read: restore the register from a backup."
    )
