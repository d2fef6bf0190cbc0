"""Charts of a slide with a line per arm: over the visits, and curves over time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from charts.format import fixed, weeks
from charts.lines import arm_lines, cells_of, spaced, ticks_for
from charts.overview import date_ticks
from charts.survival import at_risk, curve_of, risk_ticks
from charts.theme import arm_styles
from outputs.slide_axis import percent_axis, week_axis
from outputs.slide_chart import Axis, Lines, Series
from trialdata.definition import Arm, Enrolment

MOST_TICKS = 18
THIN = "fewer than half"
CRUDE = "crude"
DAY_0 = pd.Timestamp(1899, 12, 30)  # of the days of a spreadsheet


def by_visit(
    rows: pd.DataFrame,
    arms: Sequence[Arm],
    y: Axis,
    *,
    sizes: Mapping[str, int] | None,
    counted: str = "n",
    header: str = "With a count",
    shares: bool = False,
    intervals: bool = True,
    thresholds: tuple[tuple[float, str], ...] = (),
) -> Lines:
    """A line per arm over the visits, thin from where fewer than half of the arm (`sizes`) are counted.

    `rows`: arm time (week) estimate conf_low conf_high, and `counted`, which stands below the axis under `header`;
    `shares`: the numbers are shares of 1.
    """
    lines = arm_lines(rows, arm_styles(arms), n_column=counted, enrolled=sizes, factor=100 if shares else 1)
    labelled = ticks_for(rows, compact=False, n_column=counted)
    ticks = spaced(labelled, (labelled[-1] - labelled[0]) / MOST_TICKS)
    series = tuple(part for line in lines for part in _stretches(line, intervals=intervals))
    below = _below(cells_of(rows, counted), lines, ticks, header)
    return Lines(week_axis(ticks, labelled[-1]), y, series, thresholds=thresholds, below=below)


def shares_by_visit(
    rows: pd.DataFrame,
    arms: Sequence[Arm],
    title: str,
    *,
    sizes: Mapping[str, int] | None,
    header: str = "Due",
    intervals: bool = True,
) -> Lines:
    """The same of shares of N, in percent."""
    y = percent_axis(title)
    return by_visit(rows, arms, y, sizes=sizes, counted="N", header=header, shares=True, intervals=intervals)


def with_crude(weighted: Lines, crude: pd.DataFrame, arms: Sequence[Arm]) -> Lines:
    """Weighted lines with the crude ones, thin, behind them; a visit without a crude number has none."""
    drawn = {each.arm for each in weighted.series}
    styles = [style for style in arm_styles(arms) if style["trt"] in drawn]
    lines = arm_lines(crude, styles, n_column="n", enrolled=None)
    behind = tuple(
        _series(line, slice(None), thin=CRUDE, intervals=False) for line in lines if len(line["x"])
    )
    return replace(weighted, series=(*behind, *weighted.series))


def _stretches(line: dict, *, intervals: bool) -> Iterator[Series]:
    """The mature part of an arm's line, then the thin one, which begins at the last mature visit."""
    split = int(line["mature"].sum())
    if split:
        yield _series(line, slice(0, split), intervals=intervals)
    if split < len(line["x"]):
        late = _series(line, slice(max(split - 1, 0), None), thin=THIN, intervals=intervals)
        yield _without_first_limits(late) if split else late


def _without_first_limits(late: Series) -> Series:
    """The visit that both parts share has its interval in the first."""
    if not late.low:
        return late
    return replace(late, low=(np.nan, *late.low[1:]), high=(np.nan, *late.high[1:]))


def _series(line: dict, part: slice, *, thin: str = "", intervals: bool = True) -> Series:
    limits = {name: _numbers(line[name][part]) for name in ("low", "high")} if intervals else {}
    known = any(np.isfinite(values).any() for values in limits.values())
    return Series(
        f"{line['label']}, {thin}" if thin else line["label"],
        _numbers(line["x"][part]),
        _numbers(line["y"][part]),
        **(limits if known else {}),
        arm=line["trt"],
        thin=bool(thin),
    )


def _numbers(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _below(
    cells: Mapping[str, Mapping[float, float]], lines: Sequence[dict], ticks: Sequence[float], header: str
) -> pd.DataFrame:
    """A row of numbers per arm, a column per labelled week."""
    rows = [
        [line["label"], *(fixed(row[week]) if week in row else "" for week in ticks)]
        for line in lines
        for row in [cells.get(line["trt"], {})]
    ]
    return pd.DataFrame(rows, columns=[header, *map(weeks, ticks)], dtype="str")


def curves(
    rows: pd.DataFrame,
    arms: Sequence[Arm],
    title: str,
    *,
    x_title: str = "Weeks from first dose",
    rising: bool = False,
    crude: pd.DataFrame | None = None,
) -> Lines:
    """Curves in steps, in percent, with the numbers at risk below: survival (`rising`: 1 less it), or an incidence.

    `rows`: arm time (days) n_risk estimate conf_low conf_high. `crude`: the same without weights, drawn thin.
    """
    styles = arm_styles(arms)
    drawn = [
        curve for curve in (curve_of(rows, style, flipped=rising) for style in styles) if len(curve["x"])
    ]
    weighted = {curve["trt"] for curve in drawn}
    others = [
        curve_of(crude, style, flipped=rising)
        for style in styles
        if crude is not None and style["trt"] in weighted
    ]
    last = max([4.0, *(curve["x"][-1] for curve in drawn)])
    labelled = risk_ticks(last)
    ticks = spaced(labelled, (labelled[-1] - labelled[0]) / MOST_TICKS)
    at = {curve["trt"]: {tick: at_risk(curve, tick) for tick in ticks} for curve in drawn}
    x = week_axis(ticks, max(last, labelled[-1]), x_title)
    behind = (_series(curve, slice(None), thin=CRUDE, intervals=False) for curve in others)
    own = (_series(curve, slice(None)) for curve in drawn)
    series = tuple(each for each in (*behind, *own) if each.x)
    return Lines(x, percent_axis(title), series, steps=True, below=_below(at, drawn, ticks, "At risk"))


def by_month(months: pd.DataFrame, plan: Enrolment | None, planned: int | None) -> Lines:
    """Participants enrolled and due at the end of each month, and the plan behind them; x in a spreadsheet's days.

    `months`: month (its first day) enrolled due.
    """
    ends = pd.to_datetime(months["month"]) + pd.offsets.MonthEnd(0)
    x = _days(ends)
    series = [Series(name, x, _numbers(months[name.lower()].to_numpy())) for name in ("Enrolled", "Due")]
    dates = [*pd.to_datetime(months["month"]), *ends]
    if plan is not None and planned is not None:
        of_plan = [pd.Timestamp(plan.start), pd.Timestamp(plan.end)]
        series.insert(0, Series("Plan", _days(of_plan), (0.0, float(planned)), thin=True))
        dates += of_plan
    days, words = date_ticks(min(dates), max(dates))
    ticks = tuple(zip(_days(days), words, strict=True))
    low, high = _days([min(dates), max([*dates, *days])])
    return Lines(Axis("End of month", low, high, ticks), Axis("Participants", 0), tuple(series))


def _days(dates: Iterable[pd.Timestamp]) -> tuple[float, ...]:
    return tuple(float((date - DAY_0).days) for date in dates)
