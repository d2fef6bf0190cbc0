"""Haemolysis in Evans syndrome: haemoglobin, reticulocytes and lactate dehydrogenase by visit."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.longitudinal import MEDIAN, platelet_quantiles_type_2
from analysis.safety.laboratory import Laboratory, at_visits, parameters_in
from outputs import wording
from outputs.basis import Basis
from outputs.output import Card, Output, View
from outputs.safety.basis import laboratory_of, safety_basis
from outputs.safety.laboratory_course import (
    WHY_MEDIAN,
    attended,
    decimals,
    quantiles,
    quartile_text,
    quartile_words,
)
from outputs.safety.laboratory_tables import pooled
from outputs.summary_cards import summary_card

HAEMOLYSIS = ("HGB", "RETIC", "RETIRBC", "LDH", "HAPTO")
CLASS = "ABCLASS"


def evans_output(data: AnalysisData, view: View) -> Output:
    """Haemoglobin, reticulocytes and the like by visit, of those with Evans syndrome or a positive Coombs test."""
    basis = safety_basis(data, view)
    lab = laboratory_of(basis)
    who = with_evans(basis, lab)
    values = {
        code: at_visits(own[own["USUBJID"].isin(who["USUBJID"])], data.definition.visits)
        for code in HAEMOLYSIS
        if len(own := lab.of(code))
    }
    values = {code: own for code, own in values.items() if len(own)}
    parts = [attended(quantiles(own, basis)).assign(parameter=code) for code, own in values.items()]
    columns = ["arm", "time", "n", "estimate", "conf_low", "conf_high", "method", "parameter"]
    results = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    names = parameters_in(data)
    return Output(
        id="evans",
        title="Haemolysis in Evans syndrome",
        subtitle="Median (quartiles), participants with Evans syndrome or a positive Coombs test at baseline",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(results, basis, names),
        records=who,
        cell_keys=("ARM",),
        headline=f"Evans syndrome or a positive Coombs test: {wording.plural(len(who), 'participant')}",
        footnotes=(
            "The value of a visit is the nearest to its day; visits at which few have a value are left out.",
            *(("The Coombs test is not shown in the pooled view.",) if pooled(data) else ()),
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=tuple(_card(own, results, basis, code, names[code]) for code, own in values.items())
        or (Card("Haemolysis in Evans syndrome", wording.NOT_ESTIMABLE, MEDIAN, WHY_MEDIAN),),
        empty=basis.nobody() or _nothing(who, results),
    )


def with_evans(basis: Basis, lab: Laboratory) -> pd.DataFrame:
    """Participants whose ABCLASS names Evans syndrome, or whose Coombs test is positive at baseline: USUBJID, ARM."""
    subjects = basis.subjects
    texts = lab.texts
    coombs = texts[texts["BASELINE"] & (texts["PARAMCD"] == "DAT") & (texts["RESULT"] == "positive")]
    chosen = subjects["USUBJID"].isin(coombs["USUBJID"])
    if CLASS in subjects:
        chosen |= subjects[CLASS].astype("str").str.casefold().str.contains("evans", regex=False)
    return subjects.loc[chosen, ["USUBJID", "ARM"]].reset_index(drop=True)


def _nothing(who: pd.DataFrame, results: pd.DataFrame) -> str:
    if not len(who):
        return "No participant with Evans syndrome or a positive Coombs test is recorded at this cut."
    return (
        ""
        if len(results)
        else "They have no haemoglobin, reticulocytes or lactate dehydrogenase at this cut."
    )


def _table(results: pd.DataFrame, basis: Basis, names: dict[str, str]) -> pd.DataFrame:
    lines = []
    for code, own in results.groupby("parameter", sort=False):
        digits = decimals(own["estimate"])
        for week, rows in own.groupby("time"):
            cells = {row.arm: quartile_text(row, digits) for row in rows.itertuples()}
            arms = {label: cells.get(arm, "–") for arm, label in basis.labels.items()}
            lines.append({"Parameter": names[str(code)], "Week": f"{week:g}"} | arms)
    return pd.DataFrame(lines, columns=["Parameter", "Week", *basis.labels.values()]).astype("str")


def _card(values: pd.DataFrame, results: pd.DataFrame, basis: Basis, code: str, name: str) -> Card:
    """The median at the last visit, by another type of quantile beside it."""
    own = results[results["parameter"] == code]
    week = float(own.loc[own["n"] > 0, "time"].max())
    shown, other = own[own["time"] == week], platelet_quantiles_type_2(values, [week], basis.trts)
    digits = decimals(own["estimate"])
    return summary_card(
        *(f"{name} at week {week:g}", shown, [other], basis),
        reason=WHY_MEDIAN,
        words=lambda row: quartile_words(row, digits),
    )
