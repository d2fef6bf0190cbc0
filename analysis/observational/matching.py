"""One-to-one matching on the logit of the propensity score, without replacement, the same every time.

Rules: docs/reference/nonrandomised.md, section 7.
"""

from dataclasses import dataclass

import numpy as np

from analysis.observational.propensity import Propensity

CALIPER = 0.2  # pooled standard deviations of the logit (Austin 2011)
DIGITS = 9  # of a logit in the order of scores
EQUALLY_NEAR = 1e-9
FEWEST_PAIRS = 5


@dataclass(frozen=True, eq=False)
class Matching:
    """Places of the pairs in the order of the participants compared, and who has no partner.

    `pairs` has a row per pair, the experimental participant first; `caliper` is on the logit. `unmatched` are the
    USUBJID of experimental participants without a partner.
    """

    pairs: np.ndarray
    caliper: float
    unmatched: tuple[str, ...]


def match(propensity: Propensity) -> Matching:
    """The nearest participant of control within the caliper, experimental ones in order of falling score.

    Equal scores: the first by USUBJID chooses first; equally near: the first by USUBJID is chosen.
    """
    arm, usubjid = propensity.groups.arm, propensity.groups.usubjid.to_numpy(str)
    logit = propensity.fit.X.to_numpy() @ propensity.fit.coefficients
    caliper = CALIPER * float(np.sqrt((logit[arm == 1].var(ddof=1) + logit[arm == 0].var(ddof=1)) / 2))
    by_name = np.argsort(usubjid, kind="stable")
    treated = by_name[arm[by_name] == 1]
    free = by_name[arm[by_name] == 0]
    pairs, alone = [], []
    for place in treated[np.argsort(-np.round(logit[treated], DIGITS), kind="stable")]:
        distance = np.abs(logit[free] - logit[place])
        if len(free) and distance.min() <= caliper:
            nearest = int(np.flatnonzero(distance <= distance.min() + EQUALLY_NEAR)[0])
            pairs.append((place, free[nearest]))
            free = np.delete(free, nearest)
        else:
            alone.append(str(usubjid[place]))
    return Matching(np.array(pairs, int).reshape(-1, 2), caliper, tuple(sorted(alone)))
