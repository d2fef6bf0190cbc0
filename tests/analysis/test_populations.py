"""Analysis sets and subgroup levels: expected values by hand from endpoints.md, section 6."""

import pytest

from analysis.adam import derive
from analysis.populations import analysis_set, population_labels, subgroup_levels
from tests.analysis.patients import endpoint, frame, study
from trialdata.definition import Subgroup


def data_with(adex=(), **columns):
    """Three subjects S1 to S3 with these columns of ADSL, derived."""
    built = study(
        {"S1": "1:20", "S2": "1:20", "S3": "1:20"}, endpoint(), design=columns.pop("design", "randomized")
    )
    for name, values in columns.items():
        built.adsl[name] = values
    rows = frame("adex", [{"USUBJID": usubjid, "ASTDY": day} for usubjid, day in adex])
    object.__setattr__(built, "adex", rows)
    return derive(built)


def members(data, population):
    return " ".join(analysis_set(data, population)["USUBJID"])


@pytest.mark.parametrize(
    ("columns", "treated"),
    [
        ({}, "S1 S2 S3"),  # nothing tells: everyone
        ({"TRT01A": ["A", "", "B"]}, "S1 S3"),
        ({"TRT01A": ["A", "", "B"], "adex": [("S2", 1)]}, "S2"),  # adex before TRT01A
        ({"TRTSDT": ["2026-01-01", "", ""], "adex": [("S2", 1)]}, "S1"),  # TRTSDT before adex
        ({"TRTSDT": ["", "", ""], "adex": [("S2", 1)]}, "S2"),  # a column without a value tells nothing
        ({"adex": [("S1", 1), ("S2", 401)]}, "S1"),  # a dose after the cut does not exist
    ],
)
def test_treated(columns, treated):
    data = data_with(**columns)
    assert members(data, "SAF") == members(data, "FAS") == treated
    assert data.derived_flags == ("ITTFL", "FASFL", "SAFFL")


def test_flags_of_the_file_win_and_an_empty_cell_is_no():
    data = data_with(FASFL=["Y", "", "N"], SAFFL=["Y", "Y", ""], ITTFL=["N", "Y", "Y"])
    assert (members(data, "FAS"), members(data, "SAF"), members(data, "ITT")) == ("S1", "S1 S2", "S2 S3")
    assert data.derived_flags == ()


def test_intention_to_treat_is_who_was_randomised():
    assert members(data_with(RANDFL=["Y", "", "Y"]), "ITT") == "S1 S3"
    assert members(data_with(), "ITT") == "S1 S2 S3"


def test_per_protocol_is_within_the_full_analysis_set():
    data = data_with(PPROTFL=["Y", "Y", ""], FASFL=["Y", "N", "Y"])
    assert members(data, "PP") == "S1"


def test_screen_failures_are_in_no_set():
    data = data_with(TRT01P=["A", "SCRNFAIL", ""], SAFFL=["Y", "Y", "Y"], FASFL=["Y", "Y", "Y"])
    assert [members(data, population) for population in ("ITT", "FAS", "SAF")] == ["S1", "S1", "S1"]


def test_safety_goes_by_the_actual_arm():
    data = data_with(TRT01A=["B", "", "A"], SAFFL=["Y", "Y", "Y"])
    assert analysis_set(data, "SAF")["ARM"].tolist() == ["B", "A", "A"]
    assert analysis_set(data, "FAS")["ARM"].tolist() == ["A", "A"]  # S2 was not treated
    assert data.adsl["TRT01A"].tolist() == ["B", "A", "A"]


def test_labels_name_only_the_sets_that_apply():
    data = data_with()
    assert list(population_labels(data.definition, data.adsl)) == ["FAS", "ITT", "SAF"]
    observed = data_with(design="nonrandomized", PPROTFL=["Y", "Y", "Y"])
    assert list(population_labels(observed.definition, observed.adsl)) == ["FAS", "PP", "SAF"]
    assert "ITTFL" not in observed.derived_flags


def test_filters_keep_the_levels_asked_for():
    data = data_with(SEX=["F", "M", "F"], AGE=[30.0, 40.0, 50.0])
    assert analysis_set(data, "FAS", [("SEX", ("F",))])["USUBJID"].tolist() == ["S1", "S3"]
    assert analysis_set(data, "FAS", [("SEX", ("F",)), ("AGE", ("50",))])["USUBJID"].tolist() == ["S3"]
    assert analysis_set(data, "FAS", [("SEX", ("X",))]).empty


@pytest.mark.parametrize(
    ("values", "cuts", "levels"),
    [
        ([1.0, 2.0, None], (2,), ["< 2", "≥ 2", "missing"]),
        ([1.0, 2.0, 4.0], (4, 2), ["< 2", "2 to < 4", "≥ 4"]),
        ([1.0, 2.5, None], (), ["1", "2.5", "missing"]),
        (["F", "", "M"], (), ["F", "missing", "M"]),
    ],
)
def test_subgroup_levels(values, cuts, levels):
    adsl = data_with(GROUP=values).adsl
    assert subgroup_levels(adsl, Subgroup("GROUP", "Group", cuts)).tolist() == levels
    assert subgroup_levels(adsl, Subgroup("NOSUCH", "None", cuts)).tolist() == ["missing"] * 3
