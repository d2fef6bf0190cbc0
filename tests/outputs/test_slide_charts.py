"""The chart of every output for a slide: its numbers are those a file may hold, and they can be drawn."""

import dataclasses
import datetime
import math

import numpy as np
import pandas as pd
import pytest

from outputs.catalogue import CATALOGUE, build, option_names
from outputs.entry import EVERYTHING
from outputs.files import for_file
from outputs.output import Output, View
from outputs.slide_chart import (
    Axis,
    Bars,
    BarSeries,
    Flow,
    Grid,
    Lines,
    Panels,
    Points,
    Row,
    Rows,
    has_numbers,
)
from outputs.slide_rows import estimates, rates
from outputs.small_cells import NOT_SHOWN
from outputs.wording import percent, percent_interval
from trialdata.definition import Arm

WITHOUT = {  # a figure that a file may hold, and no chart of numbers: the slide carries the table
    "adverse_butterfly": "mirrored bars by term and grade, of which small cells leave too little",
    "adverse_volcano": "points that say nothing without the name of each term",
    "tipping_point": "a grid of cells",
    "tipping_strength": "contours, which are no numbers of the results",
}
MADE = {  # numbers that follow from results by more than a scale
    "enrolment": ("months", "plan"),
    "propensity_overlap": ("sums of a bin's rows",),
    "negative_controls": ("over the spread",),
}
THREE, ONE = "three arms", "one arm"
STUDIES = [
    ("nct07057778", None, ""),
    ("nct04915482", None, ""),
    ("nct04915482", datetime.date(2022, 3, 31), ""),
    ("nct07057778", None, "pooled"),
    ("nct07057778", None, THREE),
    ("nct07057778", None, ONE),
]
STATES = ("CR", "Y", "R", "NR", "N", "PENDING", "MISSING", "NOTDUE")


def with_arms(data, arms):
    definition = dataclasses.replace(data.definition, arms=arms)
    return dataclasses.replace(data, study=dataclasses.replace(data.study, definition=definition))


def three_arms(data):
    """Half of the experimental arm becomes an arm of its own."""
    first, control = data.definition.arms
    high = Arm("IGU - HIGH", "Iguratimod high", "experimental")
    moved = (data.adsl["TRT01P"] == first.trt) & (data.adsl.index % 2 == 0)
    adsl = data.adsl.assign(TRT01P=data.adsl["TRT01P"].mask(moved, high.trt))
    return with_arms(dataclasses.replace(data, adsl=adsl), (first, high, control))


def one_arm(data):
    first = data.definition.arms[0]
    adsl = data.adsl[data.adsl["TRT01P"] == first.trt]
    return with_arms(dataclasses.replace(data, adsl=adsl), (dataclasses.replace(first, role="single"),))


def shown_in(data) -> list[Output]:
    """Every output with a figure that may leave, as a file may hold it."""
    ids = [
        key for key, e in CATALOGUE.items() if e.leaving == EVERYTHING and "since" not in option_names(key)
    ]
    built = [build(key, data, View()) for key in ids]
    return [for_file(output) for output in built if output.figure is not None]


@pytest.fixture(scope="module", params=STUDIES, ids=str)
def shown(request, derived) -> list[Output]:
    name, cut, which = request.param
    data = derived(name, cut, view="pooled") if which == "pooled" else derived(name, cut)
    made = {THREE: three_arms, ONE: one_arm}.get(which, lambda same: same)
    return shown_in(made(data))


def charts(shown: list[Output]) -> list[tuple[Output, object]]:
    return [(output, output.chart()) for output in shown if output.chart is not None]


def rows_of(chart) -> list[Row]:
    if isinstance(chart, Panels):
        return [*chart.left.rows, *chart.right.rows]
    return list(chart.rows) if isinstance(chart, Rows) else []


def axes_of(chart) -> list[Axis]:
    if isinstance(chart, Panels):
        return [chart.left.x, chart.right.x]
    if isinstance(chart, Rows):
        return [chart.x]
    if isinstance(chart, Flow | Grid):
        return []
    return [chart.value] if isinstance(chart, Bars) else [chart.x, chart.y]


def test_every_figure_has_a_chart_or_a_reason(shown):
    for output in shown:
        if output.id in WITHOUT:
            assert output.chart is None, output.id
        elif output.chart is None and not output.empty:
            rates_of = output.results[output.results["measure"] == "rate"]
            assert rates_of["estimate"].isna().all(), output.id


def test_an_empty_output_has_no_chart_and_a_chart_is_not_empty(shown):
    for output in shown:
        assert output.chart is None or (not output.empty and has_numbers(output.chart())), output.id


def test_series_are_of_one_length_and_intervals_hold_their_value(shown):
    for output, chart in charts(shown):
        if isinstance(chart, Lines | Points):
            for each in chart.series:
                assert len(each.x) == len(each.y) > 0, output.id
                assert len(each.low) == len(each.high) in (0, len(each.y)), output.id
                assert all(math.isfinite(value) for value in (*each.x, *each.y)), output.id
                assert list(each.x) == sorted(each.x), output.id
                for y, low, high in zip(each.y, each.low, each.high, strict=False):
                    assert math.isnan(low) or low - 1e-9 <= y <= high + 1e-9, (output.id, each.name)
        if isinstance(chart, Bars):
            assert {len(each.values) for each in chart.series} == {len(chart.categories)}, output.id
            assert all(len(each.words) in (0, len(each.values)) for each in chart.series), output.id
        for row in rows_of(chart):
            assert math.isfinite(row.estimate) or row.words, output.id
            if math.isfinite(row.estimate) and not math.isnan(row.low):
                assert row.low - 1e-9 <= row.estimate <= row.high + 1e-9, (output.id, row)


def test_axes_hold_their_ticks_and_values(shown):
    for output, chart in charts(shown):
        for axis in axes_of(chart):
            assert axis.title, output.id
            low = -math.inf if axis.low is None else axis.low
            high = math.inf if axis.high is None else axis.high
            assert low < high, output.id
            assert all(low - 1e-9 <= value <= high + 1e-9 for value, _ in axis.ticks), output.id
            assert not axis.log or low > 0, output.id
        if isinstance(chart, Lines):
            every = [value for each in chart.series for value in each.x]
            assert chart.x.low <= min(every) and max(every) <= chart.x.high, output.id
            assert chart.below.empty or len(chart.below.columns) == len(chart.x.ticks) + 1, output.id


def test_arms_are_those_of_the_output(shown):
    for output, chart in charts(shown):
        known = {arm.trt for arm in output.arms} | {""}
        if isinstance(chart, Flow):
            assert {box.arm for box in chart.boxes} <= known, output.id
        if isinstance(chart, Grid):
            assert {panel.arm for panel in chart.panels} <= known, output.id
        assert {row.arm for row in rows_of(chart)} <= known, output.id
        if isinstance(chart, Lines | Points):
            assert {each.arm for each in chart.series} <= known, output.id
            assert len({each.name for each in chart.series}) == len(chart.series), output.id
        if isinstance(chart, Bars):
            fills = {each.fill for each in chart.series} - known - set(STATES)
            assert all(0 <= float(fill) <= 1 for fill in fills), output.id


def test_every_number_is_one_of_the_results_of_a_file(shown):
    for output, chart in charts(shown):
        if output.id in MADE:
            continue
        known = read_from(output.results)
        for value in values_of(chart):
            assert np.isclose(known, value, rtol=1e-9, atol=1e-9).any(), (output.id, value)


def read_from(results: pd.DataFrame) -> np.ndarray:
    """The numbers of results, and as they are read: percent, 1 less a share, weeks of days, size, what is left of N."""
    columns = [results[name] for name in results if pd.api.types.is_numeric_dtype(results[name])]
    plain = pd.concat(columns).astype(float).dropna().to_numpy()
    counted = results.reindex(columns=["n", "N"]).astype(float)
    left = (counted["N"] - counted["n"]).dropna().to_numpy()
    return np.concatenate([plain, 100 * plain, 100 * (1 - plain), plain / 7, abs(plain), left, [0.0]])


def values_of(chart) -> list[float]:
    if isinstance(chart, Lines | Points):
        found = [v for each in chart.series for part in (each.x, each.y, each.low, each.high) for v in part]
    elif isinstance(chart, Bars):
        found = [v for each in chart.series if each.name.lower() != NOT_SHOWN for v in each.values]
    elif isinstance(chart, Flow):
        found = [line.n for box in chart.boxes for line in box.lines]
    elif isinstance(chart, Grid):
        found = [*chart.counts]
    else:
        found = [v for row in rows_of(chart) for v in (row.estimate, row.low, row.high)]
    return [value for value in found if math.isfinite(value)]


# by hand ----------------------------------------------------------------------------------------------------------


def test_rates_read_as_their_table(derived):
    output = build("response_rates", derived("nct04915482"), View())
    chart = output.chart()
    assert isinstance(chart, Panels)
    for row, cells in zip(chart.left.rows, output.table.to_dict("records"), strict=True):
        n, N = int(cells["Responders"]), int(cells["Due"])
        assert (row.label, row.detail) == (cells["Arm"], f"{n} of {N} due")
        assert row.estimate == pytest.approx(100 * n / N)
        z = 1.959963984540054  # Wilson 1927, by hand
        middle, half = (n + z * z / 2) / (N + z * z), z * math.sqrt(n * (N - n) / N + z * z / 4) / (N + z * z)
        assert (row.low, row.high) == pytest.approx((100 * (middle - half), 100 * (middle + half)))
        assert row.words == f"{percent(n / N, N)} ({percent_interval(middle - half, middle + half, N)})"
    (difference,) = chart.right.rows
    assert difference.estimate == pytest.approx(chart.left.rows[0].estimate - chart.left.rows[1].estimate)
    assert chart.right.x.title == "Crude difference, percentage points"
    assert chart.right.sides == ("favours BAT", "favours TPO-RA+aCD20")


def test_states_add_up_to_the_arms(derived):
    data = derived("nct07057778", datetime.date(2026, 3, 31))
    output = build("standing", data, View())
    chart = output.chart()
    sizes = data.adsl[data.adsl["FASFL"] == "Y"]["TRT01P"].value_counts()
    for place, arm in enumerate(output.arms):
        assert sum(part.values[place] for part in chart.series) == sizes[arm.trt]
        assert chart.categories[place] == f"{arm.label}, {sizes[arm.trt]}"
    for part in chart.series:
        cells = output.table.set_index("Participants").loc[part.name]
        assert [int(cells[arm.trt]) for arm in output.arms] == list(part.values)


def test_a_curve_is_level_until_the_median_of_its_table(derived):
    output = build("treatment_failure", derived("nct04915482"), View())
    chart = output.chart()
    control = next(each for each in chart.series if each.arm == "BAT")
    below = [week for week, y in zip(control.x, control.y, strict=True) if y <= 50]
    told = output.table.set_index("Measure (95% CI)").iloc[0]["Best available therapy"]
    assert told.startswith(f"{below[0]:.1f} (")
    assert chart.steps and chart.below.iloc[1, 0] == "Best available therapy"
    assert chart.below.iloc[1]["0"] == "38"


def test_the_course_is_thin_where_few_are_seen(derived):
    data = derived("nct07057778", datetime.date(2026, 3, 31))
    output = build("platelet_course", data, View())
    chart = output.chart()
    results = output.results
    for arm in output.arms:
        size = (data.adsl[data.adsl["FASFL"] == "Y"]["TRT01P"] == arm.trt).sum()
        own = results[(results["arm"] == arm.trt) & results["estimate"].notna()].sort_values("time")
        first_few = own.loc[2 * own["n"] < size, "time"].min()
        parts = {each.thin: each for each in chart.series if each.arm == arm.trt}
        assert parts[False].x[-1] < first_few and parts[True].x[1] == first_few
        assert parts[True].x[0] == parts[False].x[-1] and math.isnan(parts[True].low[0])
    assert chart.y.log and [value for value, _ in chart.thresholds] == [30, 50, 100]


def test_enrolment_counts_months_as_a_spreadsheet_does(derived):
    output = build("enrolment", derived("nct04915482"), View())
    enrolled = next(each for each in output.chart().series if each.name == "Enrolled")
    assert enrolled.x[0] == 44377  # 30 June 2021
    assert list(enrolled.y) == [int(cell) for cell in output.table["Enrolled"]]


def test_cuts_stand_behind_each_other(derived):
    from analysis.cut_steps import compare_cuts

    now, then = derived("nct07057778"), derived("nct07057778", datetime.date(2026, 3, 31))
    output = for_file(build("cut_changes", now, View(), since=compare_cuts(then, now)))
    rows = rows_of(output.chart())
    known = read_from(output.results)
    assert {row.thin for row in rows} == {True, False}
    assert all(np.isclose(known, row.estimate).any() for row in rows if math.isfinite(row.estimate))
    assert all(
        a.label == b.label and a.thin and b.leading for a, b in zip(rows[::2], rows[1::2], strict=True)
    )


# small cells and small numbers ------------------------------------------------------------------------------------


def test_what_a_file_leaves_out_is_in_no_chart(derived, monkeypatch):
    monkeypatch.setenv("ITP_SMALLEST_CELL", "1000")
    for name in (
        "adverse_dots",
        "bleeding_by_visit",
        "adverse_periods",
        "haemoglobin_response",
        "autoantibody_classes",
    ):
        output = build(name, derived("nct04915482"), View())
        chart = output.chart()
        told = [row for row in rows_of(chart) if math.isfinite(row.estimate) and not row.leading]
        assert not told, name
        if isinstance(chart, Bars):
            shares = [v for part in chart.series if part.name != "Not shown" for v in part.values]
            assert not any(value > 0 for value in shares), name


def test_bars_with_parts_left_out_are_whole(derived):
    chart = build("bleeding_by_visit", derived("nct04915482"), View()).chart()
    for place in range(len(chart.categories)):
        assert np.nansum([part.values[place] for part in chart.series]) == pytest.approx(100)
    assert "Not shown" in {part.name for part in chart.series}


def test_fewer_than_ten_have_no_percent_and_nobody_has_no_number():
    arms = (Arm("A", "Drug A", "experimental"), Arm("B", "Drug B", "control"))
    rows = pd.DataFrame({"arm": ["A", "B"], "n": [3, 0], "N": [7, 0], "estimate": [3 / 7, math.nan],
                         "conf_low": [0.158, math.nan], "conf_high": [0.75, math.nan]})  # fmt: skip
    chart = rates(rows, pd.DataFrame({"comparison": [], "estimate": []}), arms, "Response")
    assert isinstance(chart, Rows)
    assert [row.words for row in chart.rows] == ["3 of 7 (16 to 75)", "nobody due"]
    assert chart.rows[0].detail == "3 of 7 due" and math.isnan(chart.rows[1].estimate)


def test_a_ratio_without_a_limit_keeps_its_axis():
    names = ["group", "label", "words", "estimate", "conf_low", "conf_high", "leading"]
    rows = pd.DataFrame([("", "All", "2.00", 2.0, 0.0, math.inf, True)], columns=names)
    chart = estimates(rows, "Ratio", ratio=True)
    assert chart.x.log and 0 < chart.x.low < 0.5 and 2 < chart.x.high < 10
    assert (chart.rows[0].low, chart.rows[0].high, chart.line) == (0.0, math.inf, 1.0)


def test_nothing_to_draw_is_no_chart():
    nan = math.nan
    assert not has_numbers(Rows(Axis("x"), (Row("A", "nobody due", nan, nan, nan),)))
    assert not has_numbers(Bars(("A",), (BarSeries("n", (nan,)),), Axis("n")))
    assert has_numbers(Rows(Axis("x"), (Row("A", "1", 1.0, nan, nan),)))


@pytest.mark.parametrize(
    ("summary", "spread"), [("median", "interquartile range"), ("mean", "95% interval")], ids=str
)
def test_the_line_of_a_platelet_slide_says_its_interval_once(derived, summary, spread):
    output = build("platelet_course", derived("nct07057778"), View(), summary=summary)
    said = output.detail.removesuffix(".")
    assert spread in said and output.subtitle.startswith(f"{said}. ")
    assert output.subtitle.count(spread) == 1
