"""Laboratory rows typed in a test become a Laboratory: a study of participants in arms A and B."""

import dataclasses

import numpy as np
import pandas as pd
from patients import study

from analysis.adam import AnalysisData, derive
from analysis.safety.laboratory import Laboratory, laboratory

NUMBERS = ("ADY", "AVAL", "AVISITN", "ANRLO", "ANRHI")
COLUMNS = ("USUBJID", "PARAMCD", "ADY", "AVAL", "AVALC", "AVALU", "AVISIT", "AVISITN", "ABLFL", "DTYPE")


def lab(usubjid, paramcd, day, value=None, unit="U/L", high=None, low=None, **more) -> dict:
    row = {"USUBJID": usubjid, "PARAMCD": paramcd, "ADY": day, "AVAL": value, "AVALU": unit}
    return row | {"ANRLO": low, "ANRHI": high} | more


def adlb(rows: list[dict]) -> pd.DataFrame:
    names = [*COLUMNS, *sorted({name for row in rows for name in row} - set(COLUMNS))]
    frame = pd.DataFrame(rows, columns=names)
    for name in names:
        if name in NUMBERS:
            frame[name] = pd.to_numeric(frame[name]).astype(float)
        else:
            frame[name] = frame[name].astype(object).fillna("").astype("str")
    return frame


def data_of(rows: list[dict], **keys) -> AnalysisData:
    """The analysis data of these rows; S1, S3, ... are of arm A, the others of arm B."""
    people = sorted({row["USUBJID"] for row in rows})
    made = study(dict.fromkeys(people, ""), **keys)
    arms = ["A" if int(name[1:]) % 2 else "B" for name in made.adsl["USUBJID"]]
    return derive(dataclasses.replace(made, adsl=made.adsl.assign(TRT01P=arms), adlb=adlb(rows)))


def laboratory_of(rows: list[dict]) -> Laboratory:
    data = data_of(rows)
    return laboratory(data, data.adsl.assign(ARM=data.adsl["TRT01P"]))


def only(series: pd.Series):
    (value,) = series.tolist()
    return None if isinstance(value, float) and np.isnan(value) else value
