"""What the outputs of the models over time share: which rows are shown, footnotes, and what is said of the visits."""

import numpy as np
import pandas as pd

from analysis.mmrm.visits import left_out_words
from outputs import wording
from outputs.basis import Basis
from outputs.response import NOMINAL, NOT_RANDOMISED

NO_VISITS = (
    "The study's definition names no visits for models over time: give them as weeks under [longitudinal]."
)
HOLLOW = "Hollow points: fewer than half of the arm."


def modelled_weeks(basis: Basis) -> tuple[float, ...]:
    """The weeks of [longitudinal]; empty where the definition names none."""
    named = basis.definition.longitudinal
    return named.weeks if named else ()


def without_hidden_p(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """The results, without tests where no p-value is shown."""
    return results.assign(p_value=np.nan, statistic=np.nan) if basis.untested else results


def chosen_rows(results: pd.DataFrame, measure: str, method: str) -> pd.DataFrame:
    return results[(results["measure"] == measure) & (results["method"] == method)]


def at_visits(rows: pd.DataFrame) -> pd.DataFrame:
    """Without the average of the visits."""
    return rows[rows["time"].notna()]


def visit_notes(basis: Basis, left_out: dict[float, str]) -> list[str]:
    """Which visits the model leaves out, and that the registry does not state them."""
    named = basis.definition.longitudinal
    notes = [f"Left out: {left_out_words(left_out)}."] if left_out else []
    if assumed_visits(basis) and named is not None:
        notes.append("Assumed, not stated by the registry: the visits modelled.")
    return notes


def assumed_visits(basis: Basis) -> bool:
    named = basis.definition.longitudinal
    return named is not None and (named.source == "assumed" or "weeks" in named.assumed)


def model_badges(basis: Basis, counted_last: pd.Series) -> tuple[str, ...]:
    """ "immature" where an arm has fewer than ten counted at the last visit; "exploratory"; "assumed"."""
    few = (counted_last < wording.IMMATURE_BELOW).any()
    return (
        *(("immature",) if few else ()),
        *basis.badges(),
        *(("assumed",) if assumed_visits(basis) else ()),
    )


def test_note(basis: Basis, rows: pd.DataFrame, test: str) -> str:
    """The nominal p of each comparison at the last visit, or why there is none."""
    if basis.crude:
        return f"{NOT_RANDOMISED} No p-value."
    if not basis.tested or rows.empty:
        return ""
    several = len(rows) > 1
    parts = [
        f"{row.comparison}: {wording.p_value(row.p_value)}" if several else wording.p_value(row.p_value)
        for row in rows.itertuples()
    ]
    return f"{test}, {rows.iloc[0]['label']}: {'; '.join(parts)} ({NOMINAL})."


def week_name(row) -> str:
    """ "26", or what stands for the visits together."""
    return "All, averaged" if np.isnan(row.time) else f"{row.time:g}"


def p_text(p: float) -> str:
    return wording.p_value(p).removeprefix("p = ").removeprefix("p ")


def _cell(estimate: str, interval: str) -> str:
    return f"{estimate} ({interval})" if interval else estimate


def comparison_columns(basis: Basis, rows: pd.DataFrame, name: str, words) -> dict[str, dict[str, str]]:
    """By column of a table the cells by visit label: estimate and interval of each comparison, and its p."""
    shown = [f"{a} - {b}" for a, b in basis.comparisons if f"{a} - {b}" in set(rows["comparison"])]
    columns: dict[str, dict[str, str]] = {}
    for comparison in shown:
        own = rows[rows["comparison"] == comparison]
        named = f"{name}, {comparison}" if len(shown) > 1 else f"{name} (95% CI)"
        columns[named] = {row.label: _cell(*words(row)) for row in own.itertuples()}
        if own["p_value"].notna().any():
            key = f"p, nominal, {comparison}" if len(shown) > 1 else "p, nominal"
            columns[key] = {row.label: p_text(row.p_value) for row in own.itertuples()}
    return columns
