"""The SHA-256 of the files of a data cut, so that a reader can tell without this software whether it is the one."""

import hashlib
from pathlib import Path

from trialdata.cuts import content_hash, list_cuts
from trialdata.limits import default_limits
from trialdata.loading import dataset_contents
from trialdata.store import open_store
from trialdata.store.stored_cut import StoredCut
from trialdata.study import Study


def cut_hashes(root: Path, study: Study) -> dict:
    """`files`: SHA-256 by name; of a stored cut also `cells`, which is the same wherever the same data were imported.

    Empty in the pooled view, which nothing about the arms leaves, and where the files are not those that were read.
    """
    if study.view != "true":
        return {}
    found = list_cuts(study.definition, root).find(study.cut)
    if found.stored:
        if found.stored.id != study.content_hash:
            return {}
        kept = open_store(root).read_manifest(found.stored).files
        return {
            "cells": found.stored.content,
            "files": {name: file.sha256 for name, file in sorted(kept.items())},
        }
    contents = dataset_contents(found.folder, default_limits())
    if content_hash(contents) != study.content_hash:
        return {}
    return {
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in sorted(contents.items())}
    }


def cells_of(root: Path, study: Study) -> str:
    """The hash of the cells of a stored cut; empty for a folder of files and in the pooled view."""
    stored: StoredCut | None = list_cuts(study.definition, root).find(study.cut).stored
    return stored.content if stored and study.view == "true" else ""
