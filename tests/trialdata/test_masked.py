"""The pooled view: with the arms of the participants exchanged, nothing of it changes."""

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_study import ADAE, ADCM, ADEX, ADLB, ADSL, TOML, with_row, write_study

from trialdata.errors import StudyDataError
from trialdata.findings import COLUMNS
from trialdata.study import Study, load_study, masked

ROOT = Path(__file__).parents[2]
FRAMES = ("adsl", "adlb", "adqs", "adcm", "adae", "adex")
ARMS = ("A", "B")


def files_with_arms(arms: tuple[str, ...]) -> dict[str, str]:
    """The files of the small study where S-01 .. S-04 have these arms, in every column that tells an arm."""
    drug = {"A": "Drug A", "B": "Drug B"}
    header, *rows = ADSL.strip().split("\n")
    adsl = [f"{header},TRT01A,ARMCD,TRT01PN,KITNO,DCSREAS,STRATA1"]
    for row, arm in zip(rows, arms, strict=True):
        cells = row.split(",")
        cells[1] = arm
        adsl.append(
            ",".join([*cells, arm, arm.lower(), str(ARMS.index(arm)), f"K{arm}", f"no {drug[arm]}", arm])
        )
    adex = ["USUBJID,EXTRT,ASTDY", *(f"S-0{n},{drug[arm]},1" for n, arm in enumerate(arms, start=1))]
    adcm = with_row(ADCM, f"S-01,{drug[arms[0]]},{drug[arms[0]]},1,9")
    adlb_header, *adlb_rows = ADLB.strip().split("\n")
    of = dict(zip(("S-01", "S-02", "S-03", "S-04"), arms, strict=True))
    adlb = [f"{adlb_header},TRTP", *(f"{row},{of[row[:4]]}" for row in adlb_rows)]
    adlb += [f"S-01,{arms[0]}CONC,8,4.5,,,,,{arms[0]}"]
    adae = with_cells(ADAE, "AEREL,AEACN", [f"due to {drug[arms[0]]},{drug[arms[0]]} stopped"])
    return {
        "adsl.csv": "\n".join(adsl),
        "adex.csv": "\n".join(adex),
        "adcm.csv": adcm,
        "adlb.csv": "\n".join(adlb),
        "adae.csv": adae,
    }


def with_cells(table: str, header: str, cells: list[str]) -> str:
    lines = table.strip().split("\n")
    return "\n".join(f"{line},{cell}" for line, cell in zip(lines, [header, *cells], strict=True)) + "\n"


def pooled(root: Path, arms: tuple[str, ...]) -> Study:
    toml = TOML + '\n[[subgroups]]\ncolumn = "STRATA1"\nlabel = "Stratum"\n'
    write_study(root, toml=toml, files=files_with_arms(arms))
    return load_study(root, "demo", view="pooled")


def assert_same(one: Study, other: Study) -> None:
    for name in (*FRAMES, "findings"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert (one.definition, one.cut, one.cuts, one.view) == (
        other.definition,
        other.cut,
        other.cuts,
        other.view,
    )
    assert one.content_hash == other.content_hash


def test_every_assignment_of_two_and_two_gives_the_same_pooled_view(tmp_path):
    assignments = sorted(set(itertools.permutations("AABB")))
    views = [pooled(tmp_path / "".join(arms), arms) for arms in assignments]
    assert len(views) == 6
    for view in views[1:]:
        assert_same(views[0], view)


def test_nothing_in_the_pooled_view_names_an_arm_or_a_drug(tmp_path):
    view = pooled(tmp_path, tuple("ABAB"))
    texts = [getattr(view, name).to_csv() for name in (*FRAMES, "findings")]
    for word in ("Drug A", "Drug B", "KA", "KB", "ACONC", "ARMCD", "TRT01PN", "STRATA1", "due to", "stopped"):
        assert not any(word in text for text in texts), word
    assert [(arm.trt, arm.label, arm.role) for arm in view.definition.arms] == [
        ("All", "All participants", "pooled")
    ]
    assert view.definition.subgroups == ()
    assert set(view.adsl["TRT01P"]) == {"All"}
    assert view.adex.empty
    assert list(view.findings.columns) == COLUMNS


def test_what_does_not_depend_on_the_arm_stays(tmp_path):
    view = pooled(tmp_path, tuple("ABAB"))
    assert view.adsl["AGE"].tolist() == [34, 51, 47, 62]
    assert view.adlb["AVAL"].tolist() == [12, 45, 120, 9, 30, 20, 55, 15, 18]
    assert view.adcm["CMCLAS"].tolist() == ["IVIG"]
    assert view.adae["AEDECOD"].tolist() == ["Headache"]
    assert masked(view) is view


def test_who_was_treated_survives_although_dosing_does_not(tmp_path):
    """Without TRTSDT, treated follows from adex: S-04 was never dosed."""
    adex = "\n".join(line for line in ADEX.split("\n") if not line.startswith("S-04"))
    write_study(tmp_path, files={"adex.csv": adex})
    view = load_study(tmp_path, "demo", view="pooled")
    assert view.adsl["TRT01A"].tolist() == ["All", "All", "All", ""]


@pytest.mark.parametrize(
    ("planned", "pooled"), [("SCRNFAIL", "Screen failure"), ("Placebo", "none of the arms")]
)
def test_who_is_in_no_arm_stays_out_of_the_pooled_arm(tmp_path, planned, pooled):
    write_study(tmp_path, files={"adsl.csv": ADSL.replace("S-04,B", f"S-04,{planned}")})
    view = load_study(tmp_path, "demo", view="pooled")
    assert view.adsl["TRT01P"].tolist() == ["All", "All", "All", pooled]


@pytest.mark.parametrize("name", ["nct07057778", "nct04915482"])
def test_the_pooled_sample_is_the_same_for_exchanged_arms(name):
    study = load_study(ROOT, name)
    arms = [arm.trt for arm in study.definition.arms]
    order = np.arange(len(study.adsl))
    in_arm = np.flatnonzero(study.adsl["TRT01P"].isin(arms))
    order[in_arm] = np.random.default_rng(7).permutation(in_arm)
    exchanged = study.adsl.assign(
        TRT01P=study.adsl["TRT01P"].to_numpy()[order], TRT01A=study.adsl["TRT01A"].to_numpy()[order]
    )
    assert not exchanged["TRT01P"].equals(study.adsl["TRT01P"])
    other = type(study)(**(vars(study) | {"adsl": exchanged, "content_hash": "other"}))
    assert_same(masked(study), masked(other))
    assert not any(arm in masked(study).adsl.to_csv() for arm in arms)


def test_a_refusal_of_the_pooled_view_names_the_place_but_no_arm(tmp_path):
    adsl = with_row(ADSL, "S-01,B,01,DEMO,Y,Y,Y,34,F,60,ONGOING,")
    adex = with_row(ADEX, "S-01,Drug A,abc")
    write_study(
        tmp_path, files={"adsl.csv": adsl, "adex.csv": adex, "adlb.csv": with_row(ADLB, "S-01,PLAT,9,x,,,,")}
    )
    with pytest.raises(StudyDataError) as error:
        load_study(tmp_path, "demo", view="pooled")
    text = str(error.value)
    assert "adsl.csv, row 6, column TRT01P: found something that the pooled view does not show" in text
    assert "adex.csv, row 6, column ASTDY: found something that the pooled view does not show" in text
    assert 'adlb.csv, row 11, column AVAL, subject S-01: found "x"' in text
    assert '"B"' not in text + error.value.findings.to_string()
