"""Since an earlier data cut: which rates moved, by how much, and in a sentence each why."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from analysis.adam import AnalysisData
from analysis.cut_rates import CHANGE, cut_names, rates_at_cuts
from analysis.cut_steps import CutComparison
from analysis.rates import rates_and_comparisons, rates_from_counts
from analysis.result_changes import counted_causes, result_changes
from charts.cut_rows import cut_rows_figure
from outputs import wording
from outputs.basis import Basis
from outputs.cut_words import STATES, causes_words, earlier_date, without_earlier
from outputs.observational.beside import weighted_beside
from outputs.output import Card, Output, View
from outputs.rate_cards import difference_cards, rate_cards
from outputs.response import NOT_RANDOMISED, first_due
from outputs.slide_axis import percent_axis
from outputs.slide_chart import Chart, Rows
from outputs.slide_rows import rate_row
from trialdata.cut_changes import KINDS
from trialdata.definition import RATE_KINDS, Endpoint

TITLE = "Rates at both cuts"
METHODS = (
    "Each rate over the due of its own cut: Wilson interval; difference: Miettinen-Nurminen. The looks share their "
    "participants, so a change has no interval and no test."
)


def cut_changes_output(data: AnalysisData, view: View, *, since: CutComparison | None = None) -> Output:
    """Every rate at the earlier cut and at this one by arm, the change, and who moved it, counted by cause."""
    basis = Basis(data, view)
    endpoint = basis.rate_endpoint
    if since is None or basis.subjects.empty:
        return _nothing(basis, endpoint)
    endpoints = {e.paramcd: e for e in basis.definition.endpoints if e.kind in RATE_KINDS}
    results = pd.concat([_rates(basis, since, code) for code in endpoints], ignore_index=True)
    moved = {code: _movers(basis, since, code) for code in endpoints}
    listed = pd.concat([rows.assign(ENDPOINT=endpoints[code].label) for code, rows in moved.items()])
    labels = {code: each.label for code, each in endpoints.items()}
    own = results[results["endpoint"] == endpoint.paramcd]
    then, now = cut_names(since)
    cuts = {name: wording.date_text(pd.Timestamp(name)) for name in (then, now)}
    return Output(
        id="cut_changes",
        title=TITLE,
        subtitle=f"Among the due of each cut. Filled: {cuts[now]}; hollow: {cuts[then]}",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(basis, results, moved, labels, cuts),
        figure=lambda theme, compact: cut_rows_figure(
            results[results["measure"] == "rate"].replace({"cut": cuts}),
            basis.arms,
            endpoints=labels,
            cuts=(cuts[then], cuts[now]),
            moved={code: _row_words(rows) for code, rows in moved.items()},
            theme=theme,
            compact=compact,
        ),
        chart=lambda: _chart(
            results[results["measure"] == "rate"].replace({"cut": cuts}), basis, labels, cuts
        ),
        records=listed.reset_index(drop=True),
        cell_keys=("ENDPOINT", "ARM", "CAUSE"),
        headline=_headline(basis, endpoint, own, len(moved[endpoint.paramcd]), since),
        detail=_detail(basis, endpoint, own, moved[endpoint.paramcd], since),
        alt=_alt(basis, results, moved, labels, cuts),
        footnotes=_notes(basis, since, tuple(endpoints.values())),
        badges=basis.badges(*endpoints.values()),
        cards=_cards(basis, own, cuts),
    )


def _chart(rates: pd.DataFrame, basis: Basis, labels: Mapping[str, str], cuts: Mapping[str, str]) -> Chart:
    """A group per endpoint, a height per arm: the earlier rate behind the present one."""
    then, now = cuts.values()
    known = {(row["endpoint"], row["cut"], row["arm"]): row for _, row in rates.iterrows()}
    rows = tuple(
        replace(rate_row(arm, known.get((code, cut, arm.trt)), "due"), group=label, leading=cut == now,
                thin=cut == then, detail="")
        for code, label in labels.items()
        for arm in basis.arms
        for cut in (then, now)
    )  # fmt: skip
    return Rows(percent_axis(f"Rate, 95% CI; behind: {then}"), rows)


def _nothing(basis: Basis, endpoint: Endpoint) -> Output:
    return Output(
        id="cut_changes",
        title=TITLE,
        subtitle="Among the due of each cut",
        headline="Since the last cut",
        population=basis.population,
        arms=basis.styles,
        footnotes=basis.notes(endpoint),
        badges=basis.badges(endpoint),
        empty=basis.nobody() or without_earlier(basis),
    )


def _rates(basis: Basis, since: CutComparison, paramcd: str) -> pd.DataFrame:
    view = basis.view
    return rates_at_cuts(
        since, paramcd, view.population, view.filters, arms=basis.trts, pairs=basis.comparisons
    )


def _movers(basis: Basis, since: CutComparison, paramcd: str) -> pd.DataFrame:
    """One row per participant who moves a rate: USUBJID, ARM, CAUSE, CHANGE in words, and the counts of both cuts."""
    rows = result_changes(since, paramcd, basis.view.population, basis.view.filters)
    rows = rows[rows["MOVES"] == "Y"]
    return with_words(rows)


def with_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of `result_changes` with ARM (the present one, else the former) and CHANGE, the states of both cuts."""
    arm = rows["ARM_NOW"].where(rows["ARM_NOW"] != "", rows["ARM_THEN"])
    then, now = rows["STATE_THEN"].map(STATES), rows["STATE_NOW"].map(STATES)
    return rows.assign(ARM=arm, CHANGE=(then + " to " + now).astype("str"))


def _row_words(rows: pd.DataFrame) -> str:
    """ "34 newly due, 1 correction"."""
    counts = rows["CAUSE"].value_counts(sort=False)
    return causes_words(counts.sort_values(ascending=False, kind="stable")) or "nobody moved it"


def _table(
    basis: Basis,
    results: pd.DataFrame,
    moved: Mapping[str, pd.DataFrame],
    labels: Mapping[str, str],
    cuts: Mapping[str, str],
) -> pd.DataFrame:
    """One row per endpoint and arm, then its difference: then, now, change and why."""
    rows = []
    for code, label in labels.items():
        own = results[results["endpoint"] == code]
        causes = counted_causes(moved[code], basis.trts)
        for arm in basis.trts:
            counts = causes[causes["arm"] == arm].set_index("cause")["participants"]
            cells = [_rate_cell(own, cut, arm) for cut in cuts]
            change = _change_cell(own, arm)
            rows.append((label, basis.labels[arm], *cells, change, causes_words(counts) or "nobody moved it"))
        for experimental, control in basis.comparisons:
            name = f"{experimental} - {control}"
            cells = [_difference_cell(own, cut, name) for cut in cuts]
            rows.append(
                (label, f"{basis.difference_words}, {name}", *cells, _difference_change(own, name), "")
            )
    return pd.DataFrame(rows, columns=["Endpoint", "Arm", *cuts.values(), "Change", "Moved by"])


def _rate_cell(own: pd.DataFrame, cut: str, arm: str) -> str:
    found = own[(own["cut"] == cut) & (own["measure"] == "rate") & (own["arm"] == arm)]
    if found.empty:
        return "no such endpoint"
    (row,) = found.itertuples()
    return f"{row.n} of {row.N}, {wording.percent(row.estimate, row.N)}" if row.N else "nobody due"


def _change_cell(own: pd.DataFrame, arm: str) -> str:
    found = own[(own["cut"] == CHANGE) & (own["arm"] == arm) & (own["measure"] == "change in rate")]
    (row,) = found.itertuples()
    return "–" if pd.isna(row.estimate) else f"{wording.fixed(100 * row.estimate, signed=True)} points"


def _difference_cell(own: pd.DataFrame, cut: str, name: str) -> str:
    found = own[(own["cut"] == cut) & (own["measure"] == "difference") & (own["comparison"] == name)]
    if found.empty or found["estimate"].isna().all():
        return "–"
    (row,) = found.itertuples()
    points, interval = wording.points_and_interval(row.estimate, row.conf_low, row.conf_high)
    return f"{points} points ({interval})"


def _difference_change(own: pd.DataFrame, name: str) -> str:
    (row,) = own[(own["cut"] == CHANGE) & (own["comparison"] == name)].itertuples()
    return "–" if pd.isna(row.estimate) else f"{wording.fixed(100 * row.estimate, signed=True)} points"


def _shares(basis: Basis, own: pd.DataFrame, cut: str) -> str:
    """ "81% vs 59%" at one cut."""
    rates = own[(own["measure"] == "rate") & (own["cut"] == cut)]
    if rates.empty:
        return "no such endpoint"
    if not rates["N"].sum():
        return "nobody due"
    return " vs ".join(wording.rate_words(int(row.n), int(row.N)) for row in rates.itertuples())


def _headline(basis: Basis, endpoint: Endpoint, own: pd.DataFrame, moved: int, since: CutComparison) -> str:
    then, now = (_shares(basis, own, cut) for cut in cut_names(since))
    label = wording.short_label(endpoint)
    if not own.loc[own["measure"] == "rate", "N"].sum():
        return f"{label}: nobody is due at either cut"
    if not moved:
        return f"{label}: {now}, unmoved since the cut of {earlier_date(since)}"
    return f"{label}: {now}; {then} at the cut of {earlier_date(since)}"


def _detail(
    basis: Basis, endpoint: Endpoint, own: pd.DataFrame, moved: pd.DataFrame, since: CutComparison
) -> str:
    """Who moved the chosen endpoint's rate, the difference at both cuts, and how many records changed."""
    movers = f"{wording.plural(len(moved), 'participant')} moved the rate: {_row_words(moved)}. "
    nobody = not own.loc[own["measure"] == "rate", "N"].sum()
    first = (
        f"{first_due(basis, endpoint)} " if nobody else movers if len(moved) else "Nobody moved the rate. "
    )
    differences = ""
    if len(basis.comparisons) == 1 and not nobody:
        name = " - ".join(basis.comparisons[0])
        then, now = (_difference_cell(own, cut, name) for cut in cut_names(since))
        differences = f"{basis.difference_words} {now}, at the earlier cut {then}. ".replace(
            "cut –", "cut none"
        )
        weighted = weighted_beside(basis, endpoint, endpoint.missing)
        differences += f"{weighted} " if weighted else ""
    totals = since.records.totals[list(KINDS)].sum()
    records = ", ".join(f"{wording.fixed(n)} {kind}" for kind, n in totals.items() if n) or "no change"
    return f"{first}{differences}Records of everybody: {records}."


def _alt(
    basis: Basis,
    results: pd.DataFrame,
    moved: Mapping[str, pd.DataFrame],
    labels: Mapping[str, str],
    cuts: Mapping[str, str],
) -> str:
    sentences = []
    for code, label in labels.items():
        own = results[results["endpoint"] == code]
        shares = ", ".join(f"{shown} {_shares(basis, own, cut)}" for cut, shown in cuts.items())
        sentences.append(f"{label}: {shares}; {_row_words(moved[code])}.")
    return f"Rates at two data cuts. {' '.join(sentences)}"


def _notes(basis: Basis, since: CutComparison, endpoints: tuple[Endpoint, ...]) -> tuple[str, ...]:
    changed = since.earlier.definition != since.data.definition
    notes = [
        METHODS,
        "Each participant is counted under one cause.",
        "The definition changed between the cuts." if changed else "Both cuts by the same definition.",
        NOT_RANDOMISED if basis.crude else "",
        basis.empty_arms(),
        *basis.notes(*endpoints),
    ]
    return tuple(note for note in notes if note)


def _cards(basis: Basis, own: pd.DataFrame, cuts: Mapping[str, str]) -> tuple[Card, ...]:
    """Rate and difference of the chosen endpoint at each cut by every method that is quick, without a test."""
    cards: list[Card] = []
    for cut, shown in cuts.items():
        rates = own[(own["measure"] == "rate") & (own["cut"] == cut)]
        counted = rates_from_counts([(row.arm, int(row.n), int(row.N)) for row in rates.itertuples()])
        compared = rates_and_comparisons(counted, basis.comparisons)
        made = [*rate_cards(compared, basis.labels), *difference_cards(compared, tested=False)]
        cards += [
            Card(f"{c.title}: {shown}", c.estimate, c.method, c.reason, c.others, c.disagreement)
            for c in made
        ]
    return tuple(cards)
