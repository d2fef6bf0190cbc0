"""What is true of each synthetic trial: size, dates, cuts, and how each arm fares.

Shares of a class are of the participants of the arm. They are set so that the endpoints, once read from noisy
counts with rescue, bleeding and dropout, come out near the published rates: low-dose rituximab with and
without all-trans retinoic acid (Wu 2022: overall response 80 % and 59 %, sustained 61 % and 41 %), complete
response with low-dose rituximab alone 24 % (Zhou 2015). The values of the second trial are proposals.

The seeds were chosen, among sixty each, for a sample that lies near these rates and whose middle cut holds a
response still to be confirmed: a trial of this size drawn at random is often 10 points off.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

WEEKS = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 30, 34, 38, 42, 46, 52)


@dataclass(frozen=True)
class ArmTruth:
    """How participants of an arm fare. Days are study days, counts 10^9/L."""

    trt: str
    sustained: float  # share that responds and keeps it through the year
    lost: float  # share that responds and loses it
    complete: float  # share of the responders whose plateau is a complete response
    onset_day: float  # median day on which the rising count crosses the response threshold
    onset_log_sd: float = 0.75
    relapse_days: float = 120  # median from onset to relapse among those who lose it; Weibull, shape 1.2
    ramp_days: int = 21
    overshoot: float = 0  # median log rise above the plateau shortly after onset: thrombopoietic agents
    rescue_chance: float = 0.045  # at a visit with a count below 20
    rescue: Mapping[str, float] = field(default_factory=dict)  # class of the rescue therapy: weight


@dataclass(frozen=True, eq=False)
class Trial:
    """A synthetic trial: where it is written and everything that its participants are drawn from."""

    studyid: str
    folder: str
    seed: int
    size: int
    sites: Mapping[str, float]  # SITEID: share of enrolment
    first_day: datetime.date
    enrolment_days: int
    cuts: tuple[datetime.date, ...]
    arms: tuple[ArmTruth, ArmTruth]
    randomised: bool
    age: tuple[float, int, int]  # median, youngest, oldest
    antibody_classes: Mapping[str, float] = field(default_factory=dict)
    never_treated: int = 0
    crossed_over: int = 0
    deaths: int = 0
    screen_failures: int = 0
    questionnaires: tuple[str, ...] = ()

    def arm(self, trt: str) -> ArmTruth:
        return next(arm for arm in self.arms if arm.trt == trt)


IGURATIMOD = Trial(
    studyid="Pku-IGU-ITP-03",
    questionnaires=("FACITF", "SF36PCS", "SF36MCS"),
    folder="pku_igu_itp_03",
    seed=21,
    size=120,
    sites={"01": 0.28, "02": 0.19, "03": 0.15, "04": 0.13, "05": 0.11, "06": 0.08, "07": 0.06},
    first_day=datetime.date(2025, 7, 7),
    enrolment_days=340,
    cuts=(datetime.date(2026, 3, 31), datetime.date(2026, 12, 31), datetime.date(2027, 6, 30)),
    arms=(
        ArmTruth(
            trt="IGU+RTX",
            sustained=0.66,
            lost=0.19,
            complete=0.42,
            onset_day=18,
            relapse_days=130,
            rescue={
                "IVIG": 0.4, "CORTICOSTEROID INCREASE": 0.3, "PLATELET TRANSFUSION": 0.1, "TPO-RA": 0.15,
                "NEW ITP THERAPY": 0.05,
            },
        ),
        ArmTruth(
            trt="RTX",
            sustained=0.47,
            lost=0.18,
            complete=0.33,
            onset_day=24,
            relapse_days=100,
            rescue={
                "IVIG": 0.3, "CORTICOSTEROID INCREASE": 0.3, "PLATELET TRANSFUSION": 0.1, "TPO-RA": 0.22,
                "NEW ITP THERAPY": 0.08,
            },
        ),
    ),
    randomised=True,
    age=(42, 18, 70),
    never_treated=1,
    crossed_over=1,
    screen_failures=20,
)  # fmt: skip

AUTOANTIBODY = Trial(
    studyid="IIT2020034",
    questionnaires=("FACITF", "ITPPAQ"),
    folder="iit2020034",
    seed=38,
    size=94,
    sites={"01": 0.62, "02": 0.23, "03": 0.15},
    first_day=datetime.date(2021, 6, 7),
    enrolment_days=530,
    cuts=(datetime.date(2022, 3, 31), datetime.date(2023, 3, 31), datetime.date(2023, 12, 31)),
    arms=(
        ArmTruth(
            trt="TPO-RA+aCD20",
            sustained=0.58,
            lost=0.26,
            complete=0.50,
            onset_day=9,
            onset_log_sd=0.5,
            relapse_days=130,
            ramp_days=14,
            overshoot=0.4,
            rescue_chance=0.08,
            rescue={
                "IVIG": 0.4, "CORTICOSTEROID INCREASE": 0.35, "PLATELET TRANSFUSION": 0.1,
                "NEW ITP THERAPY": 0.15,
            },
        ),
        ArmTruth(
            trt="BAT",
            sustained=0.34,
            lost=0.21,
            complete=0.35,
            onset_day=24,
            relapse_days=90,
            rescue={
                "IVIG": 0.35, "CORTICOSTEROID INCREASE": 0.25, "PLATELET TRANSFUSION": 0.1,
                "NEW ITP THERAPY": 0.25, "SPLENECTOMY": 0.05,
            },
        ),
    ),
    randomised=False,
    age=(40, 18, 65),
    antibody_classes={"CTD": 0.35, "ANA": 0.35, "EVANS": 0.12, "COOMBS": 0.18},
    deaths=1,
)  # fmt: skip

TRIALS = (IGURATIMOD, AUTOANTIBODY)
