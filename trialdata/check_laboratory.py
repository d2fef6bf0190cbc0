"""Checks of laboratory values other than platelets: units that are not known, and upper limits that grades need."""

import numpy as np
import pandas as pd

from trialdata.findings import finding, quoted, row_findings
from trialdata.laboratory_parameters import KNOWN, Parameter, parameter_of, units_of
from trialdata.reading import DatasetFile, Frames


def check_laboratory(rows: DatasetFile) -> Frames:
    """Values of known parameters in a unit that is not known, and without the upper limit that their grade needs."""
    frame = rows.frame
    values = frame[frame["AVAL"].notna() & frame["PARAMCD"].str.strip().str.upper().isin(list(KNOWN))]
    findings: Frames = []
    for paramcd, own in values.groupby("PARAMCD", sort=False):
        parameter = parameter_of(str(paramcd))
        assert parameter is not None
        findings.append(_units(own, parameter, rows.file))
        findings.append(_upper_limits(own, parameter, rows.file))
    return findings


def _units(rows: pd.DataFrame, parameter: Parameter, file: str) -> pd.DataFrame:
    unit = units_of(rows)
    known = {each: parameter.factor(each) is not None for each in unit.unique()}
    unknown = rows[~unit.map(known).astype(bool)]
    expected = f"{parameter.unit}, or a unit that can be converted to it"
    if len(unknown) == len(rows) and (unit == "").all():
        found = f"no unit in any of {len(rows):,} rows of {parameter.paramcd}"
        return finding("laboratory_unit_unknown", file, column="AVALU", found=found, expected=expected)
    found = quoted(unit[unknown.index]) + f" for {parameter.paramcd}"
    return row_findings(
        "laboratory_unit_unknown", file, unknown, column="AVALU", found=found, expected=expected
    )


def _upper_limits(rows: pd.DataFrame, parameter: Parameter, file: str) -> pd.DataFrame:
    if not parameter.needs_upper:
        return rows[:0]
    upper = rows["ANRHI"] if "ANRHI" in rows else pd.Series(np.nan, rows.index)
    without = rows[~(upper > 0)]
    if len(without) == len(rows):
        found = f"no upper limit in any of {len(rows):,} rows of {parameter.paramcd}"
        return finding("no_upper_limit", file, column="ANRHI", found=found)
    return row_findings(
        "no_upper_limit", file, without, column="ANRHI", found=f"no upper limit of {parameter.paramcd}"
    )
