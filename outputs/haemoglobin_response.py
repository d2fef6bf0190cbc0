"""Haemoglobin response of participants with anaemia, such as in Evans syndrome: rates, difference, and its day."""

from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.haemoglobin_response import (
    COMPLETE,
    HAEMOGLOBIN,
    MISSING,
    NO_BASELINE,
    NO_LIMIT,
    NO_RESPONSE,
    NORMAL,
    NOT_EVALUABLE,
    RESPONSE,
    haemoglobin_responses,
    transfusions,
    with_anaemia,
)
from analysis.longitudinal import MEDIAN_TYPE_2, quartiles_type_2
from analysis.safety.laboratory import Laboratory, laboratory, left_out
from charts.response import rates_figure
from outputs import wording
from outputs.autoantibody_words import class_label
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.observational.shares_beside import SharesBeside, drawn_differences, shares_beside
from outputs.output import Output, View
from outputs.response import headline_differences, headline_rates, immature
from outputs.shares import (
    crude,
    differences_sentence,
    headline_shares,
    share_cards,
    share_table,
    shares_by_measure,
    shares_in_file,
)
from outputs.slide_chart import Chart
from outputs.slide_rows import rates as rates_chart
from trialdata.definition import HaemoglobinResponse

ID, TITLE = "haemoglobin_response", "Haemoglobin response"
ANY, WHOLE = "Response", "Complete response"
UNMEASURED, ONSET = "Complete, haemolysis not measured", "Day of response, median (quartiles)"
COLUMN, HEADER = "response", "Haemoglobin"
NONE_DEFINED = "The study's definition names no haemoglobin response: give it under [haemoglobin_response]."
POOLED = "The pooled view has no red cell transfusions, and without them no haemoglobin response."
ANSWERS = {
    COMPLETE: "complete response",
    RESPONSE: "response",
    NO_RESPONSE: "no response",
    MISSING: "missing",
    NORMAL: "not anaemic at baseline",
    NO_BASELINE: "without a baseline",
    NO_LIMIT: "without a limit of normal at baseline",
}


def haemoglobin_response_output(data: AnalysisData, view: View) -> Output:
    """Response and complete response of haemoglobin among the due who were anaemic at baseline."""
    basis = Basis(data, view)
    rule = data.definition.haemoglobin_response
    reason = basis.nobody() or (NONE_DEFINED if rule is None else "")
    reason = reason or (POOLED if data.study.view == "pooled" else "")
    if reason or rule is None:
        return nothing_to_show(basis, ID, TITLE, reason)
    who = with_anaemia(basis.subjects, rule)
    lab = laboratory(data, who)
    answers = haemoglobin_responses(data, who, lab)
    evaluable = answers[~answers["AVALC"].isin(NOT_EVALUABLE)]
    due = evaluable[evaluable["DUEFL"] == "Y"]
    met = {ANY: due["AVALC"].isin([COMPLETE, RESPONSE]), WHOLE: due["AVALC"] == COMPLETE}
    cheap = shares_by_measure(met, dict.fromkeys(met, due["ARM"]), basis, column=COLUMN)
    beside = shares_beside(
        {name: answer.set_axis(due["USUBJID"]) for name, answer in met.items()}, basis, column=COLUMN
    )
    shares = beside.beside(headline_shares(cheap))
    results = pd.concat([shares, _onsets(due, basis)], ignore_index=True)
    whose = class_label(basis, rule.column, rule.values)
    rates, differences = (of(shares[shares[COLUMN] == ANY]) for of in (headline_rates, drawn_differences))
    detail = _detail(beside, shares, basis)
    anybody = len(due) > 0
    return Output(
        id=ID,
        title=TITLE,
        subtitle=f"{whose}, haemoglobin below normal at baseline, due. Arms: Wilson interval",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(shares, due, basis) if anybody else pd.DataFrame(),
        figure=partial(_figure, rates, differences, basis) if anybody else None,
        chart=(lambda: _chart(_in_file(results, basis)[0], basis)) if anybody else None,
        records=_records(answers),
        cell_keys=("ARM", "ANSWER"),
        headline=_headline(rates),
        detail=detail,
        alt=f"{_headline(rates)}. {detail}",
        footnotes=(*_notes(answers, lab, rule, whose, basis), *(beside.notes() if anybody else ())),
        badges=(*immature(rates), *(("assumed",) if _assumed(rule) else ()), *basis.badges()),
        cards=(*share_cards(cheap, basis, column=COLUMN, names=list(met)), *beside.cards(cheap)),
        empty=_nothing(who, evaluable, due, whose, rule),
        as_file=partial(_in_file, results, basis) if anybody else None,
    )


def _figure(rates: pd.DataFrame, differences: pd.DataFrame, basis: Basis, theme: str, compact: bool):
    return rates_figure(
        rates,
        differences if len(differences) else None,
        basis.arms,
        axis_title="Haemoglobin response, 95% CI",
        theme=theme,
        compact=compact,
    )


def _chart(kept: pd.DataFrame, basis: Basis) -> Chart:
    """The rates of response as a file may hold them."""
    own = kept[kept[COLUMN] == ANY]
    return rates_chart(
        headline_rates(own), drawn_differences(own), basis.arms, "Haemoglobin response, 95% CI"
    )


def _onsets(due: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """A row per arm: median study day of the onset of the responders among the due, quartiles as limits."""
    found = []
    for trt in basis.trts:
        days = due.loc[due["ARM"] == trt, "ONSETDY"].dropna().to_numpy(float)
        numbers = quartiles_type_2(days) if len(days) else (float("nan"),) * 3
        found.append((ANY, trt, "day of response", len(days), len(days), *numbers, MEDIAN_TYPE_2))
    columns = [COLUMN, "arm", "measure", "n", "N", "estimate", "conf_low", "conf_high", "method"]
    return pd.DataFrame(found, columns=columns).astype({"n": "Int64", "N": "Int64"})


def _table(shares: pd.DataFrame, due: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """The rates, then of the complete responses those without a marker, and the day of the onset."""
    table = share_table(shares, basis, column=COLUMN, title=HEADER)
    unmeasured, onset = {HEADER: UNMEASURED}, {HEADER: ONSET}
    for row in _onsets(due, basis).itertuples():
        own = due[(due["ARM"] == row.arm) & (due["AVALC"] == COMPLETE)]
        label = basis.labels[row.arm]
        unmeasured[label] = f"{(own['MEASFL'] == 'N').sum()} of {len(own)}" if len(own) else "–"
        numbers = [wording.fixed(value) for value in (row.estimate, row.conf_low, row.conf_high) if row.n]
        onset[label] = f"day {numbers[0]} ({numbers[1]} to {numbers[2]})" if numbers else "–"
    return pd.concat([table, pd.DataFrame([unmeasured, onset])], ignore_index=True).fillna("")


def _in_file(results: pd.DataFrame, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without small counts; the day of response, which rests on responders, where none of them is left out."""
    kept, table = shares_in_file(results, basis, column=COLUMN, title=HEADER)
    rates = kept[(kept["measure"] == "rate") & (kept[COLUMN] == ANY)].set_index("arm")
    few = [arm for arm in basis.trts if rates.loc[arm, ["n", "N"]].isna().any()]
    days = (kept["measure"] == "day of response") & kept["arm"].isin(few)
    numbers = ["n", "N", "estimate", "conf_low", "conf_high"]
    return kept.assign(**{name: kept[name].mask(days) for name in numbers}), table


def _records(answers: pd.DataFrame) -> pd.DataFrame:
    """One row per participant of the class; who is evaluable and not due is not yet due."""
    waiting = ~answers["AVALC"].isin(NOT_EVALUABLE) & (answers["DUEFL"] != "Y")
    said = answers["AVALC"].map(ANSWERS).mask(waiting, "not yet due").astype("str")
    return answers[["USUBJID", "ARM"]].assign(ANSWER=said, ONSETDY=answers["ONSETDY"].mask(waiting))


def _headline(rates: pd.DataFrame) -> str:
    if not rates["N"].sum():
        return f"{TITLE}: nobody is due at this cut"
    return f"{TITLE}: {' vs '.join(wording.rate_words(row.n, row.N) for row in rates.itertuples())}"


def _detail(beside: SharesBeside, shares: pd.DataFrame, basis: Basis) -> str:
    plain = headline_differences(shares[shares[COLUMN] == ANY])
    said = differences_sentence(plain, crude=bool(beside.answers))
    return " ".join(filter(None, [said, beside.sentence(shares, ANY), *crude(basis)]))


def _nothing(
    who: pd.DataFrame, evaluable: pd.DataFrame, due: pd.DataFrame, whose: str, rule: HaemoglobinResponse
) -> str:
    if not len(who):
        return f"Nobody with {whose} ({rule.column}) is in view."
    if not len(evaluable):
        return f"Nobody with {whose} has a haemoglobin below normal at baseline."
    last = rule.window_days[1] + rule.marker_days
    return (
        "" if len(due) else f"Nobody is due at this cut: each is on day {last}, when the window has closed."
    )


def _assumed(rule: HaemoglobinResponse) -> bool:
    return rule.source == "assumed" or bool(rule.assumed)


def _notes(
    answers: pd.DataFrame, lab: Laboratory, rule: HaemoglobinResponse, whose: str, basis: Basis
) -> tuple[str, ...]:
    evaluable = answers[~answers["AVALC"].isin(NOT_EVALUABLE)]
    due = evaluable[evaluable["DUEFL"] == "Y"]
    without = [
        f"{n} {ANSWERS[state]}" for state in NOT_EVALUABLE if (n := int((answers["AVALC"] == state).sum()))
    ]
    first, last = rule.window_days
    notes = [
        f"{whose}: {wording.plural(len(answers), 'participant')}, {len(evaluable)} evaluable, {len(due)} of them due"
        f"{'; not evaluable: ' + ', '.join(without) if without else ''}.",
        f"Response: from day {first} to {last} a haemoglobin at least {rule.rise:g} g/dL above baseline, or normal, "
        f"without red cells in the {rule.transfusion_free_days} days before. Complete: normal, without red cells, and "
        f"no haemolysis in what was measured within {rule.marker_days} days.",
        f"Missing ({int((due['AVALC'] == MISSING).sum())}) counts as no response.",
        _transfusion_note(rule, basis),
        *_other_units(lab),
        *crude(basis),
        f"Assumed, not stated by the registry: {_assumed_words(rule)}." if _assumed(rule) else "",
        basis.empty_arms(),
        *basis.notes(),
    ]
    return tuple(note for note in notes if note)


def _assumed_words(rule: HaemoglobinResponse) -> str:
    if rule.source == "assumed":
        return "what a haemoglobin response is"
    return f"of the haemoglobin response {', '.join(rule.assumed)}"


def _transfusion_note(rule: HaemoglobinResponse, basis: Basis) -> str:
    given = transfusions(basis.data.adcm, rule)
    if len(given):
        return ""
    named = ", ".join(rule.transfusion_classes)
    return (
        f"No red cell transfusion is recorded at this cut (adcm, {named}): none is taken to have been given."
    )


def _other_units(lab: Laboratory) -> tuple[str, ...]:
    return tuple(
        f"Haemoglobin in a unit that is not known: {wording.plural(n, 'value')} of "
        f"{wording.plural(people, 'participant')}, not counted."
        for n, people in left_out(lab, [HAEMOGLOBIN]).values()
    )
