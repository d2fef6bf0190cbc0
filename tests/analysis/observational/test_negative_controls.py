"""Negative controls as values of participants, and the arms' difference in them."""

import numpy as np
import pandas as pd
import pytest

from analysis.observational.negative_controls import column_values, control_difference, event_values
from analysis.observational.propensity import fit_propensity
from analysis.safety.events import AdverseEvents
from tests.analysis.observational.made import groups, subjects
from trialdata.definition import NegativeControl
from trialdata.errors import StudyDataError

PEOPLE = pd.DataFrame(
    {
        "USUBJID": ["1", "2", "3", "4"],
        "HEIGHTBL": [170.0, np.nan, 158.0, 181.5],
        "BLOOD": pd.Series(["A", "B", "", " A"], dtype="str"),
        "CODE": [1.0, 2.0, 1.0, np.nan],
        "EMPTY": pd.Series(["", "", "", ""], dtype="str"),
    }
)


def values(**control):
    return column_values(PEOPLE, NegativeControl("x", **control)).to_dict()


def test_a_number_is_taken_of_those_who_have_one():
    assert values(column="HEIGHTBL") == {"1": 170, "3": 158, "4": 181.5}


def test_a_value_makes_a_share_of_those_who_have_any():
    assert values(column="BLOOD", value="A") == {"1": 1, "2": 0, "4": 1}
    assert values(column="CODE", value="1") == {"1": 1, "2": 0, "3": 1}


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("ABSENT", "ABSENT is not a column of adsl."),
        ("EMPTY", "EMPTY has no value in the participants compared."),
        ("BLOOD", "BLOOD is text: name the value whose share is compared."),
    ],
)
def test_a_column_that_cannot_be_compared_says_why(column, said):
    with pytest.raises(StudyDataError) as error:
        values(column=column)
    assert str(error.value) == said


def events(recorded=frozenset({"ANY"})) -> AdverseEvents:
    rows = pd.DataFrame(
        [
            ("1", "Injury", "Fall"),
            ("1", "Injury", "Fall"),
            ("2", "Nervous system", "Headache"),
            ("4", "INJURY", "Cut"),
        ],
        columns=["USUBJID", "SOC", "TERM"],
    )
    return AdverseEvents(rows, rows.head(0), rows.head(0), {}, recorded)


def test_adverse_events_are_participants_with_any():
    fall = NegativeControl("x", terms=("fall",))
    injury = NegativeControl("x", terms=("Headache",), body_systems=("Injury",))
    assert event_values(events(), PEOPLE, fall).to_dict() == {"1": 1, "2": 0, "3": 0, "4": 0}
    assert event_values(events(), PEOPLE, injury).to_dict() == {"1": 1, "2": 1, "3": 0, "4": 1}


def test_a_cut_without_adverse_events_says_so():
    with pytest.raises(StudyDataError, match="no adverse events"):
        event_values(events(frozenset()), PEOPLE, NegativeControl("x", terms=("Fall",)))


def test_a_number_counts_who_has_a_value_and_a_share_who_has_it():
    frame = subjects()
    propensity = fit_propensity(groups(frame))
    arm = propensity.groups.arm
    number = control_difference("x", propensity, frame["AGE"].to_numpy() ** 2, "ATO")
    assert number.counts == number.sizes == (int(arm.sum()), int((1 - arm).sum()))
    share = control_difference("x", propensity, frame["RESPONSE"].to_numpy(), "ATO")
    y = frame["RESPONSE"].to_numpy()
    assert share.share and share.counts == (int(y[arm == 1].sum()), int(y[arm == 0].sum()))
    assert share.crude["estimate"] == pytest.approx(y[arm == 1].mean() - y[arm == 0].mean())


def test_arms_lie_apart_where_the_interval_leaves_0_out():
    frame = subjects(200, strength=1.5)
    propensity = fit_propensity(groups(frame, ("SEX",)))
    assert control_difference("x", propensity, frame["AGE"].to_numpy(), "ATO").apart is True
    noise = np.random.default_rng(3).normal(size=200)
    assert control_difference("x", propensity, noise, "ATO").apart is False
    same = np.where(propensity.groups.arm == 1, 1.0, noise > 0)
    assert control_difference("x", propensity, same, "ATO").apart is None
