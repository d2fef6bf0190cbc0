"""Overlap of the propensity scores: how often each score is found in each arm, and who is unlike the other arm."""

from functools import partial

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.observational.propensity import Propensity
from charts.observational.overlap import overlap_figure
from outputs import wording
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.observational.attempt import attempt
from outputs.observational.compared import Compared
from outputs.observational.warnings import overlap_warnings
from outputs.output import Card, Output, View
from outputs.response import NOT_RANDOMISED
from outputs.slide_bars import histogram

TITLE = "Overlap of the scores"
BINS = 20
OUTSIDE = "outside the common support"
AREA = "area under the curve"
PAIRS = "Share of pairs in which the experimental participant has the higher score, ties one half"
WHY_AREA = (
    "It says how well the covariates tell the arms apart; it is no measure of the quality of the score."
)
NO_MEASURE = f"Of the {AREA}: 0.5 is no difference between the arms, near 1 no overlap."
SUPPORT = (
    "Common support: from the higher of the two arms' lowest scores to the lower of their highest. Hollow bars are "
    "outside."
)


def propensity_overlap_output(
    data: AnalysisData, view: View, *, arm: str = "", estimand: str = "ATO"
) -> Output:
    """Histograms of the scores by arm with the common support, and who falls outside."""
    basis = Basis(data, view)
    compared, why = attempt(basis, arm=arm)
    if compared is None:
        return nothing_to_show(basis, "propensity_overlap", TITLE, why)
    propensity, styles = compared.propensity, (compared.experimental, compared.control)
    bins = score_bins(compared)
    numbers = _numbers(compared)
    low, high = propensity.support
    outside = int(propensity.outside.sum())
    return Output(
        id="propensity_overlap",
        title=TITLE,
        subtitle="Participants by propensity score, the probability of the experimental arm given the covariates",
        population=basis.population,
        arms=basis.styles,
        results=pd.concat([numbers, bins], ignore_index=True).astype({"outside": "boolean"}),
        table=_table(compared),
        figure=partial(_drawn, bins, styles, (low, high)),
        chart=lambda: histogram(bins, styles, "Participants by propensity score, from"),
        records=_records(compared),
        cell_keys=("GROUP", "ARM"),
        headline=f"{outside} of {len(propensity.scores)} participants lie outside the common support of the scores",
        alt=(
            f"Mirrored histogram of the scores. Common support {wording.fixed(low, 2)} to {wording.fixed(high, 2)}; "
            f"{outside} of {len(propensity.scores)} participants outside; {AREA} {wording.fixed(propensity.area, 2)}."
        ),
        footnotes=(
            NOT_RANDOMISED,
            f"{AREA.capitalize()} {wording.fixed(propensity.area, 2)}. {NO_MEASURE}",
            SUPPORT,
            *overlap_warnings(compared, estimand),
            f"{compared.sizes}.",
            *compared.notes(),
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=(_card(propensity),),
    )


def _drawn(bins: pd.DataFrame, arms, support: tuple[float, float], theme: str, compact: bool):
    return overlap_figure(bins, arms, support=support, theme=theme, compact=compact)


def score_bins(compared: Compared) -> pd.DataFrame:
    """One row per arm, bin of a twentieth and side of the support: `n` of `N`; `group` is the cell it lists."""
    rows = _participants(compared)
    sizes = rows["ARM"].value_counts()
    counted = rows.groupby(["ARM", "BIN", "OUT"], as_index=False).size()
    return pd.DataFrame(
        {
            "arm": counted["ARM"],
            "low": counted["BIN"] / BINS,
            "high": (counted["BIN"] + 1) / BINS,
            "outside": counted["OUT"],
            "group": [
                OUTSIDE if out else bin_words(place)
                for place, out in counted[["BIN", "OUT"]].itertuples(index=False)
            ],
            "n": counted["size"].astype("Int64"),
            "N": counted["ARM"].map(sizes).astype("Int64"),
            "measure": "score",
            "method": "count",
        }
    )


def bin_words(place: int) -> str:
    return f"score {wording.fixed(place / BINS, 2)} to {wording.fixed((place + 1) / BINS, 2)}"


def _participants(compared: Compared) -> pd.DataFrame:
    """One row per participant: USUBJID, ARM, SCORE, the bin of the score and whether it is outside the support."""
    groups, propensity = compared.groups, compared.propensity
    return pd.DataFrame(
        {
            "USUBJID": groups.usubjid,
            "ARM": np.where(groups.arm == 1, compared.experimental.trt, compared.control.trt),
            "SCORE": propensity.scores,
            "BIN": np.minimum((propensity.scores * BINS).astype(int), BINS - 1),
            "OUT": propensity.outside,
        }
    )


def _records(compared: Compared) -> pd.DataFrame:
    """One row per participant and group: outside the support, and the bin of the score where inside it."""
    rows = _participants(compared)
    group = rows["BIN"].map(bin_words).mask(rows["OUT"], OUTSIDE)
    ordered = rows.assign(GROUP=group).sort_values(["OUT", "BIN", "USUBJID"], ascending=[False, True, True])
    return ordered[["USUBJID", "ARM", "GROUP", "SCORE"]].reset_index(drop=True)


def _numbers(compared: Compared) -> pd.DataFrame:
    """The area under the curve, the ends of the support, and `n` outside of `N` by arm."""
    propensity = compared.propensity
    low, high = propensity.support
    rows = _participants(compared)
    whole = [
        {"arm": "", "measure": AREA, "estimate": propensity.area, "method": PAIRS},
        {"arm": "", "measure": "common support", "low": low, "high": high, "method": "overlap of the ranges"},
    ]
    by_arm = [
        {
            "arm": each.trt,
            "measure": OUTSIDE,
            "n": int(rows.loc[rows["ARM"] == each.trt, "OUT"].sum()),
            "N": int((rows["ARM"] == each.trt).sum()),
            "method": "count",
        }
        for each in (compared.experimental, compared.control)
    ]
    frame = pd.DataFrame([*whole, *by_arm]).astype({"n": "Int64", "N": "Int64"})
    return frame.assign(estimate=frame["estimate"].astype(float))


def _table(compared: Compared) -> pd.DataFrame:
    """A row per arm: participants, range of the scores, outside the common support below and above."""
    rows = _participants(compared)
    low, high = compared.propensity.support
    lines = []
    for each in (compared.experimental, compared.control):
        scores = rows.loc[rows["ARM"] == each.trt, "SCORE"]
        lines.append(
            {
                "Arm": each.label,
                "Participants": str(len(scores)),
                "Scores": f"{wording.fixed(scores.min(), 2)} to {wording.fixed(scores.max(), 2)}",
                "Median": wording.fixed(scores.median(), 2),
                "Below the common support": str(int((scores < low).sum())),
                "Above it": str(int((scores > high).sum())),
            }
        )
    return pd.DataFrame(lines)


def _card(propensity: Propensity) -> Card:
    return Card(
        title=AREA.capitalize(),
        estimate=wording.fixed(propensity.area, 2),
        method=PAIRS,
        reason=WHY_AREA,
    )
