"""Those due without an answer, missing or pending: who they are, and what the strategies make of them."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.covariates import design_matrix
from analysis.imputation import IMPUTATIONS, SEED, Imputed, impute_responses, monte_carlo_error
from analysis.last_observed import last_observed_response
from analysis.missing import arm_counts, due_answers, strategy_results, unknown_states
from outputs import wording
from outputs.basis import Basis
from outputs.people import STATE_WORDS, people
from trialdata.definition import RATE_KINDS
from trialdata.errors import StudyDataError

WORDS = {"missing": "missing", "pending and missing": "pending or missing"}


@dataclass(frozen=True, eq=False)
class Unanswered:
    """The due of one endpoint, those of them whose answer is replaced (`which`), and their imputation."""

    basis: Basis
    which: str

    @cached_property
    def due(self) -> pd.DataFrame:
        """One row per participant due: ARM, AVALC, RESPONDS, UNKNOWN."""
        return due_answers(self.basis.results_of(self.basis.rate_endpoint), self.which)

    @cached_property
    def counts(self) -> pd.DataFrame:
        """Per arm (index): responders, due, unknown."""
        return arm_counts(self.due, self.basis.trts)

    @cached_property
    def _imputation(self) -> tuple[dict[str, Imputed], tuple[str, ...]]:
        basis = self.basis
        adsl = basis.subjects[basis.subjects["USUBJID"].isin(self.due["USUBJID"])].sort_values("USUBJID")
        try:
            design = design_matrix(adsl, basis.definition.covariates)
        except StudyDataError as error:
            nothing = np.full(IMPUTATIONS, math.nan)
            due = self.counts["due"]
            return {trt: Imputed(nothing, int(due[trt]), str(error)) for trt in basis.trts}, ()
        return impute_responses(self.due, design.matrix, basis.trts), design.notes

    @property
    def imputed(self) -> dict[str, Imputed]:
        return self._imputation[0]

    @cached_property
    def results(self) -> pd.DataFrame:
        """`strategy_results`; without p-values where none are shown, with one arm without best and worst case."""
        basis = self.basis
        results = strategy_results(
            self.due,
            basis.trts,
            basis.comparisons,
            carried=last_observed_response(basis.data, basis.rate_endpoint.paramcd),
            imputed=self.imputed,
        )
        if not basis.comparisons:
            results = results[~results["strategy"].isin(["best", "worst"])]
        if basis.untested:
            results = results.assign(p_value=np.nan, statistic=np.nan)
        return results.reset_index(drop=True)

    @cached_property
    def records(self) -> pd.DataFrame:
        """`people` without an answer."""
        listed = people(self.basis, self.basis.rate_endpoint)
        return listed[listed["STATE"].isin(unknown_states(self.which))].reset_index(drop=True)

    def nothing(self) -> str:
        """Why there is nothing to replace; empty when there is."""
        states = self.due["AVALC"]
        if self.basis.nobody():
            return self.basis.nobody()
        if self.due.empty:
            return "Nobody is due for this endpoint at this cut."
        if self.due["UNKNOWN"].any():
            return ""
        pending = int((states == "PENDING").sum())
        if pending:
            return (
                f"Nobody due is missing: nothing to impute. {wording.plural(pending, 'answer')} pending: "
                "choose pending and missing."
            )
        whole = f"All {wording.plural(len(self.due), 'participant')} due have an answer: nothing to impute."
        return " ".join([whole, *self._elsewhere()])

    def _elsewhere(self) -> list[str]:
        """The endpoints of the study with somebody due whose answer is replaced."""
        others = [
            endpoint.label
            for endpoint in self.basis.definition.endpoints
            if endpoint.kind in RATE_KINDS
            and due_answers(self.basis.results_of(endpoint), self.which)["UNKNOWN"].any()
        ]
        return [f"There are {WORDS[self.which]} answers to {wording.joined(others)}."] if others else []

    def who(self) -> str:
        """The denominator and those without an answer by arm: "Missing: 5 of 60 in A and 4 of 59 in B."."""
        parts = []
        for state in ("MISSING", "PENDING"):
            counted = self.due.loc[self.due["AVALC"] == state, "ARM"].value_counts()
            if len(counted):
                arms = [
                    f"{counted.get(arm.trt, 0)} of {self.counts['due'][arm.trt]} in {arm.label}"
                    for arm in self.basis.arms
                ]
                parts.append(f"{STATE_WORDS[state].split()[0].capitalize()}: {wording.joined(arms)}.")
        return " ".join([f"{self.basis.population}, due at this cut.", *parts])

    def imputation_note(self) -> str:
        """How the imputations were made, and what was left out of the model of an arm."""
        covariates = ", ".join(self.basis.definition.covariates) or "no covariate"
        arms = [
            f"{self.basis.labels[trt]}: {drawn.note.removesuffix('.')}."
            for trt, drawn in self.imputed.items()
            if drawn.note
        ]
        return " ".join(
            [
                f"Multiple imputation: logistic regression within each arm on {covariates}; {IMPUTATIONS} imputations, "
                f"seed {SEED}; Rubin's rules, degrees of freedom of Barnard and Rubin, t interval"
                f"{self._monte_carlo()}.",
                *self._imputation[1],
                *arms,
            ]
        )

    def _monte_carlo(self) -> str:
        for experimental, control in self.basis.comparisons:
            difference = self.imputed[experimental].rates - self.imputed[control].rates
            if not np.isnan(difference).any():
                error = wording.fixed(100 * monte_carlo_error(difference), 1)
                return f", Monte-Carlo error of the estimate {error} points"
        return ""
