"""Laboratory values of one participant: a small panel per parameter on one axis of days, normal limits shaded."""

import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed
from charts.layout import bold, domain, figure, note, week_ticks, x_axis, y_axis
from charts.theme import Look, look_of, with_opacity

PANEL, GAP, TOP = 58, 30, 26
WEEKS = (0, 4, 8, 12, 16, 20, 26, 34, 42, 52, 65, 78, 91, 104)


def laboratory_figure(
    rows: pd.DataFrame, *, theme: str = "light", compact: bool = False, scale: float = 1.0
) -> go.Figure:
    """`rows`: one row per value: PARAMCD ADY AVAL AVALU ANRLO ANRHI FLAG ("above", "below" or "")."""
    look = look_of(theme, scale)
    parameters = sorted(rows["PARAMCD"].unique())
    plot = TOP + len(parameters) * (PANEL + GAP)
    first, last = min(1.0, rows["ADY"].min()), max(28.0, rows["ADY"].max())
    weeks = week_ticks([week for week in WEEKS if 7 * week + 1 <= last], WEEKS, most=6 if compact else 10)
    data: list[dict] = []
    notes: list[dict] = []
    shapes: list[dict] = []
    axes: dict[str, dict] = {}
    for i, parameter in enumerate(parameters):
        suffix, start = "" if i == 0 else str(i + 1), TOP + i * (PANEL + GAP)
        own = rows[rows["PARAMCD"] == parameter]
        low, high = own["ANRLO"].median(), own["ANRHI"].median()
        seen = pd.concat([own["AVAL"], own["ANRLO"], own["ANRHI"]]).dropna()
        span = max(seen.max() - seen.min(), 1e-6)
        limits = [seen.min() - 0.1 * span, seen.max() + 0.1 * span]
        data.append(_values(own, look, f"y{suffix}"))
        if pd.notna(low) and pd.notna(high):
            shapes.append(_normal(low, high, look, f"y{suffix}"))
        ticks = [tick for tick in (low, high) if pd.notna(tick)] or [seen.min(), seen.max()]
        axes[f"yaxis{suffix}"] = y_axis(look, ticks=ticks, words=[f"{tick:g}" for tick in ticks], range=limits,
                                        domain=domain(start, start + PANEL, plot), anchor="x")  # fmt: skip
        words = f"{bold(escaped(parameter))}, {escaped(own['AVALU'].iloc[-1])}".rstrip(", ")
        notes.append(
            note(
                words,
                look,
                x=0,
                y=1 - start / plot,
                anchor=("left", "bottom"),
                shift=(0, 3),
                colour=look.text,
            )
        )
    axes["xaxis"] = x_axis(look, title="Study day", ticks=[7 * week + 1 for week in weeks],
                           words=[f"{7 * week + 1:g}" for week in weeks], range=[first - 3, last + 3],
                           anchor=f"y{'' if len(parameters) < 2 else len(parameters)}", showgrid=True)  # fmt: skip
    return figure(data, look, height=plot + 50, margin=(56, 20, 4, 46), axes=axes, notes=notes, shapes=shapes)


def _values(own: pd.DataFrame, look: Look, axis: str) -> dict:
    """The values of one parameter; those outside the limits of normal are filled."""
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": own["ADY"],
        "y": own["AVAL"],
        "yaxis": axis,
        "line": {"color": look.ink, "width": look.px(1.5)},
        "marker": {
            "size": look.px(7),
            "color": [look.text if flag else look.page for flag in own["FLAG"]],
            "line": {"color": look.ink, "width": look.px(1.4)},
        },
        "hoverinfo": "text",
        "hovertext": [
            f"day {fixed(day)}: {value:g} {escaped(unit)}{f', {flag} the limits of normal' if flag else ''}"
            for day, value, unit, flag in own[["ADY", "AVAL", "AVALU", "FLAG"]].itertuples(index=False)
        ],
        "cliponaxis": False,
    }


def _normal(low: float, high: float, look: Look, axis: str) -> dict:
    """The limits of normal, shaded."""
    return {
        "type": "rect",
        "x0": 0,
        "x1": 1,
        "xref": "paper",
        "y0": low,
        "y1": high,
        "yref": axis,
        "layer": "below",
        "line": {"width": 0},
        "fillcolor": with_opacity(look.text, look.shadow_opacity),
    }
