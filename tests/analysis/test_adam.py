"""derive: what exists at the cut, messy rows, empty frames, and an answer that no order of rows changes."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.adam import derive
from analysis.response import response_by_visit, response_states
from analysis.trace import trace, verdict
from tests.analysis.patients import definition, endpoint, frame, study
from trialdata.definition import KINDS, TIME_KINDS

EVERY_KIND = tuple(
    endpoint(
        kind,
        paramcd=f"{kind[:5]}{rescue[:2]}",
        rescue=rescue,
        bleeding="WHO",
        avisitn=12,
        confirmed=rescue == "washout",
        visits=(8, 26),
        at_least=2,
        events=("count", "rescue", "new_therapy", "bleeding", "death"),
    )
    for kind in KINDS
    for rescue in ("nonresponse", "washout", "ignore")
)
COURSES = {
    "S1": "1:20 8:45 15:110 22:<5 rIVIG30-32 60:80 67:90 b15:0 b60:1 cut200",
    "S2": "-3:18* 1:40 8:36 12:20 15:36 22:40 b8:2 rSTEROID50 90:200 died100",
    "S3": "1:>80 29:170 36:>200 85:160 completed190",
    "S4": "cutnone 1:10 8:90",
    "S5": "rNEW20 left30",
    "S6": "",
}


def test_days_of_the_end_of_study_and_death_after_the_cut_do_not_exist():
    adsl = derive(
        study(
            {
                "S1": "cut100 left80",
                "S2": "cut100 left120",
                "S3": "cut100 died90",
                "S4": "cut100 died101",
                "S5": "cut100 completed",
                "S6": "cut100 left60 died90",
            },
            endpoint(),
        )
    ).adsl
    assert adsl["STATUS"].tolist() == ["withdrawn", "on study", "died", "on study", "completed", "died"]
    assert adsl["ONSTUDY"].tolist() == ["N", "Y", "N", "Y", "N", "N"]
    assert adsl["FUDY"].tolist() == [80, 100, 90, 100, 100, 60]
    assert adsl["EOSDY"].fillna(0).tolist() == [80, 0, 0, 0, 0, 60]
    assert adsl["DTHDY"].fillna(0).tolist() == [0, 0, 90, 0, 0, 90]


def test_rows_after_the_cut_or_death_do_not_exist():
    built = study({"S1": "cut30 died20 1:20 20:30 21:40 b20:1 b21:2 rIVIG20 rPLT21"}, endpoint())
    other = frame("adlb", [{"USUBJID": "S1", "PARAMCD": "HGB", "ADY": day, "AVAL": 90} for day in (21, 31)])
    data = derive(dataclasses.replace(built, adlb=pd.concat([built.adlb, other], ignore_index=True)))
    assert data.adlb.loc[data.adlb["PARAMCD"] == "PLAT", "ADY"].tolist() == [1, 20]
    assert data.adlb.loc[data.adlb["PARAMCD"] == "HGB", "ADY"].tolist() == [21]
    assert (data.adqs["ADY"].tolist(), data.adcm["ASTDY"].tolist()) == ([20], [20])


def test_a_row_without_a_day_exists_but_is_never_used():
    built = study({"S1": "1:20 8:45 15:45"}, endpoint())
    built.adlb["ADY"] = [1, np.nan, 15]
    data = derive(built)
    assert len(data.adlb) == 3 and (data.adlb["RECFL"] == "Y").sum() == 2
    assert data.adrs["AVALC"].tolist() == ["PENDING"]


def test_one_row_per_subject_and_endpoint():
    data = derive(study(COURSES, *EVERY_KIND))
    rates = [rule for rule in EVERY_KIND if rule.kind not in TIME_KINDS]
    assert len(data.adrs) == len(rates) * len(COURSES)
    assert not data.adrs.duplicated(["USUBJID", "PARAMCD"]).any()
    assert not data.adtte.duplicated(["USUBJID", "PARAMCD"]).any()
    assert data.adtte["AVAL"].notna().all() and (data.adtte["AVAL"] >= 1).all()


def test_rows_of_subjects_that_adsl_does_not_know_are_not_used():
    known = study(COURSES, *EVERY_KIND)
    strangers = study({"X1": COURSES["S1"], "X2": COURSES["S2"]}, *EVERY_KIND)
    mixed = dataclasses.replace(
        known,
        **{
            name: pd.concat([getattr(strangers, name), getattr(known, name)], ignore_index=True)
            for name in ("adlb", "adqs", "adcm")
        },
    )
    same_data(derive(mixed), derive(known))


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_means_nothing(seed):
    built = study(COURSES, *EVERY_KIND)
    shuffled = {
        name: getattr(built, name).sample(frac=1, random_state=seed)
        for name in ("adlb", "adqs", "adcm", "adsl")
    }
    same_data(derive(dataclasses.replace(built, **shuffled)), derive(built))


def same_data(ours, theirs):
    for name, keys in (
        ("adsl", ["USUBJID"]),
        ("adlb", ["USUBJID", "ADY", "AVAL"]),
        ("adrs", ["USUBJID", "PARAMCD"]),
        ("adtte", ["USUBJID", "PARAMCD"]),
    ):
        left, right = (
            getattr(data, name).sort_values(keys).reset_index(drop=True) for data in (ours, theirs)
        )
        pd.testing.assert_frame_equal(left, right)


def test_duplicated_rows_change_nothing():
    built = study(COURSES, *EVERY_KIND)
    twice = {
        name: pd.concat([getattr(built, name)] * 2, ignore_index=True)
        for name in ("adlb", "adqs", "adcm", "adsl")
    }
    ours, theirs = derive(dataclasses.replace(built, **twice)), derive(built)
    pd.testing.assert_frame_equal(ours.adrs, theirs.adrs)
    pd.testing.assert_frame_equal(ours.adtte, theirs.adtte)


@pytest.mark.parametrize("name", ["adlb", "adqs", "adcm", "adae", "adex", "adsl"])
def test_a_frame_without_rows_is_answered(name):
    built = study(COURSES, *EVERY_KIND)
    data = derive(dataclasses.replace(built, **{name: getattr(built, name).iloc[:0]}))
    subjects = 0 if name == "adsl" else len(COURSES)
    assert data.adrs.groupby("PARAMCD").size().tolist() == [subjects] * (18 if subjects else 0)
    for rule in EVERY_KIND:
        assert list(response_by_visit(data, rule.paramcd)) == ["USUBJID", "AVISITN", "LEVEL", "DUEFL"]
        assert list(response_states(data, rule.paramcd)) == ["USUBJID", "STARTDY", "ENDDY", "STATE"]
        assert list(trace(data, "S1", rule.paramcd))[:3] == ["PARAMCD", "ADY", "AVAL"]
        assert (verdict(data, "S1", rule.paramcd) == "") == (name == "adsl")


def test_a_study_without_endpoints_has_empty_results():
    built = study(COURSES)
    data = derive(built)
    assert data.adrs.empty and data.adtte.empty
    assert built.definition == definition()
    assert data.adrs["AVALC"].dtype == "str" and data.adtte["AVAL"].dtype == float


def test_baseline_and_change_of_other_parameters():
    rows = [("HGB", -2, 110, ""), ("HGB", 1, 105, ""), ("HGB", 8, 99, ""), ("ALT", 8, 30, "")]
    adlb = frame(
        "adlb", [{"USUBJID": "S1", "PARAMCD": p, "ADY": d, "AVAL": v, "AVALC": t} for p, d, v, t in rows]
    )
    data = derive(dataclasses.replace(study({"S1": ""}, endpoint()), adlb=adlb))
    haemoglobin = data.adlb[data.adlb["PARAMCD"] == "HGB"]
    assert haemoglobin["CHG"].tolist() == [5, 0, -6]
    assert data.adlb.loc[data.adlb["PARAMCD"] == "ALT", "CHG"].isna().all()
    assert set(data.adlb["RECFL"]) | set(data.adlb["BLFL"]) == {""}
    assert data.adsl["BASE"].isna().all()
