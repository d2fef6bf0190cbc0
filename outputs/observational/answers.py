"""The answers to a rate endpoint of everybody who is counted, in the order of the participants compared."""

import numpy as np
import pandas as pd

from outputs.basis import Basis
from trialdata.definition import Endpoint


def counted_answers(basis: Basis, endpoint: Endpoint, missing: str) -> pd.Series:
    """1 for a response and 0 otherwise, by USUBJID, of those who are due; `missing` as in `handling_of`."""
    answers = basis.results_of(endpoint)
    due = answers[answers["DUEFL"] == "Y"]
    if missing == "exclude":
        due = due[due["AVAL"].notna()]
    return due.set_index("USUBJID")["AVAL"].fillna(0).astype(float)


def in_order(answers: pd.Series, usubjid: pd.Index) -> np.ndarray:
    return answers.loc[usubjid].to_numpy(float)
