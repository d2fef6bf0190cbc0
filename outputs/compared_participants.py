"""Up to four participants side by side: the same axes, and their facts in one table."""

import pandas as pd

from analysis.adam import AnalysisData
from charts.compared_participants import compared_figure
from outputs import wording
from outputs.basis import Basis
from outputs.one_participant import answer_of, described, participant_parts, subject_of
from outputs.output import Output, View

MOST = 4
CHOOSE = "Choose up to four participants."


def compared_participants_output(data: AnalysisData, view: View, *, usubjids: str = "") -> Output:
    """The participants named in `usubjids`, separated by commas, at most four."""
    basis = Basis(data, view)
    chosen = list(dict.fromkeys(name.strip() for name in usubjids.split(",") if name.strip()))[:MOST]
    people = [_panel(basis, usubjid) for usubjid in chosen]
    return Output(
        id="compared_participants",
        title="Side by side",
        subtitle="Platelets, ×10⁹/L, on one scale; below: bleeding, adverse events of grade 3 or more, rescue",
        arms=basis.styles,
        results=_results(basis, chosen),
        table=_facts(basis, chosen),
        figure=(lambda theme, compact: compared_figure(people, theme=theme, compact=compact))
        if people
        else None,
        records=pd.DataFrame({"USUBJID": chosen}).astype("str"),
        headline="Participants side by side",
        alt=f"Platelets, bleeding, adverse events and rescue of {wording.plural(len(chosen), 'participant')}.",
        footnotes=basis.notes(basis.rate_endpoint),
        badges=basis.badges(basis.rate_endpoint),
        empty="" if chosen else CHOOSE,
    )


def _panel(basis: Basis, usubjid: str) -> dict:
    subject = subject_of(basis.data, usubjid)
    counts = _counts(basis, usubjid)
    parts = participant_parts(basis, usubjid)
    severe = parts["adverse_events"]
    severe = severe[severe["AETOXGR"].astype("str").isin(["3", "4", "5", "3.0", "4.0", "5.0"])]
    bled = parts["bleeding"][parts["bleeding"]["AVAL"] > 0]
    events = [
        (r.ADY, r.ADY, "bleeding", f"day {r.ADY:g}: bleeding grade {r.AVAL:g}") for r in bled.itertuples()
    ]
    events += [
        (r.ASTDY, r.AENDY, "adverse", f"day {r.ASTDY:g}: {r.AEDECOD}, grade {r.AETOXGR}")
        for r in severe.itertuples()
    ]
    events += [
        (r.ASTDY, r.AENDY, "rescue", f"day {r.ASTDY:g}: {r.CMDECOD or r.CMCLAS}")
        for r in parts["rescue"].itertuples()
    ]
    frame = pd.DataFrame(events, columns=["ADY", "ENDDY", "KIND", "WORDS"])
    frame["ENDDY"] = frame["ENDDY"].astype(float).fillna(counts["ADY"].max())
    arm = next((each for each in basis.arms if each.trt == subject["TRT01P"]), basis.arms[0])
    return {
        "name": usubjid,
        "line": described(subject, basis),
        "arm": arm,
        "counts": counts,
        "events": frame.dropna(subset="ADY"),
    }


def _counts(basis: Basis, usubjid: str) -> pd.DataFrame:
    adlb = basis.data.adlb
    own = adlb[(adlb["USUBJID"] == usubjid) & (adlb["PARAMCD"] == "PLAT") & (adlb["RECFL"] == "Y")]
    return own.loc[own["AVAL"].notna(), ["ADY", "AVAL"]].sort_values("ADY")


def _results(basis: Basis, chosen: list[str]) -> pd.DataFrame:
    parts = [
        _counts(basis, usubjid).assign(USUBJID=usubjid)[["USUBJID", "ADY", "AVAL"]] for usubjid in chosen
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["USUBJID", "ADY", "AVAL"])


def _facts(basis: Basis, chosen: list[str]) -> pd.DataFrame:
    """A row per fact, a column per participant."""
    data = basis.data
    rows: dict[str, list[str]] = {}
    for usubjid in chosen:
        subject, parts = subject_of(data, usubjid), participant_parts(basis, usubjid)
        facts = {"Who": described(subject, basis)}
        facts |= {
            endpoint.label: answer_of(data, usubjid, endpoint) for endpoint in data.definition.endpoints
        }
        facts["Rescue courses"] = str(len(parts["rescue"]))
        facts["Adverse events"] = str(len(parts["adverse_events"]))
        for name, value in facts.items():
            rows.setdefault(name, []).append(value)
    return pd.DataFrame([[name, *values] for name, values in rows.items()], columns=["Fact", *chosen])
