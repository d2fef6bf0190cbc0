"""Up to four participants side by side: platelets on one scale and one axis of days, with what happened below."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed
from charts.layout import bold, domain, figure, note, rule, sized, week_ticks, x_axis, y_axis
from charts.theme import Look, arm_styles, look_of

PANEL, EVENTS, GAP = 150, 56, 46
WEEKS = (0, 4, 8, 12, 16, 20, 26, 34, 42, 52, 65, 78, 91, 104)
THRESHOLDS = (30, 100)
ROWS = {"bleeding": 0, "adverse": 1, "rescue": 2}
NAMES = {"bleeding": "bleeding", "adverse": "grade 3+", "rescue": "rescue"}


def compared_figure(
    people: Sequence[dict],
    *,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """A panel per participant, below each other on one axis.

    Each is a dict: `name`, `line` (a grey sentence), `arm`, `counts` (ADY AVAL), `events` (ADY ENDDY KIND words; KIND
    one of bleeding, adverse, rescue).
    """
    look = look_of(theme, scale)
    plot = 18 + len(people) * (PANEL + EVENTS + GAP) - GAP + 8
    days = pd.concat([each["counts"]["ADY"] for each in people]) if people else pd.Series([1.0])
    first, last = min(1.0, days.min()), max(28.0, days.max())
    top = max([420.0, *(each["counts"]["AVAL"].max() * 1.2 for each in people if len(each["counts"]))])
    data, notes, shapes, axes = [], [], [], {}
    for i, each in enumerate(people):
        number = "" if i == 0 else str(2 * i + 1)
        start = 18 + i * (PANEL + EVENTS + GAP)
        (style,) = arm_styles([each["arm"]], theme)
        data.append(_counts(each["counts"], style, look, f"y{number}"))
        data += _events(each["events"], look, f"y{2 * i + 2}")
        axes[f"yaxis{number}"] = y_axis(
            look, ticks=(10, 30, 100, 300), words=("10", "30", "100", "300"), type="log", anchor="x",
            range=[math.log10(2.5), math.log10(top)], domain=domain(start, start + PANEL, plot),
        )  # fmt: skip
        axes[f"yaxis{2 * i + 2}"] = y_axis(
            look,
            ticks=list(ROWS.values()),
            words=[NAMES[kind] for kind in ROWS],
            range=[2.6, -0.6],
            anchor="x",
            domain=domain(start + PANEL + 6, start + PANEL + EVENTS, plot),
            tickfont={"size": look.px(12), "color": look.grey},
        )
        shapes += [
            rule((0, 1), (t, t), colour=look.threshold, dash="1px,3px", xref="paper", yref=f"y{number}")
            for t in THRESHOLDS
        ]
        grey = "" if compact else f"  {sized(escaped(each['line']), look, 13, look.grey)}"
        name = f"{bold(escaped(each['name']))}{grey}"
        place: dict[str, Any] = {"x": 0, "y": 1 - start / plot, "anchor": ("left", "bottom"), "shift": (0, 4)}
        notes.append(note(name, look, size=14, colour=style["text_colour"], **place))
    weeks = week_ticks([week for week in WEEKS if 7 * week + 1 <= last], WEEKS, most=6 if compact else 10)
    axes["xaxis"] = x_axis(look, title="Study day", ticks=[7 * week + 1 for week in weeks],
                           words=[f"{7 * week + 1:g}" for week in weeks], range=[first - 3, last + 3], showgrid=True,
                           anchor="free", position=0)  # fmt: skip
    return figure(data, look, height=plot + 56, margin=(74, 18, 8, 48), axes=axes, notes=notes, shapes=shapes)


def _counts(counts: pd.DataFrame, style: dict, look: Look, axis: str) -> dict:
    hover = [
        f"day {fixed(day)}: {value:g} ×10⁹/L"
        for day, value in counts[["ADY", "AVAL"]].itertuples(index=False)
    ]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": counts["ADY"],
        "y": counts["AVAL"].clip(lower=1),
        "yaxis": axis,
        "line": {"color": style["colour"], "width": look.px(1.8)},
        "marker": {"symbol": style["symbol"], "size": look.px(6), "color": style["colour"]},
        "hoverinfo": "text",
        "hovertext": hover,
        "cliponaxis": False,
    }


def _events(events: pd.DataFrame, look: Look, axis: str) -> list[dict]:
    """A bar from the first to the last day of each event, a square where it is of one day."""
    unseen = {"x": [1], "y": [0], "opacity": 0, "hoverinfo": "skip"}  # without a trace an axis is not drawn
    traces: list[dict] = [{"type": "scatter", "mode": "markers", "yaxis": axis, **unseen}]
    for kind, rows in events.groupby("KIND", sort=False):
        y = ROWS[str(kind)]
        x: list[float | None] = []
        for start, end in rows[["ADY", "ENDDY"]].itertuples(index=False):
            x += [start, end, None]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": x,
                "y": [y] * len(x),
                "yaxis": axis,
                "hoverinfo": "skip",
                "line": {"color": look.ink, "width": look.px(6)},
            }
        )
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": rows["ADY"],
                "y": [y] * len(rows),
                "yaxis": axis,
                "marker": {"symbol": "square", "size": look.px(8), "color": look.text},
                "hoverinfo": "text",
                "hovertext": [escaped(words) for words in rows["WORDS"]],
                "cliponaxis": False,
            }
        )
    return traces
