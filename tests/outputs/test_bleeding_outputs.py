"""The outputs of bleeding for six typed participants, counted by hand, and their files without small cells."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis.adam import derive
from outputs.catalogue import build
from outputs.files import for_file
from outputs.output import View
from outputs.safety.bleeding import bleeding_scales
from outputs.small_cells import NOT_SHOWN
from tests.definitions import bare_definition
from tests.independent.safety_study import study_of_rows
from trialdata.definition import Endpoint, Visits

BLEEDING = (
    "bleeding_rates",
    "bleeding_by_visit",
    "bleeding_shift",
    "bleeding_free",
    "bleeding_by_count",
    "bleeding_discordant",
)
DEFINITION = bare_definition(
    visits=Visits(weeks=(0, 1, 2, 4), last_window_days=7),
    endpoints=(Endpoint("OR", "OR", "confirmed_response", bleeding="WHOBLD", window_days=(2, 30)),),
)
GRADES = {  # participant: day, grade
    "a1": ((1, 0), (8, 1), (15, 2)),
    "a2": ((-1, 2), (8, 0)),
    "a3": ((1, 1),),
    "b1": ((1, 0), (8, 0), (9, 1)),
    "b2": (),
    "b3": ((1, 3), (29, 3)),
}
COUNTS = {"a1": ((8, 55), (15, 9)), "a2": ((10, 8),), "b1": ((8, 120), (9, 49.9)), "b3": ((26, 30),)}
NA = "not assessed"


def rows_of(values: dict, paramcd: str) -> list[dict]:
    return [
        {"USUBJID": who, "PARAMCD": paramcd, "ADY": day, "AVAL": value}
        for who, seen in values.items()
        for day, value in seen
    ]


def six(definition=DEFINITION, extra=()):
    adsl = [
        {"USUBJID": who, "TRT01P": who[0].upper(), "TRT01A": who[0].upper(), "SAFFL": "Y", "DCUTDY": 100}
        for who in GRADES
    ]
    adqs = [*rows_of(GRADES, "WHOBLD"), *extra]
    return derive(study_of_rows({"adsl": adsl, "adqs": adqs, "adlb": rows_of(COUNTS, "PLAT")}, definition))


@pytest.fixture(scope="module")
def data():
    return six()


def counted(output, *keys: str) -> dict[tuple, int]:
    """The counts above 0 of the results, by `keys`."""
    return {
        tuple(row[key] for key in keys): row["n"] for row in output.results.to_dict("records") if row["n"] > 0
    }


def people(output, **cell: str) -> list[str]:
    records = output.records
    for key, value in cell.items():
        records = records[records[key].astype("str") == value]
    return sorted(records["USUBJID"])


def test_the_worst_grade_of_a_visit_of_those_assessed(data):
    output = build("bleeding_by_visit", data, View())
    assert counted(output, "arm", "time", "grade") == {
        ("A", 0, 0): 1, ("A", 0, 1): 1, ("A", 0, 2): 1, ("A", 1, 0): 1, ("A", 1, 1): 1, ("A", 2, 2): 1,
        ("B", 0, 0): 1, ("B", 0, 3): 1, ("B", 1, 1): 1, ("B", 4, 3): 1,
    }  # fmt: skip
    assessed = output.results.drop_duplicates(["arm", "time"]).set_index(["arm", "time"])["N"]
    assert assessed.to_dict() == {
        ("A", 0): 3, ("B", 0): 2, ("A", 1): 2, ("B", 1): 1, ("A", 2): 1, ("B", 2): 0, ("A", 4): 0, ("B", 4): 1,
    }  # fmt: skip
    nobody = output.results[(output.results["N"] == 0)]
    assert nobody["estimate"].isna().all() and (nobody["n"] == 0).all()
    assert people(output, WEEK="1", GRADE="1") == ["a1", "b1"]


def test_from_the_last_grade_up_to_day_1_to_the_highest_later(data):
    output = build("bleeding_shift", data, View())
    assert counted(output, "arm", "baseline", "worst") == {
        ("A", "0", "2"): 1, ("A", "2", "0"): 1, ("A", "1", NA): 1,
        ("B", "0", "1"): 1, ("B", NA, NA): 1, ("B", "3", "3"): 1,
    }  # fmt: skip
    assert people(output, ARM="B", BASELINE=NA, WORST=NA) == ["b2"]
    assert output.table.iloc[0].tolist() == ["0", "1", "0 (0%)", "1 (33%)"]


def test_rates_are_of_those_assessed_after_baseline(data):
    output = build("bleeding_rates", data, View())
    rates = output.results[output.results["measure"] == "rate"].set_index(["bleeding", "arm"])
    names = ("Any bleeding", "Clinically significant bleeding")
    assert rates["n"].to_dict() == {
        (names[0], "A"): 1, (names[0], "B"): 2, (names[1], "A"): 1, (names[1], "B"): 1,
    }  # fmt: skip
    assert set(rates["N"]) == {2}
    wilson = rates.loc[names[0], ["conf_low", "conf_high"]].loc["A"].tolist()
    assert wilson == pytest.approx([0.09453, 0.90547], abs=5e-6)  # (1 + z²/2 ± z √(1/2 + z²/4)) / (2 + z²)
    apart = output.results[output.results["measure"] == "difference"].set_index("bleeding")["estimate"]
    assert apart.to_dict() == {names[0]: -0.5, names[1]: 0.0}
    assert people(output, KIND=names[1]) == ["a1", "b3"]


def test_free_of_it_until_the_first_day_or_the_last_assessment(data):
    output = build("bleeding_free", data, View())
    assert people(output, EVENT="bled") == ["a1", "b3"]
    assert people(output, EVENT="did not bleed") == ["a2", "b1"]
    assert output.footnotes[0].startswith("Events in 1 of 2 and 1 of 2 participants assessed after baseline.")
    assert output.footnotes[1].startswith("Log-rank p")
    curve = output.results[output.results["measure"] == "survival"] if "measure" in output.results else None
    if curve is not None and len(curve):
        last = curve.sort_values("time").groupby("arm").tail(1).set_index("arm")
        assert last["estimate"].to_dict() == {"A": 0.0, "B": 0.0}
        assert last["time"].to_dict() == {"A": 15, "B": 29}


def test_assessments_stand_in_the_band_of_the_nearest_count(data):
    output = build("bleeding_by_count", data, View())
    assert counted(output, "arm", "band", "grade") == {
        ("A", "50 and more", "1"): 1, ("A", "below 10", "2"): 1, ("A", "below 10", "0"): 1,
        ("B", "50 and more", "0"): 1, ("B", "30 to below 50", "1"): 1, ("B", "30 to below 50", "3"): 1,
    }  # fmt: skip
    assert "Without a count within 3 days: 5 assessments." in output.footnotes[0]


def test_who_bleeds_against_the_count(data):
    output = build("bleeding_discordant", data, View())
    assert counted(output, "kind", "arm") == {
        ("bleeding at 50 or more", "A"): 1,
        ("no bleeding below 10", "A"): 1,
    }
    assert people(output, KIND="bleeding at 50 or more") == ["a1"]
    assert people(output, KIND="no bleeding below 10") == ["a2"]
    assert output.table.iloc[0].tolist() == [
        "Bleeding at 50 or more",
        "1 of 3 (1 assessment)",
        "0 of 3 (0 assessments)",
    ]


@pytest.mark.parametrize(
    ("paramcd", "grade", "significant"),
    [("SMOGSKIN", 2, False), ("SMOGSKIN", 3, True), ("SMOGMUC", 1, False), ("SMOGMUC", 2, True),
     ("SMOGORG", 1, True), ("CNBLD", 1, False), ("CNBLD", 2, True)],
)  # fmt: skip
def test_each_instrument_is_shown_by_itself_with_its_own_border(paramcd, grade, significant):
    extra = [{"USUBJID": "a3", "PARAMCD": paramcd, "ADY": 8, "AVAL": grade}]
    data = six(extra=extra)
    assert list(bleeding_scales(data)) == ["WHOBLD", paramcd]
    output = build("bleeding_rates", data, View(), scale=paramcd)
    rates = output.results[output.results["measure"] == "rate"].set_index(["bleeding", "arm"])
    assert rates.loc[("Any bleeding", "A"), ["n", "N"]].tolist() == [1, 1]
    assert rates.loc[("Clinically significant bleeding", "A"), "n"] == int(significant)
    who = build("bleeding_rates", data, View(), scale="WHOBLD")
    pd.testing.assert_frame_equal(who.results, build("bleeding_rates", six(), View()).results)


@pytest.mark.parametrize("output_id", BLEEDING)
def test_values_that_are_no_grade_are_left_out_and_counted(data, output_id):
    wrong = [
        {"USUBJID": "a3", "PARAMCD": "WHOBLD", "ADY": day, "AVAL": value} for day, value in ((8, 5), (9, 1.5))
    ]
    output = build(output_id, six(extra=wrong), View())
    assert "Left out: 2 values that the instrument does not have." in output.footnotes
    pd.testing.assert_frame_equal(output.results, build(output_id, data, View()).results)


@pytest.mark.parametrize("output_id", BLEEDING)
def test_without_an_instrument_it_is_said(data, output_id):
    output = build(output_id, dataclasses.replace(data, adqs=data.adqs[:0]), View())
    assert output.empty == "No bleeding instrument is in the data of this cut."


def test_arms_that_were_not_randomised_have_no_p_value():
    chosen = six(DEFINITION.replace(design="nonrandomized"))
    rates, free = (build(name, chosen, View()) for name in ("bleeding_rates", "bleeding_free"))
    assert "test" not in set(rates.results["measure"])
    assert "p_value" not in rates.results or rates.results["p_value"].isna().all()
    assert not any("Log-rank" in note for note in free.footnotes)
    assert all(any("not randomised" in note for note in each.footnotes) for each in (rates, free))


# files -----------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["six", "nct07057778", "nct04915482"], scope="module")
def look(request, derived):
    return six() if request.param == "six" else derived(request.param)


@pytest.mark.parametrize(
    ("output_id", "within"),
    [
        ("bleeding_by_visit", ["arm", "time"]),
        ("bleeding_shift", ["arm"]),
        ("bleeding_by_count", ["arm", "band"]),
        ("bleeding_discordant", []),
    ],
)
def test_no_small_count_leaves_in_a_file_nor_can_be_subtracted(look, output_id, within):
    output = build(output_id, look, View())
    file = for_file(output)
    small = output.results["n"].between(1, 4)
    gone = file.results["n"].isna()
    assert small.any() or output_id == "bleeding_discordant"
    assert gone[small].all()
    for name in ("estimate", "assessments"):
        if name in file.results:
            assert file.results.loc[gone, name].isna().all()
    shown = [str(cell) for label in (arm.label for arm in output.arms) for cell in file.table[label]]
    assert not [cell for cell in shown if cell.split(" ")[0] in {"1", "2", "3", "4"}]
    assert shown.count(NOT_SHOWN) >= int((gone & (output.results["n"] > 0)).sum())
    if within:  # the number of all cells is known: one alone would be the rest
        several = output.results.groupby(within)["n"].transform("size") > 1
        alone = gone.groupby([output.results[name] for name in within]).transform("sum") == 1
        assert not (gone & alone & several).any()


def test_rates_beside_the_shift_give_no_cell_back(look):
    """The rates say how many had no, any and significant bleeding: of each kind no single cell is left out."""
    output = build("bleeding_shift", look, View())
    file = for_file(output).results
    kind = file["worst"].map(
        lambda grade: grade if grade in ("0", NA) else "mild" if grade == "1" else "more"
    )
    gone = file["n"].isna().groupby([file["arm"], kind]).sum()
    cells = file.groupby([file["arm"], kind]).size()
    assert not ((gone == 1) & (cells > 1)).any()


def test_bleeding_at_high_counts_can_not_be_summed_from_the_bands(look):
    """Where the discordant are few, so many cells of their band are left out that their sum is not shown."""
    few = for_file(build("bleeding_discordant", look, View())).results.set_index(["kind", "arm"])["n"]
    bands = for_file(build("bleeding_by_count", look, View())).results
    for (kind, arm), n in few.items():
        if pd.isna(n):
            high = kind.startswith("bleeding")
            band = bands[(bands["band"] == ("50 and more" if high else "below 10")) & (bands["arm"] == arm)]
            cells = band[(band["grade"] != "0") if high else (band["grade"] == "0")]
            assert cells["n"].isna().any() or np.nansum(cells["n"].astype(float)) >= 5
