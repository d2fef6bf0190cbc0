"""CTCAE grades of laboratory values: every graded parameter, and the shift of one from baseline to its worst."""

from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.ctcae import RULES
from analysis.safety.events import ALL
from analysis.safety.laboratory import Laboratory, graded, worst_grades
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.safety.basis import laboratory_of, safety_basis
from outputs.safety.counts import DERIVED, arm_columns, count_text
from outputs.safety.laboratory_tables import (
    PLATELETS_NOTE,
    cell_counts,
    chosen_key,
    unit_notes,
    wide_in_file,
    wide_table,
)
from outputs.small_cells import NOT_SHOWN, hidden_of, suppressed
from trialdata.laboratory_parameters import parameter_of

GRADES = {**{str(grade): f"Grade {grade}" for grade in range(5)}, "": "Not known"}
HEADERS = {"parameter": "Parameter", "grade": "Worst grade", "flag": "Range"}


def graded_names() -> dict[str, str]:
    """PARAMCD of every graded parameter to its name."""
    return {code: known.label for code in RULES if (known := parameter_of(code)) is not None}


def graded_parameters(data: AnalysisData) -> dict[str, str]:
    """PARAMCD to name of the graded parameters that the cut has values of."""
    known = {parameter.paramcd for code in data.adlb["PARAMCD"].unique() if (parameter := parameter_of(code))}
    return {code: name for code, name in graded_names().items() if code in known}


def grade_text(grades: pd.Series) -> pd.Series:
    """A grade as the key of a cell: "0" to "4", "" where it is not known."""
    return grades.map(lambda grade: "" if pd.isna(grade) else f"{grade:.0f}").astype("str")


def laboratory_grades_output(data: AnalysisData, view: View) -> Output:
    """The worst grade after baseline of every graded parameter, by arm."""
    basis = safety_basis(data, view)
    lab = laboratory_of(basis)
    worst = worst_grades(lab)
    known = worst[worst["WORST"].notna()].assign(GRADE=grade_text(worst["WORST"]))
    rows = known.rename(columns={"PARAMCD": "PARAMETER"})
    results = cell_counts(rows, rows, basis, by=("PARAMETER", "GRADE"), within=("PARAMETER",))
    names = {"parameter": graded_names(), "grade": GRADES}
    severe = rows[rows["WORST"] >= 3]
    return Output(
        id="laboratory_grades",
        title="Worst laboratory grade after baseline",
        subtitle="CTCAE v5.0; each participant once in a parameter, of those with a value that can be graded",
        population=basis.population,
        arms=basis.styles,
        results=results.assign(method="worst CTCAE v5.0 grade after baseline"),
        table=wide_table(results, basis, names, HEADERS),
        records=_people(rows, graded_names()),
        cell_keys=("PARAMETER", "GRADE", "ARM"),
        headline="Laboratory grade 3 or more: " + _by_arm(severe, basis),
        detail=f"{basis.population}, {wording.plural(len(basis.subjects), 'participant')}.",
        footnotes=(
            PLATELETS_NOTE,
            *_no_limit_notes(lab),
            *unit_notes(lab, list(RULES)),
            *basis.notes(),
        ),
        badges=basis.badges(),
        empty=basis.nobody() or ("" if len(rows) else "No laboratory value can be graded at this cut."),
        as_file=partial(wide_in_file, results, basis, names, HEADERS, over="grade"),
    )


def _people(rows: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "USUBJID": rows["USUBJID"],
            "ARM": rows["ARM"],
            "PARAMETER": rows["PARAMETER"].map(names),
            "GRADE": rows["GRADE"].map(GRADES),
        }
    ).reset_index(drop=True)


def _by_arm(rows: pd.DataFrame, basis: Basis) -> str:
    """ "3 (5%) vs 1 (2%)" participants of the set."""
    n = rows.groupby("ARM")["USUBJID"].nunique()
    return " vs ".join(count_text(int(n.get(trt, 0)), basis.sizes[trt]) for trt in basis.trts)


def _no_limit_notes(lab: Laboratory) -> tuple[str, ...]:
    """Values that have no grade because the limit it needs is missing, in words."""
    rows = graded(lab)
    without = rows[rows["GRADE"].isna()]
    if not len(without):
        return ()
    names = graded_names()
    counted = [
        f"{wording.plural(len(own), 'value')} of {names[str(code)].lower()} in "
        f"{wording.plural(own['USUBJID'].nunique(), 'participant')}"
        for code, own in without.groupby("PARAMCD", sort=False)
    ]
    return (f"Without a grade, as the limit of normal is missing: {'; '.join(counted)}.",)


def laboratory_shift_output(data: AnalysisData, view: View, *, parameter: str = "") -> Output:
    """The grade at baseline against the worst grade after it, of one parameter, by arm."""
    basis = safety_basis(data, view)
    offered = graded_parameters(data)
    code = chosen_key(parameter, list(offered))
    name = graded_names().get(code, code)
    lab = laboratory_of(basis)
    rows = shift_rows(worst_grades(lab), basis, code)
    results = shift_counts(rows, basis)
    known = bool(((rows["BASEGRADE"] != "") | (rows["WORSTGRADE"] != "")).any())
    raised = rows[(rows["WORSTGRADE"] != "") & (rows["WORSTGRADE"] > rows["BASEGRADE"].replace("", "9"))]
    return Output(
        id="laboratory_shift",
        title=f"{name}: grade at baseline and worst after it" if name else "Shift of laboratory grades",
        subtitle="CTCAE v5.0. Rows: grade at baseline; columns: worst grade after baseline; participants",
        population=basis.population,
        arms=basis.styles,
        results=results.assign(parameter=code, method="worst CTCAE v5.0 grade after baseline"),
        table=shift_table(results, basis),
        records=rows.assign(
            BASEGRADE="baseline " + rows["BASEGRADE"].map(GRADES).str.lower(),
            WORSTGRADE="worst " + rows["WORSTGRADE"].map(GRADES).str.lower(),
        ),
        cell_keys=("BASEGRADE", "WORSTGRADE", "ARM"),
        headline=f"{name}, a worse grade than at baseline: {_by_arm(raised, basis)}",
        footnotes=(
            "Everybody of the set. Not known: no value, an unknown unit, or no limit of normal where the grade "
            "needs it. Where baseline is above the upper limit, later liver grades are multiples of baseline.",
            *unit_notes(lab, [code]),
            *basis.notes(),
        ),
        badges=basis.badges(),
        empty=basis.nobody()
        or ("" if known else f"No value of {name or 'any parameter'} can be graded at this cut."),
        as_file=partial(shift_in_file, results, basis),
    )


def shift_rows(worst: pd.DataFrame, basis: Basis, code: str) -> pd.DataFrame:
    """One row per participant of the set: USUBJID, ARM, BASEGRADE and WORSTGRADE ("" not known)."""
    own = worst[worst["PARAMCD"] == code].set_index("USUBJID")
    everybody = basis.subjects[["USUBJID", "ARM"]].reset_index(drop=True)
    return everybody.assign(
        BASEGRADE=grade_text(everybody["USUBJID"].map(own["BASE"])),
        WORSTGRADE=grade_text(everybody["USUBJID"].map(own["WORST"])),
    )


def shift_counts(rows: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """One row per arm, baseline and worst grade that occur: arm base worst n N estimate; `worst` "all" is their sum."""
    both = pd.concat([rows, rows.assign(WORSTGRADE="all")], ignore_index=True)
    named = both.rename(columns={"BASEGRADE": "BASE", "WORSTGRADE": "WORST"})
    return cell_counts(named, rows, basis, by=("BASE", "WORST"), within=())


def shift_table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    """A row for each arm and baseline grade, a column for each worst grade."""
    columns = [grade for grade in GRADES if (results["worst"] == grade).any()]
    cells = {(row.arm, row.base, row.worst): row.n for row in results.itertuples()}
    lines = []
    for arm, label in arm_columns(basis).items():
        for base in (grade for grade in GRADES if (results["base"] == grade).any()):
            numbers = {
                GRADES[worst] if worst else "Not known": str(cells.get((arm, base, worst), 0))
                for worst in columns
            }
            lines.append(
                {"Arm": label, "Baseline": GRADES[base]}
                | numbers
                | {"All": str(cells.get((arm, base, "all"), 0))}
            )
    return pd.DataFrame(lines).astype("str")


def shift_in_file(results: pd.DataFrame, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The shift without small cells, nor what would give them back: of a row with a cell left out, its sum too."""
    if not len(results):
        return results, shift_table(results, basis)
    inner = results[results["worst"] != "all"].assign(cell=lambda f: f["base"] + " " + f["worst"])
    totals: dict[str, str | None] = {"cell": None} | ({"arm": ALL} if len(basis.arms) > 1 else {})
    hidden = hidden_of(inner, over=totals, counts=("n",))
    broken = pd.MultiIndex.from_frame(inner.loc[hidden["n"], ["arm", "base"]])
    sums = (results["worst"] == "all") & pd.MultiIndex.from_frame(results[["arm", "base"]]).isin(broken)
    hidden = hidden.reindex(results.index, fill_value=False).assign(n=lambda f: f["n"] | sums)
    table, labels = shift_table(results, basis), arm_columns(basis)
    left = {
        (labels[row.arm], GRADES[row.base], "All" if row.worst == "all" else GRADES[row.worst])
        for row in results[hidden["n"]].itertuples()
    }
    masked = {
        column: [
            NOT_SHOWN if (arm, base, column) in left else cell
            for arm, base, cell in zip(table["Arm"], table["Baseline"], table[column], strict=True)
        ]
        for column in table.columns[2:]
    }
    return suppressed(results, hidden, derived=DERIVED), table.assign(**masked)
