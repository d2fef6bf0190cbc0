"""How long the participants have been followed: the median by reverse Kaplan-Meier, with its interval."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.survival import EVERYBODY, reverse_kaplan_meier_followup
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.small_cells import few
from outputs.summary_cards import WHY_REVERSE, summary_card

TOO_FEW = "Too few participants: the follow-up of one would give back the first dose."
NO_MEDIAN = "Nobody followed, or half of them died."
NO_LIMIT = "Too few followed to their end: a limit of the curve does not fall to one half."


def followup_output(data: AnalysisData, view: View) -> Output:
    """Median follow-up by arm and of all."""
    basis = Basis(data, view)
    results = reverse_kaplan_meier_followup(basis.subjects, basis.trts)
    small = results["N"].map(few)
    numbers = ["estimate", "conf_low", "conf_high"]
    results[numbers] = results[numbers].mask(small)
    unknown = [small, results["estimate"].isna(), results[["conf_low", "conf_high"]].isna().any(axis=1)]
    results["note"] = np.select(unknown, [TOO_FEW, NO_MEDIAN, NO_LIMIT], "")
    return Output(
        id="followup",
        title="Follow-up",
        subtitle="Median weeks by reverse Kaplan-Meier: the end of follow-up counts, death censors",
        population=basis.population,
        arms=basis.styles,
        results=results,
        table=_table(results, basis),
        headline=_headline(results),
        footnotes=(
            f"{basis.population}, {wording.plural(len(basis.subjects), 'participant')}. "
            "Followed to the cut, the end of study or death, whichever is first; limits after Brookmeyer and Crowley.",
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=(
            summary_card("Follow-up, median weeks", results, [], basis, reason=WHY_REVERSE, words=_words),
        ),
        empty=basis.nobody(),
    )


def _words(row) -> tuple[str, str]:
    limits = _limits(row)
    return wording.weeks(row.estimate), f"95% CI {limits}" if limits else ""


def _table(results: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    names = basis.labels | {EVERYBODY: basis.labels.get(EVERYBODY, EVERYBODY)}
    return pd.DataFrame(
        [
            {
                "Arm": names[row.arm],
                "Participants": str(row.N),
                "Died": str(row.N - row.n),
                "Median weeks": wording.NOT_ESTIMABLE
                if np.isnan(row.estimate)
                else wording.weeks(row.estimate),
                "95% CI": _limits(row),
            }
            for row in results.itertuples()
        ],
        columns=["Arm", "Participants", "Died", "Median weeks", "95% CI"],
    )


def _limits(row) -> str:
    if np.isnan(row.conf_low) and np.isnan(row.conf_high):
        return ""
    return f"{wording.weeks(row.conf_low)} to {wording.weeks(row.conf_high)}"


def _headline(results: pd.DataFrame) -> str:
    everybody = results.loc[results["arm"] == EVERYBODY, "estimate"]
    if everybody.isna().all():
        return "Follow-up: no median at this cut"
    return f"Follow-up: median {wording.weeks(float(everybody.iloc[0]))} weeks"
