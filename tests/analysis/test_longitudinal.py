"""Platelets by visit: one record per visit, censored counts, who is due, shadows; numbers worked by hand."""

import math

import pandas as pd
import pytest

from analysis.longitudinal import (
    platelet_change,
    platelet_geometric_means,
    platelet_quantiles,
    share_at_or_above,
    visit_records,
)
from trialdata.definition import Visits

VISITS = Visits(weeks=(0, 4, 8), last_window_days=14)  # windows: day 2 to 42, day 43 to 71
BASELINE = {"AVISITN": 0.0, "BLFL": "Y"}


def make_records(*rows: dict) -> pd.DataFrame:
    """Platelet rows; what a row does not say: arm a, week 4, record of its visit, no shadow, not censored."""
    usual = {
        "USUBJID": "S-1",
        "ARM": "a",
        "AVISITN": 4.0,
        "AVAL": 50.0,
        "CHG": math.nan,
        "CENSOR": "",
        "VISITFL": "Y",
        "BLFL": "",
        "SHADOW": "",
    }
    return pd.DataFrame([usual | row for row in rows], columns=list(usual))


def make_adsl(**cut_day: float) -> pd.DataFrame:
    """`make_adsl(one=80)`: participant "one" of arm a, whose data were cut on day 80."""
    return pd.DataFrame({"USUBJID": list(cut_day), "ARM": "a", "DCUTDY": list(cut_day.values())})


def share(records: pd.DataFrame, adsl: pd.DataFrame, threshold: float = 50, **options) -> dict:
    """(n, N) by week."""
    rows = share_at_or_above(adsl, records, VISITS, ["a"], threshold, **options)
    return {row.time: (row.n, row.N) for row in rows.itertuples()}


def test_median_and_quartiles_by_visit():
    records = make_records(*({"AVAL": count} for count in (10, 20, 40, 80, 100)))
    rows = platelet_quantiles(records, VISITS.weeks, ["a"]).set_index("time")
    assert rows.loc[4, ["n", "estimate", "conf_low", "conf_high"]].tolist() == [5, 40, 20, 80]
    assert rows.loc[8, "n"] == 0
    assert math.isnan(rows.loc[8, "estimate"])


def test_other_counts_of_a_visit_do_not_enter():
    records = make_records({"AVAL": 40}, {"AVAL": 400, "VISITFL": ""}, {"AVAL": 900, "AVISITN": math.nan})
    assert platelet_quantiles(records, [4], ["a"]).loc[0, "estimate"] == 40


def test_baseline_record_stands_at_week_0():
    # the flagged baseline may lie before the record nearest to day 1
    records = make_records({"AVISITN": 0.0, "AVAL": 9}, BASELINE | {"AVAL": 12, "VISITFL": ""})
    assert visit_records(records)["AVAL"].tolist() == [12]
    assert platelet_quantiles(records, [0], ["a"]).loc[0, "estimate"] == 12


def test_geometric_mean_by_hand():
    # 10 and 1000: geometric mean 100; `<1` is 1 and 0.2 is 1, with 100: geometric mean of 1, 1, 100
    records = make_records({"AVAL": 10}, {"AVAL": 1000})
    assert platelet_geometric_means(records, [4], ["a"]).loc[0, "estimate"] == pytest.approx(100)
    low = make_records({"AVAL": 1, "CENSOR": "<"}, {"AVAL": 0.2}, {"AVAL": 100})
    assert platelet_geometric_means(low, [4], ["a"]).loc[0, "estimate"] == pytest.approx(100 ** (1 / 3))


def test_a_censored_count_enters_as_its_number():
    records = make_records({"AVAL": 5, "CENSOR": "<"}, {"AVAL": 5}, {"AVAL": 9})
    assert platelet_quantiles(records, [4], ["a"]).loc[0, "estimate"] == 5


def test_one_count_has_no_interval():
    (row,) = platelet_geometric_means(make_records({"AVAL": 30}), [4], ["a"]).itertuples()
    assert row.estimate == pytest.approx(30)
    assert math.isnan(row.conf_low) and math.isnan(row.conf_high)


def test_change_from_baseline():
    records = make_records(
        {"CHG": 10.0}, {"CHG": 30.0}, {"CHG": 80.0}, {"CHG": math.nan}, BASELINE | {"CHG": 0.0}
    )
    median = platelet_change(records, VISITS.weeks, ["a"]).set_index("time")
    assert list(median.index) == [4, 8]
    assert median.loc[4, ["n", "estimate", "conf_low", "conf_high"]].tolist() == [3, 30, 20, 55]


def test_share_is_of_all_due_whose_window_has_closed():
    adsl = make_adsl(closed=42, open=41, late=71)
    records = make_records(*({"USUBJID": name, "AVAL": 60} for name in ("closed", "open", "late")))
    assert share(records, adsl) == {0: (0, 3), 4: (2, 2), 8: (0, 1)}


def test_missing_and_shadowed_counts_are_not_reached():
    adsl = make_adsl(reached=99, missing=99, shadowed=99, low=99)
    records = make_records(
        {"USUBJID": "reached", "AVAL": 50},
        {"USUBJID": "shadowed", "AVAL": 300, "SHADOW": "IVIG"},
        {"USUBJID": "low", "AVAL": 49},
    )
    assert share(records, adsl)[4] == (1, 4)
    assert share(records, adsl, observed_only=True)[4] == (1, 2)
    rows = share_at_or_above(adsl, records, VISITS, ["a"], 50)
    assert rows.loc[1, "conf_high"] == pytest.approx(0.69936, abs=1e-5)  # Wilson of 1/4: R prop.test


def test_less_than_n_is_below_every_threshold_and_more_than_n_reaches_n():
    adsl = make_adsl(less=99, more=99)
    records = make_records(
        {"USUBJID": "less", "AVAL": 100, "CENSOR": "<"}, {"USUBJID": "more", "AVAL": 100, "CENSOR": ">"}
    )
    assert share(records, adsl, 100)[4] == (1, 2)


def test_baseline_share_is_of_everybody():
    adsl = make_adsl(one=3, two=math.nan)
    records = make_records(
        BASELINE | {"USUBJID": "one", "AVAL": 31}, BASELINE | {"USUBJID": "two", "AVAL": 8}
    )
    assert share(records, adsl, 30)[0] == (1, 2)


def test_nobody_is_an_answer():
    rows = share_at_or_above(make_adsl(), make_records(), VISITS, ["a", "b"], 30)
    assert rows["N"].tolist() == [0] * 6
    assert rows["estimate"].isna().all()
    assert platelet_quantiles(make_records(), VISITS.weeks, ["a"])["n"].tolist() == [0, 0, 0]
