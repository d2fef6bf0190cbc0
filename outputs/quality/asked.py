"""What every output of quality of life rests on: which questionnaire, its scores, and the words that go with both."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis.adam import AnalysisData
from analysis.quality import Scores, questionnaires_in, scores_of
from charts.quality import fixed_change
from outputs import wording
from outputs.basis import Basis
from outputs.output import View
from outputs.standing import mature_week
from trialdata.definition import Questionnaire

NONE_DEFINED = "The study's definition names no questionnaires: give them under [[questionnaires]]."


@dataclass(frozen=True, eq=False)
class Asked:
    """One questionnaire of the study at one cut as one reader looks at it; `of` is None where there is none."""

    basis: Basis
    of: Questionnaire | None

    @property
    def chosen(self) -> Questionnaire:
        """The questionnaire, where `nothing` is empty."""
        assert self.of is not None
        return self.of

    @cached_property
    def scores(self) -> Scores:
        adqs = self.basis.records_of(self.basis.data.adqs)
        return scores_of(adqs, self.chosen, self.basis.definition.visits)

    @cached_property
    def nothing(self) -> str:
        """Why there is no score to show."""
        defined = self.basis.definition.questionnaires
        if not defined:
            return NONE_DEFINED
        if self.of is None:
            names = " or ".join(each.label for each in defined)
            return f"No score of {names} in adqs at this cut."
        if self.basis.nobody():
            return self.basis.nobody()
        return "" if len(self.scores.visits) else f"No score of {self.of.label} at this cut."

    @cached_property
    def no_change(self) -> str:
        """Why there is no change from baseline to show."""
        if self.nothing or len(self.scores.changes):
            return self.nothing
        return f"Nobody has a score of {self.chosen.label} both at baseline and after it at this cut."

    @property
    def short(self) -> str:
        return self.chosen.label

    @property
    def range_words(self) -> str:
        low, high = self.chosen.range
        return f"{wording.fixed(low)} to {wording.fixed(high)}, {self.chosen.better} is better"

    @property
    def direction(self) -> str:
        """Which side of no change is the better one."""
        return f"{'above' if self.chosen.better == 'higher' else 'below'} 0 is better"

    @property
    def size(self) -> str:
        """The least change that matters, as it is defined."""
        return fixed_change(self.chosen.important_change)

    def last_mature(self, counts: pd.DataFrame) -> float:
        """The last visit of `counts` (arm, time, n) with half of every arm, else the last with anybody."""
        last = counts.loc[counts["n"] > 0, "time"].max()
        return mature_week(counts[counts["time"] > 0], self.basis) or float(last)

    def changes_by_visit(self) -> pd.DataFrame:
        """One row per arm and visit after baseline: `n` participants with a change."""
        counted = self.scores.changes.groupby(["ARM", "AVISITN"]).size()
        weeks = sorted(self.scores.changes["AVISITN"].unique())
        index = pd.MultiIndex.from_product([self.basis.trts, weeks], names=["arm", "time"])
        return counted.reindex(index, fill_value=0).rename("n").reset_index()

    def footnotes(self, *first: str) -> tuple[str, ...]:
        """What was left out and what is assumed, after the notes of one output."""
        notes = [*first, self._out_of_range(), self._assumed(), self.basis.empty_arms()]
        return tuple(note for note in (*notes, *self.basis.notes()) if note)

    def _out_of_range(self) -> str:
        if self.of is None or self.basis.subjects.empty:
            return ""
        rows = self.scores.out_of_range
        if rows.empty:
            return ""
        low, high = (wording.fixed(limit) for limit in self.chosen.range)
        who = wording.plural(rows["USUBJID"].nunique(), "participant")
        return f"Left out: {wording.plural(len(rows), 'score')} of {who} outside {low} to {high}."

    def _assumed(self) -> str:
        if self.of is None or not self.assumed:
            return ""
        return (
            "Assumed, not stated by the registry: range, direction, important change and visits of the score."
        )

    @property
    def assumed(self) -> bool:
        return self.of is not None and (self.of.source == "assumed" or bool(self.of.assumed))

    def badges(self) -> tuple[str, ...]:
        return (*self.basis.badges(), *(("assumed",) if self.assumed else ()))


def asked(data: AnalysisData, view: View, questionnaire: str = "") -> Asked:
    """The questionnaire of that PARAMCD, else the first with a score; ValueError for one the study does not have."""
    defined = {each.paramcd: each for each in data.definition.questionnaires}
    if questionnaire and defined and questionnaire not in defined:
        raise ValueError(f"questionnaire is {questionnaire!r}; expected one of {tuple(defined)}")
    present = questionnaires_in(data.adqs, data.definition.questionnaires)
    first = present[0] if present else None
    return Asked(Basis(data, view), defined.get(questionnaire, first))


def questionnaire_choices(data: AnalysisData) -> dict[str, str]:
    """The questionnaires with a score at this cut: PARAMCD to name."""
    return {each.paramcd: each.label for each in questionnaires_in(data.adqs, data.definition.questionnaires)}


def visit_choices(data: AnalysisData, questionnaire: str) -> dict[str, str]:
    """The visits after baseline with a score, and first the one shown unless another is chosen."""
    of = asked(data, View(), questionnaire)
    weeks = () if of.nothing else of.scores.weeks
    return {"": "Last mature visit"} | {f"{week:g}": f"Week {week:g}" for week in weeks if week > 0}
