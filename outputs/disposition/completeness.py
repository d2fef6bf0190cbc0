"""How completely the participants were followed: days observed of those possible, and median follow-up."""

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.disposition import ALL, completeness_of_followup, days_followed
from analysis.survival import reverse_kaplan_meier_followup
from analysis.visits import visit_windows
from outputs import wording
from outputs.basis import Basis
from outputs.output import Output, View
from outputs.planned import planned, planned_note
from outputs.small_cells import few
from outputs.summary_cards import WHY_REVERSE, summary_card

WHY_CLARK = "Person-time shows late and early losses for what they are; a share of participants does not."
TOO_FEW = "Days of fewer than five participants would give back the first dose and are not shown."
FOLLOWED_LESS = "Followed for less than possible"


def follow_up_completeness_output(data: AnalysisData, view: View) -> Output:
    """Days followed of the days that could have been followed, by arm, with the median follow-up."""
    basis = Basis(data, view)
    subjects = planned(basis)
    days = days_followed(subjects, planned_end(basis))
    results, median = _without_few(*_numbers(subjects, days, basis))
    unknown = len(subjects) - len(days)
    return Output(
        id="follow_up_completeness",
        title="Completeness of follow-up",
        subtitle="Days followed of the days possible up to the cut or the last planned visit",
        population=basis.population,
        arms=basis.styles,
        results=results.assign(
            median=median["estimate"].to_numpy(), median_method=median["method"].to_numpy()
        ),
        table=_table(results, median, basis),
        records=_records(days),
        cell_keys=("FOLLOWED", "ARM"),
        headline=_headline(results, basis),
        detail=f"{basis.population}, {wording.plural(len(subjects), 'participant')}.",
        footnotes=(
            f"{basis.population}. Followed to the end of study or death, at most to the cut or day "
            f"{wording.fixed(planned_end(basis))}, the last planned visit; who died or completed was followed whole.",
            *(
                [f"Not counted, end of follow-up unknown: {wording.plural(unknown, 'participant')}."]
                if unknown
                else []
            ),
            *([TOO_FEW] if results["estimate"].isna().any() and len(days) else []),
            *planned_note(basis),
            *basis.notes(),
        ),
        badges=basis.badges(),
        cards=(
            summary_card(
                "Completeness of follow-up", results, [], basis, reason=WHY_CLARK, words=_share_words
            ),
            summary_card(
                "Follow-up, median weeks", median, [], basis, reason=WHY_REVERSE, words=_median_words
            ),
        ),
        empty=basis.nobody(),
    )


def planned_end(basis: Basis) -> float:
    """The planned day of the last visit."""
    return float(visit_windows(basis.definition.visits)["TARGET"].max())


def _numbers(subjects: pd.DataFrame, days: pd.DataFrame, basis: Basis) -> tuple[pd.DataFrame, pd.DataFrame]:
    results = completeness_of_followup(days, basis.trts)
    known = subjects[subjects["USUBJID"].isin(days["USUBJID"])]
    median = reverse_kaplan_meier_followup(known, basis.trts)
    if len(basis.arms) == 1:  # "All" is the arm
        return results[results["arm"] == basis.trts[0]][:1], median[median["arm"] == basis.trts[0]][:1]
    return results, median


def _without_few(results: pd.DataFrame, median: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Days of few participants, or what gives them back with the others, would tell the day of the cut."""
    small = results["N"].map(few)
    told = small | ((results["arm"] == ALL) & small.any())
    hidden = ["days", "possible", "estimate"]
    limits = ["estimate", "conf_low", "conf_high"]
    return (
        results.assign(**results[hidden].mask(told)).reset_index(drop=True),
        median.assign(**median[limits].mask(median["N"].map(few))).reset_index(drop=True),
    )


def _records(days: pd.DataFrame) -> pd.DataFrame:
    less = days[days["FOLLOWED"] < days["POSSIBLE"]]
    return less[["USUBJID", "ARM"]].assign(FOLLOWED=FOLLOWED_LESS).reset_index(drop=True)


def _table(results: pd.DataFrame, median: pd.DataFrame, basis: Basis) -> pd.DataFrame:
    names = {ALL: ALL} | basis.labels
    weeks = dict(zip(median["arm"], median["estimate"], strict=True))
    rows = [
        {
            "Arm": names[row.arm],
            "Participants": str(row.N),
            "Days followed": _days(row.days),
            "Days possible": _days(row.possible),
            "Completeness": _percent(row.estimate),
            FOLLOWED_LESS: str(row.n),
            "Median follow-up, weeks": _median_words_of(weeks.get(row.arm, np.nan)),
        }
        for row in results.itertuples()
    ]
    return pd.DataFrame(rows)


def _days(value: float) -> str:
    return "–" if np.isnan(value) else wording.fixed(value)


def _percent(share: float) -> str:
    return "–" if np.isnan(share) else f"{wording.fixed(100 * share, 1)}%"


def _median_words_of(days: float) -> str:
    return wording.NOT_ESTIMABLE if np.isnan(days) else wording.weeks(days)


def _share_words(row) -> tuple[str, str]:
    return _percent(row.estimate), f"{_days(row.days)} of {_days(row.possible)} days"


def _median_words(row) -> tuple[str, str]:
    limits = (
        ""
        if np.isnan(row.conf_low)
        else f"95% CI {wording.weeks(row.conf_low)} to {wording.weeks(row.conf_high)}"
    )
    return wording.weeks(row.estimate), limits


def _headline(results: pd.DataFrame, basis: Basis) -> str:
    shares = results.set_index("arm")["estimate"]
    return f"Completeness of follow-up: {' vs '.join(_percent(float(shares[trt])) for trt in basis.trts)}"
