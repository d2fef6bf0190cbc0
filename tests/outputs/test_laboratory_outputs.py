"""The laboratory outputs: their numbers for the sample, counted from its files, and for a handful of typed rows."""

import dataclasses

import pandas as pd
import pytest

from analysis.adam import derive
from outputs.catalogue import build
from outputs.files import for_file
from outputs.output import View
from outputs.safety.parameters import parameter_choices
from outputs.small_cells import NOT_SHOWN

KEYS = ("parameter", "quadrant", "grade", "flag", "base", "worst", "antibody", "change", "measure", "week")
WOMEN = View(filters=(("SEX", ("F",)),))


@pytest.fixture(scope="module")
def randomised(derived):
    return derived("nct07057778")


@pytest.fixture(scope="module")
def chosen(derived):
    return derived("nct04915482")


def changed(data, **columns):
    """The study with other values in adlb: column to a function of adlb."""
    adlb = data.study.adlb
    return derive(
        dataclasses.replace(data.study, adlb=adlb.assign(**{k: f(adlb) for k, f in columns.items()}))
    )


def in_set(data, paramcd: str) -> pd.DataFrame:
    """The rows of one parameter of the safety set, with the arm received."""
    adsl = data.study.adsl[data.study.adsl["SAFFL"] == "Y"]
    rows = data.study.adlb.merge(adsl[["USUBJID", "TRT01A", "DCUTDY"]], on="USUBJID")
    return rows[(rows["PARAMCD"] == paramcd) & (rows["ADY"] <= rows["DCUTDY"])]


def cell(results: pd.DataFrame, **key) -> int:
    rows = results
    for name, value in key.items():
        rows = rows[rows[name] == value]
    (n,) = rows["n"].tolist()
    return int(n)


def test_course_gives_the_medians_of_the_file(randomised):
    output = build("laboratory_course", randomised, View(), parameter="HGB")
    rows = in_set(randomised, "HGB")
    baseline = rows[rows["ABLFL"] == "Y"].groupby("TRT01A")["AVAL"]
    at = output.results[output.results["time"] == 0].set_index("arm")
    assert at["estimate"].to_dict() == baseline.median().to_dict()
    assert at["n"].to_dict() == baseline.size().to_dict()
    assert output.title == "Haemoglobin, g/L by visit"


def test_course_draws_the_visits_that_were_planned_and_lists_the_others(randomised):
    output = build("laboratory_course", randomised, View(), parameter="ALT")
    drawn = {
        float(x)
        for trace in output.figure("light", False).data[1::3]
        for x in trace.x
        if trace.mode != "text"
    }
    assert {round(x) for x in drawn} <= {0, 4, 8, 12, 26, 52}
    assert len(output.table) > 6 and "table alone" in " ".join(output.footnotes)


def test_a_value_in_another_unit_is_shown_by_itself_and_counted(randomised):
    foo = changed(
        randomised,
        AVALU=lambda f: f["AVALU"].where((f["PARAMCD"] != "ALT") | (f["USUBJID"] != "01-010"), "foo"),
    )
    n = len(in_set(randomised, "ALT").query("USUBJID == '01-010'"))
    assert "ALT (foo)" in parameter_choices(foo)
    known = build("laboratory_course", foo, View(), parameter="ALT")
    assert f"Not shown here, in another unit (foo): {n} values of 1 participant." in known.footnotes
    alone = build("laboratory_course", foo, View(), parameter="ALT (foo)")
    assert alone.results["n"].max() == 1 and "not known here" in " ".join(alone.footnotes)
    left = f"Left out, the unit is not known: {n} values of alanine aminotransferase in 1 participant."
    for output_id in ("laboratory_grades", "laboratory_shift", "liver"):
        assert left in build(output_id, foo, View()).footnotes, output_id


def test_values_in_grams_per_decilitre_read_as_in_grams_per_litre(randomised):
    hgb = randomised.study.adlb["PARAMCD"] == "HGB"
    tenth = {
        name: (lambda f, name=name: f[name].where(~hgb, f[name] / 10)) for name in ("AVAL", "ANRLO", "ANRHI")
    }
    converted = changed(randomised, AVALU=lambda f: f["AVALU"].where(~hgb, "g/dL"), **tenth)
    for output_id in ("laboratory_course", "laboratory_shift"):
        one, two = (build(output_id, data, View(), parameter="HGB") for data in (randomised, converted))
        pd.testing.assert_frame_equal(one.results, two.results)


def test_grades_of_alt_are_those_of_the_file(randomised):
    rows = in_set(randomised, "ALT").query("ADY > 1")
    times = (rows["AVAL"] / rows["ANRHI"]).groupby(rows["USUBJID"]).max()
    results = build("laboratory_grades", randomised, View()).results
    expected = {"0": (times <= 1), "1": (times > 1) & (times <= 3), "2": (times > 3) & (times <= 5)}
    for grade, who in expected.items():
        assert cell(results, parameter="ALT", grade=grade, arm="All") == who.sum()
    assert cell(results, parameter="ALT", grade="3", arm="All") == (times > 5).sum() == 1


def test_shift_holds_everybody_once(chosen):
    output = build("laboratory_shift", chosen, View(), parameter="LYM")
    inner = output.results[output.results["worst"] != "all"]
    for arm, N in (("TPO-RA+aCD20", 56), ("BAT", 38), ("All", 94)):
        own = inner[inner["arm"] == arm]
        assert own["n"].sum() == N == own["N"].iloc[0]
    assert len(output.records) == 94 and output.records["USUBJID"].is_unique


def test_the_liver_case_of_the_sample_is_found(randomised):
    output = build("liver", randomised, View())
    assert cell(output.results, quadrant="HY", arm="IGU+RTX") == 1
    assert output.results[output.results["arm"] == "All"]["n"].sum() == 119
    assert output.headline == "Potential Hy’s law cases: 1 (2%) vs 0 (0%)"
    cases = build("liver_cases", randomised, View())
    # ALT 266 of 40 and bilirubin 55.8 of 20.5 on day 57
    assert cases.table.iloc[0].tolist() == [
        "01-010",
        "Iguratimod + rituximab",
        "ALT",
        "6.7",
        "57",
        "2.7",
        "57",
        "0",
    ]
    assert "clinical review" in " ".join(output.footnotes)


def test_without_upper_limits_nobody_is_evaluable_and_it_is_counted(randomised):
    half = changed(randomised, ANRHI=lambda f: f["ANRHI"].where((f["PARAMCD"] != "BILI") | (f["ADY"] < 50)))
    output = build("liver", half, View())
    values = len(in_set(randomised, "BILI").query("ADY >= 50"))
    assert any(f"Left out, no upper limit: {values} values" in note for note in output.footnotes)
    none = changed(randomised, ANRHI=lambda f: f["ANRHI"].where(f["PARAMCD"] != "BILI"))
    assert build("liver", none, View()).empty.startswith("No participant has ALT or AST and bilirubin")
    assert build("liver_cases", none, View()).empty.startswith("No participant has ALT or AST and bilirubin")


def test_a_click_on_a_point_names_its_participant(randomised):
    output = build("liver", randomised, View())
    points = [usubjid for trace in output.figure("light", False).data for usubjid in trace.customdata]
    assert sorted(points) == sorted(
        output.records.loc[output.records["QUADRANT"] != "Not evaluable", "USUBJID"]
    )


def test_ranges_of_one_moment_are_of_those_with_a_value(randomised):
    results = build("laboratory_range", randomised, View(), at="baseline").results
    rows = in_set(randomised, "HGB").query("ABLFL == 'Y'")
    low = rows["AVAL"] < rows["ANRLO"]
    assert cell(results, parameter="HGB", flag="low", arm="All") == low.sum()
    assert results[(results["parameter"] == "HGB") & (results["arm"] == "All")]["n"].sum() == len(rows)
    with pytest.raises(ValueError, match="at is 'noon'; expected one of any, last, baseline"):
        build("laboratory_range", randomised, View(), at="noon")


def test_antibodies_turn_as_in_the_file(chosen):
    rows = in_set(chosen, "DAT").sort_values("ADY")
    base = rows[rows["ADY"] <= 1].groupby("USUBJID")["AVALC"].last()
    last = rows[rows["ADY"] > 1].groupby("USUBJID")["AVALC"].last()
    both = pd.concat([base.rename("base"), last.rename("last")], axis=1).dropna()
    turned = ((both["base"] == "positive") & (both["last"] == "negative")).sum()
    results = build("antibodies", chosen, View()).results
    assert cell(results, antibody="DAT", change="positive to negative", arm="All") == turned > 0
    assert results[(results["antibody"] == "DAT") & (results["arm"] == "All")]["n"].sum() == len(both)


def test_evans_syndrome_is_of_the_class_or_a_positive_coombs_test(chosen, randomised):
    positive = set(in_set(chosen, "DAT").query("ADY <= 1 and AVALC == 'positive'")["USUBJID"])
    named = set(chosen.study.adsl.query("ABCLASS == 'EVANS'")["USUBJID"])
    assert set(build("evans", chosen, View()).records["USUBJID"]) == positive | named
    assert build("evans", randomised, View()).empty.startswith("No participant with Evans syndrome")


def test_low_immunoglobulin_and_empty_b_cells_of_the_file(chosen):
    results = build("immunity", chosen, View()).results
    rows = in_set(chosen, "IGG").query("ABLFL == 'Y'")
    assert cell(results, measure="IGG", week=0, arm="All") == (rows["AVAL"] < rows["ANRLO"]).sum()
    assert cell(results, measure="CD19", week=26, arm="TPO-RA+aCD20") > 10
    assert cell(results, measure="CD19", week=0, arm="All") == 0


def test_the_pooled_view_says_what_it_does_not_show(derived):
    pooled = derived("nct04915482", view="pooled")
    assert build("antibodies", pooled, View()).empty.endswith("are not shown in the pooled view.")
    immunity = build("immunity", pooled, View())
    assert set(immunity.results["measure"]) == {"IGG"}
    assert "B cells are not shown in the pooled view." in immunity.footnotes
    assert "CD19" not in parameter_choices(pooled)
    assert build("liver", pooled, View()).results["arm"].unique().tolist() == ["All"]


@pytest.mark.parametrize(
    "output_id",
    ["laboratory_grades", "laboratory_range", "laboratory_shift", "liver", "antibodies", "immunity"],
)
def test_a_file_holds_no_small_cell_and_nothing_that_gives_one_back(chosen, output_id):
    whole = build(output_id, chosen, View())
    file = for_file(whole)
    assert file.table.shape == whole.table.shape and (file.table == NOT_SHOWN).any().any()
    n = pd.to_numeric(file.results["n"], errors="coerce")
    assert not n.between(1, 4).any()
    named = [name for name in file.results if name in KEYS]
    for _, rows in file.results.assign(left=n.isna(), whole=whole.results["n"]).groupby(named):
        alone = rows[rows["left"]]  # the difference of the sum and the other arm would be a small cell
        assert len(alone) != 1 or not 1 <= alone["whole"].iloc[0] <= 4


def test_a_filter_and_an_empty_arm_change_nothing_but_the_numbers(chosen):
    alone = derive(
        dataclasses.replace(chosen.study, adsl=chosen.study.adsl.assign(TRT01P="BAT", TRT01A="BAT"))
    )
    for output_id in ("laboratory_course", "laboratory_grades", "liver", "evans", "immunity"):
        output = build(output_id, alone, View())
        assert not output.empty
        output.figure and output.figure("light", True)
        assert len(build(output_id, chosen, WOMEN).records) < len(build(output_id, chosen, View()).records)


def test_markup_of_a_unit_stays_text(chosen):
    marked = changed(chosen, AVALU=lambda f: f["AVALU"].where(f["PARAMCD"] != "ALT", "<b>x</b>"))
    figure = build("laboratory_course", marked, View(), parameter="ALT (<b>x</b>)").figure("light", False)
    titles = [note.text for note in figure.layout.annotations if "aminotransferase" in note.text]
    assert titles and all("&lt;b&gt;" in text for text in titles)
