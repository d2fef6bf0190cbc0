"""Antibodies, immunoglobulin G and B cells: who turns negative, who falls below, and haemolysis in Evans syndrome."""

from functools import partial

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.antibodies import CHANGES, LOWEST_POSITIVE_TITRE, conversions
from analysis.safety.ctcae import below
from analysis.safety.laboratory import Laboratory, at_visits, with_range
from outputs import wording
from outputs.output import Output, View
from outputs.safety.basis import laboratory_of, safety_basis
from outputs.safety.laboratory_tables import cell_counts, pooled, wide_in_file, wide_table
from trialdata.laboratory_parameters import TEXT_PARAMETERS

ANTIBODIES = {code: label for code, (label, _) in TEXT_PARAMETERS.items()}
DEPLETED = 10  # B cells per µL: below this they count as depleted
MEASURES = {
    "IGG": "Immunoglobulin G below the lower limit",
    "CD19": f"B cells below {DEPLETED} per µL",
}
NOT_POOLED = "not shown in the pooled view"


def antibodies_output(data: AnalysisData, view: View) -> Output:
    """How antinuclear antibodies and the Coombs test turn from baseline to the last result, by arm."""
    basis = safety_basis(data, view)
    lab = laboratory_of(basis)
    turned = conversions(lab.texts).rename(columns={"PARAMCD": "ANTIBODY"})
    both = turned[turned["CHANGE"] != ""]
    results = cell_counts(both, both, basis, by=("ANTIBODY", "CHANGE"), within=("ANTIBODY",))
    names = {"antibody": ANTIBODIES, "change": {change: change.capitalize() for change in CHANGES}}
    headers = {"antibody": "Antibody", "change": "From baseline to the last result"}
    return Output(
        id="antibodies",
        title="Antibodies from baseline to the last result",
        subtitle="Participants, of those with a result at both times",
        population=basis.population,
        arms=basis.styles,
        results=results.assign(method="result at baseline and last result after it"),
        table=wide_table(results, basis, names, headers),
        records=both[["USUBJID", "ARM"]].assign(
            ANTIBODY=both["ANTIBODY"].map(ANTIBODIES), CHANGETO=both["CHANGE"].str.capitalize()
        ),
        cell_keys=("ANTIBODY", "CHANGETO", "ARM"),
        headline="Antibodies from baseline to the last result",
        footnotes=(
            f"Antinuclear antibodies given as a titre are positive from 1:{LOWEST_POSITIVE_TITRE}.",
            *_unread(lab, turned),
            *basis.notes(),
        ),
        badges=basis.badges(),
        empty=basis.nobody() or _no_antibodies(data, both),
        as_file=partial(wide_in_file, results, basis, names, headers, over="change"),
    )


def _no_antibodies(data: AnalysisData, both: pd.DataFrame) -> str:
    if len(both):
        return ""
    if pooled(data):
        return f"Antinuclear antibodies and the Coombs test are {NOT_POOLED}."
    return "No antinuclear antibodies or Coombs test at baseline and after it at this cut."


def _unread(lab: Laboratory, turned: pd.DataFrame) -> tuple[str, ...]:
    notes = []
    unread = lab.texts[lab.texts["RESULT"] == ""]
    if len(unread):
        who = wording.plural(unread["USUBJID"].nunique(), "participant")
        notes.append(
            f"Read as neither positive nor negative: {wording.plural(len(unread), 'result')} of {who}."
        )
    alone = turned.loc[turned["CHANGE"] == "", "USUBJID"].nunique()
    if alone:
        notes.append(f"Without a result at both times: {wording.plural(alone, 'participant')}.")
    return tuple(notes)


def immunity_output(data: AnalysisData, view: View) -> Output:
    """Participants with low immunoglobulin G and with depleted B cells at each visit, by arm."""
    basis = safety_basis(data, view)
    lab = laboratory_of(basis)
    values = with_range(pd.concat([at_visits(lab.of(key), data.definition.visits) for key in MEASURES]))
    low_limit = values["PARAMCD"].eq("IGG") & (values["FLAG"] != "") & values["ANRLO"].notna()
    values = values[low_limit | values["PARAMCD"].eq("CD19")]
    depleted = below(values["POINT"].to_numpy(float), pd.Series(float(DEPLETED), values.index).to_numpy())
    met = values["FLAG"].eq("low").where(values["PARAMCD"] == "IGG", depleted)
    among = values[["USUBJID", "ARM"]].assign(
        MEASURE=values["PARAMCD"], WEEK=values["AVISITN"], MET=met.map({True: "Y", False: "N"})
    )
    every = cell_counts(among, among, basis, by=("MEASURE", "WEEK", "MET"), within=("MEASURE", "WEEK"))
    results = _who_met(every)
    weeks = {week: f"{week:g}" for week in sorted(among["WEEK"].unique())}
    names = {"measure": MEASURES, "week": weeks}
    headers = {"measure": "Participants with", "week": "Week"}
    listed = among[among["MET"] == "Y"]
    return Output(
        id="immunity",
        title="Low immunoglobulin G and depleted B cells",
        subtitle="Participants at each visit, of those with a value there",
        population=basis.population,
        arms=basis.styles,
        results=results.assign(method="value at the visit"),
        table=wide_table(results, basis, names, headers),
        records=listed[["USUBJID", "ARM"]].assign(
            MEASURE=listed["MEASURE"].map(MEASURES),
            WEEK="week " + listed["WEEK"].map("{:g}".format).astype("str"),
        ),
        cell_keys=("MEASURE", "WEEK", "ARM"),
        headline="Low immunoglobulin G and depleted B cells",
        footnotes=(
            f"Depleted: fewer than {DEPLETED} B cells per µL. Immunoglobulin G by the lower limit of each record.",
            *((f"B cells are {NOT_POOLED}.",) if pooled(data) else ()),
            *basis.notes(),
        ),
        badges=basis.badges(),
        empty=basis.nobody() or ("" if len(among) else "No immunoglobulin G and no B cells at this cut."),
        as_file=partial(wide_in_file, results, basis, names, headers),
    )


def _who_met(every: pd.DataFrame) -> pd.DataFrame:
    """The rows of those who met the measure; 0 where only others have a value at the visit."""
    met, others = every[every["met"] == "Y"], every[every["met"] == "N"]
    key = ["arm", "measure", "week"]
    alone = others[~pd.MultiIndex.from_frame(others[key]).isin(pd.MultiIndex.from_frame(met[key]))]
    zero = alone.assign(n=0, estimate=(alone["n"] * 0.0).where(alone["N"] > 0))
    return pd.concat([met, zero], ignore_index=True).drop(columns="met")
