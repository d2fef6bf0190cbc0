"""The rows that the endpoint kinds hand to ADRS and ADTTE, one per subject and endpoint.

Who counts at an interim (DUEFL): docs/reference/endpoints.md, section 3. It depends on entry time alone.
"""

import numpy as np
import pandas as pd

from analysis.endpoints.course import Course
from analysis.words import coded, flag, text
from trialdata.definition import Endpoint

RESPONSE_VALUE = {"CR": 1.0, "R": 1.0, "Y": 1.0, "NR": 0.0, "N": 0.0}
RESPONSE_COLUMNS = (
    *("USUBJID", "PARAMCD", "AVALC", "AVAL", "DUEFL", "DUEDY", "REASON", "ONSETDY", "CRONSDY", "CONFDY"),
    *("NOBLEED", "BASEGR", "RESPDAYS", "OBSDAYS"),
)
TIME_COLUMNS = (
    *("USUBJID", "PARAMCD", "AVAL", "CNSR", "EVNTDESC", "CNSDTDSC", "ONSETDY", "CIFDY", "CIFEVENT"),
)
EVENTS = ("EVNTDESC", "CNSDTDSC", "CIFEVENT")


def response_rows(
    course: Course, endpoint: Endpoint, answer: np.ndarray, *, due_day: float | None, **columns
) -> pd.DataFrame:
    """ADRS rows in the order of ADSL; `columns` may replace AVAL. `due_day` None: the kind has no due day."""
    word, words = pd.factorize(answer)
    value = np.array([*(RESPONSE_VALUE.get(name, np.nan) for name in words), np.nan])[word]
    cells = {
        **{"USUBJID": course.subjects.usubjid, "PARAMCD": endpoint.paramcd},
        **{"AVALC": coded(word, list(words)), "AVAL": value},
        "DUEFL": "" if due_day is None else flag(course.subjects.cut >= due_day, otherwise="N"),
        "DUEDY": np.nan if due_day is None else float(due_day),
        **{"NOBLEED": 0.0, "REASON": ""},
        **{name: text(values) if name == "REASON" else values for name, values in columns.items()},
    }
    return pd.DataFrame({name: cells.get(name, np.nan) for name in RESPONSE_COLUMNS})


def time_rows(course: Course, endpoint: Endpoint, **columns) -> pd.DataFrame:
    """ADTTE rows in the order of ADSL, from the columns of the kind."""
    cells = {"USUBJID": course.subjects.usubjid, "PARAMCD": endpoint.paramcd, "CIFEVENT": ""}
    cells |= {name: text(values) if name in EVENTS else values for name, values in columns.items()}
    return pd.DataFrame({name: cells.get(name, np.nan) for name in TIME_COLUMNS})
