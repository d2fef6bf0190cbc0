"""Results in long form: every number of every output, labelled, and the wide results can be made again."""

import csv
import io
import json
import math

import pandas as pd
import pytest

from analysis.results import LABELS, STATISTIC_LABELS, statistics_of
from outputs.output import View
from outputs.slide import Slide
from reports.document.long_form import OF_ANALYSIS, VARIABLES, as_long_json, long_results
from reports.document.pieces import report
from reports.export import as_csv
from tests.reports.document.conftest import RANDOMISED


@pytest.fixture(scope="session")
def long(told) -> pd.DataFrame:
    return long_results(told)


def test_every_column_of_numbers_has_a_label(told):
    """Who adds a column of numbers names it in analysis/results.py: a statistic, or a key."""
    unnamed = {
        (piece.shown.slide.output, column)
        for piece in told.pieces
        for column, values in piece.shown.output.results.items()
        if pd.api.types.is_numeric_dtype(values)
        and not pd.api.types.is_bool_dtype(values)
        and column not in LABELS
    }
    assert not unnamed


def test_every_number_is_there_once_unrounded(told, long):
    for piece in told.pieces:
        results = piece.shown.output.results
        own = long[long["number"] == piece.number]
        statistics = statistics_of(results)
        assert len(own) == len(results) * len(statistics)
        for name in statistics:
            found = own.loc[own["stat_name"] == name].sort_values("row")["stat"].to_numpy(float)
            expected = pd.to_numeric(results[name]).to_numpy(dtype=float, na_value=math.nan)
            assert [repr(a) for a in found] == [repr(b) for b in expected], (piece.number, name)
    assert set(long["stat_label"]) <= set(STATISTIC_LABELS.values())


def test_no_key_is_lost(told, long):
    for piece in told.pieces:
        results = piece.shown.output.results
        own = long[long["number"] == piece.number].drop_duplicates("row")
        if own.empty:
            continue
        pairs = [name for name in own if name.startswith("group") and not name.endswith("_level")]
        groups = {own[name].iloc[0]: f"{name}_level" for name in pairs if isinstance(own[name].iloc[0], str)}
        keys = [name for name in results if name not in statistics_of(results)]
        variable = next((name for name in VARIABLES if name in keys), None)
        others = {"measure", variable, "method", "note", "notice"}
        assert set(groups) == set(keys) - others
        for name, place in groups.items():
            if pd.api.types.is_string_dtype(results[name]):
                assert own[place].tolist() == results[name].fillna("").astype(str).tolist()
        for name, place in (("measure", "context"), (variable, "variable"), ("method", "method")):
            if name in keys:
                assert own[place].fillna("").tolist() == results[name].fillna("").astype(str).tolist()


def test_each_row_says_of_what_it_is(told, long):
    assert list(long.columns[: len(OF_ANALYSIS)]) == list(OF_ANALYSIS)
    assert set(long["study"]) == {told.data.definition.studyid}
    assert set(long["content_hash"]) == {told.data.study.content_hash}
    assert set(long["cut"]) == {str(told.data.study.cut)} and set(long["view"]) == {told.data.study.view}
    codes = {piece.number: piece.shown.code for piece in told.pieces}
    assert (long["number"].map(codes) == long["code"]).all()
    assert set(long.loc[long["number"].str.startswith("14.3"), "population"]) <= {"SAF"}


def test_a_filter_stands_in_its_rows(derived):
    data = derived(*RANDOMISED[:2])
    view = View("ITT", "RESPW12", (("SEX", ("F",)),))
    long = long_results(report(data, [Slide("response_rates", view, (("missing", "exclude"),))]))
    told = long[["population", "endpoint", "filter", "options"]].drop_duplicates().to_numpy().tolist()
    assert told == [["ITT", "RESPW12", "SEX=F", "missing=exclude"]]
    assert long.loc[long["stat_name"] == "p_value", "stat"].isna().all()


def test_json_and_csv_hold_the_same(told, long):
    parsed = json.loads(as_long_json(told))
    rows = [row for output in parsed["outputs"] for row in output["results"]]
    assert len(rows) == len(long)
    for row, (stat, name) in zip(rows, zip(long["stat"], long["stat_name"], strict=True), strict=True):
        infinite = math.inf if row["stat"] == "Infinity" else row["stat"]
        infinite = -math.inf if row["stat"] == "-Infinity" else infinite
        assert row["stat_name"] == name and (math.isnan(stat) if infinite is None else infinite == stat)
    header, *lines = csv.reader(io.StringIO(as_csv(long)))
    assert header == list(long.columns) and len(lines) == len(long)
    assert [output["empty"] for output in parsed["outputs"]] == [p.shown.output.empty for p in told.pieces]


def test_awkward_names_stay(awkward):
    parsed = json.loads(as_long_json(awkward))
    assert parsed["study"] == "DEMO" and len(parsed["outputs"]) == len(awkward.pieces)
