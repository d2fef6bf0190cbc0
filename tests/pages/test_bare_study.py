"""A trial that sends only what is required: participants, arms and counts; every page opens, every output answers."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
from opening import DEFINITIONS, PAGES, ROOT, opened, words

from analysis.adam import derive
from outputs.catalogue import CATALOGUE, build, is_about_one
from outputs.output import View
from trialdata.study import load_study

STUDY, CUT = "NCT07057778", "2026-12-31"
BARE = {
    "adsl.csv": ["USUBJID", "TRT01P", "DCUTDY"],
    "adlb.csv": ["USUBJID", "PARAMCD", "ADY", "AVAL"],
}


@pytest.fixture(scope="module")
def bare_root(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("bare")
    shutil.copytree(ROOT / "studies", root / "studies")
    definition = DEFINITIONS[STUDY]
    folder = root / definition.data / CUT
    folder.mkdir(parents=True)
    for name, columns in BARE.items():
        frame = pd.read_csv(ROOT / definition.data / CUT / name, dtype="str", keep_default_na=False)
        frame[columns].to_csv(folder / name, index=False)
    return root


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(page, bare_root, monkeypatch):
    monkeypatch.setenv("ITP_ROOT", str(bare_root))
    app = opened(page, study=STUDY)
    assert not app.exception
    assert not app.error


def test_quality_of_life_without_scores_is_one_sentence(bare_root, monkeypatch):
    monkeypatch.setenv("ITP_ROOT", str(bare_root))
    app = opened("quality", study=STUDY)
    text = words(app).replace("\\", "")
    assert text.count("No score of FACIT-Fatigue or SF-36, physical component") == 1
    assert "**Change from baseline**" not in text and not app.get("plotly_chart")


def test_every_output_answers(bare_root):
    data = derive(load_study(bare_root, STUDY))
    for name, entry in CATALOGUE.items():
        if is_about_one(name):
            continue
        output = build(name, data, View(endpoint=data.definition.leading.paramcd))
        assert output.empty or len(output.results), entry.id
