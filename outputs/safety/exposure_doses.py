"""Doses given against planned, per arm and drug."""

from functools import partial
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.longitudinal import MEDIAN_TYPE_2, quartiles_type_2
from analysis.safety.doses import WHOLE, dose_rows, dose_totals, drugs_of
from charts.safety.exposure import relative_dose_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Card, Output, View
from outputs.safety.basis import safety_basis
from outputs.safety.counts import count_text, sizes_words
from outputs.safety.exposure_words import WHY_QUARTILES, uncounted_notes, without_doses
from outputs.slide_chart import Axis, Chart
from outputs.slide_rows import of_arms
from outputs.small_cells import few
from outputs.summary_cards import summary_card

LIMITS = (0.0, 0.5 * WHOLE, 0.8 * WHOLE, WHOLE, np.inf)
BANDS = dict(zip(("BELOW50", "TO80", "TO100", "FULL"), pairwise(LIMITS), strict=True))
BAND_WORDS = {
    "BELOW50": "below 50%",
    "TO80": "50 to under 80%",
    "TO100": "80 to under 100%",
    "FULL": "100% or more",
}
MEASURES = {
    "DOSES": "doses given",
    "AMOUNT": "amount given",
    "RELATIVE": "relative dose",
    "DAYS": "time on treatment",
}
TOLD_BY_FEW = ("DOSES", "AMOUNT", "DAYS")  # of one participant still treated they would be the day of the cut
TOO_FEW = "fewer than 5"


def exposure_doses_output(data: AnalysisData, view: View) -> Output:
    """Participants treated, doses and amount given, their share of the plan, and weeks on each drug."""
    basis = safety_basis(data, view)
    rows = dose_rows(data, basis.subjects)
    totals = dose_totals(rows, basis.subjects, basis.definition)
    totals = totals.assign(DAYS=totals["LAST"] - totals["FIRST"] + 1, BAND=relative_bands(totals["RELATIVE"]))
    drugs = drugs_of(rows, basis.definition, basis.trts)
    results = dose_results(totals, drugs, basis)
    bands = band_counts(totals, drugs)
    records = _records(totals)
    return Output(
        id="exposure_doses",
        title="Doses given and planned",
        subtitle="Relative dose: amount given of the amount planned up to the cut. Click a segment to list them",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(results, drugs, rows, basis),
        figure=partial(_figure, bands, basis) if len(bands) else None,
        chart=(lambda: _relative_doses(results, basis)) if len(bands) else None,
        records=records,
        cell_keys=("ROW", "BAND"),
        headline=_headline(results, drugs, basis),
        detail=f"{basis.population}: {sizes_words(basis)}. Median (quartiles) per participant.",
        alt="Participants by relative dose of each planned drug and arm. " + _alt(bands, basis),
        footnotes=(*_notes(totals, rows, basis), *basis.notes()),
        badges=basis.badges(),
        cards=_cards(results, basis),
        empty=basis.nobody() or without_doses(data, rows),
    )


def relative_bands(relative: pd.Series) -> pd.Series:
    """The band of each relative dose; "" where it is unknown."""
    band = pd.Series("", relative.index, dtype="str")
    for name, (low, high) in BANDS.items():
        band = band.mask((relative >= low) & (relative < high), name)
    return band


def dose_results(totals: pd.DataFrame, drugs: list[tuple[str, str]], basis: Basis) -> pd.DataFrame:
    """One row per arm, drug and measure: n of N, and the median with quartiles or the share.

    N: everybody of the arm for "treated", those treated for the medians; of the relative dose those with a plan.
    """
    found = []
    for arm, drug in drugs:
        own = totals[(totals["ARM"] == arm) & (totals["DRUG"] == drug)]
        treated, N = own[own["TREATED"]], basis.sizes[arm]
        share = len(treated) / N if N else np.nan
        found.append(
            (arm, drug, "treated", len(treated), N, share, np.nan, np.nan, "share of the safety set")
        )
        for column, measure in MEASURES.items():
            of = own[own["PLANNED"] > 0] if column == "RELATIVE" else treated
            known = of[column].dropna().to_numpy(dtype=float)
            hidden = column in TOLD_BY_FEW and few(len(known))
            numbers = quartiles_type_2(known) if len(known) and not hidden else (np.nan,) * 3
            found.append((arm, drug, measure, len(known), len(of), *numbers, MEDIAN_TYPE_2))
        relative = own["RELATIVE"].dropna()
        for measure, limit in (("at least 80%", 0.8 * WHOLE), ("100% or more", WHOLE)):
            n, N = int((relative >= limit).sum()), len(relative)
            method = "share of those with a relative dose"
            found.append((arm, drug, measure, n, N, n / N if N else np.nan, np.nan, np.nan, method))
    columns = ["arm", "drug", "measure", "n", "N", "estimate", "conf_low", "conf_high", "method"]
    return pd.DataFrame(found, columns=columns)


def band_counts(totals: pd.DataFrame, drugs: list[tuple[str, str]]) -> pd.DataFrame:
    """One row per planned drug, arm and band: n participants of the N with a relative dose."""
    known = totals[totals["BAND"] != ""]
    counted = known.groupby(["ARM", "DRUG", "BAND"]).size()
    planned = [pair for pair in drugs if pair in set(zip(known["ARM"], known["DRUG"], strict=True))]
    found = [
        (arm, drug, band, int(counted.get((arm, drug, band), 0))) for arm, drug in planned for band in BANDS
    ]
    frame = pd.DataFrame(found, columns=["arm", "drug", "band", "n"])
    return frame.assign(N=frame.groupby(["arm", "drug"])["n"].transform("sum") if len(frame) else frame["n"])


def _figure(bands: pd.DataFrame, basis: Basis, theme: str, compact: bool):
    return relative_dose_figure(bands, basis.arms, bands_named=BAND_WORDS, theme=theme, compact=compact)


def _relative_doses(results: pd.DataFrame, basis: Basis) -> Chart:
    """The median relative dose of each planned drug with its quartiles."""
    rows = results[(results["measure"] == MEASURES["RELATIVE"]) & results["estimate"].notna()]
    return of_arms(
        rows,
        basis.arms,
        Axis("Relative dose, % of the plan, median and quartiles", 0),
        _of_the_plan,
        group=lambda row: row.drug,
        detail=lambda row: f"{row.n} with a plan",
        scale=100,
    )


def _of_the_plan(row) -> str:
    middle, low, high = (wording.fixed(100 * x) for x in (row.estimate, row.conf_low, row.conf_high))
    return f"{middle}% ({low} to {high})"


def _records(totals: pd.DataFrame) -> pd.DataFrame:
    """The treated, and those with a plan; no number of theirs, since a dose running at the cut tells its day."""
    kept = totals[totals["TREATED"] | (totals["PLANNED"] > 0)]
    words = kept["BAND"].map(BAND_WORDS).fillna("no relative dose").astype("str")
    return (
        kept[["USUBJID", "ARM"]]
        .assign(ROW=kept["DRUG"] + ", " + kept["ARM"], BAND=words)
        .reset_index(drop=True)
    )


def _table(
    results: pd.DataFrame, drugs: list[tuple[str, str]], rows: pd.DataFrame, basis: Basis
) -> pd.DataFrame:
    units = rows.drop_duplicates(["ARM", "DRUG"]).set_index(["ARM", "DRUG"])["AMOUNTU"].to_dict()
    lines = []
    for arm, drug in drugs:
        of = results[(results["arm"] == arm) & (results["drug"] == drug)].set_index("measure")
        treated, doses, amount, relative, days = (of.loc[name] for name in ("treated", *MEASURES.values()))
        lines.append(
            {
                "Drug": drug,
                "Arm": basis.labels[arm],
                "Treated": count_text(treated["n"], treated["N"]),
                "Doses given": _spread(doses),
                "Amount": _spread(amount, unit=units.get((arm, drug), "")),
                "Relative dose": _relative(relative),
                "At least 80%": _share(of.loc["at least 80%"]),
                "100% or more": _share(of.loc["100% or more"]),
                "Weeks on treatment": _spread(days, per=7, decimals=1),
            }
        )
    columns = ["Drug", "Arm", "Treated", "Doses given", "Amount", "Relative dose"]
    columns += ["At least 80%", "100% or more", "Weeks on treatment"]
    return pd.DataFrame(lines, columns=columns).astype("str")


def _spread(row: pd.Series, *, unit: str = "", per: float = 1, decimals: int = 0) -> str:
    """ "600 mg (600 to 600)": median and quartiles."""
    if np.isnan(row["estimate"]):
        return TOO_FEW if row["n"] else "–"
    middle, low, high = (
        wording.fixed(row[name] / per, decimals) for name in ("estimate", "conf_low", "conf_high")
    )
    return f"{middle}{' ' + unit if unit else ''} ({low} to {high})"


def _relative(row: pd.Series) -> str:
    if np.isnan(row["estimate"]):
        return "–"
    return f"{wording.percent(row['estimate'], 0)} ({wording.percent_interval(row['conf_low'], row['conf_high'], 0)})"


def _share(row: pd.Series) -> str:
    return f"{row['n']} of {row['N']}" if row["N"] else "–"


def _headline(results: pd.DataFrame, drugs: list[tuple[str, str]], basis: Basis) -> str:
    full = results[results["measure"] == "100% or more"].set_index(["arm", "drug"])
    planned = [pair for pair in drugs if full.loc[pair, "N"]]
    shared = next((drug for _, drug in planned if all((arm, drug) in planned for arm in basis.trts)), None)
    shown = [pair for pair in planned if pair[1] == (shared or planned[0][1])]
    if not shown:
        return "Doses given, drug by drug"
    said = " vs ".join(f"{full.loc[pair, 'n']} of {full.loc[pair, 'N']}" for pair in shown)
    return f"All planned {wording.lowered(shown[0][1])} given to {said}"


def _alt(bands: pd.DataFrame, basis: Basis) -> str:
    parts = []
    for (arm, drug), rows in bands.groupby(["arm", "drug"], sort=False):
        words = ", ".join(f"{row.n} {BAND_WORDS[row.band]}" for row in rows.itertuples() if row.n)
        parts.append(f"{drug}, {basis.labels[arm]}: {words}")
    return "; ".join(parts) + "."


def _notes(totals: pd.DataFrame, rows: pd.DataFrame, basis: Basis) -> tuple[str, ...]:
    notes = [
        "Planned up to the cut: what was due on the days followed, by the plan in the study definition.",
        *uncounted_notes(rows),
    ]
    unknown = int(((totals["PLANNED"] > 0) & totals["RELATIVE"].isna()).sum())
    if unknown:
        notes.append(f"Without a relative dose, since a dose could not be counted: {unknown}.")
    if not basis.definition.doses and basis.definition.arms[0].role != "pooled":
        notes.append("The study definition plans no doses ([[doses]]): there is no relative dose.")
    return tuple(notes)


def _cards(results: pd.DataFrame, basis: Basis) -> tuple[Card, ...]:
    """One card per drug: its relative dose, or where nothing is planned its weeks on treatment."""
    cards = []
    for drug in dict.fromkeys(results["drug"]):
        own = results[results["drug"] == drug]
        planned = bool(own.loc[own["measure"] == "relative dose", "n"].sum())
        measure, words = ("relative dose", _relative_words) if planned else ("time on treatment", _week_words)
        shown = own[own["measure"] == measure]
        title = f"{drug}: {measure}{'' if planned else ', weeks'}"
        cards.append(summary_card(title, shown, [], basis, reason=WHY_QUARTILES, words=words))
    return tuple(cards)


def _relative_words(row) -> tuple[str, str]:
    return wording.percent(row.estimate, 0), wording.percent_interval(row.conf_low, row.conf_high, 0)


def _week_words(row) -> tuple[str, str]:
    return wording.fixed(
        row.estimate / 7, 1
    ), f"{wording.fixed(row.conf_low / 7, 1)} to {wording.fixed(row.conf_high / 7, 1)}"
