"""The twin itself, pinned by cases worked by hand from the sentences of endpoints.md: words, responses, visits.

Counts are written `{day: count}`; the expected answers were worked out on paper, with the reason beside them.
"""

import pytest

from tests.independent.twin import Course, status_of, visit_of
from tests.independent.twin.days import plus, span
from tests.independent.worked import DEFINITION, WEEKS, answer, make_endpoint, make_subject

# days and visits ----------------------------------------------------------------------------------------


def test_there_is_no_day_0():
    assert span(-1, 1) == 1
    assert plus(-3, 28) == 26  # the example in "Rescue"
    assert plus(-3, 2) == -1
    assert plus(-3, 3) == 1
    assert plus(5, 7) == 12


@pytest.mark.parametrize(
    ("day", "avisitn"),
    [(-9, 0), (1, 0), (2, 1), (11, 1), (12, 2), (21, 2), (22, 4), (42, 4), (43, 8), (99, 12), (100, None)],
)
def test_visit_windows_meet_midway(day, avisitn):
    # targets 8 15 29 57 85; midways 11.5, 22, 43, 71; the last window ends 85 + 14 = 99
    assert visit_of(day, WEEKS, 14) == avisitn


# baseline and records -----------------------------------------------------------------------------------


def test_baseline_is_the_flag_else_the_highest_of_the_last_day():
    assert make_subject({-8: 50, -1: 10, 2: 90}).base == 10
    assert make_subject({}, rows=[{"ADY": 1, "AVAL": 10}, {"ADY": 1, "AVAL": 14}]).base == 14
    flagged_average = {"ADY": -5, "AVAL": 22.5, "ABLFL": "Y", "DTYPE": "AVERAGE"}
    assert make_subject({1: 10}, rows=[flagged_average]).base == 22.5
    assert make_subject({2: 90}).base is None
    assert make_subject({1: "<5"}).base == 5


def test_record_is_the_lowest_of_its_day_and_censoring_ranks_it():
    subject = make_subject({}, rows=[{"ADY": 9, "AVAL": 50}, {"ADY": 9, "AVAL": 40}])
    assert [record.count.n for record in subject.records] == [40]
    subject = make_subject({9: 3}, rows=[{"ADY": 9, "AVAL": 200, "AVALC": "<5"}])
    assert subject.records[0].count == ("<", 5)  # the lowest of its day, whatever AVAL holds
    subject = make_subject({9: 300}, rows=[{"ADY": 9, "AVAL": None, "AVALC": ">80"}])
    assert subject.records[0].count == ("", 300)  # ">80" is the highest of its day


def test_copies_averages_and_impossible_days_are_no_records():
    rows = [
        {"ADY": 9, "AVAL": 50},
        {"ADY": 9, "AVAL": 50, "AVISIT": "End of Treatment"},
        {"ADY": 12, "AVAL": 50, "DTYPE": "LOCF"},
        {"ADY": 0, "AVAL": 50},
        {"ADY": 8.5, "AVAL": 50},
        {"ADY": None, "AVAL": 50},
        {"ADY": 401, "AVAL": 50},
    ]
    assert [record.day for record in make_subject({}, rows=rows).records] == [9]


def test_nothing_exists_after_death():
    subject = make_subject({5: 50, 12: 50}, rescues=[("IVIG", 11, None)], grades=[(11, 3)], DTHDY=10)
    assert [record.day for record in subject.records] == [5]
    assert subject.adcm == [] and subject.adqs == []


def test_on_study_reads_the_file_only_where_it_gives_no_end():
    assert make_subject({}).on_study
    assert not make_subject({}, EOSSTT="DISCONTINUED").on_study
    assert not make_subject({}, EOSDY=400).on_study
    assert make_subject({}, EOSDY=401, EOSSTT="COMPLETED").on_study  # it ends after the cut
    assert not make_subject({}, DTHDY=400, EOSDY=401).on_study


# confirmed_response -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({1: 10, 8: 120, 15: 100}, "CR"),
        ({1: 10, 8: 120, 14: 100}, "PENDING"),  # 6 days apart, still open at the cut
        ({1: 10, 8: 120, 15: 99}, "R"),  # confirmed at response level only
        ({1: 20, 8: 39, 15: 39}, "NR"),  # 39 < 2 x 20
        ({1: 20, 8: 40, 15: 40}, "R"),
        ({1: 10, 8: 40, 12: 29, 15: 40, 16: 29}, "NR"),  # 29 breaks the run
        ({1: 10, 8: 40}, "PENDING"),
        ({1: 10, 366: 40}, "MISSING"),  # no record in [2, 365]
        ({1: 10, 365: 40, 372: 40}, "R"),  # j may lie after b
        ({8: 90, 15: 90}, "NR"),  # BASE missing: only CR can be reached
    ],
)
def test_confirmed_response(counts, expected):
    assert answer(make_subject(counts), "confirmed_response") == expected


def test_products_carry_a_rounding_error():
    # 3 x 10.3 is 30.900000000000002 in binary
    assert answer(make_subject({1: 10.3, 8: 30.9, 15: 30.9}), "confirmed_response", r_fold=3) == "R"


@pytest.mark.parametrize(("rescue", "expected"), [("nonresponse", "NR"), ("washout", "NR"), ("ignore", "R")])
def test_rescue_between_the_two_counts(rescue, expected):
    # IVIG on day 10 shadows to day 38 and interrupts the run from day 8 to day 40
    subject = make_subject({1: 10, 8: 40, 40: 50}, rescues=[("IVIG", 10, 10)], EOSDY=50)
    assert answer(subject, "confirmed_response", rescue=rescue) == expected


def test_response_after_the_washout_counts_under_washout():
    subject = make_subject({1: 10, 38: 90, 39: 40, 46: 40}, rescues=[("IVIG", 10, 10)])
    words = make_endpoint("confirmed_response", rescue="washout")
    assert status_of(subject, words, DEFINITION)["ONSETDY"] == 39  # day 38 is the last day of the shadow
    assert status_of(subject, words, DEFINITION)["CONFDY"] == 46


def test_reason_of_no_response_is_the_first_that_fits():
    def reason(subject, **words):
        return status_of(subject, make_endpoint("confirmed_response", **words), DEFINITION)["REASON"]

    assert reason(make_subject({1: 10, 9: 40}, rescues=[("IVIG", 20, None)])) == "rescue"
    assert reason(make_subject({1: 10}, DTHDY=30)) == "death"
    assert reason(make_subject({1: 10, 9: 40, 16: 20})) == "unconfirmed"
    assert reason(make_subject({1: 10, 9: 40}, grades=[(10, 1)]), bleeding="WHOBLD") == "bleeding"
    assert reason(make_subject({1: 10, 9: 20})) == "never reached"


def test_rescue_before_day_1_only_shadows():
    # day -3 + 28 is day 26; it does not count, so the search goes on
    subject = make_subject({1: 10, 26: 40, 27: 40, 34: 40}, rescues=[("IVIG", -3, -3)])
    row = status_of(subject, make_endpoint("confirmed_response"), DEFINITION)
    assert (row["AVALC"], row["ONSETDY"]) == ("R", 27)
    old = make_subject({1: 10, 26: 40, 33: 40}, rescues=[("NEW", -3, None)])
    assert status_of(old, make_endpoint("confirmed_response"), DEFINITION)["ONSETDY"] == 26


def test_open_ends_and_ends_before_starts():
    course = Course(
        make_subject({}, rescues=[("IVIG", 10, None), ("STEROID", 200, None), ("IVIG", 100, 90)]),
        make_endpoint("confirmed_response"),
        DEFINITION,
    )
    assert sorted((r.start, r.end) for r in course.rescues if r.end) == [(10, 38), (100, 128)]
    assert [(r.start, r.end) for r in course.rescues if not r.end] == [(200, None)]


def test_bleeding_is_the_nearest_assessment_and_the_worse_of_two():
    counts, words = {1: 10, 9: 40, 16: 40}, {"bleeding": "WHOBLD", "confirm_days": 0, "window_days": (9, 9)}
    assert answer(make_subject(counts), "confirmed_response", **words) == "R"
    assert answer(make_subject(counts), "confirmed_response", **words, bleeding_missing="present") == "NR"
    assert answer(make_subject(counts, grades=[(8, 0), (10, 1)]), "confirmed_response", **words) == "NR"
    assert answer(make_subject(counts, grades=[(8, 0), (11, 1)]), "confirmed_response", **words) == "R"
    assert answer(make_subject(counts, grades=[(13, 1)]), "confirmed_response", **words) == "R"  # 4 days away


def test_missing_never_hides_a_failure():
    assert answer(make_subject({1: 10}), "confirmed_response") == "MISSING"
    assert answer(make_subject({1: 10}, DTHDY=365), "confirmed_response") == "NR"
    assert answer(make_subject({1: 10}, DTHDY=366), "confirmed_response") == "MISSING"
    assert answer(make_subject({1: 10}, rescues=[("IVIG", 365, 365)]), "confirmed_response") == "NR"


def test_due_depends_on_the_cut_alone():
    def due(cut):
        row = status_of(make_subject({}, cut=cut), make_endpoint("confirmed_response"), DEFINITION)
        return row["DUEDY"], row["DUEFL"]

    assert due(371) == (372, "N")
    assert due(372) == (372, "Y")
    assert due(None) == (372, "N")


# visits -------------------------------------------------------------------------------------------------


def test_response_at_visit_takes_the_nearest_and_the_later_of_two():
    # week 2: target 15, days 12 to 21
    assert answer(make_subject({1: 10, 13: 20, 17: 50}), "response_at_visit", avisitn=2) == "R"
    assert answer(make_subject({1: 10, 11: 50, 22: 50}), "response_at_visit", avisitn=2) == "MISSING"
    shadowed = make_subject({1: 10, 15: 50}, rescues=[("IVIG", 12, None)])
    assert answer(shadowed, "response_at_visit", avisitn=2) == "NR"


def test_confirmed_visit_record_lies_within_a_pair_in_any_window():
    words = {"avisitn": 2, "confirmed": True}
    assert (
        answer(make_subject({1: 10, 8: 50, 15: 50}), "response_at_visit", **words) == "R"
    )  # it ends the pair
    inside = make_subject({1: 10, 12: 50, 15: 50, 19: 50, 20: 20})
    assert answer(inside, "response_at_visit", **words) == "R"  # days 12 and 19 confirm around it
    assert answer(make_subject({1: 10, 15: 50, 20: 50}), "response_at_visit", **words) == "PENDING"
    assert answer(make_subject({1: 10, 15: 50, 20: 20}), "response_at_visit", **words) == "NR"


def test_durable_counts():
    # weeks 2, 4, 8: targets 15, 29, 57
    subject = make_subject({1: 10, 15: 50, 29: 49, 57: 80})
    at_least = {"visits": (2, 8), "at_least": 2}
    assert answer(subject, "durable_counts", **at_least) == "Y"
    assert answer(subject, "durable_counts", visits=(2, 8), fraction=2 / 3) == "Y"
    assert answer(subject, "durable_counts", visits=(2, 8), fraction=0.75) == "N"
    assert answer(make_subject({1: 10, 15: 80}), "durable_counts", **at_least) == "N"
    alone = {"visits": (2, 8), "fraction": 0.75, "min_available": 2}
    assert answer(make_subject({1: 10, 15: 80}), "durable_counts", **alone) == "N"
    assert answer(make_subject({1: 10}), "durable_counts", **at_least) == "MISSING"
    assert answer(make_subject({1: 10}, DTHDY=70), "durable_counts", **at_least) == "N"
    assert answer(make_subject({1: 10}, DTHDY=71), "durable_counts", **at_least) == "MISSING"


# sustained_response -------------------------------------------------------------------------------------

SUSTAIN = {"sustain_days": 28, "tolerance_days": 3, "window_days": (2, 60)}


def test_sustained_response():
    # onset 8: held to day 36, shown by a record on days 33 to 63
    assert answer(make_subject({1: 10, 8: 40, 15: 40, 33: 40}), "sustained_response", **SUSTAIN) == "Y"
    assert answer(make_subject({1: 10, 8: 40, 15: 40, 32: 40}), "sustained_response", **SUSTAIN) == "N"
    early = make_subject({1: 10, 8: 40, 15: 40, 32: 40}, cut=62)
    assert answer(early, "sustained_response", **SUSTAIN) == "PENDING"
    lost = make_subject({1: 10, 8: 40, 15: 40, 20: 20, 21: 20, 33: 40}, cut=62)
    assert answer(lost, "sustained_response", **SUSTAIN) == "N"
    single = make_subject({1: 10, 8: 40, 15: 40, 20: 20, 33: 40}, cut=62)
    assert answer(single, "sustained_response", **SUSTAIN) == "Y"  # one low count is no loss


def test_sustained_response_pending_on_an_unconfirmed_response():
    open_run = make_subject({1: 10, 38: 40}, cut=40)
    assert answer(open_run, "sustained_response", **SUSTAIN) == "PENDING"  # 38 + 28 - 3 = 63 <= 60 + 3
    too_late = make_subject({1: 10, 39: 40}, cut=40)
    assert answer(too_late, "sustained_response", **SUSTAIN) == "N"
