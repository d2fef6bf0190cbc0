"""Rates from counts alone: a published trial's responders and participants, and every method on them.

These outputs have no study behind them and are not in the catalogue.
"""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import pandas as pd

from analysis.rates import RATE_COLUMNS, rates_and_comparisons, rates_from_counts
from analysis.stratified import STRATIFIED_MN, strata_from_counts, stratified_comparison
from charts.response import rates_figure
from charts.theme import arm_styles
from outputs import wording
from outputs.cards import card
from outputs.comparison import comparison_notes, comparison_table, rates_table
from outputs.output import ArmStyle, Output
from outputs.rate_cards import difference_cards, rate_cards, ratio_cards
from trialdata.definition import Arm

MOST_ARMS = 3
WHOLE = ""  # the stratum of counts that are not stratified
NOMINAL = "Every p-value is nominal: adjusted neither for further comparisons nor for further looks."
WHY_STRATIFIED = "Compares within strata only, and inverts its score test, so interval and p agree."
EXAMPLE = (  # Wu 2022: all-trans retinoic acid with low-dose rituximab, overall response
    (WHOLE, "ATRA + low-dose rituximab", 90, 112),
    (WHOLE, "Low-dose rituximab", 33, 56),
)


class Counted(NamedTuple):
    """Responders among the participants of one arm, in one stratum where there are several."""

    stratum: str
    arm: str
    n: int
    N: int


def read_counts(rows: Sequence[Sequence]) -> tuple[tuple[Counted, ...], str]:
    """The counts of (stratum, arm, responders, participants), and in one sentence what keeps them from being used.

    Rows that are wholly empty are left out. The sentence is empty when the counts can be used.
    """
    filled = [row for row in rows if not all(_missing(cell) for cell in row)]
    for number, (_, arm, n, N) in enumerate(filled, 1):
        if _missing(arm) or _missing(n) or _missing(N):
            return (), f"Row {number} needs an arm, its responders and its participants."
        if not 0 <= n <= N or n % 1 or N % 1:
            return (), f"{arm}: {n:g} responders of {N:g} participants is not possible."
    counts = tuple(
        Counted(WHOLE if _missing(stratum) else str(stratum).strip(), str(arm).strip(), int(n), int(N))
        for stratum, arm, n, N in filled
    )
    return counts, _incomplete(counts)


def _missing(cell: object) -> bool:
    return bool(pd.isna(cell)) or not str(cell).strip()


def _incomplete(counts: tuple[Counted, ...]) -> str:
    arms, strata = arms_of(counts), strata_of(counts)
    if not 2 <= len(arms) <= MOST_ARMS:
        return f"{wording.plural(len(arms), 'arm')} named; two or three can be compared, the control last."
    for stratum in strata:
        named = [row.arm for row in counts if row.stratum == stratum]
        if sorted(named) != sorted(arms):
            where = f"Stratum {stratum}" if stratum else "The table"
            return f"{where} needs one row for each arm: {wording.joined(arms)}."
    empty = [arm for arm, _, N in crude(counts) if not N]
    return f"{empty[0]} has no participants." if empty else ""


def arms_of(counts: Sequence[Counted]) -> list[str]:
    """The arms in the order in which they are first named; the last one is the control."""
    return list(dict.fromkeys(row.arm for row in counts))


def strata_of(counts: Sequence[Counted]) -> list[str]:
    return list(dict.fromkeys(row.stratum for row in counts))


def crude(counts: Sequence[Counted]) -> list[tuple[str, int, int]]:
    """(arm, responders, participants) over all strata."""
    return [
        (arm, sum(row.n for row in counts if row.arm == arm), sum(row.N for row in counts if row.arm == arm))
        for arm in arms_of(counts)
    ]


def count_results(counts: Sequence[Counted], *, methods: str = "full") -> pd.DataFrame:
    """Rates by arm and each arm against the last one, strata summed up, by the methods of a set."""
    rates = rates_from_counts(crude(counts), methods=methods)
    return rates_and_comparisons(rates, pairs_of(counts), methods=methods)


def stratified_results(counts: Sequence[Counted]) -> pd.DataFrame:
    """Each arm against the last one within strata: the common measures, their tests, and homogeneity."""
    cells = {(row.stratum, row.arm): (row.n, row.N) for row in counts}
    compared = [
        stratified_comparison(
            strata_from_counts(
                (stratum, *cells[stratum, arm], *cells[stratum, control]) for stratum in strata_of(counts)
            ),
            comparison=f"{arm} - {control}",
        )
        for arm, control in pairs_of(counts)
    ]
    return pd.concat(compared, ignore_index=True)


def pairs_of(counts: Sequence[Counted]) -> list[tuple[str, str]]:
    """(arm, control) for each arm but the last one."""
    *experimental, control = arms_of(counts)
    return [(arm, control) for arm in experimental]


def count_rates_output(rows: Sequence[Sequence]) -> Output:
    """Each arm's rate and its difference from the last arm by the headline methods, drawn, from counts alone."""
    counts, trouble = read_counts(rows)
    shown = Output(id="count_rates", title="Rates and difference", headline="Rates from counts alone")
    if trouble:
        return _without(shown, trouble)
    results = count_results(counts, methods="quick")
    arms = _arms(counts)
    headline = results[results["method"] == "Wilson score"]
    differences = results[results["method"] == "Miettinen-Nurminen"].dropna(subset=["estimate"])
    return Output(
        id=shown.id,
        title=shown.title,
        subtitle="Responders of participants. Arms: Wilson interval; difference: Miettinen-Nurminen",
        arms=_styles(arms),
        results=results,
        table=rates_table(results[results["measure"] == "rate"], {arm.trt: arm.label for arm in arms}),
        figure=lambda theme, compact: rates_figure(
            headline,
            differences if len(differences) else None,
            arms,
            axis_title="Response, 95% CI",
            unit_label="counted",
            theme=theme,
            compact=compact,
        ),
        headline=_headline(headline, differences),
        detail="The arm named last is the control; strata are optional.",
        alt=_headline(headline, differences) + ".",
        cards=difference_cards(count_results(counts), tested=True),
    )


def count_rate_methods_output(rows: Sequence[Sequence]) -> Output:
    """Each arm's rate with its interval by every method, from counts alone."""
    counts, trouble = read_counts(rows)
    shown = Output(id="count_rate_methods", title="Each rate, every method", headline="Every interval")
    if trouble:
        return _without(shown, trouble)
    results = count_results(counts, methods="cheap")
    rates = results.loc[results["measure"] == "rate", RATE_COLUMNS].reset_index(drop=True)
    labels = {arm: arm for arm in arms_of(counts)}
    return Output(
        id=shown.id,
        title=shown.title,
        subtitle="Responders of participants, with the 95% interval by each method",
        arms=_styles(_arms(counts)),
        results=rates,
        table=rates_table(rates, labels),
        headline=shown.headline,
        footnotes=comparison_notes(rates),
        cards=rate_cards(results, labels),
    )


def count_comparison_output(rows: Sequence[Sequence]) -> Output:
    """Each arm against the last one in every measure and by every method, from counts alone."""
    counts, trouble = read_counts(rows)
    shown = Output(id="count_comparison", title="Comparison in every measure", headline="Comparison")
    if trouble:
        return _without(shown, trouble)
    results = count_results(counts)
    compared = results[results["measure"] != "rate"].reset_index(drop=True)
    return Output(
        id=shown.id,
        title=shown.title,
        subtitle="Each arm against the last one; the headline method first",
        arms=_styles(_arms(counts)),
        results=compared,
        table=comparison_table(compared),
        headline=shown.headline,
        footnotes=(*comparison_notes(compared), NOMINAL),
        cards=(*difference_cards(compared, tested=True), *ratio_cards(compared)),
    )


def count_strata_output(rows: Sequence[Sequence]) -> Output:
    """Each arm against the last one within the strata, from counts alone."""
    counts, trouble = read_counts(rows)
    shown = Output(id="count_strata", title="Comparison within strata", headline="Stratified comparison")
    if trouble or len(strata_of(counts)) < 2:
        return _without(shown, trouble or "One stratum: name two or more in the column Stratum.")
    results = stratified_results(counts)
    differences = results[results["measure"] == "difference"]
    return Output(
        id=shown.id,
        title=shown.title,
        subtitle="Each arm against the last one, Cochran-Mantel-Haenszel weights",
        arms=_styles(_arms(counts)),
        results=results,
        table=comparison_table(results),
        headline=shown.headline,
        footnotes=(*comparison_notes(results), NOMINAL),
        cards=tuple(
            card(
                of_comparison,
                title=f"Common difference, {comparison}",
                chosen=STRATIFIED_MN,
                reason=WHY_STRATIFIED,
                words=partial(wording.interval_text, scale="points", decimals=1),
                null=0.0,
            )
            for comparison, of_comparison in differences.groupby("comparison", sort=False)
        ),
    )


def _without(output: Output, trouble: str) -> Output:
    return Output(id=output.id, title=output.title, headline=output.headline, empty=trouble)


def _arms(counts: Sequence[Counted]) -> tuple[Arm, ...]:
    """The arms as the figures know them: the last one is the control."""
    *experimental, control = arms_of(counts)
    return (*(Arm(arm, arm, "experimental") for arm in experimental), Arm(control, control, "control"))


def _styles(arms: Sequence[Arm]) -> tuple[ArmStyle, ...]:
    keys = ("trt", "label", "role", "colour", "dash", "marker", "text_colour")
    return tuple(ArmStyle(*(style[key] for key in keys)) for style in arm_styles(arms))


def _headline(rates: pd.DataFrame, differences: pd.DataFrame) -> str:
    shares = " vs ".join(wording.rate_words(row.n, row.N) for row in rates.itertuples())
    if len(differences) != 1:
        return f"Response: {shares}"
    (row,) = differences.itertuples()
    points, interval = wording.points_and_interval(row.estimate, row.conf_low, row.conf_high)
    return f"Response: {shares}, a difference of {points} points, 95% CI {interval}"
