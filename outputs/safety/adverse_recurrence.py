"""Who had an adverse event of the same term again, and how many events participants had."""

from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.event_course import recurrences
from analysis.safety.events import ALL
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.safety.adverse_course import ANY, course_start
from outputs.safety.adverse_overview import event_notes
from outputs.safety.counts import arm_columns, arm_table, of_cell
from outputs.small_cells import hidden_of, suppressed

NEVER, AGAIN = "No term twice", "A term twice or more"
TIMES = ("1 event", "2 events", "3 events", "4 events or more")


def adverse_recurrence_output(data: AnalysisData, view: View, *, kind: str = ANY) -> Output:
    """Who had an event of the same term again, and how many events participants had; of those who had any."""
    basis, events, rows, name, empty = course_start(data, view, kind)
    again = recurrences(rows).groupby(["USUBJID", "ARM"], as_index=False)["EVENTS"].agg(["max", "sum"])
    lines = {AGAIN: again["max"] >= 2, NEVER: again["max"] < 2}
    lines |= {words: again["sum"] == number for number, words in enumerate(TIMES[:-1], 1)}
    lines |= {TIMES[-1]: again["sum"] >= len(TIMES)}
    results = _recurrence_counts(again, lines, basis)
    records = [again.loc[taken, ["USUBJID", "ARM"]].assign(TIMES=each) for each, taken in lines.items()]
    return Output(
        id="adverse_recurrence",
        title="Events that come again",
        subtitle=f"{name}: participants with events of one term again, and with so many events, of those with any",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_recurrence_table(results, basis),
        records=pd.concat(records, ignore_index=True),
        cell_keys=("TIMES", "ARM"),
        headline="Events that come again",
        footnotes=(*event_notes(events), *basis.notes()),
        badges=basis.badges(),
        empty=empty,
        as_file=partial(_recurrence_in_file, results, basis),
    )


def _recurrence_counts(again: pd.DataFrame, lines: dict[str, pd.Series], basis: Basis) -> pd.DataFrame:
    """One row per line and arm, "All" last where there are several: n of N participants with any event."""
    made = [
        ("again" if name in (AGAIN, NEVER) else "events", name, arm, int((own & taken).sum()), int(own.sum()))
        for name, taken in lines.items()
        for arm in arm_columns(basis)
        for own in [(again["ARM"] == arm) | (arm == ALL)]
    ]
    frame = pd.DataFrame(made, columns=["measure", "times", "arm", "n", "N"])
    return frame.astype({"n": "Int64"}).assign(method="count")


def _recurrence_table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    heads = {"Participants with": lambda key: key[0]}
    return arm_table(results, ["times"], heads, arm_columns(basis), of_cell)


def _recurrence_in_file(results: pd.DataFrame, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without small cells; arms add up to all, the lines of either measure to those with any event."""
    arms = {"arm": ALL} if len(basis.trts) > 1 else {}
    sizes = results.drop_duplicates("arm")
    few_had_any = sizes.loc[hidden_of(sizes, over=arms, counts=("N",))["N"], "arm"]
    hidden = hidden_of(results, over={"times": None, **arms}, within=("measure",), counts=("n",))
    hidden["N"] = results["arm"].isin(few_had_any)
    hidden["n"] |= hidden["N"]
    kept = suppressed(results, hidden, derived=())
    return kept, _recurrence_table(kept, basis)
