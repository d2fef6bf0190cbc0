"""From a study to its analysis data: the one place that lists the derivations in order.

Frames keep their ADaM names and hold what existed at the data cutoff, nothing later.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.endpoints import derive_responses, derive_times
from analysis.endpoints.course import Course, read_course
from analysis.endpoints.days import is_day
from analysis.endpoints.records import baseline_rows, censored_values, is_record
from analysis.endpoints.subjects import Subjects, read_subjects, rows_at_cut
from analysis.populations import derive_populations
from analysis.visits import analysis_visit, is_visit_record, visit_labels
from trialdata.definition import StudyDefinition, Visits
from trialdata.study import Study


@dataclass(frozen=True, eq=False)
class AnalysisData:
    """What every analysis works from; `derived_flags` names the population flags that the file did not have."""

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

    @property
    def definition(self) -> StudyDefinition:
        return self.study.definition


def derive(study: Study) -> AnalysisData:
    """The analysis data of one data cut."""
    adsl = study.adsl.drop_duplicates("USUBJID").reset_index(drop=True)
    subjects = read_subjects(adsl)
    adex = rows_at_cut(study.adex, "ASTDY", subjects)
    adqs = rows_at_cut(study.adqs, "ADY", subjects, until_death=True)
    adcm = rows_at_cut(study.adcm, "ASTDY", subjects, until_death=True)
    adlb = derive_adlb(study.adlb, subjects, study.definition.visits)
    course = read_course(study.definition, subjects, adlb, adqs, adcm)
    adsl, derived_flags = derive_populations(adsl, study.definition, adex)
    return AnalysisData(
        study=study,
        adsl=derive_adsl(adsl, subjects, adlb),
        adlb=adlb.assign(SHADOW=shadow_names(adlb, course)),
        adrs=derive_responses(course),
        adtte=derive_times(course),
        adae=rows_at_cut(study.adae, "ASTDY", subjects),
        adcm=adcm,
        adqs=adqs,
        adex=adex,
        derived_flags=derived_flags,
    )


def course_of(data: AnalysisData, usubjid: str | None = None) -> Course:
    """The course behind analysis data, of everybody or of one participant: what the endpoint rules read."""
    adsl, adlb, adqs, adcm = data.study.adsl, data.adlb, data.adqs, data.adcm
    if usubjid is not None:
        adsl, adlb, adqs, adcm = (frame[frame["USUBJID"] == usubjid] for frame in (adsl, adlb, adqs, adcm))
    subjects = read_subjects(adsl.drop_duplicates("USUBJID"))
    return read_course(data.definition, subjects, adlb, adqs, adcm)


def derive_adsl(adsl: pd.DataFrame, subjects: Subjects, adlb: pd.DataFrame) -> pd.DataFrame:
    """ADSL with the platelet baseline (BASE, BASEDY) and what is known of each subject's end at the cut.

    FUDY is the last day followed; an EOSDY or DTHDY after the cut day is blanked.
    """
    baseline = adlb[adlb["BLFL"] == "Y"].set_index("USUBJID")
    followed = np.fmin(np.fmin(subjects.cut, subjects.study_end), subjects.death)
    status = np.select(
        [~np.isnan(subjects.death), subjects.on_study, subjects.completed],
        ["died", "on study", "completed"],
        "withdrawn",
    )
    return adsl.assign(
        BASE=adsl["USUBJID"].map(baseline["AVAL"]).astype(float),
        BASEDY=adsl["USUBJID"].map(baseline["ADY"]).astype(float),
        EOSDY=subjects.study_end,
        DTHDY=subjects.death,
        FUDY=followed,
        ONSTUDY=pd.Series(np.where(subjects.on_study, "Y", "N"), adsl.index, dtype="str"),
        STATUS=pd.Series(status, adsl.index, dtype="str"),
    )


def derive_adlb(adlb: pd.DataFrame, subjects: Subjects, visits: Visits) -> pd.DataFrame:
    """ADLB as it is at the cut, sorted by subject, parameter and day.

    CENSOR and AVAL (the limit of a censored value), BASE and CHG, the analysis visit (AVISITN, AVISIT; VISIT is the
    file's), and for platelets RECFL, VISITFL and BLFL: the record of its day, of its visit, the baseline.
    """
    adlb = rows_at_cut(adlb, "ADY", subjects)
    subject, parameter = subjects.number_of(adlb["USUBJID"]), pd.factorize(adlb["PARAMCD"], sort=True)[0]
    after_death = (adlb["PARAMCD"] == "PLAT").to_numpy() & (adlb["ADY"].to_numpy() > subjects.death[subject])
    order = np.lexsort((adlb["ADY"].to_numpy(float), parameter, subject))
    order = order[~after_death[order]]
    adlb = adlb.iloc[order].reset_index(drop=True)
    subject, parameter = subject[order], parameter[order]
    sign, value = censored_values(adlb)
    adlb = adlb.assign(CENSOR=pd.Series(sign, dtype="str"), AVAL=value)
    return _with_visits(_with_baseline(adlb, subject, parameter), subject, parameter, visits)


def _with_baseline(adlb: pd.DataFrame, subject: np.ndarray, parameter: np.ndarray) -> pd.DataFrame:
    group = subject * (parameter.max(initial=0) + 1) + parameter
    baseline = baseline_rows(adlb, group)
    value = pd.Series(adlb["AVAL"].to_numpy()[baseline], index=group[baseline], dtype=float)
    base = value.reindex(group).to_numpy()
    is_baseline = np.isin(np.arange(len(adlb)), baseline) & (adlb["PARAMCD"] == "PLAT").to_numpy()
    return adlb.assign(BASE=base, CHG=adlb["AVAL"] - base, BLFL=_flag(is_baseline))


def _with_visits(
    adlb: pd.DataFrame, subject: np.ndarray, parameter: np.ndarray, visits: Visits
) -> pd.DataFrame:
    day = adlb["ADY"].to_numpy(float)
    avisitn = analysis_visit(np.where(is_day(day), day, np.nan), visits)
    platelets = np.flatnonzero((adlb["PARAMCD"] == "PLAT").to_numpy())
    record = platelets[is_record(adlb.iloc[platelets], subject[platelets])]
    for_visit = record[is_visit_record(subject[record], day[record], avisitn[record], visits)]
    rows = np.arange(len(adlb))
    return adlb.assign(
        VISIT=adlb["AVISIT"],
        AVISITN=avisitn,
        AVISIT=visit_labels(avisitn),
        RECFL=_flag(np.isin(rows, record)),
        VISITFL=_flag(np.isin(rows, for_visit)),
    )


def shadow_names(adlb: pd.DataFrame, course: Course) -> pd.Series:
    """The rescue class whose shadow covers each platelet count, whatever an endpoint says of it; "" outside all."""
    rescues = course.rescues(None)
    names = np.full(len(adlb), "", dtype=object)
    day = adlb["ADY"].to_numpy(float)
    rows = np.flatnonzero((adlb["PARAMCD"] == "PLAT").to_numpy() & is_day(day))
    position = rescues.covering(course.subjects.number_of(adlb["USUBJID"].iloc[rows]), day[rows])
    names[rows] = np.append(rescues.cmclas, "")[position]
    return pd.Series(names, adlb.index, dtype="str")


def _flag(chosen: np.ndarray) -> pd.Series:
    return pd.Series(np.where(chosen, "Y", ""), dtype="str")
