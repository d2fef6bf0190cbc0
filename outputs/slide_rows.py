"""Charts of a slide with an estimate per row: rates with their difference, forests, lists of estimates."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

import pandas as pd

from charts.balance import MARK
from charts.differences import named
from charts.format import of, percent_range, points, rate
from charts.theme import arm_styles
from outputs import wording
from outputs.slide_axis import percent_axis, points_axis, ratio_axis
from outputs.slide_chart import Axis, Chart, Panels, Row, Rows
from outputs.small_cells import NOT_SHOWN
from trialdata.definition import Arm

NAN = math.nan
NUMBERS = ("estimate", "conf_low", "conf_high")


def rates(
    rows: pd.DataFrame,
    differences: pd.DataFrame,
    arms: Sequence[Arm],
    title: str,
    *,
    unit: str = "due",
    difference_title: str = "Difference",
) -> Chart:
    """Each arm's rate and, on an axis of its own, each experimental arm minus control.

    `rows`: arm n N and the numbers of a rate; `differences`: comparison and its numbers; shares of 1. A rate that is
    not in a file has NaN.
    """
    left = Rows(percent_axis(title), tuple(rate_row(arm, of_arm(rows, arm), unit) for arm in arms))
    right = differences_from_control(differences, arms, difference_title)
    return Panels(left, right) if right.rows else left


def of_arm(rows: pd.DataFrame, arm: Arm) -> pd.Series | None:
    own = rows[rows["arm"] == arm.trt]
    return own.iloc[0] if len(own) else None


def rate_row(arm: Arm, row: pd.Series | None, unit: str) -> Row:
    """ "81% (63 to 92)" with "22 of 27 due" below the arm's name; of fewer than ten "3 of 7 (…)"."""
    if row is not None and (pd.isna(row["n"]) or pd.isna(row["N"])):
        return Row(arm.label, NOT_SHOWN, NAN, NAN, NAN, arm.trt)
    if row is None or not row["N"] or pd.isna(row["estimate"]):
        return Row(arm.label, f"nobody {unit}", NAN, NAN, NAN, arm.trt)
    n, N = int(row["n"]), int(row["N"])
    words = f"{rate(n, N)} ({percent_range(row['conf_low'], row['conf_high'], N)})"
    return Row(arm.label, words, *in_points(row), arm.trt, detail=f"{of(n, N)} {unit}".strip())


def in_points(row) -> tuple[float, float, float]:
    """Estimate and limits of a row of shares, in percent or percentage points."""
    estimate, low, high = (100 * float(row[name]) for name in NUMBERS)
    return estimate, low, high


def differences_from_control(differences: pd.DataFrame, arms: Sequence[Arm], title: str) -> Rows:
    """A row per experimental arm that can be compared, around no difference; several with a column `name`."""
    short = {style["trt"]: style["short"] for style in arm_styles(arms)}
    control = next((arm.trt for arm in arms if arm.role == "control"), "")
    pairs = {f"{arm.trt} - {control}": arm.trt for arm in arms if arm.role == "experimental"}
    every = differences if "name" in differences else differences.assign(name="")
    known = [
        row
        for _, row in every.iterrows()
        if row["comparison"] in pairs and (row["name"] or pd.notna(row["estimate"]))
    ]
    one = len(pairs) == 1
    rows = tuple(
        Row(
            named("" if one else f"{short[trt]} vs {short[control]}", row["name"]),
            wording.NOT_ESTIMABLE if pd.isna(row["estimate"]) else points_words(row, " points"),
            *in_points(row),
        )
        for row in known
        for trt in [pairs[row["comparison"]]]
    )
    axis = points_axis(
        f"{title}, percentage points",
        [number for row in rows for number in (row.estimate, row.low, row.high)],
    )
    return Rows(axis, rows, 0.0, _favours(short, pairs, control))


def _favours(short: Mapping[str, str], pairs: Mapping[str, str], control: str) -> tuple[str, str]:
    """What lies on the sides of no difference; "experimental" stands for several arms."""
    if not control or not pairs:
        return "", ""
    experimental = short[next(iter(pairs.values()))] if len(pairs) == 1 else "experimental"
    return f"favours {short[control]}", f"favours {experimental}"


def points_words(row, unit: str = "") -> str:
    """ "24 (−0.3 to 46.5)", with a unit " points" after the estimate; it stands alone where it has no interval."""
    if pd.isna(row["conf_low"]) or pd.isna(row["conf_high"]):
        return f"{points(row['estimate'], *[row['estimate']] * 2)[0]}{unit}"
    estimate, low, high = points(*(row[name] for name in NUMBERS))
    return f"{estimate}{unit} ({low} to {high})"


def estimates(
    rows: pd.DataFrame,
    title: str,
    *,
    ratio: bool = False,
    sides: tuple[str, str] = ("", ""),
    axis: Callable[[list[float]], Axis] | None = None,
) -> Rows:
    """A list of estimates around no difference, as the figure of estimates takes them.

    `rows`: group label words leading and the numbers, in the unit of the axis; `axis` makes it from all numbers.
    """
    drawn = tuple(
        Row(row.label, row.words, *numbers(row), group=row.group, leading=bool(row.leading))
        for row in rows.itertuples()
    )
    found = [value for row in drawn for value in (row.estimate, row.low, row.high) if math.isfinite(value)]
    make = axis or (lambda limits: ratio_axis(title, limits) if ratio else points_axis(title, limits))
    return Rows(make(found), drawn, 1.0 if ratio else 0.0, sides)


def numbers(row, scale: float = 1) -> tuple[float, float, float]:
    """Estimate and limits of a row, 100 times them where they are shares; none of them without the estimate."""
    if pd.isna(row.estimate):
        return NAN, NAN, NAN
    return scale * float(row.estimate), scale * float(row.conf_low), scale * float(row.conf_high)


def forest(
    lines: pd.DataFrame,
    arms: Sequence[Arm],
    title: str,
    *,
    ratio: bool = False,
    less_is_better: bool = False,
) -> Rows:
    """The lines of a forest (outputs/forest.py): a group per column, "22 of 27 vs 16 of 28" below each level."""
    rows: list[Row] = []
    comparison, column = "", ""
    for line in lines.itertuples():
        if line.kind == "comparison":
            comparison, column = line.name, ""
        elif line.kind == "column":
            column = ", ".join(filter(None, [line.name, line.words]))
            rows += [_line(line, line.trouble, _group(comparison, column))] if line.trouble else []
        else:
            words = line.words or _forest_words(line, ratio=ratio)
            group = _group(comparison, column if line.kind == "level" else "")
            rows.append(_line(line, words, group, scale=1 if ratio else 100))
    drawn = [value for row in rows for value in (row.estimate, row.low, row.high)]
    axis = ratio_axis(title, drawn) if ratio else points_axis(title, drawn)
    return Rows(axis, tuple(rows), 1.0 if ratio else 0.0, _sides(lines, arms, less_is_better))


def _sides(lines: pd.DataFrame, arms: Sequence[Arm], less_is_better: bool) -> tuple[str, str]:
    """Whom an estimate on either side of no difference favours; several arms by their role."""
    short = {style["trt"]: style["short"] for style in arm_styles(arms)}
    names = [
        f"favours {short[found[0]] if len(found) == 1 else role}"
        for role in ("experimental", "control")
        for found in [lines[role].unique()]
        if len(found)
    ]
    if len(names) < 2:
        return "", ""
    return (names[0], names[1]) if less_is_better else (names[1], names[0])


def _group(comparison: str, column: str) -> str:
    return ": ".join(filter(None, [comparison, column]))


def _forest_words(line, *, ratio: bool) -> str:
    estimate, interval = wording.interval_text(line, scale="ratio" if ratio else "points")
    return f"{estimate.removesuffix(' points')} ({interval})" if interval else estimate


def _line(line, words: str, group: str, scale: float = 1) -> Row:
    """A line of the forest; one with words in place of an estimate has no numbers."""
    told = not line.words and line.kind in ("all", "level")
    scaled = numbers(line, scale) if told else (NAN, NAN, NAN)
    label = line.name if line.kind in ("all", "level") else ""
    detail = f"{line.counts1} vs {line.counts0}" if line.counts1 else ""
    return Row(label, words, *scaled, group=group, leading=line.kind == "all", detail=detail)


def of_arms(
    rows: pd.DataFrame,
    arms: Sequence[Arm],
    axis: Axis,
    words: Callable[..., str],
    *,
    group: Callable[..., str],
    detail: Callable[..., str] = lambda row: "",
    scale: float = 1,
) -> Rows:
    """A row per group and arm, in the arm's colour."""
    labels = {arm.trt: arm.label for arm in arms}
    return Rows(
        axis,
        tuple(
            Row(
                labels[row.arm],
                words(row),
                *numbers(row, scale),
                row.arm,
                group(row),
                detail=detail(row),
            )
            for row in rows.itertuples()
        ),
    )


def standardised(rows: Iterable[Row]) -> Rows:
    """Absolute standardised differences, and a line at 0.1."""
    drawn = tuple(rows)
    largest = max([0.3, *(row.estimate for row in drawn if math.isfinite(row.estimate))])
    title = f"Absolute standardised difference; line: {MARK:g}"
    return Rows(Axis(title, 0, math.ceil(10 * largest - 1e-9) / 10), drawn, MARK)


def size_row(
    label: str, value: float, *, arm: str = "", after: bool | None = None, hidden: bool = False
) -> Row:
    """One absolute standardised difference; before weighting it stands behind that after it."""
    said = wording.NOT_ESTIMABLE if pd.isna(value) else wording.fixed(abs(value), 2)
    words = said if after is None else f"{said} {'after' if after else 'before'}"
    words = NOT_SHOWN if hidden else words
    return Row(label, words, NAN if pd.isna(value) else abs(float(value)), NAN, NAN, arm, thin=after is False)
