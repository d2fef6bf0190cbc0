"""The platelet heat map: everybody's counts at every visit, sorted by response, with the visits of rescue."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.visits import analysis_visit, visit_label, visit_windows
from charts.heatmap import heatmap_figure
from charts.heatmap_marks import BANDS, MISSING, NOT_REACHED
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.participants import GROUPS, lanes_of, listing, longest_in_response_first, states_until_last_count
from outputs.people import STATE_WORDS

EDGES = (10, 30, 50, 100)
JUST = 1e-6  # how far below n, as a share of it, a count reported as <n is taken to lie


@dataclass(frozen=True, eq=False)
class Parts:
    """What is drawn.

    `lanes`: one row per participant in order: USUBJID ARM GROUP. `cells`: one per participant and visit: USUBJID ARM
    AVISITN AVAL BAND (no row after the participant left). `rescues` and `left`: USUBJID AVISITN, the visits whose
    window holds the first day of a rescue, or the day of leaving the study.
    """

    lanes: pd.DataFrame
    cells: pd.DataFrame
    rescues: pd.DataFrame
    left: pd.DataFrame


def platelet_heatmap_output(data: AnalysisData, view: View) -> Output:
    """A row per participant, best answer so far first, the longest in response first within it; a cell per visit."""
    basis = Basis(data, view)
    parts = _parts(basis)
    weeks = visit_windows(basis.definition.visits)["AVISITN"].tolist()
    words = {group: STATE_WORDS[group].capitalize() for group in GROUPS}
    counted = parts.cells[parts.cells["AVAL"].notna()]
    return Output(
        id="platelet_heatmap",
        title="Everybody's platelets",
        subtitle="The count at each visit, ×10⁹/L, best answer so far first. Click a cell to open the participant",
        population=basis.population,
        arms=basis.styles,
        results=counted.rename(columns={"AVISITN": "time", "AVAL": "estimate", "BAND": "band"}).assign(
            method="count at the visit"
        ),
        table=_table(parts, weeks, basis),
        figure=lambda theme, compact: heatmap_figure(
            parts.cells,
            parts.lanes,
            basis.arms,
            rescues=parts.rescues,
            left=parts.left,
            weeks=weeks,
            groups=words,
            theme=theme,
            compact=compact,
        ),
        records=parts.lanes[["USUBJID", "ARM", "GROUP"]].rename(columns={"GROUP": "ANSWERSOFAR"}),
        cell_keys=("ARM", "ANSWERSOFAR"),
        headline="Everybody's platelets",
        detail=_detail(parts.lanes, basis),
        alt="One row per participant by arm, one cell per visit by band of platelets; crosses where rescue began.",
        footnotes=(
            f"{basis.population}. The count nearest to the visit's day in its window. A visit is reached when its "
            "window closed by the cut. After leaving the study there is no cell.",
            *basis.notes(basis.rate_endpoint),
        ),
        badges=basis.badges(basis.rate_endpoint),
        empty=basis.nobody() or ("" if len(counted) else "Nobody has a count at a visit by this cut."),
    )


def _detail(lanes: pd.DataFrame, basis: Basis) -> str:
    endpoint = wording.short_label(basis.rate_endpoint)
    return f"{basis.population}, {wording.plural(len(lanes), 'participant')}; {endpoint} decides the order."


def _parts(basis: Basis) -> Parts:
    listed = listing(basis)
    lanes = longest_in_response_first(lanes_of(listed, states_until_last_count(basis), basis))
    return Parts(lanes[["USUBJID", "ARM", "GROUP"]], _cells(basis), _rescues(basis), _left(basis))


def _cells(basis: Basis) -> pd.DataFrame:
    """One row per participant and visit until the participant left; BAND says why there is no count."""
    windows = visit_windows(basis.definition.visits)
    people = basis.subjects[["USUBJID", "ARM", "DCUTDY", "EOSDY", "DTHDY"]]
    grid = people.merge(windows[["AVISITN", "LOW", "HIGH"]], how="cross")
    counts = basis.daily_counts
    counts = counts[(counts["VISITFL"] == "Y") & counts["AVAL"].notna()]
    grid = grid.merge(counts[["USUBJID", "AVISITN", "AVAL", "CENSOR"]], on=["USUBJID", "AVISITN"], how="left")
    gone = grid["LOW"] > grid[["EOSDY", "DTHDY"]].min(axis=1)
    band = np.where(
        grid["AVAL"].notna(), _bands(grid), np.where(grid["DCUTDY"] >= grid["HIGH"], MISSING, NOT_REACHED)
    )
    grid = grid.assign(BAND=pd.Series(band, grid.index, dtype="str"))
    kept = grid["AVAL"].notna() | (~gone & grid["DCUTDY"].notna())
    cells = grid.loc[kept, ["USUBJID", "ARM", "AVISITN", "AVAL", "BAND"]]
    return cells.sort_values(["USUBJID", "AVISITN"], ignore_index=True)


def _bands(counts: pd.DataFrame) -> np.ndarray:
    """The band of each count; one reported as <n lies just below n."""
    value = counts["AVAL"].to_numpy(float) * np.where(counts["CENSOR"] == "<", 1 - JUST, 1.0)
    place = np.searchsorted(EDGES, np.nan_to_num(value), side="right")
    return np.array(BANDS, dtype=object)[place]


def _rescues(basis: Basis) -> pd.DataFrame:
    """The visits in whose windows rescue began after the first dose, each once."""
    adcm = basis.records_of(basis.data.adcm)
    classes = [each.cmclas for each in basis.definition.rescue]
    rescue = adcm[adcm["CMCLAS"].isin(classes) & (adcm["ASTDY"] >= 1)]
    return _at_visits(rescue["USUBJID"], rescue["ASTDY"], basis).drop_duplicates(ignore_index=True)


def _left(basis: Basis) -> pd.DataFrame:
    gone = basis.subjects[basis.subjects["STATUS"].isin(["withdrawn", "died"])]
    return _at_visits(gone["USUBJID"], gone[["EOSDY", "DTHDY"]].min(axis=1), basis)


def _at_visits(usubjid: pd.Series, day: pd.Series, basis: Basis) -> pd.DataFrame:
    week = analysis_visit(day.to_numpy(float), basis.definition.visits)
    return pd.DataFrame({"USUBJID": usubjid.to_numpy(), "AVISITN": week}).dropna()


def _table(parts: Parts, weeks: list[float], basis: Basis) -> pd.DataFrame:
    """A row per participant, a column per visit: the count, "missing", or nothing where there is none to come yet."""
    cells, lanes = parts.cells, parts.lanes
    words = cells["AVAL"].map(wording.count).where(cells["BAND"] != MISSING, "missing")
    wide = cells.assign(WORDS=words).pivot(index="USUBJID", columns="AVISITN", values="WORDS")
    wide = wide.reindex(index=lanes["USUBJID"], columns=weeks).fillna("").astype("str")
    named = {"Participant": lanes["USUBJID"].to_numpy(), "Arm": lanes["ARM"].map(basis.labels).to_numpy()}
    named["So far"] = lanes["GROUP"].map(STATE_WORDS).to_numpy()
    return pd.DataFrame(named | {visit_label(week): wide[week].to_numpy() for week in weeks})
