"""What every output rests on: the study at one cut, the reader's view of it, and the words that go with both."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis.adam import AnalysisData
from analysis.populations import analysis_set, in_filters, population_labels
from charts.theme import arm_styles
from outputs.output import ArmStyle, View
from trialdata.definition import RATE_KINDS, Arm, Endpoint, StudyDefinition

ASSUMED_WORDS = {
    "window_days": "the window",
    "confirm_days": "the confirmation interval",
    "bleeding": "the bleeding scale",
    "bleeding_max": "the bleeding grade allowed",
    "bleeding_window_days": "the days between count and bleeding assessment",
    "bleeding_missing": "a bleeding assessment not made read as no bleeding",
    "rescue": "the handling of rescue",
    "rescue_classes": "the rescue classes that count",
    "rescue_grace_day": "the day before which rescue does not count",
    "sustain_days": "the length of a sustained response",
    "tolerance_days": "the tolerance",
    "hold_count": "the count that holds a response",
    "threshold": "the threshold",
    "visits": "the visits",
    "at_least": "the number of visits",
    "fraction": "the share of visits",
    "events": "the events that count as failure",
    "from_day": "the day from which each event counts",
    "failure_count": "the count that is a failure",
    "max_gap_days": "the days that one count stands for",
    "avisitn": "the visit",
}


@dataclass(frozen=True, eq=False)
class Basis:
    """One study at one cut as one reader looks at it."""

    data: AnalysisData
    view: View

    @property
    def definition(self) -> StudyDefinition:
        return self.data.definition

    @cached_property
    def arms(self) -> tuple[Arm, ...]:
        """The arms in display order: experimental first, control last."""
        order = {"experimental": 0, "single": 0, "pooled": 0, "control": 1}
        return tuple(sorted(self.definition.arms, key=lambda arm: order[arm.role]))

    @cached_property
    def trts(self) -> tuple[str, ...]:
        return tuple(arm.trt for arm in self.arms)

    @cached_property
    def labels(self) -> dict[str, str]:
        return {arm.trt: arm.label for arm in self.arms}

    @cached_property
    def styles(self) -> tuple[ArmStyle, ...]:
        return tuple(
            ArmStyle(s["trt"], s["label"], s["role"], s["colour"], s["dash"], s["marker"], s["text_colour"])
            for s in arm_styles(self.arms)
        )

    @cached_property
    def endpoint(self) -> Endpoint:
        """The endpoint the reader chose, else the primary one."""
        chosen = {e.paramcd: e for e in self.definition.endpoints}
        return chosen.get(self.view.endpoint, self.definition.leading)

    @cached_property
    def rate_endpoint(self) -> Endpoint:
        """The chosen endpoint when it has a rate, else the primary one."""
        return self.endpoint if self.endpoint.kind in RATE_KINDS else self.definition.leading

    @cached_property
    def subjects(self) -> pd.DataFrame:
        """The analysis set under the filters, one row per participant, with ARM."""
        return self.data.once(analysis_set, self.view.population, self.view.filters)

    @cached_property
    def enrolled(self) -> pd.DataFrame:
        """Everybody assigned to an arm who matches the filters, one row per participant, with ARM."""
        adsl = self.data.adsl
        kept = adsl["TRT01P"].isin(self.trts) & in_filters(adsl, self.definition, self.view.filters)
        return adsl[kept].assign(ARM=adsl.loc[kept, "TRT01P"])

    @property
    def daily_counts(self) -> pd.DataFrame:
        """The platelet record of each day with one (ADLB, RECFL "Y") of the analysis set, with ARM."""
        return self.data.once(_daily_counts, self.view)

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Participants of the analysis set by arm, 0 for an arm of nobody."""
        counted = self.subjects["ARM"].value_counts()
        return {trt: int(counted.get(trt, 0)) for trt in self.trts}

    @cached_property
    def population(self) -> str:
        return population_labels(self.definition, self.data.adsl).get(
            self.view.population, self.view.population
        )

    def results_of(self, endpoint: Endpoint) -> pd.DataFrame:
        """ADRS rows of one endpoint in the analysis set, one per participant, with ARM."""
        return self.data.once(_rows_of, self.view, "adrs", endpoint.paramcd)

    def times_of(self, endpoint: Endpoint) -> pd.DataFrame:
        """ADTTE rows of one endpoint in the analysis set, one per participant, with ARM."""
        return self.data.once(_rows_of, self.view, "adtte", endpoint.paramcd)

    def records_of(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of `frame` that belong to the analysis set, with ARM."""
        return frame.merge(self.subjects[["USUBJID", "ARM"]], on="USUBJID")

    @cached_property
    def comparisons(self) -> tuple[tuple[str, str], ...]:
        """(experimental, control) for each experimental arm; none in a one-arm or pooled study."""
        control = self.definition.control
        if control is None:
            return ()
        return tuple((arm.trt, control.trt) for arm in self.arms if arm.role == "experimental")

    @property
    def exploratory(self) -> bool:
        """A subgroup filter is on: estimates and intervals stay, p-values are hidden."""
        return bool(self.view.filters)

    @property
    def tested(self) -> bool:
        """A headline p-value may be printed: randomised arms and no filter."""
        return self.definition.randomised and bool(self.comparisons) and not self.exploratory

    @property
    def untested(self) -> str:
        """Why no p-value compares the arms, whatever the output; empty where one may."""
        if self.exploratory:
            return "p-values are hidden under a filter."
        return "No p-value: arms were not randomised." if self.crude else ""

    @property
    def crude(self) -> bool:
        """Whether a plain difference between the arms is a crude one: they are compared, and were not randomised."""
        return bool(self.comparisons) and not self.definition.randomised

    @property
    def difference_words(self) -> str:
        """ "Difference", or "Crude difference" where it is one."""
        return "Crude difference" if self.crude else "Difference"

    @cached_property
    def filter_words(self) -> str:
        """The filters in words: "age ≥ 60, prior lines of therapy < 2"."""
        named = {s.column: s.label for s in self.definition.subgroups}
        return ", ".join(
            f"{named.get(column, column).lower()} {' or '.join(levels)}"
            for column, levels in self.view.filters
        )

    def nobody(self) -> str:
        """Why there is nothing to show, when the filters leave nobody."""
        if not self.subjects.empty:
            return ""
        if self.view.filters:
            return f"Nobody matches: {self.filter_words}. Clear the filters in the sidebar."
        return f"Nobody is in the {self.population.lower()} at this cut."

    def empty_arms(self) -> str:
        """Which arm has nobody, in words; empty when every arm has somebody."""
        missing = [arm.label for arm in self.arms if not (self.subjects["ARM"] == arm.trt).any()]
        if not missing or self.subjects.empty:
            return ""
        where = "matches the filters" if self.view.filters else f"is in the {self.population.lower()}"
        return f"Nobody in {' or '.join(missing)} {where}; no comparison with that arm is possible."

    def notes(self, *endpoints: Endpoint) -> tuple[str, ...]:
        """Footnotes every output carries: filter, population flags that were derived, assumed values."""
        return tuple(
            note for note in (self._filter_note(), self._flag_note(), assumed_note(*endpoints)) if note
        )

    def _filter_note(self) -> str:
        return f"Exploratory: only participants with {self.filter_words}." if self.exploratory else ""

    def _flag_note(self) -> str:
        flag = {"ITT": "ITTFL", "FAS": "FASFL", "SAF": "SAFFL", "PP": "PPROTFL"}.get(self.view.population, "")
        if flag not in self.data.derived_flags:
            return ""
        return f"{flag} is not in the data: derived from assignment and treatment."

    def badges(self, *endpoints: Endpoint) -> tuple[str, ...]:
        marks = (
            ("exploratory", self.exploratory),
            ("assumed", any(e.source == "assumed" or e.assumed for e in endpoints)),
        )
        return tuple(word for word, shown in marks if shown)


def _daily_counts(data: AnalysisData, view: View) -> pd.DataFrame:
    adlb = data.adlb
    return Basis(data, view).records_of(adlb[(adlb["PARAMCD"] == "PLAT") & (adlb["RECFL"] == "Y")])


def _rows_of(data: AnalysisData, view: View, dataset: str, paramcd: str) -> pd.DataFrame:
    frame = getattr(data, dataset)
    return Basis(data, view).records_of(frame[frame["PARAMCD"] == paramcd])


def assumed_note(*endpoints: Endpoint) -> str:
    """The values the registry does not state, in one sentence; empty when it states all."""
    wholly = [e.label for e in endpoints if e.source == "assumed"]
    partly = [
        f"{', '.join(ASSUMED_WORDS.get(key, key) for key in e.assumed)} ({e.label})"
        for e in endpoints
        if e.source != "assumed" and e.assumed
    ]
    whole = [f"every parameter of {'; '.join(wholly)}"] if wholly else []
    parts = [*partly, *whole]
    return f"Assumed, not stated by the registry: {'; '.join(parts)}." if parts else ""
