"""Negative controls: what the treatment cannot change, as a value per participant, and how the arms differ in it.

Rules: docs/reference/nonrandomised.md, section 10.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.observational.differences import (
    crude_difference,
    is_share,
    standardised_by,
    weighted_difference,
)
from analysis.observational.propensity import Propensity
from analysis.observational.resamples import Resamples
from analysis.safety.events import AdverseEvents, of_special_interest
from trialdata.definition import NegativeControl
from trialdata.errors import StudyDataError


@dataclass(frozen=True, eq=False)
class Difference:
    """One control in the two arms compared: weighted and crude (as `weighted_difference`), and its spread.

    `expected`: the arms should not differ in it; a placebo is a covariate of which the score was kept ignorant.
    `share`: 0 and 1, so that means are shares. `counts`: who has it of each arm, experimental first; of a number who
    has a value.
    """

    label: str
    weighted: dict
    crude: dict
    spread: float
    share: bool
    counts: tuple[int, int]
    sizes: tuple[int, int]
    expected: bool = True

    @property
    def apart(self) -> bool | None:
        """Whether the weighted interval excludes no difference; None without an interval."""
        low, high = self.weighted["conf_low"], self.weighted["conf_high"]
        return None if np.isnan(low) or np.isnan(high) else not low <= 0 <= high


def control_difference(
    label: str,
    propensity: Propensity,
    values: np.ndarray,
    estimand: str,
    *,
    drawn: Resamples | None = None,
    expected: bool = True,
) -> Difference:
    """The difference in `values`, in the order of the score, between the arms by the weights of an estimand."""
    arm, share = propensity.groups.arm, is_share(values)
    having = values == 1 if share else np.isfinite(values)
    return Difference(
        label,
        weighted_difference(propensity, values, estimand, drawn=drawn),
        crude_difference(values, arm),
        standardised_by(values, arm),
        share,
        (int(having[arm == 1].sum()), int(having[arm == 0].sum())),
        propensity.groups.sizes,
        expected,
    )


def column_values(people: pd.DataFrame, control: NegativeControl) -> pd.Series:
    """The control's column as numbers by USUBJID, of those who have a value; with `value` 1 for who has that one."""
    if control.column not in people:
        raise StudyDataError(f"{control.column} is not a column of adsl.")
    values = people.set_index("USUBJID")[control.column]
    values = values[values.notna() & (values.astype("str").str.strip() != "")]
    if values.empty:
        raise StudyDataError(f"{control.column} has no value in the participants compared.")
    numeric = pd.api.types.is_numeric_dtype(values)
    if control.value:
        texts = values.map("{:g}".format) if numeric else values.astype("str").str.strip()
        return (texts == control.value.strip()).astype(float)
    if not numeric:
        raise StudyDataError(f"{control.column} is text: name the value whose share is compared.")
    return values.astype(float)


def event_values(events: AdverseEvents, people: pd.DataFrame, control: NegativeControl) -> pd.Series:
    """1 for the participants with any of the control's adverse events, else 0, by USUBJID."""
    if "ANY" not in events.recorded:
        raise StudyDataError("The cut has no adverse events.")
    found = of_special_interest(events.rows, control.terms, control.body_systems)
    who = people["USUBJID"]
    return pd.Series(who.isin(events.rows.loc[found, "USUBJID"]).to_numpy(float), index=pd.Index(who))
