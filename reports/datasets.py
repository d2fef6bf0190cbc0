"""Analysis-ready ADSL, ADLB, ADRS and ADTTE of one data cut, as the analyses here use them.

ADRS and ADTTE are always derived here; those of a site are never read. No dataset holds the day of the cut, a date,
or what gives either (docs/decisions.md, Data). Rows are in the order of the keys, so that they tell nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.visits import visit_label
from reports import dataset_variables as variables
from reports.dataset_variables import COLLECTED, NUMBER, TEXT, WHOLE, Variable
from reports.event_sources import with_sources
from reports.no_dates import follows_cut_day, without_full_dates
from reports.parameters import ascii_words, parameters
from trialdata.schema import ADSL as FILE_COLUMNS
from trialdata.units import STORED

LABEL_LENGTH = 40
OWN_WORDS = ("STUDYID", "USUBJID", "SUBJID", "SITEID", "PARAM")  # codes of the trial, names of the definition


@dataclass(frozen=True, eq=False)
class AnalysisDataset:
    """One dataset: `frame` has the columns of `variables`, text as str, integers as Int64, numbers as float64.

    `notes` say what was left out, and why.
    """

    name: str
    label: str
    structure: str
    keys: tuple[str, ...]
    variables: tuple[Variable, ...]
    frame: pd.DataFrame
    notes: tuple[str, ...] = ()


def analysis_datasets(data: AnalysisData) -> tuple[AnalysisDataset, ...]:
    """ADSL, ADLB (platelets), ADRS and ADTTE, every participant of the cut in each that has a row for them."""
    core = _core(data)
    adlb = _adlb(data, core)
    return (_adsl(data), adlb, _adrs(data, core), _adtte(data, core, adlb.frame))


def _adsl(data: AnalysisData) -> AnalysisDataset:
    """One row per participant: arms, analysis sets, baseline, what is known of the end at the cut."""
    on_study = data.adsl["ONSTUDY"] == "Y"
    frame = data.adsl.assign(
        STUDYID=data.definition.studyid,
        EOSSTT=data.adsl["EOSSTT"].mask(on_study, "ONGOING"),
        DCSREAS=data.adsl["DCSREAS"].mask(on_study, ""),
        EOSDY=_ends(data.adsl),
    )
    own, notes = _own_columns(data)
    if n := len(data.screen_failures):
        notes = (*notes, f"Screen failures are in no dataset: {n} of ADSL as given.")
    return _dataset(
        *("ADSL", "Subject-Level Analysis Dataset", "One row per participant", ("USUBJID",)),
        *((*variables.ADSL, *own), frame, notes),
    )


def _ends(adsl: pd.DataFrame) -> pd.Series:
    """EOSDY, but not the day of the cut given as the end of somebody who is not said to have left."""
    left = adsl["EOSSTT"].astype("str").str.upper().isin(["COMPLETED", "DISCONTINUED"])
    return adsl["EOSDY"].mask((adsl["EOSDY"] == adsl["DCUTDY"]) & ~left)


def _own_columns(data: AnalysisData) -> tuple[tuple[Variable, ...], tuple[str, ...]]:
    """The study's covariates, subgroups and strata that no standard variable holds; those left out, in words."""
    definition, adsl = data.definition, data.adsl
    labels = {subgroup.column: subgroup.label for subgroup in definition.subgroups}
    known = {variable.name for variable in variables.ADSL} | set(FILE_COLUMNS.kinds)
    wanted = dict.fromkeys((*labels, *definition.covariates, *definition.strata))
    own, notes = [], []
    for name in (name for name in wanted if name in adsl and name not in known):
        numeric = pd.api.types.is_numeric_dtype(adsl[name])
        if numeric and follows_cut_day(adsl[name], adsl["DCUTDY"]):
            notes.append(f"ADSL.{name} is left out: it follows the day of the data cut.")
            continue
        label = ascii_words(labels.get(name, name))[:LABEL_LENGTH]
        comment = "A covariate, subgroup or stratum of the study"
        own.append(Variable(name, label, NUMBER if numeric else TEXT, COLLECTED, comment))
    return tuple(own), tuple(notes)


def _adlb(data: AnalysisData, core: pd.DataFrame) -> AnalysisDataset:
    """One row per platelet count that the cut has."""
    adlb = data.adlb[data.adlb["PARAMCD"] == "PLAT"]
    adlb = adlb.sort_values(["USUBJID", "ADY"], kind="stable", ignore_index=True)
    frame = adlb.assign(
        ASEQ=adlb.groupby("USUBJID").cumcount() + 1,
        PARAM=f"Platelets ({STORED})",
        AVALU=STORED,
        ABLFL=adlb["BLFL"],
        ANL01FL=adlb["RECFL"],
        ANL02FL=adlb["VISITFL"],
        SRCSEQ=pd.to_numeric(adlb["LBSEQ"], errors="coerce") if "LBSEQ" in adlb else np.nan,
    )
    return _dataset(
        *("ADLB", "Platelet Analysis Dataset", "One row per participant and platelet count"),
        *(("USUBJID", "PARAMCD", "ASEQ"), variables.ADLB, _with_core(frame, core)),
    )


def _adrs(data: AnalysisData, core: pd.DataFrame) -> AnalysisDataset:
    """One row per participant and endpoint that is no time to an event."""
    week = {e.paramcd: e.avisitn for e in data.definition.endpoints if e.kind == "response_at_visit"}
    adrs = data.adrs.assign(AVISITN=data.adrs["PARAMCD"].map(week).astype(float))
    visits = data.adlb.loc[data.adlb["VISITFL"] == "Y", ["USUBJID", "AVISITN", "ADY"]]
    adrs = adrs.merge(visits, on=["USUBJID", "AVISITN"], how="left")
    frame = adrs.assign(
        PARAM=adrs["PARAMCD"].map(_names(data)),
        AVISIT=adrs["AVISITN"].map(visit_label).astype("str"),
        ADY=adrs["ADY"].where(adrs["AVISITN"].notna(), adrs["ONSETDY"]),
    )
    return _dataset(
        *("ADRS", "Response Analysis Dataset", "One row per participant and endpoint"),
        *(("USUBJID", "PARAMCD"), variables.ADRS, _with_core(frame, core)),
    )


def _adtte(data: AnalysisData, core: pd.DataFrame, adlb: pd.DataFrame) -> AnalysisDataset:
    """One row per participant and time to an event; of a duration of response only the responders."""
    from_onset = [e.paramcd for e in data.definition.endpoints if e.kind == "duration_of_response"]
    adtte = data.adtte
    start = adtte["ONSETDY"].where(adtte["PARAMCD"].isin(from_onset), 1)
    adtte = adtte.assign(
        PARAM=adtte["PARAMCD"].map(_names(data)),
        STARTDY=start,
        ADY=start + adtte["AVAL"] - 1,
        AVALU="DAYS",
    )
    return _dataset(
        *("ADTTE", "Time-to-Event Analysis Dataset", "One row per participant and time to an event"),
        *(("USUBJID", "PARAMCD"), variables.ADTTE, _with_core(with_sources(adtte, adlb), core)),
    )


def _names(data: AnalysisData) -> dict[str, str]:
    """PARAM by PARAMCD."""
    return dict(parameters(data.definition)[["PARAMCD", "PARAM"]].to_numpy())


def _core(data: AnalysisData) -> pd.DataFrame:
    """What every dataset says of a participant."""
    named = data.adsl.assign(STUDYID=data.definition.studyid).rename(
        columns={"TRT01P": "TRTP", "TRT01A": "TRTA"}
    )
    return named[[variable.name for variable in variables.CORE if variable.name in named]]


def _with_core(frame: pd.DataFrame, core: pd.DataFrame) -> pd.DataFrame:
    added = [name for name in core if name == "USUBJID" or name not in frame]
    return frame.merge(core[added], on="USUBJID", how="left")


def _dataset(
    name: str,
    label: str,
    structure: str,
    keys: tuple[str, ...],
    listed: Sequence[Variable],
    frame: pd.DataFrame,
    notes: tuple[str, ...] = (),
) -> AnalysisDataset:
    """The variables that the frame has, typed, in the order of the keys, without a date."""
    kept = tuple(variable for variable in listed if variable.name in frame)
    columns, said = {}, list(notes)
    for variable in kept:
        columns[variable.name] = _typed(frame[variable.name], variable)
        if variable.kind == TEXT and variable.name not in OWN_WORDS:
            columns[variable.name], dates = without_full_dates(columns[variable.name])
            said += [f"{name}.{variable.name}: {dates} cells with a date are left empty."] if dates else []
    typed = pd.DataFrame(columns).sort_values(list(keys), kind="stable", ignore_index=True)
    return AnalysisDataset(name, label, structure, keys, kept, typed, tuple(said))


def _typed(column: pd.Series, variable: Variable) -> pd.Series:
    """Text as str, numbers as float64; an integer as Int64 when all its values are whole."""
    if variable.kind == TEXT:
        return column.fillna("").astype("str")
    number = column.astype("float64")
    return whole_where_whole(number) if variable.kind == WHOLE else number


def whole_where_whole(number: pd.Series) -> pd.Series:
    """A column of numbers as integers when every value is one, else as it is."""
    values = number.dropna().to_numpy(float)
    is_whole = bool((np.isfinite(values) & (np.floor(values) == values) & (np.abs(values) < 2**53)).all())
    return number.astype("Int64") if is_whole else number
