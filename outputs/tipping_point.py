"""The tipping point: how many of those without an answer would have to respond for the conclusion to turn."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.tipping import boundary, drawn_values, tipping_grid
from charts.tipping import tipping_figure
from outputs import wording
from outputs.basis import Basis
from outputs.missing_data import comparison_words
from outputs.output import Output, View
from outputs.response import NOMINAL, NOT_RANDOMISED
from outputs.unanswered import WORDS, Unanswered

EXCLUDES = {
    1: "the interval lies above 0",
    0: "the interval includes 0",
    -1: "the interval lies below 0",
}


@dataclass(frozen=True, eq=False)
class Tipping:
    """The grid of one comparison, in words and for the figure."""

    found: Unanswered
    pair: tuple[str, str]

    @cached_property
    def grid(self) -> pd.DataFrame:
        return tipping_grid(*(self._arm(trt) for trt in self.pair))

    def _arm(self, trt: str) -> tuple[int, int, int]:
        counts = self.found.counts.loc[trt]
        return int(counts["responders"]), int(counts["due"]), int(counts["unknown"])

    @property
    def words(self) -> str:
        return comparison_words(self.found.basis, self.pair)

    @property
    def labels(self) -> tuple[str, str]:
        labels = self.found.basis.labels
        return labels[self.pair[0]], labels[self.pair[1]]

    @property
    def observed(self) -> str:
        """What holds where none of them responds."""
        return EXCLUDES[int(self.grid["excludes"].iloc[0])]

    @property
    def turned(self) -> str:
        """What holds in the cells that turn."""
        found = sorted(set(self.grid.loc[self.grid["turned"], "excludes"]), reverse=True)
        return " or ".join(EXCLUDES[int(value)] for value in found) or "no cell"

    @property
    def cells(self) -> str:
        """ "6 of 30 cells turn"."""
        turned = int(self.grid["turned"].sum())
        whole = wording.plural(len(self.grid), "cell")
        return f"{turned} of {whole} {'turns' if turned == 1 else 'turn'}"

    def panel(self, heading: str) -> dict:
        """The grid as the figure takes it, thinned where a side is longer than it can draw."""
        grid, unknown = self.grid, self.found.counts["unknown"]
        up, across = (drawn_values(int(unknown[trt])) for trt in self.pair)
        kept = grid[grid["added_experimental"].isin(up) & grid["added_control"].isin(across)]
        words = [_cell_words(row, self.labels) for row in kept.itertuples()]
        titles = [
            [
                f"Responders added in {name}, of {unknown[trt]} {WORDS[self.found.which]}"
                for name in (label, trt)
            ]
            for label, trt in zip(self.labels, self.pair, strict=True)
        ]
        return {
            "heading": heading,
            "y_title": titles[0],
            "x_title": titles[1],
            "cells": kept[["added_control", "added_experimental", "turned"]].assign(words=words),
            "points": self.points(),
        }

    def points(self) -> list[dict]:
        """The corners and what the imputation expects; corners that are one cell share a mark."""
        m1, m0 = (int(self.found.counts["unknown"][trt]) for trt in self.pair)
        corners = [
            ("none respond", "circle", 0, 0),
            ("all respond", "square", m0, m1),
            ("best case", "triangle-up", 0, m1),
            ("worst case", "triangle-down", m0, 0),
        ]
        at: dict[tuple[float, float], list] = {}
        for label, symbol, x, y in corners:
            at.setdefault((x, y), [symbol, []])[1].append(label)
        points = [
            {"x": x, "y": y, "symbol": symbol, "label": wording.joined(labels)}
            for (x, y), (symbol, labels) in at.items()
        ]
        expected = [self._expected(trt) for trt in self.pair]
        if not np.isnan(expected).any():
            label = "multiple imputation expects"
            points.append({"x": expected[1], "y": expected[0], "symbol": "diamond", "label": label})
        return [point | {"customdata": ["", ""]} for point in points]

    def _expected(self, trt: str) -> float:
        """Responders among those without an answer, over the imputations."""
        drawn = self.found.imputed[trt].responders
        return float(drawn.mean() - self.found.counts["responders"][trt])


def tipping_point_output(data: AnalysisData, view: View, *, which: str = "missing") -> Output:
    """Every number of responders among those without an answer, and whether the conclusion turns."""
    basis = Basis(data, view)
    found = Unanswered(basis, which)
    label = wording.short_label(basis.rate_endpoint)
    empty = found.nothing() or basis.empty_arms() or _no_comparison(found)
    grids = [] if empty else [Tipping(found, pair) for pair in basis.comparisons]
    return Output(
        id="tipping_point",
        title="Tipping point",
        subtitle=f"The {WORDS[which]} who would respond, in each arm; a cell turns where the conclusion changes",
        population=basis.population,
        arms=basis.styles,
        results=_results(grids, basis),
        table=_table(grids),
        figure=lambda theme, compact: tipping_figure(
            [tipping.panel(tipping.words if len(grids) > 1 else "") for tipping in grids],
            states=_states(grids),
            theme=theme,
            compact=compact,
        ),
        records=found.records,
        cell_keys=("ARM", "STATE"),
        headline=f"{label}: {_counted(grids)}" if grids else "Tipping point",
        detail=_detail(grids, basis),
        alt=f"Grid of responders added in each arm. {_detail(grids, basis)} The table holds the boundary.",
        footnotes=_footnotes(found, grids),
        badges=basis.badges(basis.rate_endpoint),
        empty=empty,
    )


def _no_comparison(found: Unanswered) -> str:
    if not found.basis.comparisons:
        return "One arm: no comparison whose conclusion could turn."
    nobody = [found.basis.labels[trt] for trt in found.basis.trts if not found.counts["due"][trt]]
    return f"Nobody is due in {wording.joined(nobody)}; no comparison is possible." if nobody else ""


def _states(grids: list[Tipping]) -> tuple[str, str]:
    """What the two colours mean; of several comparisons each has its own conclusion."""
    if len(grids) == 1:
        return f"as with none responding: {grids[0].observed}", f"turned: {grids[0].turned}"
    return "conclusion as with none responding", "conclusion turned"


def _counted(grids: list[Tipping]) -> str:
    if len(grids) == 1:
        return grids[0].cells
    return "; ".join(f"{tipping.words}: {tipping.cells}" for tipping in grids)


def _detail(grids: list[Tipping], basis: Basis) -> str:
    parts = []
    for tipping in grids:
        name = f"{tipping.words}: " if len(grids) > 1 else ""
        parts.append(f"{name}With none responding {tipping.observed}; {tipping.cells}.")
    association = [NOT_RANDOMISED] if basis.crude else []
    return " ".join(parts + association)


def _cell_words(row, labels: tuple[str, str]) -> str:
    points = wording.fixed(100 * row.estimate, 1)
    state = "turned" if row.turned else "as with none responding"
    return (
        f"{row.added_experimental} added in {wording.escaped(labels[0])}<br>"
        f"{row.added_control} added in {wording.escaped(labels[1])}<br>"
        f"difference {points} points, {EXCLUDES[row.excludes]}<br>{state}"
    )


def _results(grids: list[Tipping], basis: Basis) -> pd.DataFrame:
    """Every cell; where no p-value is shown without the test."""
    if not grids:
        return pd.DataFrame()
    cells = [
        tipping.grid.assign(comparison=" - ".join(tipping.pair), df=1)[
            [
                *("comparison", "measure", "added_experimental", "added_control", "estimate", "p_value"),
                *("statistic", "df", "excludes", "turned", "method"),
            ]
        ]
        for tipping in grids
    ]
    whole = pd.concat(cells, ignore_index=True)
    return whole.assign(p_value=math.nan, statistic=math.nan) if basis.untested else whole


def _table(grids: list[Tipping]) -> pd.DataFrame:
    """The boundary: per number added in control, with how many in the experimental arm the conclusion turns."""
    rows = []
    for tipping in grids:
        experimental, control = tipping.labels
        compared = {"Comparison": tipping.words} if len(grids) > 1 else {}
        titles = ("control", "the experimental arm") if compared else (control, experimental)
        rows += [
            compared
            | {
                f"Added in {titles[0]}": str(row.added_control),
                f"Turns when added in {titles[1]}": row.turns,
                "Smallest": "–" if math.isnan(row.smallest) else wording.fixed(row.smallest),
                "Cells that turn": str(row.cells),
            }
            for row in boundary(tipping.grid).itertuples()
        ]
    return pd.DataFrame(rows)


def _footnotes(found: Unanswered, grids: list[Tipping]) -> tuple[str, ...]:
    basis = found.basis
    thinned = any(len(drawn_values(int(n))) <= int(n) for n in found.counts["unknown"])
    notes = [
        found.who(),
        "Conclusion: whether the 95% Miettinen-Nurminen interval of the difference excludes 0, which is where its "
        f"score test has p below 0.05 ({NOMINAL})."
        if grids and not basis.untested
        else "",
        "The interval alone is looked at, no test." if basis.untested else "",
        "Best case: those without an answer respond in the experimental arm alone; worst case: in control alone. "
        "Diamond: how many multiple imputation expects to respond, on average."
        if grids
        else "",
        "The grid is too large to draw whole: not every number is drawn; table and counts hold all."
        if thinned
        else "",
        NOT_RANDOMISED if basis.crude else "",
        *basis.notes(basis.rate_endpoint),
    ]
    return tuple(note for note in notes if note)
