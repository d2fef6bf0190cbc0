"""Who is followed until when: cut day, death and end of study, as far as the cut knows them.

Rule: docs/reference/endpoints.md, section 1 "Cut day" and "On study". An EOSDY after the cut day says that the
subject was still on study at the cut, whatever EOSSTT says; where the file gives no EOSDY, EOSSTT decides.
With an unknown cut day no EOSDY and no DTHDY is known either.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, eq=False)
class Subjects:
    """One element per subject in the order of ADSL; a day that does not exist at the cut is NaN."""

    usubjid: pd.Index
    cut: np.ndarray
    death: np.ndarray
    study_end: np.ndarray
    ended_without_day: np.ndarray
    completed: np.ndarray  # EOSSTT says COMPLETED: meaningful for a subject who is not on study

    def __len__(self) -> int:
        return len(self.usubjid)

    @property
    def on_study(self) -> np.ndarray:
        return np.isnan(self.death) & np.isnan(self.study_end) & ~self.ended_without_day

    def number_of(self, usubjid: pd.Series) -> np.ndarray:
        """The position of each USUBJID in ADSL, -1 when it is not there."""
        code, distinct = pd.factorize(usubjid)
        return np.append(self.usubjid.get_indexer(distinct), -1)[code]


def read_subjects(adsl: pd.DataFrame) -> Subjects:
    """The subjects of `adsl` (USUBJID, DCUTDY, EOSDY, EOSSTT, DTHDY), one row each."""
    cut, study_end, death = (adsl[day].to_numpy(float) for day in ("DCUTDY", "EOSDY", "DTHDY"))
    status = adsl["EOSSTT"].astype(str).str.upper()
    return Subjects(
        usubjid=pd.Index(adsl["USUBJID"]),
        cut=cut,
        death=np.where(death <= cut, death, np.nan),
        study_end=np.where(study_end <= cut, study_end, np.nan),
        ended_without_day=np.isnan(study_end) & status.isin(["COMPLETED", "DISCONTINUED"]).to_numpy(),
        completed=(status == "COMPLETED").to_numpy(),
    )


def exists_at_cut(day: np.ndarray, subject: np.ndarray, subjects: Subjects) -> np.ndarray:
    """Whether each row is of a known subject (-1 unknown) and started by the cut day.

    A row without a day exists; none does for a subject whose cut day is unknown.
    """
    cut = np.append(subjects.cut, np.nan)[subject]
    return ~np.isnan(cut) & ~(day > cut)


def after_death(day: np.ndarray, subject: np.ndarray, subjects: Subjects) -> np.ndarray:
    """Whether each row started on a day after the subject's death."""
    return day > np.append(subjects.death, np.nan)[subject]
