"""The long form of results: lossless, labelled, keys kept."""

import pandas as pd
import pytest

from analysis.rates import rate_comparisons, rates_from_counts
from analysis.results import LABELS, to_long

RATES = rates_from_counts([("combo", 24, 30), ("mono", 0, 0)])


def test_one_row_per_statistic():
    long = to_long(RATES)
    assert len(long) == len(RATES) * 5
    first = long.iloc[:5]
    assert first["arm"].tolist() == ["combo"] * 5
    assert first["method"].tolist() == ["Wilson score"] * 5
    assert first["stat_name"].tolist() == ["n", "N", "estimate", "conf_low", "conf_high"]
    assert first["stat_label"].tolist()[2:] == ["Estimate", "Lower limit", "Upper limit"]
    assert first["stat"].tolist()[:3] == [24, 30, 0.8]


@pytest.mark.parametrize(
    "wide",
    [RATES, rate_comparisons(RATES, experimental="combo", control="mono")],
    ids=["rates", "comparisons"],
)
def test_the_wide_frame_can_be_made_again(wide):
    long = to_long(wide)
    keys = [column for column in wide if column in long]
    again = long.pivot(index=["row", *keys], columns="stat_name", values="stat").reset_index()
    pd.testing.assert_frame_equal(again[list(wide.columns)], wide, check_dtype=False, check_names=False)


def test_columns_without_a_label_are_keys():
    long = to_long(RATES.assign(threshold=30))
    assert set(long["threshold"]) == {30}
    assert "threshold" not in set(long["stat_name"])


def test_a_name_that_holds_words_is_a_key():
    long = to_long(RATES.assign(before="worse"))
    assert set(long["before"]) == {"worse"}
    assert "before" not in set(long["stat_name"])


def test_what_is_missing_stays_a_row():
    long = to_long(
        pd.DataFrame({"arm": ["a", "b"], "n": pd.array([3, None], dtype="Int64"), "p_value": [None, None]})
    )
    assert long["stat_name"].tolist() == ["n", "p_value"] * 2
    assert long["stat"].isna().tolist() == [False, True, True, True]


def test_frame_without_statistics_has_no_rows():
    long = to_long(pd.DataFrame({"arm": ["a"]}))
    assert list(long.columns) == ["arm", "row", "stat_name", "stat_label", "stat"]
    assert to_long(pd.DataFrame({"arm": ["a"]})).empty


def test_every_column_of_results_has_a_label():
    assert set(RATES) | set(rate_comparisons(RATES, experimental="combo", control="mono")) <= set(LABELS)
