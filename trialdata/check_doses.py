"""Checks of doses: without a unit, in another unit than planned, negative, or given who knows how often."""

from functools import cache

import pandas as pd

from trialdata.definition import StudyDefinition
from trialdata.dosing import STEROID_CLASSES, dose_unit, dosing_of
from trialdata.findings import as_text, quoted, row_findings
from trialdata.reading import DatasetFile, Frames
from trialdata.schema import empty_column


def check_doses(adex: DatasetFile, definition: StudyDefinition) -> Frames:
    """Rows of adex whose dose can be counted in no amount."""
    return [*_uncounted(adex, adex.frame, "EX"), _other_unit(adex, definition)]


def check_steroid_doses(adcm: DatasetFile) -> Frames:
    """Rows of adcm with a steroid whose dose can be counted in no amount."""
    return _uncounted(
        adcm, adcm.frame[adcm.frame["CMCLAS"].str.strip().str.casefold().isin(STEROID_CLASSES)], "CM"
    )


def _uncounted(rows: DatasetFile, frame: pd.DataFrame, prefix: str) -> Frames:
    dose, unit, frequency = f"{prefix}DOSE", f"{prefix}DOSU", f"{prefix}DOSFRQ"
    given = frame[frame[dose].notna()]
    negative, without = given[given[dose] < 0], given[given[unit].str.strip() == ""]
    often = given.get(frequency, empty_column("text", given.index))
    unknown = given[_unknown_frequency(given, given[unit], often)]
    said = often[unknown.index].replace("", "an empty cell")
    said = said.where(said == "an empty cell", quoted(said))
    return [
        row_findings(
            "negative_dose", rows.file, negative, column=dose, found="dose " + as_text(negative[dose])
        ),
        row_findings("dose_without_unit", rows.file, without, column=unit, found="a dose without a unit"),
        row_findings("unknown_frequency", rows.file, unknown, column=frequency, found=said),
    ]


def _unknown_frequency(frame: pd.DataFrame, unit: pd.Series, often: pd.Series) -> pd.Series:
    """Whether nothing says how often the dose of a row was given; each distinct combination is read once."""
    known = cache(lambda unit, often, one_day: dosing_of(unit, often, one_day=one_day)[1] is not None)
    one_day = (frame["AENDY"] <= frame["ASTDY"]) & (frame["AENDY"] != 0)
    said = [known(*each) for each in zip(unit, often, one_day, strict=True)]
    return ~pd.Series(said, frame.index, dtype=bool)


def _other_unit(adex: DatasetFile, definition: StudyDefinition) -> pd.DataFrame:
    """Doses of a planned drug in a unit that no arm is to have of it."""
    planned: dict[str, dict[str, str]] = {}
    for each in definition.doses:
        planned.setdefault(each.drug.strip().casefold(), {})[dose_unit(each.unit)[0]] = each.unit
    frame = adex.frame[adex.frame["EXDOSE"].notna() & (adex.frame["EXDOSU"].str.strip() != "")]
    units = frame["EXTRT"].str.strip().str.casefold().map(planned)
    frame, units = frame[units.notna()], units[units.notna()]
    pairs = zip(frame["EXDOSU"], units, strict=True)
    other = pd.Series([dose_unit(unit)[0] not in known for unit, known in pairs], frame.index, dtype=bool)
    rows = frame[other]
    expected = [f"{' or '.join(known.values())}, as under [[doses]]" for known in units[other]]
    return row_findings(
        *("dose_in_other_unit", adex.file, rows),
        column="EXDOSU",
        found=quoted(rows["EXDOSU"]),
        expected=pd.Series(expected, rows.index, dtype="str"),
    )
