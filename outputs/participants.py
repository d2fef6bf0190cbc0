"""Participants: the list, and one lane per participant over time."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.response import response_states
from charts.participants import swimlane_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.people import RESPONDERS, STATE_WORDS, people

GROUPS = ("CR", "R", "Y", "PENDING", "NR", "N", "MISSING")
STATUS_WORDS = {
    "on study": "on study",
    "completed": "completed",
    "withdrawn": "left the study",
    "died": "died",
}


def participants_output(
    data: AnalysisData, view: View, *, search: str = "", sort: str = "response", show: str = "all"
) -> Output:
    """One row per participant of the analysis set: arm, answer so far, baseline, best count, rescue, status."""
    basis = Basis(data, view)
    listed = listing(basis, search=search, sort=sort, show=show)
    whole = listing(basis)
    table = pd.DataFrame(
        {
            "Participant": listed["USUBJID"],
            "Arm": listed["ARM"].map(basis.labels),
            "So far": listed["ANSWERSOFAR"].map(STATE_WORDS),
            "Due": listed["DUEFL"].map({"Y": "due", "N": "not yet due"}),
            "Baseline": listed["BASE"].map(wording.count),
            "Best count": listed["BEST"].map(wording.count),
            "Onset, day": listed["ONSETDY"].map(wording.day),
            "Rescue, day": listed["RESCUEDY"].map(wording.day),
            "Status": listed["STATUS"].map(STATUS_WORDS),
        }
    )
    return Output(
        id="participants",
        title="Participants",
        subtitle="Platelets ×10⁹/L. Select a row to open the participant",
        population=basis.population,
        arms=basis.styles,
        results=listed.drop(columns="SPARK"),
        table=table,
        records=listed,
        cell_keys=("ARM", "ANSWERSOFAR"),
        headline=_headline(whole, basis),
        detail=_detail(whole, basis),
        footnotes=(
            "Counts of everyone in the analysis set, due or not, so not a rate.",
            *basis.notes(basis.rate_endpoint),
        ),
        badges=basis.badges(basis.rate_endpoint),
        empty=basis.nobody() or ("" if len(listed) else "No participant matches the search."),
    )


def listing(basis: Basis, *, search: str = "", sort: str = "response", show: str = "all") -> pd.DataFrame:
    """`people` with the answer so far whether due or not, status and entry order, searched and sorted."""
    endpoint = basis.rate_endpoint
    answers = basis.results_of(endpoint)[["USUBJID", "AVALC", "DUEFL"]].rename(
        columns={"AVALC": "ANSWERSOFAR"}
    )
    listed = people(basis, endpoint).merge(answers, on="USUBJID")
    listed = listed.merge(basis.subjects[["USUBJID", "STATUS", "DCUTDY"]], on="USUBJID")
    if search:
        listed = listed[listed["USUBJID"].str.contains(search.strip(), case=False, regex=False)]
    if show == "due":
        listed = listed[listed["DUEFL"] == "Y"]
    rank = listed["ANSWERSOFAR"].map({state: place for place, state in enumerate(GROUPS)})
    keys = {
        "response": [rank, listed["ONSETDY"]],
        "onset": [listed["ONSETDY"], rank],
        "entry": [-listed["DCUTDY"], rank],
    }[sort]
    order = np.lexsort(
        [listed["USUBJID"].rank(method="first"), *(key.fillna(np.inf) for key in reversed(keys))]
    )
    return listed.iloc[order].drop(columns="DCUTDY").reset_index(drop=True)


def _headline(listed: pd.DataFrame, basis: Basis) -> str:
    responded = listed["ANSWERSOFAR"].isin(RESPONDERS)
    counts = responded.groupby(listed["ARM"]).agg(["sum", "size"]).reindex(list(basis.trts), fill_value=0)
    words = [f"{row['sum']} of {row['size']}" for _, row in counts.iterrows()]
    return f"Participants: {wording.joined(words)} have responded so far"


def _detail(listed: pd.DataFrame, basis: Basis) -> str:
    waiting = int((listed["DUEFL"] == "N").sum())
    endpoint = wording.short_label(basis.rate_endpoint).lower()
    who = f"{waiting} of {len(listed)} are not yet due" if waiting else "Everybody is due"
    return f"Counts of everyone in the analysis set, due or not, so not a rate. {who} for {endpoint}."


def swimlanes_output(data: AnalysisData, view: View, *, sort: str = "response", show: str = "all") -> Output:
    """One lane per participant: response state over weeks, rescue, and whether still followed."""
    basis = Basis(data, view)
    endpoint, gap = basis.rate_endpoint, _gap_days(basis)
    listed = listing(basis, sort=sort, show=show)
    states = states_until_last_count(basis).merge(
        listed[["USUBJID", "ARM", "ANSWERSOFAR"]].rename(columns={"ANSWERSOFAR": "GROUP"}), on="USUBJID"
    )
    lanes = lanes_of(listed, states, basis)
    if sort == "response":
        lanes = longest_in_response_first(lanes)
    return Output(
        id="swimlanes",
        title="One lane per participant",
        subtitle="Response state over time, best answer so far first. Click a lane to open the participant",
        population=basis.population,
        arms=basis.styles,
        results=states.assign(method="time in response"),
        table=_lanes_table(lanes, basis),
        figure=lambda theme, compact: swimlane_figure(
            states, lanes, basis.arms, theme=theme, compact=compact
        ),
        records=listed,
        cell_keys=("ARM", "ANSWERSOFAR"),
        headline="One lane per participant",
        alt="One lane per participant by arm: complete response, response, not in response, rescue, still followed.",
        footnotes=(
            f"{basis.population}. A count stands for the days until the next one, at most {gap}; "
            "single counts count.",
            *basis.notes(endpoint),
        ),
        badges=basis.badges(endpoint),
        empty=basis.nobody() or ("" if len(listed) else "No participant matches."),
    )


def _gap_days(basis: Basis) -> int:
    """How many days one count stands for: as the study's time in response says, else the rule's default."""
    own = (e.max_gap_days for e in basis.definition.endpoints if e.kind == "time_in_response")
    return next(own, basis.rate_endpoint.max_gap_days)


def longest_in_response_first(lanes: pd.DataFrame) -> pd.DataFrame:
    """The lanes group by group, within a group the longest time in response first."""
    rank = lanes["GROUP"].map({state: place for place, state in enumerate(GROUPS)})
    order = np.lexsort([-lanes["DAYS"], rank])
    return lanes.iloc[order].reset_index(drop=True)


def _last_count(basis: Basis) -> pd.Series:
    """Study day of the last platelet count of everybody, by USUBJID."""
    adlb = basis.data.adlb
    counts = adlb[(adlb["PARAMCD"] == "PLAT") & (adlb["RECFL"] == "Y")]
    return counts.groupby("USUBJID")["ADY"].max()


def states_until_last_count(basis: Basis) -> pd.DataFrame:
    """Response state by span of days of everybody, up to the last count: the day of the cut is nobody's to see."""
    states = response_states(basis.data, basis.rate_endpoint.paramcd, max_gap_days=_gap_days(basis))
    last = states["USUBJID"].map(_last_count(basis))
    return states.assign(ENDDY=states["ENDDY"].clip(upper=last))[states["STARTDY"] <= last]


def lanes_of(listed: pd.DataFrame, states: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """One row per lane in drawing order: ARM, GROUP, last day seen, rescue day, status, days in response."""
    last = _last_count(basis)
    in_response = states[states["STATE"].isin(["CR", "R"])]
    days = (in_response["ENDDY"] - in_response["STARTDY"] + 1).groupby(in_response["USUBJID"]).sum()
    status = basis.subjects.set_index("USUBJID")["STATUS"]
    return pd.DataFrame(
        {
            "USUBJID": listed["USUBJID"],
            "ARM": listed["ARM"],
            "GROUP": listed["ANSWERSOFAR"],
            "LASTDY": listed["USUBJID"].map(last).fillna(1),
            "RESCUEDY": listed["RESCUEDY"],
            "STATUS": listed["USUBJID"].map(status),
            "DAYS": listed["USUBJID"].map(days).fillna(0),
        }
    )


def _lanes_table(lanes: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Participant": lanes["USUBJID"],
            "Arm": lanes["ARM"].map(basis.labels),
            "So far": lanes["GROUP"].map(STATE_WORDS),
            "Days in response": lanes["DAYS"].map(wording.day),
            "Rescue, day": lanes["RESCUEDY"].map(wording.day),
            "Status": lanes["STATUS"].map(STATUS_WORDS),
        }
    )
