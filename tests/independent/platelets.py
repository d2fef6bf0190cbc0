"""The derived platelet rows of a subject, as the twin would have them and as the engine has them."""

from tests.independent.twin import Course, Subject, shadow_classes, visit_of
from tests.independent.twin.days import is_missing
from tests.independent.twin.subject import Count, count_of
from tests.independent.twin.windows import visit_record
from trialdata.definition import Endpoint, StudyDefinition


def written(day: float, count: Count) -> str:
    return f"{count.censor}{count.n:g} on day {day:g}"


def written_visit(day: float, avisitn: float | None) -> str:
    return f"day {day:g} " + ("has no visit" if is_missing(avisitn) else f"in week {avisitn:g}")


def platelet_answer(subject: Subject, definition: StudyDefinition) -> dict:
    """What the twin says of the rows with a count."""
    visits = definition.visits
    weeks = sorted({0, *visits.weeks})
    bare = Course(subject, Endpoint("", "", "response_at_visit"), definition)
    chosen = {visit_record(bare, week) for week in weeks} - {None}
    rows = [(row["ADY"], count) for row in subject.platelets if (count := count_of(row)) is not None]
    days = {day for day, _ in rows}
    return {
        "rows with a count": sorted(written(*row) for row in rows),
        "records": sorted(written(*record) for record in subject.records),
        "visit records": sorted(written(*record) for record in chosen),
        "baseline": [] if subject.base is None else [written_base(subject)],
        "visits": sorted(
            written_visit(day, visit_of(day, visits.weeks, visits.last_window_days)) for day in days
        ),
        "shadow days": sorted(day for day in days if shadow_classes(subject, day, definition)),
        "classes that do not shadow": [],
    }


def written_base(subject: Subject) -> str:
    return f"{subject.base:g} on day {subject.base_day:g}"


def platelet_reading(rows: list[dict], subject: Subject, definition: StudyDefinition) -> dict:
    """The same from the engine's rows."""
    counted = [row for row in rows if not is_missing(row["AVAL"]) and row["ADY"] in days_of(subject)]

    def flagged(name: str) -> list[str]:
        return sorted(
            written(row["ADY"], Count(row["CENSOR"], row["AVAL"])) for row in rows if row[name] == "Y"
        )

    shadowed = [row for row in counted if row["SHADOW"]]
    return {
        "rows with a count": sorted(
            written(row["ADY"], Count(row["CENSOR"], row["AVAL"])) for row in counted
        ),
        "records": flagged("RECFL"),
        "visit records": flagged("VISITFL"),
        "baseline": [f"{row['AVAL']:g} on day {row['ADY']:g}" for row in rows if row["BLFL"] == "Y"],
        "visits": sorted({written_visit(row["ADY"], row["AVISITN"]) for row in counted}),
        "shadow days": sorted({row["ADY"] for row in shadowed}),
        "classes that do not shadow": [
            row["SHADOW"]
            for row in shadowed
            if row["SHADOW"] not in shadow_classes(subject, row["ADY"], definition)
        ],
    }


def days_of(subject: Subject) -> set[float]:
    return {row["ADY"] for row in subject.platelets}
