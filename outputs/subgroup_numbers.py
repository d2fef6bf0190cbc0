"""The numbers behind the forest of subgroups: counts, estimates and interaction tests in one results frame."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.rate_methods import INTERVALS
from analysis.subgroup_rates import level_comparisons, rate_interactions
from analysis.subgroup_times import HAZARD_RATIO, HAZARDS, hazard_interactions, level_hazard_ratios
from analysis.subgroups import (
    ALL,
    LEVEL,
    MISSING,
    column_trouble,
    level_counts,
    subgroup_members,
    tables_of,
)
from charts.format import of
from outputs.basis import Basis
from trialdata.definition import TIME_KINDS, Endpoint

METHODS = {measure: tuple(methods) for measure, methods in INTERVALS.items()} | {HAZARD_RATIO: tuple(HAZARDS)}
LEFT_OUT = {"nonresponse": (), "exclude": ("PENDING", "MISSING")}
COUNT = "count"
COLUMNS = ["comparison", *LEVEL, "arm", "measure", "n", "N", "estimate", "conf_low", "conf_high"]
COLUMNS += ["statistic", "df", "p_value", "method", "note"]


def endpoint_of(basis: Basis, measure: str) -> Endpoint | None:
    """The chosen endpoint where the measure suits it, else the study's own: the primary, or its first failure time."""
    if measure != HAZARD_RATIO:
        return basis.rate_endpoint
    times = [e for e in basis.definition.endpoints if e.kind in TIME_KINDS]
    if basis.endpoint.kind in TIME_KINDS:
        return basis.endpoint
    return next((e for e in times if e.kind == "treatment_failure"), times[0] if times else None)


@dataclass(frozen=True, eq=False)
class SubgroupNumbers:
    """One endpoint in the subgroups of the study, by one measure and method."""

    basis: Basis
    endpoint: Endpoint
    measure: str
    method: str
    missing: str

    @property
    def timed(self) -> bool:
        return self.measure == HAZARD_RATIO

    @cached_property
    def members(self) -> pd.DataFrame:
        """One row per participant of the analysis set and subgroup column."""
        return subgroup_members(self.basis.subjects, self.basis.definition.subgroups)

    @cached_property
    def troubles(self) -> dict[str, str]:
        """Why a column has no levels, by column."""
        shown = set(self.members["column"])
        without = [s for s in self.basis.definition.subgroups if s.column not in shown]
        found = {s.column: column_trouble(self.basis.subjects, s) for s in without}
        return {column: words for column, words in found.items() if words}

    @cached_property
    def counted(self) -> pd.DataFrame:
        """One row per participant of the denominator: USUBJID ARM AVAL (1 response or event)."""
        if self.timed:
            times = self.basis.times_of(self.endpoint)
            times = times[times["AVAL"].notna()]
            return times.assign(AVAL=(times["CNSR"] == 0).astype(int))
        answers = self.basis.results_of(self.endpoint)
        left_out = answers["AVALC"].isin(LEFT_OUT[self.missing])
        return answers[(answers["DUEFL"] == "Y") & ~left_out]

    @cached_property
    def counts(self) -> pd.DataFrame:
        """One row per level and arm: n of N."""
        return level_counts(self.members, self.counted, self.basis.trts)

    @cached_property
    def count_words(self) -> dict[tuple[str, str, str], str]:
        """ "22 of 27" by column, level and arm."""
        return {(row.column, row.level, row.arm): of(row.n, row.N) for row in self.counts.itertuples()}

    def estimates(self, pair: tuple[str, str]) -> pd.DataFrame:
        """One row per level: the measure of one comparison."""
        tables = tables_of(self.counts, *pair)
        if not self.timed:
            return level_comparisons(tables, measure=self.measure, method=self.method)
        times = self.basis.times_of(self.endpoint)
        return level_hazard_ratios(tables, self.members, times, pair, method=self.method)

    def interactions(self, pair: tuple[str, str]) -> pd.DataFrame:
        """One row per column: the test that the measure is the same in its levels."""
        tables = tables_of(self.counts, *pair)
        if not self.timed:
            return rate_interactions(tables, measure=self.measure)
        return hazard_interactions(tables, self.members, self.basis.times_of(self.endpoint), pair)

    @cached_property
    def results(self) -> pd.DataFrame:
        """Counts (measure "count"), estimates, and interactions where p-values may be shown."""
        parts = [self.counts.assign(measure=COUNT, method="participants counted", note="")]
        for pair in self.basis.comparisons:
            name = " - ".join(pair)
            parts.append(self.estimates(pair).assign(comparison=name))
            if not self.basis.untested:
                parts.append(self.interactions(pair).assign(comparison=name, level=ALL))
        troubles = [
            {"column": column, "measure": COUNT, "method": "participants counted", "note": words}
            for column, words in self.troubles.items()
        ]
        whole = pd.concat([*parts, pd.DataFrame(troubles)], ignore_index=True).reindex(columns=COLUMNS)
        text = whole[["comparison", *LEVEL, "arm", "note"]].astype(object).fillna("").astype("str")
        return whole.assign(**text).astype({"n": "Int64", "N": "Int64"})

    def empty_levels(self) -> list[tuple[str, str, str]]:
        """(column, level, arm) of each cut level in which an arm of the comparisons has nobody, due or not."""
        here = set(self.members[[*LEVEL, "ARM"]].itertuples(index=False, name=None))
        compared = dict.fromkeys(trt for pair in self.basis.comparisons for trt in pair)
        cut = [subgroup.column for subgroup in self.basis.definition.subgroups if subgroup.cuts]
        own = self.members["column"].isin(cut) & (self.members["level"] != MISSING)
        levels = self.members.loc[own, LEVEL].drop_duplicates()
        return [
            (column, level, trt)
            for column, level in levels.itertuples(index=False, name=None)
            for trt in compared
            if (column, level, trt) not in here
        ]


def overall(results: pd.DataFrame, measure: str) -> pd.DataFrame:
    """One row per comparison: the estimate of all participants, where there is one."""
    rows = results[(results["column"] == ALL) & (results["measure"] == measure)]
    return rows[np.isfinite(rows["estimate"].astype(float))]
