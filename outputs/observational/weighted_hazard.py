"""The hazard ratio of arms that were not randomised: crude, and weighted by each estimand."""

import math

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.cox import COX, hazard_ratios
from analysis.observational.weighted_cox import weighted_hazard_ratio
from analysis.observational.weighted_survival import times_in_order
from analysis.observational.weighting import ESTIMANDS
from analysis.proportions import normal_quantile
from charts.strategies import estimates_figure
from outputs import wording
from outputs.basis import Basis
from outputs.cards import card
from outputs.nothing import nothing_to_show
from outputs.observational import words
from outputs.observational.times import EVENTS, KINDS, TITLES, at_rescue, time_endpoint
from outputs.observational.weighted import BOOTSTRAP, CRUDE, INTERVALS, WHY_BOOTSTRAP, Weighted, weighted
from outputs.output import Card, Output, View
from outputs.slide_rows import estimates
from outputs.times import few_events
from trialdata.definition import Endpoint
from trialdata.errors import StudyDataError

ID, TITLE = "weighted_hazard", "Hazard ratio, crude and weighted"
FIXED = "The robust standard error (Lin and Wei) takes the weights as known; the interval of the resamples does not."
NOT_GIVEN = "not given"
WHOM = "As observed: the arms may differ at entry."


def weighted_hazard_output(
    data: AnalysisData,
    view: View,
    *,
    of: str = KINDS[0],
    estimand: str = "ATO",
    truncate: str = "0",
    arm: str = "",
) -> Output:
    """The hazard ratio of the experimental arm by Cox's model: crude, and by each estimand; `estimand` leads."""
    basis = Basis(data, view)
    try:
        endpoint = time_endpoint(basis, of)
        rows = basis.times_of(endpoint).dropna(subset=["AVAL"])
        found = weighted(basis, estimand, truncate, arm=arm, among=rows["USUBJID"])
        if all(found.refused(each) for each in ESTIMANDS):
            raise StudyDataError(found.refused())
    except StudyDataError as reason:
        return nothing_to_show(basis, ID, TITLE, str(reason))
    return _output(basis, endpoint, of, found, rows[rows["USUBJID"].isin(found.compared.groups.usubjid)])


def _output(basis: Basis, endpoint: Endpoint, of: str, found: Weighted, rows: pd.DataFrame) -> Output:
    results = _results(found, rows)
    leading = results[results["weights"] == found.estimand]
    experimental = found.compared.experimental.label
    return Output(
        id=ID,
        title=TITLE,
        subtitle=found.sentence,
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(results, found),
        figure=lambda theme, compact: estimates_figure(
            _drawn(results, found),
            axis_title=f"Hazard ratio; below 1: fewer {EVENTS[of]}"
            if compact
            else f"Hazard ratio (95% CI); below 1: fewer {EVENTS[of]} per time with {experimental}",
            ratio=True,
            theme=theme,
            compact=compact,
        ),
        chart=lambda: estimates(
            _drawn(results, found),
            f"Hazard ratio (95% CI); below 1: fewer {EVENTS[of]} per time with {experimental}",
            ratio=True,
        ),
        headline=_headline(leading, found, of),
        detail=f"{found.sentence} {_detail(results, found)}",
        alt=f"Hazard ratio of {experimental} against {found.compared.control.label}, crude and by each estimand; the "
        "table holds every number.",
        footnotes=(
            f"{basis.population}, {wording.plural(len(rows), 'participant')} of the two arms. Cox regression on the "
            "arm, Efron's ties. Crude: Wald interval.",
            f"{INTERVALS} {FIXED}",
            *found.footnotes(),
            *at_rescue(of),
            *basis.notes(endpoint),
        ),
        badges=(*(("immature",) if few_events(leading) else ()), *basis.badges(endpoint)),
        cards=_cards(results, found),
    )


def _results(found: Weighted, rows: pd.DataFrame) -> pd.DataFrame:
    """One row per estimand after the crude one; `error` is the standard error of the log ratio."""
    groups = found.compared.groups
    times = times_in_order(rows, groups)
    crude = hazard_ratios(rows, [(groups.experimental, groups.control)]).iloc[0].to_dict()
    width = math.log(crude["conf_high"] / crude["conf_low"]) if crude["conf_low"] > 0 else np.nan
    kept = ("n", "N", "estimate", "conf_low", "conf_high", "method", "note")
    lines = [
        {"weights": CRUDE} | {k: crude[k] for k in kept} | {"error": width / (2 * normal_quantile(0.95))}
    ]
    for estimand in ESTIMANDS:
        if refused := found.refused(estimand):
            lines.append(
                {"weights": estimand, "n": crude["n"], "N": crude["N"], "note": refused, "method": ""}
            )
            continue
        own = found.weights(estimand), found.resampled(estimand), found.resamples.counts
        lines.append({"weights": estimand} | weighted_hazard_ratio(times, *own))
    comparison = f"{groups.experimental} - {groups.control}"
    columns = [
        "measure",
        "weights",
        "arm",
        "comparison",
        "n",
        "N",
        "estimate",
        "conf_low",
        "conf_high",
        "error",
    ]
    columns += ["robust_low", "robust_high", "note", "method"]
    named = pd.DataFrame(lines).assign(measure="hazard ratio", arm="", comparison=comparison)
    return named.reindex(columns=columns)


def _ratio_words(row) -> tuple[str, str]:
    if np.isnan(row.estimate):
        return NOT_GIVEN if row.weights != CRUDE and not row.method else wording.NOT_ESTIMABLE, ""
    known = not np.isnan(row.conf_low)
    limits = f"{_limit(row.conf_low)} to {_limit(row.conf_high)}" if known else ""
    return _limit(row.estimate), limits


def _limit(value: float) -> str:
    return "0" if value == 0 else wording.ratio(value)


def _label(weights: str, found: Weighted) -> str:
    return CRUDE if weights == CRUDE else found.name_of(weights)


def _truncation(weights: str, found: Weighted) -> str:
    """The heading above the estimands whose weights are truncated; in the figure a name has no room for it."""
    return found.name_of(weights).partition(", ")[2].capitalize() if weights != CRUDE else ""


def _drawn(results: pd.DataFrame, found: Weighted) -> pd.DataFrame:
    lines = []
    for row in results.itertuples():
        estimate, limits = _ratio_words(row)
        lines.append(
            {
                "label": words.WEIGHTS.get(row.weights, CRUDE),
                "words": f"{estimate} ({limits})" if limits else estimate,
                "estimate": row.estimate if 0 < row.estimate < np.inf else np.nan,
                "conf_low": row.conf_low,
                "conf_high": row.conf_high,
                "leading": row.weights == found.estimand,
                "group": _truncation(row.weights, found),
            }
        )
    return pd.DataFrame(lines)


def _table(results: pd.DataFrame, found: Weighted) -> pd.DataFrame:
    lines = []
    for row in results.itertuples():
        estimate, limits = _ratio_words(row)
        known = not np.isnan(row.robust_low)
        lines.append(
            {
                "Method": _label(row.weights, found),
                "The answer is": WHOM
                if row.weights == CRUDE
                else words.sentence(row.weights, found.compared.experimental, found.compared.control),
                "Hazard ratio": estimate,
                "95% CI": limits,
                "SE of its logarithm": "" if np.isnan(row.error) else wording.fixed(row.error, 3),
                "95% CI, weights as known": f"{_limit(row.robust_low)} to {_limit(row.robust_high)}"
                if known
                else "",
                "Events": f"{row.n} in {row.N}",
                "Note": row.note,
            }
        )
    table = pd.DataFrame(lines)
    return table if (table["Note"] != "").any() else table.drop(columns="Note")


def _headline(leading: pd.DataFrame, found: Weighted, of: str) -> str:
    estimate, _ = _ratio_words(next(leading.itertuples()))
    label = TITLES[of] if of != KINDS[0] else "Treatment failure"
    if not estimate[0].isdigit():
        return f"{label}: no hazard ratio with {wording.lowered(found.name)}"
    return f"{label}: hazard ratio {estimate} with {wording.lowered(found.name)}"


def _detail(results: pd.DataFrame, found: Weighted) -> str:
    by_weights = {row.weights: row for row in results.itertuples()}
    leading, crude = by_weights[found.estimand], by_weights[CRUDE]
    estimate, limits = _ratio_words(crude)
    _, own = _ratio_words(leading)
    said = [
        f"95% CI {own}" if own else leading.note.rstrip("."),
        f"crude {estimate}" + (f" (95% CI {limits})" if limits else ""),
    ]
    counted = f"{wording.plural(leading.n, 'event')} in {wording.plural(leading.N, 'participant')}."
    return f"{'; '.join(part for part in said if part)}. {counted}"


def _cards(results: pd.DataFrame, found: Weighted) -> tuple[Card, ...]:
    """The leading hazard ratio, beside it the crude one and the other estimands."""
    method = {CRUDE: f"{CRUDE}, {COX}"} | {
        estimand: f"Cox, {wording.lowered(found.name_of(estimand))} ({estimand}); {BOOTSTRAP}"
        for estimand in ESTIMANDS
    }
    rows = results.assign(named=results["weights"].map(method))
    known = _as_known(results, found)
    shown = pd.concat(
        [rows.drop(columns="method").rename(columns={"named": "method"}), known], ignore_index=True
    )
    chosen = method[found.estimand]
    return (card(shown, title="Hazard ratio", chosen=chosen, reason=WHY_BOOTSTRAP, words=_ratio_words),)


def _as_known(results: pd.DataFrame, found: Weighted) -> pd.DataFrame:
    """The leading ratio with Wald's interval of the robust standard error."""
    own = results[(results["weights"] == found.estimand) & results["robust_low"].notna()]
    return own.assign(
        conf_low=own["robust_low"],
        conf_high=own["robust_high"],
        method="The same, robust standard error of Lin and Wei, which takes the weights as known",
    )
