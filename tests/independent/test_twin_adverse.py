"""Tables of adverse events against a slow second count, over generated trials of three arms."""

import pytest

from analysis.adam import derive
from analysis.safety.event_course import (
    PERIODS,
    event_durations,
    hazard_by_period,
    onset_times,
    recurrences,
    unknown_onset,
    worst_outcomes,
)
from analysis.safety.events import adverse_events
from analysis.safety.exposure_adjusted import adjusted_rates
from analysis.safety.terms import term_counts, worst_grades
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


def as_rows(frame, columns):
    return list(frame[columns].itertuples(index=False, name=None))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_class_and_term(seed):
    _, mine, people, (kept, _, _) = both_sides(seed)
    sizes = {arm: sum(arm in ("All", p.arm) for p in people) for arm in BOTH}
    found = {
        (row.SOC, row.TERM, row.arm): (row.n, row.N, row.events)
        for row in term_counts(mine, level="all").itertuples()
    }
    expected = {}
    for soc in {event.soc for event in kept}:
        of_class = [event for event in kept if event.soc == soc]
        for term in {"", *(event.term for event in of_class)}:
            chosen = [event for event in of_class if term in ("", event.term)]
            for arm in BOTH:
                n, events = twin.counted(chosen, arm)
                expected[soc, term, arm] = (n, sizes[arm], events)
    assert found == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_every_worst_grade(seed):
    _, mine, _, (kept, _, _) = both_sides(seed)
    for row in worst_grades(mine, level="term").itertuples():
        chosen = [event for event in kept if (event.soc, event.term) == (row.SOC, row.TERM)]
        own = {e.person.usubjid for e in chosen if row.arm in ("All", e.person.arm)}
        assert row.n == sum(twin.worst_grade(chosen, usubjid) == row.grade for usubjid in own)


@pytest.mark.parametrize("seed", SEEDS)
def test_incidence_and_events_per_patient_year(seed):
    basis, mine, people, (kept, _, _) = both_sides(seed)
    rates = adjusted_rates(mine, basis.subjects, mine.rows).set_index(["measure", "arm"])
    for arm in ARMS:
        n, years = twin.incidence(kept, people, arm)
        followed = sum(person.followed for person in people if person.arm == arm) / 365.25
        incidence, events = rates.loc[("incidence", arm)], rates.loc[("events", arm)]
        assert incidence["n"] == n
        assert incidence["years"] == pytest.approx(years, abs=1e-12)
        assert events["events"] == twin.counted(kept, arm)[1]
        assert events["years"] == pytest.approx(followed, abs=1e-12)
        if years:
            assert incidence["estimate"] == pytest.approx(100 * n / years, rel=1e-12)


def expected_onset(kept, person):
    """(day, what) of the first event, of a death before it, or of the last day followed; None: left out."""
    own = [event for event in kept if event.person == person]
    day = twin.onset(kept, person)
    if own and day is None:
        return None
    day = None if day is None else max(day, 1)
    if person.died is not None and (day is None or day > person.died):
        return (person.died, "death")
    if day is not None:
        return (day, "event")
    return (person.followed, "") if person.followed >= 1 else None


@pytest.mark.parametrize("seed", SEEDS)
def test_onset_and_hazard_by_period(seed):
    basis, mine, people, (kept, _, _) = both_sides(seed)
    times = onset_times(mine.rows, basis.subjects)
    expected = {person.usubjid: expected_onset(kept, person) for person in people}
    assert {r.USUBJID: (r.CIFDY, r.CIFEVENT) for r in times.itertuples()} == {
        usubjid: answer for usubjid, answer in expected.items() if answer is not None
    }
    with_events = {event.person.usubjid for event in kept}
    known = {event.person.usubjid for event in kept if event.start is not None}
    assert unknown_onset(mine.rows) == len(with_events - known)
    rates = hazard_by_period(times, ARMS).set_index(["period", "arm"])
    for (first, last), label in zip(PERIODS, dict.fromkeys(rates.index.get_level_values(0)), strict=True):
        for arm in ARMS:
            own = [expected[p.usubjid] for p in people if p.arm == arm and expected[p.usubjid]]
            days = events = 0
            for day, what in own:
                end = day if last is None else min(day, last)
                days += max(end - first + 1, 0)
                events += what == "event" and day >= first and (last is None or day <= last)
            row = rates.loc[(label, arm)]
            assert row["n"] == events
            assert row["years"] == pytest.approx(days / 365.25, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_durations_and_recurrence(seed):
    _, mine, _, (kept, _, _) = both_sides(seed)
    found = sorted(as_rows(event_durations(mine.rows), ["USUBJID", "TERM", "AVAL", "CNSR"]))
    known = [event for event in kept if event.start is not None]
    expected = [(e.person.usubjid, e.term, *twin.duration(e)) for e in known]
    assert found == sorted((usubjid, term, days, int(not ended)) for usubjid, term, days, ended in expected)
    again = recurrences(mine.rows)
    twice = again[again["EVENTS"] >= 2]
    for arm in ARMS:
        assert twice.loc[twice["ARM"] == arm, "USUBJID"].nunique() == recurrent_by_class(kept, arm)


@pytest.mark.parametrize("seed", SEEDS)
def test_worst_outcomes(seed):
    _, mine, _, (kept, _, _) = both_sides(seed)
    found = {row.USUBJID: row.OUTCOME for row in worst_outcomes(mine.rows).itertuples()}
    assert found == {e.person.usubjid: twin.worst_outcome(kept, e.person.usubjid) for e in kept}


def recurrent_by_class(kept, arm):
    """Participants with two events or more of one term of one class."""
    seen: dict = {}
    for event in kept:
        if event.person.arm == arm:
            key = (event.person.usubjid, event.soc, event.term)
            seen[key] = seen.get(key, 0) + 1
    return len({usubjid for (usubjid, *_), n in seen.items() if n >= 2})
