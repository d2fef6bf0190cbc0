"""The platelet heat map: everybody's counts at every visit, sorted by response, with the first count after rescue."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.response import response_states
from charts.heatmap import BANDS, heatmap_figure
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.participants import GROUPS, listing
from outputs.people import STATE_WORDS

EDGES = (10, 30, 50, 100)


def platelet_heatmap_output(data: AnalysisData, view: View) -> Output:
    """A row per participant, best answer so far first, the longest in response first within it; a cell per visit."""
    basis = Basis(data, view)
    lanes = _lanes(basis)
    cells = _cells(basis)
    weeks = sorted(cells["AVISITN"].unique())
    words = {group: STATE_WORDS[group].capitalize() for group in GROUPS}
    return Output(
        id="platelet_heatmap",
        title="Everybody's platelets",
        subtitle="The count at each visit, ×10⁹/L, best answer so far first. Click a cell to open the participant",
        population=basis.population,
        arms=basis.styles,
        results=cells.rename(columns={"AVISITN": "time", "AVAL": "estimate"})[
            ["USUBJID", "ARM", "time", "estimate", "RESCUED"]
        ].assign(method="count at the visit"),
        table=_table(lanes, cells, weeks, basis),
        figure=lambda theme, compact: heatmap_figure(
            cells, lanes, basis.arms, weeks=weeks, groups=words, theme=theme, compact=compact
        ),
        records=lanes[["USUBJID", "ARM", "ANSWERSOFAR"]],
        cell_keys=("ARM", "ANSWERSOFAR"),
        headline="Everybody's platelets",
        detail=_detail(lanes, basis),
        alt="One row per participant by arm, one cell per visit, darker with more platelets; crosses after rescue.",
        footnotes=(
            f"{basis.population}. The count nearest to the visit's day in its window; no cell where there is none.",
            *basis.notes(basis.rate_endpoint),
        ),
        badges=basis.badges(basis.rate_endpoint),
        empty=basis.nobody() or ("" if len(cells) else "Nobody has a count at a visit by this cut."),
    )


def _detail(lanes: pd.DataFrame, basis: Basis) -> str:
    endpoint = wording.short_label(basis.rate_endpoint)
    return f"{basis.population}, {wording.plural(len(lanes), 'participant')}; {endpoint} decides the order."


def _lanes(basis: Basis) -> pd.DataFrame:
    """One row per participant in drawing order: USUBJID ARM ANSWERSOFAR GROUP."""
    listed = listing(basis)
    states = response_states(basis.data, basis.rate_endpoint.paramcd)
    inside = states[states["STATE"].isin(["CR", "R"])]
    days = (inside["ENDDY"] - inside["STARTDY"] + 1).groupby(inside["USUBJID"]).sum()
    rank = listed["ANSWERSOFAR"].map({state: place for place, state in enumerate(GROUPS)})
    order = np.lexsort([-listed["USUBJID"].map(days).fillna(0), rank])
    return listed.iloc[order].assign(GROUP=lambda frame: frame["ANSWERSOFAR"]).reset_index(drop=True)


def _cells(basis: Basis) -> pd.DataFrame:
    """One row per participant and visit with a count: USUBJID ARM AVISITN AVAL BAND RESCUED."""
    counts = basis.daily_counts
    seen = counts[(counts["VISITFL"] == "Y") & counts["AVAL"].notna() & counts["AVISITN"].notna()]
    place = np.where(
        seen["CENSOR"] == "<", 0, np.searchsorted(EDGES, seen["AVAL"].to_numpy(float), side="right")
    )
    band = pd.Series(np.array(BANDS, dtype=object)[place], seen.index, dtype="str")
    kept = seen[["USUBJID", "ARM", "AVISITN", "AVAL"]].assign(BAND=band, RESCUED=seen["SHADOW"] != "")
    return kept.sort_values(["USUBJID", "AVISITN"], ignore_index=True)


def _table(lanes: pd.DataFrame, cells: pd.DataFrame, weeks: list[float], basis: Basis) -> pd.DataFrame:
    """A row per participant, a column per visit."""
    wide = cells.pivot_table(index="USUBJID", columns="AVISITN", values="AVAL", aggfunc="first")
    wide = wide.reindex(index=lanes["USUBJID"], columns=weeks)
    named = {"Participant": lanes["USUBJID"].to_numpy(), "Arm": lanes["ARM"].map(basis.labels).to_numpy()}
    named["So far"] = lanes["ANSWERSOFAR"].map(STATE_WORDS).to_numpy()
    by_week = {
        "Baseline" if week == 0 else f"Week {week:g}": wide[week].map(wording.count).to_numpy()
        for week in weeks
    }
    return pd.DataFrame(named | by_week)
