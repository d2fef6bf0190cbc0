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
        return self.usubjid.get_indexer(pd.Index(usubjid))


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


def rows_at_cut(
    frame: pd.DataFrame, day: str, subjects: Subjects, *, until_death: bool = False
) -> pd.DataFrame:
    """The rows of known subjects that started by the cut day (and by the day of death, that day included).

    A row without a day stays visible; none exists for a subject whose cut day is unknown.
    """
    number = subjects.number_of(frame["USUBJID"])
    start = frame[day].to_numpy(float)
    cut = np.append(subjects.cut, np.nan)[number]  # the last element serves -1, a subject that is not in ADSL
    exists = ~np.isnan(cut) & ~(start > cut)
    if until_death:
        exists &= ~(start > np.append(subjects.death, np.nan)[number])
    return frame[exists]
