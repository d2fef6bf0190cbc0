"""Figures of exposure: the relative dose by drug and arm, and the corticosteroid over the weeks."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from charts.format import IMMATURE_BELOW, escaped, fixed, of, percent, rate
from charts.layout import bold, figure, note, percent_axis, x_axis, y_axis
from charts.lines import (
    END_MARGIN,
    PHONE_END_MARGIN,
    ROW_PITCH,
    arm_lines,
    cells_of,
    common_week,
    end_labels,
    line_traces,
    n_rows,
    names_margin,
    ticks_for,
    week_words,
)
from charts.segments import draw_bars
from charts.theme import Look, StateStyle, arm_styles, look_of, with_opacity

SHADES = (0.12, 0.30, 0.58, 1.0)  # of ink, from the least to the full dose
PANEL, GAP = 170, 62
TITLES = (
    "On a corticosteroid, share of those followed",
    "Daily dose of those on one, mg of prednisone, median and quartiles",
)
PHONE_TITLES = (TITLES[0], "Those on one: mg of prednisone a day")


def relative_dose_figure(
    bands: pd.DataFrame,
    arms: Iterable,
    *,
    bands_named: Mapping[str, str],
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """One bar per drug and arm, 0 to 100% of those with a relative dose, a segment per band of it.

    `bands`: one row per arm, drug and band: arm drug band n N; `bands_named`: the bands from the least up, in words.
    customdata of a segment is ("drug, arm", band in words).
    """
    look = look_of(theme, scale)
    styles = {style["trt"]: style for style in arm_styles(arms, theme)}
    shades = _band_styles(bands_named, look)
    bars = [
        _dose_bar(rows, drug, styles[arm], bands_named)
        for (drug, arm), rows in bands.groupby(["drug", "arm"], sort=False)
    ]
    axis = x_axis(
        look,
        title="Share of the participants with a plan",
        ticks=(0, 25, 50, 75, 100),
        words=("0", "25", "50", "75", "100%"),
        range=[0, 100.5],
        anchor="y",
    )
    return draw_bars(bars, shades, 100.5, look, compact=compact, bracket=False, axis=axis)


def _band_styles(bands_named: Mapping[str, str], look: Look) -> dict[str, StateStyle]:
    dark_text, on_ink = look.text, look.page
    return {
        word: StateStyle(
            word,
            word,
            f"at {word}" if word[0].isdigit() else word,  # "1 at 50 to under 80%"
            with_opacity(look.ink, shade),
            on_ink if shade > 0.5 else dark_text,
        )
        for word, shade in zip(bands_named.values(), SHADES, strict=True)
    }


def _dose_bar(rows: pd.DataFrame, drug: str, style: dict, bands_named: Mapping[str, str]) -> dict:
    total, start = int(rows["n"].sum()), 0.0
    pieces, inside, hover = [], {}, {}
    for row in rows[rows["n"] > 0].itertuples():
        word, width = bands_named[str(row.band)], 100 * int(row.n) / total
        pieces.append({"state": word, "n": int(row.n), "start": start, "width": width})
        inside[word] = fixed(row.n)
        share = "" if total < IMMATURE_BELOW else f", {percent(row.n / total, total)}"
        hover[word] = f"{of(row.n, total)} of the planned dose{share}"
        start += width
    label = f"{drug}, {style['short']}"
    words = {
        "trt": f"{drug}, {style['trt']}",
        "label": label,
        "short": label,
        "below": f"{fixed(total)} with a plan",
    }
    return {**style, **words, "pieces": pieces, "due": total, "inside": inside, "hover": hover}


def steroid_figure(
    weeks: pd.DataFrame,
    arms: Iterable,
    *,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """Two panels over the weeks: the share on a corticosteroid, and the daily dose of those on one.

    `weeks`: one row per measure ("on a corticosteroid", "daily dose of those on one"), arm and visit: measure arm
    time (week) n N estimate conf_low conf_high; a dose in mg with its quartiles as limits. Under the axis stands N.
    customdata of a point of the share is (arm, week).
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    share, dose = (
        weeks[weeks["measure"] == name] for name in ("on a corticosteroid", "daily dose of those on one")
    )
    enrolled = share.groupby("arm")["N"].max().to_dict()
    upper = arm_lines(share, styles, n_column="N", enrolled=enrolled, factor=100)
    users = dose.groupby("arm")["N"].max().to_dict()
    lower = arm_lines(dose, styles, n_column="N", enrolled=users, dodge=0.3)
    ticks = ticks_for(share, compact=compact, n_column="N")
    second, start = PANEL + GAP, 2 * PANEL + GAP + 58
    plot = start + ROW_PITCH * (len(styles) + 1)
    rows = n_rows(cells_of(share, "N"), styles, ticks, look, header="Followed", top=start, plot=plot)
    last = max(ticks[-1], 1)
    axes = {
        "xaxis": x_axis(
            look, title="Week of treatment", ticks=ticks, words=[f"{tick:g}" for tick in ticks],
            range=[ticks[0] - last * 0.016, last * 1.016], anchor="y3",
        ),
        "yaxis": percent_axis(look, domain=[1 - PANEL / plot, 1]),
        "yaxis3": _dose_axis(lower, look, plot, second),
        "yaxis2": rows["axis"],
    }  # fmt: skip
    traces = [trace for line in upper for trace in _share_traces(line, look, compact)]
    traces += [trace for line in lower for trace in _dose_traces(line, look, compact)]
    titles = PHONE_TITLES if compact else TITLES
    notes = [
        note(words, look, x=0, y=1 - top / plot, anchor=("left", "bottom"), shift=(-38, 14))
        for words, top in zip(titles, (0, second), strict=True)
    ]
    notes += end_labels(
        upper, look, words=lambda line, i: _share_words(line, i, compact), week=common_week(upper),
        height=lambda value: PANEL * (101 - value) / 102, total=plot, panel=PANEL, compact=compact,
    )  # fmt: skip
    return figure(
        traces + rows["traces"],
        look,
        height=plot + 50,
        margin=(names_margin(styles, "Followed", 44), PHONE_END_MARGIN if compact else END_MARGIN, 44, 6),
        axes=axes,
        notes=notes + rows["notes"],
    )


def _dose_axis(lines: Sequence[dict], look: Look, plot: float, top: float) -> dict:
    """From 0 to a round number above the highest quartile."""
    highest = max(
        [1.0, *(value for line in lines for value in (*line["y"], *line["high"]) if value == value)]
    )
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 1e9) if highest <= 4 * step)
    ticks = [step * i for i in range(5) if step * (i - 1) < highest]
    return y_axis(
        look, ticks=ticks, words=[fixed(tick) for tick in ticks], showgrid=True,
        range=[-0.02 * ticks[-1], 1.02 * ticks[-1]], domain=[1 - (top + PANEL) / plot, 1 - top / plot],
    )  # fmt: skip


def _share_traces(line: dict, look: Look, compact: bool) -> list[dict]:
    hover = [
        f"{bold(escaped(line['label']))}<br>{week_words(week)}: {of(row.n, row.N)} followed on a corticosteroid"
        "<br>click to list them"
        for week, row in zip(line["time"], line["rows"].itertuples(), strict=True)
    ]
    width, size = (2.2, 5) if compact else (2.8, 7)
    drawn = line_traces(line, look, hover=hover, width=width, marker_size=size, intervals=False)
    points = [[line["trt"], week] for week in line["time"]]
    split = int(line["mature"].sum())
    for trace, own in zip(drawn, (points[:split], points[max(split - 1, 0) :]), strict=False):
        trace["customdata"] = own
    return drawn


def _dose_traces(line: dict, look: Look, compact: bool) -> list[dict]:
    hover = [
        f"{bold(escaped(line['label']))}<br>{week_words(week)}: median {fixed(row.estimate, 1)} mg a day, quartiles "
        f"{fixed(row.conf_low, 1)} to {fixed(row.conf_high, 1)}<br>{of(row.n, row.N)} with a known dose"
        for week, row in zip(line["time"], line["rows"].itertuples(), strict=True)
    ]
    width, size = (2.2, 5) if compact else (2.8, 7)
    return line_traces(line, look, hover=hover, width=width, marker_size=size, yaxis="y3")


def _share_words(line: dict, i: int, compact: bool) -> str:
    row = line["rows"].iloc[i]
    return rate(row["n"], row["N"]) + ("" if compact else f" at {week_words(line['time'][i])}")
