"""Records, censored values, the baseline: expected values by hand from endpoints.md, section 1."""

import numpy as np
import pytest

from analysis.adam import derive
from tests.analysis.patients import answers, endpoint, study


def platelets(course, **columns):
    """The derived platelet rows of one participant, more columns of ADLB given row by row."""
    built = study({"S1": course}, endpoint())
    for name, values in columns.items():
        built.adlb[name] = values
    return derive(built).adlb


def record_values(adlb):
    return dict(adlb.loc[adlb["RECFL"] == "Y", ["ADY", "AVAL"]].itertuples(index=False))


@pytest.mark.parametrize(
    ("course", "base", "day"),
    [
        ("-7:12 1:20 15:40", 20, 1),  # the last day at or before day 1
        ("-3:20 15:40", 20, -3),
        ("1:10 1:14 8:50", 14, 1),  # the highest of the day: the harder fold condition
        ("-3:20* 1:10", 20, -3),  # the flag wins
        ("-7:25* -3:18* 1:10", 18, -3),  # several flags: the latest day
        ("1:11* 1:16*", 16, 1),  # then the highest
        ("1:<5", 5, 1),  # as BASE `<5` is 5
        ("1:<5 1:4", 4, 1),  # `<5` is the lowest of its day
        ("1:>80 1:90", 80, 1),  # `>80` the highest
        ("2:20 8:30", np.nan, np.nan),  # no count by day 1
        ("3:22* 8:30", 22, 3),  # a flag on any day
        ("0:20 8:30", np.nan, np.nan),  # there is no day 0
        ("1:20 0.5:8*", 20, 1),  # nor half days
    ],
)
def test_baseline(course, base, day):
    adsl = derive(study({"S1": course}, endpoint())).adsl
    assert (adsl["BASE"].item(), adsl["BASEDY"].item()) == pytest.approx((base, day), nan_ok=True)


def test_a_derived_average_may_be_the_baseline_but_only_by_its_flag():
    averaged = platelets("-3:20 1:24 1:22*", DTYPE=["", "", "AVERAGE"])
    assert averaged["BASE"].unique() == [22]
    assert record_values(averaged) == {-3: 20, 1: 24}
    unflagged = platelets("-3:20 1:24 1:30", DTYPE=["", "", "MAXIMUM"])
    assert unflagged["BASE"].unique() == [24]


def test_of_several_counts_on_a_day_the_lowest_is_the_record():
    assert record_values(platelets("1:20 8:50 8:31 8:44")) == {1: 20, 8: 31}
    assert record_values(platelets("1:20 8:>80 8:90 9:<5 9:3")) == {1: 20, 8: 90, 9: 5}


def test_a_derived_row_is_never_a_record():
    assert record_values(platelets("1:20 8:50 8:10", DTYPE=["", "", "LOV"])) == {1: 20, 8: 50}


def test_an_end_of_treatment_copy_is_not_the_record_but_a_row_without_a_twin_is():
    adlb = platelets("1:20 8:50 8:50 15:60", AVISIT=["", "End of Treatment", "Week 1", "End of Treatment"])
    assert adlb.loc[adlb["RECFL"] == "Y", "VISIT"].tolist() == ["", "Week 1", "End of Treatment"]


@pytest.mark.parametrize(
    ("value", "censor", "aval"), [("<5", "<", 5), (" < 3.4", "<", 3.4), (">80", ">", 80), ("80", "", 80)]
)
def test_avalc_decides_whatever_aval_holds(value, censor, aval):
    built = study({"S1": "8:80"}, endpoint())
    built.adlb["AVALC"] = value
    row = derive(built).adlb.iloc[0]
    assert (row["CENSOR"], row["AVAL"]) == (censor, aval)


@pytest.mark.parametrize(
    ("course", "answer"),
    [
        ("1:10 8:>80 15:>80", "R"),  # `>80` reaches 30, not 100
        ("1:10 8:>100 15:>120", "CR"),
        ("1:2 8:<30 15:<30", "NR"),  # `<30` is below 30
        ("1:2 8:<500 15:<500", "NR"),  # and below every threshold
        ("1:<20 8:39 15:39", "NR"),  # as BASE `<20` is 20: 40 are needed
        ("1:<20 8:40 15:40", "R"),
    ],
)
def test_censored_counts_against_thresholds(course, answer):
    assert answers(course, endpoint())["AVALC"] == answer


def test_change_from_baseline():
    adlb = platelets("1:20 8:<5 15:64")
    assert adlb["CHG"].tolist() == [0, -15, 44]
