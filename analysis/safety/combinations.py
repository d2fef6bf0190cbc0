"""What was given: the combination of drugs of each participant, and the days and first dose of each drug.

Rule: docs/reference/safety.md, section 5. Assigned treatment stands in ADEX, and is never rescue.
"""

import pandas as pd

NOTHING = "none recorded"


def drugs_given(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per participant and drug with a dose: USUBJID, ARM, DRUG, DAYS (first to last day), DOSE and UNIT.

    `rows` as `analysis.safety.doses.dose_rows` gives them. DOSE and UNIT are those of the first row; UNIT "" and no
    DOSE where it has none.
    """
    given = rows[rows["GIVEN"]].sort_values(["USUBJID", "DRUG", "START", "END"], kind="stable")
    by_drug = given.groupby(["USUBJID", "DRUG"])
    span = by_drug.agg(ARM=("ARM", "first"), FIRST=("START", "min"), LAST=("END", "max"))
    first = given.drop_duplicates(["USUBJID", "DRUG"]).set_index(["USUBJID", "DRUG"])[["DOSE", "UNIT"]]
    whole = span.join(first).reset_index()
    return whole.assign(DAYS=whole["LAST"] - whole["FIRST"] + 1)


def combinations(given: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """One row per participant of `subjects`: USUBJID, ARM, GIVEN ("Danazol + Prednisone") and DAYS on any of it."""
    by_person = given.sort_values("DRUG", kind="stable").groupby("USUBJID")
    together = by_person.agg(GIVEN=("DRUG", " + ".join), FIRST=("FIRST", "min"), LAST=("LAST", "max"))
    own = subjects[["USUBJID", "ARM"]].merge(together.reset_index(), on="USUBJID", how="left")
    return own.assign(
        GIVEN=own["GIVEN"].astype("str").where(own["GIVEN"].notna(), NOTHING),
        DAYS=own["LAST"] - own["FIRST"] + 1,
    )[["USUBJID", "ARM", "GIVEN", "DAYS"]]
