"""How numbers are written: look of every number as laid down for pages, slides and figures."""

import datetime
import math

import pytest

from charts import format as write


@pytest.mark.parametrize(
    ("value", "decimals", "words"),
    [
        (1234, 0, "1\N{THIN SPACE}234"),
        (-0.3, 1, "\N{MINUS SIGN}0.3"),
        (-0.04, 1, "0.0"),
        (math.nan, 0, "not estimable"),
        (math.inf, 0, "not estimable"),
    ],
)
def test_fixed(value, decimals, words):
    assert write.fixed(value, decimals) == words


def test_fixed_with_sign():
    assert [write.fixed(v, signed=True) for v in (-20, 0, 40)] == ["\N{MINUS SIGN}20", "0", "+40"]


@pytest.mark.parametrize(
    ("share", "total", "words"), [(22 / 27, 27, "81%"), (0.5, 200, "50.0%"), (0, 28, "0%"), (1, 7, "100%")]
)
def test_percent(share, total, words):
    assert write.percent(share, total) == words


def test_percent_range_has_no_sign_and_no_hyphen():
    assert write.percent_range(0.63, 0.92, 27) == "63 to 92"
    assert write.percent_range(0, 0.123, 28) == "0 to 12"


def test_rate_of_fewer_than_ten_is_a_count():
    assert write.rate(3, 7) == "3 of 7"
    assert write.rate(9, 9) == "9 of 9"
    assert write.rate(5, 10) == "50%"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((0.243, -0.003, 0.465), ("24.3", "\N{MINUS SIGN}0.3", "46.5")),
        ((0.24, 0.10, 0.38), ("24", "10", "38")),
        ((-0.09, -0.27, 0.09), ("\N{MINUS SIGN}9", "\N{MINUS SIGN}27", "9")),
        ((0.2, 0.0004, 0.4), ("20.00", "0.04", "40.00")),
        ((0, 0, 0.3), ("0", "0", "30")),
    ],
)
def test_points_never_hide_the_side_of_zero(values, words):
    assert write.points(*values) == words


def test_weeks_dates_plurals():
    assert (write.weeks(26), write.weeks(1.5)) == ("26", "1.5")
    assert write.date_text(datetime.date(2026, 12, 31)) == "31 Dec 2026"
    assert (write.plural(1, "participant"), write.plural(60, "participant")) == (
        "1 participant",
        "60 participants",
    )


def test_markup_in_data_is_inert():
    assert write.escaped("<b>x</b> & y") == "&lt;b&gt;x&lt;/b&gt; &amp; y"
    assert (
        write.wrapped("TPO-RA + low-dose anti-CD20 antibody", 22) == "TPO-RA + low-dose<br>anti-CD20 antibody"
    )


def test_text_width_grows_with_text_size_and_weight():
    assert write.text_width("Rituximab", 14) == pytest.approx(2 * write.text_width("Rituximab", 7))
    assert write.text_width("Rituximab", bold=True) > write.text_width("Rituximab")
    assert write.text_width("mmm") > write.text_width("iii")


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [  # SAS ROUND: a half goes away from zero, also where binary holds a little less than the half
        (12.5, 0, "13"),
        (-2.5, 0, "−3"),
        (2.675, 2, "2.68"),
        (100 * 0.285, 0, "29"),
        (62.5, 0, "63"),
        (-0.4, 0, "0"),
    ],
)
def test_halves_round_as_in_sas(value, decimals, text):
    assert write.fixed(value, decimals) == text


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["IGU+RTX", "RTX"], ["IGU+RTX", "RTX"]),
        (["Xanomeline High Dose", "Xanomeline Low Dose"], ["Xanomeline High…", "Xanomeline Low…"]),
        (["Rituximab 100 mg daily", "Rituximab 100 mg weekly"], ["Rituximab…daily", "Rituximab…eekly"]),
        (["A" * 30 + "1" + "A" * 30, "A" * 60], ["A" * 13 + "… 1", "A" * 13 + "… 2"]),
    ],
)
def test_long_names_of_arms_are_cut_and_stay_apart(names, short):
    assert write.short_names(names) == short
    assert max(map(len, short)) <= 16
