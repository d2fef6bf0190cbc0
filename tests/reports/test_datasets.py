"""The analysis datasets: rows typed by hand from small courses, and what no dataset may carry."""

import pandas as pd
import pytest

from analysis.adam import derive
from reports.datasets import analysis_datasets
from reports.no_dates import follows_cut_day, without_full_dates
from reports.parameters import parameters
from tests.analysis.patients import definition, endpoint, study
from trialdata.definition import Subgroup

ENDPOINTS = (
    endpoint(paramcd="OR"),
    endpoint("response_at_visit", paramcd="RW2", avisitn=2, window_days=None),
    endpoint("time_to_response", paramcd="TTR"),
    endpoint("duration_of_response", paramcd="DOR"),
    endpoint("treatment_failure", paramcd="TTF", events=("rescue", "death"), window_days=None),
)
COURSES = {
    "S1": "1:10* 8:40 15:50 22:20 23:20 cut100",  # responds on day 8, loses it on days 22 and 23
    "S2": "1:10* cut50",  # no count on treatment
    "S3": "1:10* 8:12 rIVIG10-11 cut80",
    "S4": "1:10* 8:12 died20 cut80",
    "S5": "1:10* 8:40 15:50 22:<5 completed120 cut100",  # what comes after the cut is not known at it
}


@pytest.fixture(scope="module")
def datasets() -> dict[str, pd.DataFrame]:
    return {each.name: each.frame for each in analysis_datasets(derive(study(COURSES, *ENDPOINTS)))}


def row(frame: pd.DataFrame, usubjid: str, paramcd: str, *columns: str) -> list:
    """The cells of one row, a missing one as None."""
    (found,) = frame[(frame["USUBJID"] == usubjid) & (frame["PARAMCD"] == paramcd)].to_dict("records")
    return [None if pd.isna(found[name]) else found[name] for name in columns]


def test_a_response_has_its_answer_and_the_day_of_its_onset(datasets):
    columns = ("AVAL", "AVALC", "ADY", "CONFDY", "DUEFL", "REASON")
    assert row(datasets["ADRS"], "S1", "OR", *columns) == [1, "R", 8, 15, "N", ""]
    assert row(datasets["ADRS"], "S3", "OR", *columns) == [0, "NR", None, None, "N", "rescue"]


def test_a_response_at_a_visit_has_the_visit_and_the_day_of_its_count(datasets):
    columns = ("AVALC", "AVISIT", "AVISITN", "ADY")
    assert row(datasets["ADRS"], "S1", "RW2", *columns) == ["R", "Week 2", 2, 15]
    assert row(datasets["ADRS"], "S2", "RW2", *columns) == ["MISSING", "Week 2", 2, None]


@pytest.mark.parametrize(
    ("usubjid", "paramcd", "expected"),
    [  # STARTDY ADY AVAL CNSR EVNTDESC SRCDOM SRCVAR SRCSEQ; ASEQ numbers the counts of a course from 1
        ("S1", "TTR", [1, 8, 8, 0, "response", "ADLB", "ADY", 2]),
        ("S1", "DOR", [8, 22, 15, 0, "count", "ADLB", "ADY", 4]),
        ("S1", "TTF", [1, 23, 23, 1, "", "ADLB", "ADY", 5]),
        ("S2", "TTR", [1, 1, 1, 1, "", "", "", None]),  # the count of day 1 is the baseline, not the source
        ("S3", "TTF", [1, 10, 10, 0, "rescue", "ADCM", "ASTDY", None]),
        ("S4", "TTF", [1, 20, 20, 0, "death", "ADSL", "DTHDY", None]),
    ],
)
def test_a_time_leads_to_what_ended_it(datasets, usubjid, paramcd, expected):
    columns = ("STARTDY", "ADY", "AVAL", "CNSR", "EVNTDESC", "SRCDOM", "SRCVAR", "SRCSEQ")
    assert row(datasets["ADTTE"], usubjid, paramcd, *columns) == expected


def test_only_responders_have_a_duration(datasets):
    adtte = datasets["ADTTE"]
    assert adtte.loc[adtte["PARAMCD"] == "DOR", "USUBJID"].tolist() == ["S1", "S5"]


def test_a_count_has_baseline_change_visit_and_what_it_is_used_for(datasets):
    adlb = datasets["ADLB"]
    last = adlb[(adlb["USUBJID"] == "S5") & (adlb["ADY"] == 22)].to_dict("records")
    assert [(r["AVAL"], r["AVALC"], r["BASE"], r["CHG"], r["AVISIT"], r["ANL01FL"]) for r in last] == [
        (5, "<5", 10, -5, "Week 4", "Y")
    ]
    first = adlb[adlb["ABLFL"] == "Y"]
    assert first["ADY"].tolist() == [1, 1, 1, 1, 1]
    assert set(adlb["AVALU"]) == {"10^9/L"}


def test_the_lowest_of_a_day_is_the_one_that_is_used():
    data = derive(study({"S1": "1:10* 8:44 8:40 10:50"}, *ENDPOINTS))
    adlb = analysis_datasets(data)[1].frame
    assert adlb.loc[adlb["ANL01FL"] == "Y", "AVAL"].tolist() == [10, 40, 50]
    assert adlb.loc[adlb["ANL02FL"] == "Y", "AVAL"].tolist() == [10, 40]
    assert adlb["ASEQ"].tolist() == [1, 2, 3, 4]


def test_what_happened_after_the_cut_is_not_known_at_it():
    given = study(COURSES, *ENDPOINTS)
    reasons = given.adsl["USUBJID"].map({"S5": "Moved away"}).fillna("").astype("str")
    adsl = analysis_datasets(
        derive(type(given)(**vars(given) | {"adsl": given.adsl.assign(DCSREAS=reasons)}))
    )
    s5 = adsl[0].frame.set_index("USUBJID").loc["S5"]
    assert (s5["EOSSTT"], s5["STATUS"], s5["ONSTUDY"], s5["DCSREAS"]) == ("ONGOING", "on study", "Y", "")
    assert pd.isna(s5["EOSDY"])


def test_the_day_of_the_cut_given_as_end_of_study_is_left_out():
    given = study({"S1": "1:10* 8:40 cut100", "S2": "1:10* left100 cut100"}, *ENDPOINTS)
    adsl = given.adsl.assign(EOSDY=100.0)
    frame = analysis_datasets(derive(type(given)(**vars(given) | {"adsl": adsl})))[0].frame
    assert frame["EOSDY"].isna().tolist() == [True, False]  # S2 is said to have left on that day


def with_columns(**columns: list) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Emitted ADSL of five participants whose ADSL has these columns, each a subgroup; and the notes."""
    courses = {f"S{n}": f"1:10* 8:40 cut{day}" for n, day in enumerate((100, 163, 255, 300, 371))}
    subgroups = tuple(Subgroup(name, name) for name in columns)
    given = study(courses, *ENDPOINTS, subgroups=subgroups)
    adsl = given.adsl.assign(**columns)
    emitted = analysis_datasets(derive(type(given)(**vars(given) | {"adsl": adsl})))[0]
    return emitted.frame, emitted.notes


def test_a_column_that_follows_the_day_of_the_cut_is_left_out_and_named():
    days = [100.0, 163.0, 255.0, 300.0, 371.0]
    frame, notes = with_columns(
        FUWEEKS=[round(day / 7, 1) for day in days],
        ENTRY=[371 - day for day in days],
        RANDDTN=[24_000 - day for day in days],  # a SAS date
        SCORE=[3.0, 1.0, 2.0, 5.0, 4.0],
        REGION=["N", "S", "N", "S", "N"],
        SEEN=["2026-03-01", "01MAR2026", "week 4, 2026/3/1", "20260301", "no"],
    )
    assert [name for name in ("FUWEEKS", "ENTRY", "RANDDTN", "SCORE", "REGION") if name in frame] == [
        "SCORE",
        "REGION",
    ]
    assert frame["SEEN"].tolist() == ["", "", "", "", "no"]
    assert list(notes) == [
        *(
            f"ADSL.{n} is left out: it follows the day of the data cut."
            for n in ("FUWEEKS", "ENTRY", "RANDDTN")
        ),
        "ADSL.SEEN: 4 cells with a date are left empty.",
    ]


def test_a_date_column_is_no_covariate_of_the_files():
    frame, _ = with_columns(TRTSDT=["2026-01-01"] * 5, RANDDT=["2026-01-01"] * 5)
    assert not {"TRTSDT", "RANDDT", "DCUTDY"} & set(frame)


def test_few_participants_do_not_look_as_if_they_followed_the_cut():
    assert not follows_cut_day(pd.Series([1.0, 2.0]), pd.Series([50.0, 60.0]))
    assert follows_cut_day(pd.Series([50.0, 60.0]), pd.Series([50.0, 60.0]))
    assert not follows_cut_day(pd.Series([float("nan")] * 3), pd.Series([1.0, 2.0, 3.0]))


def test_what_only_looks_like_a_date_stays():
    kept = pd.Series(["W4", "10-12", "2026", "Cycle 3 Day 1", "03/04"])
    assert without_full_dates(kept)[1] == 0


def test_no_dataset_of_the_sample_holds_the_day_of_the_cut(look):
    for dataset in analysis_datasets(look):
        assert not {"DCUTDY", "FUDY", "TRTSDT", "TRTEDT", "RANDDT"} & set(dataset.frame)


def test_the_datasets_are_the_same_whenever_the_cut_was_but_for_who_is_due(look):
    """One day more until the cut, and nothing new on it: no number may move with it."""
    later = look.study.adsl.assign(DCUTDY=look.study.adsl["DCUTDY"] + 1)
    moved = derive(type(look.study)(**vars(look.study) | {"adsl": later}))
    due = look.adrs["DUEFL"] != moved.adrs["DUEFL"]
    newly_due = set(look.adrs.loc[due, "USUBJID"])
    assert len(newly_due) < len(look.adsl) / 2
    for ours, theirs in zip(analysis_datasets(look), analysis_datasets(moved), strict=True):
        before, after = (
            frame[~frame["USUBJID"].isin(newly_due)].drop(columns="CNSDTDSC", errors="ignore")
            for frame in (ours.frame, theirs.frame)
        )
        pd.testing.assert_frame_equal(before, after)


def test_nobody_without_an_event_is_censored_after_the_last_count(look):
    adtte = analysis_datasets(look)[3].frame
    censored = adtte[adtte["CNSR"] == 1]
    last = look.adlb[look.adlb["RECFL"] == "Y"].groupby("USUBJID")["ADY"].max()
    latest = last.reindex(censored["USUBJID"]).fillna(1).clip(lower=1).to_numpy()
    assert len(censored) > 0
    assert (censored["ADY"].to_numpy(float) <= latest).all()


def test_names_labels_and_keys_fit_every_format(look):
    for dataset in analysis_datasets(look):
        assert list(dataset.frame) == [variable.name for variable in dataset.variables]
        assert len(dataset.label) <= 40
        for variable in dataset.variables:
            assert len(variable.name) <= 8
            assert variable.label.isascii()
            assert 0 < len(variable.label) <= 40
        assert not dataset.frame.duplicated(list(dataset.keys)).any()
        assert not dataset.frame[list(dataset.keys)].isna().any().any()
        ordered = dataset.frame.sort_values(list(dataset.keys), kind="stable")
        assert ordered.index.equals(dataset.frame.index)


def test_every_participant_is_in_adsl_and_every_answer_in_adrs_and_adtte(look):
    adsl, _, adrs, adtte = (dataset.frame for dataset in analysis_datasets(look))
    assert sorted(adsl["USUBJID"]) == sorted(look.adsl["USUBJID"])
    assert len(adrs) == len(look.adrs)
    assert len(adtte) == len(look.adtte)
    assert (adtte["AVAL"] == adtte["ADY"] - adtte["STARTDY"] + 1).all()


def test_values_of_a_variable_are_those_the_dictionary_lists(look):
    for dataset in analysis_datasets(look):
        for variable in (each for each in dataset.variables if each.values):
            found = {str(value) for value in dataset.frame[variable.name].dropna().unique()} - {""}
            assert found <= set(variable.values), (dataset.name, variable.name)


def test_the_pooled_view_has_no_arm(derived):
    for dataset in analysis_datasets(derived("nct07057778", view="pooled")):
        for name in {"TRT01P", "TRT01A", "TRTP", "TRTA"} & set(dataset.frame):
            assert set(dataset.frame[name]) == {"All"}


def test_a_parameter_has_its_rule_in_words():
    listed = parameters(definition(*ENDPOINTS)).set_index("PARAMCD")
    assert listed.loc["OR", "PARAM"] == "Endpoint: Best confirmed response, day 2 to day 365"
    assert "R: At least 30 x10^9/L and at least twice the baseline" in listed.loc["OR", "Rule"]
    assert listed.loc["TTR", "PARAM"].endswith("(days)")
    assert listed["Dataset"].to_dict() == {
        **{"PLAT": "ADLB", "OR": "ADRS", "RW2": "ADRS", "TTR": "ADTTE", "DOR": "ADTTE", "TTF": "ADTTE"}
    }


def test_a_parameter_whose_rule_is_too_long_keeps_its_label():
    long = endpoint(paramcd="L", label="反应" * 30)
    named = parameters(definition(long)).set_index("PARAMCD").loc["L", "PARAM"]
    assert named == "反应" * 30
    assert len(named.encode()) <= 200
