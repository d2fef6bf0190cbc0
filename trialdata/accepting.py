"""An import that is ready becomes a data cut, and its mapping the one of the next import."""

import datetime
from pathlib import Path

import pandas as pd

from trialdata.cuts import list_cuts
from trialdata.definition import StudyDefinition
from trialdata.errors import StudyDataError
from trialdata.importing import Prepared
from trialdata.loading import load_cut
from trialdata.mapping.mapping_toml import save_mapping, write_mapping
from trialdata.store import open_store
from trialdata.store.stored_cut import StoredCut


def accept(
    root: Path,
    definition: StudyDefinition,
    prepared: Prepared,
    *,
    at: datetime.datetime,
    again: bool = False,
) -> StoredCut:
    """The stored cut; StudyDataError where it cannot be one, and then nothing was kept.

    `at` is the present time; `again` accepts data whose cut was retired.
    """
    if not prepared.ready:
        raise StudyDataError("The files were refused, or ask for an answer first: nothing was stored.")
    cut = open_store(root).accept(
        definition,
        prepared.texts,
        cut=prepared.cut,
        findings=prepared.every_finding,
        report=prepared.report,
        mapping=write_mapping(prepared.mapping),
        files=prepared.files,
        at=at,
        again=again,
    )
    save_mapping(root, definition, prepared.mapping)
    return cut


def last_cut(root: Path, definition: StudyDefinition, cut: datetime.date) -> dict[str, pd.DataFrame] | None:
    """The datasets of the latest data cut before that date, typed and checked; None where there is none."""
    cuts = list_cuts(definition, root)
    before = [date for date in cuts.dates if date < cut]
    return load_cut(definition, root, cuts.find(before[-1])).frames if before else None
