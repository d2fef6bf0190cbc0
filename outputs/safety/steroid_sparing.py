"""Steroid-sparing at a landmark week: who is off corticosteroid, or takes less, of those on it at entry."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.sparing import LOW_DOSE, at_landmark
from outputs import wording
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.observational.shares_beside import SharesBeside, shares_beside
from outputs.output import Output, View
from outputs.response import headline_differences, headline_rates, immature, intervals_words
from outputs.safety.basis import safety_basis
from outputs.safety.exposure_words import POOLED_MEDICATION
from outputs.safety.steroids import TO_WEEKS
from outputs.shares import (
    crude,
    differences_sentence,
    headline_shares,
    share_cards,
    share_table,
    shares_by_measure,
    shares_in_file,
)
from trialdata.definition import Endpoint

ID, TITLE = "steroid_sparing", "Steroid-sparing"
COLUMN, HEADER = "reached", "Of those on it at entry"
MEASURES = {
    "OFF": "Off corticosteroid",
    "LOW": f"At or below {LOW_DOSE:g} mg a day",
    "HALVED": "Halved or off",
    "OFFRESP": "Off and in response",
}


def steroid_sparing_output(data: AnalysisData, view: View, *, week: str = "12") -> Output:
    """The share off corticosteroid, at or below 5 mg, at half the dose, and off in response, at one week."""
    if week not in TO_WEEKS:
        raise ValueError(f"week is {week!r}; expected one of {TO_WEEKS}")
    basis = safety_basis(data, view)
    reason = basis.nobody() or (POOLED_MEDICATION if data.study.view == "pooled" else "")
    if reason:
        return nothing_to_show(basis, ID, TITLE, reason)
    endpoint = basis.rate_endpoint
    people = at_landmark(data, basis.subjects, float(week), endpoint)
    known = {code: people[people[code].notna()] for code in MEASURES}
    known = {code: own for code, own in known.items() if len(own) or code != "OFFRESP"}
    met = {MEASURES[code]: own[code].astype(bool) for code, own in known.items()}
    arms = {MEASURES[code]: own["ARM"] for code, own in known.items()}
    cheap = shares_by_measure(met, arms, basis, column=COLUMN)
    beside = shares_beside(
        {
            name: answer.set_axis(own["USUBJID"])
            for (name, answer), own in zip(met.items(), known.values(), strict=True)
        },
        basis,
        column=COLUMN,
    )
    results = beside.beside(headline_shares(cheap))
    return Output(
        id=ID,
        title=TITLE,
        subtitle=f"At week {week}, of those due. {intervals_words(basis)}",
        population=basis.population,
        arms=basis.styles,
        results=results.assign(time=float(week)),
        table=share_table(results, basis, column=COLUMN, title=HEADER),
        records=_records(people),
        cell_keys=("REACHED", "ARM"),
        headline=_headline(headline_rates(results), week),
        detail=_detail(beside, results, basis),
        footnotes=(*_notes(people, week, endpoint, basis), *(beside.notes() if len(people) else ())),
        badges=(*immature(headline_rates(results)), *basis.badges(endpoint)),
        cards=(*share_cards(cheap, basis, column=COLUMN, names=list(met)), *beside.cards(cheap))
        if len(people)
        else (),
        empty="" if len(people) else f"Nobody on a corticosteroid at entry is due at week {week}.",
        as_file=lambda: shares_in_file(results.assign(time=float(week)), basis, column=COLUMN, title=HEADER),
    )


def _detail(beside: SharesBeside, results: pd.DataFrame, basis: Basis) -> str:
    plain = headline_differences(results[results[COLUMN] == MEASURES["OFF"]])
    said = differences_sentence(plain, crude=bool(beside.answers))
    return " ".join(filter(None, [said, beside.sentence(results, MEASURES["OFF"]), *crude(basis)]))


def _records(people: pd.DataFrame) -> pd.DataFrame:
    """One row per participant and what is reached: USUBJID, ARM, REACHED; who reached nothing under their own word."""
    parts = [
        people.loc[people[code].eq(True).fillna(False), ["USUBJID", "ARM"]].assign(REACHED=name)
        for code, name in MEASURES.items()
    ]
    none = ~people[list(MEASURES)].eq(True).fillna(False).any(axis=1)
    parts.append(people.loc[none, ["USUBJID", "ARM"]].assign(REACHED="None of these"))
    return pd.concat(parts, ignore_index=True).astype({"REACHED": "str"})


def _headline(rates: pd.DataFrame, week: str) -> str:
    off = rates[(rates[COLUMN] == MEASURES["OFF"]) & (rates["N"] > 0)]
    if off.empty:
        return f"Off corticosteroid: nobody is due at week {week}"
    said = " vs ".join(wording.rate_words(row.n, row.N) for row in off.itertuples())
    return f"Off corticosteroid at week {week}: {said}"


def _notes(people: pd.DataFrame, week: str, endpoint: Endpoint, basis: Basis) -> tuple[str, ...]:
    left, unknown = int(people["LEFT"].sum()), int(people["UNKNOWN"].sum())
    notes = [
        f"Due: on a corticosteroid at entry (STERFL, or on day 1) and the cut on or after day {7 * int(week) + 1}: "
        f"{wording.plural(len(people), 'participant')}. Not reached by who left or died before ({left}).",
        "Assigned corticosteroid (adex) counts here, unlike in corticosteroid over time; so do increases as rescue.",
        f"With a dose that is not known, then or at entry: {wording.plural(unknown, 'participant')}; not reached."
        if unknown
        else "",
        f"In response: {wording.lowered(endpoint.label)}, its level at the visit of week {week}; of those whose "
        "window has closed."
        if people["OFFRESP"].notna().any()
        else f"In response: nobody is due at a visit of week {week}.",
        *crude(basis),
        basis.empty_arms(),
        *basis.notes(endpoint),
    ]
    return tuple(note for note in notes if note)
