"""Adverse events in pictures: shares and differences by term, a screening of all terms, worst grades mirrored."""

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from analysis.adam import AnalysisData
from analysis.safety.events import ALL, AdverseEvents, adverse_events
from analysis.safety.terms import GRADES, TERM, UNGRADED, term_comparisons, term_counts, worst_grades
from charts.safety.butterfly import butterfly_figure
from charts.safety.term_rows import term_rows_figure
from charts.safety.volcano import volcano_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Card, Output, View
from outputs.rate_cards import WHY_MIETTINEN_NURMINEN
from outputs.safety.adverse_cells import hidden_counts, nothing_to_count, term_labels
from outputs.safety.adverse_differences import percent_of
from outputs.safety.adverse_overview import difference_notes, event_notes
from outputs.safety.adverse_terms import KEYS, term_people
from outputs.safety.basis import safety_basis
from outputs.small_cells import few, hidden_of, suppressed
from trialdata.definition import Arm

MOST_ROWS = 25
NO_SCREENING = (
    "Screening by p-values needs randomised arms and everybody of the safety set: it is not offered here."
)
WHY_SCREENING = (
    "Exact for rare events; the false discovery rate counts how many of the terms singled out may be chance."
)
GRADE_WORDS = (*(f"grade {grade}" for grade in GRADES), "grade missing")


def compared_arms(basis: Basis, arm: str) -> tuple[Arm, Arm] | None:
    """The experimental arm asked for (else the first) and control; None where there is nothing to compare."""
    if not basis.comparisons:
        return None
    known = {each.trt: each for each in basis.arms}
    experimental, control = next((pair for pair in basis.comparisons if pair[0] == arm), basis.comparisons[0])
    return known[experimental], known[control]


def _start(
    data: AnalysisData, view: View, arm: str
) -> tuple[Basis, AdverseEvents, tuple[Arm, Arm] | None, str]:
    """Basis, events, the arms compared, and why there is nothing to draw."""
    basis = safety_basis(data, view)
    events = adverse_events(data, basis.subjects, basis.trts)
    pair = compared_arms(basis, arm)
    empty = nothing_to_count(events, "any", basis)
    return (
        basis,
        events,
        pair,
        empty or ("" if pair else "One arm: nothing to compare.") or (basis.empty_arms() if pair else ""),
    )


def _named(counts: pd.DataFrame) -> pd.DataFrame:
    """The rows with `name`, what each term is called, in their order."""
    keys = list(counts[TERM].drop_duplicates().itertuples(index=False, name=None))
    names = dict(zip(keys, term_labels(keys), strict=True))
    return counts.assign(name=[names[key] for key in counts[TERM].itertuples(index=False, name=None)])


def adverse_dots_output(data: AnalysisData, view: View, *, arm: str = "", least_share: str = "5") -> Output:
    """The share of each arm with each term, and the difference from control, the largest difference on top."""
    share = percent_of(least_share)
    basis, events, pair, empty = _start(data, view, arm)
    title = "Events side by side"
    if empty or pair is None:
        return _without(basis, "adverse_dots", title, empty)
    counts = term_counts(events, least_share=share)
    compared = term_comparisons(counts, [(pair[0].trt, pair[1].trt)])
    differences = compared[compared["measure"] == "difference"].sort_values(
        "estimate", ascending=False, kind="stable"
    )
    top = _most_frequent(differences, counts)
    shown = _named(top[TERM].merge(counts[counts["arm"] != ALL], on=TERM)).rename(
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
        records=term_people(events),
        cell_keys=KEYS,
        headline=title,
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


def adverse_volcano_output(data: AnalysisData, view: View, *, arm: str = "") -> Output:
    """Screening of all terms: the difference against Fisher's p, with the false discovery rate; exploratory."""
    basis, events, pair, empty = _start(data, view, arm)
    title = "Screening of all terms"
    if not empty and not basis.tested:
        empty = NO_SCREENING
    if empty or pair is None:
        return _without(basis, "adverse_volcano", title, empty)
    screened = screen(term_counts(events), pair)
    low = int((screened["q_value"] <= 0.05).sum())
    return Output(
        id="adverse_volcano",
        title=title,
        subtitle="Each point a preferred term, larger with more participants. Higher: rarer by chance alone",
        population=basis.population,
        arms=basis.styles,
        results=screened.drop(columns="name"),
        table=_screen_table(screened),
        figure=lambda theme, compact: volcano_figure(
            screened.rename(columns={"SOC": "soc", "TERM": "term"}),
            compared=(pair[0].trt, pair[1].trt),
            theme=theme,
            compact=compact,
        ),
        records=term_people(events),
        cell_keys=KEYS,
        headline=title,
        alt=f"Difference {pair[0].label} minus {pair[1].label} of {wording.plural(len(screened), 'term')} against "
        f"Fisher's p; {low} with a false discovery rate up to 5%.",
        footnotes=(
            f"Exploratory, to look closer and not to conclude: {wording.plural(len(screened), 'term')}, {low} with a "
            "false discovery rate up to 5% (Benjamini-Hochberg).",
            *event_notes(events),
            *basis.notes(),
        ),
        badges=tuple(dict.fromkeys(("exploratory", *basis.badges()))),
        cards=(_screening_card(screened, pair),),
        as_file=lambda: _screened_in_file(screened),
    )


def screen(counts: pd.DataFrame, pair: tuple[Arm, Arm]) -> pd.DataFrame:
    """One row per term: SOC TERM name comparison n (of both arms) estimate p_value q_value method."""
    compared = term_comparisons(counts, [(pair[0].trt, pair[1].trt)])
    one = _named(compared[compared["measure"] == "difference"].reset_index(drop=True))
    columns = [*TERM, "name", "comparison", "estimate", "p_value"]
    return one[columns].assign(
        n=one["n"] + one["n_control"],
        n_arm=one["n"],
        n_control=one["n_control"],
        q_value=false_discovery_control(one["p_value"].to_numpy(float)),
        method="Fisher's exact test, Benjamini-Hochberg",
    )


def _screen_table(screened: pd.DataFrame) -> pd.DataFrame:
    ordered = screened.sort_values("p_value", kind="stable")
    return pd.DataFrame(
        {
            "Preferred term": ordered["name"],
            "Participants": ordered["n"].astype("str"),
            "Difference, points": [wording.points_and_interval(x, x, x)[0] for x in ordered["estimate"]],
            "p, nominal": [
                wording.p_value(p).removeprefix("p = ").removeprefix("p ") for p in ordered["p_value"]
            ],
            "False discovery rate": [wording.fixed(q, 2) for q in ordered["q_value"]],
        }
    ).astype("str")


def _screened_in_file(screened: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without the terms that few participants of an arm had: difference and sum together give both counts."""
    small = screened["n_arm"].map(few) | screened["n_control"].map(few)
    numbers = {name: screened[name].astype(float).mask(small) for name in ("n", "n_arm", "n_control")}
    derived = {name: screened[name].mask(small) for name in ("estimate", "p_value", "q_value")}
    return screened.assign(**numbers, **derived).drop(columns="name"), _screen_table(screened[~small])


def _screening_card(screened: pd.DataFrame, pair: tuple[Arm, Arm]) -> Card:
    least = screened.sort_values("p_value", kind="stable").iloc[0]
    q = wording.fixed(float(least["q_value"]), 2)
    words = f"{wording.p_value(float(least['p_value']))}, false discovery rate {q}"
    return Card(
        title=f"Rarest difference, {pair[0].trt} - {pair[1].trt}: {wording.lowered(str(least['name']))}",
        estimate=words,
        method=str(least["method"]),
        reason=WHY_SCREENING,
    )


def adverse_butterfly_output(
    data: AnalysisData, view: View, *, arm: str = "", least_share: str = "5"
) -> Output:
    """Two arms mirrored, term by term, split by worst grade."""
    share = percent_of(least_share)
    basis, events, pair, empty = _start(data, view, arm)
    title = "Worst grade, arm against arm"
    if empty or pair is None:
        return _without(basis, "adverse_butterfly", title, empty)
    counts = term_counts(events, least_share=share)
    frequent = counts[counts["arm"] == ALL].sort_values("n", ascending=False, kind="stable")[TERM]
    cells = frequent.iloc[:MOST_ROWS].merge(worst_grades(events), on=TERM)
    cells = _named(cells[cells["arm"].isin([each.trt for each in pair])])
    left = max(len(frequent) - MOST_ROWS, 0)
    people = term_people(events)
    grades = [
        grade
        for grade in (*map(str, GRADES), UNGRADED)
        if (cells.loc[cells["grade"] == grade, "n"] > 0).any()
    ]
    words = dict(zip((*map(str, GRADES), UNGRADED), GRADE_WORDS, strict=True))
    drawn = cells.rename(columns={"SOC": "soc", "TERM": "term"})
    return Output(
        id="adverse_butterfly",
        title=title,
        subtitle="Each participant once per term, at the worst grade. Click a bar to list them",
        population=basis.population,
        arms=basis.styles,
        results=cells.drop(columns="name").assign(method="participants by worst grade"),
        table=_grades_table(cells, [each.trt for each in pair], basis),
        figure=lambda theme, compact: butterfly_figure(
            drawn,
            pair,
            grades=grades,
            grade_words=[words[grade] for grade in grades],
            theme=theme,
            compact=compact,
        ),
        records=people.rename(columns={"WORST": "GRADE"})[["USUBJID", "ARM", "SOC", "TERM", "GRADE"]],
        cell_keys=("SOC", "TERM", "GRADE", "ARM"),
        headline=title,
        alt=f"{pair[0].label} and {pair[1].label} mirrored: share of participants with each term, by worst grade.",
        footnotes=(
            *([f"Not drawn: {wording.plural(left, 'less frequent term')}."] if left else []),
            *event_notes(events),
            *basis.notes(),
        ),
        badges=basis.badges(),
        empty="" if len(cells) else f"No term was had by at least {100 * share:g}% of an arm.",
        as_file=lambda: _grades_in_file(cells, [each.trt for each in pair], basis),
    )


def _grades_in_file(cells: pd.DataFrame, arms: list[str], basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without small cells: the grades of a term in an arm add up to its participants."""
    hidden = hidden_of(cells, over={"grade": None}, within=(*TERM, "arm"), counts=("n",))
    kept = suppressed(cells, hidden, derived=("estimate",)).drop(columns="name")
    rows = hidden["n"].groupby([cells[name] for name in (*TERM, "grade")]).transform("any")
    return kept, _grades_table(cells[~rows], arms, basis)


def _grades_table(cells: pd.DataFrame, arms: list[str], basis: Basis) -> pd.DataFrame:
    shown = cells[cells["n"] > 0]
    rows = [
        {
            "Preferred term": own["name"].iloc[0],
            "Worst grade": grade,
            **{basis.labels[arm]: str(int(own.loc[own["arm"] == arm, "n"].sum())) for arm in arms},
        }
        for (_, _, grade), own in shown.groupby([*TERM, "grade"], sort=False)
    ]
    return pd.DataFrame(rows)


def _without(basis: Basis, output_id: str, title: str, why: str) -> Output:
    return Output(
        id=output_id,
        title=title,
        population=basis.population,
        arms=basis.styles,
        headline=title,
        footnotes=basis.notes(),
        badges=basis.badges(),
        cards=(),
        empty=why,
    )
