"""Who was screened and never enrolled: one row of adsl each, and no record anywhere else."""

import datetime

from numpy.random import Generator

from trialdata.synthetic.participants import prior_lines
from trialdata.synthetic.randomness import Purpose, chance, lognormal, pick, stream, whole
from trialdata.synthetic.trials import Trial

Row = dict[str, object]
REASONS = {
    "PLATELET COUNT NOT BELOW 30": 0.40,
    "WITHDRAWAL BY SUBJECT": 0.25,
    "ACTIVE VIRAL HEPATITIS": 0.20,
    "OTHER CAUSE OF THROMBOCYTOPENIA": 0.15,
}


def screen_failure_rows(trial: Trial, cut: datetime.date) -> list[Row]:
    """The rows of adsl of who had failed screening by the cutoff, in the order of screening."""
    rng = stream(trial.seed, Purpose.SCREENING)
    days = sorted(whole(rng, 0, trial.enrolment_days) for _ in range(trial.screen_failures))
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for number, day in enumerate(days, start=1):
        row = _row(trial, stream(trial.seed, Purpose.SCREENING, number))
        site = str(row["SITEID"])
        seen[site] = seen.get(site, 0) + 1
        if trial.first_day + datetime.timedelta(days=day) <= cut:
            rows.append(row | {"USUBJID": f"{site}-S{seen[site]:02}"})
    return rows


def _row(trial: Trial, rng: Generator) -> Row:
    median_age, youngest, oldest = trial.age
    months = lognormal(rng, 10, 1.2, 1, 240)
    return {
        "STUDYID": trial.studyid, "SITEID": pick(rng, trial.sites), "TRT01P": "Screen failure",
        "RANDFL": "N", "ITTFL": "N", "FASFL": "N", "PPROTFL": "N", "SAFFL": "N",
        "AGE": int(lognormal(rng, median_age, 0.35, youngest, oldest + 0.99)),
        "SEX": "F" if chance(rng, 0.64) else "M", "DURMO": round(months, 1),
        "PRIORLN": prior_lines(rng, months), "STERFL": "Y" if chance(rng, 0.40) else "N",
        "ITPSTAT": "RELAPSED" if chance(rng, 0.55) else "RESISTANT",
        "DCSREAS": pick(rng, REASONS),
    }  # fmt: skip
