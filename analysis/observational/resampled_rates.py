"""Response rates of both arms by every method but matching, in the sample and in its resamples at once.

Rules: docs/reference/nonrandomised.md, section 7.
"""

import numpy as np
import pandas as pd

from analysis.observational.methods import DOUBLY_ROBUST, G_COMPUTATION, STRATA, WEIGHTED
from analysis.observational.outcome_models import doubly_robust, g_computation
from analysis.observational.propensity import Propensity
from analysis.observational.resamples import Resamples, in_parts, model_columns
from analysis.observational.score_strata import mantel_haenszel_rates, tables
from analysis.observational.weighted_rates import weighted_rates
from analysis.observational.weighting import INVERSE
from analysis.progress import part

SCORES_UNTIL, WEIGHTS_UNTIL, MODEL_UNTIL = 0.2, 0.3, 0.6  # shares of the time


def with_sample(propensity: Propensity, drawn: Resamples | None = None) -> Resamples:
    """The sample itself as a first row, everybody in it once, before its resamples."""
    once, scores = np.ones((1, len(propensity.scores)), int), propensity.scores[None, :]
    if drawn is None:
        return Resamples(propensity.groups, once, scores, np.array([True]))
    return Resamples(
        propensity.groups,
        np.concatenate([once, drawn.counts]),
        np.concatenate([scores, drawn.scores]),
        np.append(True, drawn.usable),
    )


def rates_of(
    drawn: Resamples, covariates: pd.DataFrame, y: np.ndarray, *, truncate: float = 0.0
) -> dict[str, np.ndarray]:
    """Rates of both arms by key of the method, a row per row of `drawn`; matching and crude are not among them.

    `covariates` are those of the models of the response.
    """
    arm, usable = drawn.groups.arm, drawn.usable[:, None]
    scores = np.where(usable, drawn.scores, 0.5)
    with part(SCORES_UNTIL, WEIGHTS_UNTIL):
        weights = {method.estimand: drawn.weights(method.estimand, truncate=truncate) for method in WEIGHTED}
        found = {method.key: weighted_rates(weights[method.estimand], arm, y) for method in WEIGHTED}
        of_strata = mantel_haenszel_rates(tables(scores, drawn.counts, arm, y))
        found[STRATA.key] = np.where(usable, of_strata, np.nan)
    X = model_columns(covariates)
    with part(WEIGHTS_UNTIL, MODEL_UNTIL):
        found[G_COMPUTATION.key] = np.concatenate(
            [g_computation(X, arm, y, counts) for counts in in_parts(drawn.counts)]
        )
    one_over = _one_over_own_probability(drawn, weights[INVERSE])
    with part(MODEL_UNTIL, 1.0):
        blocks = zip(in_parts(drawn.counts), in_parts(one_over), strict=True)
        found[DOUBLY_ROBUST.key] = np.concatenate(
            [doubly_robust(X, arm, y, counts, inverse) for counts, inverse in blocks]
        )
    return found


def _one_over_own_probability(drawn: Resamples, weights: np.ndarray) -> np.ndarray:
    """The (truncated) weights of ATE of one copy each, without their stabilising share."""
    of_one = np.divide(weights, drawn.counts, out=np.zeros(weights.shape), where=drawn.counts > 0)
    share = (drawn.counts @ drawn.groups.arm / drawn.counts.sum(axis=1))[:, None]
    own = np.where(drawn.groups.arm == 1, share, 1 - share)
    return np.divide(of_one, own, out=np.zeros(weights.shape), where=own > 0)
