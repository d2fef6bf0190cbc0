"""Answers of two programs side by side, typed by hand."""

import numpy as np
import pandas as pd
from patients import definition, endpoint

from analysis.reconcile import reconcile, reconciled_counts, reconciled_rates

STUDY = definition(
    endpoint(),
    endpoint("time_to_response", paramcd="T"),
    endpoint("time_in_response", paramcd="S"),
)
COLUMNS = ["USUBJID", "PARAMCD", "AVALC", "AVAL", "CNSR"]


def ours(*rows) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[*COLUMNS, "DUEFL"])


def theirs(*rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.set_index(pd.RangeIndex(2, len(frame) + 2))


OURS = ours(
    ("1", "E", "CR", 1.0, np.nan, "Y"),
    ("2", "E", "R", 1.0, np.nan, "Y"),
    ("3", "E", "NR", 0.0, np.nan, "Y"),
    ("4", "E", "MISSING", np.nan, np.nan, "Y"),
    ("5", "E", "PENDING", np.nan, np.nan, "N"),
    ("6", "E", "CR", 1.0, np.nan, "Y"),
    ("7", "E", "NR", 0.0, np.nan, "Y"),
    ("1", "T", "", 15.0, 0.0, ""),
    ("2", "T", "", 57.0, 1.0, ""),
    ("3", "T", "", 57.0, 1.0, ""),
    ("1", "S", "", 0.625, np.nan, ""),
    ("2", "S", "MISSING", np.nan, np.nan, ""),
)
THEIRS = theirs(
    ("1", "E", "CR", np.nan, np.nan),
    ("2", "E", "CR", np.nan, np.nan),
    ("3", "E", "NONRESPONDER", np.nan, np.nan),
    ("4", "E", "NR", np.nan, np.nan),
    ("5", "E", "NR", np.nan, np.nan),
    ("6", "E", "NR", np.nan, np.nan),
    ("8", "E", "CR", np.nan, np.nan),
    ("9", "E", "CR", np.nan, np.nan),
    ("1", "T", "", 15.0, 0.0),
    ("2", "T", "", 57.0, 0.0),
    ("3", "T", "", 58.0, 1.0),
    ("1", "S", "", 0.625 + 1e-12, np.nan),
    ("2", "S", "MISSING", np.nan, np.nan),
)


def compared(mine=OURS, other=THEIRS, **options):
    given = {"known": list("12345678"), "expected": list("1234567")} | options
    return reconcile(mine, other, STUDY, **given)


def results(frame) -> dict:
    return {
        (row.PARAMCD, row.USUBJID): (row.RESULT, row.OURS, row.THEIRS, row.NOTE) for row in frame.itertuples()
    }


def test_each_answer_has_its_result():
    found = results(compared())
    assert found == {
        ("E", "1"): ("agree", "CR", "CR", ""),
        ("E", "2"): ("differ", "R", "CR", ""),
        ("E", "3"): ("agree", "NR", "NONRESPONDER", ""),
        ("E", "4"): ("differ", "MISSING", "NR", "Both count as no response."),
        ("E", "5"): ("differ", "PENDING", "NR", "Not yet due at this cut: in no rate."),
        ("E", "6"): ("differ", "CR", "NR", ""),
        ("E", "7"): ("only ours", "NR", "", ""),
        ("E", "8"): ("only theirs", "", "CR", ""),
        ("E", "9"): ("unknown participant", "", "CR", ""),
        ("T", "1"): ("agree", "15, event", "15, event", ""),
        ("T", "2"): ("differ", "57, censored", "57, event", ""),
        ("T", "3"): ("differ", "57, censored", "58, censored", ""),
        ("S", "1"): ("agree", "0.625", "0.625", ""),
        ("S", "2"): ("agree", "MISSING", "MISSING", ""),
    }
    assert compared().set_index(["PARAMCD", "USUBJID"])["ROW"]["T", "3"] == 12


def test_a_responder_of_any_level_agrees_with_both_levels():
    other = theirs(*((who, "E", "RESPONDER", np.nan, np.nan) for who in "1236"))
    found = results(compared(other=other, expected=[]))
    assert [found["E", who][0] for who in "1236"] == ["agree", "agree", "differ", "agree"]


def test_the_tolerance_is_a_billionth():
    for apart, result in ((0.9e-9, "agree"), (1.1e-9, "differ")):
        other = theirs(("1", "S", "", 0.625 + apart, np.nan))
        assert results(compared(other=other, expected=[]))["S", "1"][0] == result


def test_only_the_parameters_of_their_file_and_our_analysis_set_are_expected():
    found = compared(other=THEIRS[THEIRS["PARAMCD"] == "T"], expected=["1"])
    assert set(found["PARAMCD"]) == {"T"}
    assert "only ours" not in set(found["RESULT"])


def test_a_missing_answer_that_they_leave_out_is_explained():
    found = results(compared(other=THEIRS.head(3)))
    assert found["E", "4"] == (
        "only ours",
        "MISSING",
        "",
        "A participant without an answer has a row here; many programs write none.",
    )
    assert found["E", "6"][3] == ""


def test_counts_add_up():
    counts = reconciled_counts(compared(), STUDY).set_index("paramcd").to_dict("index")
    assert counts["E"] == {
        **{"compared": 6, "agree": 2, "differ": 4, "only ours": 1, "only theirs": 1, "unknown participant": 1}
    }
    assert counts["T"]["compared"] == 3 and counts["T"]["differ"] == 2
    places = ("compared", "only ours", "only theirs", "unknown participant")
    assert sum(row[place] for row in counts.values() for place in places) == len(compared())


def test_rates_are_over_our_due_with_whom_they_lack_as_no_response():
    arm_of = pd.Series({"1": "A", "2": "A", "3": "A", "4": "B", "5": "B", "6": "B", "7": "B"})
    rows = reconciled_rates(compared(), arm_of, ["A", "B", "C"], STUDY)
    assert [tuple(row)[:5] for row in rows.itertuples(index=False)] == [
        ("E", "A", 2, 2, 3),
        ("E", "B", 1, 0, 3),
        ("E", "C", 0, 0, 0),
    ]
    assert rows["absent"].to_list() == [0, 1, 0]
    assert np.isnan(rows["estimate"].iloc[2])


def test_a_file_that_matches_nobody_has_unknown_participants_only():
    other = theirs(("x", "E", "CR", np.nan, np.nan))
    found = compared(other=other, expected=[])
    assert found["RESULT"].to_list() == ["unknown participant"]
