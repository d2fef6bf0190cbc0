"""Our own numbers handed back agree wholly; typed disagreements are listed, and no other."""

import datetime

import pandas as pd
import pytest

from analysis.trace import verdict
from outputs.output import View
from outputs.reconcile import reconcile_output, reconcile_summary_output
from trialdata.reconciliation import read_submitted

COLUMNS = ["USUBJID", "PARAMCD", "AVALC", "AVAL"]


def exported(data, name: str = "adrs") -> pd.DataFrame:
    columns = COLUMNS if name == "adrs" else ["USUBJID", "PARAMCD", "AVAL", "CNSR"]
    return getattr(data, name)[columns]


def submitted(data, frame: pd.DataFrame, **options):
    return read_submitted("mine.csv", frame.to_csv(index=False).encode(), data.definition, **options)


def changed(data, frame: pd.DataFrame, usubjid: str, paramcd: str, **values) -> pd.DataFrame:
    row = (frame["USUBJID"] == usubjid) & (frame["PARAMCD"] == paramcd)
    assert row.sum() == 1
    frame = frame.copy()
    for name, value in values.items():
        frame.loc[row, name] = value
    return frame


@pytest.mark.parametrize("name", ["adrs", "adtte"])
def test_our_own_answers_agree_wholly(look, name):
    given = submitted(look, exported(look, name))
    summary = reconcile_summary_output(look, View(), submitted=given)
    counts = summary.results.groupby("measure")["n"].sum()
    assert counts["compared"] == counts["agree"] == len(given.frame)
    assert counts[["differ", "only ours", "only theirs", "unknown participant"]].sum() == 0
    assert summary.headline.startswith("All ")
    rates = summary.results[summary.results["measure"].str.startswith("rate")]
    sides = [rates.loc[rates["measure"] == f"rate, {side}", "n"].to_list() for side in ("ours", "theirs")]
    assert sides[0] == sides[1]
    listed = reconcile_output(look, View(), submitted=given)
    assert listed.results.empty and listed.empty == "Every answer agrees."


def test_typed_disagreements_are_exactly_those_listed(derived):
    data = derived("nct07057778")
    frame = exported(data)
    wanted = {"CR": "NR", "NR": "CR", "R": "CR"}
    rows = frame[frame["PARAMCD"] == "OR1Y"].set_index("USUBJID")["AVALC"]
    in_set = set(data.adsl.loc[data.adsl["FASFL"] == "Y", "USUBJID"])
    three = [who for who in rows.index if who in in_set][:3]
    for who in three:
        frame = changed(data, frame, who, "OR1Y", AVALC=wanted[rows[who]])
    gone = [who for who in rows.index if who in in_set][5]
    frame = frame[~((frame["USUBJID"] == gone) & (frame["PARAMCD"] == "OR1Y"))]
    frame.loc[len(frame) + 99] = ["99-999", "OR1Y", "CR", 1.0]
    output = reconcile_output(data, View(), submitted=submitted(data, frame))
    found = {(row.USUBJID, row.RESULT): (row.OURS, row.THEIRS) for row in output.results.itertuples()}
    assert found == {
        **{(who, "differ"): (rows[who], wanted[rows[who]]) for who in three},
        (gone, "only ours"): (rows[gone], ""),
        ("99-999", "unknown participant"): ("", "CR"),
    }
    for row in output.results.itertuples():
        known = row.USUBJID != "99-999"
        assert (
            verdict(data, row.USUBJID, "OR1Y") if known else "Not a participant of this cut."
        ) == row.CLAUSE
    assert set(output.records["USUBJID"]) == {*three, gone}
    assert not {"DCUTDY", "FUDY", "TRTSDT"} & {*output.results, *output.records}


def test_what_it_does_to_the_rate(derived):
    data = derived("nct07057778")
    frame = exported(data)
    responders = data.adrs[
        (data.adrs["PARAMCD"] == "OR1Y") & (data.adrs["AVAL"] == 1) & (data.adrs["DUEFL"] == "Y")
    ].merge(data.adsl.loc[data.adsl["FASFL"] == "Y", ["USUBJID", "TRT01P"]])
    (who, arm) = responders[["USUBJID", "TRT01P"]].iloc[0]
    given = submitted(data, changed(data, frame, who, "OR1Y", AVALC="NR", AVAL=0))
    summary = reconcile_summary_output(data, View(), submitted=given)
    rates = summary.results[(summary.results["paramcd"] == "OR1Y") & (summary.results["arm"] == arm)]
    by_side = rates.set_index("measure")["n"]
    assert by_side["rate, ours"] - by_side["rate, theirs"] == 1
    label = {each.trt: each.label for each in data.definition.arms}[arm]
    shown = summary.table.set_index("Endpoint").loc["Overall response, 1 year", label]
    assert shown == f"{by_side['rate, ours']} of {rates['N'].iloc[0]}, theirs {by_side['rate, theirs']}"
    assert summary.headline == f"{len(frame) - 1} of {len(frame)} compared answers agree"
    assert summary.detail == f"mine.csv: {len(frame)} answers. 1 differs."


def test_a_file_without_unanswered_rows_is_explained(derived):
    data = derived("nct07057778", datetime.date(2026, 12, 31))
    frame = exported(data)
    frame = frame[(frame["PARAMCD"] == "OR1Y") & ~frame["AVALC"].isin(["PENDING", "MISSING"])]
    output = reconcile_output(data, View(), submitted=submitted(data, frame))
    assert len(output.results) and set(output.results["RESULT"]) == {"only ours"}
    assert set(output.results["NOTE"]) == {
        "A participant without an answer has a row here; many programs write none."
    }


def test_a_filter_keeps_its_participants_and_is_printed(derived):
    data = derived("nct07057778")
    view = View(filters=(("SEX", ("F",)),))
    summary = reconcile_summary_output(data, view, submitted=submitted(data, exported(data)))
    women = set(data.adsl.loc[data.adsl["SEX"] == "F", "USUBJID"])
    compared = summary.results[
        (summary.results["paramcd"] == "OR1Y") & (summary.results["measure"] == "compared")
    ]
    assert compared["n"].item() == len(women)
    assert "exploratory" in summary.badges
    assert any("only participants with sex F" in note for note in summary.footnotes)


def test_pooled_view_names_no_arm(derived):
    names = [word for arm in derived("nct07057778").definition.arms for word in (arm.trt, arm.label)]
    data = derived("nct07057778", view="pooled")
    frame = exported(data)
    first = frame.iloc[0]
    given = submitted(data, changed(data, frame, first.USUBJID, first.PARAMCD, AVALC="NR", AVAL=0))
    for output in (
        reconcile_summary_output(data, View(), submitted=given),
        reconcile_output(data, View(), submitted=given),
    ):
        text = "\n".join([output.headline, output.detail, *output.footnotes, output.table.to_csv()])
        text += output.results.to_csv() + output.records.to_csv()
        assert not [name for name in names if name in text]


def test_the_clause_of_the_first_rows_alone_where_there_are_many(derived):
    data = derived("nct07057778")
    frame = exported(data)
    frame = frame[frame["PARAMCD"] == "OR1Y"].assign(AVALC="PENDING")
    output = reconcile_output(data, View(), submitted=submitted(data, frame), most=2)
    assert (output.results["CLAUSE"] != "").sum() == 2
    assert output.footnotes[0].startswith("What decided ours stands beside the first 2 of ")
