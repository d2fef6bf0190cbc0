"""Listings: pseudonymised, in an order that tells nothing, without site, date or day of the cut."""

import datetime
import re

import pytest

from analysis.cut_steps import compare_cuts
from outputs.output import View
from reports.listings import listing, listing_names, pseudonyms
from reports.report_files import listing_bytes
from tests.reports.document.test_nothing_of_participants import unpacked
from trialdata.errors import StudyDataError


@pytest.mark.parametrize("name", listing_names())
def test_no_listing_names_anybody(derived, name):
    data = derived("nct07057778")
    earlier = derived("nct07057778", data.study.cuts[-2])
    since = compare_cuts(earlier, data) if name in ("cut_movers", "changed_records") else None
    told = listing(data, name, View("FAS", "OR1Y"), since=since)
    assert told.frame["PARTICIPANT"].is_monotonic_increasing
    assert not {"USUBJID", "SUBJID", "SITEID", "DCUTDY"} & set(told.frame)
    for ending in ("csv", "json", "xlsx"):
        text = unpacked(listing_bytes(ending, told, data))
        assert not set(data.study.adsl["USUBJID"]) & set(re.findall(r"[\w-]+", text))
        assert "pseudonymised" in text or told.frame.empty


def test_pseudonyms_are_stable_within_a_cut_and_do_not_follow_the_file(derived):
    data = derived("nct07057778")
    told = pseudonyms(data)
    assert told == pseudonyms(data) and len(set(told.values())) == len(told)
    in_file = [told[usubjid] for usubjid in data.adsl["USUBJID"]]
    assert in_file != sorted(in_file)
    earlier = pseudonyms(derived("nct07057778", data.study.cuts[0]))
    assert [told[usubjid] for usubjid in earlier] != list(earlier.values())


@pytest.mark.parametrize("name", ["cut_movers", "changed_records"])
def test_a_listing_about_two_cuts_says_that_there_is_no_earlier_one(derived, name):
    first = derived("nct07057778", datetime.date(2026, 3, 31))
    with pytest.raises(StudyDataError, match=f"{name}: there is no earlier data cut to compare with."):
        listing(first, name, View())


def test_a_listing_that_does_not_exist_is_refused_by_name(derived):
    with pytest.raises(StudyDataError, match=r"There is no listing 'queries'; there are .*verdicts"):
        listing(derived("nct07057778"), "queries", View())
