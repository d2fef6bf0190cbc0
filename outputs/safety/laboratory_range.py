"""Laboratory values below, within and above the limits of normal of their records, by parameter and arm."""

from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.laboratory import parameters_in, ranges, with_range
from outputs import wording
from outputs.output import Output, View
from outputs.safety.basis import laboratory_of, safety_basis
from outputs.safety.laboratory_tables import cell_counts, wide_in_file, wide_table

FLAGS = {"low": "Low", "normal": "Normal", "high": "High"}
HEADERS = {"parameter": "Parameter", "flag": "Range"}
MOMENTS = {
    "any": "Any value after baseline; a participant can be both low and high",
    "last": "The last value after baseline",
    "baseline": "The value at baseline",
}


def laboratory_range_output(data: AnalysisData, view: View, *, at: str = "any") -> Output:
    """Participants with a low, normal or high value at a moment: "any" after baseline, "last" or "baseline"."""
    if at not in MOMENTS:
        raise ValueError(f"at is {at!r}; expected one of {', '.join(MOMENTS)}")
    basis = safety_basis(data, view)
    lab = laboratory_of(basis)
    rows = ranges(lab, at).rename(columns={"KEY": "PARAMETER"})
    results = cell_counts(rows, rows, basis, by=("PARAMETER", "FLAG"), within=("PARAMETER",))
    names = {"parameter": parameters_in(data), "flag": FLAGS}
    unknown = with_range(lab.rows)
    unknown = unknown[unknown["FLAG"] == ""]
    who = wording.plural(unknown["USUBJID"].nunique(), "participant")
    notes = [f"Without limits of normal, in no range: {wording.plural(len(unknown), 'value')} of {who}."]
    return Output(
        id="laboratory_range",
        title="Values outside the limits of normal",
        subtitle=f"{MOMENTS[at]}. Participants, of those with a value that has limits",
        population=basis.population,
        arms=basis.styles,
        results=results.assign(method=MOMENTS[at].split(";")[0].lower()),
        table=wide_table(results, basis, names, HEADERS),
        records=_people(rows, names["parameter"]),
        cell_keys=("PARAMETER", "RANGE", "ARM"),
        headline="Values outside the limits of normal",
        footnotes=(
            "Limits are those of each record.",
            *(notes if len(unknown) else []),
            *basis.notes(),
        ),
        badges=basis.badges(),
        empty=basis.nobody()
        or ("" if len(rows) else "No laboratory value has limits of normal at this cut."),
        as_file=partial(wide_in_file, results, basis, names, HEADERS, over="flag"),
    )


def _people(rows: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    listed = rows[["USUBJID", "ARM"]].assign(
        PARAMETER=rows["PARAMETER"].map(names), RANGE=rows["FLAG"].map(FLAGS)
    )
    return listed.reset_index(drop=True)
