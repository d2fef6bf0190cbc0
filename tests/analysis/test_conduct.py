"""How the trial runs, counted by hand on five participants."""

import datetime

import numpy as np
import pandas as pd

from analysis.conduct import enrolment_by_month, last_count_by_site, state_by_arm

CUT = datetime.date(2026, 3, 31)
# USUBJID ARM SITEID SAFFL DCUTDY FUDY STATUS ONSTUDY; day 1 is 31 March less DCUTDY - 1
ROWS = [
    ("1", "A", "01", "Y", 90, 90, "on study", "Y"),  # day 1: 1 January
    ("2", "A", "01", "Y", 60, 40, "withdrawn", "N"),  # 31 January
    ("3", "A", "02", "N", 31, 31, "on study", "Y"),  # 1 March
    ("4", "B", "02", "Y", 90, 20, "died", "N"),  # 1 January
    ("5", "B", "", "Y", np.nan, np.nan, "on study", "Y"),
]
COLUMNS = ["USUBJID", "ARM", "SITEID", "SAFFL", "DCUTDY", "FUDY", "STATUS", "ONSTUDY"]
ENROLLED = pd.DataFrame(ROWS, columns=COLUMNS)
# due on day 59: participant 1 on 28 February, 2 on 30 March, 4 on 28 February
ANSWERS = pd.DataFrame(
    {"USUBJID": list("12345"), "ARM": list("AAABB"), "DUEFL": list("YYNYN"), "DUEDY": [59.0] * 5}
)


def test_the_state_of_each_arm():
    subjects = ENROLLED[ENROLLED["SAFFL"] == "Y"]
    answers = ANSWERS[ANSWERS["USUBJID"] != "3"]
    states = state_by_arm(ENROLLED, subjects, answers, ["A", "B", "C"]).set_index("arm")
    counts = ["enrolled", "treated", "in_set", "due", "completed", "withdrawn", "died"]
    assert states.loc["A", counts].tolist() == [3, 2, 2, 2, 0, 1, 0]
    assert states.loc["B", counts].tolist() == [2, 2, 2, 1, 0, 0, 1]
    assert states.loc["C", counts].tolist() == [0] * 7
    # A: follow-up ends on day 40 for one of two, so half are followed longer; B: the death censors
    assert states.loc["A", "followup_days"] == 40
    assert states.loc[["B", "C"], "followup_days"].isna().all()


def test_enrolled_and_due_by_calendar_month():
    months = enrolment_by_month(ENROLLED, ANSWERS, CUT)
    assert months["month"].dt.strftime("%Y-%m").tolist() == ["2026-01", "2026-02", "2026-03"]
    assert months["new"].tolist() == [3, 0, 1]
    assert months["enrolled"].tolist() == [3, 3, 4]
    assert months["due"].tolist() == [0, 2, 3]


def test_nobody_enrolled_has_no_months():
    assert enrolment_by_month(ENROLLED.iloc[:0], ANSWERS.iloc[:0], CUT).empty


def test_days_from_the_last_count_of_a_site_to_the_cut():
    counts = pd.DataFrame({"USUBJID": ["1", "1", "2"], "ADY": [50.0, 80.0, 57.0]})
    sites = last_count_by_site(ENROLLED, counts).set_index("site")
    assert sites["n"].to_dict() == {"01": 2, "02": 2}
    assert sites["on_study"].to_dict() == {"01": 1, "02": 1}
    assert sites.loc["01", "days"] == 3  # 60 - 57, nearer to the cut than 90 - 80
    assert np.isnan(sites.loc["02", "days"])
