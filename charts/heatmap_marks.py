"""The marks of the platelet heat map: a square per count, what stands for none, rescue, leaving, and their key."""

import math
from typing import Any

import pandas as pd

from charts.format import escaped, fixed, text_width
from charts.layout import NARROWEST, PHONE, note
from charts.theme import Look

ROW, KEY_LINE = 11, 19
BANDS = ("< 10", "10 to < 30", "30 to < 50", "50 to < 100", "≥ 100")
MISSING, NOT_REACHED = "no count", "not yet reached"
LIGHT = ("#CDD2D9", "#B5A6C0", "#927BA0", "#674E75", "#331F3D")
DARK = ("#46505C", "#76698A", "#9C8AB0", "#C3B3D2", "#EFE3F8")


def marks_of(look: Look) -> dict[str, dict]:
    """How each band is drawn: filled from light to dark; a missing count as an outline, one to come as a dot."""
    fills = zip(BANDS, DARK if look.dark else LIGHT, strict=True)
    size = look.px(ROW - 1.5)
    filled = {
        band: {"symbol": "square", "size": size, "color": fill, "line": {"width": 0}} for band, fill in fills
    }
    outline = {"color": look.axis, "width": look.px(1)}
    missing = {"symbol": "square-open", "size": size - look.px(1.5), "color": look.axis, "line": outline}
    to_come = {"symbol": "circle", "size": look.px(2.5), "color": look.axis, "line": {"width": 0}}
    return filled | {MISSING: missing, NOT_REACHED: to_come}


def cells_of(own: pd.DataFrame, at: dict, places: dict, marks: dict[str, dict], suffix: str) -> list[dict]:
    """One trace per band."""
    traces = []
    for band, mark in marks.items():
        rows = own[own["BAND"] == band]
        hover = [
            f"{escaped(usubjid)}<br>{_visit(week)}: {band if math.isnan(value) else f'{fixed(value)} ×10⁹/L'}"
            "<br>click to open"
            for usubjid, week, value in rows[["USUBJID", "AVISITN", "AVAL"]].itertuples(index=False)
        ]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": escaped(band),
                "x": [places[week] for week in rows["AVISITN"]],
                "y": [at[usubjid] for usubjid in rows["USUBJID"]],
                "xaxis": f"x{suffix}",
                "marker": mark | {"opacity": 1},
                "customdata": rows["USUBJID"].tolist(),
                "unselected": {"marker": {"opacity": 1}},
                "hoverinfo": "text",
                "hovertext": hover,
                "cliponaxis": False,
            }
        )
    return traces


def _visit(week: float) -> str:
    return "baseline" if week == 0 else f"week {week:g}"


def crosses(rows: pd.DataFrame, at: dict, places: dict, look: Look, suffix: str) -> list[dict]:
    """A cross at each visit with rescue, with a rim so that it stands out on every band."""
    return [
        _over(rows, at, places, suffix, {"symbol": "x-thin", "size": look.px(size), "line": {"color": colour, "width":
              look.px(width)}})
        for colour, size, width in ((look.page, 9, 4.2), (look.text, 8, 1.8))
    ]  # fmt: skip


def leavings(rows: pd.DataFrame, at: dict, places: dict, look: Look, suffix: str) -> dict:
    """An upright bar after the visit at which somebody left."""
    line = {"color": look.text, "width": look.px(1.6)}
    bar = {"symbol": "line-ns", "size": look.px(ROW - 1), "line": line}
    return _over(rows, at, places, suffix, bar, shift=0.62)


def _over(
    rows: pd.DataFrame, at: dict, places: dict, suffix: str, marker: dict, *, shift: float = 0.0
) -> dict:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [places[week] + shift for week in rows["AVISITN"]],
        "y": [at[usubjid] for usubjid in rows["USUBJID"]],
        "xaxis": f"x{suffix}",
        "marker": marker,
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


def key(marks: dict[str, dict], look: Look, left: float, compact: bool) -> tuple[list[dict], int]:
    """What the marks mean, and in how many lines; on a phone they begin `left` of the panels."""
    signs = {MISSING: "□", NOT_REACHED: "•"}
    words = [
        (f'<span style="color:{mark["color"]};font-size:{look.px(16):g}px">{signs.get(band, "■")}</span> '
         f"{escaped(band)}", band)
        for band, mark in marks.items()
    ]  # fmt: skip
    words += [
        (f'<span style="font-size:{look.px(16):g}px">{sign}</span> {plain}', plain)
        for sign, plain in (("✕", "rescue"), ("|", "left the study"))
    ]
    room = PHONE if compact else NARROWEST + 200
    notes, x, line = [], 0.0, 0
    for text, plain in words:
        width = text_width(plain, 12) + 38
        if x + width > room:
            x, line = 0.0, line + 1
        place: dict[str, Any] = {"anchor": ("left", "top"), "shift": (x - max(left - 6, 0), -KEY_LINE * line)}
        notes.append(note(text, look, x=0, y=1, size=12, **place))
        x += width
    return notes, line + 1
