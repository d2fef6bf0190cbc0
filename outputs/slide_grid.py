"""Counts by two things as the grid of a slide, from results as a file may hold them."""

from collections.abc import Sequence

import pandas as pd

from outputs.slide_chart import Grid, GridPanel
from trialdata.definition import Arm


def grid(
    results: pd.DataFrame,
    arms: Sequence[Arm],
    *,
    down: tuple[str, str],
    across: tuple[str, str],
    rows: Sequence[str],
    columns: Sequence[str],
) -> Grid:
    """`results`: a row per cell with arm, n and the columns that `down` and `across` name, each (column, title)."""
    of_cell = results.set_index(["arm", down[0], across[0]])["n"].astype("Float64").astype(float)
    panels = [
        GridPanel(
            arm.label,
            tuple(
                tuple(float(of_cell.get((arm.trt, row, column), 0.0)) for column in columns) for row in rows
            ),
            arm.trt,
        )
        for arm in arms
    ]
    return Grid(down[1], tuple(rows), across[1], tuple(columns), tuple(panels))
