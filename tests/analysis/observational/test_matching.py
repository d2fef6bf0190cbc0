"""Pairs by the rule: falling score, nearest within the caliper, ties by USUBJID."""

import numpy as np
import pytest
from scipy.special import logit

from analysis.observational.matching import match
from analysis.observational.propensity import fit_propensity
from tests.analysis.observational.made import groups, subjects


def named(propensity, found) -> list[tuple[str, str]]:
    names = propensity.groups.usubjid
    return [(names[one], names[other]) for one, other in found.pairs]


def by_the_text(propensity) -> tuple[list[tuple[str, str]], list[str]]:
    """The rule once more, participant by participant."""
    score = dict(zip(propensity.groups.usubjid, logit(propensity.scores), strict=True))
    in_arm = dict(zip(propensity.groups.usubjid, propensity.groups.arm, strict=True))
    of = [np.array([score[name] for name in score if in_arm[name] == arm]) for arm in (1, 0)]
    caliper = 0.2 * ((of[0].var(ddof=1) + of[1].var(ddof=1)) / 2) ** 0.5
    free = {name for name in score if in_arm[name] == 0}
    pairs, alone = [], []
    for name in sorted((n for n in score if in_arm[n] == 1), key=lambda n: (-round(score[n], 7), n)):
        near = sorted(free, key=lambda other: (round(abs(score[other] - score[name]), 7), other))
        if near and abs(score[near[0]] - score[name]) <= caliper:
            pairs.append((name, near[0]))
            free.remove(near[0])
        else:
            alone.append(name)
    return pairs, sorted(alone)


@pytest.mark.parametrize("seed", range(4))
def test_pairs_of_generated_participants(seed):
    propensity = fit_propensity(groups(subjects(90, seed)))
    found = match(propensity)
    pairs, alone = by_the_text(propensity)
    assert named(propensity, found) == pairs
    assert list(found.unmatched) == alone
    assert len({place for pair in found.pairs for place in pair}) == 2 * len(pairs)


@pytest.mark.parametrize("seed", range(3))
def test_equal_scores_go_by_usubjid_whatever_the_order_of_rows(seed):
    """Sex alone gives two scores: who is paired follows from names alone."""
    frame = subjects(40, seed, strength=0.3)
    propensity = fit_propensity(groups(frame, ("SEX",)))
    shuffled = fit_propensity(groups(frame.sample(frac=1, random_state=seed), ("SEX",)))
    found, again = match(propensity), match(shuffled)
    assert named(propensity, found) == named(shuffled, again) == by_the_text(propensity)[0]
    assert found.unmatched == again.unmatched
    sex = frame.set_index("USUBJID")["SEX"]
    for level in ("F", "M"):
        of = frame[frame["SEX"] == level].groupby("ARM")["USUBJID"].agg(sorted)
        number = min(len(of["A"]), len(of["B"]))
        expected = list(zip(of["A"][:number], of["B"][:number], strict=True))
        assert [pair for pair in named(propensity, found) if sex[pair[0]] == level] == expected


def test_who_is_beyond_the_caliper_has_no_partner():
    propensity = fit_propensity(groups(subjects(90, 2, strength=1.5)))
    found, score = match(propensity), logit(propensity.scores)
    apart = np.abs(score[found.pairs[:, 0]] - score[found.pairs[:, 1]])
    assert apart.max() <= found.caliper + 1e-9
    free = np.setdiff1d(np.flatnonzero(propensity.groups.arm == 0), found.pairs[:, 1])
    alone = propensity.groups.usubjid.get_indexer(list(found.unmatched))
    assert len(alone) and np.abs(score[alone][:, None] - score[free]).min() > found.caliper
