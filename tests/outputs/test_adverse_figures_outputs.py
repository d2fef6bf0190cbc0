"""Adverse events in pictures and in time, for ten typed participants counted by hand; their files."""

import pandas as pd
import pytest

from analysis.adam import derive
from outputs.catalogue import build
from outputs.files import for_file
from outputs.output import View
from outputs.small_cells import NOT_SHOWN
from tests.definitions import bare_definition
from tests.independent.safety_study import study_of_rows
from trialdata.definition import Visits

EVENTS = (  # participant, term, grade, first day, last day
    ("a1", "Nausea", "1", 5, 5),
    ("a1", "Rash", "1", 5, 7),
    ("a1", "Rash", "2", 50, 52),
    ("a2", "Nausea", "3", 30, 39),
    ("b1", "Nausea", "2", 28, None),
    ("b1", "Headache", "1", 28, 29),
    ("b2", "Headache", "1", 29, 30),
    ("b3", "Headache", "1", 200, 201),
)
SYSTEMS = {"Nausea": "Gut", "Rash": "Skin", "Headache": "Nerves"}
WHO = [f"{arm}{number}" for arm in "ab" for number in range(1, 6)]
FIGURES = (
    "adverse_dots",
    "adverse_volcano",
    "adverse_butterfly",
    "adverse_onset",
    "adverse_periods",
    "adverse_duration",
    "adverse_recurrence",
)


def ten(events=EVENTS, design="randomized", who=WHO):
    adsl = [
        {"USUBJID": each, "TRT01P": each[0].upper(), "TRT01A": each[0].upper(), "SAFFL": "Y", "DCUTDY": 365}
        for each in who
    ]
    adae = [
        {"USUBJID": each, "AEDECOD": term, "AEBODSYS": SYSTEMS.get(term, ""), "AETOXGR": grade, "ASTDY": start,
         "AENDY": end, "TRTEMFL": "Y", "AESER": "N"}
        for each, term, grade, start, end in events
    ]  # fmt: skip
    definition = bare_definition(visits=Visits(weeks=(0, 4, 12, 26, 52)), design=design)
    return derive(study_of_rows({"adsl": adsl, "adae": adae}, definition))


@pytest.fixture(scope="module")
def data():
    return ten()


def people(output, **cell: str) -> list[str]:
    records = output.records
    for key, value in cell.items():
        records = records[records[key] == value]
    return sorted(set(records["USUBJID"]))


def test_shares_and_differences_of_each_term(data):
    output = build("adverse_dots", data, View(), least_share="0")
    counts = output.results[(output.results["measure"] == "count") & (output.results["TERM"] != "")]
    counts = counts[counts["arm"] != "All"].set_index(["TERM", "arm"])
    assert {key: int(n) for key, n in counts["n"].items()} == {
        ("Nausea", "A"): 2, ("Nausea", "B"): 1, ("Rash", "A"): 1, ("Rash", "B"): 0,
        ("Headache", "A"): 0, ("Headache", "B"): 3,
    }  # fmt: skip
    assert set(counts["N"]) == {5}
    apart = output.results[output.results["measure"] == "difference"].set_index("TERM")["estimate"]
    assert apart.to_dict() == pytest.approx({"Nausea": 0.2, "Rash": 0.2, "Headache": -0.6})
    assert output.table["Preferred term"].tolist() == ["Nausea", "Rash", "Headache"]  # the largest on top
    assert "p_value" not in output.results
    assert people(output, TERM="Nausea", ARM="A") == ["a1", "a2"]


def test_a_term_below_the_least_share_is_not_drawn(data):
    output = build("adverse_dots", data, View(), least_share="40")
    assert output.table["Preferred term"].tolist() == ["Nausea", "Headache"]


def test_terms_are_screened_by_fisher_and_false_discovery_rate(data):
    """Headache 0 of 5 and 3 of 5: 2 · C(5,3)/C(10,3) = 1/6; times 3 terms, by its rank 1: 1/2."""
    output = build("adverse_volcano", data, View())
    rows = output.results.set_index("TERM")
    assert rows["p_value"].to_dict() == pytest.approx({"Headache": 1 / 6, "Nausea": 1.0, "Rash": 1.0})
    assert rows["q_value"].to_dict() == pytest.approx({"Headache": 1 / 2, "Nausea": 1.0, "Rash": 1.0})
    assert rows["n"].to_dict() == {"Headache": 3, "Nausea": 3, "Rash": 1}
    assert "exploratory" in output.badges


@pytest.mark.parametrize(
    ("design", "view"),
    [("nonrandomized", View()), ("randomized", View(filters=(("SEX", ("F", "")),)))],
)
def test_no_screening_without_randomisation_or_under_a_filter(design, view):
    output = build("adverse_volcano", ten(design=design), view)
    assert output.empty and output.results.empty and not output.cards


def test_each_participant_once_per_term_at_the_worst_grade(data):
    output = build("adverse_butterfly", data, View(), least_share="0")
    rows = output.results[output.results["n"] > 0].set_index(["TERM", "arm", "grade"])["n"]
    assert rows.to_dict() == {
        ("Nausea", "A", "1"): 1, ("Nausea", "A", "3"): 1, ("Nausea", "B", "2"): 1,
        ("Rash", "A", "2"): 1, ("Headache", "B", "1"): 3,
    }  # fmt: skip
    assert people(output, TERM="Rash", GRADE="2", ARM="A") == ["a1"]
    assert people(output, TERM="Rash", GRADE="1", ARM="A") == []


def test_the_first_event_of_each_participant_over_time(data):
    output = build("adverse_onset", data, View())
    incidence = output.results[output.results["measure"] == "incidence"]
    curve = incidence[incidence["cause"] == "event"]
    last = curve.sort_values("time").groupby("arm").tail(1).set_index("arm")["estimate"]
    assert last.to_dict() == pytest.approx({"A": 0.4, "B": 0.6})
    assert people(output, EVENT="event") == ["a1", "a2", "b1", "b2", "b3"]
    assert people(output, EVENT="no event so far", ARM="A") == ["a3", "a4", "a5"]


def test_rates_of_each_period_are_of_the_days_at_risk_in_it(data):
    """Days at risk by hand: arm A 5 + 4 × 28, then 2 + 3 × 56; arm B 5 × 28, then 1 + 3 × 56."""
    output = build("adverse_periods", data, View())
    rows = output.results.set_index(["period", "arm"])
    first, second, third, last = dict.fromkeys(output.results["period"])
    assert rows["n"].to_dict() == {
        (first, "A"): 1, (first, "B"): 1, (second, "A"): 1, (second, "B"): 1,
        (third, "A"): 0, (third, "B"): 0, (last, "A"): 0, (last, "B"): 1,
    }  # fmt: skip
    assert rows["at_risk"].to_dict() == {
        (first, "A"): 5, (first, "B"): 5, (second, "A"): 4, (second, "B"): 4,
        (third, "A"): 3, (third, "B"): 3, (last, "A"): 3, (last, "B"): 3,
    }  # fmt: skip
    days = {(first, "A"): 117, (first, "B"): 140, (second, "A"): 170, (second, "B"): 169}
    days |= {(last, "B"): 18 + 2 * 183}  # b3 to day 200, two others to day 365
    for key, at_risk in days.items():
        assert rows.loc[key, "estimate"] == pytest.approx(100 * 365.25 / at_risk)
    assert people(output, PERIOD=first) == ["a1", "b1"]


def test_how_long_events_last(data):
    """Arm A 1, 3, 3 and 10 days; arm B 2, 2, 2 and one that still runs."""
    output = build("adverse_duration", data, View())
    rows = output.results[output.results["measure"] == "median"].set_index("arm")
    assert rows["estimate"].to_dict() == {"A": 3, "B": 2}
    assert rows["N"].to_dict() == {"A": 4, "B": 4}
    assert rows["ongoing"].to_dict() == {"A": 0, "B": 1}
    assert rows["participants"].to_dict() == {"A": 2, "B": 3}
    assert people(output, ROW="Still running") == ["b1"]


def test_who_had_a_term_again_and_how_many_events(data):
    """a1 had nausea and twice a rash, b1 two terms once, the three others one event."""
    output = build("adverse_recurrence", data, View())
    rows = output.results[output.results["n"] > 0].set_index(["times", "arm"])
    again, never = "A term twice or more", "No term twice"
    assert {key: int(n) for key, n in rows["n"].items()} == {
        (again, "A"): 1, (again, "All"): 1, (never, "A"): 1, (never, "B"): 3, (never, "All"): 4,
        ("1 event", "A"): 1, ("1 event", "B"): 2, ("1 event", "All"): 3, ("2 events", "B"): 1, ("2 events", "All"): 1,
        ("3 events", "A"): 1, ("3 events", "All"): 1,
    }  # fmt: skip
    assert rows.loc[(never, "B"), "N"] == 3
    assert people(output, TIMES=again) == people(output, TIMES="3 events") == ["a1"]


@pytest.mark.parametrize("output_id", ["adverse_onset", "adverse_periods"])
def test_whose_first_day_is_unknown_is_left_out_and_counted_below(output_id):
    """a1 has another event on a known day and stays; of a3 nothing is known."""
    events = (*EVENTS, ("a1", "Rash", "1", None, None), ("a3", "Rash", "1", None, None))
    output = build(output_id, ten(events), View())
    assert "Left out: first day unknown, 1 participant." in output.footnotes
    assert "a3" not in people(output) and "a1" in people(output)
    if output_id == "adverse_periods":
        assert output.results.loc[output.results["arm"] == "A", "at_risk"].tolist() == [4, 3, 2, 2]
    assert not any("unknown" in note for note in build(output_id, ten(), View()).footnotes)


@pytest.mark.parametrize("output_id", FIGURES)
def test_an_arm_of_nobody_and_a_long_term_with_markup(output_id):
    events = (("a1", "<b>" + "x" * 540, "1", 5, 7), *EVENTS[:4])
    output = build(output_id, ten(events, who=WHO[:5]), View())
    if not output.empty and output.figure:
        for compact in (False, True):
            assert "<b>x" not in str(output.figure("light", compact).to_plotly_json())


# files -----------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["ten", "nct07057778", "nct04915482"], scope="module")
def look(request, derived):
    return ten() if request.param == "ten" else derived(request.param)


@pytest.mark.parametrize(
    "output_id",
    ["adverse_dots", "adverse_volcano", "adverse_butterfly", "adverse_periods", "adverse_recurrence"],
)
def test_no_small_count_leaves_in_a_file(look, output_id):
    output = build(output_id, look, View())
    file = for_file(output)
    if output.empty:  # no screening where arms were not randomised
        assert output_id == "adverse_volcano" and file.results.empty
        return
    for name in {"n", "n_arm", "n_control"} & set(file.results.columns):
        assert not file.results[name].astype("Float64").between(1, 4).fillna(False).any()
    if output_id in ("adverse_periods", "adverse_dots", "adverse_volcano"):
        gone = file.results["n"].isna() & output.results["n"].notna()
        assert file.results.loc[gone, "estimate"].isna().all()
    for column in (arm.label for arm in output.arms if arm.label in file.table):
        for cell in file.table[column]:
            number = cell.split(", ")[-1] if output_id == "adverse_periods" else cell
            assert number == NOT_SHOWN or number.split(" ")[0] not in {"1", "2", "3", "4"}, cell


def test_the_periods_left_out_of_a_file_can_not_be_subtracted(look):
    file = for_file(build("adverse_periods", look, View())).results
    gone = file["n"].isna().groupby(file["arm"]).sum()
    assert not (gone == 1).any()


def test_a_screening_without_small_counts_has_no_number_that_gives_one_back(derived):
    file = for_file(build("adverse_volcano", derived("nct07057778"), View())).results
    gone = file["n_arm"].isna() | file["n_control"].isna()
    assert gone.any()
    assert file.loc[gone, ["n", "n_arm", "n_control", "estimate", "p_value", "q_value"]].isna().all(axis=None)
    assert pd.notna(file.loc[~gone, "q_value"]).all()
