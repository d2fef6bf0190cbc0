"""Laboratory values of one participant: a small panel per parameter on the days of the course, normal limits shaded."""

import math

import pandas as pd
import plotly.graph_objects as go

from charts.day_axis import day_axis, margins, with_air
from charts.format import escaped, fixed, wrapped
from charts.layout import bold, domain, figure, note, rule, sized, y_axis
from charts.theme import Look, look_of, with_opacity

PANEL, GAP, NAME = 56, 20, 22
ALARM = {"ALT": 3, "AST": 3, "BILI": 2}  # multiples of the upper limit of the evaluation of hepatotoxicity


def laboratory_figure(
    rows: pd.DataFrame,
    *,
    days: tuple[float, float],
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """One row per value: KEY PARAMCD LABEL UNIT ADY AVAL ANRLO ANRHI TIMES FLAG (low, normal, high or "") SHOWN.

    SHOWN is TIMES (multiples of the upper limit) where there is one, else AVAL. Parameters in the order of the rows.
    """
    look = look_of(theme, scale)
    first, last = with_air(days)
    panels = [own for _, own in rows.groupby("KEY", sort=False)]
    pitch = PANEL + GAP + (NAME if compact else 0)
    plot = max(len(panels) * pitch - GAP, 1) + 4
    data, notes, shapes = [], [], []
    axes = {"yaxis": y_axis(look, ticks=(), words=())}
    for i, own in enumerate(panels):
        suffix, start = "" if i == 0 else str(i + 1), i * pitch + (NAME if compact else 0)
        low, high, limits = _scale(own)
        data.append(_line(own, look, suffix))
        shapes += _marks(own, low, high, limits, look, suffix)
        ticks = [tick for tick in (low, high) if limits[0] <= tick <= limits[1]]
        ticks = ticks or [own["SHOWN"].min(), own["SHOWN"].max()]
        ticks += [own["SHOWN"].max()] if _apart(own["SHOWN"].max(), ticks, limits) else []
        axes[f"yaxis{suffix}"] = y_axis(look, ticks=ticks, words=[_number(tick) for tick in ticks], range=limits,
                                        domain=domain(start, start + PANEL, plot), anchor="x")  # fmt: skip
        notes.append(_name(own, start, plot, look, compact))
    anchor = f"y{'' if len(panels) < 2 else len(panels)}"
    axes["xaxis"] = day_axis(look, first, last, compact=compact, anchor=anchor)
    left, right, _, bottom = margins(compact)
    return figure(data, look, height=plot + 12 + bottom, margin=(left, right, 12, bottom), axes=axes, notes=notes,
                  shapes=shapes)  # fmt: skip


def _scale(own: pd.DataFrame) -> tuple[float, float, list[float]]:
    """The limits of normal as they are drawn, those of most values, and the range of the axis."""
    multiples = own["TIMES"].notna().all()
    low, high = (math.nan, 1.0) if multiples else (_most(own["ANRLO"]), _most(own["ANRHI"]))
    seen = [each for each in (own["SHOWN"].min(), own["SHOWN"].max(), low, high) if not math.isnan(each)]
    if multiples:
        seen.append(0.0)
    span = max(seen) - min(seen) or abs(max(seen)) or 1.0
    return low, high, [min(seen) - (0 if multiples else 0.08 * span), max(seen) + 0.12 * span]


def _most(limits: pd.Series) -> float:
    known = limits.mode()
    return float(known.iloc[0]) if len(known) else math.nan


def _apart(value: float, ticks: list[float], limits: list[float]) -> bool:
    """Whether a tick at the highest value has room beside the others."""
    span = limits[1] - limits[0]
    return all(abs(value - tick) > 0.3 * span for tick in ticks)


def _number(value: float) -> str:
    size = abs(value)
    return fixed(value, 0 if size >= 100 or float(value).is_integer() else 1 if size >= 1 else 2)


def _line(own: pd.DataFrame, look: Look, suffix: str) -> dict:
    outside = own["FLAG"].isin(["low", "high"])
    hover = [
        f"day {fixed(row.ADY)}: {row.AVAL:.4g} {escaped(row.UNIT)}"
        + (f"<br>{row.TIMES:.2g} × upper limit" if not math.isnan(row.TIMES) else "")
        + (f"<br>{row.FLAG}" if row.FLAG else "")
        for row in own.itertuples()
    ]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": own["ADY"],
        "y": own["SHOWN"],
        "yaxis": f"y{suffix}",
        "line": {"color": look.ink, "width": look.px(1.5)},
        "marker": {
            "size": look.px(7),
            "opacity": 1,
            "color": [look.text if flag else look.page for flag in outside],
            "line": {"color": look.ink, "width": look.px(1.4)},
        },
        "hoverinfo": "text",
        "hovertext": hover,
        "cliponaxis": False,
    }


def _marks(
    own: pd.DataFrame, low: float, high: float, limits: list[float], look: Look, suffix: str
) -> list[dict]:
    """The limits of normal as a band; in multiples also where the evaluation of hepatotoxicity begins, if reached."""
    marks: list[dict] = []
    if not (math.isnan(low) and math.isnan(high)):
        band = [limits[0] if math.isnan(low) else low, limits[1] if math.isnan(high) else high]
        marks.append(
            {
                "type": "rect",
                "xref": "paper",
                "x0": 0,
                "x1": 1,
                "yref": f"y{suffix}",
                "y0": band[0],
                "y1": band[1],
                "layer": "below",
                "line": {"width": 0},
                "fillcolor": with_opacity(look.text, look.shadow_opacity),
            }
        )
    alarm = ALARM.get(str(own["PARAMCD"].iloc[0]))
    if alarm and own["TIMES"].notna().all() and alarm <= limits[1]:
        marks.append(
            rule(
                (0, 1),
                (alarm, alarm),
                colour=look.threshold,
                dash="1px,3px",
                xref="paper",
                yref=f"y{suffix}",
            )
        )
    return marks


def _name(own: pd.DataFrame, start: float, plot: float, look: Look, compact: bool) -> dict:
    unit = "× upper limit" if own["TIMES"].notna().all() else str(own["UNIT"].iloc[0])
    label = str(own["LABEL"].iloc[0])
    grey = sized(escaped(unit), look, 12, look.grey)
    if compact:
        return note(f"{bold(wrapped(label, 34))} {grey}", look, x=0, y=1 - start / plot, anchor=("left", "bottom"),
                    shift=(-44, 2), colour=look.text)  # fmt: skip
    words = f"{bold(wrapped(label, 22))}<br>{grey}"
    return note(words, look, x=0, y=1 - (start + PANEL / 2) / plot, anchor=("right", "middle"), shift=(-48, 0),
                colour=look.text)  # fmt: skip
