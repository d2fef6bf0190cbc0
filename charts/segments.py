"""Stacked bars of participants by state: segments, the words above them and the bracket under the due part."""

from collections.abc import Sequence

import plotly.graph_objects as go

from charts.format import escaped, fixed, text_width, wrapped
from charts.layout import NARROWEST, PHONE, bold, figure, note, pixel_axis, rule, sized, spread
from charts.rates import NAME_MARGIN
from charts.theme import Look, StateStyle

BAR = 38
MOST_SHIFT = 36  # pixels a word may stand off the middle of its segment


def draw_bars(bars, states, end: float, look: Look, *, compact: bool, bracket: bool, axis: dict) -> go.Figure:
    """The figure of both: names left (phone: above), words above the bars, counts inside, brackets below."""
    left, right = (8, 20) if compact else (NAME_MARGIN, 24)
    per_unit = ((PHONE if compact else NARROWEST) - left - right) / end
    first = next((i for i, bar in enumerate(bars) if bar["pieces"]), 0)
    words = [
        _words_above(bar["pieces"], states, per_unit, end, named=i == first, compact=compact)
        for i, bar in enumerate(bars)
    ]
    raised = 18 if any(word["raised"] for bar in words for word in bar) else 0
    above, pitch = 42 if compact else 22, BAR + (44 if bracket else 18) + (40 if compact else 12)
    tops = [above + pitch * i + (raised if i >= first else 0) for i in range(len(bars))]
    plot = (tops[-1] + BAR if bars else 40) + (28 if bracket else 8)
    notes: list[dict] = []
    shapes: list[dict] = []
    for i, (bar, top) in enumerate(zip(bars, tops, strict=True)):
        notes += _name(bar, top - (raised if compact and i == first else 0), look, compact)
        notes += _word_notes(words[i], top, look)
        if bracket:
            marks, below = _bracket(bar, top + BAR, look, per_unit, compact)
            shapes, notes = shapes + marks, notes + below
    traces = [_state_trace(state, style, bars, tops, look, per_unit) for state, style in states.items()]
    has_axis = bool(axis.get("tickvals"))
    axes = {"xaxis": axis, "yaxis": pixel_axis(0, plot, plot)}
    return figure(
        [trace for trace in traces if trace["x"]],
        look,
        height=plot + (54 if has_axis else 4) + 4,
        margin=(left, right, 4, 50 if has_axis else 4),
        axes=axes,
        notes=notes,
        shapes=shapes,
        barmode="overlay",
    )


def _state_trace(state: str, style: StateStyle, bars, tops, look: Look, per_unit: float) -> dict:
    """The segments of one state in all arms."""
    found = [
        (bar, top, p)
        for bar, top in zip(bars, tops, strict=True)
        for p in bar["pieces"]
        if p["state"] == state
    ]
    pattern = {"shape": style.hatch, "fgcolor": style.hatch_colour, "bgcolor": style.fill, "size": look.px(5),
               "solidity": 0.35, "fillmode": "replace"}  # fmt: skip
    plain = state not in ("PENDING", "MISSING")
    inside = [
        bar["inside"][state] if plain and _fits(bar["inside"][state], p["width"] * per_unit) else ""
        for bar, _, p in found
    ]
    return {
        "type": "bar",
        "orientation": "h",
        "name": style.name,
        "base": [p["start"] for _, _, p in found],
        "x": [p["width"] for _, _, p in found],
        "y": [top + BAR / 2 for _, top, _ in found],
        "width": BAR,
        "customdata": [[bar["trt"], state] for bar, _, _ in found],
        "hoverinfo": "text",
        "hovertext": [
            f"{bold(escaped(bar['label']))}<br>{style.name}: {bar['hover'][state]}<br>click to list them"
            for bar, _, _ in found
        ],
        "text": [bold(text) if text else "" for text in inside],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
        "textfont": {"size": look.px(14), "color": style.text},
        "marker": {
            "color": style.fill,
            "line": {"color": style.line if style.line[0] == "#" else look.page, "width": 1},
            **({"pattern": pattern} if style.hatch else {}),
        },
        "selected": {"textfont": {"color": style.text}},  # plotly.js 4 fails on a click without it
        "unselected": {"marker": {"opacity": 0.55}, "textfont": {"color": style.text}},
        "cliponaxis": False,
    }


def _fits(text: str, width: float) -> bool:
    return text_width(text, 14, bold=True) + 2 <= width


def _name(bar: dict, top: float, look: Look, compact: bool) -> list[dict]:
    if compact:
        room = PHONE - 28 - text_width(f"· {bar['below']} ", 13)
        name = bar["label"] if text_width(bar["label"], 14, bold=True) <= room else bar["short"]
        words = f"{bold(escaped(name))} {sized('· ' + bar['below'], look, 13, look.grey)}"
        return [
            note(
                words,
                look,
                x=0,
                y=top - 20,
                yref="y",
                anchor=("left", "bottom"),
                size=14,
                colour=bar["text_colour"],
            )
        ]
    words = bold(wrapped(bar["label"], 24)) + "<br>" + sized(bar["below"], look, 13, look.grey)
    return [
        note(
            words, look, x=0, y=top + BAR / 2, yref="y", anchor=("right", "middle"), shift=(-14, 0), size=14,
            colour=bar["text_colour"],
        )
    ]  # fmt: skip


def _words_above(pieces, states, per_unit: float, end: float, *, named: bool, compact: bool) -> list[dict]:
    """Words over one bar: state names where `named`, and "1 pending · 1 missing" for segments too narrow.

    Words stand over the middle of their segment, pushed apart at the narrowest width the figure may have;
    where that would carry them off, the narrow ones are `raised` to a line of their own, then names shorten.
    """
    narrow = [p for p in pieces if _narrow(p, per_unit)]
    wide = [p for p in pieces if p not in narrow] if named else []
    small = []
    if narrow:
        text = " · ".join(f"{fixed(p['n'])} {states[p['state']].word}" for p in narrow)
        small = [(text, (narrow[0]["start"] + narrow[-1]["start"] + narrow[-1]["width"]) / 2)]
    for short in (True,) if compact else (False, True):
        names = [
            (states[p["state"]].short if short else states[p["state"]].name, p["start"] + p["width"] / 2)
            for p in wide
        ]
        together = _placed(names + small, per_unit, end)
        if not wide or all(abs(word["shift"]) < MOST_SHIFT for word in together):
            return together
        apart = _placed(names, per_unit, end)
        if all(abs(word["shift"]) < MOST_SHIFT for word in apart):
            break
    return apart + [word | {"raised": True} for word in _placed(small, per_unit, end)]


def _narrow(piece: dict, per_unit: float) -> bool:
    return piece["state"] in ("PENDING", "MISSING") or not _fits(str(piece["n"]), piece["width"] * per_unit)


def _placed(words: Sequence[tuple[str, float]], per_unit: float, end: float) -> list[dict]:
    wanted = [middle * per_unit for _, middle in words]
    sizes = [text_width(text, 13) for text, _ in words]
    centres = spread(wanted, sizes, low=0, high=end * per_unit, gap=8)
    return [
        {"text": text, "x": middle, "shift": centre - place, "raised": False}
        for (text, middle), centre, place in zip(words, centres, wanted, strict=True)
    ]


def _word_notes(words: Sequence[dict], top: float, look: Look) -> list[dict]:
    return [
        note(
            escaped(word["text"]),
            look,
            x=word["x"],
            y=top - (18 if word["raised"] else 0),
            yref="y",
            xref="x",
            anchor=("center", "bottom"),
            shift=(word["shift"], 2),
        )
        for word in words
    ]


def _bracket(bar, bottom: float, look: Look, per_unit: float, compact: bool) -> tuple[list[dict], list[dict]]:
    """A bracket under the due part with its words: the denominator, drawn."""
    if not bar["due"]:
        return [], [note("nobody due", look, x=0, y=bottom + 4, xref="x", yref="y", anchor=("left", "top"))]
    low, high = bottom + 4, bottom + 9
    due = bar["due"]
    marks = [
        rule(x, y, colour=look.axis, layer="above")
        for x, y in (((0, 0), (low, high)), ((0, due), (high, high)), ((due, due), (low, high)))
    ]
    text = f"{fixed(due)} due" if compact else f"{fixed(due)} due: the denominator of the rate"
    fits = text_width(text, 13) <= due * per_unit
    x, side = (due / 2, "center") if fits else (0, "left")
    return marks, [note(text, look, x=x, y=high, xref="x", yref="y", anchor=(side, "top"), shift=(0, -3))]
