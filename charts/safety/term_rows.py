"""Adverse events term by term: the share of each arm as a dot, and beside it the difference with its interval."""

from collections.abc import Iterable, Sequence

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, of, percent, points, text_width, wrapped
from charts.layout import NARROWEST, PHONE, bold, figure, note, pixel_axis, rule, x_axis
from charts.theme import Look, arm_styles, look_of

ROW, PHONE_ROW, HEAD = 28, 46, 46
NAMES = 264


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
    """A row per term: shares by arm on the left, experimental minus control in points on the right.

    `rows`: one row per term and arm in the order from the top: soc term name arm n N. `differences`: soc term estimate
    conf_low conf_high (shares of 1), none for a term without. `compared`: (experimental, control) in words. A click
    on a dot gives [soc, term, arm].
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    terms = list(rows[["soc", "term", "name"]].drop_duplicates().itertuples(index=False, name=None))
    pitch = PHONE_ROW if compact else ROW
    at = {
        (soc, term): HEAD + pitch * (i + (0.72 if compact else 0.5)) for i, (soc, term, _) in enumerate(terms)
    }
    plot = HEAD + pitch * max(len(terms), 1) + 6
    most = max([100 * n / N for n, N in rows[["n", "N"]].itertuples(index=False) if N] + [10])
    reach = _reach(differences)
    left, right = (12, 14) if compact else (NAMES, 20)
    domains = ([0, 0.52], [0.58, 1]) if compact else ([0, 0.46], [0.54, 1])
    axes = {
        "xaxis": _share_axis(look, most, domains[0], compact),
        "xaxis2": _difference_axis(look, reach, domains[1], compact),
        "yaxis": pixel_axis(0, plot, plot),
    }
    data = [_dots(rows[rows["arm"] == style["trt"]], at, style, look) for style in styles]
    data += [_intervals(differences, at, look), _squares(differences, at, compared, look)]
    notes = [
        *_names(terms, at, pitch, look, compact),
        *_heads(styles, compared, reach, domains, look, compact),
    ]
    shapes = [rule((0, 0), (HEAD - 6, plot), colour=look.axis, xref="x2")]
    shapes += [rule((0, most * 1.08), (y, y), colour=look.grid) for y in at.values()]
    return figure(
        data, look, height=plot + 56, margin=(left, right, 4, 52), axes=axes, notes=notes, shapes=shapes
    )


def _reach(differences: pd.DataFrame) -> float:
    limits = differences[["estimate", "conf_low", "conf_high"]].abs().max().max() if len(differences) else 0.1
    return max(100 * float(limits) * 1.08, 10.0)


def percent_ticks(most: float, *, ticks: int = 5) -> list[int]:
    """0 and up to so many ticks more."""
    step = next(step for step in (5, 10, 20, 25, 50, 100) if most / step <= ticks)
    return list(range(0, int(most) + 1, step))


def _share_axis(look: Look, most: float, domain: Sequence[float], compact: bool) -> dict:
    ticks = percent_ticks(most * 1.08)
    words = [f"{tick}%" if tick == ticks[-1] else str(tick) for tick in ticks]
    title = "With the event" if compact else "Participants with the event"
    return x_axis(look, title=title, ticks=ticks, words=words, domain=list(domain),
                  range=[-1, most * 1.08], showgrid=False)  # fmt: skip


def _difference_axis(look: Look, reach: float, domain: Sequence[float], compact: bool) -> dict:
    side = [tick for tick in percent_ticks(reach, ticks=2 if compact else 5) if tick]
    ticks = [-tick for tick in reversed(side)] + [0, *side]
    title = "Difference, points" if compact else "Difference, percentage points"
    return x_axis(look, title=title, ticks=ticks, words=[fixed(tick) for tick in ticks],
                  domain=list(domain), range=[-reach, reach], anchor="y", showgrid=True)  # fmt: skip


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


def _names(terms: Sequence[tuple], at: dict, pitch: float, look: Look, compact: bool) -> list[dict]:
    """The term left of its row; on a phone above it."""
    notes = []
    for soc, term, name in terms:
        if compact:
            words = escaped(shortened(name, PHONE - 40))
            notes.append(note(words, look, x=0, y=at[soc, term] - 18, yref="y", anchor=("left", "middle")))
        else:
            words = escaped(shortened(name, NAMES - 26))
            notes.append(
                note(words, look, x=0, y=at[soc, term], yref="y", anchor=("right", "middle"), shift=(-14, 0))
            )
    return notes


def shortened(name: str, room: float) -> str:
    """A name that fits, else its beginning; the hover has the whole."""
    if text_width(name, 13) <= room:
        return name
    kept = name
    while kept and text_width(kept + "…", 13) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _heads(
    styles: Sequence[dict], compared: tuple[str, str], reach: float, domains, look: Look, compact: bool
) -> list[dict]:
    """The arms in their marks over the shares; over the difference, on which side more of an arm had the event."""
    signs = {"circle": "●", "diamond": "◆", "square": "■"}
    names = [
        f'<span style="color:{style["text_colour"]}">{signs.get(style["symbol"], "●")} '
        f"{bold(escaped(style['short'] if compact else style['label']))}</span>"
        for style in styles
    ]
    room = (PHONE if compact else NARROWEST) * 0.2
    sides = [f"more with {shortened(name, room)}" for name in compared]
    return [
        note(
            "<br>".join(names) if len(names) > 2 or compact else "   ".join(names),
            look,
            x=0,
            y=1,
            anchor=("left", "top"),
            size=13,
        ),
        note(
            escaped(sides[1]), look, x=-reach, xref="x2", y=1, anchor=("left", "top"), size=12, shift=(0, -14)
        ),
        note(
            escaped(sides[0]), look, x=reach, xref="x2", y=1, anchor=("right", "top"), size=12, shift=(0, 0)
        ),
    ]
