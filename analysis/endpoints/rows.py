"""The rows that the endpoint kinds hand to ADRS and ADTTE, one per subject and endpoint.

Who counts at an interim (DUEFL): docs/reference/endpoints.md, section 3. It depends on entry time alone.
"""

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from analysis.endpoints.course import Course
from analysis.words import coded, flag
from trialdata.definition import Endpoint

RESPONSE_VALUE = {"CR": 1.0, "R": 1.0, "Y": 1.0, "NR": 0.0, "N": 0.0}
RESPONSE_DAYS = ("ONSETDY", "CRONSDY", "CONFDY")
RESPONSE_COLUMNS = (
    *("USUBJID", "PARAMCD", "AVALC", "AVAL", "DUEFL", "DUEDY", "REASON", "ONSETDY", "CRONSDY", "CONFDY"),
    *("NOBLEED", "BASEGR", "RESPDAYS", "OBSDAYS"),
)
TIME_COLUMNS = (
    *("USUBJID", "PARAMCD", "AVAL", "CNSR", "EVNTDESC", "CNSDTDSC", "ONSETDY", "CIFDY", "CIFEVENT"),
)


def response_rows(
    course: Course, endpoint: Endpoint, answer: np.ndarray, *, due_day: float | None, **columns
) -> pd.DataFrame:
    """ADRS rows in the order of ADSL; `columns` may replace AVAL. `due_day` None: the kind has no due day."""
    rows = pd.DataFrame({"USUBJID": course.subjects.usubjid, "PARAMCD": endpoint.paramcd})
    word, words = pd.factorize(answer)
    rows["AVALC"] = coded(word, list(words))
    rows["AVAL"] = np.array([RESPONSE_VALUE.get(name, np.nan) for name in words] + [np.nan])[word]
    rows["DUEFL"] = _due(course, due_day)
    rows["DUEDY"] = np.nan if due_day is None else float(due_day)
    for name in RESPONSE_COLUMNS[6:]:
        rows[name] = "" if name == "REASON" else np.nan
    rows["NOBLEED"] = 0.0
    return rows.assign(**columns).astype({"REASON": "str"})[list(RESPONSE_COLUMNS)]


def time_rows(course: Course, endpoint: Endpoint, **columns) -> pd.DataFrame:
    """ADTTE rows in the order of ADSL, from the columns of the kind."""
    rows = pd.DataFrame({"USUBJID": course.subjects.usubjid, "PARAMCD": endpoint.paramcd})
    rows = rows.assign(**{"ONSETDY": np.nan, "CIFDY": np.nan, "CIFEVENT": "", **columns})
    return rows[list(TIME_COLUMNS)].astype({"EVNTDESC": "str", "CNSDTDSC": "str", "CIFEVENT": "str"})


def _due(course: Course, due_day: float | None) -> ExtensionArray | str:
    return "" if due_day is None else flag(course.subjects.cut >= due_day, otherwise="N")
