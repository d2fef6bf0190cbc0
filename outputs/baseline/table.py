"""Baseline characteristics by arm: the first table of a report."""

from functools import partial

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.baseline import ALL, NUMBERS, baseline_balance, baseline_summary
from outputs import wording
from outputs.baseline.balance import balance_cards
from outputs.baseline.small import hidden_counts, masked_variables, without_masked
from outputs.baseline.variables import MISSING_LEFT_OUT, Baseline, baseline_of, no_comparison, without_p
from outputs.basis import Basis
from outputs.output import Card, Output, View
from outputs.planned import planned_note
from outputs.small_cells import NOT_SHOWN, suppressed
from outputs.summary_cards import summary_card

WHY_TYPE_2 = "Quartiles of type 2 are those of SAS, so that a table made there agrees."
MEAN = "mean and SD"
STATISTICS = ("n", "Mean (SD)", "Median (quartiles)", "Range")


def baseline_table_output(data: AnalysisData, view: View) -> Output:
    """Characteristics at baseline by arm and in total, with standardised differences."""
    basis = Basis(data, view)
    baseline = baseline_of(basis)
    summary = baseline_summary(baseline.variables, baseline.arm, basis.trts)
    balance = baseline_balance(baseline.variables, baseline.arm, basis.comparisons)
    nothing = pd.DataFrame(False, index=summary.index, columns=["n", "N"])
    return Output(
        id="baseline_table",
        title="Baseline characteristics",
        subtitle=f"{basis.population}, by planned arm",
        population=basis.population,
        arms=basis.styles,
        results=_results(summary, balance),
        table=_table(summary, balance, baseline, basis, nothing),
        records=_records(baseline),
        cell_keys=("LEVEL", "ARM"),
        headline=_headline(balance, basis),
        detail=f"{_sizes(baseline, basis)}.",
        footnotes=(
            "Quartiles of type 2, as SAS. Percentages are of those known; missing values stand where there are any.",
            *([f"{MISSING_LEFT_OUT} {without_p(basis)}"] if basis.comparisons else no_comparison(basis)),
            *baseline.notes(),
            *planned_note(basis),
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=(*_summary_cards(summary, basis), *balance_cards(balance, basis)),
        empty=basis.nobody() or ("" if baseline.variables else "The data have no baseline characteristics."),
        as_file=partial(_in_file, summary, balance, baseline, basis),
    )


def _results(summary: pd.DataFrame, balance: pd.DataFrame) -> pd.DataFrame:
    whole = summary if balance.empty else pd.concat([summary, balance], ignore_index=True)
    texts = {name: whole[name].fillna("") for name in ("level", "comparison") if name in whole}
    return whole.assign(**texts).astype({"n": "Int64", "N": "Int64"} | dict.fromkeys(NUMBERS, "float64"))


def _sizes(baseline: Baseline, basis: Basis) -> str:
    counts = baseline.arm.value_counts()
    words = ", ".join(f"{basis.labels[trt]} {int(counts.get(trt, 0))}" for trt in basis.trts)
    return f"{words} participants"


def _headline(balance: pd.DataFrame, basis: Basis) -> str:
    known = balance["estimate"].abs().dropna()
    if known.empty:
        return "Baseline characteristics"
    largest = balance.loc[known.idxmax()]
    name = wording.lowered(str(largest["label"]).split(",")[0])
    size = wording.fixed(float(known.max()), 2)
    return f"Baseline: the largest standardised difference is {size}, in {name}"


def _records(baseline: Baseline) -> pd.DataFrame:
    """One row per participant and level of each category, and where a value is missing."""
    who = baseline.subjects[["USUBJID", "ARM"]]
    parts = [who[:0].assign(LEVEL="")]
    for each in baseline.variables:
        if each.levels:
            parts.append(who.assign(LEVEL=f"{each.label}, " + each.values))
        else:
            parts.append(who[each.values.isna()].assign(LEVEL=f"{each.label}, missing"))
    return pd.concat(parts, ignore_index=True).astype("str")


def _table(
    summary: pd.DataFrame, balance: pd.DataFrame, baseline: Baseline, basis: Basis, hidden: pd.DataFrame
) -> pd.DataFrame:
    """A row per statistic or level; `hidden` counts, and what is computed from them, are "not shown"."""
    columns = basis.labels | ({ALL: ALL} if len(basis.arms) > 1 else {})
    heads = {pair: _difference_head(pair, basis) for pair in basis.comparisons}
    counts = baseline.arm.value_counts()
    sizes = {trt: str(int(counts.get(trt, 0))) for trt in basis.trts} | {ALL: str(len(baseline.subjects))}
    rows = [
        {"Characteristic": "Participants", "Measure": "n"}
        | {name: sizes[arm] for arm, name in columns.items()}
    ]
    apart = {(row.variable, row.comparison): row.estimate for row in balance.itertuples()}
    for each in baseline.variables:
        own = summary[summary["variable"] == each.name]
        lines = _lines(own, hidden.loc[own.index])
        masked = bool(hidden.loc[own.index].any(axis=None))
        for i, (measure, cells) in enumerate(lines):
            row = {"Characteristic": each.label if i == 0 else "", "Measure": measure}
            row |= {name: cells.get(arm, "–") for arm, name in columns.items()}
            if i == 0:
                row |= {
                    head: NOT_SHOWN if masked else _signed(apart[each.name, " - ".join(pair)])
                    for pair, head in heads.items()
                }
            rows.append(row)
    titles = ["Characteristic", "Measure", *columns.values(), *heads.values()]
    return pd.DataFrame([{title: row.get(title, "") for title in titles} for row in rows], dtype="str")


def _difference_head(pair: tuple[str, str], basis: Basis) -> str:
    several = len(basis.comparisons) > 1
    return f"Standardised difference, {pair[0]}" if several else "Standardised difference"


def _signed(value: float) -> str:
    return wording.NOT_ESTIMABLE if np.isnan(value) else wording.fixed(value, 2)


def _lines(own: pd.DataFrame, hidden: pd.DataFrame) -> list[tuple[str, dict[str, str]]]:
    """The rows of one variable: what is measured, and its cell by arm."""
    lines: dict[str, dict[str, str]] = {}
    for row in own.itertuples():
        n_hidden, of_hidden = hidden.loc[row.Index, "n"], hidden.loc[row.Index, "N"]
        if row.measure == "number":
            words = [NOT_SHOWN] * len(STATISTICS) if n_hidden else _number_words(row)
            for name, cell in zip(STATISTICS, words, strict=True):
                lines.setdefault(name, {})[row.arm] = cell
        elif row.measure == "level":
            cell = NOT_SHOWN if n_hidden else str(row.n) if of_hidden else _share_words(row)
            lines.setdefault(row.level, {})[row.arm] = cell
        else:
            lines.setdefault("Missing", {})[row.arm] = NOT_SHOWN if n_hidden else str(row.n)
    if all(cell == "0" for cell in lines["Missing"].values()):
        del lines["Missing"]
    return list(lines.items())


def _share_words(row) -> str:
    return f"{row.n} ({wording.percent(row.estimate, row.N)})" if row.N else "–"


def _number_words(row) -> list[str]:
    if not row.n:
        return ["0", "–", "–", "–"]
    mean = wording.fixed(row.estimate, 1)
    spread = "–" if np.isnan(row.sd) else wording.fixed(row.sd, 1)
    return [
        str(row.n),
        f"{mean} ({spread})",
        f"{_plain(row.median)} ({_plain(row.q1)} to {_plain(row.q3)})",
        f"{_plain(row.minimum)} to {_plain(row.maximum)}",
    ]


def _plain(value: float) -> str:
    """Whole where it is, else with one decimal."""
    return wording.fixed(value, 0 if float(value).is_integer() else 1)


def _summary_cards(summary: pd.DataFrame, basis: Basis) -> tuple[Card, ...]:
    numbers = summary[(summary["measure"] == "number") & summary["arm"].isin(basis.trts)]
    cards = []
    for label, own in numbers.groupby("label", sort=False):
        medians = own.assign(
            estimate=own["median"],
            conf_low=own["q1"],
            conf_high=own["q3"],
            method="median and quartiles (type 2)",
        )
        means = own.assign(conf_low=own["sd"], conf_high=np.nan, method=MEAN)
        cards.append(summary_card(str(label), medians, [means], basis, reason=WHY_TYPE_2, words=_card_words))
    return tuple(cards)


def _card_words(row) -> tuple[str, str]:
    if row.method == MEAN:
        return wording.fixed(row.estimate, 1), "" if np.isnan(
            row.conf_low
        ) else f"SD {wording.fixed(row.conf_low, 1)}"
    return _plain(row.estimate), f"{_plain(row.conf_low)} to {_plain(row.conf_high)}"


def _in_file(
    summary: pd.DataFrame, balance: pd.DataFrame, baseline: Baseline, basis: Basis
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Results and table without small cells, nor what would give them back (safety.md, section 8)."""
    hidden = hidden_counts(summary)
    told = suppressed(summary, hidden, derived=NUMBERS)
    apart = without_masked(balance, masked_variables(summary))
    return _results(told, apart), _table(summary, balance, baseline, basis, hidden)
