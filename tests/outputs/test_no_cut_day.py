"""No output gives a participant's day of the cut: beside the date of the cut it is the date of the first dose.

Every cut day is moved by one, and the date of the cut with it: the same participants, seen a day later. What then
differs in the row of nearly every participant on study is the day of the cut, or computed from it.
"""

import dataclasses
import datetime

import pandas as pd
import pytest

from analysis.adam import derive
from outputs.catalogue import CATALOGUE, build, is_about_one
from outputs.output import Output, View

CUTS = {"nct07057778": "2026-12-31", "nct04915482": "2023-03-31"}  # many are still on study
TOLD = 0.2  # of those on study; a window closes for a few
OF_EACH = ("results", "table", "records")
EXAMPLES = 4  # participants whose own pages are looked at


def seen_up_to_the_cut(study):
    """No row of the file lies after the cut day: a later look would only bring these in."""
    cut = study.adsl.set_index("USUBJID")["DCUTDY"]
    changed = {
        name: getattr(study, name)[lambda f, day=day: f[day] <= f["USUBJID"].map(cut)]
        for name, day in (("adlb", "ADY"), ("adqs", "ADY"), ("adcm", "ASTDY"), ("adae", "ASTDY"))
    }
    return dataclasses.replace(study, **changed)


def a_day_later(study):
    moved = study.cut + datetime.timedelta(days=1)
    cuts = tuple(moved if cut == study.cut else cut for cut in study.cuts)
    return dataclasses.replace(
        study, cut=moved, cuts=cuts, adsl=study.adsl.assign(DCUTDY=study.adsl["DCUTDY"] + 1)
    )


@pytest.fixture(scope="module", params=list(CUTS))
def two_looks(request, derived):
    study = seen_up_to_the_cut(derived(request.param, datetime.date.fromisoformat(CUTS[request.param])).study)
    return derive(study), derive(a_day_later(study))


def differing(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    one, two = (frame.astype("str").fillna("") for frame in (before, after))
    return one != two


def telling(before: Output, after: Output, on_study: set[str]) -> list[str]:
    """The columns that differ in the rows of more than a few of those on study."""
    found = []
    for part in OF_EACH:
        one, two = getattr(before, part), getattr(after, part)
        key = next((name for name in ("USUBJID", "Participant") if name in one), None)
        if key is None:
            continue
        numbered = [
            frame.assign(ROW=frame.groupby(key).cumcount()).set_index([key, "ROW"]) for frame in (one, two)
        ]
        shared = numbered[0].index.intersection(numbered[1].index)
        shared = shared[shared.get_level_values(0).isin(on_study)]
        changed = differing(*(frame.loc[shared] for frame in numbered))
        changed = changed.drop(columns="SPARK", errors="ignore")
        of_people = changed.groupby(level=0).any()
        found += [f"{part}.{name}" for name in of_people if of_people[name].mean() > TOLD]
    return found


@pytest.mark.parametrize("output_id", [key for key in CATALOGUE if not is_about_one(key)])
def test_no_row_of_a_participant_moves_with_the_cut(two_looks, output_id):
    adsl = two_looks[0].adsl
    on_study = set(adsl.loc[adsl["ONSTUDY"] == "Y", "USUBJID"])
    outputs = [build(output_id, data, View()) for data in two_looks]
    assert not telling(*outputs, on_study)


@pytest.mark.parametrize("output_id", [key for key in CATALOGUE if is_about_one(key)])
def test_no_page_of_a_participant_moves_with_the_cut(two_looks, output_id):
    before, _ = two_looks
    on_study = before.adsl.loc[before.adsl["ONSTUDY"] == "Y", "USUBJID"].iloc[:EXAMPLES]
    changed: dict[str, int] = {}
    for usubjid in on_study:
        one, two = (build(output_id, data, View(), usubjid=usubjid) for data in two_looks)
        assert (one.headline, one.detail, one.alt) == (two.headline, two.detail, two.alt)
        for part in OF_EACH:
            for name, cells in differing(getattr(one, part), getattr(two, part)).items():
                changed[f"{part}.{name}"] = changed.get(f"{part}.{name}", 0) + bool(cells.any())
    assert not [name for name, n in changed.items() if n > EXAMPLES / 2]


def test_nothing_of_those_compared_moves_with_the_cut(two_looks):
    """But a fact of a few of them, whose window closes that day."""
    before, _ = two_looks
    on_study = before.adsl.loc[before.adsl["ONSTUDY"] == "Y", "USUBJID"].iloc[: 4 * EXAMPLES]
    moved = pd.Series(dtype=float)
    for place in range(0, len(on_study), 4):
        chosen = ",".join(on_study.iloc[place : place + 4])
        one, two = (build("participants_compared", data, View(), usubjids=chosen) for data in two_looks)
        assert one.results.equals(two.results) and one.table.equals(two.table)
        assert one.figure("light", False).to_json() == two.figure("light", False).to_json()
        facts = [
            build("participants_facts", data, View(), usubjids=chosen).table.set_index("Fact")
            for data in two_looks
        ]
        moved = moved.add(differing(*facts).sum(axis=1), fill_value=0)
    assert moved.max() <= TOLD * len(on_study)


def test_the_comparison_sees_a_cut_day(two_looks):
    """As a number, in words, or as the days since then."""
    before, after = two_looks
    on_study = set(before.adsl.loc[before.adsl["ONSTUDY"] == "Y", "USUBJID"])

    def with_the_day(data) -> Output:
        adsl = data.adsl[["USUBJID", "DCUTDY"]]
        worded = adsl.assign(WORDS="followed to day " + adsl["DCUTDY"].astype("str"), DAYS=adsl["DCUTDY"] - 1)
        return Output(id="x", title="x", results=worded)

    seen = telling(with_the_day(before), with_the_day(after), on_study)
    assert seen == ["results.DCUTDY", "results.WORDS", "results.DAYS"]


def test_findings_do_not_print_a_cut_day(derived):
    for name, cut in CUTS.items():
        data = derived(name, datetime.date.fromisoformat(cut))
        named = data.study.findings[data.study.findings["USUBJID"] != ""]
        day = named["USUBJID"].map(data.adsl.set_index("USUBJID")["DCUTDY"])
        words = named["found"] + " " + named["expected"]
        said = [f"day {number:g}" in text for number, text in zip(day, words, strict=True)]
        assert not any(said)


def test_the_follow_up_of_few_is_not_shown(derived):
    """Of one participant it would be the day of the cut."""
    data = derived("nct07057778", datetime.date(2026, 12, 31))
    study = dataclasses.replace(data.study, adsl=data.study.adsl.iloc[:3])
    alone = derive(study)
    assert build("followup", alone, View()).results["estimate"].isna().all()
    assert build("arms", alone, View()).results["followup_days"].isna().all()
