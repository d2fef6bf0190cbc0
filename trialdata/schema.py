"""The columns of each dataset: name, kind, whether it is required, unit and meaning.

Names are CDISC ADaM names. A column that is not here is kept as it comes, as number or text.
"""

from dataclasses import dataclass

import pandas as pd

REQUIRED, FILLED, OPTIONAL = "required", "filled", "optional"


@dataclass(frozen=True)
class Column:
    """One column. `presence`: required; filled (absent means the same as empty); optional (absence says more)."""

    name: str
    kind: str  # id | text | number | day | flag | date | grade
    presence: str
    meaning: str
    unit: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dataset:
    """One dataset of a data cut. `files` are the names it may have, without the ending."""

    name: str
    row: str
    files: tuple[str, ...]
    required: bool
    columns: tuple[Column, ...]

    @property
    def kinds(self) -> dict[str, str]:
        return {column.name: column.kind for column in self.columns}

    def named(self, presence: str) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.presence == presence)


USUBJID = Column("USUBJID", "id", REQUIRED, "subject")
PARAMCD = Column("PARAMCD", "text", REQUIRED, "parameter")
END_DAY = Column("AENDY", "day", FILLED, "last day; empty: not given", "study day")

ADSL = Dataset(
    "adsl",
    "a subject",
    ("adsl",),
    True,
    (
        USUBJID,
        Column("TRT01P", "text", REQUIRED, "planned arm"),
        Column("STUDYID", "id", OPTIONAL, "study"),
        Column("SUBJID", "id", OPTIONAL, "subject within the study"),
        Column("SITEID", "id", FILLED, "site"),
        Column("SITEGR1", "id", OPTIONAL, "sites pooled"),
        Column("TRT01A", "text", OPTIONAL, "actual arm"),
        Column("RANDFL", "flag", OPTIONAL, "randomised"),
        Column("ITTFL", "flag", OPTIONAL, "intention to treat"),
        Column("FASFL", "flag", OPTIONAL, "full analysis set"),
        Column("PPROTFL", "flag", OPTIONAL, "per protocol"),
        Column("SAFFL", "flag", OPTIONAL, "safety set"),
        Column("AGE", "number", FILLED, "age at entry", "years"),
        Column("SEX", "text", FILLED, "sex"),
        Column("DCUTDY", "day", OPTIONAL, "day of the data cutoff", "study day"),
        Column("TRTSDT", "date", OPTIONAL, "first dose", "ISO date"),
        Column("RANDDT", "date", OPTIONAL, "randomisation", "ISO date"),
        Column(
            *("EOSSTT", "text", FILLED, "status at the end of the study"),
            values=("ONGOING", "COMPLETED", "DISCONTINUED"),
        ),
        Column("EOSDY", "day", FILLED, "end of the study; empty while on study", "study day"),
        Column("DCSREAS", "text", FILLED, "reason of leaving"),
        Column("DTHDY", "day", FILLED, "death", "study day"),
        Column("DURMO", "number", OPTIONAL, "time since diagnosis", "months"),
        Column("PRIORLN", "number", OPTIONAL, "prior lines of therapy", "lines"),
        Column("STERFL", "text", OPTIONAL, "corticosteroid at entry"),
    ),
)
ADLB = Dataset(
    "adlb",
    "a subject, parameter and day",
    ("adlb", "adlbh", "adlbhem"),
    True,
    (
        USUBJID,
        PARAMCD,
        Column("ADY", "day", REQUIRED, "day of the sample", "study day"),
        Column("AVAL", "number", REQUIRED, "value", "of the parameter; platelets 10^9/L"),
        Column("AVALC", "text", FILLED, "value as reported, <5"),
        Column("AVALU", "text", FILLED, "unit"),
        Column("PARAM", "text", OPTIONAL, "name of the parameter"),
        Column("AVISIT", "text", FILLED, "visit as the site calls it"),
        Column("AVISITN", "number", FILLED, "visit number of the file", "weeks"),
        Column("ABLFL", "flag", FILLED, "baseline"),
        Column("DTYPE", "text", FILLED, "derivation; empty for a measured value"),
        Column("ANRLO", "number", OPTIONAL, "lower limit of normal", "of the parameter"),
        Column("ANRHI", "number", OPTIONAL, "upper limit of normal", "of the parameter"),
    ),
)
ADQS = Dataset(
    "adqs",
    "a subject, instrument and day",
    ("adqs",),
    False,
    (
        USUBJID,
        PARAMCD,
        Column("ADY", "day", REQUIRED, "day of the assessment", "study day"),
        Column("AVAL", "number", REQUIRED, "grade or score; empty: not assessed", "of the instrument"),
        Column("ABLFL", "flag", OPTIONAL, "baseline of a questionnaire"),
    ),
)
ADCM = Dataset(
    "adcm",
    "a subject, medication and start",
    ("adcm",),
    False,
    (
        USUBJID,
        Column("CMCLAS", "text", REQUIRED, "class of the medication"),
        Column("CMDECOD", "text", FILLED, "medication"),
        Column("CMDOSE", "number", FILLED, "dose", "CMDOSU"),
        Column("CMDOSU", "text", FILLED, "unit of the dose"),
        Column("CMDOSFRQ", "text", OPTIONAL, "how often"),
        Column("CMINDC", "text", OPTIONAL, "why it was given"),
        Column("ASTDY", "day", REQUIRED, "first day", "study day"),
        END_DAY,
    ),
)
ADAE = Dataset(
    "adae",
    "a subject and event",
    ("adae",),
    False,
    (
        USUBJID,
        Column("AEDECOD", "text", REQUIRED, "event, preferred term"),
        Column("AEBODSYS", "text", FILLED, "system organ class"),
        Column("AETOXGR", "grade", FILLED, "CTCAE grade", "1 to 5"),
        Column("AESER", "flag", FILLED, "serious"),
        Column("AEREL", "text", FILLED, "relation to treatment"),
        Column("AEACN", "text", FILLED, "action taken"),
        Column("AEOUT", "text", FILLED, "outcome"),
        Column("ASTDY", "day", FILLED, "first day", "study day"),
        END_DAY,
        Column("TRTEMFL", "flag", FILLED, "treatment-emergent"),
    ),
)
ADEX = Dataset(
    "adex",
    "a subject, drug and dosing",
    ("adex",),
    False,
    (
        USUBJID,
        Column("EXTRT", "text", REQUIRED, "drug"),
        Column("EXDOSE", "number", FILLED, "dose", "EXDOSU"),
        Column("EXDOSU", "text", FILLED, "unit of the dose"),
        Column("EXDOSFRQ", "text", FILLED, "how often"),
        Column("EXADJ", "text", OPTIONAL, "why the dose was changed, interrupted or left out"),
        Column("ASTDY", "day", REQUIRED, "first day", "study day"),
        END_DAY,
    ),
)
DATASETS = {dataset.name: dataset for dataset in (ADSL, ADLB, ADQS, ADCM, ADAE, ADEX)}
NUMERIC = ("number", "day")


def empty_column(kind: str, index: pd.Index) -> pd.Series:
    """A column without a value: NaN for numbers, "" for everything else."""
    if kind in NUMERIC:
        return pd.Series(float("nan"), index=index, dtype="float64")
    return pd.Series("", index=index, dtype="str")


def empty_frame(dataset: Dataset) -> pd.DataFrame:
    """The dataset without a row: its required and filled columns."""
    columns = dataset.named(REQUIRED) + dataset.named(FILLED)
    return pd.DataFrame({column.name: empty_column(column.kind, pd.RangeIndex(0)) for column in columns})
