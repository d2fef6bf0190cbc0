"""Why a rate moved between two cuts: one participant, one change, the cause written by hand."""

import dataclasses
import datetime
from pathlib import Path

import pandas as pd
import pytest
from patients import endpoint, study

from analysis.adam import derive
from analysis.cut_rates import CHANGE, rates_at_cuts
from analysis.cut_steps import compare_cuts
from analysis.populations import analysis_set
from analysis.rates import response_rates
from analysis.result_changes import counted_causes, result_changes
from trialdata.definition import RATE_KINDS
from trialdata.study import data_cuts, find_studies, load_study

ROOT = Path(__file__).parents[2]
DAYS = 100
CUTS = (datetime.date(2026, 9, 22), datetime.date(2026, 12, 31))
RULE = endpoint(window_days=(2, 90), bleeding="WHO", r_fold=0)
assert (CUTS[1] - CUTS[0]).days == DAYS


def two(before: str, after: str, *, then=RULE, now=RULE, adsl_before=None, adsl_after=None, **keys):
    """The comparison of one participant's two courses; "" is a cut without the participant."""
    sides = []
    for number, (course, rule, changes) in enumerate(((before, then, adsl_before), (after, now, adsl_after))):
        one = study({"S1": course, "S2": "1:9 cut400"} if course else {"S2": "1:9 cut400"}, rule, **keys)
        adsl = one.adsl.assign(**dict.fromkeys(changes or {}, ""))
        for name, value in (changes or {}).items():
            adsl.loc[adsl["USUBJID"] == "S1", name] = value
            adsl.loc[adsl["USUBJID"] == "S2", name] = "Y" if name.endswith("FL") else value
        cut = dataclasses.replace(one, adsl=adsl, cut=CUTS[number], cuts=CUTS)
        sides.append(derive(cut))
    return compare_cuts(*sides)


def cause(comparison, population: str = "FAS") -> tuple:
    """(state then, state now, moves, cause) of S1, () where nothing differs."""
    rows = result_changes(comparison, "E", population)
    found = [row for row in rows.itertuples() if row.USUBJID == "S1"]
    return (found[0].STATE_THEN, found[0].STATE_NOW, found[0].MOVES, found[0].CAUSE) if found else ()


RESPONDER = "1:10 50:60 60:70"
DUE = "cut150"
LATER = "cut250"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (f"{RESPONDER} cut80", f"{RESPONDER} cut180", ("NOTDUE", "R", "Y", "newly due")),
        ("1:10 50:60 cut80", f"{RESPONDER} cut180", ("NOTDUE", "R", "Y", "newly due")),
        ("", f"{RESPONDER} {LATER}", ("NOTENROLLED", "R", "Y", "newly enrolled")),
        ("", "1:10 cut50", ("NOTENROLLED", "NOTDUE", "", "newly enrolled")),
        (f"{RESPONDER} {DUE}", "", ("R", "NOTENROLLED", "Y", "participant vanished")),
        (f"1:10 50:60 {DUE}", f"1:10 50:60 120:70 {LATER}", ("PENDING", "R", "Y", "new visit")),
        (f"1:10 50:60 60:20 {DUE}", f"1:10 50:60 60:70 {LATER}", ("NR", "R", "Y", "correction")),
        (f"{RESPONDER} 55:20 {DUE}", f"{RESPONDER} {LATER}", ("PENDING", "R", "Y", "vanished record")),
        (f"{RESPONDER} {DUE}", f"{RESPONDER} b50:2 b60:2 {LATER}", ("R", "NR", "Y", "new bleeding record")),
        (f"{RESPONDER} {DUE}", f"{RESPONDER} rIVIG40-41 {LATER}", ("R", "NR", "Y", "new rescue record")),
        (f"1:10 85:60 {DUE}", f"1:10 85:60 died200 {LATER}", ("PENDING", "NR", "", "end of study or death")),
        (f"1:10 85:60 {DUE}", f"1:10 85:60 died88 {LATER}", ("PENDING", "NR", "", "end of study or death")),
        (f"1:10 85:60 left160 {DUE}", f"1:10 85:60 left160 {LATER}", ("PENDING", "NR", "", "later cutoff")),
        (f"{RESPONDER} {DUE}", f"{RESPONDER} 70:120 {LATER}", ()),
        (f"{RESPONDER} cut30", f"{RESPONDER} cut70", ()),
    ],
)  # fmt: skip
def test_one_change_has_one_cause(before, after, expected):
    assert cause(two(before, after)) == expected


def test_an_end_of_a_steroid_course_completes_the_record():
    before = f"1:10 rSTEROID-20 60:60 70:70 {DUE}"
    after = f"1:10 rSTEROID-20-1 60:60 70:70 {LATER}"
    assert cause(two(before, after)) == ("NR", "R", "Y", "completed record")


def test_another_definition_is_a_rule_change():
    stricter = dataclasses.replace(RULE, r_count=80)
    comparison = two(f"{RESPONDER} {DUE}", f"{RESPONDER} {LATER}", then=stricter)
    assert cause(comparison) == ("NR", "R", "Y", "rule change")


def test_an_endpoint_that_is_new_has_no_earlier_rate():
    other = dataclasses.replace(RULE, paramcd="OTHER")
    comparison = two(f"{RESPONDER} cut80", f"{RESPONDER} cut180", then=other)
    assert cause(comparison) == ("NOTDUE", "R", "Y", "newly due")
    rates = rates_at_cuts(comparison, "E", "FAS", arms=["A", "B"], pairs=[("A", "B")])
    assert set(rates["cut"]) == {"2026-12-31", CHANGE}
    changed = rates[(rates["cut"] == CHANGE) & (rates["arm"] == "A")]
    assert list(changed["note"]) == ["not an endpoint of the definition at that cut"]


def test_a_first_dose_that_was_put_right_is_a_correction_and_no_newly_due():
    """The cut day moved by 200 days where the cutoff moved by 100, from day -20 to day 81: not yet due."""
    assert cause(two("1:10 cut-20", "1:10 cut181")) == ("NOTDUE", "MISSING", "Y", "correction")


def test_the_cut_day_moves_over_the_day_that_does_not_exist():
    """Day -3 and 100 days are day 98: one short of being due on day 97 + 1 counted with a day 0."""
    assert cause(two("1:10 cut-3", "1:10 cut98")) == ("NOTDUE", "MISSING", "Y", "newly due")
    assert cause(two("1:10 cut-4", "1:10 cut97")) == ("NOTDUE", "MISSING", "Y", "newly due")
    assert cause(two("1:10 cut-5", "1:10 cut96")) == ()


def test_a_participant_who_enters_the_analysis_set():
    sets = {"adsl_before": {"FASFL": "N"}, "adsl_after": {"FASFL": "Y"}}
    comparison = two(f"{RESPONDER} {DUE}", f"{RESPONDER} {LATER}", **sets)
    assert cause(comparison) == ("NOTINSET", "R", "Y", "analysis set")
    assert cause(comparison, "ITT") == ()


def test_another_arm_takes_from_one_and_gives_to_the_other():
    comparison = two(f"{RESPONDER} {DUE}", f"{RESPONDER} {LATER}", adsl_after={"TRT01P": "B"})
    changes = result_changes(comparison, "E", "FAS")
    row = changes[changes["USUBJID"] == "S1"].iloc[0]
    assert (row.ARM_THEN, row.ARM_NOW, row.MOVES, row.CAUSE) == ("A", "B", "Y", "correction")
    added = counted_causes(changes[changes["USUBJID"] == "S1"], ["A", "B"])
    own = added[added["cause"] == "correction"].set_index("arm")
    assert own.loc["A", ["n", "N"]].tolist() == [-1, -1] and own.loc["B", ["n", "N"]].tolist() == [1, 1]


def test_who_gets_an_arm_is_newly_enrolled():
    comparison = two(
        f"{RESPONDER} {DUE}", f"{RESPONDER} {LATER}", adsl_before={"TRT01P": ""}, adsl_after={"TRT01P": "A"}
    )
    assert cause(comparison) == ("NOTENROLLED", "R", "Y", "newly enrolled")


def test_pending_left_out_comes_into_the_denominator():
    excluded = dataclasses.replace(RULE, missing="exclude")
    comparison = two(f"1:10 50:60 {DUE}", f"1:10 50:60 120:70 {LATER}", then=excluded, now=excluded)
    (row,) = (row for row in result_changes(comparison, "E", "FAS").itertuples() if row.USUBJID == "S1")
    assert (row.N_THEN, row.n_NOW, row.N_NOW, row.CAUSE) == (0, 1, 1, "new visit")


def test_the_way_names_every_step_that_changed_the_state():
    comparison = two("1:10 50:60 cut80", f"{RESPONDER} cut180")
    (row,) = (row for row in result_changes(comparison, "E", "FAS").itertuples() if row.USUBJID == "S1")
    assert row.PATH == "NOTDUE|later cutoff|PENDING|new visit|R"


def test_cuts_of_another_trial_or_in_the_wrong_order_are_no_comparison():
    comparison = two(f"{RESPONDER} {DUE}", f"{RESPONDER} {LATER}")
    with pytest.raises(ValueError, match="2026-12-31 is not before 2026-09-22"):
        compare_cuts(comparison.data, comparison.earlier)
    other = dataclasses.replace(comparison.earlier.study, view="pooled")
    with pytest.raises(ValueError, match="one trial in one view"):
        compare_cuts(derive(other), comparison.data)


def look(name: str, cut, view: str):
    return derive(load_study(ROOT, name, cut, view=view))


PAIRS = [
    (study_.name, *pair)
    for study_ in find_studies(ROOT)
    for cuts in [data_cuts(study_, ROOT)]
    for pair in [(cuts[0], cuts[1]), (cuts[1], cuts[2]), (cuts[0], cuts[2])]
]


@pytest.mark.parametrize(("name", "then", "now"), PAIRS)
@pytest.mark.parametrize("view", ["true", "pooled"])
def test_the_counts_of_the_sample_cuts_lead_from_one_to_the_other(name, then, now, view):
    comparison = compare_cuts(look(name, then, view), look(name, now, view))
    arms = [arm.trt for arm in comparison.data.definition.arms]
    for rule in comparison.data.definition.endpoints:
        if rule.kind not in RATE_KINDS:
            continue
        for population, filters in (("FAS", ()), ("PP", ()), ("SAF", ()), ("FAS", (("SEX", ("F",)),))):
            changes = result_changes(comparison, rule.paramcd, population, filters)
            added = counted_causes(changes, arms).groupby("arm")[["n", "N"]].sum()
            before = counted(comparison.earlier, rule, population, filters, arms)
            after = counted(comparison.data, rule, population, filters, arms)
            pd.testing.assert_frame_equal(before + added.loc[arms], after, check_names=False)
            assert (changes["CAUSE"] != "").all()


def counted(data, rule, population, filters, arms) -> pd.DataFrame:
    """n and N by arm as the pages count them."""
    members = analysis_set(data, population, filters)[["USUBJID", "ARM"]]
    rows = data.adrs[data.adrs["PARAMCD"] == rule.paramcd].merge(members, on="USUBJID")
    rates = response_rates(rows, arms, missing=rule.missing).drop_duplicates("arm")
    return rates.set_index("arm")[["n", "N"]]
