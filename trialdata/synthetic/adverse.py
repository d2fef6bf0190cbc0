"""Adverse events of one participant (adae rows): rates by arm, and the bleeding events that visits recorded.

Rates are shares of participants with the event within a year, near those published for low-dose rituximab,
iguratimod and eltrombopag; for best available therapy they are proposals.
"""

from numpy.random import Generator

from trialdata.synthetic.course import Course
from trialdata.synthetic.randomness import Purpose, chance, lognormal, pick, stream, whole
from trialdata.synthetic.trials import Trial

Row = dict[str, object]

SYSTEM_ORGAN_CLASS = {
    "Alanine aminotransferase increased": "Investigations",
    "Aspartate aminotransferase increased": "Investigations",
    "Blood bilirubin increased": "Investigations",
    "Weight increased": "Investigations",
    "Abdominal discomfort": "Gastrointestinal disorders",
    "Diarrhoea": "Gastrointestinal disorders",
    "Dyspepsia": "Gastrointestinal disorders",
    "Gastrointestinal haemorrhage": "Gastrointestinal disorders",
    "Gingival bleeding": "Gastrointestinal disorders",
    "Nausea": "Gastrointestinal disorders",
    "Acne": "Skin and subcutaneous tissue disorders",
    "Pruritus": "Skin and subcutaneous tissue disorders",
    "Rash": "Skin and subcutaneous tissue disorders",
    "Cerebral haemorrhage": "Nervous system disorders",
    "Dizziness": "Nervous system disorders",
    "Headache": "Nervous system disorders",
    "Pneumonia": "Infections and infestations",
    "Upper respiratory tract infection": "Infections and infestations",
    "Urinary tract infection": "Infections and infestations",
    "Leukopenia": "Blood and lymphatic system disorders",
    "Thrombocytosis": "Blood and lymphatic system disorders",
    "Fatigue": "General disorders and administration site conditions",
    "Pyrexia": "General disorders and administration site conditions",
    "Infusion related reaction": "Injury, poisoning and procedural complications",
    "Epistaxis": "Respiratory, thoracic and mediastinal disorders",
    "Deep vein thrombosis": "Vascular disorders",
    "Hypertension": "Vascular disorders",
    "Hyperglycaemia": "Metabolism and nutrition disorders",
    "Insomnia": "Psychiatric disorders",
    "Arthralgia": "Musculoskeletal and connective tissue disorders",
    "Heavy menstrual bleeding": "Reproductive system and breast disorders",
}
RATES = {
    "IGU+RTX": {
        "Alanine aminotransferase increased": 0.12, "Aspartate aminotransferase increased": 0.08,
        "Nausea": 0.06, "Diarrhoea": 0.04, "Abdominal discomfort": 0.04, "Rash": 0.03, "Pruritus": 0.02,
        "Dizziness": 0.04, "Headache": 0.04, "Leukopenia": 0.025, "Infusion related reaction": 0.15,
        "Upper respiratory tract infection": 0.10, "Pneumonia": 0.02, "Urinary tract infection": 0.02,
        "Fatigue": 0.03, "Pyrexia": 0.03,
    },
    "RTX": {
        "Alanine aminotransferase increased": 0.035, "Aspartate aminotransferase increased": 0.02,
        "Nausea": 0.02, "Diarrhoea": 0.02, "Rash": 0.02, "Dizziness": 0.02, "Headache": 0.03,
        "Leukopenia": 0.01, "Infusion related reaction": 0.15, "Upper respiratory tract infection": 0.09,
        "Pneumonia": 0.02, "Urinary tract infection": 0.02, "Fatigue": 0.03, "Pyrexia": 0.03,
    },
    "TPO-RA+aCD20": {
        "Headache": 0.16, "Alanine aminotransferase increased": 0.09, "Blood bilirubin increased": 0.05,
        "Deep vein thrombosis": 0.03, "Thrombocytosis": 0.05, "Infusion related reaction": 0.13,
        "Upper respiratory tract infection": 0.15, "Nausea": 0.08, "Fatigue": 0.07, "Arthralgia": 0.05,
        "Pneumonia": 0.03, "Urinary tract infection": 0.05,
    },
    "BAT": {
        "Hyperglycaemia": 0.08, "Weight increased": 0.09, "Insomnia": 0.07, "Hypertension": 0.06,
        "Acne": 0.05, "Dyspepsia": 0.06, "Alanine aminotransferase increased": 0.07,
        "Upper respiratory tract infection": 0.16, "Pneumonia": 0.05, "Urinary tract infection": 0.06,
        "Fatigue": 0.05, "Headache": 0.05,
    },
}  # fmt: skip
LABORATORY = {"Investigations", "Blood and lymphatic system disorders"}
UNRELATED = {"Infections and infestations", "Musculoskeletal and connective tissue disorders"}
SERIOUS_EVEN_IF_MILD = {"Deep vein thrombosis", "Pneumonia"}
BLEEDING_SITES = {"Epistaxis": 4.0, "Gingival bleeding": 3.0, "Gastrointestinal haemorrhage": 0.5}


def adverse_rows(trial: Trial, course: Course) -> list[Row]:
    """adae: one row per event that began before the participant left."""
    if not course.person.actual:
        return []
    rng = stream(trial.seed, Purpose.ADVERSE, course.person.number)
    rows = before_treatment(rng)
    for term, rate in RATES[course.person.actual].items():
        if chance(rng, rate):
            rows.append(drug_event(term, rng))
    rows += bleeding_events(course, rng) + event_that_ended_the_study(course, rng)
    rows = [row for row in rows if start_of(row) <= course.ending.day]
    return [{"USUBJID": course.person.usubjid} | row for row in sorted(rows, key=start_of)]


def start_of(row: Row) -> int:
    return int(str(row["ASTDY"]))


def before_treatment(rng: Generator) -> list[Row]:
    """In three of a hundred an event between consent and day 1: not treatment-emergent."""
    if not chance(rng, 0.03):
        return []
    row = event("Upper respiratory tract infection", 1, -whole(rng, 2, 6), whole(rng, 8, 12))
    return [row | {"AEREL": "NOT RELATED", "AEACN": "NOT APPLICABLE", "TRTEMFL": ""}]


def event(term: str, grade: int, start: int, days: int) -> Row:
    """The columns every event has; the end is never on day 0, which does not exist."""
    end = start + days - 1 + (1 if start < 0 <= start + days - 1 else 0)
    return {
        "AEDECOD": term, "AEBODSYS": SYSTEM_ORGAN_CLASS[term], "AETOXGR": grade, "AESER": "N",
        "AEREL": "RELATED", "AEACN": "DOSE NOT CHANGED", "AEOUT": "RECOVERED/RESOLVED", "ASTDY": start,
        "AENDY": end, "TRTEMFL": "Y",
    }  # fmt: skip


def drug_event(term: str, rng: Generator) -> Row:
    grade = int(pick(rng, {"1": 0.68, "2": 0.25, "3": 0.07}))
    body_system = SYSTEM_ORGAN_CLASS[term]
    row = event(term, grade, *timing(term, body_system, rng))
    related = 0.25 if body_system in UNRELATED else 0.8
    serious = (grade >= 3 and chance(rng, 0.5)) or (term in SERIOUS_EVEN_IF_MILD and chance(rng, 0.7))
    row |= {
        "AEREL": "RELATED" if chance(rng, related) else "NOT RELATED",
        "AESER": "Y" if serious else "N",
        "AEACN": action_taken(term, grade, rng),
    }
    if chance(rng, 0.06):
        row |= {"AEOUT": "NOT RECOVERED/NOT RESOLVED", "AENDY": None}
    return row


def timing(term: str, body_system: str, rng: Generator) -> tuple[int, int]:
    """Day of onset and days of duration: infusion reactions at once, laboratory findings about week 4."""
    if term == "Infusion related reaction":
        return int(pick(rng, {"1": 0.75, "8": 0.15, "15": 0.10})), 1
    if body_system in LABORATORY:
        return round(lognormal(rng, 30, 0.6, 7, 170)), whole(rng, 14, 42)
    if body_system in UNRELATED:
        return whole(rng, 5, 360), whole(rng, 4, 14)
    return round(lognormal(rng, 25, 1.0, 2, 180)), whole(rng, 3, 28)


def action_taken(term: str, grade: int, rng: Generator) -> str:
    if term == "Deep vein thrombosis":
        return "DRUG WITHDRAWN"
    if term == "Infusion related reaction":
        return "DRUG INTERRUPTED" if grade >= 2 else "DOSE NOT CHANGED"
    weights = {
        "DOSE NOT CHANGED": 1.0,
        "DRUG INTERRUPTED": 0.25 * (grade - 1),
        "DRUG WITHDRAWN": 0.15 * (grade - 1),
    }
    return pick(rng, weights)


def bleeding_events(course: Course, rng: Generator) -> list[Row]:
    """An event for every assessment of grade 2 or more after day 1."""
    rows = []
    for visit in course.visits:
        if visit.day < 2 or visit.grade is None or visit.grade < 2:
            continue
        if visit.grade == 4:
            rows.append(fatal_bleeding(course))
            continue
        sites = BLEEDING_SITES | ({"Heavy menstrual bleeding": 2.5} if course.person.sex == "F" else {})
        term = "Gastrointestinal haemorrhage" if visit.grade == 3 else pick(rng, sites)
        row = event(term, visit.grade, visit.day, whole(rng, 1, 8))
        serious = "Y" if visit.grade == 3 else "N"
        rows.append(row | {"AEREL": "NOT RELATED", "AESER": serious})
    return rows


def event_that_ended_the_study(course: Course, rng: Generator) -> list[Row]:
    """The event behind a discontinuation for an adverse event; it begins shortly before."""
    if course.ending.reason != "ADVERSE EVENT":
        return []
    grade = int(pick(rng, {"2": 0.4, "3": 0.6}))
    row = event(pick(rng, RATES[course.person.actual]), grade, course.ending.day - whole(rng, 2, 9), 21)
    return [row | {"AEACN": "DRUG WITHDRAWN", "AESER": "Y" if grade == 3 else "N"}]


def fatal_bleeding(course: Course) -> Row:
    row = event("Cerebral haemorrhage", 5, course.ending.day - 1, 2)
    return row | {"AEREL": "NOT RELATED", "AESER": "Y", "AEACN": "NOT APPLICABLE", "AEOUT": "FATAL"}


def withdrawal_day(rows: list[Row]) -> int | None:
    """The first day on which an event ended the study drug."""
    days = [start_of(row) for row in rows if row["AEACN"] == "DRUG WITHDRAWN"]
    return min(days, default=None)
