"""The tables of adverse events: cells against the participants behind them, words, and what leaves as a file."""

import dataclasses
import datetime
import re

import numpy as np
import pandas as pd
import pytest

from analysis.adam import derive
from outputs.catalogue import build
from outputs.files import for_file
from outputs.output import Output, View
from ui.block import Block

VARIANTS = [
    ("adverse_terms", {}),
    ("adverse_terms", {"level": "all", "kind": "related"}),
    ("adverse_terms", {"level": "term", "order": "name"}),
    ("adverse_terms", {"body_system": "Infections and infestations"}),
    ("adverse_differences", {}),
    ("adverse_differences", {"level": "all", "least_share": "0"}),
    ("adverse_grades", {}),
    ("adverse_grades", {"level": "all"}),
    ("adverse_rates", {}),
    ("adverse_rates", {"level": "all"}),
    ("adverse_interest", {}),
]
LOOKS = [("nct07057778", None), ("nct07057778", datetime.date(2026, 3, 31)), ("nct04915482", None)]
IN_CELL = re.compile(r"^(\d+) \(\d|: (\d+) / ")


def number_in(cell: str, column: str) -> int | None:
    """The participants that a cell of the table names; events per time name events."""
    found = IN_CELL.search(cell)
    return int(found[1] or found[2]) if found and not column.startswith("Events") else None


@pytest.fixture(params=LOOKS, ids=str, scope="module")
def one_look(request, derived):
    return derived(*request.param)


@pytest.mark.parametrize(("output_id", "options"), VARIANTS)
def test_every_count_leads_to_its_participants(one_look, output_id, options):
    block = Block(build(output_id, one_look, View(), **options))
    table, seen = block.output.table, 0
    for row in range(len(table)):
        for column in block.output.columns:
            n = number_in(table.iloc[row][column], column)
            if n is not None:
                seen += 1
                assert len(block.behind(block.cell_at(row, column))) == n, (row, column)
                assert block.cells.get(block.cell_at(row, column), 0) == n
    assert seen or block.output.empty or not len(table)


def test_overview_counts_lead_to_their_participants(look):
    output = build("adverse_overview", look, View())
    labels = {arm.label: arm.trt for arm in output.arms}
    for row in output.table.to_dict("records"):
        for label, trt in labels.items():
            listed = output.records[
                (output.records["KIND"] == row["Participants with"]) & (output.records["ARM"] == trt)
            ]
            assert number_in(row[label], label) == listed["USUBJID"].nunique()


def with_events(data, **columns):
    """The analysis data with columns of adae replaced."""
    return dataclasses.replace(data, adae=data.adae.assign(**columns))


def counts(output: Output, kind: str) -> pd.DataFrame:
    rows = output.results[(output.results["kind"] == kind) & (output.results["measure"] == "count")]
    return rows.set_index("arm")


def test_what_the_data_do_not_record_is_said_and_not_counted(derived):
    data = with_events(derived("nct07057778"), AEREL="", AEACN="", AETOXGR="", AEOUT="")
    output = build("adverse_overview", data, View())
    shown = output.table.set_index("Participants with")
    for name in ("Related to treatment", "Leading to stop of treatment", "Grade 3 or more", "Fatal"):
        assert (shown.loc[name].drop("Difference, points (95% CI)") == "not recorded").all()
        assert shown.loc[name, "Difference, points (95% CI)"] == "–"
    assert counts(output, "RELATED")["n"].isna().all()
    assert shown.loc["Serious", "All"] != "not recorded"
    assert build("adverse_terms", data, View(), kind="related").empty.startswith("The relation to treatment")
    assert build("adverse_terms", data, View(), kind="grade3").empty.startswith(
        "CTCAE grades are not recorded"
    )


def test_without_any_event_on_file_nothing_is_counted_as_none(derived):
    whole = derived("nct07057778")
    output = build("adverse_overview", dataclasses.replace(whole, adae=whole.adae[:0]), View())
    assert output.empty == "No adverse event is on file at this cut."
    assert counts(output, "ANY")["n"].isna().all()
    assert counts(output, "DEATH")["n"].notna().all()


def test_deaths_of_any_cause_are_those_of_adsl(derived):
    whole = derived("nct07057778")
    some = whole.adsl.index[whole.adsl["SAFFL"] == "Y"][:3]
    data = dataclasses.replace(
        whole, adsl=whole.adsl.assign(DTHDY=whole.adsl["DTHDY"].where(~whole.adsl.index.isin(some), 30.0))
    )
    before, after = (counts(build("adverse_overview", d, View()), "DEATH")["n"]["All"] for d in (whole, data))
    assert after == before + 3
    unknown = dataclasses.replace(
        whole, study=dataclasses.replace(whole.study, adsl=whole.study.adsl.assign(DTHDY=np.nan, EOSSTT=""))
    )
    assert counts(build("adverse_overview", unknown, View()), "DEATH")["n"].isna().all()


def test_the_difference_is_of_the_arm_shares(derived):
    output = build("adverse_overview", derived("nct07057778"), View())
    any_event = counts(output, "ANY")
    rows = output.results[(output.results["kind"] == "ANY") & (output.results["measure"] == "difference")]
    share = any_event["n"].astype(float) / any_event["N"].astype(float)
    assert rows["estimate"].tolist() == pytest.approx([share["IGU+RTX"] - share["RTX"]])
    assert (rows["conf_low"] < rows["estimate"]).all()


def test_the_pooled_view_counts_each_event_once_and_compares_nothing(derived):
    data = derived("nct07057778", view="pooled")
    output = build("adverse_terms", data, View())
    (whole,) = output.results[output.results["SOC"] == ""].to_dict("records")
    true = build("adverse_terms", derived("nct07057778"), View()).results
    both = true[(true["SOC"] == "") & (true["arm"] == "All")].iloc[0]
    assert (whole["n"], whole["N"], whole["events"]) == (both["n"], both["N"], both["events"])
    assert build("adverse_differences", data, View()).empty == "One arm: nothing to compare."
    assert set(build("adverse_overview", data, View()).results["measure"]) == {"count"}


@pytest.mark.parametrize(
    ("output_id", "option"),
    [
        ("adverse_terms", {"level": "soc"}),
        ("adverse_terms", {"kind": "mild"}),
        ("adverse_terms", {"order": "size"}),
        ("adverse_grades", {"level": "kind"}),
        ("adverse_rates", {"level": "soc"}),
        ("adverse_differences", {"least_share": "some"}),
        ("adverse_differences", {"least_share": "101"}),
    ],
)
def test_an_option_that_does_not_exist_is_refused(derived, output_id, option):
    with pytest.raises(ValueError, match="expected"):
        build(output_id, derived("nct07057778"), View(), **option)


def test_differences_hold_no_p_value(derived):
    output = build("adverse_differences", derived("nct07057778"), View(), least_share="0")
    assert "p_value" not in output.results and not output.table.to_csv().count("p =")


def test_an_empty_arm_is_not_compared(derived):
    whole = derived("nct07057778")
    alone = dataclasses.replace(
        whole, adsl=whole.adsl.assign(SAFFL=whole.adsl["SAFFL"].where(whole.adsl["TRT01A"] != "RTX", "N"))
    )
    assert build("adverse_differences", alone, View()).empty.startswith("Nobody in Rituximab")
    shown = build("adverse_overview", alone, View()).table.set_index("Participants with")
    assert shown.loc["Any adverse event", "Rituximab"] == "–"
    assert "not estimable" in set(build("adverse_rates", alone, View()).table["Ratio of incidences (95% CI)"])


def test_a_block_of_interest_has_its_grades_and_terms(derived):
    """The block's participants by worst grade add up to the block; every term found is one of the block."""
    data = derived("nct07057778")
    output = build("adverse_interest", data, View())
    counted = output.results[output.results["measure"] == "count"].set_index(["GROUP", "PART", "arm"])["n"]
    for group in data.definition.aesi:
        of_group = counted[group.label].unstack("arm")
        graded = of_group[of_group.index.str.startswith("Worst grade")]
        assert graded["All"].sum() == of_group.loc["", "All"]
        if group.terms and not group.body_systems:
            assert set(of_group.index) <= {"", "Serious", *graded.index, *group.terms}


# files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("output_id", "options"), [("adverse_overview", {}), *VARIANTS])
def test_no_small_count_leaves_in_a_file(one_look, output_id, options):
    output = build(output_id, one_look, View(), **options)
    file = for_file(output)
    small = output.results["n"].between(1, 4).fillna(False).astype(bool)
    assert file.results.loc[small, "n"].isna().all()
    assert file.results.loc[file.results["n"].isna() & output.results["n"].notna(), "estimate"].isna().all()
    assert str(file.results["n"].dtype) == "Int64"
    if "events" in file.results:
        assert str(file.results["events"].dtype) == "Int64"
    left = [number_in(str(cell), name) for name in file.table for cell in file.table[name]]
    assert not [n for n in left if n is not None and 1 <= n <= 4]
    assert small.any() == (file is not output) or file is not output


def test_all_less_the_other_arms_gives_no_small_count_back(derived):
    """Of each row at least two of the arms and "All" are left out, where one has to be."""
    for study in ("nct07057778", "nct04915482"):
        results = for_file(build("adverse_terms", derived(study), View(), level="all")).results
        hidden = results.assign(gone=results["n"].isna()).groupby(["SOC", "TERM"])["gone"].sum()
        assert set(hidden) <= {0, 2, 3} and (hidden > 0).any()


def test_the_same_counts_are_left_out_of_counts_differences_and_rates(derived):
    """Else one file would give back what another leaves out."""
    data = derived("nct07057778")
    terms = for_file(build("adverse_terms", data, View(), level="term")).results
    gone = {(r["SOC"], r["TERM"], r["arm"]) for r in terms.to_dict("records") if pd.isna(r["n"])}
    differences = for_file(build("adverse_differences", data, View(), least_share="0")).results
    rates = for_file(build("adverse_rates", data, View(), level="term")).results
    for row in [*differences.to_dict("records"), *rates.to_dict("records")]:
        ends = {(row["SOC"], row["TERM"], row["arm"]), (row["SOC"], row["TERM"], row["control"])}
        if ends & gone:
            assert pd.isna(row["n"]) and pd.isna(row["estimate"])
        elif row["measure"] in ("count", "incidence", "events"):
            assert pd.notna(row["n"])


# what may stand in a term -------------------------------------------------------------------------------------------


def test_long_terms_and_markup_stand_as_they_are(derived):
    whole = derived("nct07057778")
    odd = whole.adae["AEDECOD"].replace({"Headache": "x" * 540, "Nausea": "<b>*Nausea*</b> | $5$"})
    data = with_events(whole, AEDECOD=odd)
    for output_id in ("adverse_terms", "adverse_differences", "adverse_grades", "adverse_rates"):
        output = build(output_id, data, View(), level="term")
        assert "<b>*Nausea*</b> | $5$" in set(output.table.iloc[:, 0])
    assert "x" * 540 in set(build("adverse_terms", data, View(), level="term").table["Preferred term"])


def test_a_term_of_two_classes_is_named_with_its_class(derived):
    whole = derived("nct07057778")
    headaches = whole.adae.index[whole.adae["AEDECOD"] == "Headache"]
    systems = whole.adae["AEBODSYS"].mask(whole.adae.index.isin(headaches[:2]), "")
    output = build("adverse_terms", with_events(whole, AEBODSYS=systems), View(), level="term")
    names = set(output.table["Preferred term"])
    assert {"Headache (Not coded)", "Headache (Nervous system disorders)"} <= names


def test_low_platelets_are_left_out_and_counted_below(derived):
    whole = derived("nct07057778")
    first = whole.adae["AEDECOD"].mask(whole.adae.index < 5, "PLATELET count decreased ")
    data = derive(dataclasses.replace(whole.study, adae=whole.study.adae.assign(AEDECOD=first)))
    output = build("adverse_terms", data, View(), level="term")
    assert not output.table.iloc[:, 0].str.contains("platelet", case=False).any()
    assert any(note.startswith("Left out as the disease itself: ") for note in output.footnotes)
