"""Lines over the weeks of treatment, one per arm: mature and immature stretches, rows of n, labels at the end."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from charts.format import escaped, fixed, rate, text_width, weeks, wrapped
from charts.layout import PHONE_TICKS, WEEK_TICKS, bold, note, pixel_axis, spread, week_ticks
from charts.theme import Look, with_opacity

END_MARGIN, PHONE_END_MARGIN = 186, 44
ROW_PITCH = 16


def arm_lines(
    frame: pd.DataFrame,
    styles: Sequence[dict],
    *,
    n_column: str,
    enrolled: Mapping[str, int] | None,
    factor: float = 1,
    dodge: float = 0,
) -> list[dict]:
    """One dict per arm that has values: its style with x y low high n time and `mature` per visit.

    From the first visit with fewer than half of the arm on, a value is not mature. `factor` turns shares
    into percent; arms stand `dodge` weeks of 52 to the left and right of the visit.
    """
    lines = []
    longest = max(frame.loc[frame[n_column] > 0, "time"], default=52)
    for i, style in enumerate(styles):
        rows = frame[frame["arm"] == style["trt"]].sort_values("time")
        counted = rows[n_column].fillna(0).to_numpy()
        size = (enrolled or {}).get(style["trt"], counted.max() if len(counted) else 0)
        rows = rows.assign(mature=~np.maximum.accumulate(2 * counted < size))
        rows = rows[rows["estimate"].notna()]
        shift = dodge * longest / 52 * (2 * i - len(styles) + 1)
        limits = {
            name: factor * rows[column].to_numpy() if column in rows else np.full(len(rows), np.nan)
            for name, column in (("low", "conf_low"), ("high", "conf_high"))
        }
        lines.append(
            {
                **style,
                **limits,
                "time": rows["time"].to_numpy(dtype=float),
                "x": rows["time"].to_numpy(dtype=float) + shift,
                "y": factor * rows["estimate"].to_numpy(dtype=float),
                "n": rows[n_column].to_numpy(),
                "mature": rows["mature"].to_numpy(dtype=bool),
                "rows": rows,
            }
        )
    return lines


def line_traces(
    line: dict,
    look: Look,
    *,
    hover: Sequence[str],
    width: float = 3.2,
    markers: bool = True,
    intervals: bool = True,
    marker_size: float = 9,
    **axes,
) -> list[dict]:
    """Upright intervals, then the mature line, then the thin one with hollow markers."""
    split = int(line["mature"].sum())
    x, y, size = line["x"], line["y"], look.px(marker_size if markers else 0.1)
    common: dict[str, Any] = {
        "type": "scatter",
        "name": escaped(line["label"]),
        "hoverinfo": "text",
        "cliponaxis": False,
    }
    common |= axes | {"cliponaxis": False, "mode": "lines+markers", "unselected": {"marker": {"opacity": 1}}}
    shape = {"symbol": line["symbol"], "opacity": 1}
    traces = [_upright(line, look, axes)] if intervals else []
    traces.append(
        common
        | {
            "x": x[:split],
            "y": y[:split],
            "hovertext": list(hover[:split]),
            "line": {"color": line["colour"], "width": look.px(width), "dash": line["dash"]},
            "marker": shape
            | {"size": size, "color": line["colour"], "line": {"color": look.page, "width": 1}},
        }
    )
    if split < len(x):
        start = max(split - 1, 0)
        sizes = [0.0 if i < split else size for i in range(start, len(x))]
        rim = {"color": line["colour"], "width": look.px(1.4 if markers else 0)}
        traces.append(
            common
            | {
                "x": x[start:],
                "y": y[start:],
                "hovertext": list(hover[start:]),
                "line": {"color": line["colour"], "width": look.px(1.4), "dash": line["dash"]},
                "marker": shape | {"size": sizes, "color": look.page, "line": rim},
            }
        )
    return traces


def thin_line(line: dict, look: Look, *, hover: Sequence[str], **changes) -> dict:
    """A thin dotted line of the arm's colour, to lie behind its own."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": escaped(line["label"]),
        "x": line["x"],
        "y": line["y"],
        "line": {"color": line["colour"], "width": look.px(1.5), "dash": "2px,2px"} | changes,
        "hoverinfo": "text",
        "hovertext": list(hover),
        "cliponaxis": False,
    }


def _upright(line: dict, look: Look, axes: dict) -> dict:
    """Interval per visit as one trace of separate upright strokes."""
    gap = np.full(len(line["x"]), np.nan)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.column_stack([line["x"], line["x"], gap]).ravel(),
        "y": np.column_stack([line["low"], line["high"], gap]).ravel(),
        "hoverinfo": "skip",
        "line": {"color": with_opacity(line["colour"], 0.55), "width": look.px(1.5)},
        **axes,
    }


def n_rows(
    cells: Mapping[str, Mapping[float, float]],
    styles: Sequence[dict],
    ticks: Sequence[float],
    look: Look,
    *,
    header: str,
    top: float,
    plot: float,
    per_week: float = 1,
) -> dict:
    """Numbers under the axis, only at labelled ticks: `cells` is arm -> week -> n.

    Answers with the hidden axis "yaxis2", the text traces and the names right-aligned at the axis.
    """
    bottom = top + ROW_PITCH * (len(styles) + 1)
    digits = max((len(fixed(n)) for row in cells.values() for n in row.values()), default=1)
    ticks = spaced(ticks, (ticks[-1] - ticks[0]) / (26 if digits < 2 else 18 if digits == 2 else 15))
    traces, names = [], [(header, look.grey)]
    for i, style in enumerate(styles):
        row = cells.get(style["trt"], {})
        known = [week for week in ticks if week in row]
        names.append((escaped(style["short"]), style["text_colour"]))
        traces.append(
            {
                "type": "scatter",
                "mode": "text",
                "x": [week * per_week for week in known],
                "y": [top + ROW_PITCH * (i + 1.5)] * len(known),
                "text": [fixed(row[week]) for week in known],
                "textfont": {"size": look.px(13), "color": style["text_colour"]},
                "unselected": {"textfont": {"color": style["text_colour"]}},
                "hoverinfo": "skip",
                "cliponaxis": False,
                "yaxis": "y2",
            }
        )
    notes = [
        note(text, look, x=0, y=top + ROW_PITCH * (i + 0.5), yref="y2", anchor=("right", "middle"),
             shift=(-14, 1), colour=colour)
        for i, (text, colour) in enumerate(names)
    ]  # fmt: skip
    return {"axis": pixel_axis(top, bottom, plot), "traces": traces, "notes": notes, "bottom": bottom}


def spaced(ticks: Sequence[float], nearest: float) -> list[float]:
    """The ticks from the left that keep this distance; their numbers never run into each other."""
    kept = [ticks[0]]
    for tick in ticks[1:]:
        if tick - kept[-1] >= nearest * 0.999:
            kept.append(tick)
    return kept


def cells_of(frame: pd.DataFrame, n_column: str) -> dict[str, dict[float, float]]:
    """arm -> week -> n, without the visits at which nobody was counted."""
    counted = frame[frame[n_column].fillna(0) > 0]
    return {
        str(arm): dict(zip(rows["time"].astype(float), rows[n_column], strict=True))
        for arm, rows in counted.groupby("arm")
    }


def ticks_for(frame: pd.DataFrame, *, compact: bool, n_column: str = "n") -> list[float]:
    """The labelled weeks: never so many that the rows of n run into each other."""
    frame = frame[frame[n_column] > 0]
    most = 26
    if compact:
        most = 9 if frame[n_column].max() < 100 else 7
    return week_ticks(frame["time"].tolist(), PHONE_TICKS if compact else WEEK_TICKS, most=most)


def names_margin(styles: Sequence[dict], header: str, least: float, most: float = 150) -> float:
    """The left margin that the row names need."""
    names = [text_width(style["short"], 13) for style in styles]
    return min(most, max(least, *names, text_width(header, 13)) + 18)


def end_labels(
    lines: Sequence[dict],
    look: Look,
    *,
    words: Callable[[dict, int], str],
    height: Callable[[float], float],
    week: float | None,
    total: float,
    panel: float,
    compact: bool = False,
) -> list[dict]:
    """A label per arm at the height of its last mature value, pushed apart where they would touch.

    `words(line, i)` says the value with that index in the second line; `height(value)` is pixels from the
    top of the panel. On a phone the words stand alone.
    """
    found = [(line, labelled(line, week)) for line in lines if len(line["y"])]
    texts = [bold(words(line, i)) for line, i in found]
    if not compact:
        texts = [bold(wrapped(line["label"], 22)) + "<br>" + words(line, i) for line, i in found]
    sizes = [18.0 * (text.count("<br>") + 1) for text in texts]
    wanted = [height(line["y"][i]) for line, i in found]
    centres = spread(wanted, sizes, low=-16, high=panel + 10, gap=3)
    place: dict[str, Any] = {"shift": (6, 0), "size": 13} if compact else {"shift": (10, 0), "size": 14}
    return [
        note(text, look, x=1, y=1 - centre / total, colour=line["text_colour"], **place)
        for (line, _), text, centre in zip(found, texts, centres, strict=True)
    ]


def labelled(line: dict, week: float | None) -> int:
    """Which value a label gives: that of the week, else of the last mature visit, else the last."""
    at = np.flatnonzero(line["time"] == (math.nan if week is None else week))
    mature = np.flatnonzero(line["mature"])
    if len(at):
        return int(at[0])
    return int(mature[-1]) if len(mature) else len(line["y"]) - 1


def common_week(lines: Sequence[dict]) -> float | None:
    """The last visit that is mature in every arm with values: labels of arms are read against each other."""
    mature = [set(line["time"][line["mature"]]) for line in lines if len(line["y"])]
    return max(set.intersection(*mature), default=None) if mature else None


def last_week(frame: pd.DataFrame, n_column: str) -> float:
    """The last visit at which anybody was counted; week 4 at least."""
    return max([4.0, *frame.loc[frame[n_column] > 0, "time"]])


def rate_words(line: dict, i: int) -> str:
    """The rate at a visit: "74%", of fewer than ten "6 of 9"."""
    row = line["rows"].iloc[i]
    return rate(row["n"], row["N"])


def immature_bar(
    lines: Sequence[dict], look: Look, *, y: float, last: float, words: str
) -> tuple[list, list]:
    """The bar above the visits with fewer than half of an arm, as (notes, shapes); y in paper units."""
    starts = [line["time"][~line["mature"]].min() for line in lines if (~line["mature"]).any()]
    if not starts:
        return [], []
    first = min(starts)
    bar = {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": first - 0.8 if first < last else last - 3,
        "x1": last,
        "y0": y,
        "y1": y,
        "line": {"color": look.axis, "width": 1},
    }
    return [
        note(
            words,
            look,
            x=last,
            y=y,
            xref="x",
            anchor=("right", "bottom"),
            shift=(0, 3),
            size=12,
            colour=look.faint,
        )
    ], [bar]


def week_words(week: float) -> str:
    return f"week {weeks(week)}"
