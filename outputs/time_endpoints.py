"""The time endpoints of a study: their words, and the curves' values in landmark weeks."""

import numpy as np
import pandas as pd

from analysis.survival import landmark
from outputs import wording
from outputs.basis import Basis
from outputs.nothing import nothing_to_show
from outputs.output import Output
from outputs.response import NOT_RANDOMISED
from trialdata.definition import Endpoint

LANDMARK_WEEKS = (12, 26, 52)
KINDS = {
    "time_to_response": (
        "Time to first response",
        "Participants with a first response",
        "Weeks from first dose",
    ),
    "duration_of_response": (
        "Duration of response",
        "Responders still in response",
        "Weeks from onset of response",
    ),
    "treatment_failure": (
        "Freedom from treatment failure",
        "Participants without failure",
        "Weeks from first dose",
    ),
}


def endpoint_of_kind(basis: Basis, kind: str) -> Endpoint | None:
    """The study's first endpoint of a kind; None without one."""
    return next((e for e in basis.definition.endpoints if e.kind == kind), None)


def undefined(basis: Basis, output_id: str, title: str, kind: str) -> Output:
    """The output of an endpoint that the study does not have."""
    return nothing_to_show(basis, output_id, title, f"The study defines no endpoint of kind {kind}.")


def landmarks(curve: pd.DataFrame) -> pd.DataFrame:
    """One row per arm and landmark week that some arm's curve reaches, with the curve's value there."""
    at = landmark(curve, [7 * week for week in LANDMARK_WEEKS])
    at = at.assign(week=at["time"] / 7)
    known = at["estimate"].notna().groupby(at["week"]).transform("any")
    return at[known].reset_index(drop=True)


def latest_common(at: pd.DataFrame) -> pd.DataFrame:
    """The rows of the last landmark week at which every arm's curve is known."""
    everywhere = at["estimate"].notna().groupby(at["week"]).transform("all")
    return at[everywhere & (at["week"] == at.loc[everywhere, "week"].max())]


def association(basis: Basis) -> tuple[str, ...]:
    return (NOT_RANDOMISED,) if basis.crude else ()


def landmark_table(at: pd.DataFrame, basis: Basis, name: str) -> pd.DataFrame:
    rows = []
    for week, part in at.groupby("week"):
        by_arm = part.set_index("arm")
        cells = {
            basis.labels[trt]: _share_cell(by_arm.loc[trt]) if trt in by_arm.index else "–"
            for trt in basis.trts
        }
        rows.append({"Measure (95% CI)": f"{name} {week:g}", **cells})
    return pd.DataFrame(rows)


def _share_cell(row: pd.Series) -> str:
    if np.isnan(row["estimate"]):
        return wording.NOT_ESTIMABLE
    share = wording.percent(row["estimate"], 0)
    interval = wording.percent_interval(row["conf_low"], row["conf_high"], 0)
    return f"{share} ({interval})"
