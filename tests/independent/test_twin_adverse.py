"""Tables of adverse events against a slow second count, over generated trials of three arms."""

import pytest

from analysis.adam import derive
from analysis.safety.events import adverse_events
from outputs.output import View
from outputs.safety.adverse_overview import overview_kinds, overview_results
from outputs.safety.basis import safety_basis
from tests.independent.dice import SeededDice
from tests.independent.safety_study import ARMS, DEFINITION, make_safety_study
from tests.independent.twin import adverse as twin

SEEDS = range(60)
EXCLUDED = DEFINITION.adverse_events.excluded_terms
BOTH = (*ARMS, "All")


def both_sides(seed: int):
    """The engine's basis and events, and the twin's people, events and what it left out."""
    study = make_safety_study(SeededDice(f"safety {seed}"), 40)
    basis = safety_basis(derive(study), View())
    adsl, adae = study.adsl.to_dict("records"), study.adae.to_dict("records")
    mine = adverse_events(basis.data, basis.subjects, basis.trts)
    return basis, mine, twin.people(adsl, ARMS), twin.events(adae, adsl, ARMS, EXCLUDED)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_events_count(seed):
    _, mine, people, (kept, disease, before) = both_sides(seed)
    assert mine.sizes == {arm: sum(p.arm == arm for p in people) for arm in ARMS}
    assert (len(mine.excluded), len(mine.before)) == (disease, before)
    columns = ["USUBJID", "ARM", "SOC", "TERM", "SERIOUS", "STOPPED", "FATAL", "FUDY"]
    theirs = [
        (e.person.usubjid, e.person.arm, e.soc, e.term, e.serious, e.stopped, e.fatal, e.person.followed)
        for e in kept
    ]
    ours = [
        (*row[:-1], row[-1] if row[-1] >= 1 else 0.0) for row in mine.rows[columns].itertuples(index=False)
    ]
    assert sorted(ours) == sorted(theirs)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_overview(seed):
    basis, mine, people, (kept, _, _) = both_sides(seed)
    results = overview_results(mine, overview_kinds(mine, basis), basis)
    counted = results[(results["measure"] == "count") & results["n"].notna() & (results["kind"] != "DEATH")]
    found = counted.set_index(["kind", "arm"])
    choosers = twin.KINDS | {
        f"AESI {group.label}": (lambda e, g=group: twin.of_interest(e, g.terms, g.body_systems))
        for group in DEFINITION.aesi
    }
    for kind, arm in found.index:
        chosen = [each for each in kept if choosers[kind](each)]
        row = found.loc[(kind, arm)]
        assert (row["n"], row["events"]) == twin.counted(chosen, arm), (kind, arm)
        assert row["N"] == sum(arm in ("All", person.arm) for person in people)
