"""sustained_response and the loss of a response: expected values by hand from endpoints.md, section 2."""

import pytest

from tests.analysis.patients import answers, endpoint, times

SHORT = {"window_days": (2, 60), "sustain_days": 28, "tolerance_days": 3, "bleeding": "WHO"}


def sustained(course, **keys):
    return answers(course, endpoint("sustained_response", **{**SHORT, **keys}))["AVALC"]


# Onset on day 8: it has to last to day 36, shown by a count on days 33 to 63.
@pytest.mark.parametrize(
    ("course", "answer"),
    [
        ("1:20 8:50 15:50 33:50", "Y"),
        ("1:20 8:50 15:50 32:50 left300", "N"),  # no count shows it
        ("1:20 8:50 15:50 63:50", "Y"),
        ("1:20 8:50 15:50 64:50", "N"),
        ("1:20 8:50 15:50 33:31", "Y"),  # held at 30, the fold is for the onset
        ("1:20 8:50 15:50 33:29", "N"),
        ("1:20 8:50 15:50 22:20 33:50", "Y"),  # one low count is no loss
        ("1:20 8:50 15:50 22:20 24:20 33:50", "N"),
        ("1:20 8:50 15:50 33:50 36:20 38:20", "Y"),  # lost on day 36, no sooner
        ("1:20 8:50 15:50 33:50 35:20 38:20", "N"),
        ("1:20 8:50 15:50 20:20 b25:2 33:50", "N"),  # bleeding is a loss
        ("1:20 8:50 15:50 33:50 rIVIG35", "N"),
        ("1:20 8:50 15:50 33:50 rIVIG36", "Y"),
        ("1:20 8:50 15:50 33:50 died35", "N"),
        ("1:20 8:50 15:50 33:50 b33:1", "N"),
        ("1:20 8:25 15:25", "N"),
        ("1:20", "MISSING"),
        ("1:20 died60", "N"),
        ("1:20 died61", "MISSING"),
    ],
)
def test_sustained(course, answer):
    assert sustained(course) == answer


@pytest.mark.parametrize(
    ("course", "answer"),
    [
        ("1:20 8:50 15:50 cut20", "PENDING"),
        ("1:20 8:50 15:50 cut62", "PENDING"),
        ("1:20 8:50 15:50 cut63", "N"),  # nothing more can be seen
        ("1:20 8:50 15:50 cut20 left18", "N"),
        ("1:20 8:50 15:50 17:20 18:20 cut20", "N"),  # lost
        ("1:20 8:50 15:50 17:20 cut20", "PENDING"),  # an unconfirmed loss is none
        ("1:20 8:50 15:50 cut20 rIVIG20", "N"),
        ("1:20 15:50 cut20", "PENDING"),  # the response itself is pending
        ("1:20 38:50 45:50 cut46", "PENDING"),  # 38 + 28 - 3 is day 63, just in time
        ("1:20 39:50 46:50 cut47", "N"),  # day 64 is too late
        ("1:20 38:50 cut40", "PENDING"),
        ("1:20 39:50 cut40", "N"),
        ("1:20 8:20 cut20", "N"),
        ("cut20", "MISSING"),
    ],
)
def test_pending(course, answer):
    assert sustained(course) == answer


def test_hold_level():
    course = "1:20 8:60 15:60 33:45"
    assert sustained(course, hold_count=50) == "N"
    assert sustained(course, hold_count=45) == "Y"
    assert sustained(course, hold_fold=2) == "Y"
    assert sustained(course, hold_fold=2.5) == "N"  # 50 needed
    assert sustained("8:110 15:110 33:60", hold_fold=1) == "N"  # without a baseline only CR holds
    assert sustained("8:110 15:110 33:60") == "Y"
    assert sustained("1:60 8:110 15:110 33:100", hold_count=120) == "Y"  # CR always holds


def test_due_day():
    row = answers("1:20 cut62", endpoint("sustained_response", **SHORT))
    assert (row["DUEFL"], row["DUEDY"]) == ("N", 63)


def duration(course, **keys):
    row = times(course, endpoint("duration_of_response", **{"bleeding": "WHO", **keys}))
    return row["AVAL"], row["CNSR"], row["EVNTDESC"] or row["CNSDTDSC"]


# Onset on day 8, baseline 20: 40 needed.
@pytest.mark.parametrize(
    ("course", "answer"),
    [
        ("8:50 15:50 22:39 23:39", (15, 0, "count")),  # L1: the first of the two, 22 - 8 + 1
        ("8:50 15:50 22:39 23:39 30:90", (15, 0, "count")),
        (
            "8:50 15:50 22:39 23:45 30:39",
            (16, 1, "data cutoff"),
        ),  # censored at 23: the last low is unconfirmed
        ("8:50 15:50 22:39", (8, 1, "data cutoff")),
        ("8:50 15:50 23:45 b19:1", (12, 0, "bleeding")),  # L2: 19 - 8 + 1
        ("8:50 15:50 22:45 b22:1 rIVIG22", (15, 0, "rescue")),  # on one day rescue before bleeding
        ("8:50 15:50 rIVIG22 died22", (15, 0, "death")),  # and death before rescue
        ("8:50 15:50 22:39 23:39 b22:1", (15, 0, "bleeding")),  # bleeding before count
        ("8:50 15:50 rIVIG30", (23, 0, "rescue")),  # L3
        ("8:50 15:50 rNEW30", (23, 0, "rescue")),
        ("8:50 15:50 died40", (33, 0, "death")),  # L4
        ("8:50 15:50 left40", (8, 1, "left the study")),
        ("8:50 15:50 completed40", (8, 1, "completed")),
        ("8:50 15:50 completed", (8, 1, "completed")),
        ("8:50 15:50 completed500", (8, 1, "data cutoff")),  # completed after the cut
    ],
)
def test_loss_of_response(course, answer):
    assert duration(f"1:20 {course}") == answer


def test_bleeding_does_not_make_two_counts_low():
    # both counts are high enough; only bleeding could be the loss, and the clause allows grade 1
    assert duration("1:20 8:50 15:50 22:50 23:50 b22:1", bleeding_max=1) == (16, 1, "data cutoff")


def test_death_on_the_day_of_onset_is_a_loss():
    assert duration("1:20 8:50 died8", confirm_days=0) == (1, 0, "death")


def test_rescue_and_bleeding_on_the_day_of_onset_are_not():
    course = "1:20 8:50 15:50 rIVIG8"
    assert duration(course, rescue="ignore") == (8, 1, "data cutoff")
    allowed = duration("1:20 8:50 b8:1 15:50 22:50", bleeding_max=1)
    assert allowed == (15, 1, "data cutoff")


def test_rescue_is_a_loss_under_washout_and_none_where_ignored():
    course = "1:20 8:50 15:50 rPLT30 60:50"
    assert duration(course, rescue="washout") == (23, 0, "rescue")
    assert duration(course, rescue="ignore") == (53, 1, "data cutoff")


def test_rescue_up_to_the_grace_day_is_no_loss():
    assert duration("1:20 8:50 15:50 rPLT20 60:50", rescue_grace_day=20) == (53, 1, "data cutoff")


def test_a_rescue_after_the_window_is_a_loss_too():
    assert duration("1:20 8:50 15:50 rIVIG380", window_days=(2, 60)) == (373, 0, "rescue")
