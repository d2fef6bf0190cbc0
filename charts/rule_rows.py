"""Rates and differences under several rules: a row per rule, the protocol's filled, every other one hollow."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.differences import difference_range, interval_bar
from charts.format import escaped, fixed, of, percent, percent_range, points, rate, text_width, wrapped
from charts.layout import NARROWEST, PHONE, bold, each, figure, note, pixel_axis, rule, sized, widest, x_axis
from charts.theme import Look, arm_styles, look_of

GLYPHS = {"circle": "●", "diamond": "◆", "square": "■"}
LABEL_MARGIN, WORDS_MARGIN = 262, 150
RATE_DOMAIN, DIFFERENCE_DOMAIN = (0, 0.54), (0.62, 1)
BETWEEN_ARMS, KEY_LINE = 15, 19


def rule_rows_figure(
    rates: pd.DataFrame,
    differences: pd.DataFrame,
    arms: Iterable,
    *,
    rules: Mapping[str, str],
    moved: Mapping[str, str],
    by_rule: bool = True,
    axis_title: str = "Response, 95% CI",
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """A row per rule: each arm's rate with its interval, and beside it each difference from control.

    `rates`: rule arm n N estimate conf_low conf_high; `differences`: rule comparison ("A - B") estimate conf_low
    conf_high; shares of 1. `rules` gives each rule its name, in order, the protocol's first; `moved` the words at
    its end. customdata of a rate is (rule, arm), without `by_rule` the arm alone. On a phone the difference stands
    in words.
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    rows = _rows(rates, differences, styles, rules, moved)
    if compact:
        return _stacked(rows, styles, look, axis_title, by_rule)
    compared = [style for style in styles if any(style["trt"] in row["differences"] for row in rows)]
    top = KEY_LINE * len(styles) + 14
    lines = max((_label(row).count("<br>") + 2 for row in rows), default=2)
    pitch = max(BETWEEN_ARMS * len(styles) + 22, 17 * lines + 8)
    heights = [top + pitch * (i + 0.5) for i in range(len(rows))]
    plot = top + pitch * max(len(rows), 1)
    axes = {
        "xaxis": _rate_axis(look, axis_title, list(RATE_DOMAIN) if compared else [0, 1]),
        "yaxis": pixel_axis(0, plot, plot),
    }
    traces = [_rate_trace(rows, heights, i, styles, look, by_rule) for i in range(len(styles))]
    shapes: list[dict] = []
    if compared:
        axes["xaxis2"] = _difference_axis(rows, look)
        traces += [
            _difference_trace(rows, heights, i, styles, look) for i, s in enumerate(styles) if s in compared
        ]
        shapes = [rule((0, 0), (top, plot), colour=look.axis, width=1.2, xref="x2")]
    notes = arm_key(styles, look) + [
        n for row, y in zip(rows, heights, strict=True) for n in _row_notes(row, y, look)
    ]
    margin = (LABEL_MARGIN, WORDS_MARGIN, 4, 50)
    return figure(traces, look, height=plot + 54, margin=margin, axes=axes, notes=notes, shapes=shapes)


def _rows(rates, differences, styles: Sequence[dict], rules, moved) -> list[dict]:
    """What is drawn and written for each rule: by arm its rate, by experimental arm its difference."""
    known = {(row.rule, row.arm): row for row in each(rates)}
    control = next((style["trt"] for style in styles if style["role"] == "control"), None)
    apart = {(row.rule, row.comparison): row for row in each(differences) if not math.isnan(row.estimate)}
    return [
        {
            "rule": name,
            "label": label,
            "moved": moved.get(name, ""),
            "filled": place == 0,
            "rates": {s["trt"]: known[name, s["trt"]] for s in styles if (name, s["trt"]) in known},
            "differences": {
                s["trt"]: apart[name, f"{s['trt']} - {control}"]
                for s in styles
                if (name, f"{s['trt']} - {control}") in apart
            },
        }
        for place, (name, label) in enumerate(rules.items())
    ]


def _rate_axis(look: Look, title: str, domain: list[float]) -> dict:
    words, ticks = ("0", "25", "50", "75", "100%"), (0, 25, 50, 75, 100)
    changes = {"range": [-1, 101], "showgrid": True, "anchor": "y", "domain": domain}
    return x_axis(look, title=escaped(title), ticks=ticks, words=words, **changes)


def _difference_axis(rows: Sequence[dict], look: Look) -> dict:
    limits = [100 * x for row in rows for d in row["differences"].values() for x in (d.conf_low, d.conf_high)]
    low, high, ticks = difference_range(limits)
    return x_axis(
        look,
        title="Difference, percentage points",
        ticks=ticks,
        words=[fixed(tick, signed=True) for tick in ticks],
        range=[low, high],
        showgrid=True,
        domain=list(DIFFERENCE_DOMAIN),
        anchor="y",
    )


def _rate_trace(rows, heights, place: int, styles: Sequence[dict], look: Look, by_rule: bool) -> dict:
    """The rates of one arm, one below the other."""
    style = styles[place]
    drawn = [
        (row, y + BETWEEN_ARMS * (place - (len(styles) - 1) / 2), row["rates"][style["trt"]])
        for row, y in zip(rows, heights, strict=True)
        if style["trt"] in row["rates"] and row["rates"][style["trt"]].N > 0
    ]
    hover = [
        f"{bold(escaped(style['label']))}<br>{escaped(row['label'])}<br>{of(r.n, r.N)} due: {percent(r.estimate, r.N)}"
        f"<br>95% CI {percent_range(r.conf_low, r.conf_high, r.N)}"
        for row, _, r in drawn
    ]
    clicked = [[row["rule"], style["trt"]] if by_rule else [style["trt"]] for row, _, _ in drawn]
    return _dots(drawn, style["colour"], style["symbol"], look) | {
        "name": escaped(style["label"]),
        "customdata": clicked,
        "hovertext": hover,
    }


def _difference_trace(rows, heights, place: int, styles: Sequence[dict], look: Look) -> dict:
    """The differences of one experimental arm, one below the other."""
    style, control = styles[place], next(s for s in styles if s["role"] == "control")
    compared = [s["trt"] for s in styles if s["role"] == "experimental"]
    shift = compared.index(style["trt"]) - (len(compared) - 1) / 2
    drawn = [
        (row, y + BETWEEN_ARMS * shift, row["differences"][style["trt"]])
        for row, y in zip(rows, heights, strict=True)
        if style["trt"] in row["differences"]
    ]
    names = f"{escaped(style['short'])} vs {escaped(control['short'])}"
    hover = [f"{bold(names)}<br>{escaped(row['label'])}<br>{_points(d)} points" for row, _, d in drawn]
    colour = look.text if len(compared) == 1 else style["colour"]
    return _dots(drawn, colour, "square", look) | {"name": names, "hovertext": hover, "xaxis": "x2"}


def _dots(drawn: Sequence[tuple], colour: str, symbol: str, look: Look) -> dict:
    """Markers with their intervals, filled for the protocol's rule."""
    x = [100 * number.estimate for _, _, number in drawn]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": x,
        "y": [y for _, y, _ in drawn],
        "hoverinfo": "text",
        "marker": {
            "symbol": symbol,
            "size": look.px(11),
            "color": [colour if row["filled"] else look.page for row, _, _ in drawn],
            "opacity": 1,
            "line": {"color": colour, "width": look.px(2)},
        },
        "error_x": interval_bar(0, 0, 0, colour, look)
        | {
            "array": [100 * d.conf_high - at for at, (_, _, d) in zip(x, drawn, strict=True)],
            "arrayminus": [at - 100 * d.conf_low for at, (_, _, d) in zip(x, drawn, strict=True)],
            "thickness": look.px(2),
        },
        "unselected": {"marker": {"opacity": 1}},
        "cliponaxis": False,
    }


def arm_key(styles: Sequence[dict], look: Look, room: float = NARROWEST) -> list[dict]:
    """Each arm's name behind its marker, one a line, above the rows."""
    return [
        note(
            f"{GLYPHS.get(style['symbol'], '●')} {bold(escaped(_fitting(style, room)))}",
            look,
            x=0,
            y=KEY_LINE * (place + 0.5),
            yref="y",
            size=14,
            colour=style["text_colour"],
        )
        for place, style in enumerate(styles)
    ]


def _fitting(style: dict, room: float) -> str:
    return style["label"] if widest([style["label"]], 14, bold=True) + 20 <= room else style["short"]


def _row_notes(row: dict, y: float, look: Look) -> list[dict]:
    """The rule and its rates left of the axis; difference and who moved right of it."""
    rates = sized(_rates_words(row), look, 13, look.grey)
    left: dict[str, Any] = {"x": 0, "y": y, "yref": "y", "anchor": ("right", "middle"), "shift": (-14, 0)}
    right = [_points(d) for d in row["differences"].values()] + ([row["moved"]] if row["moved"] else [])
    notes = [note(f"{bold(_label(row))}<br>{rates}", look, **left, size=14, colour=look.text)]
    if right:
        words = "<br>".join(escaped(line) for line in right)
        notes.append(note(words, look, x=1, y=y, yref="y", shift=(14, 0)))
    return notes


def _label(row: dict) -> str:
    return wrapped(row["label"], 36)


def _rates_words(row: dict) -> str:
    if all(r.N == 0 for r in row["rates"].values()):
        return "nobody due"
    return " vs ".join(rate(r.n, r.N) if r.N else "nobody due" for r in row["rates"].values())


def _points(difference) -> str:
    estimate, low, high = points(difference.estimate, difference.conf_low, difference.conf_high)
    return f"{estimate} ({low} to {high})"


def _stacked(rows, styles: Sequence[dict], look: Look, axis_title: str, by_rule: bool) -> go.Figure:
    """The phone variant: the words of each rule above its intervals, the difference among the words."""
    top = KEY_LINE * len(styles) + 10
    heights, notes, place = [], arm_key(styles, look, PHONE - 34), float(top)
    for row in rows:
        words = _phone_words(row, look)
        notes.append(note(words, look, x=0, y=place, yref="y", anchor=("left", "top"), colour=look.text))
        place += 18 * (words.count("<br>") + 1) + BETWEEN_ARMS * len(styles) / 2 + 8
        heights.append(place)
        place += BETWEEN_ARMS * len(styles) / 2 + 14
    plot = max(place, top + 20)
    traces = [_rate_trace(rows, heights, i, styles, look, by_rule) for i in range(len(styles))]
    axes = {"xaxis": _rate_axis(look, axis_title, [0, 1]), "yaxis": pixel_axis(0, plot, plot)}
    return figure(traces, look, height=plot + 54, margin=(16, 18, 4, 50), axes=axes, notes=notes)


def _phone_words(row: dict, look: Look) -> str:
    numbers = [_rates_words(row), *(f"difference {_points(d)}" for d in row["differences"].values())]
    lines: list[str] = []
    line = ""
    for part in [*numbers, *([row["moved"]] if row["moved"] else [])]:
        longer = f"{line} · {part}" if line else part
        fits = text_width(longer, 13) <= PHONE - 40
        lines, line = (lines, longer) if fits or not line else ([*lines, line], part)
    grey = "<br>".join(sized(escaped(words), look, 13, look.grey) for words in [*lines, line])
    return f"{bold(wrapped(row['label'], 38))}<br>{grey}"
