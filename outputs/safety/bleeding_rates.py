"""How many bled after baseline, and how long participants stayed free of clinically significant bleeding."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.bleeding import assessments, baseline_and_worst, bleeding_times
from analysis.survival import kaplan_meier, median_survival
from charts.survival import kaplan_meier_figure
from outputs import wording
from outputs.basis import Basis
from outputs.durability import km_results, log_rank_note, time_cards
from outputs.observational.shares_beside import SharesBeside, shares_beside
from outputs.output import Output, View
from outputs.response import headline_differences, headline_rates, intervals_words
from outputs.safety.basis import safety_basis
from outputs.safety.bleeding import bleeding_notes, chosen_scale, without_scale
from outputs.shares import differences_sentence, headline_shares, share_cards, share_table, shares_by_measure
from outputs.slide_lines import curves
from outputs.time_endpoints import association, landmark_table, landmarks

ANY, SIGNIFICANT = "Any bleeding", "Clinically significant bleeding"


def bleeding_rates_output(data: AnalysisData, view: View, *, scale: str = "") -> Output:
    """Any and clinically significant bleeding after baseline, of those assessed, and the difference from control."""
    basis, of_scale = safety_basis(data, view), chosen_scale(data, scale)
    title = "Bleeding after baseline"
    if of_scale is None:
        return without_scale(basis, "bleeding_rates", title)
    assessed = assessments(data, basis.subjects, of_scale)
    worst = baseline_and_worst(assessed.rows, basis.subjects).dropna(subset="WORST")
    least = {ANY: 1, SIGNIFICANT: of_scale.significant}
    met = {name: worst["WORST"] >= grade for name, grade in least.items()}
    cheap = shares_by_measure(met, dict.fromkeys(met, worst["ARM"]), basis, column="bleeding")
    rates = headline_rates(cheap)
    answers = {name: answer.set_axis(worst["USUBJID"]) for name, answer in met.items()}
    beside = shares_beside(answers, basis, column="bleeding")
    results = beside.beside(headline_shares(cheap))
    records = [
        worst.loc[worst["WORST"] >= grade, ["USUBJID", "ARM"]].assign(KIND=name)
        for name, grade in least.items()
    ]
    return Output(
        id="bleeding_rates",
        title=title,
        subtitle=f"Of those assessed after baseline. {intervals_words(basis)}",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=share_table(results, basis, column="bleeding", title="Participants with"),
        records=pd.concat(records, ignore_index=True),
        cell_keys=("ARM", "KIND"),
        headline=_headline(rates, of_scale.label),
        detail=_detail(beside, results),
        footnotes=(
            f"Clinically significant: grade {of_scale.significant} or more.",
            *association(basis),
            *bleeding_notes(assessed, basis),
            *(beside.notes() if len(worst) else ()),
        ),
        badges=basis.badges(),
        cards=(*share_cards(cheap, basis, column="bleeding", names=list(least)), *beside.cards(cheap)),
        empty=basis.nobody() or ("" if len(worst) else "Nobody was assessed after baseline by this cut."),
    )


def _headline(rates: pd.DataFrame, label: str) -> str:
    shown = rates[(rates["bleeding"] == SIGNIFICANT) & (rates["N"] > 0)]
    if shown.empty:
        return "Bleeding: nobody was assessed after baseline"
    return f"{SIGNIFICANT}: {' vs '.join(wording.rate_words(row.n, row.N) for row in shown.itertuples())}"


def _detail(beside: SharesBeside, results: pd.DataFrame) -> str:
    plain = headline_differences(results[results["bleeding"] == SIGNIFICANT])
    said = differences_sentence(plain, crude=bool(beside.answers))
    who = "Participants with at least one such grade."
    return " ".join(filter(None, [said, beside.sentence(results, SIGNIFICANT), who]))


def bleeding_free_output(data: AnalysisData, view: View, *, scale: str = "") -> Output:
    """Freedom from clinically significant bleeding from day 1, Kaplan-Meier."""
    basis, of_scale = safety_basis(data, view), chosen_scale(data, scale)
    title = "Free of clinically significant bleeding"
    if of_scale is None:
        return without_scale(basis, "bleeding_free", title)
    assessed = assessments(data, basis.subjects, of_scale)
    times = bleeding_times(assessed.rows, basis.subjects, of_scale)
    curve = kaplan_meier(times, basis.trts)
    medians = median_survival(curve)
    words = np.where(times["CNSR"] == 0, "bled", "did not bleed")
    return Output(
        id="bleeding_free",
        title=title,
        subtitle="Kaplan-Meier from day 1 to the first assessment with it. Shaded: 95% log-log interval",
        population=basis.population,
        arms=basis.styles,
        results=km_results(curve, medians, times, basis),
        table=landmark_table(landmarks(curve), basis, "Free of it by week"),
        figure=lambda theme, compact: kaplan_meier_figure(
            curve,
            basis.arms,
            medians=medians,
            y_title="Participants without clinically significant bleeding",
            end_words="without",
            theme=theme,
            compact=compact,
        ),
        chart=lambda: curves(curve, basis.arms, "Participants without clinically significant bleeding"),
        records=times.assign(EVENT=words)[["USUBJID", "ARM", "EVENT"]],
        cell_keys=("ARM", "EVENT"),
        headline=title,
        alt=f"{title} by arm, Kaplan-Meier. {_events(times, basis)}",
        footnotes=(
            f"{_events(times, basis)} Small upright ticks: censored at the last assessment.",
            *filter(None, [log_rank_note(times, basis)]),
            *association(basis),
            *bleeding_notes(assessed, basis),
        ),
        badges=basis.badges(),
        cards=time_cards(title, curve, medians, basis) if len(times) else (),
        empty=basis.nobody() or ("" if len(times) else "Nobody was assessed after baseline by this cut."),
    )


def _events(times: pd.DataFrame, basis: Basis) -> str:
    parts = [
        f"{int(((times['ARM'] == trt) & (times['CNSR'] == 0)).sum())} of {int((times['ARM'] == trt).sum())}"
        for trt in basis.trts
    ]
    return f"Events in {wording.joined(parts)} participants assessed after baseline."
