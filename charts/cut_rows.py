"""Rates at two data cuts: a row per endpoint, each arm hollow at the earlier cut and filled at this one."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from charts.differences import interval_bar
from charts.format import escaped, of, percent, percent_range, rate, text_width, wrapped
from charts.layout import PHONE, bold, each, figure, note, pixel_axis, sized, x_axis
from charts.rule_rows import KEY_LINE, arm_key
from charts.theme import Look, arm_styles, look_of

LABEL_MARGIN, WORDS_MARGIN = 262, 150
BETWEEN_CUTS, BETWEEN_ARMS = 11, 30


def cut_rows_figure(
    rates: pd.DataFrame,
    arms: Iterable,
    *,
    endpoints: Mapping[str, str],
    cuts: tuple[str, str],
    moved: Mapping[str, str],
    axis_title: str = "Responders among the due, 95% CI",
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """`rates`: endpoint cut arm n N estimate conf_low conf_high, shares of 1; an arm of nobody has N 0 or no row.

    `endpoints` gives each endpoint its name, in order; `cuts` are the earlier cut and this one as `rates` names
    them and as they are shown; `moved` are the words at the end of a row. customdata of a mark is (name of the
    endpoint, arm).
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    rows = _rows(rates, styles, endpoints, cuts, moved)
    top = KEY_LINE * len(styles) + 16
    inside = BETWEEN_ARMS * (len(styles) - 1) + BETWEEN_CUTS
    if compact:
        places, plot = _phone_places(rows, top, inside)
        margin = (16, 18, 4, 50)
    else:
        pitch = max(inside + 34, 66)
        places = [(top + pitch * i, top + pitch * (i + 0.5)) for i in range(len(rows))]
        plot = top + pitch * max(len(rows), 1)
        margin = (LABEL_MARGIN, WORDS_MARGIN, 4, 50)
    traces, notes = [], arm_key(styles, look, *((PHONE - 34,) if compact else ()))
    for place, style in enumerate(styles):
        shift = BETWEEN_ARMS * (place - (len(styles) - 1) / 2)
        heights = [middle + shift for _, middle in places]
        traces += [_joined(rows, heights, style, look)]
        traces += [_marks(rows, heights, style, look, number) for number in (0, 1)]
    for row, (start, middle) in zip(rows, places, strict=True):
        notes += _phone_note(row, start, look) if compact else _row_notes(row, middle, look)
    axes = {"xaxis": _rate_axis(look, axis_title), "yaxis": pixel_axis(0, plot, plot)}
    return figure(traces, look, height=plot + 54, margin=margin, axes=axes, notes=notes)


def _rows(rates: pd.DataFrame, styles: Sequence[dict], endpoints, cuts: Sequence[str], moved) -> list[dict]:
    """What is drawn and written for each endpoint: by arm the rate at each cut, None where nobody is due."""
    known = {(row.endpoint, row.cut, row.arm): row for row in each(rates) if row.N > 0}
    return [
        {
            "label": label,
            "moved": moved.get(code, ""),
            "cuts": cuts,
            "rates": {s["trt"]: [known.get((code, cut, s["trt"])) for cut in cuts] for s in styles},
        }
        for code, label in endpoints.items()
    ]


def _phone_places(rows: Sequence[dict], top: float, inside: float) -> tuple[list[tuple[float, float]], float]:
    """Of each row where its words start and the middle of its marks; and the height of all."""
    places, place = [], float(top)
    for row in rows:
        words = 18 * (len(_phone_lines(row)) + wrapped(row["label"], 38).count("<br>") + 1)
        places.append((place, place + words + inside / 2 + 10))
        place += words + inside + 34
    return places, max(place, top + 20)


def _rate_axis(look: Look, title: str) -> dict:
    words, ticks = ("0", "25", "50", "75", "100%"), (0, 25, 50, 75, 100)
    return x_axis(
        look, title=escaped(title), ticks=ticks, words=words, range=[-1, 101], showgrid=True, anchor="y"
    )


def _height(middle: float, number: int) -> float:
    """The earlier cut above, this cut below."""
    return middle + BETWEEN_CUTS * (number - 0.5)


def _joined(rows: Sequence[dict], heights: Sequence[float], style: dict, look: Look) -> dict:
    """The way of each rate from the earlier cut to this one, joined with gaps."""
    x: list[float | None] = []
    y: list[float | None] = []
    for row, middle in zip(rows, heights, strict=True):
        then, now = row["rates"][style["trt"]]
        if then is not None and now is not None:
            x += [100 * then.estimate, 100 * now.estimate, None]
            y += [_height(middle, 0), _height(middle, 1), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": style["colour"], "width": look.px(1.2), "dash": "dot"},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _marks(rows: Sequence[dict], heights: Sequence[float], style: dict, look: Look, number: int) -> dict:
    """The rates of one arm at one cut: hollow and thin at the earlier, filled at this one."""
    drawn = [
        (row, _height(middle, number), row["rates"][style["trt"]][number])
        for row, middle in zip(rows, heights, strict=True)
        if row["rates"][style["trt"]][number] is not None
    ]
    x = [100 * r.estimate for _, _, r in drawn]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": escaped(style["label"]),
        "x": x,
        "y": [y for _, y, _ in drawn],
        "customdata": [[row["label"], style["trt"]] for row, _, _ in drawn],
        "hoverinfo": "text",
        "hovertext": [_hover(row, r, style, number) for row, _, r in drawn],
        "marker": {
            "symbol": style["symbol"],
            "size": look.px(11 if number else 9),
            "color": style["colour"] if number else look.page,
            "opacity": 1,
            "line": {"color": style["colour"], "width": look.px(2 if number else 1.6)},
        },
        "error_x": interval_bar(0, 0, 0, style["colour"], look)
        | {
            "array": [100 * r.conf_high - at for at, (_, _, r) in zip(x, drawn, strict=True)],
            "arrayminus": [at - 100 * r.conf_low for at, (_, _, r) in zip(x, drawn, strict=True)],
            "thickness": look.px(2.4 if number else 1.2),
        },
        "unselected": {"marker": {"opacity": 1}},
        "cliponaxis": False,
    }


def _hover(row: dict, r, style: dict, number: int) -> str:
    return (
        f"{bold(escaped(style['label']))}<br>{escaped(row['label'])}, {escaped(row['cuts'][number])}"
        f"<br>{of(r.n, r.N)} due: {percent(r.estimate, r.N)}"
        f"<br>95% CI {percent_range(r.conf_low, r.conf_high, r.N)}"
    )


def _rates_words(row: dict, number: int) -> str:
    rates = [of_arm[number] for of_arm in row["rates"].values()]
    if all(r is None for r in rates):
        return "nobody due"
    return " vs ".join("nobody due" if r is None else rate(r.n, r.N) for r in rates)


def _lines(row: dict) -> list[str]:
    """ "31 Dec 2026: 81% vs 57%", then the earlier cut."""
    return [f"{row['cuts'][number]}: {_rates_words(row, number)}" for number in (1, 0)]


def _row_notes(row: dict, y: float, look: Look) -> list[dict]:
    """Endpoint and rates left of the axis, who moved right of it."""
    lines = "<br>".join(sized(escaped(line), look, 13, look.grey) for line in _lines(row))
    words = f"{bold(wrapped(row['label'], 34))}<br>{lines}"
    left = note(
        words, look, x=0, y=y, yref="y", anchor=("right", "middle"), shift=(-14, 0), size=14, colour=look.text
    )
    right = note(wrapped(row["moved"], 22), look, x=1, y=y, yref="y", shift=(14, 0))
    return [left, right] if row["moved"] else [left]


def _phone_lines(row: dict) -> list[str]:
    """The rates, and who moved, in as few lines as fit."""
    lines = _lines(row)
    if not row["moved"]:
        return lines
    longer = f"{lines[-1]} · {row['moved']}"
    return [*lines[:-1], longer] if text_width(longer, 13) <= PHONE - 40 else [*lines, row["moved"]]


def _phone_note(row: dict, y: float, look: Look) -> list[dict]:
    lines = "<br>".join(sized(escaped(line), look, 13, look.grey) for line in _phone_lines(row))
    words = f"{bold(wrapped(row['label'], 38))}<br>{lines}"
    return [note(words, look, x=0, y=y, yref="y", anchor=("left", "top"), colour=look.text)]
