"""Evaluation of drug-induced serious hepatotoxicity: who lies in which quadrant, and the potential Hy's law cases."""

from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.laboratory import Laboratory
from analysis.safety.liver import WITHIN_DAYS, liver_peaks, potential_cases
from charts.safety.liver import liver_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.safety.basis import laboratory_of, safety_basis
from outputs.safety.counts import count_text
from outputs.safety.laboratory_tables import cell_counts, unit_notes, wide_in_file, wide_table

QUADRANTS = {
    "HY": "ALT or AST ≥ 3 × and bilirubin > 2 × (Hy’s law quadrant)",
    "ENZYME": "ALT or AST ≥ 3 × alone",
    "BILIRUBIN": "Bilirubin > 2 × alone",
    "NEITHER": "Neither",
    "NONE": "Not evaluable",
}
HEADERS = {"quadrant": "Highest value after baseline"}
PARAMETERS = ("ALT", "AST", "BILI")
NOT_EVALUABLE = (
    "No participant has ALT or AST and bilirubin with their upper limits after baseline at this cut."
)
REVIEW = (
    f"A potential Hy’s law case: bilirubin above 2 times its upper limit on the day of an ALT or AST of 3 times its "
    f"limit or more, or at most {WITHIN_DAYS} days later. It needs clinical review; alkaline phosphatase and other "
    "causes are not looked at here."
)


def liver_output(data: AnalysisData, view: View) -> Output:
    """Highest ALT or AST against highest bilirubin after baseline, and how many lie in each quadrant."""
    basis = safety_basis(data, view)
    lab = laboratory_of(basis)
    peaks = liver_peaks(lab)
    rows = _quadrants(peaks, basis)
    results = _every_quadrant(cell_counts(rows, rows, basis, by=("QUADRANT",), within=()), basis)
    cases = potential_cases(lab)
    names = {"quadrant": QUADRANTS}
    return Output(
        id="liver",
        title="Serious hepatotoxicity (eDISH)",
        subtitle="One point a participant, logarithmic axes. Click a point to open the participant",
        population=basis.population,
        arms=basis.styles,
        results=results.assign(method="highest value after baseline, multiples of the upper limit of normal"),
        table=wide_table(results, basis, names, HEADERS),
        figure=lambda theme, compact: liver_figure(peaks, basis.arms, theme=theme, compact=compact),
        records=rows.assign(QUADRANT=rows["QUADRANT"].map(QUADRANTS)),
        cell_keys=("QUADRANT", "ARM"),
        headline=f"Potential Hy’s law cases: {_by_arm(cases, basis)}",
        alt="Highest ALT or AST against highest bilirubin of each participant, in multiples of the upper limit of "
        "normal, with lines at 3 and 2; the table holds the count of each quadrant.",
        footnotes=(REVIEW, *_not_evaluable(lab, rows), *unit_notes(lab, PARAMETERS), *basis.notes()),
        badges=basis.badges(),
        empty=basis.nobody() or ("" if len(peaks) else NOT_EVALUABLE),
        as_file=partial(wide_in_file, results, basis, names, HEADERS, over="quadrant"),
    )


def _quadrants(peaks: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """One row per participant of the set: USUBJID, ARM, QUADRANT."""
    known = peaks.set_index("USUBJID")["QUADRANT"]
    everybody = basis.subjects[["USUBJID", "ARM"]].reset_index(drop=True)
    return everybody.assign(
        QUADRANT=everybody["USUBJID"].map(known).astype("object").fillna("NONE").astype("str")
    )


def _every_quadrant(counts: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """With a row for the quadrants in which nobody lies."""
    N = counts.groupby("arm", sort=False)["N"].max()
    absent = [quadrant for quadrant in QUADRANTS if quadrant not in set(counts["quadrant"])]
    rows = [
        {"arm": arm, "quadrant": quadrant, "n": 0, "N": int(size), "estimate": 0.0 if size else float("nan")}
        for quadrant in absent
        for arm, size in N.items()
    ]
    return pd.concat([counts, pd.DataFrame(rows)], ignore_index=True) if rows and len(counts) else counts


def _by_arm(cases: pd.DataFrame, basis: Basis) -> str:
    n = cases["ARM"].value_counts()
    return " vs ".join(count_text(int(n.get(trt, 0)), basis.sizes[trt]) for trt in basis.trts)


def _not_evaluable(lab: Laboratory, rows: pd.DataFrame) -> tuple[str, ...]:
    """Who is not drawn, and which values have no upper limit."""
    own = lab.rows[lab.rows["AFTER"] & lab.rows["KNOWN"] & lab.rows["PARAMCD"].isin(list(PARAMETERS))]
    without = own[own["ANRHI"].isna()]
    notes = []
    if missing := int((rows["QUADRANT"] == "NONE").sum()):
        notes.append(
            f"Not evaluable, and not drawn: {wording.plural(missing, 'participant')} without ALT or AST, or without "
            "bilirubin, with its upper limit after baseline."
        )
    if len(without):
        who = wording.plural(without["USUBJID"].nunique(), "participant")
        notes.append(f"Left out, no upper limit: {wording.plural(len(without), 'value')} of {who}.")
    return tuple(notes)


def liver_cases_output(data: AnalysisData, view: View) -> Output:
    """The participants with a potential Hy's law case, and the two values that make it one."""
    basis = safety_basis(data, view)
    lab = laboratory_of(basis)
    cases = potential_cases(lab)
    days = cases["BILIDY"] - cases["ENZYMEDY"]
    table = pd.DataFrame(
        {
            "Participant": cases["USUBJID"],
            "Arm": cases["ARM"].map(basis.labels),
            "Enzyme": cases["ENZYME"],
            "× upper limit": cases["ENZYMEX"].map(lambda times: wording.fixed(times, 1)),
            "Day": cases["ENZYMEDY"].map(wording.day),
            "Bilirubin, × upper limit": cases["BILIX"].map(lambda times: wording.fixed(times, 1)),
            "Day of bilirubin": cases["BILIDY"].map(wording.day),
            "Days between": days.map(wording.day),
        }
    ).astype("str")
    evaluated = len(liver_peaks(lab))
    among = wording.plural(evaluated, "evaluable participant")
    none = f"No potential Hy’s law case among {among} at this cut." if evaluated else NOT_EVALUABLE
    return Output(
        id="liver_cases",
        title="Potential Hy’s law cases",
        subtitle="The first pair of values that makes the case; each needs clinical review",
        population=basis.population,
        arms=basis.styles,
        results=cases.rename(columns={"ARM": "arm"}).assign(method="first pair of values"),
        table=table,
        records=cases[["USUBJID", "ARM"]],
        cell_keys=("ARM",),
        headline=f"Potential Hy’s law cases: {_by_arm(cases, basis)}",
        footnotes=(
            "Days are study days. The rule stands under the figure of hepatotoxicity.",
            *basis.notes(),
        ),
        badges=basis.badges(),
        empty=basis.nobody() or ("" if len(cases) else none),
    )
