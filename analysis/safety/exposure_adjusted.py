"""Adverse events per 100 patient-years: incidence among those still at risk, its ratio, and events per time followed.

Rule: docs/reference/safety.md, section 2. Intervals of a rate: Garwood 1936, exact Poisson, from chi-square quantiles;
of the ratio of two rates: Clopper-Pearson on the events of one arm among those of both (Przyborowski and Wilenski
1940), as R's poisson.test has both.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import chdtri

from analysis.proportions import INF, NOT_ESTIMABLE, Interval, clopper_pearson, ratio
from analysis.safety.events import AdverseEvents

DAYS_OF_YEAR = 365.25
PER = 100  # patient-years
GARWOOD = "Poisson exact (Garwood)"
CONDITIONAL = "conditional exact (Clopper-Pearson)"
EVENTS_PER_TIME = "events per time followed"
INCIDENCE, EVENTS, RATIO = "incidence", "events", "rate ratio"
RATE_COLUMNS = ["measure", "arm", "n", "N", "events", "years", "estimate", "conf_low", "conf_high", "method"]
RATIO_COLUMNS = ["comparison", "measure", "arm", "control", "estimate", "conf_low", "conf_high", "method"]


def garwood(n: int, years: float, conf_level: float = 0.95) -> Interval:
    """Exact interval of n / years; nobody at risk: none."""
    if not years > 0:
        return NOT_ESTIMABLE
    tail = (1 - conf_level) / 2
    low = float(chdtri(2 * n, 1 - tail)) / 2 if n else 0.0
    return Interval(low / years, float(chdtri(2 * (n + 1), tail)) / 2 / years)


def rate_ratio(n1: int, years1: float, n0: int, years0: float) -> float:
    """(n1 / years1) / (n0 / years0); infinite for x/0, NaN for 0/0 and with nobody at risk."""
    return ratio(n1 * years0, n0 * years1) if years1 > 0 and years0 > 0 else np.nan


def rate_ratio_interval(n1: int, years1: float, n0: int, years0: float, conf_level: float = 0.95) -> Interval:
    """Exact interval of the ratio of two rates, given the n of both; none where nobody had the event."""
    if not (years1 > 0 and years0 > 0) or n1 + n0 == 0:
        return NOT_ESTIMABLE
    low, high = (
        ratio(share * years0, (1 - share) * years1) for share in clopper_pearson(n1, n1 + n0, conf_level)
    )
    return Interval(low, high if n0 else INF)


def days_followed(subjects: pd.DataFrame) -> pd.Series:
    """FUDY by USUBJID, 0 where it is below 1 or unknown."""
    days = subjects.set_index("USUBJID")["FUDY"].astype(float)
    return days.where(days >= 1, 0.0)


def first_days(rows: pd.DataFrame) -> pd.Series:
    """The day on which each event ends the risk of a first one: its first day, day 1 where unknown or before."""
    return rows["ASTDY"].fillna(1).clip(lower=1).astype(float)


def adjusted_rates(
    events: AdverseEvents,
    subjects: pd.DataFrame,
    rows: pd.DataFrame,
    by: Sequence[str] = (),
    *,
    among: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Two rows per combination of `by` and arm, per 100 patient-years: measure "incidence" and measure "events".

    "incidence": n of N participants with any of `rows` per years at risk, to the first of them or as long as
    followed, with its exact interval. "events": the events per years that everybody was followed, without one.
    `subjects`: the safety set, one row per participant with ARM and FUDY; `rows`: some of `events.rows`; `among` has
    the combinations, without it those that occur.
    """
    keys, followed = list(by), days_followed(subjects)
    of_arm = followed.groupby(subjects.set_index("USUBJID")["ARM"]).sum()
    first = (
        rows.assign(FIRST=first_days(rows)).groupby([*keys, "ARM", "USUBJID"])["FIRST"].agg(["min", "size"])
    )
    first["less"] = followed.reindex(first.index.get_level_values("USUBJID")).to_numpy() - first["min"]
    cells = first.groupby(level=[*keys, "ARM"]).agg(
        n=("size", "size"), events=("size", "sum"), less=("less", "sum")
    )
    counted = {cell if keys else (cell,): numbers for cell, *numbers in cells.itertuples(name=None)}
    combinations = (rows if among is None else among)[keys].drop_duplicates()
    made = []
    for values in combinations.itertuples(index=False, name=None) if keys else [()]:
        for arm, N in events.sizes.items():
            n, count, less = counted.get((*values, arm), (0, 0, 0.0))
            days = float(of_arm.get(arm, 0.0))
            made.append((*values, *incidence_row(arm, int(n), N, int(count), days - less)))
            made.append((*values, *events_row(arm, int(n), N, int(count), days)))
    return pd.DataFrame(made, columns=[*keys, *RATE_COLUMNS])


def incidence_row(arm: str, n: int, N: int, events: int, days: float) -> tuple:
    """Participants with an event per 100 patient-years at risk, with the exact interval."""
    years = days / DAYS_OF_YEAR
    low, high = garwood(n, years)
    estimate = PER * n / years if years > 0 else np.nan
    return INCIDENCE, arm, n, N, events, years, estimate, PER * low, PER * high, GARWOOD


def events_row(arm: str, n: int, N: int, events: int, days: float) -> tuple:
    """Events per 100 patient-years of everybody's follow-up."""
    years = days / DAYS_OF_YEAR
    estimate = PER * events / years if years > 0 else np.nan
    return EVENTS, arm, n, N, events, years, estimate, np.nan, np.nan, EVENTS_PER_TIME


def rate_ratios(
    rates: pd.DataFrame, comparisons: Sequence[tuple[str, str]], by: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per combination of `by` and (experimental, control): the ratio of incidences with its exact interval.

    `rates` is a frame of `adjusted_rates`.
    """
    keys = list(by)
    incidence = rates[rates["measure"] == INCIDENCE]
    counted = {
        tuple(row[:-2]): row[-2:] for row in incidence[[*keys, "arm", "n", "years"]].itertuples(index=False)
    }
    made = []
    for values in incidence[keys].drop_duplicates().itertuples(index=False, name=None) if keys else [()]:
        for arm, control in comparisons:
            (n1, years1), (n0, years0) = counted[*values, arm], counted[*values, control]
            low, high = rate_ratio_interval(n1, years1, n0, years0)
            ratio_of = rate_ratio(n1, years1, n0, years0)
            named = f"{arm} - {control}", RATIO, arm, control
            made.append((*values, *named, ratio_of, low, high, CONDITIONAL))
    return pd.DataFrame(made, columns=[*keys, *RATIO_COLUMNS])
