"""Where everybody stands: the ledger under a rate, best response, and response at each visit."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.by_visit import rates_by_visit
from analysis.rates import best_response_shares, ledger
from analysis.response import response_by_visit
from charts.response import best_response_figure, by_visit_figure, standing_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Card, Output, View
from outputs.people import STATE_WORDS, STATES, people, people_at_visits, people_by_line
from outputs.rate_cards import shares_card
from outputs.response import immature
from outputs.slide_bars import counts_by_state, shares_by_state
from outputs.slide_lines import shares_by_visit

YES_NO_KINDS = ("sustained_response", "durable_counts")


def standing_counts(basis: Basis, listed: pd.DataFrame) -> pd.DataFrame:
    """One row per arm and state: participants, zeros included."""
    counted = listed.groupby(["ARM", "STATE"]).size()
    index = pd.MultiIndex.from_product([basis.trts, STATES], names=["arm", "state"])
    return counted.reindex(index, fill_value=0).rename("n").reset_index()


def standing_output(data: AnalysisData, view: View) -> Output:
    """Every participant of the analysis set in exactly one state, by arm, with the due part marked."""
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    listed = people(basis, endpoint)
    counts = standing_counts(basis, listed)
    shown = counts[counts.groupby("state")["n"].transform("sum") > 0]
    return Output(
        id="standing",
        title=f"Where all {len(listed)} participants stand",
        subtitle="One unit is one participant. Click a segment to list who is in it",
        population=basis.population,
        arms=basis.styles,
        results=counts.assign(method="count"),
        table=_wide(shown, basis),
        figure=lambda theme, compact: standing_figure(
            counts, basis.arms, total_label="participants", theme=theme, compact=compact
        ),
        chart=lambda: counts_by_state(counts, basis.arms, STATE_WORDS, "Participants"),
        records=listed,
        cell_keys=("ARM", "STATE"),
        headline=f"Where all {len(listed)} participants stand",
        alt="Participants by arm and state. " + _standing_words(shown, basis),
        footnotes=(f"{basis.population}. Due is decided by entry time alone.", *basis.notes(endpoint)),
        badges=basis.badges(endpoint),
        empty=basis.nobody(),
    )


def _wide(counts: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    wide = counts.pivot(index="state", columns="arm", values="n").reindex(columns=list(basis.trts))
    wide = wide.reindex([state for state in STATES if state in wide.index])
    wide.index = [STATE_WORDS[state].capitalize() for state in wide.index]
    return wide.astype(str).rename_axis("Participants").reset_index().rename_axis(columns=None)


def _standing_words(counts: pd.DataFrame, basis: Basis) -> str:
    parts = []
    for arm in basis.arms:
        rows = counts[(counts["arm"] == arm.trt) & (counts["n"] > 0)]
        parts.append(f"{arm.label}: " + ", ".join(f"{r.n} {STATE_WORDS[r.state]}" for r in rows.itertuples()))
    return ". ".join(parts) + "."


def ledger_output(data: AnalysisData, view: View) -> Output:
    """Enrolled, analysis set, due, then every state: the columns add up."""
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    lines = ledger(
        basis.results_of(endpoint),
        basis.enrolled,
        basis.subjects,
        basis.trts,
        yes_no=endpoint.kind in YES_NO_KINDS,
        bleeding=endpoint.bleeding != "" and endpoint.kind != "durable_counts",
    )
    return Output(
        id="ledger",
        title="Who counts",
        subtitle="Every enrolled participant is in exactly one line",
        population=basis.population,
        arms=basis.styles,
        results=lines.assign(method="count"),
        table=_ledger_table(lines, basis),
        records=people_by_line(basis, endpoint),
        cell_keys=("ARM", "LINE"),
        headline="Who counts",
        footnotes=basis.notes(endpoint),
        badges=basis.badges(endpoint),
    )


def _ledger_table(lines: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    order = lines.drop_duplicates("line").set_index("line")
    wide = lines.pivot(index="line", columns="arm", values="n").reindex(order.index)
    indented = [
        "\u2003" * int(level) + label for label, level in zip(order["label"], order["level"], strict=True)
    ]
    columns = [*basis.trts, *(["All"] if len(basis.trts) > 1 else [])]
    table = wide.reindex(columns=columns).astype(str)
    table.insert(0, "Participants", indented)
    return table.reset_index(drop=True).rename_axis(columns=None)


def best_response_output(data: AnalysisData, view: View) -> Output:
    """Best response among the due, as shares by arm."""
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    answers = basis.results_of(endpoint)
    shares = best_response_shares(answers, basis.trts, yes_no=endpoint.kind in YES_NO_KINDS)
    listed = people(basis, endpoint)
    rates = shares.groupby("arm", sort=False)["N"].first().reset_index()
    due = int(rates["N"].sum())
    return Output(
        id="best_response",
        title="Best response, shares",
        subtitle="CR, R and no response as a share of the due, by arm",
        population=basis.population,
        arms=basis.styles,
        results=shares.assign(method="share of the due"),
        table=_shares_table(shares, basis),
        figure=lambda theme, compact: best_response_figure(shares, basis.arms, theme=theme, compact=compact),
        chart=lambda: shares_by_state(shares, basis.arms, STATE_WORDS, "Share of the participants due"),
        records=listed[listed["STATE"] != "NOTDUE"],
        cell_keys=("ARM", "STATE"),
        headline="Best response",
        alt="Best response as a share of the due. " + _share_words(shares, basis),
        footnotes=(
            f"{basis.population}, due at this cut: {wording.plural(due, 'participant')}.",
            *basis.notes(endpoint),
        ),
        badges=(*immature(rates), *basis.badges(endpoint)),
        empty=basis.nobody() or ("" if due else "Nobody is due for this endpoint at this cut."),
    )


def _shares_table(shares: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    rows = []
    for category, part in shares.groupby("category", sort=False):
        by_arm = part.set_index("arm")
        cells = {
            basis.labels[trt]: f"{by_arm.n[trt]} ({wording.percent(by_arm.estimate[trt], by_arm.N[trt])})"
            for trt in basis.trts
        }
        rows.append({"Best response": STATE_WORDS[category].capitalize(), **cells})
    return pd.DataFrame(rows)


def _share_words(shares: pd.DataFrame, basis: Basis) -> str:
    parts = []
    for arm in basis.arms:
        rows = shares[(shares["arm"] == arm.trt) & (shares["n"] > 0)]
        words = ", ".join(
            f"{STATE_WORDS[r.category]} {wording.percent(r.estimate, r.N)}" for r in rows.itertuples()
        )
        parts.append(f"{arm.label}: {words or 'nobody due'}")
    return ". ".join(parts) + "."


def response_by_visit_output(data: AnalysisData, view: View) -> Output:
    """Percent in response (CR or R) at each visit among those due at it, by arm."""
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    levels = response_by_visit(data, endpoint.paramcd)
    rates = rates_by_visit(basis.records_of(levels), basis.trts)
    return Output(
        id="response_by_visit",
        title="In response at each visit",
        subtitle="Percent at CR or R level among those due at the visit. Upright lines: 95% Wilson interval",
        population=basis.population,
        arms=basis.styles,
        results=rates,
        table=visit_table(
            rates, basis, lambda row: f"{wording.percent(row.estimate, row.N)} ({row.n} of {row.N})"
        ),
        figure=lambda theme, compact: by_visit_figure(
            rates, basis.arms, enrolled=basis.sizes, theme=theme, compact=compact
        ),
        chart=lambda: shares_by_visit(rates, basis.arms, "In response, 95% CI", sizes=basis.sizes),
        records=people_at_visits(levels[levels["DUEFL"] == "Y"], basis),
        cell_keys=("ARM", "WEEK", "LEVEL"),
        headline=_visit_headline(rates, basis),
        alt="Percent in response at each visit by arm; the table holds every number.",
        footnotes=(
            f"{basis.population}. Due at a visit: its window has closed at the cut. No count, and counts after "
            "rescue, are not in response. Hollow points: fewer than half of the arm due.",
            *basis.notes(endpoint),
        ),
        badges=basis.badges(endpoint),
        cards=(visit_card("In response", rates, basis),) if rates["N"].sum() else (),
        empty=basis.nobody() or ("" if rates["N"].sum() else "Nobody is due for a visit at this cut."),
    )


def _visit_headline(rates: pd.DataFrame, basis: Basis) -> str:
    """The shares at the last visit at which half of every arm is due, else at the last with anybody."""
    if not rates["N"].sum():
        return "In response at each visit: nobody is due yet"
    week = mature_week(rates, basis, counted="N") or rates.loc[rates["N"] > 0, "time"].max()
    shares = [wording.rate_words(int(row.n), int(row.N)) for row in rates[rates["time"] == week].itertuples()]
    return f"In response at week {week:g}: {' vs '.join(shares)}"


def mature_week(results: pd.DataFrame, basis: Basis, *, counted: str = "n") -> float:
    """The last visit at which every arm that has anybody has at least half of them; 0 without one."""
    size = results["arm"].map(basis.sizes)
    half = (results[counted] > 0) & (results[counted] >= size / 2)
    every_arm = half[size > 0].groupby(results["time"]).all()
    return float(max((week for week, enough in every_arm.items() if enough), default=0))


def visit_card(title: str, rates: pd.DataFrame, basis: Basis) -> Card:
    """The method card of shares by visit, told by the last visit at which an arm has somebody due."""
    last = rates.loc[rates["N"] > 0, "time"].max()
    return shares_card(title, rates[rates["time"] == last], basis.labels, where=f"week {last:g}")


def visit_table(results: pd.DataFrame, basis: Basis, words) -> pd.DataFrame:
    """One row per week, one column per arm, each cell as `words(row)` says."""
    cells = pd.DataFrame(
        [(row.time, row.arm, words(row) if row.n is not np.nan else "–") for row in results.itertuples()],
        columns=["Week", "arm", "cell"],
    )
    wide = cells.pivot(index="Week", columns="arm", values="cell").reindex(columns=list(basis.trts))
    wide = wide.rename(columns=basis.labels).fillna("–").reset_index().rename_axis(columns=None)
    return wide.assign(Week=wide["Week"].map("{:g}".format))
