"""Two cuts held against each other, record by record; each expected change is written by hand."""

import itertools
from pathlib import Path

import pandas as pd
import pytest

from trialdata.cut_changes import compare_records, vanished_subjects
from trialdata.schema import DATASETS
from trialdata.study import data_cuts, find_studies, load_study

ROOT = Path(__file__).parents[2]
ADSL = "USUBJID SITEID TRT01P DCUTDY TRTSDT EOSSTT EOSDY"
ADLB = "USUBJID PARAMCD ADY AVAL AVALC AVISIT AVISITN DTYPE"
ADCM = "USUBJID CMCLAS CMDECOD ASTDY AENDY"
ADAE = "USUBJID AEDECOD AESEQ ASTDY AENDY AETOXGR"


def table(columns: str, *rows: str) -> pd.DataFrame:
    """Text cells, written as "S1 PLAT 8 40 - W1 1 -"; a dash is an empty cell."""
    names = columns.split()
    cells = [["" if cell == "-" else cell for cell in row.split()] for row in rows]
    return pd.DataFrame(cells, columns=names, dtype="str")


def changes(name: str, before: pd.DataFrame, after: pd.DataFrame) -> list[tuple]:
    rows = compare_records({name: before}, {name: after}).rows
    return [
        (
            *(row.USUBJID, row.PARAMCD, "" if pd.isna(row.DAY) else int(row.DAY)),
            *(row.WHAT, row.COLUMN, row.BEFORE, row.AFTER),
        )
        for row in rows.itertuples()
    ]


def counts(*before_and_after: str) -> list[tuple]:
    """The changes of ADLB between rows led by "<" (earlier cut) and ">" (this cut)."""
    sides = {mark: [row[1:] for row in before_and_after if row[0] == mark] for mark in "<>"}
    return changes("adlb", table(ADLB, *sides["<"]), table(ADLB, *sides[">"]))


def test_new_corrected_completed_and_vanished():
    found = counts(
        "<S1 PLAT 8 40 - W1 1 -", ">S1 PLAT 8 40 - W1 1 -",
        "<S1 PLAT 15 61 - W2 2 -", ">S1 PLAT 15 16 - W2 2 -",
        "<S1 PLAT 22 - - W3 3 -", ">S1 PLAT 22 55 - W3 3 -",
        "<S2 PLAT 8 33 - W1 1 -",
        ">S2 PLAT 9 34 <50 W1 1 -",
    )  # fmt: skip
    assert found == [
        ("S2", "PLAT", 9, "new", "", "", "<50"),
        ("S1", "PLAT", 15, "corrected", "AVAL", "61", "16"),
        ("S1", "PLAT", 22, "completed", "AVAL", "", "55"),
        ("S2", "PLAT", 8, "vanished", "", "33", ""),
    ]


def test_an_emptied_cell_is_a_correction():
    assert counts("<S1 PLAT 8 40 - W1 1 -", ">S1 PLAT 8 - ND W1 1 -") == [
        ("S1", "PLAT", 8, "corrected", "AVAL", "40", ""),
        ("S1", "PLAT", 8, "corrected", "AVALC", "", "ND"),
    ]


def test_the_same_value_and_visit_on_another_day_is_a_corrected_day():
    assert counts("<S1 PLAT 85 40 - W12 12 -", ">S1 PLAT 84 40 - W12 12 -") == [
        ("S1", "PLAT", 84, "corrected", "ADY", "85", "84")
    ]
    by_number = counts("<S1 PLAT 85 40 - - 12 -", ">S1 PLAT 84 40 - - 12 -")
    assert by_number == [("S1", "PLAT", 84, "corrected", "ADY", "85", "84")]


def test_another_day_without_a_visit_or_of_another_participant_is_another_record():
    without_visit = counts("<S1 PLAT 85 40 - - - -", ">S1 PLAT 84 40 - - - -")
    other_person = counts("<S1 PLAT 85 40 - W12 12 -", ">S2 PLAT 84 40 - W12 12 -")
    assert [row[3] for row in without_visit] == ["new", "vanished"]
    assert [row[3] for row in other_person] == ["new", "vanished"]


def test_two_records_that_fit_are_not_guessed_at():
    found = counts(
        "<S1 PLAT 85 40 - U - -", "<S1 PLAT 99 40 - U - -",
        ">S1 PLAT 86 40 - U - -", ">S1 PLAT 98 40 - U - -",
    )  # fmt: skip
    assert [row[3] for row in found] == ["new", "new", "vanished", "vanished"]


def test_of_two_counts_on_one_day_the_changed_one_is_corrected():
    assert counts(
        "<S1 PLAT 8 40 - W1 1 -", "<S1 PLAT 8 62 - U - -",
        ">S1 PLAT 8 60 - U - -", ">S1 PLAT 8 40 - W1 1 -",
    ) == [("S1", "PLAT", 8, "corrected", "AVAL", "62", "60")]  # fmt: skip


def test_an_end_that_is_known_now_completes_a_medication():
    before = table(ADCM, "S1 IVIG immunoglobulin 30 -", "S1 IVIG immunoglobulin 60 62")
    after = table(ADCM, "S1 IVIG immunoglobulin 30 31", "S1 STEROID immunoglobulin 60 62")
    assert changes("adcm", before, after) == [
        ("S1", "STEROID", 60, "corrected", "CMCLAS", "IVIG", "STEROID"),
        ("S1", "IVIG", 30, "completed", "AENDY", "", "31"),
    ]


def test_sequence_numbers_may_be_given_anew():
    before = table(ADAE, "S1 Headache 1 10 12 1", "S1 Nausea 2 20 - 2")
    after = table(ADAE, "S1 Fever 1 5 6 1", "S1 Headache 2 10 12 1", "S1 Nausea 3 20 - 2")
    assert changes("adae", before, after) == [("S1", "Fever", 5, "new", "", "", "1")]


def test_the_same_event_and_number_on_another_day_is_a_corrected_day():
    before, after = table(ADAE, "S1 Headache 7 10 - 1"), table(ADAE, "S1 Headache 7 11 - 1")
    assert changes("adae", before, after) == [("S1", "Headache", 11, "corrected", "ASTDY", "10", "11")]


def test_status_followed_up_is_completed_and_a_final_one_corrected():
    before = table(ADSL, "S1 01 A 100 2025-01-01 ONGOING -", "S2 01 A 90 2025-01-11 COMPLETED 80")
    after = table(ADSL, "S1 01 A 200 2025-01-02 DISCONTINUED 150", "S2 01 A 190 2025-01-11 DISCONTINUED 80")
    assert changes("adsl", before, after) == [
        ("S2", "", "", "corrected", "EOSSTT", "COMPLETED", "DISCONTINUED"),
        ("S1", "", "", "completed", "EOSDY", "", "150"),
        ("S1", "", "", "completed", "EOSSTT", "ONGOING", "DISCONTINUED"),
    ]


def test_neither_the_day_of_the_cut_nor_a_date_is_in_any_row():
    """Beside the date of the cut they would give back the first dose."""
    before = table(ADSL, "S1 01 A 100 2025-01-01 ONGOING -")
    after = table(ADSL, "S1 01 A 777 2025-03-03 ONGOING -", "S2 02 A 888 2025-04-04 ONGOING -")
    rows = compare_records({"adsl": before}, {"adsl": after}).rows
    assert not {"777", "888", "100", "2025-03-03", "2025-04-04"} & set(rows.to_numpy().ravel())
    assert list(rows["WHAT"]) == ["new"]


def test_numbers_and_their_text_are_the_same_value():
    text = table(ADLB, "S1 PLAT 8 61.0 - W1 1 -")
    typed = text.assign(ADY=8.0, AVAL=61.0, AVISITN=1.0)
    assert changes("adlb", text, typed) == []


def test_the_order_of_the_rows_means_nothing():
    before = table(ADLB, *(f"S1 PLAT 8 {value} - W1 1 -" for value in (40, 41, 42, 43)))
    after = table(ADLB, *(f"S1 PLAT 8 {value} - W1 1 -" for value in (43, 39, 38, 42, 50)))
    once = changes("adlb", before, after)
    again = changes("adlb", before.iloc[::-1].reset_index(drop=True), after.iloc[::-1].reset_index(drop=True))
    assert once == again and len(once) == 3


def test_a_column_that_one_cut_lacks_is_not_compared():
    before = table("USUBJID PARAMCD ADY AVAL", "S1 PLAT 8 40")
    assert changes("adlb", before, table(ADLB, "S1 PLAT 8 40 <50 W1 1 -")) == []


def test_sites_come_from_this_cut_and_of_the_vanished_from_the_earlier_one():
    before = {"adsl": table(ADSL, "S1 01 A 9 - - -", "S2 02 A 9 - - -")}
    after = {"adsl": table(ADSL, "S1 07 A 9 - - -"), "adlb": table(ADLB, "S1 PLAT 8 40 - W1 1 -")}
    compared = compare_records(before, after)
    assert dict(zip(compared.rows["USUBJID"], compared.rows["SITEID"], strict=True)) == {
        "S1": "07",
        "S2": "02",
    }
    assert vanished_subjects(before, after) == ["S2"]
    by_site = compared.counts("SITEID").set_index("SITEID")
    assert by_site.loc["02"].to_dict() == {"new": 0, "corrected": 0, "completed": 0, "vanished": 1}
    assert by_site.loc["07"].to_dict() == {"new": 1, "corrected": 1, "completed": 0, "vanished": 0}


def test_one_record_with_two_changed_columns_counts_once():
    before = table(ADLB, "S1 PLAT 8 40 - W1 1 -")
    compared = compare_records({"adlb": before}, {"adlb": table(ADLB, "S1 PLAT 8 41 - W2 2 -")})
    totals = compared.totals.set_index("dataset").loc["adlb"]
    assert totals.to_dict() == {
        "before": 1, "after": 1, "new": 0, "corrected": 1, "completed": 0, "vanished": 0, "unchanged": 0,
    }  # fmt: skip
    assert len(compared.rows) == 3 and compared.rows["RECORD"].nunique() == 1


def test_two_cuts_without_anything():
    compared = compare_records({}, {})
    assert compared.rows.empty and not compared.totals.drop(columns="dataset").to_numpy().any()


@pytest.mark.parametrize("name", [definition.name for definition in find_studies(ROOT)])
def test_the_records_of_the_sample_cuts_add_up(name):
    """And the three swapped counts of data/sample/README.md are the corrections."""
    definition = next(each for each in find_studies(ROOT) if each.name == name)
    cuts = data_cuts(definition, ROOT)
    studies = [load_study(ROOT, name, cut) for cut in cuts]
    frames = [{dataset: getattr(study, dataset) for dataset in DATASETS} for study in studies]
    for before, after in itertools.pairwise(frames):
        totals = compare_records(before, after).totals
        sizes = {dataset: (len(before[dataset]), len(after[dataset])) for dataset in DATASETS}
        for row in totals.itertuples():
            assert (row.before, row.after) == sizes[row.dataset]
            assert row.before - row.vanished + row.new == row.after
            assert row.unchanged + row.corrected + row.completed + row.vanished == row.before
    assert compare_records(frames[0], frames[0]).rows.empty
    swapped = compare_records(frames[0], frames[1]).rows
    assert (swapped[swapped["WHAT"] == "corrected"]["DATASET"] == "adlb").sum() == 3
