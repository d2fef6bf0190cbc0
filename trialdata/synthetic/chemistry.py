"""Liver values, blood cells, immunoglobulin, B cells and antibodies of one participant (adlb rows).

Drawn from a stream of their own, so that no other row moves. Liver values follow the adverse events and ALT;
anti-CD20 empties the B cells within weeks, and immunoglobulin G falls a little.
"""

import numpy as np
from numpy.random import Generator

from trialdata.synthetic.course import Course, Visit
from trialdata.synthetic.laboratory import ALT_MULTIPLES, ALT_UPPER_LIMIT, liver_event_grade, row_at
from trialdata.synthetic.randomness import Purpose, chance, pick, stream, uniform
from trialdata.synthetic.trials import Trial

Row = dict[str, object]
LIVER_WEEKS, CELL_WEEKS, IMMUNE_WEEKS, HAEMOLYSIS_WEEKS = (0, 4, 8, 26), (0, 4, 26), (0, 26, 52), (0, 12, 52)
AST_UPPER_LIMIT, BILIRUBIN_UPPER_LIMIT = 35, 20.5
BILIRUBIN_MULTIPLES = {1: (1.1, 1.45), 2: (1.6, 2.9), 3: (3.1, 5)}  # of the upper limit, by CTCAE grade
AST_EVENT, BILIRUBIN_EVENT = "Aspartate aminotransferase increased", "Blood bilirubin increased"
EMPTIED = {"IGU+RTX", "RTX", "TPO-RA+aCD20"}  # arms with anti-CD20
ANTIBODIES = {"CTD": (0.85, 0.10), "ANA": (1.0, 0.08), "EVANS": (0.3, 1.0), "COOMBS": (0.25, 1.0)}  # ANA, DAT
TITRES = {"1:100": 0.4, "1:320": 0.35, "1:1000": 0.25}
LOST = {"TPO-RA+aCD20": 0.35, "BAT": 0.12}  # share of positive results that turn negative, at each later look
HAEMOLYSIS = {"EVANS": 1.0, "COOMBS": 0.35}


def chemistry_rows(trial: Trial, course: Course, adverse: list[Row], known: list[Row]) -> list[Row]:
    """`known`: the participant's rows so far; AST follows ALT."""
    rng = stream(trial.seed, Purpose.CHEMISTRY, course.person.number)
    usual = _usual(rng)
    alt = {row["ADY"]: float(str(row["AVAL"])) for row in known if row["PARAMCD"] == "ALT"}
    positive = _antibodies(course, rng)
    rows: list[Row] = []
    for visit in course.visits:
        if visit.week in LIVER_WEEKS and visit.day in alt:
            rows += _liver(visit, alt[visit.day], usual, adverse, rng)
        if visit.week in CELL_WEEKS:
            rows += _cells(visit, usual, adverse, rng)
        if visit.week in IMMUNE_WEEKS:
            rows += _immune(course, visit, usual, rng)
        if not trial.randomised and visit.week in HAEMOLYSIS_WEEKS:
            rows += _haemolysis(course, visit, rng)
        if not trial.randomised and visit.week in IMMUNE_WEEKS:
            rows += _antibody_rows(course, visit, positive, rng)
    return [{"USUBJID": course.person.usubjid} | row for row in rows]


def _usual(rng: Generator) -> dict[str, float]:
    """The participant's own values."""
    typical = {"AST": (21, 0.22), "BILI": (10.5, 0.28), "NEUT": (4.2, 0.28), "LYM": (1.6, 0.25)}
    typical |= {"IGG": (11, 0.2), "CD19": (190, 0.4)}
    return {
        name: median * float(np.exp(sd * rng.standard_normal())) for name, (median, sd) in typical.items()
    }


def _liver(
    visit: Visit, alt: float, usual: dict[str, float], adverse: list[Row], rng: Generator
) -> list[Row]:
    ast = usual["AST"] * _noise(rng, 0.12) + 0.55 * max(0.0, alt - ALT_UPPER_LIMIT)
    bilirubin = usual["BILI"] * _noise(rng, 0.15)
    if grade := event_grade(AST_EVENT, visit.day, adverse):
        ast = AST_UPPER_LIMIT * uniform(rng, *ALT_MULTIPLES[grade])
    if grade := event_grade(BILIRUBIN_EVENT, visit.day, adverse):
        bilirubin = BILIRUBIN_UPPER_LIMIT * uniform(rng, *BILIRUBIN_MULTIPLES[grade])
    return [
        row_at(visit, "AST", round(ast), "U/L", 13, AST_UPPER_LIMIT),
        row_at(visit, "BILI", round(bilirubin, 1), "µmol/L", 3.4, BILIRUBIN_UPPER_LIMIT),
    ]


def event_grade(term: str, day: int, adverse: list[Row]) -> int:
    """The grade of the event of that name that runs on the day; 0 without one."""
    named = [
        row | {"AEDECOD": "Alanine aminotransferase increased"} for row in adverse if row["AEDECOD"] == term
    ]
    return liver_event_grade(day, named)


def _cells(visit: Visit, usual: dict[str, float], adverse: list[Row], rng: Generator) -> list[Row]:
    neutrophils = usual["NEUT"] * _noise(rng, 0.2)
    if event_grade("Leukopenia", visit.day, adverse):
        neutrophils = uniform(rng, 1.0, 1.7)
    lymphocytes = usual["LYM"] * _noise(rng, 0.15) * (1 if visit.day <= 1 else 0.85)
    return [
        row_at(visit, "NEUT", round(neutrophils, 2), "10^9/L", 1.8, 6.3),
        row_at(visit, "LYM", round(lymphocytes, 2), "10^9/L", 1.1, 3.2),
    ]


def _immune(course: Course, visit: Visit, usual: dict[str, float], rng: Generator) -> list[Row]:
    emptied = course.person.actual in EMPTIED and visit.day > 1
    fall = {0: 1.0, 26: 0.88, 52: 0.92}[visit.week] if emptied else 1.0
    igg = usual["IGG"] * fall * _noise(rng, 0.06)
    b_cells = usual["CD19"] * _noise(rng, 0.2)
    if emptied:
        b_cells *= uniform(rng, 0.0, 0.12) if visit.week == 26 else uniform(rng, 0.05, 0.9)
    return [
        row_at(visit, "IGG", round(igg, 1), "g/L", 7, 16),
        row_at(visit, "CD19", round(b_cells), "/µL", 80, 490),
    ]


def _haemolysis(course: Course, visit: Visit, rng: Generator) -> list[Row]:
    """Reticulocytes and lactate dehydrogenase: raised by haemolysis, less so after treatment."""
    share = HAEMOLYSIS.get(course.person.antibody_class, 0.0) * (1.0 if visit.day <= 1 else 0.45)
    reticulocytes = (58 + 110 * share) * _noise(rng, 0.22)
    dehydrogenase = (185 + 150 * share) * _noise(rng, 0.15)
    return [
        row_at(visit, "RETIC", round(reticulocytes), "10^9/L", 24, 84),
        row_at(visit, "LDH", round(dehydrogenase), "U/L", 120, 250),
    ]


def _antibodies(course: Course, rng: Generator) -> dict[str, str]:
    """The result of each antibody at baseline."""
    ana, dat = ANTIBODIES.get(course.person.antibody_class, (0.0, 0.0))
    titre = pick(rng, TITRES) if chance(rng, ana) else "negative"
    return {"ANA": titre, "DAT": "positive" if chance(rng, dat) else "negative"}


def _antibody_rows(course: Course, visit: Visit, result: dict[str, str], rng: Generator) -> list[Row]:
    """One text result each; `result` is what was found last, and is changed."""
    for name in result:
        lost = chance(rng, LOST.get(course.person.actual, 0.0))
        if visit.day > 1 and result[name] != "negative" and lost:
            result[name] = "negative"
    empty = {"AVAL": None, "ANRLO": None, "ANRHI": None}
    return [
        row_at(visit, "ANA", 0, "titre", 0, 0) | empty | {"AVALC": result["ANA"]},
        row_at(visit, "DAT", 0, "", 0, 0) | empty | {"AVALC": result["DAT"]},
    ]


def _noise(rng: Generator, log_sd: float) -> float:
    return float(np.exp(log_sd * rng.standard_normal()))


def with_liver_case(trial: Trial, rows: list[Row]) -> None:
    """In the randomised trial the first participant with ALT above 3 times the limit has jaundice that day too."""
    if not trial.randomised:
        return
    bilirubin = {(row["USUBJID"], row["ADY"]): row for row in rows if row["PARAMCD"] == "BILI"}
    for row in rows:
        beside = bilirubin.get((row["USUBJID"], row["ADY"]))
        high = row["PARAMCD"] == "ALT" and float(str(row["AVAL"])) > 3 * ALT_UPPER_LIMIT
        if high and beside is not None and int(str(row["ADY"])) > 1:
            beside["AVAL"] = 55.8
            return
