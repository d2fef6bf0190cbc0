"""What was given in each arm: combinations of drugs and each drug, days, first dose, and response by combination."""

from collections import Counter

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.longitudinal import MEDIAN_TYPE_2, quartiles_type_2
from analysis.safety.combinations import combinations, drugs_given
from analysis.safety.doses import dose_rows
from outputs import wording
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.output import Output, View
from outputs.people import RESPONDERS
from outputs.safety.basis import safety_basis
from outputs.safety.counts import count_text, sizes_words
from outputs.safety.exposure_doses import TOO_FEW
from outputs.safety.exposure_words import without_doses
from outputs.small_cells import NOT_SHOWN, Sum, few, hidden_cells, hidden_of, smallest_cell, suppressed
from outputs.time_endpoints import association

ID, TITLE = "treatments_given", "What was given"
COMBINATION, DRUG = "combination", "drug"
PARTICIPANTS, RESPONSE, DAYS, DOSE = "participants", "response", "days", "first dose"
COLUMNS = ["arm", "kind", "given", "measure", "n", "N", "estimate", "conf_low", "conf_high", "unit", "method"]
NUMBERS = ("estimate", "conf_low", "conf_high")
PART = " + "


def treatments_given_output(data: AnalysisData, view: View) -> Output:
    """The combinations and drugs of adex in each arm, how long, the first dose, and responders by combination."""
    basis = safety_basis(data, view)
    rows = dose_rows(data, basis.subjects)
    given = drugs_given(rows)
    together = combinations(given, basis.subjects)
    reason = basis.nobody() or without_doses(data, rows)
    if reason:
        return nothing_to_show(basis, ID, TITLE, reason)
    endpoint = basis.rate_endpoint
    results = given_results(given, together, basis)
    return Output(
        id=ID,
        title=TITLE,
        subtitle="Assigned treatment by combination, then each drug alone or combined. Medians",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=given_table(results, basis),
        records=_records(given, together),
        cell_keys=("GIVEN", "ARM"),
        headline=_headline(together, basis),
        detail=f"{basis.population}: {sizes_words(basis)}.",
        footnotes=(
            f"Responders of the due: {wording.lowered(endpoint.label)}; a description, no comparison of combinations. "
            "Assigned treatment (adex) is never read as rescue.",
            *association(basis),
            *basis.notes(endpoint),
        ),
        badges=basis.badges(endpoint),
        as_file=lambda: _in_file(results, basis),
    )


def given_results(given: pd.DataFrame, together: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """One row per arm, combination or drug, and measure; combinations by participants, most first, then drugs."""
    answers = basis.results_of(basis.rate_endpoint)
    due = answers[answers["DUEFL"] == "Y"].set_index("USUBJID")["AVALC"].isin(RESPONDERS)
    found: list[tuple] = []
    for trt in basis.trts:
        own, drugs = together[together["ARM"] == trt], given[given["ARM"] == trt]
        for name in _most_first(own["GIVEN"]):
            of_name = own[own["GIVEN"] == name]
            responded = due.reindex(of_name["USUBJID"]).dropna()
            found += [
                (trt, COMBINATION, name, *row)
                for row in (
                    _share(PARTICIPANTS, len(of_name), basis.sizes[trt], "share of the arm"),
                    _spread(DAYS, of_name["DAYS"], ""),
                    _share(RESPONSE, int(responded.sum()), len(responded), "share of the due"),
                )
            ]
        for name in _most_first(drugs["DRUG"]):
            of_name = drugs[drugs["DRUG"] == name]
            units = set(of_name["UNIT"])
            doses = of_name["DOSE"] if len(units) == 1 and "" not in units else of_name["DOSE"].iloc[:0]
            found += [
                (trt, DRUG, name, *row)
                for row in (
                    _share(PARTICIPANTS, len(of_name), basis.sizes[trt], "share of the arm"),
                    _spread(DAYS, of_name["DAYS"], ""),
                    _spread(DOSE, doses, min(units)),
                )
            ]
    return pd.DataFrame(found, columns=COLUMNS).astype({"n": "Int64", "N": "Int64"})


def _most_first(names: pd.Series) -> list[str]:
    return sorted(Counter(names), key=lambda name: (-(names == name).sum(), name))


def _share(measure: str, n: int, N: int, method: str) -> tuple:
    return measure, n, N, n / N if N else np.nan, np.nan, np.nan, "", method


def _spread(measure: str, values: pd.Series, unit: str) -> tuple:
    """Median and quartiles of the n known; days of few are not given: of one they would be the day of the cut."""
    known = values.dropna().to_numpy(float)
    hidden = not len(known) or (measure == DAYS and few(len(known)))
    numbers = (np.nan,) * 3 if hidden else quartiles_type_2(known)
    return measure, len(known), len(values), *numbers, unit, MEDIAN_TYPE_2


def given_table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """A row per arm and combination, then per drug."""
    cells = results.set_index(["arm", "kind", "given", "measure"])
    lines = []
    for arm, kind, name in results[["arm", "kind", "given"]].drop_duplicates().itertuples(index=False):
        own = {measure: cells.loc[(arm, kind, name, measure)] for measure in _measures(kind)}
        lines.append(
            {
                "Given": name if kind == COMBINATION else f"{name}, alone or combined",
                "Arm": basis.labels[arm],
                "Participants": _count(own[PARTICIPANTS]),
                "Weeks": _median(own[DAYS], per=7, decimals=1),
                "First dose": _median(own[DOSE]) if DOSE in own else "",
                "Responders of the due": _of(own[RESPONSE]) if RESPONSE in own else "",
            }
        )
    columns = ["Given", "Arm", "Participants", "Weeks", "First dose", "Responders of the due"]
    return pd.DataFrame(lines, columns=columns).astype("str")


def _measures(kind: str) -> tuple[str, ...]:
    return (PARTICIPANTS, DAYS, RESPONSE) if kind == COMBINATION else (PARTICIPANTS, DAYS, DOSE)


def _count(row: pd.Series) -> str:
    return NOT_SHOWN if pd.isna(row["n"]) else count_text(int(row["n"]), int(row["N"]))


def _of(row: pd.Series) -> str:
    if pd.isna(row["n"]) or pd.isna(row["N"]):
        return NOT_SHOWN
    return f"{row['n']} of {row['N']}" if row["N"] else "–"


def _median(row: pd.Series, *, per: float = 1, decimals: int = 0) -> str:
    if pd.isna(row["n"]):
        return NOT_SHOWN
    if np.isnan(row["estimate"]):
        return TOO_FEW if row["n"] else "–"
    value = row["estimate"] / per
    digits = decimals or (0 if float(value).is_integer() else 1)
    return f"{wording.fixed(value, digits)}{' ' + row['unit'] if row['unit'] else ''}"


def _records(given: pd.DataFrame, together: pd.DataFrame) -> pd.DataFrame:
    """One row per participant and combination or drug; no number, since a dose running at the cut tells its day."""
    drugs = given[["USUBJID", "ARM"]].assign(GIVEN=given["DRUG"] + ", alone or combined")
    return pd.concat([together[["USUBJID", "ARM", "GIVEN"]], drugs], ignore_index=True)


def _headline(together: pd.DataFrame, basis: Basis) -> str:
    """ "Given: 1 combination vs 12"."""
    several = [together.loc[together["ARM"] == trt, "GIVEN"].nunique() for trt in basis.trts]
    if not sum(several):
        return TITLE
    first, *others = several
    return f"Given: {' vs '.join([wording.plural(first, 'combination'), *map(str, others)])}"


def _in_file(results: pd.DataFrame, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Results and table without small counts, nor what would give them back by arm, drug or combination."""
    row = ["arm", "kind", "given"]
    counted = results[results["measure"] == PARTICIPANTS].reset_index(drop=True)
    hidden = hidden_cells(counted["n"].to_numpy(float), _sums(counted), smallest=smallest_cell())
    answers = results[results["measure"] == RESPONSE]
    few_answers = hidden_of(answers, over={"given": None}, within=("arm",))
    unknown = pd.concat([counted.loc[hidden, row], answers.loc[few_answers["N"], row]])
    left_out = pd.MultiIndex.from_frame(results[row]).isin(pd.MultiIndex.from_frame(unknown))
    whole = pd.DataFrame({"n": left_out, "N": left_out & (results["measure"] != PARTICIPANTS)}, results.index)
    whole.loc[answers.index] |= few_answers
    kept = suppressed(results, whole, derived=NUMBERS)
    return kept, given_table(kept, basis)


def _sums(counted: pd.DataFrame) -> list[Sum]:
    """The combinations of an arm add up to it, and those with a drug to the drug."""
    sums = []
    for _, own in counted.groupby("arm", sort=False):
        parts = own[own["kind"] == COMBINATION]
        sums.append(Sum(tuple(parts.index), known=float(parts["n"].sum())))
        for place, drug in own.loc[own["kind"] == DRUG, "given"].items():
            having = parts.index[[drug in name.split(PART) for name in parts["given"]]]
            sums.append(Sum(tuple(having), int(str(place))))
    return sums
