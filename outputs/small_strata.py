"""Results by stratum as a file may hold them: without the counts of few participants."""

from collections.abc import Mapping, Sequence

import pandas as pd

from outputs.small_cells import NOT_SHOWN, hidden_of, suppressed

NUMBERS = ("weight", "estimate", "conf_low", "conf_high", "p_value", "statistic", "df")
SITES = ("SITEID", "SITEGR1")


def strata_in_file(
    results: pd.DataFrame,
    table: pd.DataFrame,
    *,
    counted: pd.Series,
    level: Sequence[str],
    in_table: Mapping[str, str],
    labels: Mapping[str, str],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Results and table with the small cells of the strata left out.

    `counted`: the rows of `results` that count n of N in a stratum and arm. `level`: the columns that name a
    stratum, the last one its level. `in_table`: the same columns as `table` calls them. `labels`: of the arms.
    """
    rows = results[counted]
    hidden = hidden_of(rows, over={level[-1]: None}, within=(*level[:-1], "arm"))
    small = rows[hidden.any(axis=1)]
    if small.empty:
        return results, table
    of_small = pd.MultiIndex.from_frame(results[list(level)]).isin(
        pd.MultiIndex.from_frame(small[list(level)])
    )
    whole = hidden.reindex(results.index, fill_value=False)
    kept = suppressed(results, whole, derived=())
    numbers = {name: kept[name].astype("float64").mask(of_small) for name in NUMBERS if name in kept}
    return kept.assign(**numbers), _table_in_file(table, small, level, in_table, labels)


def _table_in_file(
    table: pd.DataFrame,
    small: pd.DataFrame,
    level: Sequence[str],
    in_table: Mapping[str, str],
    labels: Mapping[str, str],
) -> pd.DataFrame:
    """The table without the cells of the arms that are left out, and without what compares them."""
    named = [column for column in level if in_table.get(column) in table]
    places = list(table[[in_table[column] for column in named]].itertuples(index=False, name=None))
    arms = {label for label in labels.values() if label in table}
    left_out = {
        (*map(str, row[:-1]), row[-1]) for row in small[[*named, "arm"]].itertuples(index=False, name=None)
    }
    strata = {place[:-1] for place in left_out}
    masked = {}
    for column in table.columns.drop([in_table[column] for column in named]):
        trts = [trt for trt, label in labels.items() if label == column]
        hit = [
            place in strata and (column not in arms or any((*place, trt) in left_out for trt in trts))
            for place in places
        ]
        masked[column] = table[column].mask(pd.Series(hit, index=table.index, dtype=bool), NOT_SHOWN)
    return table.assign(**masked)
