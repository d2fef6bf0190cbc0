"""Overview: the state of the trial at this cut in ten seconds."""

from dataclasses import replace

import pandas as pd

from analysis.adam import AnalysisData
from analysis.conduct import due_by_arm, enrolment_by_month, state_by_arm
from analysis.rates import response_rates
from charts.overview import due_figure, enrolment_figure, small_trajectories_figure
from outputs import wording
from outputs.basis import Basis
from outputs.design import design_sentence
from outputs.findings import findings_summary
from outputs.incidence import cumulative_response_output
from outputs.output import Output, View
from outputs.platelets import course_lines, platelet_participants_output
from outputs.rate_cards import shares_card
from outputs.response import HEADLINE_RATE, headline_rates, response_rates_output
from outputs.slide_bars import counts_of
from outputs.slide_lines import by_month
from outputs.small_cells import few
from outputs.standing import mature_week
from trialdata.definition import RATE_KINDS, Endpoint


def status_output(data: AnalysisData, view: View) -> Output:
    """Four facts: the cut, who is enrolled, who is due for the leading endpoint, data findings."""
    basis = Basis(data, view)
    definition, study = data.definition, data.study
    leading = definition.leading
    place = study.cuts.index(study.cut) + 1
    due = due_by_arm(basis.results_of(leading))
    warnings, summary = findings_summary(study.findings)
    enrolled = basis.enrolled["ARM"].value_counts()
    enrolled_words = _of_planned(len(basis.enrolled), _planned(basis))
    rows = [
        ("Data cut", wording.date_text(study.cut), f"{wording.ordinal(place)} of {len(study.cuts)}"),
        ("Enrolled", enrolled_words, _by_arm(enrolled, basis)),
        (
            f"Due, {leading_words(leading)}",
            f"{int(due.sum())} of {len(basis.subjects)}",
            _by_arm(due, basis),
        ),
        ("Data findings", wording.plural(warnings, "warning"), summary),
    ]
    return Output(
        id="status",
        title="State of the trial",
        population=basis.population,
        arms=basis.styles,
        results=_state(basis),
        table=pd.DataFrame(rows, columns=["Fact", "Value", "Line"]),
        headline=f"{enrolled_words} enrolled; {int(due.sum())} of {len(basis.subjects)} due for the "
        f"{leading_words(leading)}",
        detail=design_sentence(definition),
        footnotes=(*_leading_note(leading), *basis.notes()),
        badges=basis.badges(),
        empty="",
    )


def leading_words(endpoint: Endpoint) -> str:
    """How the endpoint that leads the pages is called: it need not be the primary one, which may have no rate."""
    return "primary endpoint" if endpoint.primary else wording.short_label(endpoint).lower()


def _leading_note(endpoint: Endpoint) -> tuple[str, ...]:
    return (f"Primary endpoint: {endpoint.label}.",) if endpoint.primary else ()


def trial_title(data: AnalysisData, view: View) -> str:
    """What is compared with what, in the labels of the arms."""
    basis = Basis(data, view)
    if len(basis.arms) < 2:
        return basis.definition.title
    first, *others = (arm.label for arm in basis.arms)
    return " vs ".join([first, *map(wording.lowered, others)])


def _state(basis: Basis) -> pd.DataFrame:
    """By arm; the follow-up of a single participant would be the day of the cut, so that few have none."""
    answers = basis.results_of(basis.definition.leading)
    states = state_by_arm(basis.enrolled, basis.subjects, answers, basis.trts)
    return states.assign(followup_days=states["followup_days"].mask(states["in_set"].map(few)))


def _planned(basis: Basis) -> int | None:
    """The planned number of participants; none under a filter, for which nothing is planned."""
    return None if basis.exploratory else basis.definition.planned_subjects


def _of_planned(n: int, planned: int | None) -> str:
    return f"{n} of {planned}" if planned else str(n)


def _by_arm(counts: pd.Series, basis: Basis) -> str:
    if len(basis.trts) < 2:
        return ""
    return ", ".join(f"{int(counts.get(trt, 0))} {trt}" for trt in basis.trts)


def arms_output(data: AnalysisData, view: View) -> Output:
    """State by arm: enrolled, treated, due, withdrawn, median follow-up."""
    basis = Basis(data, view)
    results = _state(basis)
    lines = (
        ("Enrolled", "enrolled"),
        ("Treated at least once", "treated"),
        (basis.population, "in_set"),
        (f"Due, {leading_words(data.definition.leading)}", "due"),
        ("Completed", "completed"),
        ("Left the study", "withdrawn"),
        ("Died", "died"),
    )
    rows = [
        {"Participants": words, **{row["arm"]: str(row[key]) for _, row in results.iterrows()}}
        for words, key in lines
    ]
    followup = {row["arm"]: wording.weeks(row["followup_days"]) for _, row in results.iterrows()}
    rows.append({"Participants": "Median follow-up, weeks", **followup})
    return Output(
        id="arms",
        title="State by arm",
        subtitle="Participants at this cut",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=pd.DataFrame(rows),
        headline="State by arm",
        footnotes=(
            "Median follow-up: reverse Kaplan-Meier, the end of follow-up as event, death as censoring.",
            *basis.notes(),
        ),
        badges=basis.badges(),
    )


def headline_output(data: AnalysisData, view: View) -> Output:
    """The leading endpoint's rates; while few are due, cumulative incidence over all participants instead."""
    basis = Basis(data, view)
    leading = View(view.population, basis.definition.leading.paramcd, view.filters)
    rates = response_rates_output(data, leading)
    by_arm_rates = headline_rates(rates.results)
    if rates.empty or (by_arm_rates["N"] >= wording.IMMATURE_BELOW).all():
        return _renamed(rates, rates.headline, rates.detail)
    incidence = cumulative_response_output(data, view)
    if incidence.empty:
        return _renamed(rates, rates.headline, rates.detail)
    due = int(by_arm_rates["N"].sum())
    label = wording.short_label(basis.definition.leading).lower()
    sentence = f"Too early for {label}: {due} of {len(basis.subjects)} participants due"
    week = f"{incidence.headline[0].lower()}{incidence.headline[1:]}"
    answerable = f"Answerable now, over all participants: {week}. {incidence.detail}"
    return _renamed(incidence, sentence, answerable)


def _renamed(output: Output, headline: str, detail: str) -> Output:
    return replace(output, id="headline", headline=headline, detail=detail)


def answerable_output(data: AnalysisData, view: View) -> Output:
    """Every endpoint with a rate: how many are due, and the rates so far."""
    basis = Basis(data, view)
    rows, results, cards = [], [], []
    for endpoint in basis.definition.endpoints:
        if endpoint.kind not in RATE_KINDS:
            continue
        rates = response_rates(basis.results_of(endpoint), basis.trts, missing=endpoint.missing)
        rates = rates[rates["method"] == HEADLINE_RATE]
        results.append(rates.assign(endpoint=endpoint.paramcd))
        cells = {row.arm: _counted_rate(row) for row in rates.itertuples()}
        rows.append({"Endpoint": endpoint.label, **cells})
        cards.append(shares_card(endpoint.label, rates, basis.labels))
    return Output(
        id="answerable",
        title="Rates so far",
        subtitle="Responders of those due, for every endpoint with a rate",
        population=basis.population,
        arms=basis.styles,
        results=pd.concat(results, ignore_index=True) if results else pd.DataFrame(),
        table=pd.DataFrame(rows),
        headline="Rates so far",
        footnotes=(f"A percentage is shown from {wording.IMMATURE_BELOW} due on.", *basis.notes()),
        badges=basis.badges(),
        cards=tuple(cards),
        empty=basis.nobody(),
    )


def _counted_rate(row) -> str:
    """ "22 of 27 (81%)", "3 of 7" of fewer than ten, "nobody due"."""
    if not row.N:
        return "nobody due"
    percent = f" ({wording.percent(row.estimate, row.N)})" if row.N >= wording.IMMATURE_BELOW else ""
    return f"{row.n} of {row.N}{percent}"


def enrolment_output(data: AnalysisData, view: View) -> Output:
    """Participants enrolled and due by calendar month against the plan."""
    basis = Basis(data, view)
    leading = data.definition.leading
    answers = basis.results_of(leading)
    months = enrolment_by_month(basis.enrolled, answers, data.study.cut)
    plan, planned = data.definition.enrolment, _planned(basis)
    due_total = int(months["due"].iloc[-1]) if len(months) else 0
    return Output(
        id="enrolment",
        title="Enrolment and maturity",
        subtitle=f"Participants by month, enrolled and due ({leading_words(leading)}); dashed line: the plan",
        population=basis.population,
        arms=basis.styles,
        results=months.assign(method="count by month"),
        table=pd.DataFrame(
            {
                "Month": [f"{month:%b %Y}" for month in months["month"]],
                "New": months["new"].astype(str),
                "Enrolled": months["enrolled"].astype(str),
                "Due": months["due"].astype(str),
            }
        ),
        figure=lambda theme, compact: enrolment_figure(
            months,
            plan_start=plan.start if plan else None,
            plan_end=plan.end if plan else None,
            planned=planned,
            theme=theme,
            compact=compact,
        ),
        chart=lambda: by_month(months, plan, planned),
        headline="Enrolment and maturity",
        alt=f"{len(basis.enrolled)} participants enrolled and {due_total} due by month at this cut.",
        footnotes=(*_plan_note(basis), *basis.notes()),
        badges=basis.badges(),
        empty="" if len(months) else "No participant has a known entry time.",
    )


def _plan_note(basis: Basis) -> tuple[str, ...]:
    plan, planned = basis.definition.enrolment, _planned(basis)
    if plan is None or planned is None:
        return ()
    assumed = plan.source == "assumed" or plan.assumed
    words = f"Plan: {planned} from {plan.start:%b %Y} to {plan.end:%b %Y}"
    return (f"{words}{' (assumed)' if assumed else ''}.",)


def due_output(data: AnalysisData, view: View) -> Output:
    """How many participants are due for each endpoint at this cut."""
    basis = Basis(data, view)
    answers = basis.records_of(data.adrs)
    rows = []
    for endpoint in data.definition.endpoints:
        if endpoint.kind not in RATE_KINDS:
            continue
        own = answers[answers["PARAMCD"] == endpoint.paramcd]
        label = f"{endpoint.label}{' (primary)' if endpoint.primary else ''}"
        rows.append((endpoint.paramcd, label, int((own["DUEFL"] == "Y").sum()), len(own)))
    results = pd.DataFrame(rows, columns=["paramcd", "label", "n", "N"])
    return Output(
        id="due",
        title="Who is due at this cut",
        subtitle="Participants whose window has closed, all arms",
        population=basis.population,
        arms=basis.styles,
        results=results.assign(method="count"),
        table=pd.DataFrame(
            {"Endpoint": results["label"], "Due": [f"{row.n} of {row.N}" for row in results.itertuples()]}
        ),
        figure=lambda theme, compact: due_figure(results, theme=theme, compact=compact),
        chart=lambda: counts_of(results, "Participants", part="Due", rest="Not yet due"),
        headline="Who is due at this cut",
        alt="; ".join(f"{row.label}: {row.n} of {row.N} due" for row in results.itertuples()) + ".",
        footnotes=(f"{basis.population}. Due is decided by entry time alone.", *basis.notes()),
        badges=basis.badges(),
        empty=basis.nobody(),
    )


def overview_platelets_output(data: AnalysisData, view: View) -> Output:
    """The small picture of every participant's counts with the arm's median."""
    full = platelet_participants_output(data, view)
    basis = Basis(data, view)
    week = mature_week(full.results, basis) if len(full.results) else 0.0
    return replace(
        full,
        id="overview_platelets",
        title="Platelets, ×10⁹/L",
        subtitle="Every participant, and the median of each arm",
        figure=lambda theme, compact: small_trajectories_figure(
            course_lines(basis), full.results, basis.arms, label_week=week, theme=theme, compact=compact
        ),
        footnotes=basis.notes(),
    )
