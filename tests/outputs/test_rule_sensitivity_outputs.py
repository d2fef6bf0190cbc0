"""Two rules side by side: the words, the numbers a recount gives, and who is listed."""

import dataclasses
import datetime

import pytest
from test_response_outputs import recount

from analysis.adam import derive
from outputs.catalogue import build
from outputs.output import View
from outputs.rule_words import change_words
from trialdata.definition import RATE_KINDS
from trialdata.rule_changes import changed_definition

CHANGES = {
    "OR1Y": {"r_count": 50, "confirm_days": 14, "rescue": "washout"},
    "SR6M": {"hold_count": 50, "washout_times": 2, "bleeding": ""},
    "RESPW26": {"avisitn": 24, "r_fold": 0},
    "DURCNT": {"threshold": 30, "visits": (12, 22)},
}
TEXTS = {
    "OR1Y": "r_count=50,confirm_days=14,rescue=washout",
    "SR6M": "hold_count=50,washout_times=2,bleeding=",
    "RESPW26": "avisitn=24,r_fold=0",
    "DURCNT": "threshold=30,visits=[12, 22]",
}


def rates_of(output, rule: str) -> dict[str, tuple[int, int]]:
    rates = output.results[(output.results["measure"] == "rate") & (output.results["rule"] == rule)]
    return {row.arm: (row.n, row.N) for row in rates.itertuples()}


@pytest.mark.parametrize("paramcd", CHANGES)
def test_both_rules_are_those_of_a_study_defined_so(look, paramcd):
    """The changed rule against a study whose definition has it, derived whole and counted person by person."""
    output = build("rule_sensitivity", look, View(endpoint=paramcd), changes=TEXTS[paramcd])
    changed = changed_definition(look.definition, paramcd, CHANGES[paramcd])
    redefined = derive(dataclasses.replace(look.study, definition=changed))
    assert rates_of(output, "protocol") == recount(look, "FAS", paramcd)
    assert rates_of(output, "changed") == recount(redefined, "FAS", paramcd)


@pytest.mark.parametrize("paramcd", CHANGES)
def test_movers_account_for_the_change_of_each_rate(look, paramcd):
    """Responders by the changed rule = those of the protocol - who stopped + who started, by arm."""
    output = build("rule_sensitivity", look, View(endpoint=paramcd), changes=TEXTS[paramcd])
    moved = output.records
    before = moved["AVALC"].isin(["CR", "R", "Y"]) & (moved["DUEFL"] == "Y")
    after = moved["NEWAVALC"].isin(["CR", "R", "Y"]) & (moved["NEWDUEFL"] == "Y")
    protocol, changed = rates_of(output, "protocol"), rates_of(output, "changed")
    for arm in protocol:
        own = moved["ARM"] == arm
        assert changed[arm][0] - protocol[arm][0] == (after & own).sum() - (before & own).sum()
        due = (moved["NEWDUEFL"] == "Y")[own].sum() - (moved["DUEFL"] == "Y")[own].sum()
        assert changed[arm][1] - protocol[arm][1] == due


def test_the_headline_says_both_rules_in_words(derived):
    output = build("rule_sensitivity", derived("nct07057778"), View(), changes="r_count=50")
    assert output.headline == "With response threshold 50 instead of 30: 78% vs 58% (protocol 80% vs 58%)"
    assert output.detail == (
        "Exploratory. Difference, 95% CI, points: protocol 22 (6 to 38); changed rule 21 (4 to 37). "
        "Of 119 participants, 1 changes class."
    )
    assert "exploratory" in output.badges
    assert "p_value" not in output.results


def test_the_protocol_alone_without_a_change(derived):
    output = build("rule_sensitivity", derived("nct07057778"), View())
    assert set(output.results["rule"]) == {"protocol"}
    assert output.headline == "Overall response by the protocol's rule: 80% vs 58%"
    assert output.detail == ""
    assert build("rule_movers", derived("nct07057778"), View()).empty == (
        "Nothing is changed: this is the protocol's rule."
    )


@pytest.mark.parametrize("output_id", ["rule_sensitivity", "rule_movers"])
def test_nonsense_is_said_and_nothing_is_shown(derived, output_id):
    output = build(output_id, derived("nct07057778"), View(), changes="r_count=many")
    assert output.empty == 'changes, [[endpoints]] OR1Y, key "r_count": found "many", expected a number.'
    assert output.results.empty and output.figure is None


def test_another_denominator_is_said(derived):
    """With a window to day 90 more are due at the middle cut than with one to day 365."""
    data = derived("nct07057778", datetime.date(2026, 12, 31))
    output = build("rule_sensitivity", data, View(), changes="window_days=[2, 90]")
    protocol, changed = rates_of(output, "protocol"), rates_of(output, "changed")
    assert changed["RTX"][1] > protocol["RTX"][1]
    (note,) = [note for note in output.footnotes if "denominator" in note]
    assert f"Rituximab {changed['RTX'][1]} (protocol {protocol['RTX'][1]})" in note
    assert any(move.startswith("not yet due to ") for move in output.records["MOVE"])


def test_every_alternative_of_the_grid_is_its_own_change(look):
    for endpoint in look.definition.endpoints:
        if endpoint.kind in RATE_KINDS:
            grid = build("rule_grid", look, View(endpoint=endpoint.paramcd))
            counts = grid.results[grid.results["measure"] == "change class"]
            assert len(counts) >= 6
            assert counts["rule"].is_unique
            for row in counts.itertuples():
                assert (grid.records["TRIED"] == row.rule).sum() == row.n
    assert rates_of(build("rule_grid", look, View()), "Protocol") == recount(
        look, "FAS", look.definition.leading.paramcd
    )


def test_every_nan_has_its_reason(look):
    for output_id, options in (("rule_sensitivity", {"changes": "r_count=50"}), ("rule_grid", {})):
        results = build(output_id, look, View(), **options).results
        unknown = results[["estimate", "conf_low", "conf_high"]].isna().any(axis=1)
        assert (results.loc[unknown, "note"] != "").all()


def test_changes_in_words(derived):
    endpoint = derived("nct07057778").definition.endpoint("OR1Y")
    said = {
        ("r_count", 50): "response threshold 50 instead of 30",
        ("r_fold", 0): "no fold over baseline",
        ("r_fold", 1.5): "fold over baseline 1.5 instead of 2",
        ("confirm_days", 0): "no confirmation",
        ("confirm_days", 14): "confirmation after 14 instead of 7 days",
        ("rescue", "ignore"): "rescue ignored",
        ("washout_times", 2): "washout twice as long",
        ("washout_times", 3): "washout 3 times as long",
        ("washout_days", 14): "washout 14 days for every class",
        ("washout_days", 0): "no washout",
        ("bleeding", ""): "bleeding clause off",
        ("bleeding_max", 1): "bleeding grade allowed 1 instead of 0",
        ("window_days", (2, 180)): "window 2 to 180 instead of 2 to 365",
        ("rescue_classes", ("IVIG",)): "rescue classes that count IVIG instead of all",
        ("missing", "exclude"): "pending and missing left out",
    }
    for (key, value), words in said.items():
        assert change_words(key, value, endpoint) == words
