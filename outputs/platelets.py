"""Platelets: the course by arm, every participant, thresholds and change from baseline."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.longitudinal import (
    platelet_change,
    platelet_geometric_means,
    platelet_mean_change,
    platelet_quantiles,
    platelet_quantiles_type_2,
    share_at_or_above,
)
from charts.platelets import change_figure, course_figure, participants_figure, thresholds_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Card, Output, View
from outputs.slide_axis import RESPONSE_LINES, change_axis, percent_axis, platelet_axis
from outputs.slide_chart import Rows
from outputs.slide_lines import by_visit
from outputs.slide_rows import of_arms
from outputs.standing import mature_week, visit_card, visit_table
from outputs.summary_cards import WHY_GEOMETRIC, WHY_MEDIAN, summary_card

THRESHOLDS = (30, 50, 100)
CENSORED_NOTE = {
    "median": "A count reported as <n ranks below n.",
    "geometric": "A count reported as <n is taken as n, and a count below 1 as 1.",
}
COUNTS_WORDS = {
    "all": "Observed counts in each visit window",
    "outside": "Counts outside the shadow of rescue",
}


def platelets(basis: Basis, *, counts: str = "all") -> pd.DataFrame:
    """Platelet rows of the analysis set with ARM; `counts` "outside" leaves out the shadow of rescue."""
    adlb = basis.data.adlb
    records = basis.records_of(adlb[adlb["PARAMCD"] == "PLAT"])
    return records[records["SHADOW"] == ""] if counts == "outside" else records


def platelet_course_output(
    data: AnalysisData, view: View, *, summary: str = "median", counts: str = "all", scale: str = "log"
) -> Output:
    """Platelets by visit and arm: median with quartiles, or geometric mean with its interval."""
    basis = Basis(data, view)
    records = platelets(basis, counts=counts)
    weeks = data.definition.visits.weeks
    compute = platelet_quantiles if summary == "median" else platelet_geometric_means
    results = compute(records, weeks, basis.trts)
    mature = mature_week(results, basis)
    name = "Median" if summary == "median" else "Geometric mean"
    spread = "interquartile range" if summary == "median" else "95% interval"
    shown = f"{COUNTS_WORDS[counts]}; {name.lower()} and {spread}"
    return Output(
        id="platelet_course",
        title=f"{name} platelet count by arm",
        subtitle=f"{shown}. Dotted: response thresholds",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=visit_table(
            results,
            basis,
            lambda r: (
                f"{wording.count(r.estimate)} ({wording.count(r.conf_low)} to {wording.count(r.conf_high)}), n = {r.n}"
                if r.n
                else "–"
            ),
        ),
        figure=lambda theme, compact: course_figure(
            results,
            basis.arms,
            kind="median" if summary == "median" else "geometric mean",
            log=scale == "log",
            mature_week=mature,
            enrolled=basis.sizes,
            theme=theme,
            compact=compact,
        ),
        chart=lambda: by_visit(
            results,
            basis.arms,
            platelet_axis(results, f"{name.lower()}, {spread}", log=scale == "log"),
            sizes=basis.sizes,
            thresholds=RESPONSE_LINES,
        ),
        headline=_course_headline(results, basis, mature, name.lower()),
        detail=f"{shown}.",
        alt=f"{name} platelet count with {spread} by visit and arm; the table holds every number.",
        footnotes=(
            f"{basis.population}, {wording.plural(len(basis.subjects), 'participant')}. n: participants with a "
            f"count in the visit window. {CENSORED_NOTE['median' if summary == 'median' else 'geometric']} "
            "Later visits hold earlier entrants only.",
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=_course_cards(records, mature, basis, summary=summary),
        empty=basis.nobody() or ("" if results["n"].sum() else "No platelet count at this cut."),
    )


def _course_cards(records: pd.DataFrame, week: float, basis: Basis, *, summary: str) -> tuple[Card, ...]:
    """The summary at the last visit at which half of every arm is counted, and the other summaries of it."""
    compute = [platelet_quantiles, platelet_quantiles_type_2, platelet_geometric_means]
    of_week = [of(records, [week], basis.trts) for of in compute]
    median = summary == "median"
    shown, *others = of_week if median else [of_week[2], *of_week[:2]]
    reason = WHY_MEDIAN if median else WHY_GEOMETRIC
    title = f"Platelets at week {week:g}, ×10⁹/L"
    return (summary_card(title, shown, others, basis, reason=reason, words=_count_words),)


def _count_words(row) -> tuple[str, str]:
    limits = (
        ""
        if pd.isna(row.conf_low)
        else f"{wording.fixed(row.conf_low, 1)} to {wording.fixed(row.conf_high, 1)}"
    )
    return wording.fixed(row.estimate, 1), limits


def _course_headline(results: pd.DataFrame, basis: Basis, week: float, name: str) -> str:
    at = results[results["time"] == week].set_index("arm")["estimate"].reindex(list(basis.trts)).dropna()
    values = " vs ".join(wording.count(value) for value in at)
    return f"Platelets: {name} {values} ×10⁹/L at week {week:g}" if values else "Platelets"


def platelet_participants_output(data: AnalysisData, view: View, *, scale: str = "log") -> Output:
    """Every participant's counts, a panel per arm, the arm's median on top."""
    basis = Basis(data, view)
    lines = course_lines(basis)
    medians = platelet_quantiles(platelets(basis), data.definition.visits.weeks, basis.trts)
    return Output(
        id="platelet_participants",
        title="Every participant",
        subtitle="One line each; the thick line is the arm's median. Click a line to open the participant",
        population=basis.population,
        arms=basis.styles,
        results=medians,
        table=pd.DataFrame(
            {
                "Participant": lines["USUBJID"],
                "Arm": lines["ARM"].map(basis.labels),
                "Day": lines["ADY"].map(wording.day),
                "Platelets, ×10⁹/L": lines["AVAL"].map("{:g}".format),
            }
        ),
        figure=lambda theme, compact: participants_figure(
            lines,
            medians,
            basis.arms,
            log=scale == "log",
            mature_week=mature_week(medians, basis),
            enrolled=basis.sizes,
            theme=theme,
            compact=compact,
        ),
        records=basis.subjects[["USUBJID", "ARM"]].reset_index(drop=True),
        cell_keys=("ARM",),
        headline="Every participant",
        alt="Platelet counts of every participant over weeks, one panel per arm, with the arm's median.",
        footnotes=(f"{basis.population}. Of several counts on a day the lowest.", *basis.notes()),
        badges=basis.badges(),
        empty=basis.nobody() or ("" if len(lines) else "No platelet count at this cut."),
    )


def course_lines(basis: Basis) -> pd.DataFrame:
    """One row per participant and day with a count, in drawing order: ARM, ADY, WEEK, AVAL (10^9/L)."""
    counts = basis.daily_counts.sort_values(["ARM", "USUBJID", "ADY"])
    weeks = (counts["ADY"] - (counts["ADY"] > 0)) / 7
    return counts.assign(WEEK=weeks)[["USUBJID", "ARM", "ADY", "WEEK", "AVAL"]].reset_index(drop=True)


def platelet_thresholds_output(data: AnalysisData, view: View, *, denominator: str = "due") -> Output:
    """Percent of participants at or above 30, 50 and 100 by visit and arm."""
    basis = Basis(data, view)
    observed_only = denominator == "observed"
    records = platelets(basis)
    results = pd.concat(
        [
            share_at_or_above(
                basis.subjects,
                records,
                data.definition.visits,
                basis.trts,
                threshold,
                observed_only=observed_only,
            ).assign(threshold=threshold)
            for threshold in THRESHOLDS
        ],
        ignore_index=True,
    )
    words = (
        "Of those with a count outside the shadow of rescue"
        if observed_only
        else "Of all due at the visit; missing and counts in the shadow of rescue count as not reached"
    )
    sizes = results[results["threshold"] == THRESHOLDS[0]].assign(n=lambda frame: frame["N"])
    return Output(
        id="platelet_thresholds",
        title="Percent at or above each threshold",
        subtitle="Platelets, ×10⁹/L. "
        + ("Observed counts only" if observed_only else "Of all due at the visit"),
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_threshold_table(results, basis),
        figure=lambda theme, compact: thresholds_figure(
            results,
            basis.arms,
            mature_week=mature_week(sizes, basis),
            enrolled=basis.sizes,
            theme=theme,
            compact=compact,
        ),
        chart=lambda: _reached_rows(results, basis, mature_week(sizes, basis)),
        headline="Percent at or above each threshold",
        alt="Percent of participants at or above 30, 50 and 100 by visit and arm; the table holds every number.",
        footnotes=(
            f"{basis.population}. {words}. Intervals in the table: Wilson, 95%. n in the table.",
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=tuple(
            visit_card(f"At or above {threshold}", rows, basis)
            for threshold, rows in results.groupby("threshold")
            if rows["N"].sum()
        ),
        empty=basis.nobody() or ("" if results["N"].sum() else "Nobody is due for a visit at this cut."),
    )


def _reached_rows(results: pd.DataFrame, basis: Basis, mature: float) -> Rows:
    """Each threshold by arm at the last visit at which half of every arm is due, else at the last with anybody."""
    week = mature or float(results.loc[results["N"] > 0, "time"].max())
    shown = results[(results["time"] == week) & (results["N"] > 0)]
    return of_arms(
        shown,
        basis.arms,
        percent_axis(f"Participants at week {week:g}, 95% CI"),
        lambda row: (
            f"{wording.percent(row.estimate, row.N)} "
            f"({wording.percent_interval(row.conf_low, row.conf_high, row.N)})"
        ),
        group=lambda row: f"At least {row.threshold} ×10⁹/L",
        detail=lambda row: f"{row.n} of {row.N}",
        scale=100,
    )


def _threshold_table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    shown = results[results["N"] > 0]
    return pd.DataFrame(
        {
            "Week": shown["time"].map("{:g}".format),
            "At least": shown["threshold"].astype(str),
            "Arm": shown["arm"].map(basis.labels),
            "n of N": [f"{row.n} of {row.N}" for row in shown.itertuples()],
            "Percent": [wording.percent(row.estimate, row.N) for row in shown.itertuples()],
            "95% CI": [
                wording.percent_interval(row.conf_low, row.conf_high, row.N) for row in shown.itertuples()
            ],
        }
    )


def platelet_change_output(data: AnalysisData, view: View, *, counts: str = "all") -> Output:
    """Change from baseline by visit and arm: median with quartiles."""
    basis = Basis(data, view)
    records = platelets(basis, counts=counts)
    results = platelet_change(records, data.definition.visits.weeks, basis.trts)
    mature = mature_week(results, basis)
    return Output(
        id="platelet_change",
        title="Change from baseline",
        subtitle=f"{COUNTS_WORDS[counts]} less the baseline. Upright lines: interquartile range",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=visit_table(
            results,
            basis,
            lambda r: (
                f"{wording.fixed(r.estimate)} ({wording.fixed(r.conf_low)} to {wording.fixed(r.conf_high)}), n = {r.n}"
                if r.n
                else "–"
            ),
        ),
        figure=lambda theme, compact: change_figure(
            results,
            basis.arms,
            mature_week=mature,
            enrolled=basis.sizes,
            theme=theme,
            compact=compact,
        ),
        chart=lambda: by_visit(
            results,
            basis.arms,
            change_axis(results, "Change from baseline, ×10⁹/L, median and interquartile range"),
            sizes=basis.sizes,
            thresholds=((0, ""),),
        ),
        headline="Change from baseline",
        alt="Median change in platelets from baseline by visit and arm; the table holds every number.",
        footnotes=(
            f"{basis.population}, participants with a baseline. {CENSORED_NOTE['median']}",
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=_change_cards(records, mature, basis),
        empty=basis.nobody() or ("" if results["n"].sum() else "No count after baseline at this cut."),
    )


def _change_cards(records: pd.DataFrame, week: float, basis: Basis) -> tuple[Card, ...]:
    """The median change at the last visit at which half of every arm is counted, and the mean change."""
    if not week:
        return ()
    shown, other = (of(records, [week], basis.trts) for of in (platelet_change, platelet_mean_change))
    title = f"Change from baseline to week {week:g}, ×10⁹/L"
    return (summary_card(title, shown, [other], basis, reason=WHY_MEDIAN, words=_count_words),)
