"""One laboratory parameter over the weeks of treatment: median and quartiles by arm, limits of normal."""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts.format import escaped, fixed, plural
from charts.layout import bold, each, rule, y_axis
from charts.lines import arm_lines, week_words
from charts.theme import arm_styles, look_of
from charts.visit_figure import visit_figure

SPREAD = "interquartile range"
LIMITS = ("lower", "upper")


def parameter_figure(
    summary: pd.DataFrame,
    arms: Iterable,
    *,
    title: str,
    limits: tuple[float, float] = (math.nan, math.nan),
    decimals: int = 0,
    mature_week: float | None = None,
    enrolled: Mapping[str, int] | None = None,
    theme: str = "light",
    compact: bool = False,
    scale: float = 1.0,
) -> go.Figure:
    """The course of one parameter in each arm: median with quartiles, the limits of normal as dotted lines.

    `summary`: one row per arm and visit: arm time (week) n estimate conf_low conf_high; `limits` the lower and
    upper limit of normal, NaN without one. `title` names parameter and unit. customdata of a point is (arm, week).
    """
    look, styles = look_of(theme, scale), arm_styles(arms, theme)
    panel = 240 if compact else 290
    low, high, ticks = value_axis(summary, limits)
    places, words = _ticks(ticks, limits, (low, high), panel, compact)
    return visit_figure(
        summary,
        arm_lines(summary, styles, n_column="n", enrolled=enrolled, dodge=0.16),
        look,
        y=y_axis(look, ticks=places, words=words, range=[low, high]),
        place=lambda value: (high - value) / (high - low),
        panel=panel,
        y_title=title if compact else f"{title}, median and {SPREAD}",
        hover=lambda line: _hover(line, decimals),
        label=lambda line, i: fixed(line["y"][i], decimals),
        shapes=[
            rule((0, 1), (limit, limit), colour=look.threshold, dash="1px,3px", xref="paper")
            for limit in limits
            if math.isfinite(limit)
        ],
        mature_week=mature_week,
        compact=compact,
        n_column="n",
        row_header="With a value",
        half_words="fewer than half<br>observed",
        title_shift=-46 if compact else -84,
        least_margin=60 if compact else 84,
    )


def value_axis(summary: pd.DataFrame, limits: tuple[float, float]) -> tuple[float, float, list[float]]:
    """The range of the axis, every interval and limit inside, and its round ticks."""
    values = np.append(summary[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=float), limits)
    values = values[np.isfinite(values)]
    low, high = (values.min(), values.max()) if len(values) else (0.0, 1.0)
    if high <= low:
        low, high = low - max(1.0, abs(low) / 10), high + max(1.0, abs(high) / 10)
    if low > 0 and low < 0.5 * high:
        low = 0.0
    room = 0.05 * (high - low)
    start, end = (low if low == 0 else low - room), high + room
    step = round_step((end - start) / 5)
    ticks = [step * i for i in range(math.ceil(start / step - 1e-9), math.floor(end / step + 1e-9) + 1)]
    return float(start), float(end), ticks


def round_step(about: float) -> float:
    """1, 2 or 5 times a power of ten, at least `about`."""
    power = 10.0 ** math.floor(math.log10(about))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= about * (1 - 1e-9))


def tick_words(ticks: Sequence[float]) -> list[str]:
    """Each tick with the decimals that all of them need."""
    step = min((b - a for a, b in pairwise(ticks)), default=1.0)
    return [fixed(tick, max(0, -math.floor(math.log10(step) + 1e-9))) for tick in ticks]


def _ticks(
    ticks: Sequence[float],
    limits: tuple[float, float],
    span: tuple[float, float],
    panel: float,
    compact: bool,
) -> tuple[list[float], list[str]]:
    """Round ticks, and the limits of normal by name; a round one that would touch a limit gives way."""
    near = 17 * (span[1] - span[0]) / panel
    known = [(limit, name) for limit, name in zip(limits, LIMITS, strict=True) if math.isfinite(limit)]
    if len(known) == 2 and known[1][0] - known[0][0] < near:
        known = known[1:]
    named = [
        (limit, f"{name} {bold(_plain(limit))}" if not compact else bold(_plain(limit)))
        for limit, name in known
    ]
    words = zip(ticks, tick_words(ticks), strict=True)
    kept = [(tick, word) for tick, word in words if all(abs(tick - limit) >= near for limit, _ in known)]
    both = sorted([*kept, *named])
    return [place for place, _ in both], [word for _, word in both]


def _plain(value: float) -> str:
    decimals = next((d for d in (0, 1) if math.isclose(round(value, d), value, abs_tol=1e-6)), 2)
    return fixed(value, decimals)


def _hover(line: dict, decimals: int) -> list[str]:
    return [
        f"{bold(escaped(line['label']))}<br>{week_words(row.time)}: {fixed(row.estimate, decimals)}, "
        f"{plural(row.n, 'participant')} with a value<br>"
        f"{SPREAD} {fixed(row.conf_low, decimals)} to {fixed(row.conf_high, decimals)}"
        for row in each(line["rows"])
    ]
