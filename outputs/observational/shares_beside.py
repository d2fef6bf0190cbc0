"""Beside each crude difference of shares the one by overlap weights, or why there is none.

Rules: docs/reference/nonrandomised.md, sections 6, 7 and 11.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd

from analysis.observational.differences import weighted_difference
from analysis.observational.methods import OVERLAP_WEIGHTS
from analysis.observational.weighting import OVERLAP
from outputs import wording
from outputs.basis import Basis
from outputs.cards import card
from outputs.observational.answers import in_order
from outputs.observational.weighted import INTERVALS, WHY_BOOTSTRAP, Weighted, weighted
from outputs.output import Card
from outputs.response import headline_differences
from outputs.shares import weighted_cell, weighted_differences
from trialdata.errors import StudyDataError

CRUDE_NAME, WEIGHTED_NAME = "Crude", "By overlap weights"
NUMBERS = ["estimate", "std_err", "conf_low", "conf_high"]
SANDWICH_ERROR = "Standard error: sandwich of score and shares."


@dataclass(frozen=True, eq=False)
class SharesBeside:
    """Several shares of an output, the answers (1 or 0 by USUBJID) by name; none where arms were randomised.

    The score of each comparison is fitted among those who have an answer.
    """

    basis: Basis
    column: str  # of the names in results
    answers: Mapping[str, pd.Series]

    @cached_property
    def compared(self) -> dict[tuple[str, tuple[str, str]], Weighted | str]:
        """By name and comparison what is weighted, or the sentence that says why nothing can be."""
        known: dict[tuple, Weighted | str] = {}
        found = {}
        for name, answered in self.answers.items():
            for pair in self.basis.comparisons:
                same = (pair, tuple(answered.index))
                if same not in known:
                    known[same] = _weighted(self.basis, pair, answered.index)
                found[name, pair] = known[same]
        return found

    @cached_property
    def results(self) -> pd.DataFrame:
        """A row per name and comparison: difference with standard error and limits, `note` why one is missing."""
        rows = [
            {self.column: name, "comparison": " - ".join(pair), "measure": "difference"}
            | self._numbers(name, found)
            | {"method": OVERLAP_WEIGHTS.name}
            for (name, pair), found in self.compared.items()
        ]
        columns = [self.column, "comparison", "measure", *NUMBERS, "note", "method"]
        return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(NUMBERS, float))

    def _numbers(self, name: str, found: Weighted | str) -> dict[str, object]:
        if isinstance(found, str):
            return dict.fromkeys(NUMBERS, np.nan) | {"note": found}
        groups = found.compared.groups
        values = in_order(self.answers[name].astype(float), groups.usubjid)
        drawn = None if found.refused() else found.resamples
        numbers = weighted_difference(found.compared.propensity, values, OVERLAP, drawn=drawn)
        return {key: numbers[key] for key in (*NUMBERS, "note")}

    def beside(self, cheap: pd.DataFrame) -> pd.DataFrame:
        """The results of an output with these rows below them."""
        if not self.answers:
            return cheap
        both = pd.concat([cheap, self.results], ignore_index=True)
        return both.assign(note=both["note"].fillna(""))

    def sentence(self, results: pd.DataFrame, name: str) -> str:
        """The weighted difference of one share in words, and for whom it is; empty where arms were randomised."""
        rows = weighted_differences(results)
        own = rows[rows[self.column] == name]
        parts = []
        for row in own.itertuples():
            said = f"not estimable. {row.note}" if pd.isna(row.estimate) else f"{weighted_cell(row)} points."
            prefix = f"{row.comparison}, by" if len(self.basis.comparisons) > 1 else "By"
            parts.append(f"{prefix} overlap weights: {said}")
        whom = dict.fromkeys(each.sentence for each in self.weighted) if own["estimate"].notna().any() else ()
        return " ".join([*parts, *whom])

    @property
    def weighted(self) -> list[Weighted]:
        """Each score with an answer, once."""
        found = dict.fromkeys(each for each in self.compared.values() if isinstance(each, Weighted))
        return [each for each in found if not each.refused()]

    def notes(self) -> tuple[str, ...]:
        """How the weights were made, what weakens the answer, and why a number or an interval is missing."""
        notes = [note for found in self.weighted for note in self._of_score(found)]
        said = self.results[self.results["note"] != ""]
        missing = [
            f"{WEIGHTED_NAME}, {wording.joined([wording.lowered(name) for name in dict.fromkeys(rows[self.column])])}: "
            f"{wording.lowered(str(note))}"
            for note, rows in said.groupby("note", sort=False)
        ]
        head = (INTERVALS, SANDWICH_ERROR) if notes else ()
        return tuple(dict.fromkeys([*head, *notes, *missing]))

    def _of_score(self, found: Weighted) -> Iterator[str]:
        """The notes of one score, with which shares of which arm rest on it where there are several scores."""
        names = [name for (name, _), each in self.compared.items() if each is found]
        named = f"{wording.joined(names)}, {found.compared.experimental.trt}"
        prefix = f"{named}: " if len(self.weighted) > 1 else ""
        for note in found.footnotes()[1:]:  # the notice stands once in each output
            yield f"{prefix}{wording.lowered(note) if prefix else note}"

    def cards(self, cheap: pd.DataFrame) -> tuple[Card, ...]:
        """Of each weighted difference the card, with the crude one beside it."""
        rows = pd.concat([self.results[self.results["estimate"].notna()], headline_differences(cheap)])
        return tuple(
            card(
                own,
                title=f"{name}: difference by overlap weights, {comparison}",
                chosen=OVERLAP_WEIGHTS.name,
                reason=WHY_BOOTSTRAP,
                words=partial(wording.interval_text, scale="points", decimals=1),
            )
            for (name, comparison), own in rows.groupby([self.column, "comparison"], sort=False)
            if (own["method"] == OVERLAP_WEIGHTS.name).any()
        )


def shares_beside(answers: Mapping[str, pd.Series], basis: Basis, *, column: str) -> SharesBeside:
    """The weighted differences of these answers; none where a plain difference is no crude one, or nobody answered."""
    anybody = any(len(answered) for answered in answers.values())
    return SharesBeside(basis, column, answers if anybody and basis.crude else {})


def _weighted(basis: Basis, pair: tuple[str, str], among: pd.Index) -> Weighted | str:
    try:
        return weighted(basis, OVERLAP, "0", arm=pair[0], among=among)
    except StudyDataError as reason:
        return str(reason)


def drawn_differences(results: pd.DataFrame) -> pd.DataFrame:
    """The rows of a figure: each crude difference with its name and, below it, the weighted one, estimable or not."""
    plain, other = headline_differences(results), weighted_differences(results)
    if other.empty:
        return plain
    other = other[other["estimate"].notna() | (other["note"] != "")]
    named = [plain.assign(name=CRUDE_NAME), other.assign(name=WEIGHTED_NAME)]
    return pd.concat(named, ignore_index=True)
