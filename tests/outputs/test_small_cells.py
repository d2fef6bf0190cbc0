"""Small cells leave no file, and nothing that is left gives one back."""

import dataclasses
import itertools
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.adam import derive
from outputs import small_cells
from outputs.catalogue import build
from outputs.cells_told import is_told
from outputs.files import for_file
from outputs.left_out import without_counts_left_out
from outputs.output import Output, View
from outputs.small_cells import NOT_SHOWN, Sum, footnote, hidden_cells, hidden_of, smallest_cell, suppressed
from reports.export import as_json

SMALLEST = 5


def table_sums(rows: int, columns: int) -> list[Sum]:
    """The sums of a table with a last row and a last column of totals; cells row by row."""
    at = lambda r, c: r * (columns + 1) + c  # noqa: E731
    of_rows = [Sum(tuple(at(r, c) for c in range(columns)), at(r, columns)) for r in range(rows + 1)]
    of_columns = [Sum(tuple(at(r, c) for r in range(rows)), at(rows, c)) for c in range(columns + 1)]
    return of_rows + of_columns


def with_totals(cells: np.ndarray) -> np.ndarray:
    wide = np.column_stack([cells, cells.sum(axis=1)])
    return np.vstack([wide, wide.sum(axis=0)])


def agreeing(count: np.ndarray, hidden: np.ndarray, sums: list[Sum], most: int) -> list[set[int]]:
    """By trying: every whole number each hidden cell can be, so that all sums still hold."""
    unknown = np.flatnonzero(hidden)
    seen: list[set[int]] = [set() for _ in count]
    for guess in itertools.product(range(most + 1), repeat=len(unknown)):
        tried = count.copy()
        tried[unknown] = guess
        if all(tried[list(s.parts)].sum() == (s.known if s.total is None else tried[s.total]) for s in sums):
            for cell, value in zip(unknown, guess, strict=True):
                seen[cell].add(value)
    return seen


@settings(max_examples=40, deadline=None)
@given(cells=st.lists(st.integers(0, 9), min_size=4, max_size=4).map(lambda c: np.array(c).reshape(2, 2)))
def test_no_small_cell_of_a_table_with_totals_can_be_solved(cells):
    count, sums = with_totals(cells).ravel(), table_sums(2, 2)
    hidden = hidden_cells(count, sums, smallest=SMALLEST)
    small = (count >= 1) & (count < SMALLEST)
    assert hidden[small].all()
    if hidden.sum() <= 4:  # more unknowns take too long to try, and are less known
        possible = agreeing(count, hidden, sums, most=int(count.max()))
        assert all(len(possible[cell]) > 1 for cell in np.flatnonzero(small))


@settings(max_examples=40, deadline=None)
@given(parts=st.lists(st.integers(0, 12), min_size=2, max_size=4))
def test_no_small_cell_of_a_column_can_be_solved_from_a_total_known_elsewhere(parts):
    count = np.array(parts)
    sums = [Sum(tuple(range(len(parts))), known=float(count.sum()))]
    hidden = hidden_cells(count, sums, smallest=SMALLEST)
    small = (count >= 1) & (count < SMALLEST)
    possible = agreeing(count, hidden, sums, most=int(count.sum()))
    assert all(len(possible[cell]) > 1 for cell in np.flatnonzero(small)) or hidden.all()
    if not small.any():
        assert not hidden.any()


def test_one_small_cell_takes_the_next_smallest_with_it():
    count = [3, 8, 20, 31]
    hidden = hidden_cells(count, [Sum((0, 1, 2), 3)], smallest=SMALLEST)
    assert hidden.tolist() == [True, True, False, False]


def test_two_small_cells_hide_each_other():
    assert hidden_cells([3, 2, 20, 25], [Sum((0, 1, 2), 3)], smallest=SMALLEST).tolist() == [
        True,
        True,
        False,
        False,
    ]


def test_zero_and_five_are_no_small_cells():
    assert not hidden_cells([0, 5, 20, 25], [Sum((0, 1, 2), 3)], smallest=SMALLEST).any()


@settings(max_examples=30, deadline=None)
@given(
    first=st.lists(st.integers(0, 9), min_size=2, max_size=3),
    second=st.lists(st.integers(0, 9), min_size=2, max_size=3),
)
def test_rows_that_share_no_sum_are_looked_at_apart(first, second):
    """Two rows of a table in turn, interleaved, are what each is alone."""

    lengths = len(first) + 1, len(second) + 1
    places = list(range(0, 2 * lengths[0], 2)), list(range(1, 2 * lengths[1], 2))
    count = np.zeros(2 * max(lengths))
    for parts, at in zip((first, second), places, strict=True):
        count[at] = [*parts, sum(parts)]
    together = hidden_cells(count, [Sum(tuple(at[:-1]), at[-1]) for at in places], smallest=SMALLEST)
    for parts, at in zip((first, second), places, strict=True):
        alone = hidden_cells(
            [*parts, sum(parts)], [Sum(tuple(range(len(parts))), len(parts))], smallest=SMALLEST
        )
        assert together[at].tolist() == alone.tolist()


def test_a_cell_that_cannot_be_kept_secret_leaves_the_others_protected():
    """The 3 is its own total and known elsewhere; 4 of 4, 20 and 24 are another row."""
    hidden = hidden_cells([3, 4, 20, 24], [Sum((0,), known=3.0), Sum((1, 2), 3)], smallest=SMALLEST)
    assert hidden.tolist() == [True, True, True, False]


def test_five_hundred_rows_are_no_slower_than_their_few_different_kinds(monkeypatch):
    asked = []
    monkeypatch.setattr(small_cells, "is_told", lambda *a: asked.append(1) or is_told(*a))
    small_cells._hidden_together.cache_clear()
    rows = [
        (term, arm, n)
        for term in range(500)
        for arm, n in zip("ABC*", (term % 3, 7, 9, 16 + term % 3), strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["term", "arm", "n"])
    hidden = hidden_of(frame, over={"arm": "*"}, within=("term",), counts=("n",), smallest=SMALLEST)
    assert hidden["n"].sum() == 2 * sum(1 for term in range(500) if term % 3)
    assert 0 < len(asked) < 20


def told_by_trying(cell, count, hidden, sums, bound) -> bool:
    """Whether every whole number of every hidden cell that agrees with all that is shown has the same one here."""
    unknown = np.flatnonzero(hidden)
    most = np.minimum(bound[unknown], 2 * count.sum()).astype(int)
    tried = np.stack([axis.ravel() for axis in np.meshgrid(*(np.arange(top + 1) for top in most))], axis=1)
    whole = np.tile(count, (len(tried), 1))
    whole[:, unknown] = tried
    agrees = np.ones(len(tried), bool)
    for each in sums:
        added = whole[:, list(each.parts)].sum(axis=1) - (
            whole[:, each.total] if each.total is not None else 0
        )
        agrees &= added == each.known
    return len(np.unique(whole[agrees, cell])) == 1


@pytest.mark.parametrize("seed", range(150))
def test_a_cell_is_told_where_trying_every_number_leaves_one(seed):
    random = np.random.default_rng(seed)
    first, second, third, fourth = random.integers(0, 4, 4)
    count = np.array([first, second, first + second, third, fourth, second + third], float)
    sums = [Sum((0, 1), 2), Sum((1, 3), 5), Sum((3, 4), known=float(third + fourth))]
    hidden = np.isin(np.arange(6), random.choice(6, size=3, replace=False))
    bound = np.where(random.random(6) < 0.5, count + random.integers(0, 2, 6), np.inf)
    for cell in np.flatnonzero(hidden & (count > 0)):
        assert is_told(cell, count, hidden, sums, bound) == told_by_trying(cell, count, hidden, sums, bound)


def test_everybody_in_both_arms_is_told_by_their_numbers():
    """3 of 3 and 40 of 40, 43 together: with both left out each can only be all; the total has to go too."""
    frame = pd.DataFrame({"arm": ["A", "B", "All"], "n": [3, 40, 43], "N": [3, 40, 43]})
    told = hidden_of(frame, over={"arm": "All"}, counts=("n",), at_most="N", smallest=SMALLEST)
    assert told["n"].all()


def test_a_count_beside_its_denominator_is_bounded_by_it():
    """Of 1 and 19 responders, 20 together: with 1 and 30 participants shown both could still be 0 or 1."""
    free = hidden_cells([1, 19], [Sum((0, 1), known=20.0)], smallest=SMALLEST)
    tight = hidden_cells([1, 6, 9], [Sum((0, 1, 2), known=16.0)], smallest=SMALLEST, at_most=[1, 6, 9])
    assert free.tolist() == [True, True]
    assert tight.all()  # 1 of 1 and 6 of 6 leave one answer: the third has to go too


def rates() -> pd.DataFrame:
    """Two arms in three strata, and all strata together."""
    cells = {("low", "A"): (2, 12), ("mid", "A"): (9, 20), ("high", "A"): (11, 30)}
    cells |= {("low", "B"): (6, 14), ("mid", "B"): (8, 21), ("high", "B"): (10, 4)}
    frame = pd.DataFrame([(s, a, n, N, n / N) for (s, a), (n, N) in cells.items()],
                         columns=["stratum", "arm", "n", "N", "estimate"])  # fmt: skip
    total = frame.groupby("arm")[["n", "N"]].sum().reset_index().assign(stratum="all")
    return pd.concat([frame, total.assign(estimate=total["n"] / total["N"])], ignore_index=True)


def test_a_rate_and_a_denominator_do_not_give_the_count_back():
    frame = rates()
    hidden = hidden_of(frame, over={"stratum": "all"}, within=("arm",), smallest=SMALLEST)
    kept = suppressed(frame, hidden, derived=("estimate",)).set_index(["stratum", "arm"])
    assert pd.isna(kept.loc[("low", "A"), "n"]) and np.isnan(kept.loc[("low", "A"), "estimate"])
    assert kept.loc[("low", "A"), "N"] == 12
    assert pd.isna(kept.loc[("mid", "A"), "n"])  # else 22 - 9 - 11 = 2
    assert kept.loc[("high", "A"), "n"] == 11 and kept.loc[("all", "A"), "n"] == 22
    assert pd.isna(kept.loc[("high", "B"), "N"]) and pd.isna(
        kept.loc[("low", "B"), "N"]
    )  # 4, and 39 - 21 - 4


def test_the_setting(monkeypatch):
    assert smallest_cell() == 5
    monkeypatch.setenv("ITP_SMALLEST_CELL", "11")
    assert smallest_cell() == 11
    monkeypatch.setenv("ITP_SMALLEST_CELL", "1")
    assert not hidden_of(rates(), over={"stratum": "all"}, within=("arm",)).any(axis=None)


def few_at_site(study, site: str, n: int):
    """The study with `n` participants at one site, the others of it at site 01."""
    here = study.adsl.index[study.adsl["SITEID"] == site]
    return dataclasses.replace(
        study, adsl=study.adsl.assign(SITEID=study.adsl["SITEID"].mask(study.adsl.index.isin(here[n:]), "01"))
    )


@pytest.fixture
def small_site(derived):
    study = derived("nct07057778").study
    site = sorted(set(study.adsl["SITEID"]))[-1]
    return derive(few_at_site(study, site, 2)), site


def test_sites_are_whole_on_the_page_and_without_small_cells_in_a_file(small_site):
    data, site = small_site
    output = build("sites", data, View())
    page, file = output.results.set_index("site"), for_file(output).results.set_index("site")
    assert page.loc[site, "n"] == 2 and pd.isna(file.loc[site, "n"])
    assert file["n"].isna().sum() >= 2  # a second site, or all participants less the others would be it
    assert for_file(output).table.set_index("Site").loc[site, "Participants"] == "not shown"
    assert "Left out of this file: counts from 1 to 4" in as_json(data, View(), output)


def test_the_days_of_a_small_site_are_not_shown_at_all(small_site):
    """With one participant they and the day of the last count are the day of the cut."""
    data, site = small_site
    output = build("sites", data, View())
    assert np.isnan(output.results.set_index("site").loc[site, "days"])
    assert output.table.set_index("Site").loc[site, "Days before the cut"] == "not shown"
    assert output.results["days"].notna().any()


def test_strata_without_small_cells_in_a_file(derived):
    """The earliest cut: few are due, so that some stratum has fewer than five."""
    data = derived("nct07057778", derived("nct07057778").study.cuts[1])
    output = build("stratified", data, View(), strata="SEX,STERFL")
    rates = output.results[output.results["measure"] == "rate"]
    small = rates[(rates["n"] >= 1) & (rates["n"] < 5)]
    assert len(small)
    file = for_file(output)
    assert file.results.loc[small.index, ["n", "estimate", "conf_low"]].isna().all(axis=None)
    strata = set(small["stratum"])
    compared = file.results[(file.results["measure"] == "difference") & file.results["stratum"].isin(strata)]
    assert compared[["estimate", "weight", "conf_high"]].isna().all(axis=None)
    assert (file.table[file.table["Stratum"].isin(strata)]["Difference"] == "not shown").all()
    common = file.results["stratum"] == "All strata"
    pd.testing.assert_series_equal(
        file.results.loc[common, "estimate"], output.results.loc[common, "estimate"]
    )


def test_a_subgroup_that_is_a_stratum_is_without_small_cells_in_a_file(derived):
    data = derived("nct07057778", derived("nct07057778").study.cuts[1])
    definition = data.study.definition.replace(strata=("SEX",))
    study = dataclasses.replace(data.study, definition=definition)
    few_men = study.adsl["USUBJID"].isin(study.adsl.loc[study.adsl["SEX"] == "M", "USUBJID"].iloc[8:])
    study = dataclasses.replace(study, adsl=study.adsl.assign(SEX=study.adsl["SEX"].mask(few_men, "F")))
    output = build("subgroups", derive(study), View())
    file = for_file(output)
    counts = output.results[(output.results["measure"] == "count") & (output.results["N"] > 0)]
    of_sex = counts[(counts["column"] == "SEX") & (counts["N"] < 5)]
    assert len(of_sex) and file.results.loc[of_sex.index, "N"].isna().all()
    others = counts.index[~counts["column"].isin(["SEX"])]
    pd.testing.assert_frame_equal(
        file.results.loc[others, ["n", "N", "estimate"]], output.results.loc[others, ["n", "N", "estimate"]]
    )
    assert "COLUMN" not in file.table


def test_nothing_changes_where_no_cell_is_small(derived):
    output = build("standing", derived("nct07057778"), View())
    assert for_file(output) is output


def test_no_sentence_tells_what_a_file_leaves_out():
    """Of 3 and 9, 12 together, a file has neither the 3 nor, since 12 is shown, the 9."""
    page = pd.DataFrame({"A": ["3 (30%)", "0.54"], "B": ["9 (45%)", "0.12"], "All": ["12 (40%)", ""]})
    file = pd.DataFrame(
        {"A": ["not shown", "not shown"], "B": ["not shown", "0.12"], "All": ["12 (40%)", ""]}
    )
    results = pd.DataFrame({"n": pd.array([None, None, 12], dtype="Int64")})
    output = Output(
        "x",
        "Title",
        headline="Rescued: 3 (30%) vs 9 (45%)",
        detail="Of all 12 (40%). In B 9 (45%). The largest is 0.54, the other 0.12.",
        alt="In A 3 of 10.",
        results=results,
        table=file,
    )
    told = without_counts_left_out(output, page)
    assert (told.headline, told.detail, told.alt) == ("Title", "Of all 12 (40%).", "Title")


def test_a_small_count_that_the_file_has_may_be_said():
    results = pd.DataFrame({"n": pd.array([3, 46], dtype="Int64")})
    output = Output("x", "Title", headline="Left the study: 3 of 46 participants", results=results)
    assert without_counts_left_out(output, pd.DataFrame()).headline == output.headline


@pytest.mark.parametrize("study", ["nct07057778", "nct04915482"])
def test_no_headline_holds_a_small_count_that_its_table_leaves_out(derived, study):
    data = derived(study)
    for output_id in ("laboratory_grades", "laboratory_shift", "liver", "rescue_use", "adverse_grades"):
        file = for_file(build(output_id, data, View(population="SAF")))
        if footnote() in file.footnotes:
            kept = set(file.results["n"].dropna().astype(int))
            said = f"{file.headline} {file.detail} {file.alt}"
            counts = {int(n) for n in re.findall(r"(?<![\d.])(\d+)(?= of| \()", said)}
            assert not (counts & {1, 2, 3, 4}) - kept, said


@pytest.mark.parametrize("study", ["nct07057778", "nct04915482"])
def test_a_standardised_difference_is_left_out_everywhere_alike(derived, study):
    """What the table of baseline characteristics leaves out, the figure of balance does not give."""
    data = derived(study)
    table, balance = (for_file(build(name, data, View())) for name in ("baseline_table", "baseline_balance"))
    apart = table.results[table.results["measure"] == "standardised difference"].set_index("variable")
    own = balance.results.set_index("variable")
    pd.testing.assert_series_equal(apart["estimate"], own["estimate"].reindex(apart.index))
    hidden = own.index[own["estimate"].isna()]
    assert len(hidden) and NOT_SHOWN in balance.table.to_csv()
    drawn = {row.label: row for row in balance.chart().rows}
    for variable in hidden:
        row = drawn[own.loc[variable, "label"]]
        assert np.isnan(row.estimate) and row.words == NOT_SHOWN


@pytest.mark.parametrize("output_id", ["bleeding_shift", "adverse_overview", "participant_flow"])
def test_where_no_count_is_small_nothing_is_said_to_be_left_out(derived, monkeypatch, output_id):
    monkeypatch.setenv("ITP_SMALLEST_CELL", "1")
    output = build(output_id, derived("nct07057778"), View("SAF", "OR1Y"))
    kept = for_file(output)
    assert kept.footnotes == output.footnotes and kept.headline == output.headline
