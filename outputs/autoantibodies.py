"""Response by class of autoantibody: who is in each class, the rates, and the difference common to the classes."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.proportions import ratio, wilson
from analysis.rate_methods import WILSON
from charts.forest import forest_figure
from charts.format import of
from outputs import wording
from outputs.autoantibody_forest import ALL_CLASSES, RATE, SHARE, class_differences, class_lines
from outputs.autoantibody_words import classes_of
from outputs.basis import Basis
from outputs.forest import left_out, without_levels
from outputs.nothing import nothing_to_show
from outputs.observational.beside import weighted_beside
from outputs.output import Card, Output, View
from outputs.rate_cards import shares_card
from outputs.response import COUNTED_WORDS, counted_people, first_due, handling_of
from outputs.shares import points_cell, rate_cell
from outputs.slide_chart import Chart
from outputs.slide_rows import forest
from outputs.small_strata import strata_in_file
from outputs.strata import Strata
from outputs.stratified import strata_results
from outputs.stratified_words import ALL_STRATA, notes, stratified_cards
from outputs.time_endpoints import association
from trialdata.definition import Endpoint

ID, TITLE = "autoantibody_classes", "By autoantibody class"
TESTS = ("test", "homogeneity")
NONE_DEFINED = "The study's definition names no autoantibody classes: give them under [autoantibodies]."
COLUMNS = ["stratum", "arm", "measure", "n", "N", "estimate", "conf_low", "conf_high", "method"]


def autoantibody_classes_output(data: AnalysisData, view: View) -> Output:
    """Participants and responders of each class by arm, the difference there, and the common difference."""
    basis = Basis(data, view)
    classes = data.definition.autoantibodies
    reason = basis.nobody() or (NONE_DEFINED if classes is None else "")
    if classes is not None and not reason and classes.column not in basis.subjects:
        reason = f"{classes.column} is not in the data: add it to adsl or take [autoantibodies] out."
    if reason or classes is None:
        return nothing_to_show(basis, ID, TITLE, reason)
    endpoint = basis.rate_endpoint
    handling = handling_of(endpoint, "")
    chosen = Strata((classes.column,), classes_of(basis))
    counted = counted_people(basis, endpoint, handling)
    results = class_results(basis, endpoint, handling, chosen, counted)
    table = _table(results, basis)
    compared = bool(basis.comparisons) and (results["measure"] == "difference").any()
    label = wording.short_label(endpoint)
    return Output(
        id=ID,
        title=TITLE,
        subtitle=f"{label}: difference among the {COUNTED_WORDS[handling]}, Miettinen-Nurminen; all: stratified"
        if compared
        else f"{label}: responders among the {COUNTED_WORDS[handling]}",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=table,
        figure=(lambda theme, compact: _figure(results, basis, theme, compact)) if compared else None,
        chart=(lambda: _chart(results, table, basis)) if compared else None,
        records=_records(counted, chosen),
        cell_keys=("CLASS", "ARM", "ANSWER"),
        headline=_headline(label, results, basis),
        detail=_detail(results, basis, weighted_beside(basis, endpoint, handling)),
        alt=f"{label} by autoantibody class, difference with 95% interval. {_alt(results, basis)}"
        if compared
        else "",
        footnotes=(*_notes(basis, handling, chosen, results), *basis.notes(endpoint)),
        badges=basis.badges(endpoint),
        cards=_cards(results, basis),
        empty="" if len(counted) else first_due(basis, endpoint),
        as_file=lambda: _in_file(results, table, basis),
    )


def class_results(
    basis: Basis, endpoint: Endpoint, missing: str, chosen: Strata, counted: pd.DataFrame
) -> pd.DataFrame:
    """A row per class and arm for its share and for its rate; then difference per class and what is common."""
    subjects = basis.subjects
    responders = counted[counted["ANSWER"] == "responder"]
    cells = [
        _cell(name, trt, measure, n, N)
        for name in chosen.of_each.cat.categories
        for trt in basis.trts
        for measure, n, N in (
            (SHARE, _count(subjects, chosen, name, trt), basis.sizes[trt]),
            (RATE, _count(responders, chosen, name, trt), _count(counted, chosen, name, trt)),
        )
    ]
    rates = pd.DataFrame(cells, columns=COLUMNS)
    compared = strata_results(basis, endpoint, missing, chosen)
    compared = compared[compared["measure"] != RATE]
    if not basis.tested:
        compared = compared[~compared["measure"].isin(TESTS)].assign(p_value=np.nan, statistic=np.nan)
    whole = pd.concat([rates, compared], ignore_index=True) if len(compared) else rates
    return whole.astype({"n": "Int64", "N": "Int64", "stratum": "str"})


def _count(people: pd.DataFrame, chosen: Strata, name: str, trt: str) -> int:
    of_each = people["USUBJID"].map(chosen.of_each.astype("str"))
    return int(((of_each == name) & (people["ARM"] == trt)).sum())


def _cell(name: str, trt: str, measure: str, n: int, N: int) -> tuple:
    limits = wilson(n, N) if measure == RATE else (np.nan, np.nan)
    method = WILSON if measure == RATE else "share of the arm"
    return name, trt, measure, n, N, ratio(n, N), *limits, method


def _table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """A row per class, then all of them: share and rate by arm, and the difference from control."""
    rows = results[results["measure"].isin([SHARE, RATE])].set_index(["stratum", "measure", "arm"])
    several = len(basis.comparisons) > 1
    differences = class_differences(results).set_index(["stratum", "comparison"])
    lines = []
    for name in [*dict.fromkeys(rows.index.get_level_values(0)), ALL_STRATA]:
        line = {"Class": ALL_CLASSES if name == ALL_STRATA else name}
        for trt, label in basis.labels.items():
            cells = {
                m: _whole(rows, m, trt) if name == ALL_STRATA else rows.loc[(name, m, trt)]
                for m in (SHARE, RATE)
            }
            line[f"{label}, participants"] = _share_words(cells[SHARE])
            line[f"{label}, responders"] = _rate_words(cells[RATE], whole=name == ALL_STRATA)
        for pair in basis.comparisons:
            key = (name, " - ".join(pair))
            head = f"Difference, points ({key[1]})" if several else "Difference, points"
            line[head] = _points(differences.loc[key]) if key in differences.index else "–"
        lines.append(line)
    return pd.DataFrame(lines).astype("str")


def _whole(rows: pd.DataFrame, measure: str, trt: str) -> pd.Series:
    """All classes of an arm together."""
    own = rows.xs((measure, trt), level=("measure", "arm"))
    total = own["N"].max() if measure == SHARE else own["N"].sum()
    return pd.Series({"n": int(own["n"].sum()), "N": int(total), "conf_low": np.nan})


def _share_words(row: pd.Series) -> str:
    return of(row["n"], row["N"]) if row["N"] else "–"


def _rate_words(row: pd.Series, *, whole: bool) -> str:
    return (_share_words(row) if row["N"] else "–") if whole else rate_cell(row)


def _points(row: pd.Series) -> str:
    return "–" if pd.isna(row["estimate"]) else points_cell(row)


def _figure(results: pd.DataFrame, basis: Basis, theme: str, compact: bool):
    return forest_figure(class_lines(results, basis), basis.arms, theme=theme, compact=compact)


def _chart(results: pd.DataFrame, table: pd.DataFrame, basis: Basis) -> Chart:
    """The forest without the classes that a file leaves out."""
    kept, _ = _in_file(results, table, basis)
    gone = set(results.loc[left_out(results, kept), "stratum"])
    lines = without_levels(class_lines(results, basis), gone)
    return forest(lines, basis.arms, "Difference, percentage points")


def _records(counted: pd.DataFrame, chosen: Strata) -> pd.DataFrame:
    """Everybody of the denominator twice: in their class, and among all."""
    named = counted.assign(CLASS=counted["USUBJID"].map(chosen.of_each.astype("str")).astype("str"))
    return pd.concat([named, named.assign(CLASS=ALL_CLASSES)], ignore_index=True)


def _common(results: pd.DataFrame) -> pd.DataFrame:
    found = class_differences(results)
    return found[(found["stratum"] == ALL_STRATA) & found["estimate"].notna()]


def _headline(label: str, results: pd.DataFrame, basis: Basis) -> str:
    common = _common(results)
    if len(common) != 1:
        return f"{label} by autoantibody class"
    (row,) = common.itertuples()
    points, _ = wording.points_and_interval(row.estimate, row.conf_low, row.conf_high)
    return f"{label} by autoantibody class: a common difference of {points} points"


def _detail(results: pd.DataFrame, basis: Basis, beside: str) -> str:
    several = len(basis.comparisons) > 1
    said = []
    for row in _common(results).itertuples():
        _, interval = wording.points_and_interval(row.estimate, row.conf_low, row.conf_high)
        said.append(f"{row.comparison + ': ' if several else ''}95% CI {interval} points.")
    return " ".join([*said, *filter(None, [beside]), *association(basis)])


def _alt(results: pd.DataFrame, basis: Basis) -> str:
    lines = class_lines(results, basis)
    shown = lines[lines["kind"].isin(["all", "level"])]
    return "; ".join(
        f"{row.name_}: {row.words or wording.interval_text(row, scale='points')[0]}, {row.counts1} vs {row.counts0}"
        for row in shown.rename(columns={"name": "name_"}).itertuples()
    ) + "."  # fmt: skip


def _notes(basis: Basis, handling: str, chosen: Strata, results: pd.DataFrame) -> tuple[str, ...]:
    first = "Participants: of everybody of the arm. Responders: of those due, with Wilson's interval."
    if not basis.comparisons:
        return (first,)
    return (first, *notes(basis, handling, chosen, results), *filter(None, [basis.empty_arms()]))


def _cards(results: pd.DataFrame, basis: Basis) -> tuple[Card, ...]:
    """Of each class its rates, and what is common to the classes."""
    rates = results[(results["measure"] == RATE) & (results["N"] > 0)]
    of_classes = tuple(
        shares_card(f"{name}: responders of the due", own, basis.labels)
        for name, own in rates.groupby("stratum", sort=False)
    )
    if "comparison" not in results:
        return of_classes
    return (*stratified_cards(results, tested=basis.tested), *of_classes)


def _in_file(results: pd.DataFrame, table: pd.DataFrame, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Without the classes of few, first by those due and responding, then by everybody."""
    for measure in (RATE, SHARE):
        results, table = strata_in_file(
            results,
            table,
            counted=results["measure"] == measure,
            level=("stratum",),
            in_table={"stratum": "Class"},
            labels=basis.labels,
        )
    return results, table
