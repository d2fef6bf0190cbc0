"""The flow of participants, completeness of follow-up and withdrawals against a count participant by participant."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disposition import (
    ALL,
    completeness_of_followup,
    days_followed,
    flow_counts,
    flow_members,
    reasons_of,
    withdrawal_times,
)

NAN = float("nan")
END = 365
ARMS = ["A", "B"]


def adsl(*rows: dict) -> pd.DataFrame:
    """ADSL rows as derived, from the facts of each participant: arm, cut, eos, death, status, reason, said, treated."""
    made = []
    for number, row in enumerate(rows, start=1):
        cut, eos, death = (row.get(name, NAN) for name in ("cut", "eos", "death"))
        made.append(
            {
                "USUBJID": f"S{number}",
                "ARM": row.get("arm", "A"),
                "TRT01P": row.get("arm", "A"),
                "TRT01A": row.get("actual", row.get("arm", "A")),
                "SAFFL": row.get("treated", "Y"),
                "DCUTDY": cut,
                "EOSDY": eos,
                "DTHDY": death,
                "FUDY": np.nanmin([cut, eos, death]) if cut == cut else NAN,
                "EOSSTT": row.get("said", ""),
                "STATUS": row.get("status", "on study"),
                "DCSREAS": row.get("reason", ""),
            }
        )
    columns = ["USUBJID", "ARM", "TRT01P", "TRT01A", "SAFFL", "DCUTDY", "EOSDY", "DTHDY", "FUDY"]
    return pd.DataFrame(made, columns=[*columns, "EOSSTT", "STATUS", "DCSREAS"])


def answers(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["USUBJID", "DUEFL", "AVAL"])


def failures(*reasons: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"USUBJID": [f"F{i}" for i in range(len(reasons))], "DCSREAS": list(reasons)}, dtype="str"
    )


# Flow

STATUS = st.sampled_from(["on study", "completed", "withdrawn", "died"])
REASON = st.sampled_from(["", "LOST TO FOLLOW-UP", "Lost to  follow-up", "ADVERSE EVENT", "Moved", "DEATH"])
PERSON = st.fixed_dictionaries(
    {
        "arm": st.sampled_from(ARMS),
        "actual": st.sampled_from(ARMS),
        "treated": st.sampled_from("YN"),
        "status": STATUS,
        "reason": REASON,
        "in_set": st.booleans(),
        "due": st.booleans(),
        "answer": st.sampled_from([1.0, 0.0, NAN]),
    }
)


@settings(max_examples=60, deadline=None)
@given(people=st.lists(PERSON, max_size=12), failed=st.lists(REASON, max_size=5), exclude=st.booleans())
def test_the_flow_adds_up_and_agrees_with_a_count_by_hand(people, failed, exclude):
    frame = adsl(*people)
    ids = [f"S{i}" for i in range(1, len(people) + 1)]
    named = list(zip(ids, people, strict=True))
    in_set = [(i, "Y" if p["due"] else "N", p["answer"]) for i, p in named if p["in_set"]]
    members = flow_members(
        frame,
        failures(*failed),
        {"FAS": [i for i, p in named if p["in_set"]]},
        answers(*in_set),
        exclude_unanswered=exclude,
        reasons=True,
    )
    assert not members.duplicated().any()
    counts = flow_counts(members, ARMS, ["FAS"])
    whole = counts[counts["reason"] == ""].set_index(["step", "arm"])["n"].to_dict()
    for arm in (*ARMS, ALL):
        slow = slow_counts([p for p in people if arm in (ALL, p["arm"])], exclude)
        if arm == ALL:
            slow["FAILED"] = len(failed)
            slow["SCREENED"] = len(failed) + len(people) if failed else 0
        elif not failed:
            slow["SCREENED"] = 0
        else:
            slow["SCREENED"] = slow["ASSIGNED"]
        assert {step: n for (step, of), n in whole.items() if of == arm} == slow
        assert slow["TREATED"] + slow["UNTREATED"] == slow["ASSIGNED"]
        assert slow["LEFT"] + slow["COMPLETED"] + slow["ONSTUDY"] == slow["ASSIGNED"]
        assert slow["DUE"] + slow["NOTDUE"] == slow.get("SET FAS", 0)
        assert slow["ANALYSED"] + slow["UNANSWERED"] == slow["DUE"]
        for step in ("LEFT", "FAILED"):
            own = counts[(counts["step"] == step) & (counts["arm"] == arm) & (counts["reason"] != "")]
            assert own["n"].sum() == slow[step]
    assert (counts[counts["arm"] != ALL].groupby(["step", "reason"])["n"].sum() <= 12).all()


def slow_counts(people: list[dict], exclude: bool) -> dict[str, int]:
    """The counts of one arm, one participant after the other."""
    slow = dict.fromkeys(
        ["SCREENED", "FAILED", "ASSIGNED", "TREATED", "ELSEWHERE", "UNTREATED", "LEFT", "COMPLETED"], 0
    )
    slow |= dict.fromkeys(["ONSTUDY", "DUE", "NOTDUE", "UNANSWERED", "ANALYSED"], 0)
    slow["SET FAS"] = 0
    for person in people:
        slow["ASSIGNED"] += 1
        if person["treated"] == "Y":
            slow["TREATED"] += 1
            if person["actual"] != person["arm"]:
                slow["ELSEWHERE"] += 1
        else:
            slow["UNTREATED"] += 1
        if person["status"] == "completed":
            slow["COMPLETED"] += 1
        elif person["status"] == "on study":
            slow["ONSTUDY"] += 1
        else:
            slow["LEFT"] += 1
        if not person["in_set"]:
            continue
        slow["SET FAS"] += 1
        if not person["due"]:
            slow["NOTDUE"] += 1
        else:
            slow["DUE"] += 1
            if exclude and person["answer"] != person["answer"]:
                slow["UNANSWERED"] += 1
            else:
                slow["ANALYSED"] += 1
    return slow


def test_reasons_are_one_whatever_their_capitals_and_a_death_needs_none():
    frame = adsl(
        {"status": "withdrawn", "reason": "LOST TO FOLLOW-UP"},
        {"status": "withdrawn", "reason": "Lost  to follow-up"},
        {"status": "withdrawn"},
        {"status": "died", "death": 9, "cut": 20},
        {"status": "died", "death": 9, "cut": 20, "reason": "ADVERSE EVENT"},
    )
    assert list(reasons_of(frame)) == [
        *("Lost to follow-up",) * 2,
        *("Reason not recorded", "Death", "Adverse event"),
    ]


def test_beyond_eight_the_rarest_reasons_are_other_ones():
    named = [f"reason {letter}" for letter in "abcdefghij"]
    said = [*named, named[9], named[9], named[8], ""]  # j three times, i twice, the others once
    frame = adsl(*({"status": "withdrawn", "reason": reason} for reason in said))
    kept = ["reason j", "reason i", *named[:6]]
    found = list(reasons_of(frame))
    assert set(found) == {*kept, "Other reasons", "Reason not recorded"}
    assert found.count("Other reasons") == 2


def test_hidden_reasons_leave_the_counts_as_they_are():
    frame = adsl({"status": "withdrawn", "reason": "MOVED", "cut": 50, "eos": 20})
    members = flow_members(frame, failures("X"), {}, answers(), exclude_unanswered=False, reasons=False)
    assert (members["REASON"] == "").all()
    counts = flow_counts(members, ARMS, ["FAS"]).set_index(["step", "arm"])["n"]
    assert counts["LEFT", "A"] == 1 and counts["FAILED", ALL] == 1


def test_the_pooled_arm_is_counted_once():
    frame = adsl({"arm": "All", "cut": 10}, {"arm": "All", "cut": 12})
    members = flow_members(frame, failures("X"), {}, answers(), exclude_unanswered=False, reasons=False)
    counts = flow_counts(members, ["All"], [])
    assert not counts.duplicated(["step", "reason", "arm"]).any()
    assert counts.set_index("step")["n"][["SCREENED", "ASSIGNED"]].tolist() == [3, 2]


# Completeness of follow-up: (facts, days followed, days possible), by hand; the last visit is planned on day 365

FOLLOWED = {
    "on study at the cut": ({"cut": 100}, 100, 100),
    "on study beyond the planned end": ({"cut": 500}, 365, 365),
    "withdrew": ({"cut": 500, "eos": 120, "status": "withdrawn", "said": "DISCONTINUED"}, 120, 365),
    "withdrew, cut before the end": ({"cut": 200, "eos": 120, "status": "withdrawn"}, 120, 200),
    "withdrew after the planned end": ({"cut": 500, "eos": 380, "status": "withdrawn"}, 365, 365),
    "completed early, in the last window": (
        {"cut": 500, "eos": 360, "status": "completed", "said": "COMPLETED"}, 360, 360,
    ),
    "died": ({"cut": 500, "death": 90, "eos": 90, "status": "died"}, 90, 90),
    "withdrew, died later": ({"cut": 500, "eos": 60, "death": 90, "status": "died"}, 60, 90),
    "left before day 1": ({"cut": 500, "eos": -3, "status": "withdrawn"}, 0, 365),
    "first dose after the cut": ({"cut": -5}, 0, 0),
}  # fmt: skip


@pytest.mark.parametrize("name", FOLLOWED)
def test_days_followed_of_those_possible(name):
    facts, followed, possible = FOLLOWED[name]
    row = days_followed(adsl(facts), END).iloc[0]
    assert (row["FOLLOWED"], row["POSSIBLE"]) == (followed, possible)


def test_completeness_sums_over_participants_of_known_days():
    people = [facts | {"arm": "AB"[i % 2]} for i, (facts, *_) in enumerate(FOLLOWED.values())]
    people += [{"arm": "A"}, {"arm": "B", "cut": 100, "status": "withdrawn", "said": "DISCONTINUED"}]
    found = completeness_of_followup(days_followed(adsl(*people), END), ARMS).set_index("arm")
    for arm in (*ARMS, ALL):
        own = [
            numbers
            for person, (_, *numbers) in zip(people, FOLLOWED.values(), strict=False)
            if arm in (ALL, person["arm"])
        ]
        followed, possible = (sum(numbers[place] for numbers in own) for place in (0, 1))
        row = found.loc[arm]
        assert (row["days"], row["possible"], row["N"]) == (followed, possible, len(own))
        assert row["estimate"] == pytest.approx(followed / possible)
        assert row["n"] == sum(f < p for f, p in own)


def test_nobody_has_no_completeness():
    found = completeness_of_followup(days_followed(adsl(), END), ARMS)
    assert found["estimate"].isna().all() and (found["N"] == 0).all()


# Withdrawals

LEFT = {
    "on study": ({"cut": 100}, 100, ""),
    "completed": ({"cut": 500, "eos": 365, "status": "completed", "said": "COMPLETED"}, 365, ""),
    "withdrew": ({"cut": 500, "eos": 120, "status": "withdrawn", "said": "DISCONTINUED"}, 120, "withdrawal"),
    "left without a status": ({"cut": 500, "eos": 120, "status": "withdrawn"}, 120, "withdrawal"),
    "died": ({"cut": 500, "eos": 90, "death": 90, "status": "died"}, 90, "death"),
    "withdrew, died later": ({"cut": 500, "eos": 60, "death": 90, "status": "died"}, 60, "withdrawal"),
    "completed, died later": (
        {"cut": 500, "eos": 365, "death": 400, "status": "died", "said": "COMPLETED"}, 365, "",
    ),
    "before day 1": ({"cut": 500, "eos": -3, "status": "withdrawn"}, 1, "withdrawal"),
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT)
def test_who_left_when(name):
    facts, day, event = LEFT[name]
    row = withdrawal_times(adsl(facts)).iloc[0]
    assert (row["CIFDY"], row["CIFEVENT"]) == (day, event)


def test_who_left_on_an_unknown_day_is_not_in_the_curve():
    frame = adsl({"cut": 100, "status": "withdrawn", "said": "DISCONTINUED"}, {"arm": "B"}, {"cut": 30})
    assert list(withdrawal_times(frame)["USUBJID"]) == ["S3"]
