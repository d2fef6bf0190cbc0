"""Since an earlier data cut: how the chosen endpoint's counts lead from then to now, and who moved them."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.cut_rates import cut_names, rates_at_cuts
from analysis.cut_steps import CutComparison
from analysis.result_changes import CAUSES, counted_causes, result_changes
from outputs import wording
from outputs.basis import Basis
from outputs.cut_changes import with_words
from outputs.cut_words import causes_words, path_words, records_behind, without_earlier
from outputs.output import Output, View

MOVED = ("rate", "any")
COLUMNS = [
    "USUBJID",
    "ARM",
    "ARM_THEN",
    "ARM_NOW",
    "STATE_THEN",
    "STATE_NOW",
    "n_THEN",
    "N_THEN",
    "n_NOW",
    "N_NOW",
]
COLUMNS += ["MOVES", "CHANGE", "CAUSE", "WAY", "BEHIND"]
THEN, NOW = "earlier cut", "this cut"


def cut_causes_output(data: AnalysisData, view: View, *, since: CutComparison | None = None) -> Output:
    """From the earlier n of N by arm, through what each cause adds, to n of N at this cut; adds up."""
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    title = f"{wording.short_label(endpoint)}: from then to now"
    if since is None or basis.subjects.empty:
        return _nothing("cut_causes", title, basis)
    moved = _changes(basis, since, "rate")
    results = _counts(basis, since, moved)
    return Output(
        id="cut_causes",
        title=title,
        subtitle="Responders of due at both cuts, and what each cause adds to either. Each mover has one cause",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(basis, since, results),
        records=moved,
        cell_keys=("ARM", "CAUSE"),
        headline=f"{wording.plural(len(moved), 'participant')} moved the rate",
        footnotes=(
            "The first line and the lines of the causes add up to the last line, by arm.",
            *basis.notes(endpoint),
        ),
        badges=basis.badges(endpoint),
    )


def cut_movers_output(
    data: AnalysisData, view: View, *, since: CutComparison | None = None, moved: str = "rate"
) -> Output:
    """One row per participant who moves the chosen endpoint's rate, with the cause, the way there and the records.

    `moved="any"` lists also whose state differs without moving the rate.
    """
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    if moved not in MOVED:
        raise ValueError(f"moved is {moved!r}; expected one of {MOVED}")
    title = "Who moved the rate" if moved == "rate" else "Whose standing changed"
    if since is None or basis.subjects.empty:
        return _nothing("cut_movers", title, basis)
    rows = _changes(basis, since, moved)
    others = _changes(basis, since, "any")
    others = others[others["MOVES"] != "Y"]
    more = causes_words(others["CAUSE"].value_counts(sort=False))
    return Output(
        id="cut_movers",
        title=title,
        subtitle="Select a row for the participant and the trace",
        population=basis.population,
        arms=basis.styles,
        results=rows[COLUMNS],
        table=pd.DataFrame(
            {
                "Participant": rows["USUBJID"],
                "Arm": rows["ARM"].map(basis.labels),
                "Then to now": rows["CHANGE"],
                "Cause": rows["CAUSE"],
                "Way": rows["WAY"],
                "Records": rows["BEHIND"],
            }
        ),
        records=rows[["USUBJID", "ARM", "CHANGE", "CAUSE", "WAY", "BEHIND"]],
        cell_keys=("ARM", "CAUSE"),
        headline=f"{wording.plural(len(rows), 'participant')} moved the rate of {wording.short_label(endpoint)}",
        footnotes=(
            *([f"Changed without moving the rate: {more}."] if more and moved == "rate" else []),
            *basis.notes(endpoint),
        ),
        badges=basis.badges(endpoint),
        empty="" if len(rows) else "Nobody moved the rate between the cuts.",
    )


def _nothing(output_id: str, title: str, basis: Basis) -> Output:
    return Output(
        id=output_id,
        title=title,
        population=basis.population,
        arms=basis.styles,
        footnotes=basis.notes(basis.rate_endpoint),
        badges=basis.badges(basis.rate_endpoint),
        empty=basis.nobody() or without_earlier(basis),
    )


def _changes(basis: Basis, since: CutComparison, moved: str) -> pd.DataFrame:
    """`result_changes` of the chosen endpoint with words, by cause and participant; WAY and BEHIND say how."""
    rows = result_changes(since, basis.rate_endpoint.paramcd, basis.view.population, basis.view.filters)
    in_either = (rows["ARM_THEN"] != "") | (rows["ARM_NOW"] != "")
    rows = rows[(rows["MOVES"] == "Y") if moved == "rate" else in_either]
    order = rows["CAUSE"].map({cause: place for place, cause in enumerate(reversed(CAUSES))})
    rows = with_words(rows.assign(_order=order).sort_values(["_order", "USUBJID"], ignore_index=True))
    ways = [path_words(path) for path in rows["PATH"]]
    behind = [records_behind(since, row.USUBJID, row.CAUSE) for row in rows.itertuples()]
    texts = {"WAY": ways, "BEHIND": behind}
    return rows.assign(**{name: pd.Series(words, rows.index, dtype="str") for name, words in texts.items()})


def _counts(basis: Basis, since: CutComparison, moved: pd.DataFrame) -> pd.DataFrame:
    """One row per line and arm: then, every cause, now."""
    view = basis.view
    rates = rates_at_cuts(
        since, basis.rate_endpoint.paramcd, view.population, view.filters, arms=basis.trts, pairs=()
    )
    ends = {}
    for line, cut in zip((THEN, NOW), cut_names(since), strict=True):
        own = rates[(rates["cut"] == cut) & (rates["measure"] == "rate")]
        ends[line] = own[["arm", "n", "N"]].assign(line=line, participants=own["N"])
    causes = counted_causes(moved, basis.trts).rename(columns={"cause": "line"})
    whole = pd.concat([ends[THEN], causes, ends[NOW]], ignore_index=True)
    columns = ["line", "arm", "participants", "n", "N"]
    return whole[columns].astype({"participants": "Int64", "n": "Int64", "N": "Int64"}).assign(method="count")


def _table(basis: Basis, since: CutComparison, results: pd.DataFrame) -> pd.DataFrame:
    """Causes without a participant are left out."""
    names = dict(zip((THEN, NOW), map(_date, cut_names(since)), strict=True))
    rows = []
    for line, own in results.groupby("line", sort=False):
        by_arm = own.set_index("arm")
        if line not in names and not by_arm["participants"].sum():
            continue
        cells = {"From then to now": f"At {names[line]}" if line in names else str(line).capitalize()}
        for arm in basis.trts:
            cells[basis.labels[arm]] = _cell(by_arm.loc[arm] if arm in by_arm.index else None, line in names)
        rows.append(cells)
    return pd.DataFrame(rows)


def _date(name: str) -> str:
    return wording.date_text(pd.Timestamp(name))


def _cell(row: pd.Series | None, end: bool) -> str:
    """ "20 of 27" at a cut; "12 of 34 added" or "1 responder fewer" for a cause."""
    if row is None:
        return "no such endpoint"
    if end:
        return f"{row['n']} of {row['N']}"
    if not row["participants"]:
        return "–"
    n, due = (wording.fixed(float(row[name]), signed=True) for name in ("n", "N"))
    return f"{n} of {due}"
