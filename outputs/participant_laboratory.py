"""One participant's laboratory values against their limits of normal, on the axis of the course."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.laboratory import Laboratory, graded, laboratory, with_range
from charts.participant_laboratory import laboratory_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.participant_parts import days_shown, own, subject_of
from trialdata.laboratory_parameters import TEXT_PARAMETERS

MAIN = ("HGB", "ALT", "AST", "BILI")
MULTIPLES = ("ALT", "AST", "BILI")  # read against the upper limit, whatever the unit


def participant_laboratory_output(
    data: AnalysisData, view: View, *, usubjid: str, parameters: str = "main"
) -> Output:
    """Every laboratory parameter of one participant but platelets; `parameters` drawn: main, or all."""
    if parameters not in ("main", "all"):
        raise ValueError(f"parameters is main or all, not {parameters!r}")
    basis, subject = Basis(data, view), subject_of(data, usubjid)
    lab = laboratory(data, own(data.adsl, usubjid).assign(ARM=subject["TRT01P"]))
    results = _values(lab)
    main = results["PARAMCD"].isin(MAIN)
    drawn = results[main] if parameters == "main" and main.any() else results
    days = days_shown(basis, usubjid)
    outside = results["FLAG"].isin(["low", "high"])
    kinds = results["KEY"].nunique()
    table = _table(results[outside], lab.texts)
    return Output(
        id="participant_laboratory",
        title="Laboratory",
        subtitle="By study day; shaded: limits of normal; filled: outside them. Table: values outside, and antibodies",
        arms=basis.styles,
        results=results.drop(columns=["KEY", "TIMES", "SHOWN"]),
        table=table,
        figure=(lambda theme, compact: laboratory_figure(drawn, days=days, theme=theme, compact=compact))
        if kinds
        else None,
        records=pd.DataFrame({"USUBJID": [usubjid]}),
        headline="Laboratory",
        detail=_drawn_words(drawn, kinds),
        alt=f"Laboratory values of one participant by study day: {wording.plural(kinds, 'parameter')}, "
        f"{wording.plural(int(outside.sum()), 'value')} outside the limits of normal.",
        footnotes=tuple(words for words in (_drawn_words(drawn, kinds), *basis.notes()) if words),
        badges=basis.badges(),
        empty="" if kinds or len(table) else "No other laboratory value at this cut.",
    )


def _values(lab: Laboratory) -> pd.DataFrame:
    """One row per value in one unit: KEY PARAMCD LABEL UNIT ADY AVAL ANRLO ANRHI FLAG GRADE, by parameter and day.

    TIMES is the value in multiples of its upper limit, SHOWN what is drawn of it.
    """
    rows = with_range(lab.rows).assign(GRADE=graded(lab)["GRADE"])
    by_limit = rows["PARAMCD"].isin(MULTIPLES) & rows["ANRHI"].notna().groupby(rows["KEY"]).transform("all")
    times = rows["AVAL"] / rows["ANRHI"]
    rows = rows.assign(TIMES=times.where(by_limit), SHOWN=np.where(by_limit, times, rows["AVAL"]))
    place = rows["PARAMCD"].map({code: i for i, code in enumerate(MAIN)}).fillna(len(MAIN))
    rows = rows.assign(PLACE=place).sort_values(["PLACE", "LABEL", "KEY", "ADY"], ignore_index=True)
    columns = ["KEY", "PARAMCD", "LABEL", "UNIT", "ADY", "AVAL", "ANRLO", "ANRHI", "FLAG", "GRADE"]
    return rows[[*columns, "TIMES", "SHOWN"]]


def _table(outside: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    """One row per value outside its limits, and per result in words."""
    numbers = [
        (
            row.LABEL,
            wording.day(row.ADY),
            f"{row.AVAL:.4g} {row.UNIT}".strip(),
            _limits(row.ANRLO, row.ANRHI),
            row.FLAG,
            f"{row.GRADE:g}" if row.GRADE > 0 else "",
        )
        for row in outside.itertuples()
    ]
    words = [
        (TEXT_PARAMETERS[row.PARAMCD][0], wording.day(row.ADY), row.AVALC, "", row.RESULT, "")
        for row in texts.sort_values(["PARAMCD", "ADY"]).itertuples()
    ]
    columns = ["Parameter", "Day", "Value", "Limits of normal", "Result", "CTCAE grade"]
    table = pd.DataFrame([*numbers, *words], columns=columns, dtype="str")
    return table[[name for name in table if (table[name] != "").any()]]


def _limits(low: float, high: float) -> str:
    if np.isnan(low):
        return f"up to {high:.4g}"
    return f"from {low:.4g}" if np.isnan(high) else f"{low:.4g} to {high:.4g}"


def _drawn_words(drawn: pd.DataFrame, kinds: int) -> str:
    n = drawn["KEY"].nunique()
    return f"{n} of {wording.plural(kinds, 'parameter')} drawn." if n < kinds else ""
