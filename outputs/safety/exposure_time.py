"""How long participants stayed on treatment: Kaplan-Meier of the end of all study drugs, and of each."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.doses import dose_rows
from analysis.safety.treatment_time import ANY_DRUG, treatment_times
from analysis.survival import kaplan_meier, landmark, median_survival
from charts.survival import kaplan_meier_figure
from outputs import wording
from outputs.basis import Basis
from outputs.competing_death import between
from outputs.output import Output, View
from outputs.safety.basis import safety_basis
from outputs.safety.counts import sizes_words
from outputs.safety.exposure_words import without_doses
from outputs.slide_lines import curves
from outputs.survival_cards import landmark_card, median_card

WEEKS = (4, 12, 26, 52)
TITLE = "Time on treatment"


def exposure_time_output(data: AnalysisData, view: View) -> Output:
    """The share still on any study drug over time, and in numbers on each drug."""
    basis = safety_basis(data, view)
    rows = dose_rows(data, basis.subjects)
    times = treatment_times(rows, basis.subjects, basis.definition)
    curve = kaplan_meier(times[times["DRUG"] == ANY_DRUG], basis.trts)
    medians = median_survival(curve)
    at = on_treatment(times, basis)
    empty = basis.nobody() or without_doses(data, rows)
    whole = at[at["drug"] == ANY_DRUG]
    return Output(
        id="exposure_time",
        title=TITLE,
        subtitle="Treated participants still on any study drug. Kaplan-Meier; shaded: 95% interval",
        population=basis.population,
        arms=basis.styles,
        results=pd.concat([curve.assign(drug=ANY_DRUG, measure="curve"), at], ignore_index=True),
        table=_table(at, basis),
        figure=lambda theme, compact: kaplan_meier_figure(
            curve,
            basis.arms,
            y_title="Participants on treatment",
            x_title="Weeks from first dose",
            theme=theme,
            compact=compact,
        ),
        chart=lambda: curves(curve, basis.arms, "Participants on treatment"),
        records=at_risk(times),
        cell_keys=("ARM", "DRUG", "WEEK"),
        headline=_headline(medians, basis),
        detail=f"{basis.population}: {sizes_words(basis)}. Kaplan-Meier, 95% interval in the table.",
        alt="Share of treated participants still on treatment by arm; the table holds the shares in numbers.",
        footnotes=(
            "From the first dose of the drug to its last day; on a drug that runs at the end of follow-up: censored "
            "there. Death ends treatment. Reaching the planned end is an end too. Interruptions do not end it.",
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=_cards(whole, medians, basis) if not empty else (),
        empty=empty,
    )


def on_treatment(times: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """One row per drug, arm with anybody on it, and week: the share still on it with its interval, n at risk."""
    parts = []
    for drug in [ANY_DRUG, *sorted(set(times["DRUG"]) - {ANY_DRUG})]:
        own = times[times["DRUG"] == drug]
        arms = [trt for trt in basis.trts if (own["ARM"] == trt).any()]
        if arms:
            at = landmark(kaplan_meier(own, arms), [7 * week for week in WEEKS])
            parts.append(at.assign(drug=drug, N=at["arm"].map(own["ARM"].value_counts())))
    if not parts:
        return pd.DataFrame(
            columns=["drug", "arm", "week", "time", "N", "n_risk", "estimate", "conf_low", "conf_high"]
        )
    whole = pd.concat(parts, ignore_index=True)
    return whole.assign(week=whole["time"] / 7, measure="share on treatment")


def at_risk(times: pd.DataFrame) -> pd.DataFrame:
    """One row per participant, drug and week at which the drug was still taken and followed; week 0 for all treated."""
    parts = [times[times["AVAL"] >= 7 * week].assign(WEEK=f"{week:g}") for week in (0, *WEEKS)]
    return pd.concat(parts, ignore_index=True)[["USUBJID", "ARM", "DRUG", "WEEK"]].astype("str")


def _table(at: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    watched = at.groupby(["drug", "week"])["n_risk"].transform("max") > 0
    known = at[at["estimate"].notna() & (watched | (at["week"] == WEEKS[0]))]
    lines = []
    for (drug, week), rows in known.groupby(["drug", "week"], sort=False):
        cells = {row.arm: _cell(row) for row in rows.itertuples()}
        named = {basis.labels[trt]: cells.get(trt, "–") for trt in basis.trts}
        lines.append({"On treatment (95% CI)": f"{drug}, week {week:g}", **named})
    return pd.DataFrame(lines, columns=["On treatment (95% CI)", *basis.labels.values()]).astype("str")


def _cell(row) -> str:
    share = wording.percent(row.estimate, 0)
    if pd.isna(row.conf_low) or pd.isna(row.conf_high):
        return f"{share}, {row.n_risk} at risk"
    return f"{share} ({wording.percent_interval(row.conf_low, row.conf_high, 0)}), {row.n_risk} at risk"


def _headline(medians: pd.DataFrame, basis: Basis) -> str:
    by_arm = medians.set_index("arm")["estimate"]
    said = [wording.weeks(by_arm[trt]) if trt in by_arm else "–" for trt in basis.trts]
    return f"Median time on treatment: {' vs '.join(said)} weeks"


def _cards(whole: pd.DataFrame, medians: pd.DataFrame, basis: Basis):
    shown = between(whole)
    at = (landmark_card("Still on treatment", shown, basis),) if len(shown) else ()
    return (*at, median_card(TITLE, medians, basis))
