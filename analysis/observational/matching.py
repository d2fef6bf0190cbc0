"""One-to-one matching on the logit of the propensity score, without replacement, the same every time.

Rules: docs/reference/nonrandomised.md, section 7.
"""

from dataclasses import dataclass

import numpy as np

from analysis.observational.propensity import Propensity

CALIPER = 0.2  # pooled standard deviations of the logit (Austin 2011)
DIGITS = 9  # of a logit and of a distance: what differs less is equally near
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
    logit = np.round(propensity.fit.X.to_numpy() @ propensity.fit.coefficients, DIGITS)
    caliper = CALIPER * float(np.sqrt((logit[arm == 1].var(ddof=1) + logit[arm == 0].var(ddof=1)) / 2))
    by_name = np.argsort(usubjid, kind="stable")
    treated = by_name[arm[by_name] == 1]
    free = by_name[arm[by_name] == 0]
    pairs, alone = [], []
    for place in treated[np.argsort(-logit[treated], kind="stable")]:
        distance = np.round(np.abs(logit[free] - logit[place]), DIGITS)
        if len(free) and distance.min() <= caliper:
            nearest = int(distance.argmin())
            pairs.append((place, free[nearest]))
            free = np.delete(free, nearest)
        else:
            alone.append(str(usubjid[place]))
    return Matching(np.array(pairs, int).reshape(-1, 2), caliper, tuple(sorted(alone)))
