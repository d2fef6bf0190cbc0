"""Adverse events a second time, in plain Python, from docs/reference/safety.md, sections 1 and 2."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

UNRELATED = {
    *("not related", "unrelated", "unlikely", "unlikely related", "none", "no", "n", "not suspected"),
    *("remote", "肯定无关", "可能无关", "无关"),
}
STOP = {
    *("drug withdrawn", "drug discontinued", "withdrawn", "permanently discontinued"),
    *("永久停药", "停药"),
}


@dataclass(frozen=True)
class Person:
    """One participant of the safety set."""

    usubjid: str
    arm: str
    followed: float
    died: float | None


@dataclass(frozen=True)
class Event:
    """One treatment-emergent event that counts."""

    person: Person
    soc: str
    term: str
    grade: int | None
    serious: bool
    related: bool
    stopped: bool
    fatal: bool
    start: float | None
    end: float | None
    outcome: str


def number(value: object) -> float | None:
    return None if value is None or value != value else float(value)


def people(adsl: Iterable[dict], arms: Sequence[str]) -> list[Person]:
    """The safety set by the treatment received."""
    found = []
    for row in adsl:
        arm = row.get("TRT01A") or row["TRT01P"]
        if row.get("SAFFL") != "Y" or arm not in arms or row["TRT01P"] not in arms:
            continue
        cut, left, died = (number(row.get(day)) for day in ("DCUTDY", "EOSDY", "DTHDY"))
        if cut is None:
            followed, died = 0.0, None
        else:
            died = died if died is not None and died <= cut else None
            ends = [cut, *([left] if left is not None and left <= cut else []), *([died] if died else [])]
            followed = min(ends) if min(ends) >= 1 else 0.0
        found.append(Person(row["USUBJID"], arm, followed, died))
    return found


def events(
    adae: list[dict], adsl: list[dict], arms: Sequence[str], excluded_terms: Sequence[str]
) -> tuple[list[Event], int, int]:
    """What counts; how many events were left out as the disease; how many were not treatment-emergent."""
    persons = {person.usubjid: person for person in people(adsl, arms)}
    cut = {row["USUBJID"]: number(row.get("DCUTDY")) for row in adsl}
    flagged = any(
        row["TRTEMFL"] in ("Y", "N") for row in adae if exists(row, cut)
    )  # of the cut: what has not happened at it is not in it
    relation_known = any(row["AEREL"] for row in adae if exists(row, cut))
    kept, disease, before = [], 0, 0
    for row in adae:
        person = persons.get(row["USUBJID"])
        if person is None or not exists(row, cut):
            continue
        start, end = number(row["ASTDY"]), number(row["AENDY"])
        if flagged:
            emergent = row["TRTEMFL"] == "Y"
        elif start is None:
            emergent = end is None or end >= 1
        else:
            emergent = start >= 1
        if not emergent:
            before += 1
        elif row["AEDECOD"].strip().lower() in [term.strip().lower() for term in excluded_terms]:
            disease += 1
        else:
            kept.append(event(row, person, start, end, relation_known))
    return kept, disease, before


def exists(row: dict, cut: dict) -> bool:
    last, start = cut.get(row["USUBJID"]), number(row["ASTDY"])
    return last is not None and (start is None or start <= last)


def event(row: dict, person: Person, start, end, relation_known: bool) -> Event:
    grade = int(row["AETOXGR"]) if row["AETOXGR"] in ("1", "2", "3", "4", "5") else None
    return Event(
        person=person,
        soc=row["AEBODSYS"].strip() or "Not coded",
        term=row["AEDECOD"].strip() or "Term missing",
        grade=grade,
        serious=row["AESER"] == "Y",
        related=relation_known and row["AEREL"].strip().lower() not in UNRELATED,
        stopped=row["AEACN"].strip().lower() in STOP,
        fatal=row["AEOUT"].strip().lower() == "fatal" or grade == 5,
        start=start,
        end=end,
        outcome=row["AEOUT"].strip().lower(),
    )


def of_interest(each: Event, terms: Sequence[str], body_systems: Sequence[str]) -> bool:
    return each.term.lower() in [t.lower() for t in terms] or each.soc.lower() in [
        b.lower() for b in body_systems
    ]


def counted(chosen: Iterable[Event], arm: str) -> tuple[int, int]:
    """Participants and events of one arm, "All" of every arm."""
    own = [each for each in chosen if arm in ("All", each.person.arm)]
    return len({each.person.usubjid for each in own}), len(own)


def worst_grade(chosen: Iterable[Event], usubjid: str) -> str:
    """The worst known grade of a participant among these events, "missing" where none is known."""
    known = [e.grade for e in chosen if e.person.usubjid == usubjid and e.grade is not None]
    return str(max(known)) if known else "missing"


def first_event(chosen: Iterable[Event], person: Person) -> float | None:
    """The day that ends the risk: the first day of the first event, day 1 where unknown or before; None without one."""
    days = [max(1.0, e.start) if e.start is not None else 1.0 for e in chosen if e.person == person]
    return min(days, default=None)


def incidence(chosen: list[Event], persons: list[Person], arm: str) -> tuple[int, float]:
    """Participants with the event, and the years at risk."""
    n, days = 0, 0.0
    for person in persons:
        if arm not in ("All", person.arm):
            continue
        first = first_event(chosen, person)
        n += first is not None
        days += person.followed if first is None else first
    return n, days / 365.25


def onset(chosen: list[Event], person: Person) -> float | None:
    """The first known first day; None where no event has one."""
    days = [e.start for e in chosen if e.person == person and e.start is not None]
    return min(days, default=None)


def duration(each: Event) -> tuple[float, bool]:
    """Days, and whether the event ended; the days from a day before 1 skip the day 0 that does not exist."""
    end, ended = (each.end, True) if each.end is not None else (each.person.followed, False)
    end = max(end, each.start)
    return end - each.start + 1 - (1 if each.start < 0 < end else 0), ended


def worst_outcome(chosen: Iterable[Event], usubjid: str) -> str:
    """The worst known outcome of a participant's events."""
    own = [each for each in chosen if each.person.usubjid == usubjid]
    if any(each.fatal for each in own):
        return "fatal"
    said = {each.outcome for each in own}
    if said & {"not recovered/not resolved", "not recovered", "not resolved"}:
        return "not recovered"
    sequelae = ("recovered/resolved with sequelae", "recovered with sequelae", "resolved with sequelae")
    if said & set(sequelae):
        return "recovered with sequelae"
    if said & {"recovering/resolving", "recovering", "resolving"}:
        return "recovering"
    return "recovered" if said & {"recovered/resolved", "recovered", "resolved"} else "unknown"


def recurrent(chosen: Iterable[Event], arm: str, times: int = 2) -> int:
    """Participants with at least so many events of one term."""
    seen: dict[tuple[str, str], int] = {}
    for each in chosen:
        if arm in ("All", each.person.arm):
            key = (each.person.usubjid, each.term)
            seen[key] = seen.get(key, 0) + 1
    return len({usubjid for (usubjid, _), n in seen.items() if n >= times})


Chooser = Callable[[Event], bool]
KINDS: dict[str, Chooser] = {
    "ANY": lambda each: True,
    "RELATED": lambda each: each.related,
    "GRADE": lambda each: each.grade is not None and each.grade >= 3,
    "SERIOUS": lambda each: each.serious,
    "STOPPED": lambda each: each.stopped,
    "FATAL": lambda each: each.fatal,
}
