"""Emitted datasets taken up again: they agree with our own answers, and as a study they give the same rates."""

import shutil
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from analysis.adam import derive
from outputs.output import View
from outputs.reconcile import reconcile_summary_output
from outputs.response import response_rates_output
from reports.dataset_files import base_name
from reports.datasets import analysis_datasets
from trialdata.definition import RATE_KINDS
from trialdata.reconciliation import read_submitted
from trialdata.study import load_study

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("ending", ["csv", "xpt"])
@pytest.mark.parametrize("name", ["adrs", "adtte"])
def test_no_answer_disagrees_with_ours(look, files_of, name, ending):
    given = read_submitted(
        f"{base_name(look)}_{name}.{ending}", files_of(look)[f"{name}.{ending}"].content, look.definition
    )
    summary = reconcile_summary_output(look, View(), submitted=given)
    counts = summary.results.groupby("measure")["n"].sum()
    assert counts["compared"] == counts["agree"] == len(getattr(look, name)) > 0
    assert counts[["differ", "only ours", "only theirs", "unknown participant"]].sum() == 0


def test_adsl_and_adlb_as_a_study_give_the_same_answers_and_rates(look, files_of, tmp_path):
    assert_same_study(look, files_of, "csv", tmp_path)


def test_and_so_they_do_as_transport_files(derived, files_of, tmp_path):
    assert_same_study(derived("nct04915482"), files_of, "xpt", tmp_path)


def assert_same_study(look, files_of, ending: str, tmp_path: Path) -> None:
    """The day of the cut is given again: only who holds the data cut has it."""
    again = derive(taken_up(look, files_of(look), ending, tmp_path))
    columns = ["USUBJID", "PARAMCD", "AVALC", "AVAL", "DUEFL", "ONSETDY", "REASON"]
    assert_same(again.adrs[columns], look.adrs[columns], ["USUBJID", "PARAMCD"])
    assert_same(again.adtte, look.adtte, ["USUBJID", "PARAMCD"])
    assert_same(again.adsl[["USUBJID", "BASE", "STATUS", "EOSDY"]], look.adsl, ["USUBJID"])
    view = View(endpoint=most_due(look))
    rates = [response_rates_output(data, view).results for data in (again, look)]
    pd.testing.assert_frame_equal(*rates)
    assert rates[0]["N"].sum() > 0


def most_due(look) -> str:
    """The endpoint with a rate for which most participants are due."""
    rates = [endpoint.paramcd for endpoint in look.definition.endpoints if endpoint.kind in RATE_KINDS]
    due = look.adrs[(look.adrs["DUEFL"] == "Y") & look.adrs["PARAMCD"].isin(rates)]
    return due["PARAMCD"].value_counts().index[0]


def taken_up(look, files: dict, ending: str, root: Path):
    """A study folder of the emitted ADSL and ADLB, beside the other files of the cut, loaded."""
    definition, cut = look.definition, str(look.study.cut)
    (root / "studies").mkdir()
    shutil.copy(ROOT / "studies" / f"{definition.name}.toml", root / "studies")
    folder = root / definition.data / cut
    folder.mkdir(parents=True)
    for name in ("adcm", "adqs", "adex", "adae"):
        shutil.copy(ROOT / definition.data / cut / f"{name}.csv", folder)
    (folder / f"adlb.{ending}").write_bytes(files[f"adlb.{ending}"].content)
    adsl = with_cut_day(files[f"adsl.{ending}"].content, ending, look, root)
    (folder / f"adsl.{ending}").write_bytes(adsl)
    return load_study(root, definition.name, look.study.cut)


def with_cut_day(content: bytes, ending: str, look, root: Path) -> bytes:
    day = look.study.adsl.set_index("USUBJID")["DCUTDY"]
    path = root / f"adsl.{ending}"
    path.write_bytes(content)
    if ending == "csv":
        frame = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
        frame.assign(DCUTDY=frame["USUBJID"].map(day)).to_csv(path, index=False)
    else:
        frame, _ = pyreadstat.read_xport(str(path))
        frame = frame.assign(DCUTDY=frame["USUBJID"].map(day))
        pyreadstat.write_xport(frame, str(path), file_format_version=5, table_name="ADSL")
    return path.read_bytes()


def assert_same(found: pd.DataFrame, expected: pd.DataFrame, keys: list[str]) -> None:
    sides = [frame[list(found)].sort_values(keys, ignore_index=True) for frame in (found, expected)]
    pd.testing.assert_frame_equal(*sides)


def test_an_adrs_of_the_site_is_never_what_is_emitted(derived, tmp_path):
    """A folder may hold anybody's ADRS and ADTTE: neither is read."""
    ours = derived("nct07057778")
    definition, cut = ours.definition, str(ours.study.cut)
    folder = tmp_path / definition.data / cut
    shutil.copytree(ROOT / definition.data / cut, folder)
    (tmp_path / "studies").mkdir()
    shutil.copy(ROOT / "studies" / f"{definition.name}.toml", tmp_path / "studies")
    answer = ours.adrs[(ours.adrs["PARAMCD"] == "OR1Y") & (ours.adrs["AVALC"] == "NR")].iloc[0]
    (folder / "adrs.csv").write_text(f"USUBJID,PARAMCD,AVAL,AVALC\n{answer['USUBJID']},OR1Y,1,CR\n")
    (folder / "adtte.csv").write_text(f"USUBJID,PARAMCD,AVAL,CNSR\n{answer['USUBJID']},TTR,3,0\n")
    again = derive(load_study(tmp_path, definition.name))
    for found, expected in zip(analysis_datasets(again), analysis_datasets(ours), strict=True):
        pd.testing.assert_frame_equal(found.frame, expected.frame)
