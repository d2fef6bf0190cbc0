"""An `Output`: one numbered result as pages, slides and the command line all render it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from outputs.slide_chart import Chart


@dataclass(frozen=True)
class View:
    """What the reader chose: analysis set, endpoint, subgroup filters ((column, (level, ...)), ...)."""

    population: str = "FAS"
    endpoint: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class ArmStyle:
    """An arm as it is drawn and named everywhere: colours by role, never by order of appearance."""

    trt: str
    label: str
    role: str
    colour: str  # mark, light theme
    dash: str
    marker: str
    text_colour: str = ""  # of its words, which are legible on white


@dataclass(frozen=True)
class Card:
    """Behind one number: its method, why this one, and what the other methods say.

    `others` has one row per method of the same estimand, the chosen one first: Method, Estimate, 95% CI, p.
    `disagreement` says in one sentence which methods reach another conclusion; empty where all agree.
    """

    title: str
    estimate: str
    method: str
    reason: str
    others: pd.DataFrame = field(default_factory=pd.DataFrame)
    disagreement: str = ""


@dataclass(frozen=True)
class Output:
    """One result: its numbers, its table, its figure when asked for, and who stands behind it.

    `results` holds unrounded scalars for export, one row per statistic group; `table` the same as text to
    read, the first column naming the row; `records` one row per participant behind the numbers (USUBJID
    first; columns of `cell_keys` tie them to a cell, bar or row); `figure(theme, compact)` makes a plotly
    figure, theme being "light", "dark" or "print"; `chart()` describes the same in numbers, for a
    slide whose chart can be edited. `cards` tell of each number how it was made. `options` are
    what was chosen for this output alone. `empty` says in words why there is nothing to show. `as_file` gives
    results and table without small cells, where there can be any (outputs/small_cells.py), `file_figure` the figure
    of these, where there is one. A table whose cells can be chosen says in `rows` which cell each row is ("" where a
    key is left open), and in `columns` which (key, value) a column adds to it.
    """

    id: str
    title: str
    subtitle: str = ""
    population: str = ""
    arms: tuple[ArmStyle, ...] = ()
    results: pd.DataFrame = field(default_factory=pd.DataFrame)
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    figure: Callable[[str, bool], object] | None = None
    file_figure: Callable[[str, bool], object] | None = None
    chart: Callable[[], Chart] | None = None
    records: pd.DataFrame = field(default_factory=pd.DataFrame)
    cell_keys: tuple[str, ...] = ()
    headline: str = ""
    detail: str = ""
    alt: str = ""
    footnotes: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    empty: str = ""
    as_file: Callable[[], tuple[pd.DataFrame, pd.DataFrame]] | None = None
    rows: tuple[tuple[str, ...], ...] = ()
    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)
