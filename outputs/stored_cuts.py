"""The imported data cuts of a study, as a list. Not in the catalogue: it is about no single data cut."""

from collections.abc import Sequence

import pandas as pd

from outputs.output import Output
from trialdata.store.stored_cut import StoredCut


def stored_cuts_output(cuts: Sequence[StoredCut]) -> Output:
    """One row per imported data cut, the retired too."""
    table = pd.DataFrame(
        {
            "Data cut": [str(cut.cutoff) for cut in cuts],
            "State": ["standing" if cut.standing else f"retired: {cut.reason}" for cut in cuts],
            "Rows": [f"{cut.rows:,}" for cut in cuts],
            "Accepted (UTC)": [cut.accepted.replace("T", " ").rstrip("Z") for cut in cuts],
            "Id": [cut.id[:12] for cut in cuts],
        }
    )
    columns = ["id", "study", "cutoff", "rows", "accepted", "version", "retired", "reason"]
    return Output(
        id="stored_cuts",
        title="Imported data cuts",
        subtitle="Kept unchanged, and verified whenever one is read",
        results=pd.DataFrame([[str(getattr(cut, c)) for c in columns] for cut in cuts], columns=columns),
        table=table,
        empty="" if len(cuts) else "No data cut of this study was imported yet.",
    )
