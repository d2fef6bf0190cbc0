"""Adverse events term by term: the share of each arm as a dot, and beside it the difference with its interval."""

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, of, percent, points, shortened, text_width, wrapped
from charts.layout import NARROWEST, PHONE, bold, figure, note, percent_ticks, pixel_axis, rule, x_axis
from charts.theme import Look, arm_styles, look_of

ROW, PHONE_ROW, LINE = 28, 46, 18
NAMES = 264
COUNT = 0.1  # of the width, for the counts of one arm
SIGNS = {"circle": "●", "diamond": "◆", "square": "■"}


def term_rows_figure(
    rows: pd.DataFrame,
    differences: pd.DataFrame,
    arms: Iterable,
    *,
    compared: tuple[str, str],
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """A row per term: shares by arm on the left, their n, experimental minus control in points on the right.

    `rows`: one row per term and arm in the order from the top: soc term name arm n N. `differences`: soc term estimate
    conf_low conf_high (shares of 1), none for a term without. `compared`: (experimental, control) in words. A click
    on a dot gives [soc, term, arm].
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    terms = list(rows[["soc", "term", "name"]].drop_duplicates().itertuples(index=False, name=None))
    N = {arm: int(most) for arm, most in rows.groupby("arm")["N"].max().items()}
    heads = _arm_heads(styles, N, compact)
    head, pitch = (
        (LINE * len(heads) + 12 if compact else LINE * len(heads) + 48),
        PHONE_ROW if compact else ROW,
    )
    at = {
        (soc, term): head + pitch * (i + (0.72 if compact else 0.5)) for i, (soc, term, _) in enumerate(terms)
    }
    plot = head + pitch * max(len(terms), 1) + 6
    most = max([100 * n / N for n, N in rows[["n", "N"]].itertuples(index=False) if N] + [10])
    reach = _reach(differences)
    left, right = (12, 14) if compact else (NAMES, 20)
    shares, counts = (
        ([0, 0.5], [0, 1])
        if compact
        else ([0, 0.56 - COUNT * len(styles)], [0.56 - COUNT * len(styles), 0.56])
    )
    axes = {
        "xaxis": _share_axis(look, most, shares),
        "xaxis2": _difference_axis(look, reach, compact),
        "xaxis3": x_axis(
            look, ticks=(), words=(), domain=counts, range=[0, max(len(styles), 1)], visible=False
        ),
        "yaxis": pixel_axis(0, plot, plot),
    }
    data = [_dots(rows[rows["arm"] == style["trt"]], at, style, look) for style in styles]
    data += [] if compact else [_counts(rows, at, place, style, look) for place, style in enumerate(styles)]
    data += [_intervals(differences, at, look), _squares(differences, at, compared, look)]
    notes = [
        *_names(terms, at, look, compact),
        *(_phone_counts(rows, at, styles, look) if compact else _count_heads(styles, N, head, look)),
        *_heads(heads, look, left, compact),
        *_sides(compared, reach, head, look, compact),
    ]
    shapes = [rule((0, 0), (head - 4, plot), colour=look.axis, xref="x2")]
    shapes += [rule((0, most * 1.08), (y, y), colour=look.grid) for y in at.values()]
    return figure(
        data, look, height=plot + 56, margin=(left, right, 4, 52), axes=axes, notes=notes, shapes=shapes
    )


def _reach(differences: pd.DataFrame) -> float:
    limits = differences[["estimate", "conf_low", "conf_high"]].abs().max().max() if len(differences) else 0.1
    return max(100 * float(limits) * 1.08, 10.0)


def _share_axis(look: Look, most: float, domain: Sequence[float]) -> dict:
    ticks = percent_ticks(most * 1.08)
    words = [f"{tick}%" if tick == ticks[-1] else str(tick) for tick in ticks]
    return x_axis(look, title="Participants with the event", ticks=ticks, words=words, domain=list(domain),
                  range=[-1, most * 1.08], showgrid=False)  # fmt: skip


def _difference_axis(look: Look, reach: float, compact: bool) -> dict:
    side = [tick for tick in percent_ticks(reach, 2 if compact else 5) if tick]
    ticks = [-tick for tick in reversed(side)] + [0, *side]
    title = "Difference, points" if compact else "Difference, percentage points"
    words = [fixed(tick) for tick in ticks]
    return x_axis(look, title=title, ticks=ticks, words=words, domain=[0.6 if compact else 0.58, 1],
                  range=[-reach, reach], anchor="y", showgrid=True)  # fmt: skip


def _dots(own: pd.DataFrame, at: dict, style: dict, look: Look) -> dict:
    drawn = own[own["N"] > 0]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": escaped(style["label"]),
        "x": [100 * n / N for n, N in drawn[["n", "N"]].itertuples(index=False)],
        "y": [at[key] for key in drawn[["soc", "term"]].itertuples(index=False, name=None)],
        "marker": {
            "symbol": style["symbol"],
            "size": look.px(11),
            "color": style["colour"],
            "line": {"color": look.page, "width": look.px(1.5)},
        },
        "customdata": [
            [soc, term, style["trt"]] for soc, term in drawn[["soc", "term"]].itertuples(index=False)
        ],
        "unselected": {"marker": {"opacity": 0.55}},
        "hoverinfo": "text",
        "hovertext": [
            f"{bold(escaped(style['label']))}<br>{wrapped(name, 40)}: {of(n, N)} ({percent(n / N, N)})"
            "<br>click to list them"
            for name, n, N in drawn[["name", "n", "N"]].itertuples(index=False)
        ],
        "cliponaxis": False,
    }


def _intervals(differences: pd.DataFrame, at: dict, look: Look) -> dict:
    x: list[float | None] = []
    y: list[float | None] = []
    for soc, term, low, high in differences[["soc", "term", "conf_low", "conf_high"]].itertuples(index=False):
        x += [100 * low, 100 * high, None]
        y += [at[soc, term]] * 2 + [None]
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "xaxis": "x2", "hoverinfo": "skip",
            "line": {"color": look.ink, "width": look.px(2)}}  # fmt: skip


def _squares(differences: pd.DataFrame, at: dict, compared: tuple[str, str], look: Look) -> dict:
    hover = []
    for row in differences.itertuples():
        point, low, high = points(row.estimate, row.conf_low, row.conf_high)
        hover.append(
            f"{escaped(compared[0])} − {escaped(compared[1])}<br>{point} points, 95% CI {low} to {high}"
        )
    return {
        "type": "scatter",
        "mode": "markers",
        "x": 100 * differences["estimate"],
        "y": [at[key] for key in differences[["soc", "term"]].itertuples(index=False, name=None)],
        "xaxis": "x2",
        "marker": {"symbol": "square", "size": look.px(9), "color": look.text},
        "hoverinfo": "text",
        "hovertext": hover,
        "cliponaxis": False,
    }


def _counts(rows: pd.DataFrame, at: dict, place: int, style: dict, look: Look) -> dict:
    """The participants of one arm with each term, between shares and differences."""
    own = rows[rows["arm"] == style["trt"]]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [place + 0.5] * len(own),
        "y": [at[key] for key in own[["soc", "term"]].itertuples(index=False, name=None)],
        "xaxis": "x3",
        "text": [fixed(n) for n in own["n"]],
        "textfont": {"size": look.px(13), "color": style["text_colour"]},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def _count_heads(styles: Sequence[dict], N: dict, head: float, look: Look) -> list[dict]:
    """The mark of each arm and "of 61" over its counts."""
    return [
        note(f"{_sign(style)}<br>of {fixed(N.get(style['trt'], 0))}", look, x=place + 0.5, xref="x3", y=head - 4,
             yref="y", anchor=("center", "bottom"), size=12, colour=style["text_colour"])
        for place, style in enumerate(styles)
    ]  # fmt: skip


def _phone_counts(rows: pd.DataFrame, at: dict, styles: Sequence[dict], look: Look) -> list[dict]:
    """The counts of the arms at the right end of the line with the term."""
    colours = {style["trt"]: style["text_colour"] for style in styles}
    notes = []
    for key, own in rows[rows["arm"].isin(colours)].groupby(["soc", "term"], sort=False):
        n = dict(own[["arm", "n"]].itertuples(index=False, name=None))
        words = [f'<span style="color:{colours[arm]}">{fixed(n[arm])}</span>' for arm in colours if arm in n]
        place: dict[str, Any] = {"x": 1, "y": at[key] - 18, "yref": "y"}
        notes.append(note("  ".join(words), look, anchor=("right", "middle"), **place))
    return notes


def _names(terms: Sequence[tuple], at: dict, look: Look, compact: bool) -> list[dict]:
    """The term left of its row; on a phone above it."""
    notes = []
    for soc, term, name in terms:
        if compact:
            words = escaped(shortened(name, PHONE - 110))
            notes.append(note(words, look, x=0, y=at[soc, term] - 18, yref="y", anchor=("left", "middle")))
        else:
            words = escaped(shortened(name, NAMES - 26))
            notes.append(
                note(words, look, x=0, y=at[soc, term], yref="y", anchor=("right", "middle"), shift=(-14, 0))
            )
    return notes


def _sign(style: dict) -> str:
    return SIGNS.get(style["symbol"], "●")


def _arm_heads(styles: Sequence[dict], N: dict, compact: bool) -> list[str]:
    """Lines that name the arms in their marks; on a phone, or where they are too long, a line for each."""
    names = [style["short"] if compact else style["label"] for style in styles]
    sizes = [f", n of {fixed(N.get(style['trt'], 0))}" if compact else "" for style in styles]
    words = [
        f'<span style="color:{style["text_colour"]}">{_sign(style)} {bold(escaped(name))}{size}</span>'
        for style, name, size in zip(styles, names, sizes, strict=True)
    ]
    wide = sum(text_width(name, 13, bold=True) + 40 for name in names)
    return words if compact or wide > NARROWEST - NAMES else ["\u2003".join(words)]


def _heads(lines: Sequence[str], look: Look, left: float, compact: bool) -> list[dict]:
    return [
        note(line, look, x=0, y=1, anchor=("left", "top"), shift=(0, -LINE * place))
        for place, line in enumerate(lines)
    ]


def _sides(compared: tuple[str, str], reach: float, head: float, look: Look, compact: bool) -> list[dict]:
    """Over the difference, on which side more of an arm had the event."""
    room = (PHONE if compact else NARROWEST) * 0.2
    words = [escaped(f"more with {shortened(name, room)}") for name in compared]
    return [
        note(
            words[place], look, x=x, xref="x2", y=head - 6 - above, yref="y", anchor=(side, "bottom"), size=12
        )
        for place, x, side, above in ((1, -reach, "left", 0), (0, reach, "right", 15))
    ]
