"""Accepted data cuts: kept unchanged below ROOT/store, verified on every read, listed in a register.

docs/reference/store.md describes the folder of a cut, the register and its log.
"""

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trialdata.store.store import Store

REGISTER_URL = "ITP_REGISTER_URL"
FOLDER = "store"


def open_store(root: Path, url: str | None = None) -> "Store":
    """The store below `root`, swept of what interrupted imports left; one that does not exist yet is empty.

    `url` names a PostgreSQL register, by default the one of the setting ITP_REGISTER_URL; without either the
    register is a file in the store. StudyDataError when the register cannot be used.
    """
    return _opened(Path(root).resolve(), url or os.environ.get(REGISTER_URL) or "")


def store_of(root: Path) -> "Store | None":
    """The store below `root` where there is one; nothing is made, and without one nothing is imported."""
    if os.environ.get(REGISTER_URL) or (Path(root) / FOLDER).is_dir():
        return open_store(root)
    return None


@lru_cache(maxsize=20)
def _opened(root: Path, url: str) -> "Store":
    from trialdata.store.store import Store  # SQLAlchemy takes half a second to import

    store = Store(root / FOLDER, url)
    store.start()
    return store
