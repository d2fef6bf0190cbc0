"""What weakens the answer of a comparison that was not randomised, each with what it does to it.

Rules: docs/reference/nonrandomised.md, section 6.
"""

from collections.abc import Iterator

import numpy as np

from analysis.observational.balance import LARGE, described_columns, weighted_balance
from analysis.observational.weighting import OVERLAP, effective_size, shares
from outputs import wording
from outputs.observational.compared import Compared
from outputs.observational.words import ESTIMANDS, term_label

PER_COLUMN = 10  # participants of the smaller arm
LARGEST_WEIGHT = 50
LARGEST_SHARE = 0.1
HALF = 0.5
OUTSIDE = 0.1


def warnings(compared: Compared, estimand: str, truncate: float = 0.0) -> tuple[str, ...]:
    """Every warning of one estimand, those of the score first; `truncate` is the share of the weights, 0.01 for 1 %."""
    return (*score_warnings(compared), *_of_estimand(compared, estimand, truncate))


def _of_estimand(compared: Compared, estimand: str, truncate: float) -> tuple[str, ...]:
    return (
        *overlap_warnings(compared, estimand),
        *weight_warnings(compared, estimand, truncate),
        *balance_warnings(compared, estimand, truncate),
    )


def warnings_by_population(compared: Compared, truncate: float = 0.0) -> tuple[str, ...]:
    """Those of the score, then those of each estimand that is answered, each led by its population."""
    answered = [e for e in ESTIMANDS if not compared.propensity.refused(e, truncate=truncate)]
    own = [
        f"{ESTIMANDS[estimand]}: {wording.lowered(sentence)}"
        for estimand in answered
        for sentence in _of_estimand(compared, estimand, truncate)
    ]
    return (*score_warnings(compared), *own)


def score_warnings(compared: Compared) -> tuple[str, ...]:
    """About the model of the score: Firth, levels of one arm, few participants, covariates half missing."""
    return (
        *_firth(compared),
        *_levels_of_one_arm(compared),
        *_few_for_the_columns(compared),
        *compared.groups.warnings,
    )


def _firth(compared: Compared) -> Iterator[str]:
    if compared.propensity.fit.separated:
        yield (
            "A combination of covariates is found in one arm only, so maximum likelihood has no finite score and "
            "Firth's regression stands in: it draws scores towards one half, and weights correct less than they would."
        )


def _levels_of_one_arm(compared: Compared) -> Iterator[str]:
    """The columns of 0 and 1 that are 0 in the whole of one arm."""
    groups = compared.groups
    columns, covariate_of = described_columns(groups, both_levels=True)
    experimental, control = compared.labels
    found = []
    for term in columns:
        values = columns[term].to_numpy()
        counts = [int(values[groups.arm == arm].sum()) for arm in (1, 0)]
        if np.isin(values, (0, 1)).all() and min(counts) == 0 < max(counts):
            only = control if counts[0] == 0 else experimental
            label = term_label(compared.basis.definition, term, covariate_of[term])
            found.append(f"{label} ({only})")  # no count: a note goes into files, and it may be small
    if found:
        yield (
            f"Found in one arm only: {'; '.join(found)}. For such participants the other arm has nobody alike, and "
            "the answer rests on the model of the score."
        )


def _few_for_the_columns(compared: Compared) -> Iterator[str]:
    smaller, columns = min(compared.groups.sizes), len(compared.groups.matrix.columns)
    if smaller < PER_COLUMN * columns:
        yield (
            f"The score has {wording.plural(columns, 'column')} for {smaller} participants of the smaller arm, fewer "
            f"than {PER_COLUMN} participants a column: it follows chance in part, and intervals may be too narrow."
        )


def overlap_warnings(compared: Compared, estimand: str) -> tuple[str, ...]:
    """A tenth or more of those compared outside the common support."""
    outside = compared.propensity.outside
    n, total = int(outside.sum()), len(outside)
    if n < OUTSIDE * total:
        return ()
    then = (
        "overlap weights let them count less, and the answer says little of them."
        if estimand == OVERLAP
        else "for them the answer is an extrapolation."
    )
    return (
        f"{n} of {total} participants ({wording.percent(n / total, total)}) lie outside the common support, where "
        f"the other arm has nobody: {then}",
    )


def weight_warnings(compared: Compared, estimand: str, truncate: float = 0.0) -> tuple[str, ...]:
    """A weight above 50, a large share of an arm's weight, an effective sample size below half."""
    return (
        *_large_weight(compared, estimand, truncate),
        *_large_shares(compared, estimand, truncate),
        *_small_size(compared, estimand, truncate),
    )


def _large_weight(compared: Compared, estimand: str, truncate: float) -> Iterator[str]:
    largest = float(compared.propensity.unstabilised(estimand, truncate=truncate).max())
    if largest > LARGEST_WEIGHT:
        yield (
            f"The largest weight is {wording.fixed(largest)}, above {LARGEST_WEIGHT}: one participant stands for as "
            "many, and the answer moves with that one."
        )


def _large_shares(compared: Compared, estimand: str, truncate: float) -> Iterator[str]:
    weights = compared.propensity.weights(estimand, truncate=truncate)
    share = shares(weights, compared.groups.arm)
    for label, arm in zip(compared.labels, (1, 0), strict=True):
        own = share[compared.groups.arm == arm]
        n = int((own > LARGEST_SHARE).sum())
        if n:
            yield (
                f"{label}: {wording.plural(n, 'participant')} with more than 10% of the arm's weight, the largest "
                f"{wording.fixed(100 * float(own.max()))}%: the answer of this arm depends on few."
            )


def _small_size(compared: Compared, estimand: str, truncate: float) -> Iterator[str]:
    weights = compared.propensity.weights(estimand, truncate=truncate)
    for label, arm in zip(compared.labels, (1, 0), strict=True):
        own = weights[compared.groups.arm == arm]
        size = effective_size(own)
        if size < HALF * len(own):
            yield (
                f"{label}: the weights leave an effective sample size of {wording.fixed(size, 1)} of {len(own)}, "
                "less than half: the answer is as uncertain as that of so few."
            )


def balance_warnings(compared: Compared, estimand: str, truncate: float = 0.0) -> tuple[str, ...]:
    """Standardised differences above 0.1 that are left after weighting, the largest first."""
    balance = weighted_balance(compared.propensity, estimand, truncate=truncate)
    left = balance[balance["after"].abs() > LARGE].sort_values("after", key=np.abs, ascending=False)
    if left.empty:
        return ()
    named = [
        f"{term_label(compared.basis.definition, row.term, row.covariate)} {wording.fixed(row.after, 2)}"
        for row in left.itertuples()
    ]
    return (
        f"Weighting leaves standardised differences above {LARGE}: {', '.join(named)}. A difference between the arms "
        "may be due to them.",
    )
