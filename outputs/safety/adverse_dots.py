"""Share of each arm with each term, and the difference from control."""

import math

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.events import ALL
from analysis.safety.terms import TERM, term_comparisons, term_counts
from charts.format import of
from charts.safety.term_rows import term_rows_figure
from outputs import wording
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.output import Card, Output, View
from outputs.rate_cards import WHY_MIETTINEN_NURMINEN
from outputs.safety.adverse_cells import hidden_counts
from outputs.safety.adverse_differences import percent_of
from outputs.safety.adverse_overview import difference_notes, event_notes
from outputs.safety.adverse_pair import MOST_ROWS, compared_start, with_names
from outputs.safety.adverse_terms import KEYS, term_people
from outputs.safety.counts import sizes_words
from outputs.slide_axis import points_axis
from outputs.slide_chart import Axis, Chart, Panels, Row, Rows
from outputs.slide_rows import in_points, points_words
from outputs.small_cells import suppressed
from trialdata.definition import Arm


def adverse_dots_output(data: AnalysisData, view: View, *, arm: str = "", least_share: str = "5") -> Output:
    """The share of each arm with each term, and the difference from control, the largest difference on top."""
    share = percent_of(least_share)
    basis, events, pair, empty = compared_start(data, view, arm)
    title = "Events side by side"
    if empty or pair is None:
        return nothing_to_show(basis, "adverse_dots", title, empty)
    counts = term_counts(events, least_share=share)
    compared = term_comparisons(counts, [(pair[0].trt, pair[1].trt)])
    differences = compared[compared["measure"] == "difference"].sort_values(
        "estimate", ascending=False, kind="stable"
    )
    top = _most_frequent(differences, counts)
    shown = with_names(top[TERM].merge(counts[counts["arm"] != ALL], on=TERM)).rename(
        columns={"SOC": "soc", "TERM": "term"}
    )
    drawn = top.rename(columns={"SOC": "soc", "TERM": "term"})
    left = len(differences) - len(top)
    return Output(
        id="adverse_dots",
        title=title,
        subtitle=f"Terms that at least {100 * share:g}% of an arm had, by their difference. Click a dot to list them",
        population=basis.population,
        arms=basis.styles,
        results=_dots_results(counts, differences),
        table=_dots_table(shown, drawn, basis),
        figure=lambda theme, compact: term_rows_figure(
            shown, drawn, basis.arms, compared=(pair[0].trt, pair[1].trt), theme=theme, compact=compact
        ),
        chart=lambda: _chart(counts, shown, drawn, basis),
        records=term_people(events),
        cell_keys=KEYS,
        headline=_headline(len(differences), share),
        detail=f"{basis.population}: {sizes_words(basis)}. {pair[0].label} minus {pair[1].label}.",
        alt=f"Share of each arm with each term, and the difference {pair[0].label} minus {pair[1].label}. "
        f"{wording.plural(len(top), 'term')}.",
        footnotes=(
            *([f"Not drawn: {wording.plural(left, 'less frequent term')}."] if left else []),
            *difference_notes(basis),
            *event_notes(events),
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=(_difference_card(drawn, shown, pair),) if len(drawn) else (),
        as_file=lambda: _dots_in_file(counts, differences, shown, drawn, basis),
        empty="" if len(top) else f"No term was had by at least {100 * share:g}% of an arm.",
    )


def _headline(terms: int, share: float) -> str:
    """ "13 terms that at least 5% of an arm had"."""
    return f"{wording.plural(terms, 'term')} that {f'at least {100 * share:g}% of an arm' if share else 'anybody'} had"


def _most_frequent(differences: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """The most frequent terms that have room, still by their difference."""
    total = counts[counts["arm"] == ALL].set_index(TERM)["n"]
    n = total.reindex(pd.MultiIndex.from_frame(differences[TERM])).to_numpy(float)
    kept = np.argsort(-n, kind="stable")[:MOST_ROWS]
    return differences.iloc[np.sort(kept)]


def _dots_results(counts: pd.DataFrame, differences: pd.DataFrame) -> pd.DataFrame:
    """Counts by arm (measure "count"), then the differences; no p-value leaves this output."""
    counted = counts.assign(measure="count", comparison="", method="participants with at least one event")
    columns = [*TERM, "measure", "comparison", "arm", "n", "N", "estimate", "conf_low", "conf_high", "method"]
    compared = differences.assign(n=pd.NA, N=pd.NA)
    both = pd.concat([counted, compared], ignore_index=True).reindex(columns=columns)
    return both.astype({"n": "Int64", "N": "Int64"})


def _dots_table(shown: pd.DataFrame, drawn: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    rows = []
    for (soc, term), own in shown.groupby(["soc", "term"], sort=False):
        cells = {basis.labels[row.arm]: f"{row.n} of {row.N}" for row in own.itertuples()}
        of_term = drawn[(drawn["soc"] == soc) & (drawn["term"] == term)]
        words = [
            wording.points_and_interval(r.estimate, r.conf_low, r.conf_high) for r in of_term.itertuples()
        ]
        rows.append(
            {
                "Preferred term": own["name"].iloc[0],
                **cells,
                "Difference, points (95% CI)": f"{words[0][0]} ({words[0][1]})",
            }
        )
    return pd.DataFrame(rows)


def _dots_in_file(
    counts: pd.DataFrame, differences: pd.DataFrame, shown: pd.DataFrame, drawn: pd.DataFrame, basis: Basis
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without small cells: a term with one in any arm keeps neither its counts nor its difference."""
    hidden = {cell[:2] for cell in hidden_counts(counts, TERM)}
    results = _dots_results(counts, differences)
    gone = pd.Series(
        [each in hidden for each in results[TERM].itertuples(index=False, name=None)], results.index
    )
    kept = suppressed(results, pd.DataFrame({"n": gone}), derived=("estimate", "conf_low", "conf_high"))
    left = [each not in hidden for each in shown[["soc", "term"]].itertuples(index=False, name=None)]
    return kept, _dots_table(shown[left], drawn, basis)


def _chart(counts: pd.DataFrame, shown: pd.DataFrame, drawn: pd.DataFrame, basis: Basis) -> Chart:
    """Shares by arm and the difference, a height per term; without the terms that a file leaves out."""
    hidden = {cell[:2] for cell in hidden_counts(counts, TERM)}
    terms = [(row.soc, row.term) for row in drawn.itertuples() if (row.soc, row.term) not in hidden]
    names = {(row.soc, row.term): row.name for row in shown.itertuples()}
    shares = dict(list(shown.groupby(["soc", "term"], sort=False)))
    left = tuple(
        Row(names[key], of(row.n, row.N), 100 * row.n / row.N, math.nan, math.nan, row.arm)
        for key in terms
        for row in shares[key].itertuples()
    )
    known = drawn.set_index(["soc", "term"])
    right = tuple(
        Row(names[key], points_words(row), *in_points(row)) for key in terms for row in [known.loc[key]]
    )
    limits = [limit for row in right for limit in (row.low, row.high)]
    return Panels(
        Rows(Axis("Participants with the event, %", 0), left),
        Rows(points_axis("Difference, percentage points (95% CI)", limits), right, 0.0),
    )


def _difference_card(drawn: pd.DataFrame, shown: pd.DataFrame, pair: tuple[Arm, Arm]) -> Card:
    """How each difference is made, the first row as the example."""
    row = next(drawn.itertuples())
    name = shown["name"].iloc[0]
    point, interval = wording.points_and_interval(row.estimate, row.conf_low, row.conf_high, decimals=1)
    return Card(
        title=f"Difference, {pair[0].trt} - {pair[1].trt}: {wording.lowered(str(name))}",
        estimate=f"{point} points, 95% CI {interval}",
        method=str(row.method),
        reason=f"{WHY_MIETTINEN_NURMINEN} Every row is made alike; this is the one on top.",
    )
