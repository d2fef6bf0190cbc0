"""How alike the arms are in the covariates of the score, before weighting and after: drawn, and as a table."""

from functools import partial

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.observational.balance import LARGE, METHOD, SHARE, SIDES, described_columns, weighted_balance
from analysis.observational.groups import missing
from charts.observational.love import love_figure
from outputs import wording
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.observational import words
from outputs.observational.attempt import attempt
from outputs.observational.compared import Compared
from outputs.observational.warnings import balance_warnings
from outputs.output import Card, Output, View
from outputs.response import NOT_RANDOMISED
from outputs.slide_chart import Chart
from outputs.slide_rows import size_row, standardised
from outputs.small_cells import NOT_SHOWN, smallest_cell, suppressed

WHY_UNWEIGHTED = (
    "The unweighted standard deviation is the same before and after, so that both can be compared."
)
FILLED_IN = "Missing values are filled in as in the score."
Files = tuple[pd.DataFrame, pd.DataFrame]
TITLES = {
    "observational_balance": "Balance before and after",
    "observational_baseline": "Covariates before and after",
}


def observational_balance_output(
    data: AnalysisData, view: View, *, arm: str = "", estimand: str = "ATO", truncate: str = "0"
) -> Output:
    """Absolute standardised differences of the covariates before weighting and after, the largest before first."""
    basis = Basis(data, view)
    estimand, share = words.asked(estimand, truncate)
    compared, why = attempt(basis, arm=arm, estimand=estimand, truncate=share)
    if compared is None:
        return nothing_to_show(basis, "observational_balance", TITLES["observational_balance"], why)
    balance = named_balance(compared, estimand, share)
    return Output(
        id="observational_balance",
        title=TITLES["observational_balance"],
        subtitle=f"Absolute standardised differences; {_weights(estimand, share)}; dotted line: {LARGE}",
        population=basis.population,
        arms=basis.styles,
        results=_differences(balance, compared, estimand),
        table=_differences_table(balance),
        figure=lambda theme, compact: love_figure(balance, theme=theme, compact=compact),
        chart=lambda: _chart(balance, compared, estimand),
        headline=_headline(balance),
        alt=f"Absolute standardised differences before and after weighting. {_headline(balance)}.",
        footnotes=_notes(compared, estimand, share),
        badges=basis.badges(),
        cards=(_card(balance, compared),),
        as_file=partial(_differences_in_file, balance, compared, estimand),
    )


def observational_baseline_output(
    data: AnalysisData, view: View, *, arm: str = "", estimand: str = "ATO", truncate: str = "0"
) -> Output:
    """The mean or share of every covariate in each arm, before weighting and after, and how far they lie apart."""
    basis = Basis(data, view)
    estimand, share = words.asked(estimand, truncate)
    compared, why = attempt(basis, arm=arm, estimand=estimand, truncate=share)
    if compared is None:
        return nothing_to_show(basis, "observational_baseline", TITLES["observational_baseline"], why)
    balance = named_balance(compared, estimand, share)
    means = _means(balance, compared)
    nothing = pd.DataFrame(False, index=means.index, columns=["n"])
    return Output(
        id="observational_baseline",
        title=TITLES["observational_baseline"],
        subtitle=f"Mean or share by arm; after: {_weights(estimand, share)}",
        population=basis.population,
        arms=basis.styles,
        results=_results(means, balance, compared, estimand),
        table=_means_table(means, balance, compared, nothing),
        headline=_headline(balance),
        footnotes=_notes(compared, estimand, share),
        badges=basis.badges(),
        cards=(_card(balance, compared),),
        as_file=partial(_in_file, means, balance, compared, estimand),
    )


def named_balance(compared: Compared, estimand: str, truncate: float) -> pd.DataFrame:
    """`weighted_balance` with the `label` of each term, the largest absolute difference before weighting first."""
    balance = weighted_balance(compared.propensity, estimand, truncate=truncate)
    definition = compared.basis.definition
    labels = [words.term_label(definition, row.term, row.covariate) for row in balance.itertuples()]
    size = balance["before"].abs()
    return balance.assign(label=labels, size=size).sort_values(
        "size", ascending=False, kind="stable", na_position="last", ignore_index=True
    )


def _chart(balance: pd.DataFrame, compared: Compared, estimand: str) -> Chart:
    """Before and after at one height, without what a file leaves out."""
    kept, _ = _differences_in_file(balance, compared, estimand)
    hidden = kept["before"].isna() & balance["before"].notna()
    return standardised(
        size_row(row.label, value, after=after, hidden=gone)
        for row, gone in zip(kept.itertuples(), hidden, strict=True)
        for value, after in ((row.before, False), (row.after, True))
    )


def _weights(estimand: str, truncate: float) -> str:
    return wording.lowered(words.weights_words(estimand, truncate))


def _headline(balance: pd.DataFrame) -> str:
    before, after = (int((balance[when].abs() > LARGE).sum()) for when in ("before", "after"))
    return f"{before} of {len(balance)} standardised differences lie above {LARGE} before weighting, {after} after"


def _notes(compared: Compared, estimand: str, truncate: float) -> tuple[str, ...]:
    return (
        NOT_RANDOMISED,
        words.sentence(estimand, compared.experimental, compared.control),
        *balance_warnings(compared, estimand, truncate),
        f"Standardised differences over the unweighted standard deviation. {FILLED_IN}",
        f"{compared.sizes}.",
        *compared.notes(),
        *compared.basis.notes(),
    )


def _differences_table(balance: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Covariate": balance["label"],
            "Standardised difference before": [_signed(value) for value in balance["before"]],
            "After": [_signed(value) for value in balance["after"]],
        }
    ).astype("str")


def _signed(value: float) -> str:
    return wording.NOT_ESTIMABLE if np.isnan(value) else wording.fixed(value, 2)


def _card(balance: pd.DataFrame, compared: Compared) -> Card:
    left = balance.loc[balance["after"].abs().fillna(0).idxmax()]
    return Card(
        title=f"Standardised differences, {' vs '.join(compared.labels)}",
        estimate=f"largest after weighting: {left['label']} {_signed(float(left['after']))}",
        method=METHOD[0].upper() + METHOD[1:],
        reason=WHY_UNWEIGHTED,
    )


def _means(balance: pd.DataFrame, compared: Compared) -> pd.DataFrame:
    """One row per term and arm: mean before as `estimate` and after as `weighted`, of shares `n` of `N` before."""
    columns, _ = described_columns(compared.groups)
    arms = dict(zip(("experimental", "control"), (compared.experimental, compared.control), strict=True))
    rows = []
    for row in balance.itertuples():
        values = columns[row.term].to_numpy()
        for name, side in SIDES:
            own = values[compared.groups.arm == side]
            rows.append(
                {
                    "term": row.term,
                    "covariate": row.covariate,
                    "label": row.label,
                    "measure": row.measure,
                    "arm": arms[name].trt,
                    "n": int(own.sum()) if row.measure == SHARE else len(own),
                    "N": len(own),
                    "estimate": getattr(row, f"{name}_before"),
                    "weighted": getattr(row, f"{name}_after"),
                    "method": "mean, unweighted and weighted",
                }
            )
    return pd.DataFrame(rows)


def _differences(balance: pd.DataFrame, compared: Compared, estimand: str) -> pd.DataFrame:
    """One row per term: the standardised difference before weighting and after."""
    return balance[["term", "covariate", "label", "before", "after"]].assign(
        arm=compared.experimental.trt,
        estimand=estimand,
        measure="standardised difference",
        method=METHOD,
    )


def _results(means: pd.DataFrame, balance: pd.DataFrame, compared: Compared, estimand: str) -> pd.DataFrame:
    apart = _differences(balance, compared, estimand)
    whole = pd.concat([means.assign(estimand=estimand), apart], ignore_index=True)
    return whole.astype({"n": "Int64", "N": "Int64"})


def _means_table(
    means: pd.DataFrame, balance: pd.DataFrame, compared: Compared, hidden: pd.DataFrame
) -> pd.DataFrame:
    """A row per term; where a count is `hidden`, all of the row is."""
    rows = []
    for row in balance.itertuples():
        own = means[means["term"] == row.term]
        masked = bool(hidden.loc[own.index].any(axis=None))
        cells = {}
        for when, column in (("before", "estimate"), ("after", "weighted")):
            for mean in own.itertuples():
                head = f"{compared.basis.labels[mean.arm]}, {when}"
                cells[head] = NOT_SHOWN if masked else _mean_words(mean, getattr(mean, column))
        differences = {
            f"Standardised difference {when}": NOT_SHOWN if masked else _signed(getattr(row, when))
            for when in ("before", "after")
        }
        rows.append({"Covariate": row.label} | cells | differences)
    return pd.DataFrame(rows).astype("str")


def _mean_words(mean, value: float) -> str:
    return wording.percent(value, mean.N) if mean.measure == SHARE else wording.fixed(value, 1)


def _in_file(means: pd.DataFrame, balance: pd.DataFrame, compared: Compared, estimand: str) -> Files:
    """Results and table without the covariates that have a small count."""
    small = _with_small_counts(compared)
    hidden = pd.DataFrame({"n": means["covariate"].isin(small)})
    told = suppressed(means, hidden, derived=("estimate", "weighted"))
    apart = _without(balance, small)
    return _results(told, apart, compared, estimand), _means_table(means, apart, compared, hidden)


def _differences_in_file(balance: pd.DataFrame, compared: Compared, estimand: str) -> Files:
    """The same of the differences: beside one arm's share they would give back the other's."""
    small = _with_small_counts(compared)
    apart = _without(balance, small)
    table = _differences_table(apart)
    gone = balance["covariate"].isin(small).to_numpy()
    columns = [name for name in table if name != "Covariate"]
    return _differences(apart, compared, estimand), table.assign(
        **{name: table[name].mask(gone, NOT_SHOWN) for name in columns}
    )


def _without(balance: pd.DataFrame, covariates: set[str]) -> pd.DataFrame:
    gone = balance["covariate"].isin(covariates)
    return balance.assign(before=balance["before"].mask(gone), after=balance["after"].mask(gone))


def _with_small_counts(compared: Compared) -> set[str]:
    """The categories of which a level, or the missing values, have a small count in an arm.

    Nothing of them is in a file: other files choose which of the further levels to leave out.
    """
    groups, smallest = compared.groups, smallest_cell()
    subjects = compared.basis.subjects.set_index("USUBJID").loc[groups.usubjid]
    small = set()
    columns, covariate_of = described_columns(groups, both_levels=True)
    for term, covariate in covariate_of.items():
        flags = [columns[term].to_numpy(), missing(subjects[covariate]).to_numpy()]
        counts = [flag[groups.arm == side].sum() for flag in flags for side in (1, 0)]
        if term != covariate and any(0 < n < smallest for n in counts):
            small.add(covariate)
    return small
