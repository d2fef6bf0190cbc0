"""The anchor: number and hash of the last log entry, kept outside the register.

A chain cannot show that its end is missing; the anchor can.
"""

import json
import os
import uuid
from pathlib import Path
from typing import NamedTuple

from trialdata.store.new_folder import sync, write_private

ANCHOR = "anchor.json"


class Anchor(NamedTuple):
    """An entry that the log has to have; number 0 stands for the log without an entry."""

    seq: int
    hash: str


def read_anchor(store: Path) -> Anchor | None:
    """The anchor of a store; None where there is none."""
    try:
        content = json.loads((store / ANCHOR).read_text(encoding="utf-8"))
        return Anchor(int(content["seq"]), str(content["hash"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return Anchor(-1, "")  # unreadable: on no chain


def write_anchor(store: Path, anchor: Anchor) -> None:
    """Put the anchor in the place of the one before, whole or not at all."""
    new = store / f"{ANCHOR}.{uuid.uuid4().hex}"
    try:
        write_private(new, json.dumps(anchor._asdict()).encode() + b"\n")
        os.replace(new, store / ANCHOR)
    finally:
        new.unlink(missing_ok=True)
    sync(store)
