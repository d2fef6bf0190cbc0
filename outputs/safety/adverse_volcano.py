"""A screening of all terms: the difference of the shares against Fisher's p, with the false discovery rate."""

import pandas as pd
from scipy.stats import false_discovery_control

from analysis.adam import AnalysisData
from analysis.safety.terms import TERM, term_comparisons, term_counts
from charts.safety.volcano import volcano_figure
from outputs import wording
from outputs.nothing import nothing_to_show
from outputs.output import Card, Output, View
from outputs.safety.adverse_overview import event_notes
from outputs.safety.adverse_pair import compared_start, with_names
from outputs.safety.adverse_terms import KEYS, term_people
from outputs.small_cells import few
from trialdata.definition import Arm

NO_SCREENING = (
    "Screening by p-values needs randomised arms and everybody of the safety set: it is not offered here."
)
WHY_SCREENING = (
    "Exact for rare events; the false discovery rate counts how many of the terms singled out may be chance."
)


def adverse_volcano_output(data: AnalysisData, view: View, *, arm: str = "") -> Output:
    """Screening of all terms: the difference against Fisher's p, with the false discovery rate; exploratory."""
    basis, events, pair, empty = compared_start(data, view, arm)
    title = "Screening of all terms"
    if not empty and not basis.tested:
        empty = NO_SCREENING
    if empty or pair is None:
        return nothing_to_show(basis, "adverse_volcano", title, empty)
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
    one = with_names(compared[compared["measure"] == "difference"].reset_index(drop=True))
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
