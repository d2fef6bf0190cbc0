"""Up to four participants side by side: their courses on the same axes, and their facts in one table."""

import pandas as pd

from analysis.adam import AnalysisData
from charts.participants_compared import compared_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.participant_answers import answer_of
from outputs.participant_parts import arm_of, days_shown, described, own, participant_parts, subject_of
from outputs.participants import states_until_last_count

MOST = 4
CHOOSE = "Choose up to four participants."
SEVERE = 3


def participants_compared_output(data: AnalysisData, view: View, *, usubjids: str = "") -> Output:
    """Platelets, response, bleeding, rescue and severe events of those named in `usubjids`, separated by commas."""
    basis = Basis(data, view)
    chosen = chosen_of(usubjids)
    states = states_until_last_count(basis)
    people = [_person(basis, usubjid, own(states, usubjid)) for usubjid in chosen]
    spans = [days_shown(basis, usubjid) for usubjid in chosen]
    days = (min((span[0] for span in spans), default=1.0), max((span[1] for span in spans), default=28.0))
    endpoint = basis.rate_endpoint
    results = [person["counts"].assign(USUBJID=person["name"]) for person in people]
    return Output(
        id="participants_compared",
        title="Side by side",
        subtitle="Platelets on one scale, response by day, bleeding, rescue, adverse events of grade 3 or more",
        arms=basis.styles,
        results=pd.concat(results, ignore_index=True)[["USUBJID", "ADY", "AVAL"]]
        if results
        else pd.DataFrame(columns=["USUBJID", "ADY", "AVAL"]),
        table=_events_table(people),
        figure=(
            lambda theme, compact: compared_figure(
                people,
                days=days,
                thresholds=(endpoint.r_count, 50.0, endpoint.cr_count),
                theme=theme,
                compact=compact,
            )
        )
        if people
        else None,
        records=pd.DataFrame({"USUBJID": chosen}).astype("str"),
        headline="Participants side by side",
        alt=f"Platelets, response, bleeding, rescue, severe events of {wording.plural(len(chosen), 'participant')}.",
        footnotes=(
            "A count stands for the days until the next one; single counts count. Dotted: counts for a response.",
            *basis.notes(endpoint),
        )
        if chosen
        else (),
        badges=basis.badges(endpoint),
        empty="" if chosen else CHOOSE,
    )


def participants_facts_output(data: AnalysisData, view: View, *, usubjids: str = "") -> Output:
    """A row per fact, a column per participant named in `usubjids`."""
    basis = Basis(data, view)
    chosen = chosen_of(usubjids)
    facts = {usubjid: _facts(basis, usubjid) for usubjid in chosen}
    names = dict.fromkeys(name for each in facts.values() for name in each)
    rows = [[name, *(each.get(name, "") for each in facts.values())] for name in names]
    table = pd.DataFrame(rows, columns=["Fact", *chosen], dtype="str")
    return Output(
        id="participants_facts",
        title="Facts side by side",
        subtitle="The answer for each endpoint at this cut, and what was recorded",
        arms=basis.styles,
        results=table.rename(columns={"Fact": "fact"}),
        table=table,
        records=pd.DataFrame({"USUBJID": chosen}).astype("str"),
        headline="Facts side by side",
        footnotes=basis.notes(*data.definition.endpoints) if chosen else (),
        badges=basis.badges(*data.definition.endpoints),
        empty="" if chosen else CHOOSE,
    )


def chosen_of(usubjids: str) -> list[str]:
    """The identifiers in the order given, each once, at most four."""
    names = dict.fromkeys(name.strip() for name in usubjids.split(",") if name.strip())
    if len(names) > MOST:
        raise ValueError(f"at most {MOST} participants can be compared")
    return list(names)


def _person(basis: Basis, usubjid: str, states: pd.DataFrame) -> dict:
    subject, parts = subject_of(basis.data, usubjid), participant_parts(basis, usubjid)
    return {
        "name": usubjid,
        "line": described(subject, basis),
        "arm": arm_of(subject, basis),
        "counts": _counts(basis, usubjid),
        "states": states,
        "bleeding": dict(list(parts["bleeding"].items())[:1]),
        "rescue": parts["rescue"],
        "adverse_events": _severe(parts["adverse_events"]),
    }


def _counts(basis: Basis, usubjid: str) -> pd.DataFrame:
    counts = own(basis.data.adlb, usubjid)
    daily = (counts["PARAMCD"] == "PLAT") & (counts["RECFL"] == "Y") & counts["AVAL"].notna()
    return counts.loc[daily, ["ADY", "AVAL"]].sort_values("ADY")


def _severe(events: pd.DataFrame) -> pd.DataFrame:
    return events[pd.to_numeric(events["AETOXGR"], errors="coerce").between(SEVERE, 5)]


def _events_table(people: list[dict]) -> pd.DataFrame:
    """One row per bleeding, rescue or severe event of each participant by day."""
    rows = []
    for person in people:
        for label, bleeding in person["bleeding"].items():
            bled = bleeding[bleeding["AVAL"] > 0]
            rows += [(person["name"], row.ADY, label, f"grade {row.AVAL:g}") for row in bled.itertuples()]
        for row in person["rescue"].itertuples():
            rows.append((person["name"], row.ASTDY, "Rescue", row.CMDECOD or row.CMCLAS))
        for row in person["adverse_events"].itertuples():
            words = f"{row.AEDECOD or 'Term missing'}, grade {row.AETOXGR}"
            rows.append((person["name"], row.ASTDY, "Adverse event", words))
    table = pd.DataFrame(rows, columns=["Participant", "Day", "Kind", "What"])
    ordered = table.sort_values(["Participant", "Day"], kind="stable", ignore_index=True)
    return ordered.assign(Day=ordered["Day"].map(wording.day)).astype("str")


def _facts(basis: Basis, usubjid: str) -> dict[str, str]:
    data, subject = basis.data, subject_of(basis.data, usubjid)
    parts, counts = participant_parts(basis, usubjid), _counts(basis, usubjid)
    best = counts.loc[counts["ADY"] > 1, "AVAL"].max()
    label, bleeding = next(iter(parts["bleeding"].items()))
    bled = bleeding.loc[bleeding["ADY"] > 1, "AVAL"].max()
    facts = {
        "Arm": basis.labels.get(subject["TRT01P"], subject["TRT01P"]),
        "Baseline count, ×10⁹/L": wording.count(subject["BASE"]) or "none",
        "Best count after day 1": wording.count(best) or "none",
        f"Worst bleeding after day 1, {label}": "not assessed" if pd.isna(bled) else f"grade {bled:g}",
        "Rescue, days": ", ".join(wording.day(day) or "not known" for day in parts["rescue"]["ASTDY"])
        or "none",
        "Adverse events": wording.fixed(len(parts["adverse_events"])),
        "Adverse events of grade 3 or more": wording.fixed(len(_severe(parts["adverse_events"]))),
        "Serious adverse events": wording.fixed(int((parts["adverse_events"]["AESER"] == "Y").sum())),
        "Status": "left the study" if subject["STATUS"] == "withdrawn" else str(subject["STATUS"]),
    }
    answers = {endpoint.label: answer_of(data, usubjid, endpoint) for endpoint in data.definition.endpoints}
    return facts | answers
