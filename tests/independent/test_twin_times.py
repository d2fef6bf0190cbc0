"""The twin itself, pinned by cases worked by hand from the sentences of endpoints.md: times, bleeding, populations.

Counts are written `{day: count}`; the expected answers were worked out on paper, with the reason beside them.
"""

import pytest

from tests.independent.twin import Subject, populations_of, status_of, time_of
from tests.independent.worked import DEFINITION, make_definition, make_endpoint, make_subject


def time_row(subject: Subject, kind: str, **words) -> dict | None:
    return time_of(subject, make_endpoint(kind, **words), DEFINITION)


def test_time_to_response():
    row = time_row(make_subject({1: 10, 8: 40, 15: 40}), "time_to_response")
    assert (row["AVAL"], row["CNSR"], row["EVNTDESC"], row["CIFEVENT"]) == (8, 0, "response", "response")
    row = time_row(make_subject({1: 10, 8: 20}, DTHDY=30), "time_to_response")
    assert (row["AVAL"], row["CNSR"], row["CNSDTDSC"]) == (8, 1, "death")
    assert (row["CIFDY"], row["CIFEVENT"]) == (30, "death")
    row = time_row(make_subject({1: 10}, rescues=[("IVIG", 30, 30)], DTHDY=30), "time_to_response")
    assert (row["AVAL"], row["CNSDTDSC"], row["CIFDY"], row["CIFEVENT"]) == (1, "rescue", 30, "death")


@pytest.mark.parametrize(
    ("adsl", "expected"),
    [
        ({}, "end of window"),
        ({"cut": 365}, "data cutoff"),
        ({"EOSDY": 365, "EOSSTT": "COMPLETED"}, "completed"),
        ({"EOSDY": 365}, "left the study"),
        ({"EOSDY": 366, "EOSSTT": "COMPLETED"}, "end of window"),
        ({"EOSSTT": "DISCONTINUED"}, "left the study"),  # an end of study without a day counts
        ({"DTHDY": 366}, "end of window"),
    ],
)
def test_time_to_response_looks_at_what_happened_by_b(adsl, expected):
    assert time_row(make_subject({1: 10, 9: 20}, **adsl), "time_to_response")["CNSDTDSC"] == expected


@pytest.mark.parametrize(
    ("counts", "more", "aval", "cause"),
    [
        ({20: 20, 21: 20}, {}, 13, "count"),  # onset 8, lost on day 20
        ({20: 20, 21: 40}, {}, 14, ""),  # one low count: censored on day 21
        ({20: 20}, {}, 8, ""),  # a single low last record: censored at day 15
        ({20: 20, 21: 20}, {"DTHDY": 21}, 13, "count"),
        ({20: 20, 21: 20}, {"grades": [(19, 1)]}, 12, "bleeding"),
        ({20: 20, 21: 20}, {"rescues": [("IVIG", 20, 20)]}, 13, "rescue"),
        ({16: 40}, {"DTHDY": 20, "rescues": [("IVIG", 20, 20)]}, 13, "death"),
    ],
)
def test_duration_of_response(counts, more, aval, cause):
    subject = make_subject({1: 10, 8: 40, 15: 40} | counts, **more)
    row = time_row(subject, "duration_of_response", bleeding="WHOBLD", bleeding_window_days=0)
    assert (row["ONSETDY"], row["AVAL"], row["EVNTDESC"], row["CNSR"]) == (8, aval, cause, int(not cause))


def test_duration_of_response_is_of_responders():
    assert time_row(make_subject({1: 10, 8: 40}), "duration_of_response") is None


def test_death_on_the_onset_day_is_a_loss():
    row = time_row(make_subject({1: 10, 8: 40}, DTHDY=8), "duration_of_response", confirm_days=0)
    assert (row["AVAL"], row["EVNTDESC"]) == (1, "death")


def test_treatment_failure():
    every = {"events": ("count", "rescue", "new_therapy", "bleeding", "death"), "rescue": "ignore"}
    low = make_subject({1: 10, 8: 20, 15: 20, 60: 20, 61: 29})
    assert time_row(low, "treatment_failure", **every)["AVAL"] == 8
    late = time_row(low, "treatment_failure", **every, from_day={"count": 57})
    assert (late["AVAL"], late["EVNTDESC"]) == (60, "count")
    both = make_subject({1: 10, 8: 60}, rescues=[("IVIG", 9, 9), ("NEW", 9, 9)])
    assert time_row(both, "treatment_failure", **every)["EVNTDESC"] == "new_therapy"
    none = time_row(make_subject({1: 10}), "treatment_failure", **every)
    assert (none["AVAL"], none["CNSR"], none["CNSDTDSC"]) == (1, 1, "data cutoff")


def test_time_in_response():
    # 40 on days 5 to 9, 20 on 10 to 19, 40 on days 20 to 24 (5 days at most), 40 on day 30: 5 + 5 + 1 of 29
    subject = make_subject({1: 10, 5: 40, 10: 20, 20: 40, 30: 40})
    row = status_of(subject, make_endpoint("time_in_response", max_gap_days=5), DEFINITION)
    assert (row["RESPDAYS"], row["OBSDAYS"], row["AVAL"]) == (11, 29, 11 / 29)
    nobody = status_of(make_subject({1: 10}), make_endpoint("time_in_response"), DEFINITION)
    assert nobody["AVAL"] is None and nobody["DUEFL"] == ""


def test_max_bleeding():
    subject = make_subject({}, grades=[(-1, 2), (1, 0), (1, 1), (2, 1), (30, 3), (366, 4)])
    words = make_endpoint("max_bleeding", bleeding="WHOBLD", window_days=(1, 365))
    row = status_of(subject, words, DEFINITION)
    assert (row["AVALC"], row["AVAL"], row["BASEGR"]) == ("3", 3, 1)
    before = make_subject({}, grades=[(1, 2)], DTHDY=5)
    assert status_of(before, words, DEFINITION)["AVALC"] == "MISSING"


def test_populations():
    def flags(adsl, cut_has=(), adex=(), definition=DEFINITION):
        row = {"USUBJID": "1", "TRT01P": "A", "DCUTDY": 40} | adsl
        return populations_of(row, list(adex), definition, cut_has=set(cut_has))

    assert flags({}) == {"ITTFL": "Y", "FASFL": "Y", "SAFFL": "Y"}
    assert set(flags({"TRT01P": "NO ARM"}).values()) == {"N"}
    untreated = {"ITTFL": "Y", "FASFL": "N", "SAFFL": "N"}
    assert flags({"TRTSDT": ""}, {"TRTSDT"}) == untreated
    assert flags({}, {"adex"}, [{"USUBJID": "2", "ASTDY": 1}]) == untreated
    assert flags({}, {"adex"}, [{"USUBJID": "1", "ASTDY": 41}]) == untreated  # after the cut
    assert flags({}, {"adex", "TRTSDT"}, [{"USUBJID": "1", "ASTDY": 1}]) == untreated  # TRTSDT is asked first
    assert flags({"RANDFL": ""}, {"RANDFL"})["ITTFL"] == "N"
    assert flags({"RANDFL": "", "ITTFL": "Y"}, {"RANDFL", "ITTFL"})["ITTFL"] == "Y"
    assert flags({"FASFL": ""}, {"FASFL"})["FASFL"] == "N"
    assert flags({"PPROTFL": ""}, {"PPROTFL"})["PPROTFL"] == "N"
    assert flags({"PPROTFL": "Y", "FASFL": ""}, {"PPROTFL", "FASFL"})["PPROTFL"] == "N"  # PP lies within FAS
    assert "ITTFL" not in flags({}, definition=make_definition(design="nonrandomized"))
