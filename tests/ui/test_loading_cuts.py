"""Two cuts with the same files are two cuts: each is read at its own date."""

import pathlib
import shutil

import streamlit as st

from trialdata.study import data_cuts, find_study
from ui.session import load

ROOT = pathlib.Path(__file__).parents[2]


def test_the_same_files_at_another_date_are_another_cut(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "studies", tmp_path / "studies")
    source = find_study(ROOT, "nct07057778")
    first = data_cuts(source, ROOT)[0]
    folder = tmp_path / source.data
    shutil.copytree(ROOT / source.data / str(first), folder / str(first))
    monkeypatch.setenv("ITP_ROOT", str(tmp_path))
    st.cache_resource.clear()
    alone = load(source, first)
    shutil.copytree(folder / str(first), folder / "2026-04-30")
    cuts = data_cuts(source, tmp_path)
    assert [load(source, cut).data.study.cut for cut in cuts] == list(cuts)
    assert load(source, first).data.study.cuts == cuts != alone.data.study.cuts
    st.cache_resource.clear()
