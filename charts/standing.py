"""Participants as stacked bars: where everybody stands, and best response as shares of the due."""

from collections.abc import Iterable

import pandas as pd
import plotly.graph_objects as go

from charts.format import IMMATURE_BELOW, escaped, fixed, of, percent
from charts.layout import x_axis
from charts.segments import draw_bars
from charts.theme import arm_styles, look_of, state_styles

SET_APART = 0.012  # of the widest bar: the gap before those not yet due


def standing_figure(
    counts: pd.DataFrame,
    arms: Iterable,
    *,
    total_label: str = "enrolled",
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """One bar per arm, a unit a participant: the states of the due, a gap, and those not yet due outlined.

    `counts`: one row per arm and state: arm state n; state one of CR R Y NR N PENDING MISSING NOTDUE. A
    bracket marks the denominator of the rate. customdata of a segment is (arm, state), so that a click
    selects it.
    """
    look, styles, states = look_of(theme, scale), arm_styles(arms, theme), state_styles(theme)
    known = counts.groupby(["arm", "state"])["n"].sum().to_dict()
    table = {style["trt"]: {s: int(known.get((style["trt"], s), 0)) for s in states} for style in styles}
    longest = max((sum(row.values()) for row in table.values()), default=0) or 1
    bars = []
    for style in styles:
        row = table[style["trt"]]
        due = sum(n for state, n in row.items() if state != "NOTDUE")
        gap = SET_APART * longest if row["NOTDUE"] and due else 0
        pieces = _pieces(row, gap)
        total = sum(row.values())
        bars.append(
            {
                **style,
                "pieces": pieces,
                "due": due,
                "below": f"{fixed(total)} {escaped(total_label)}",
                "inside": {p["state"]: fixed(p["n"]) for p in pieces},
                "hover": {
                    p["state"]: f"{fixed(p['n'])} of {fixed(total)} {escaped(total_label)}" for p in pieces
                },
            }
        )
    end = longest * (1 + SET_APART)
    return draw_bars(bars, states, end, look, compact=compact, bracket=True, axis=_bare_axis(end))


def best_response_figure(
    shares: pd.DataFrame,
    arms: Iterable,
    *,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """Best response by arm: each state's share of the due, 0 to 100%.

    `shares`: one row per arm and category: arm category n N estimate (share of 1); N the due of the arm.
    customdata of a segment is (arm, category).
    """
    look, styles, states = look_of(theme, scale), arm_styles(arms, theme), state_styles(theme)
    bars = []
    for style in styles:
        rows = shares[(shares["arm"] == style["trt"]) & (shares["n"] > 0)]
        counts = dict(zip(rows["category"], rows["n"].astype(int), strict=True))
        total = int(rows["N"].max()) if len(rows) else 0
        pieces = _pieces({state: counts.get(state, 0) for state in states}, 0)
        for piece in pieces:
            piece["start"], piece["width"] = (100 * piece[key] / total for key in ("start", "width"))
        small = total < IMMATURE_BELOW
        bars.append(
            {
                **style,
                "pieces": pieces,
                "due": total,
                "below": f"{fixed(total)} due" if total else "nobody due",
                "inside": {
                    p["state"]: fixed(p["n"]) if small else percent(p["n"] / total, total) for p in pieces
                },
                "hover": {
                    p["state"]: of(p["n"], total)
                    + " due"
                    + ("" if small else f": {percent(p['n'] / total, total)}")
                    for p in pieces
                },
            }
        )
    axis = x_axis(
        look,
        title="Share of the participants due",
        ticks=(0, 25, 50, 75, 100),
        words=("0", "25", "50", "75", "100%"),
        range=[0, 100.5],
        anchor="y",
    )
    return draw_bars(bars, states, 100.5, look, compact=compact, bracket=False, axis=axis)


def _pieces(counts: dict[str, int], gap: float) -> list[dict]:
    pieces, start = [], 0.0
    for state, n in counts.items():
        if n:
            start += gap if state == "NOTDUE" else 0
            pieces.append({"state": state, "n": n, "start": start, "width": float(n)})
            start += n
    return pieces


def _bare_axis(end: float) -> dict:
    return {"visible": False, "fixedrange": True, "range": [-0.002 * end, end * 1.002], "anchor": "y"}
