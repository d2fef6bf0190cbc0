"""What a study definition (studies/*.toml) says, as frozen dataclasses.

The keys are those of the format reference (docs/reference/study-format.md); the meaning of an endpoint's
parameters is that of docs/reference/endpoints.md.
"""

import dataclasses
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

ROLES = ("experimental", "control", "single", "pooled")
DESIGNS = ("randomized", "nonrandomized", "single_arm")
KINDS = (
    "confirmed_response",
    "response_at_visit",
    "sustained_response",
    "durable_counts",
    "time_to_response",
    "duration_of_response",
    "treatment_failure",
    "time_in_response",
    "max_bleeding",
)
RATE_KINDS = ("confirmed_response", "response_at_visit", "sustained_response", "durable_counts")
TIME_KINDS = ("time_to_response", "duration_of_response", "treatment_failure")
SHARED_KEYS = (  # keys every kind takes; one without use for a key ignores it
    *("paramcd", "label", "kind", "primary", "source", "assumed"),
    *("r_count", "r_fold", "cr_count"),
    *("bleeding", "bleeding_max", "bleeding_window_days", "bleeding_missing"),
    *("rescue", "rescue_classes", "rescue_grace_day", "missing"),
)
KIND_KEYS = {  # keys that belong to the kinds that name them
    "confirmed_response": ("window_days", "confirm_days"),
    "response_at_visit": ("avisitn", "confirmed", "confirm_days"),
    "sustained_response": (
        *("window_days", "confirm_days", "sustain_days", "tolerance_days"),
        *("hold_count", "hold_fold"),
    ),
    "durable_counts": ("threshold", "visits", "at_least", "fraction", "min_available"),
    "time_to_response": ("window_days", "confirm_days"),
    "duration_of_response": ("window_days", "confirm_days"),
    "treatment_failure": ("events", "from_day", "failure_count"),
    "time_in_response": ("max_gap_days",),
    "max_bleeding": ("window_days",),
}


@dataclass(frozen=True)
class Arm:
    """One treatment arm. `trt` is the value in TRT01P and the short name on charts."""

    trt: str
    label: str
    role: str
    ratio: float = 1
    regimen: str = ""
    source: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Visits:
    """The visit grid: AVISITN in weeks; the last analysis window ends `last_window_days` after its target."""

    weeks: tuple[float, ...]
    last_window_days: int = 14
    source: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class RescueClass:
    """A class of rescue therapy: an ADCM row whose CMCLAS equals `cmclas`."""

    cmclas: str
    washout_days: int = 0
    open_end: str = "single"  # single | ongoing
    new_therapy: bool = False
    source: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Endpoint:
    """One `[[endpoints]]` block. `kind` picks the rule, everything else is its parameters."""

    paramcd: str
    label: str
    kind: str
    primary: bool = False
    source: str = ""
    assumed: tuple[str, ...] = ()
    # words shared by every kind
    r_count: float = 30
    r_fold: float = 2
    cr_count: float = 100
    bleeding: str = ""
    bleeding_max: float = 0
    bleeding_window_days: int = 3
    bleeding_missing: str = "absent"  # absent | present
    rescue: str = "nonresponse"  # nonresponse | washout | ignore
    rescue_classes: tuple[str, ...] | None = None  # None: all of [[rescue]]
    rescue_grace_day: int = 0
    missing: str = "nonresponse"  # nonresponse | exclude
    # by kind
    window_days: tuple[int, int] | None = None
    confirm_days: int = 7
    avisitn: float | None = None
    confirmed: bool = False
    sustain_days: int = 182
    tolerance_days: int = 14
    hold_count: float | None = None  # None: r_count
    hold_fold: float = 0
    threshold: float = 50
    visits: tuple[float, float] | None = None
    at_least: int | None = None
    fraction: float | None = None
    min_available: int = 1
    events: tuple[str, ...] = ()
    from_day: dict[str, int] = field(default_factory=dict)
    failure_count: float = 30
    max_gap_days: int = 28


@dataclass(frozen=True)
class Subgroup:
    """An ADSL column to look at by level; `cuts` make levels of a number (2: "< 2" and "≥ 2")."""

    column: str
    label: str
    cuts: tuple[float, ...] = ()
    source: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Interim:
    """The planned interim analysis."""

    endpoint: str
    alpha: float = 0.05
    sides: int = 2
    information: tuple[float, ...] = (1.0,)
    spending: str = "obrien_fleming"
    gamma: float | None = None
    source: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Longitudinal:
    """The models of platelets over time: the visits they hold, in weeks."""

    weeks: tuple[float, ...]
    source: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class SpecialInterest:
    """Adverse events of special interest under one name: any of the preferred terms or system organ classes."""

    label: str
    terms: tuple[str, ...] = ()
    body_systems: tuple[str, ...] = ()
    source: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class NegativeControl:
    """What the treatment cannot change, of arms that were not randomised: a column of adsl recorded at entry, with
    `value` the share of those who have it, or adverse events by preferred term or system organ class.
    """

    label: str
    column: str = ""
    value: str = ""
    terms: tuple[str, ...] = ()
    body_systems: tuple[str, ...] = ()
    source: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class AdverseEventRules:
    """What the tables of adverse events leave out: a low platelet count is the disease, not an event."""

    excluded_terms: tuple[str, ...] = (
        "Platelet count decreased",
        "Thrombocytopenia",
        "Immune thrombocytopenia",
    )
    source: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class HistoricalRate:
    """A fixed rate of an endpoint, from outside the trial, that a study of one arm is compared with."""

    endpoint: str  # paramcd
    rate: float  # between 0 and 1
    reference: str  # where it comes from
    source: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlannedDose:
    """What an arm is to receive of one drug: `doses` administrations, or `per_day` doses up to `last_day`.

    Of `doses`, one is due on day 1 and every `every_days` days; without it all are due from day 1.
    """

    trt: str  # an arm
    drug: str  # EXTRT
    dose: float
    unit: str
    doses: int | None = None
    every_days: int | None = None
    per_day: float = 1
    last_day: int | None = None
    source: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Questionnaire:
    """A score that participants report: its range, which end is better, and the least change that matters."""

    paramcd: str
    label: str
    range: tuple[float, float]
    better: str  # higher | lower
    important_change: float
    weeks: tuple[
        float, ...
    ] = ()  # the visits after baseline at which it is filled in; empty: any of [visits]
    source: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Autoantibodies:
    """The class of autoantibody: a column of ADSL, and the name of each of its values."""

    column: str
    labels: Mapping[str, str]
    source: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class HaemoglobinResponse:
    """What a response of anaemia is, and whose: docs/reference/nonrandomised.md, section 12. Haemoglobin in g/dL."""

    column: str
    values: tuple[str, ...]
    window_days: tuple[int, int]
    rise: float = 2
    normal_female: float = 12
    normal_male: float = 13
    transfusion_classes: tuple[str, ...] = ("RED CELL TRANSFUSION",)
    transfusion_free_days: int = 7
    raised: tuple[str, ...] = ("LDH", "RETIC", "RETIRBC", "IBIL", "BILI")
    lowered: tuple[str, ...] = ("HAPTO",)
    marker_days: int = 7
    source: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Enrolment:
    """The enrolment plan drawn beside actual enrolment: first and last planned participant."""

    start: datetime.date
    end: datetime.date
    source: str = ""
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class StudyDefinition:
    """Everything the software knows of a trial."""

    name: str  # the file's stem: studies/<name>.toml
    studyid: str
    registry: str
    title: str
    design: str
    data: str
    arms: tuple[Arm, ...]
    visits: Visits
    endpoints: tuple[Endpoint, ...]
    masking: str = "none"
    phase: str = ""
    condition: str = ""  # "corticosteroid-resistant or relapsed immune thrombocytopenia"
    eligibility: tuple[str, ...] = ()
    planned_subjects: int | None = None
    synthetic: bool = False
    strata: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()
    rescue: tuple[RescueClass, ...] = ()
    subgroups: tuple[Subgroup, ...] = ()
    aesi: tuple[SpecialInterest, ...] = ()
    historical: tuple[HistoricalRate, ...] = ()
    negative_controls: tuple[NegativeControl, ...] = ()
    adverse_events: AdverseEventRules = AdverseEventRules()
    doses: tuple[PlannedDose, ...] = ()
    questionnaires: tuple[Questionnaire, ...] = ()
    autoantibodies: Autoantibodies | None = None
    haemoglobin_response: HaemoglobinResponse | None = None
    longitudinal: Longitudinal | None = None
    enrolment: Enrolment | None = None
    interim: Interim | None = None
    source: str = ""
    assumed: tuple[str, ...] = ()
    content_hash: str = ""  # sha256 of the file
    text: str = field(default="", repr=False, compare=False)  # of the file

    def endpoint(self, paramcd: str) -> Endpoint:
        """The endpoint of that PARAMCD; KeyError without one."""
        return {e.paramcd: e for e in self.endpoints}[paramcd]

    @property
    def leading(self) -> Endpoint:
        """The endpoint with a rate that leads every page: the primary one, else the first of them."""
        rates = [e for e in self.endpoints if e.kind in RATE_KINDS]
        return next((e for e in rates if e.primary), rates[0])

    @property
    def control(self) -> Arm | None:
        """The control arm; None in a one-arm or pooled study."""
        return next((arm for arm in self.arms if arm.role == "control"), None)

    @property
    def randomised(self) -> bool:
        return self.design == "randomized"

    def replace(self, **changes) -> "StudyDefinition":
        return dataclasses.replace(self, **changes)
