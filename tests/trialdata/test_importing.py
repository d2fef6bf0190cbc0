"""An import of files that are already in the shape of a study gives the same data as reading their folder."""

import datetime
from pathlib import Path

import pandas as pd
import pytest

from trialdata.importing import prepare
from trialdata.loading import load_frames, load_texts
from trialdata.schema import DATASETS
from trialdata.study import find_studies

ROOT = Path(__file__).parents[2]
FOLDERS = [
    (definition, folder)
    for definition in find_studies(ROOT)
    for folder in sorted((ROOT / definition.data).iterdir())
    if folder.is_dir()
]
every_cut = pytest.mark.parametrize(
    ("definition", "folder"), FOLDERS, ids=[f"{d.name} {folder.name}" for d, folder in FOLDERS]
)


@every_cut
def test_the_sample_imported_is_the_sample(definition, folder):
    files = {path.name: path.read_bytes() for path in folder.glob("*.csv")}
    cut = datetime.date.fromisoformat(folder.name)
    prepared = prepare(definition, files, cut)
    assert prepared.ready
    of_folder, imported = load_frames(definition, folder), load_texts(definition, prepared.texts, cut, "")
    for name in DATASETS:
        pd.testing.assert_frame_equal(imported.frames[name], of_folder.frames[name])


@every_cut
def test_findings_of_an_import_name_the_file_and_row_as_sent(definition, folder):
    files = {f"{path.stem}.csv": path.read_bytes() for path in folder.glob("*.csv")}
    prepared = prepare(definition, files, datetime.date.fromisoformat(folder.name))
    places = ["check", "file", "row", "column"]
    expected = load_frames(definition, folder).findings[places]
    pd.testing.assert_frame_equal(prepared.findings[places], expected)
