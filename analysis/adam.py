"""From a study to its analysis data: the one place that lists the derivations in order.

Frames keep their ADaM names and hold what existed at the data cutoff, nothing later.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from analysis.endpoints import derive_responses, derive_times
from analysis.endpoints.course import Course, read_course
from analysis.endpoints.days import is_day
from analysis.endpoints.records import SIGNS, baseline_rows, read_values, record_rows
from analysis.endpoints.subjects import Subjects, after_death, exists_at_cut, read_subjects
from analysis.populations import derive_populations
from analysis.visits import analysis_visit, is_visit_record, visit_labels
from analysis.words import coded, first_that_fits, flag
from trialdata.definition import StudyDefinition, Visits
from trialdata.screening import is_screen_failure
from trialdata.study import Study

KEPT = 64  # frames and the like that the outputs of one cut share


@dataclass(frozen=True, eq=False)
class AnalysisData:
    """What every analysis works from; `derived_flags` names the population flags that the file did not have.

    `screen_failures` has the rows of the file of those who were screened and never enrolled: they are in no other
    frame.
    """

    study: Study
    adsl: pd.DataFrame
    adlb: pd.DataFrame
    adrs: pd.DataFrame
    adtte: pd.DataFrame
    adae: pd.DataFrame
    adcm: pd.DataFrame
    adqs: pd.DataFrame
    adex: pd.DataFrame
    derived_flags: tuple[str, ...]
    screen_failures: pd.DataFrame

    @property
    def definition(self) -> StudyDefinition:
        return self.study.definition

    @cached_property
    def once(self) -> Callable[..., Any]:
        """`once(make, *of)` is `make(data, *of)`, made once for all outputs of the cut that ask for it; read-only."""

        @lru_cache(maxsize=KEPT)
        def made(make: Callable[..., Any], *of: object) -> Any:
            return make(self, *of)

        return made


def derive(study: Study) -> AnalysisData:
    """The analysis data of one data cut."""
    everybody = study.adsl.drop_duplicates("USUBJID").reset_index(drop=True)
    failed = is_screen_failure(everybody, study.definition)
    adsl = everybody[~failed].reset_index(drop=True) if failed.any() else everybody
    subjects = read_subjects(adsl)
    adex = _at_cut(study.adex, "ASTDY", subjects, while_alive=False)
    adqs = _at_cut(study.adqs, "ADY", subjects, while_alive=True)
    adcm = _at_cut(study.adcm, "ASTDY", subjects, while_alive=True)
    adlb = derive_adlb(study.adlb, subjects, study.definition.visits)
    course = read_course(study.definition, subjects, adlb, adqs, adcm)
    adsl, derived_flags = derive_populations(adsl, study.definition, adex)
    return AnalysisData(
        study=study,
        adsl=derive_adsl(adsl, subjects, adlb),
        adlb=adlb.assign(SHADOW=shadow_names(adlb, course)),
        adrs=derive_responses(course),
        adtte=derive_times(course),
        adae=_at_cut(study.adae, "ASTDY", subjects, while_alive=False),
        adcm=adcm,
        adqs=adqs,
        adex=adex,
        derived_flags=derived_flags,
        screen_failures=everybody[failed].reset_index(drop=True),
    )


def course_of(data: AnalysisData, usubjid: str | None = None) -> Course:
    """The course behind analysis data, of everybody or of one participant: what the endpoint rules read."""
    adsl, adlb, adqs, adcm = data.study.adsl, data.adlb, data.adqs, data.adcm
    if usubjid is not None:
        adsl, adlb, adqs, adcm = (frame[frame["USUBJID"] == usubjid] for frame in (adsl, adlb, adqs, adcm))
    adsl = adsl.drop_duplicates("USUBJID")
    subjects = read_subjects(adsl[~is_screen_failure(adsl, data.definition)])
    return read_course(data.definition, subjects, adlb, adqs, adcm)


def derive_adsl(adsl: pd.DataFrame, subjects: Subjects, adlb: pd.DataFrame) -> pd.DataFrame:
    """ADSL with the platelet baseline (BASE, BASEDY) and what is known of each subject's end at the cut.

    FUDY is the last day followed; an EOSDY or DTHDY after the cut day is blanked.
    """
    baseline = adlb[adlb["BLFL"] == "Y"].set_index("USUBJID")
    followed = np.fmin(np.fmin(subjects.cut, subjects.study_end), subjects.death)
    status = first_that_fits(
        {
            "died": ~np.isnan(subjects.death),
            "on study": subjects.on_study,
            "completed": subjects.completed,
        },
        otherwise="withdrawn",
    )
    return adsl.assign(
        BASE=adsl["USUBJID"].map(baseline["AVAL"]).astype(float),
        BASEDY=adsl["USUBJID"].map(baseline["ADY"]).astype(float),
        EOSDY=subjects.study_end,
        DTHDY=subjects.death,
        FUDY=followed,
        ONSTUDY=flag(subjects.on_study, otherwise="N"),
        STATUS=pd.Series(status, adsl.index, dtype="str"),
    )


def derive_adlb(adlb: pd.DataFrame, subjects: Subjects, visits: Visits) -> pd.DataFrame:
    """ADLB as it is at the cut, sorted by subject, parameter and day.

    CENSOR and AVAL (the limit of a censored value), BASE and CHG, the analysis visit (AVISITN, AVISIT; VISIT is the
    file's), and for platelets RECFL, VISITFL and BLFL: the record of its day, of its visit, the baseline.
    """
    adlb, subject = _sorted_at_cut(adlb, subjects)
    parameter = pd.factorize(adlb["PARAMCD"])[0]
    group = subject * (parameter.max(initial=0) + 1) + parameter
    platelets = (adlb["PARAMCD"] == "PLAT").to_numpy()
    values = read_values(adlb, group)
    avisitn = analysis_visit(np.where(is_day(values.day), values.day, np.nan), visits)
    record = record_rows(values, platelets)
    for_visit = record[is_visit_record(group[record], values.day[record], avisitn[record], visits)]
    baseline = baseline_rows(values)
    base = pd.Series(values.value[baseline], index=group[baseline], dtype=float).reindex(group).to_numpy()
    return adlb.assign(
        CENSOR=coded(values.rank + 1, SIGNS),
        AVAL=values.value,
        BASE=base,
        CHG=values.value - base,
        VISIT=adlb["AVISIT"],
        AVISITN=avisitn,
        AVISIT=visit_labels(avisitn),
        RECFL=_flag_at(record, len(adlb)),
        VISITFL=_flag_at(for_visit, len(adlb)),
        BLFL=_flag_at(baseline[platelets[baseline]], len(adlb)),
    )


def shadow_names(adlb: pd.DataFrame, course: Course) -> ExtensionArray:
    """The rescue class whose shadow covers each platelet count, whatever an endpoint says of it; "" outside all."""
    rescues = course.rescues(None)
    code, names = pd.factorize(rescues.cmclas)
    of_row = np.full(len(adlb), -1)
    row = np.flatnonzero((adlb["PARAMCD"] == "PLAT").to_numpy() & is_day(adlb["ADY"].to_numpy(float)))
    subject = course.subjects.number_of(adlb["USUBJID"].iloc[row])
    of_row[row] = np.append(code, -1)[rescues.covering(subject, adlb["ADY"].to_numpy(float)[row])]
    return coded(of_row, [*names, ""])


def _at_cut(frame: pd.DataFrame, day: str, subjects: Subjects, *, while_alive: bool) -> pd.DataFrame:
    """The rows that exist at the cut, with `while_alive` only those up to the day of death."""
    subject = subjects.number_of(frame["USUBJID"])
    exists = exists_at_cut(frame[day].to_numpy(float), subject, subjects)
    if while_alive:
        exists &= ~after_death(frame[day].to_numpy(float), subject, subjects)
    return frame if exists.all() else frame[exists]


def _sorted_at_cut(adlb: pd.DataFrame, subjects: Subjects) -> tuple[pd.DataFrame, np.ndarray]:
    """The rows that exist, platelets only while alive, by subject, parameter and day; and the number of the subject."""
    subject, day = subjects.number_of(adlb["USUBJID"]), adlb["ADY"].to_numpy(float)
    exists = exists_at_cut(day, subject, subjects)
    exists &= ~((adlb["PARAMCD"] == "PLAT").to_numpy() & after_death(day, subject, subjects))
    parameter = pd.factorize(adlb["PARAMCD"], sort=True)[0]
    row = np.flatnonzero(exists)
    row = row[np.lexsort((day[row], parameter[row], subject[row]))]
    in_order = len(row) == len(adlb) and bool((np.diff(row) == 1).all())
    return (adlb if in_order else adlb.iloc[row]).reset_index(drop=True), subject[row]


def _flag_at(row: np.ndarray, rows: int) -> ExtensionArray:
    chosen = np.zeros(rows, dtype=bool)
    chosen[row] = True
    return flag(chosen)
