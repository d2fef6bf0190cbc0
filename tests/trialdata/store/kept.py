"""What the tests of the store share: a study of four participants, and its import as one call."""

import dataclasses
import datetime
from functools import lru_cache
from pathlib import Path

import pandas as pd

from tests.trialdata.small_study import FILES, write_study
from trialdata.csv_files import read_csv
from trialdata.definition import StudyDefinition
from trialdata.findings import NONE
from trialdata.limits import Limits
from trialdata.load_report import as_report, note
from trialdata.loading import load_texts
from trialdata.store import rules
from trialdata.store.content import content_hash
from trialdata.store.store import Store
from trialdata.store.stored_cut import StoredCut
from trialdata.study import find_study

FIRST = datetime.date(2026, 2, 15)  # the folder of the small study is of January
AT = datetime.datetime(2026, 3, 1, 8, 15, tzinfo=datetime.UTC)
REPORT = as_report([note("lab.xlsx", "a sheet that was found", before="Sheet1")])
MAPPING = 'sheet = "Sheet1"\n'
_checked: dict = {}


def small_definition(root: Path) -> StudyDefinition:
    """The definition of the small study, written below `root`."""
    if not (root / "studies").exists():
        write_study(root, files=dict.fromkeys(FILES))
    return find_study(root, "demo")


def small_frames(*, platelets: str = "12") -> dict[str, pd.DataFrame]:
    """Its datasets as an import gives them; `platelets` is the first count of the first participant."""
    return {name: frame.copy() for name, frame in _read_once(platelets).items()}


@lru_cache
def _read_once(platelets: str) -> dict[str, pd.DataFrame]:
    texts = {name: text.lstrip("\n") for name, text in FILES.items()}
    texts["adlb.csv"] = texts["adlb.csv"].replace("PLAT,-1,12,12,", f"PLAT,-1,{platelets},{platelets},")
    return {name.removesuffix(".csv"): read_csv(text.encode(), Limits()) for name, text in texts.items()}


def accept(store: Store, frames: dict[str, pd.DataFrame] | None = None, **changes) -> StoredCut:
    """Import the frames, those of the small study by default."""
    definition = changes.pop("definition", None) or small_definition(store.folder.parent)
    options = {
        "cut": FIRST,
        "findings": NONE,
        "report": REPORT,
        "mapping": MAPPING,
        "files": {"lab.xlsx": "0" * 64},
        "at": AT,
    }
    return store.accept(definition, small_frames() if frames is None else frames, **options | changes)


def fresh(store: Store) -> Store:
    """The same store as a process sees it that starts now."""
    url = "" if store.register.file else store.register.engine.url.render_as_string(hide_password=False)
    opened = Store(store.folder, url)
    opened.start()
    return opened


def as_accepted(cut: StoredCut) -> StoredCut:
    """A cut without its retirement, to compare."""
    return dataclasses.replace(cut, retired="", reason="")


def checked_once(definition, frames, cut, content):
    """`load_texts`, which takes longer than all that is tested here, once for the same cells."""
    key = content_hash(definition.name, FIRST, frames)
    if key not in _checked:
        _checked[key] = load_texts(definition, frames, cut, content)
    return _checked[key]


def check_once() -> None:
    rules.load_texts = checked_once
