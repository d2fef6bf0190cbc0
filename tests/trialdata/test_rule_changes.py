"""A text of changes becomes another rule; nonsense gets the sentence it would get in a TOML."""

from pathlib import Path

import pytest

from trialdata.errors import StudyDataError
from trialdata.parsing import read_definition
from trialdata.rule_changes import changed_definition, read_changes

IGU = read_definition(Path(__file__).parents[2] / "studies/nct07057778.toml")
KEYS = (
    "r_count, r_fold, cr_count, bleeding, bleeding_max, bleeding_window_days, bleeding_missing, rescue, "
    "rescue_classes, rescue_grace_day, missing, window_days, confirm_days, washout_days, washout_times"
)


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("", {}),
        ("r_count=50", {"r_count": 50}),
        (" r_count = 50 , confirm_days=14,", {"r_count": 50, "confirm_days": 14}),
        ("rescue=washout", {"rescue": "washout"}),
        ('rescue="washout"', {"rescue": "washout"}),
        ("bleeding=", {"bleeding": ""}),
        ("window_days=[2, 180],r_fold=0", {"window_days": (2, 180), "r_fold": 0}),
        ('rescue_classes=["IVIG"]', {"rescue_classes": ("IVIG",)}),
        ("washout_times=2", {"washout_times": 2}),
        ("r_count=30,confirm_days=7,washout_times=1", {}),  # what the protocol says changes nothing
    ],
)
def test_changes_are_read(text, changes):
    assert read_changes(text, IGU, "OR1Y") == changes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("r_count=-1", ', key "r_count": found -1, expected a number from 0.'),
        ("r_count=many", ', key "r_count": found "many", expected a number.'),
        ("confirm_days=7.5", ', key "confirm_days": found 7.5, expected a whole number.'),
        (
            "rescue=wash",
            ', key "rescue": found "wash", expected "nonresponse", "washout" or "ignore"; did you mean "washout"?',
        ),
        ("50", ': found "50", expected key=value, such as r_count=50, confirm_days=14.'),
        (
            "rcount=50",
            f', key "rcount": found an unknown key, expected one of {KEYS}; did you mean "r_count"?',
        ),
        ("paramcd=X", f', key "paramcd": found an unknown key, expected one of {KEYS}.'),
        ("r_count=50,r_count=60", ', key "r_count": found the key twice, expected each key once.'),
        ("window_days=[300, 2]", ', key "window_days": found [300, 2], expected the first before the last.'),
        (
            'rescue_classes=["IVIGG"]',
            ', key "rescue_classes": found "IVIGG", expected the cmclas of a [[rescue]] block; did you mean "IVIG"?',
        ),
        ("washout_times=-1", ', key "washout_times": found -1, expected a number from 0.'),
        (
            "washout_times=2,washout_days=7",
            ', key "washout_days": found both washout_days and washout_times, expected one of the two.',
        ),
    ],
)
def test_nonsense_is_refused_as_in_a_definition(text, said):
    with pytest.raises(StudyDataError) as refused:
        read_changes(text, IGU, "OR1Y")
    assert str(refused.value) == f"changes, [[endpoints]] OR1Y{said}"


def test_a_visit_that_is_not_scheduled_is_refused():
    with pytest.raises(
        StudyDataError, match=r'key "avisitn": found 13, expected a week of \[visits\]: 0, 1, 2'
    ):
        read_changes("avisitn=13", IGU, "RESPW26")


def test_only_the_endpoint_and_the_washout_change():
    changed = changed_definition(IGU, "OR1Y", {"r_count": 50, "washout_times": 1.1})
    assert changed.endpoint("OR1Y").r_count == 50 and IGU.endpoint("OR1Y").r_count == 30
    assert changed.endpoint("SR6M") == IGU.endpoint("SR6M")
    # 28, 7, 28 days and two new therapies, whose shadow has no end; part of a day counts as a day
    assert [each.washout_days for each in changed.rescue] == [31, 8, 31, 0, 0]
    assert changed.replace(endpoints=IGU.endpoints, rescue=IGU.rescue) == IGU
