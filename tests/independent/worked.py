"""Short ways to write down a subject for a case worked by hand."""

from tests.definitions import bare_definition
from tests.independent.twin import Subject, status_of
from trialdata.definition import Endpoint, RescueClass, StudyDefinition, Visits

WEEKS = (0, 1, 2, 4, 8, 12)
RESCUE = (
    RescueClass("IVIG", washout_days=28),
    RescueClass("STEROID", washout_days=28, open_end="ongoing"),
    RescueClass("NEW", new_therapy=True),
)


def make_definition(**changes) -> StudyDefinition:
    return bare_definition(**{"visits": Visits(weeks=WEEKS), "rescue": RESCUE} | changes)


DEFINITION = make_definition()


def make_subject(counts: dict, *, grades=(), rescues=(), rows=(), cut=400, **adsl) -> Subject:
    """`counts` by day, AVALC where a text; `grades` (day, grade); `rescues` (CMCLAS, ASTDY, AENDY)."""
    adlb = [
        {"PARAMCD": "PLAT", "ADY": day, "AVAL": None, "AVALC": value}
        if isinstance(value, str)
        else {"PARAMCD": "PLAT", "ADY": day, "AVAL": value, "AVALC": ""}
        for day, value in counts.items()
    ]
    return Subject(
        {"USUBJID": "1", "TRT01P": "A", "DCUTDY": cut} | adsl,
        adlb + [{"PARAMCD": "PLAT"} | row for row in rows],
        [{"PARAMCD": "WHOBLD", "ADY": day, "AVAL": grade} for day, grade in grades],
        [{"CMCLAS": cmclas, "ASTDY": start, "AENDY": end} for cmclas, start, end in rescues],
    )


def make_endpoint(kind: str, **words) -> Endpoint:
    return Endpoint("X", "X", kind, **({"window_days": (2, 365)} | words))


def answer(subject: Subject, kind: str, **words) -> str:
    return status_of(subject, make_endpoint(kind, **words), DEFINITION)["AVALC"]
