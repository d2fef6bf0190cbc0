"""What is said of two cuts: words, counts that add up, records in words, and what a first cut says."""

import datetime
import re

import pytest

from analysis.cut_steps import compare_cuts
from outputs.catalogue import build, option_names
from outputs.cut_words import path_words
from outputs.output import View

IGU = "nct07057778"
FIRST, SECOND, THIRD = (datetime.date(2026, 3, 31), datetime.date(2026, 12, 31), datetime.date(2027, 6, 30))
OUTPUTS = ("cut_changes", "cut_causes", "cut_movers", "record_changes", "changed_records")
WEEK12 = View(endpoint="RESPW12")


@pytest.fixture(scope="module")
def since(derived):
    return compare_cuts(derived(IGU, FIRST), derived(IGU, SECOND))


@pytest.fixture(scope="module")
def last(derived):
    return compare_cuts(derived(IGU, SECOND), derived(IGU, THIRD))


def cell(text: str) -> tuple[int, int]:
    """ "20 of 29" or "+11 of +14" as numbers; a dash is nothing."""
    found = re.findall(r"[+\N{MINUS SIGN}]?\d+", text.replace("\N{MINUS SIGN}", "-").replace("–", "0 of 0"))
    return int(found[0]), int(found[1])


def test_the_table_of_causes_adds_up_as_it_is_read(since):
    table = build("cut_causes", since.data, WEEK12, since=since).table
    assert table.iloc[0, 0] == "At 31 Mar 2026" and table.iloc[-1, 0] == "At 31 Dec 2026"
    for arm in table.columns[1:]:
        cells = [cell(text) for text in table[arm]]
        assert tuple(map(sum, zip(*cells[:-1], strict=True))) == cells[-1]


def test_both_rates_are_those_of_the_response_page_at_each_cut(since):
    results = build("cut_changes", since.data, WEEK12, since=since).results
    for data in (since.earlier, since.data):
        page = build("response_rates", data, WEEK12).results
        page = page[(page["measure"] == "rate") & (page["method"] == "Wilson score")]
        own = results[
            (results["endpoint"] == "RESPW12")
            & (results["cut"] == str(data.study.cut))
            & (results["measure"] == "rate")
        ]
        columns = ["arm", "n", "N", "estimate", "conf_low", "conf_high"]
        assert own[columns].to_numpy().tolist() == page[columns].to_numpy().tolist()
    change = results[
        (results["cut"] == "change") & (results["arm"] == "RTX") & (results["endpoint"] == "RESPW12")
    ]
    assert change["estimate"].item() == pytest.approx(26 / 59 - 12 / 29)
    assert (change["n"].item(), change["N"].item()) == (14, 30)


def test_no_interval_and_no_test_of_a_change(since):
    results = build("cut_changes", since.data, View(), since=since).results
    changed = results[results["cut"] == "change"]
    assert changed["conf_low"].isna().all() and "p_value" not in results


def test_a_corrected_count_is_named_beside_the_participant_whom_it_moved(last):
    """The last cut puts two swapped counts right, one of them on a visit of the durable count."""
    output = build("cut_movers", last.data, View(endpoint="DURCNT"), since=last)
    (row,) = output.table.to_dict("records")
    assert row["Cause"] == "correction" and row["Then to now"] == "no to yes"
    assert row["Records"] == "PLAT day 127, AVAL 48 to 84"
    assert row["Way"] == "no; correction: yes"
    assert output.records["USUBJID"].tolist() == [row["Participant"]]


def test_movers_of_any_kind_hold_those_of_the_rate(since):
    rate, everyone = (
        build("cut_movers", since.data, View(), since=since, moved=moved).results for moved in ("rate", "any")
    )
    assert set(rate["USUBJID"]) < set(everyone["USUBJID"])
    assert set(everyone["CAUSE"]) >= {"newly due", "newly enrolled"}
    assert (everyone.loc[everyone["MOVES"] != "Y", "STATE_NOW"] == "NOTDUE").any()
    with pytest.raises(ValueError, match="moved is 'x'"):
        build("cut_movers", since.data, View(), since=since, moved="x")


def test_records_by_dataset_and_by_site_are_the_same_records(since):
    by_dataset, by_site = (
        build("record_changes", since.data, View(), since=since, by=by).results for by in ("dataset", "site")
    )
    assert by_dataset.groupby("kind")["n"].sum().to_dict() == by_site.groupby("kind")["n"].sum().to_dict()
    table = build("record_changes", since.data, View(), since=since).table
    assert [name.split(",")[0] for name in table["Dataset"]] == [
        "ADSL",
        "ADLB",
        "ADQS",
        "ADCM",
        "ADAE",
        "ADEX",
    ]
    listed = build("changed_records", since.data, View(), since=since).table
    assert sorted(listed["Site"]) == ["site 02", "site 02", "site 05"]
    corrected = by_site[by_site["kind"] == "corrected"].set_index("site")["n"]
    assert corrected[corrected > 0].to_dict() == {"02": 2, "05": 1}


def test_a_filter_keeps_the_records_of_its_participants(since):
    women = View(filters=(("SEX", ("F",)),))
    listed = build("changed_records", since.data, women, since=since, kind="all").results
    sex = since.data.adsl.set_index("USUBJID")["SEX"]
    assert len(listed) and (listed["USUBJID"].map(sex) == "F").all()


def test_nothing_gives_the_day_of_the_cut_or_the_first_dose(since):
    days = set(since.data.adsl["DCUTDY"])
    listed = build("changed_records", since.data, View(), since=since, kind="all").results
    assert not set(listed["COLUMN"]) & {"DCUTDY", "TRTSDT", "RANDDT"}
    assert not days & set(listed.loc[listed["DATASET"] == "adsl", "DAY"])
    for output_id in OUTPUTS:
        output = build(output_id, since.data, View(), since=since)
        for frame in (output.results, output.records):
            assert not {"DCUTDY", "FUDY", "TRTSDT"} & set(frame.columns)


@pytest.mark.parametrize("output_id", OUTPUTS)
def test_the_first_cut_says_that_there_is_none_before(derived, output_id):
    output = build(output_id, derived(IGU, FIRST), View(), since=None)
    assert output.empty == "This is the first data cut: there is none before it to compare with."
    assert build(output_id, derived(IGU, SECOND), View()).empty.startswith("No earlier data cut was chosen")


def test_the_earlier_cut_is_an_option_of_each_and_named_in_exports(since):
    assert all("since" in option_names(output_id) for output_id in OUTPUTS)
    assert build("cut_causes", since.data, View(), since=since).options == (("since", "2026-03-31"),)


def test_a_way_is_read_as_steps():
    assert path_words("NOTDUE|later cutoff|PENDING|new visit|R") == (
        "not yet due; later cutoff: pending confirmation; new visit: response"
    )


def test_a_crude_difference_has_the_weighted_one_beside_it(derived, last):
    cuts = datetime.date(2023, 3, 31), datetime.date(2023, 12, 31)
    before, now = (derived("nct04915482", cut) for cut in cuts)
    detail = build("cut_changes", now, View(), since=compare_cuts(before, now)).detail
    (weighted,) = re.findall(r"Weighted to [^.]*\.", build("response_rates", now, View()).detail)
    assert "Crude difference" in detail and weighted in detail
    randomised = build("cut_changes", derived(IGU, THIRD), View(), since=last)
    assert "Difference" in randomised.detail
