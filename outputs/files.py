"""What of an output a file may hold: no small cells, and beside every comparison that arms were not randomised."""

import dataclasses

import pandas as pd

from outputs.left_out import without_counts_left_out
from outputs.output import Output
from outputs.response import NOT_RANDOMISED
from outputs.slide_chart import has_numbers
from outputs.small_cells import footnote


def for_file(output: Output) -> Output:
    """The output as a file may hold it: where it has small cells, they are left out, and a footnote says so.

    A comparison of arms that were not randomised says so in its rows, which may be read without the footnotes. A chart
    in which nothing is left to draw is left out.
    """
    return _without_empty_chart(_with_notice(_without_small_cells(output)))


def _without_empty_chart(output: Output) -> Output:
    if output.chart is None or has_numbers(output.chart()):
        return output
    return dataclasses.replace(output, chart=None)


def _without_small_cells(output: Output) -> Output:
    if output.as_file is None:
        return output
    results, table = output.as_file()
    if _same(results, output.results) and _same(table, output.table):
        return output
    footnotes = (*output.footnotes, footnote())
    kept = dataclasses.replace(output, results=results, table=table, footnotes=footnotes)
    told = without_counts_left_out(kept, output.table)
    return _with_rows_left_out(told, len(output.table)) if len(table) < len(output.table) else told


def _same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether two frames hold the same values, whatever their types."""
    if one.shape != other.shape or list(one.columns) != list(other.columns):
        return False
    of_one, of_other = (frame.reset_index(drop=True).astype(object) for frame in (one, other))
    return bool(((of_one == of_other) | (of_one.isna() & of_other.isna())).all(axis=None))


def _with_rows_left_out(output: Output, rows: int) -> Output:
    """The headline says how many rows of the table are gone: it may count them."""
    left = rows - len(output.table)
    headline = f"{output.headline or output.title} ({left} of {rows} rows not shown: small counts)"
    empty = output.empty or ("" if len(output.table) else "Every row has small counts, and none is shown.")
    return dataclasses.replace(output, headline=headline, empty=empty)


def _with_notice(output: Output) -> Output:
    if "comparison" not in output.results or not any(NOT_RANDOMISED in note for note in output.footnotes):
        return output
    compared = output.results["comparison"].notna() & (output.results["comparison"].astype("str") != "")
    notice = pd.Series(NOT_RANDOMISED, output.results.index, dtype="str").where(compared, "")
    return dataclasses.replace(output, results=output.results.assign(notice=notice))
