"""A trial of one arm with a historical rate: every page opens, every output answers, the rate stands on Response."""

import math
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
HISTORICAL = '\n[[historical]]\nendpoint = "OR1Y"\nrate = 0.4\nreference = "made up for a test"\n'


@pytest.fixture(scope="module")
def one_arm_root(tmp_path_factory) -> Path:
    """The first sample trial with the arm RTX alone."""
    root = tmp_path_factory.mktemp("one")
    definition = DEFINITIONS[STUDY]
    text = (ROOT / "studies" / f"{definition.name}.toml").read_text(encoding="utf-8")
    before, _, after = text.partition('[[arms]]\ntrt = "IGU+RTX"')
    control = after[after.index("[[arms]]") :].replace('role = "control"', 'role = "single"')
    doses = [part for part in control.split("[[doses]]") if 'trt = "IGU+RTX"' not in part]
    text = before.replace('design = "randomized"', 'design = "single_arm"') + "[[doses]]".join(doses)
    text = text.split("[interim]")[0] + HISTORICAL
    (root / "studies").mkdir()
    (root / "studies" / "one_arm.toml").write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / definition.data / CUT, root / definition.data / CUT)
    folder = root / definition.data / CUT
    adsl = pd.read_csv(folder / "adsl.csv", dtype="str", keep_default_na=False)
    kept = adsl[adsl["TRT01P"] == "RTX"]
    for path in folder.glob("*.csv"):
        frame = pd.read_csv(path, dtype="str", keep_default_na=False)
        frame[frame["USUBJID"].isin(kept["USUBJID"])].to_csv(path, index=False)
    return root


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(page, one_arm_root, monkeypatch):
    monkeypatch.setenv("ITP_ROOT", str(one_arm_root))
    app = opened(page, study=STUDY)
    assert not app.exception
    assert not app.error
    assert "Not randomised" not in [section for section in words(app).split("\n") if section]


def test_response_shows_the_arm_against_the_historical_rate(one_arm_root, monkeypatch):
    monkeypatch.setenv("ITP_ROOT", str(one_arm_root))
    text = words(opened("response", study=STUDY)).replace("\\", "")
    assert "**Against a historical rate**" in text
    assert "Historical rate 40.0%: made up for a test." in text


def test_every_output_answers_and_only_the_historical_rate_compares(one_arm_root):
    data = derive(load_study(one_arm_root, "one_arm"))
    for name, entry in CATALOGUE.items():
        if is_about_one(name):
            continue
        output = build(name, data, View())
        assert output.empty or len(output.results) or len(output.table), entry.id
        if "comparison" in output.results:
            assert output.results["comparison"].dropna().eq("").all(), entry.id


def test_the_historical_rate_by_hand(one_arm_root):
    data = derive(load_study(one_arm_root, "one_arm"))
    output = build("historical_rate", data, View())
    rate, difference = output.results.to_dict("records")
    n, due = rate["n"], rate["N"]
    below = sum(
        p
        for x in range(due + 1)
        if (p := math.comb(due, x) * 0.4**x * 0.6 ** (due - x))
        <= math.comb(due, n) * 0.4**n * 0.6 ** (due - n) * (1 + 1e-7)
    )
    assert rate["p_value"] == pytest.approx(below, rel=1e-9)
    assert difference["estimate"] == pytest.approx(n / due - 0.4)
    assert difference["conf_low"] == pytest.approx(rate["conf_low"] - 0.4)
    assert output.records["USUBJID"].nunique() == due
    nobody = build("historical_rate", data, View(filters=(("SEX", ("nobody",)),)))
    assert nobody.empty.startswith("Nobody matches")
    filtered = build("historical_rate", data, View(filters=(("SEX", ("F",)),)))
    assert filtered.results["p_value"].isna().all()


def test_a_study_without_a_historical_rate_says_so(one_arm_root):
    data = derive(load_study(one_arm_root, "one_arm"))
    assert "[[historical]]" in build("historical_rate", data, View(endpoint="RESPW12")).empty
