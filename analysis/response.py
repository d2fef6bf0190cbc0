"""Response over time, on top of the endpoint rules: at every visit, day by day, and as a share of the days."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData, course_of
from analysis.endpoints.at_visit import levels, visit_answer, visit_record
from analysis.endpoints.days import sort_key, split_key
from analysis.endpoints.in_response import holds_until
from analysis.endpoints.reading import Reading, read_endpoint
from analysis.endpoints.shadows import Shadows, merge_shadows
from analysis.endpoints.times import last_day
from analysis.longitudinal import median_and_quartiles
from analysis.words import flag, text


def response_by_visit(data: AnalysisData, paramcd: str) -> pd.DataFrame:
    """One row per subject and scheduled visit after baseline: AVISITN, LEVEL ("CR", "R", "NR", "MISSING"), DUEFL.

    The rule is `response_at_visit`, not confirmed, with the other parameters of the endpoint.
    """
    course = course_of(data)
    reading = read_endpoint(course, data.definition.endpoint(paramcd))
    level, after_baseline = levels(reading), course.windows.iloc[1:]
    weeks, ends = after_baseline["AVISITN"].to_numpy(), after_baseline["HIGH"].to_numpy()
    by_visit = [
        (visit_answer(reading, visit_record(reading, week), level, end), course.subjects.cut >= end)
        for week, end in zip(weeks, ends, strict=True)
    ]
    answers, due = zip(*by_visit, strict=True) if by_visit else ([], [])
    return pd.DataFrame(
        {
            "USUBJID": np.tile(course.subjects.usubjid, len(weeks)),
            "AVISITN": weeks.repeat(len(course.subjects)),
            "LEVEL": text(np.concatenate([[], *answers])),
            "DUEFL": flag(np.concatenate([[], *due]).astype(bool), otherwise="N"),
        }
    ).astype({"USUBJID": "str"})


def response_states(data: AnalysisData, paramcd: str, *, max_gap_days: int | None = None) -> pd.DataFrame:
    """One row per span of days with one STATE: "CR", "R" or "NR" as in `time_in_response`, and "SHADOW" of a rescue.

    USUBJID, STARTDY and ENDDY (both days included). Days between the end of what a count stands for and the next count
    have no row. A count stands for a day when its level holds on it: until the next one, at most `max_gap_days`
    (None: the endpoint's own).
    """
    course, endpoint = course_of(data), data.definition.endpoint(paramcd)
    if max_gap_days is not None:
        endpoint = dataclasses.replace(endpoint, max_gap_days=max_gap_days)
    reading = read_endpoint(course, endpoint)
    shadows = _followed_shadows(reading)
    until = holds_until(reading)
    subject, start, end = _elementary_spans(reading, until, shadows)
    state = _states(reading, until, shadows, subject, start)
    kept = state != ""
    subject, start, end, state = subject[kept], start[kept], end[kept], state[kept]
    same = (np.diff(subject) == 0) & (state[1:] == state[:-1]) & (start[1:] == end[:-1] + 1)
    first, last = np.r_[True, ~same][: len(start)], np.r_[~same, True][: len(start)]
    return pd.DataFrame(
        {
            "USUBJID": course.subjects.usubjid[subject[first]],
            "STARTDY": start[first].astype(float),
            "ENDDY": end[last].astype(float),
            "STATE": pd.Series(state[first], dtype="str"),
        }
    )


def shares_in_response(answers: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """One row per arm: median share of the observed days in CR or R, first and third quartile as the limits.

    `answers` are the ADRS rows of a `time_in_response` endpoint with ARM: AVAL (a share, NaN without a usable
    count), RESPDAYS, OBSDAYS. `n` days in response of `N` days observed; `n_risk` participants with a share.
    """
    observed = answers[answers["AVAL"].notna()]
    rows = []
    for arm in arms:
        own = observed[observed["ARM"] == arm]
        spread = median_and_quartiles(own["AVAL"].to_numpy()) if len(own) else (np.nan,) * 3
        rows.append((arm, int(own["RESPDAYS"].sum()), int(own["OBSDAYS"].sum()), *spread, len(own)))
    columns = ["arm", "n", "N", "estimate", "conf_low", "conf_high", "n_risk"]
    return pd.DataFrame(rows, columns=columns).assign(method="median and quartiles, type 7")


def _followed_shadows(reading: Reading) -> Shadows:
    """The shadows up to the last day each subject was followed or counted; none where rescue is ignored."""
    subjects, shadows = reading.course.subjects, merge_shadows(reading.rescues)
    followed = np.fmin(np.fmin(subjects.cut, subjects.study_end), subjects.death)
    followed = np.fmax(followed, last_day(reading, reading.usable))[shadows.subject]
    kept = (shadows.start <= followed) & (reading.endpoint.rescue != "ignore")
    end = np.minimum(shadows.end, followed)
    return Shadows(shadows.subject[kept], shadows.start[kept], end[kept])


def _elementary_spans(
    reading: Reading, until: np.ndarray, shadows: Shadows
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Subject, first and last day of the spans between any two days on which a state may change."""
    used = reading.usable
    changes = [
        sort_key(reading.subject[used], reading.day[used]),
        sort_key(reading.subject[used], until[used] + 1),
        sort_key(shadows.subject, shadows.start),
        sort_key(shadows.subject, shadows.end + 1),
    ]
    subject, day = split_key(np.unique(np.concatenate(changes)))
    same_subject = np.diff(subject) == 0
    return subject[:-1][same_subject], day[:-1][same_subject], day[1:][same_subject] - 1


def _states(
    reading: Reading, until: np.ndarray, shadows: Shadows, subject: np.ndarray, day: np.ndarray
) -> np.ndarray:
    """The state of each subject on a day: "SHADOW", the level of the record that holds on it, or "" for none."""
    record = np.searchsorted(reading.course.records.key, sort_key(subject, day), side="right") - 1
    of_day, own, last = (
        np.append(values, none)[record]  # the last element serves -1: no record by then
        for values, none in ((levels(reading), ""), (reading.subject, -1), (until, -np.inf))
    )
    holds = np.append(reading.usable, False)[record] & (own == subject) & (day <= last)
    shadowed = shadows.days_between(subject, day, day) > 0
    return np.where(shadowed, "SHADOW", np.where(holds, of_day, ""))
