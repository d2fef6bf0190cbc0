"""Words that the outputs of exposure and of medication share: why there is nothing, and what is in no amount."""

import pandas as pd

from analysis.adam import AnalysisData
from analysis.safety.doses import NEGATIVE, NO_DOSE, NO_FREQUENCY, NO_UNIT, OTHER_UNIT
from outputs import wording

WHY_QUARTILES = "Doses are bunched and skewed; median and quartiles need no distribution."
POOLED_DOSES = "The pooled view has no doses: the drug would tell the arm."
POOLED_MEDICATION = (
    "The pooled view has only the classes of rescue, without doses: other medication could tell the arm."
)
WHY_WORDS = {
    NO_DOSE: "without a dose",
    NO_UNIT: "without a unit",
    OTHER_UNIT: "in another unit than planned",
    NO_FREQUENCY: "at an unknown frequency",
    NEGATIVE: "negative",
}


def without_doses(data: AnalysisData, rows: pd.DataFrame) -> str:
    """Why no dose can be shown; empty where there are some."""
    if data.study.view == "pooled":
        return POOLED_DOSES
    return "" if len(rows) else "No dose is recorded at this cut (adex)."


def without_medication(data: AnalysisData) -> str:
    """Why no medication can be shown; empty where some is recorded."""
    return "" if len(data.adcm) else "No medication is recorded at this cut (adcm)."


def uncounted_notes(rows: pd.DataFrame) -> tuple[str, ...]:
    """How many rows of adex are counted in no amount, and why."""
    left_out = rows.loc[rows["WHY"] != "", "WHY"].value_counts()
    if left_out.empty:
        return ()
    said = [f"{n} {WHY_WORDS[why]}" for why, n in left_out.items()]
    whose = rows.loc[rows["WHY"] != "", "USUBJID"].nunique()
    verb = "is" if left_out.sum() == 1 else "are"
    return (
        f"{wording.plural(left_out.sum(), 'dose record')} of {wording.plural(whose, 'participant')} {verb} "
        f"in no amount: {', '.join(said)}.",
    )
