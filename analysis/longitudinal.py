"""Platelet counts over time by arm: medians, geometric means, change from baseline, shares above a threshold.

`records` are platelet rows of ADLB for the analysis set, with ARM; one record counts per participant and
visit (VISITFL "Y", and the baseline BLFL "Y" at week 0). For counts outside rescue pass the rows whose SHADOW
is empty. A count reported as `<n` enters as n: it ranks just below n, so a median that falls on it reads n.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from analysis.proportions import ratio, wilson
from analysis.visits import visit_windows
from trialdata.definition import Visits

MEDIAN = "median and quartiles (type 7)"
MEDIAN_TYPE_2 = "median and quartiles (type 2, the default of SAS)"
MEAN_CHANGE = "mean change, t interval"
GEOMETRIC_MEAN = "geometric mean, t interval on the log scale"
MEDIAN_CHANGE = "median change and quartiles (type 7)"
SHARE_OF_DUE = "share of the due, Wilson score"
SHARE_OF_OBSERVED = "share of the observed, Wilson score"
LOWEST_COUNT = 1.0  # a logarithm needs a floor: a count below 1 counts as 1
COLUMNS = ["arm", "time", "n", "estimate", "conf_low", "conf_high", "method"]

Summary = Callable[[np.ndarray], tuple[float, float, float]]


def platelet_quantiles(records: pd.DataFrame, weeks: Sequence[float], arms: Sequence[str]) -> pd.DataFrame:
    """One row per arm and visit (week `time`): median count, first and third quartile as the limits."""
    return summaries_by_visit(visit_records(records), "AVAL", weeks, arms, median_and_quartiles, MEDIAN)


def platelet_quantiles_type_2(
    records: pd.DataFrame, weeks: Sequence[float], arms: Sequence[str]
) -> pd.DataFrame:
    """The frame of `platelet_quantiles` by type 2, which averages where a quantile falls between two counts."""
    return summaries_by_visit(visit_records(records), "AVAL", weeks, arms, quartiles_type_2, MEDIAN_TYPE_2)


def platelet_geometric_means(
    records: pd.DataFrame, weeks: Sequence[float], arms: Sequence[str], conf_level: float = 0.95
) -> pd.DataFrame:
    """One row per arm and visit: geometric mean count and its t interval; a count below 1 enters as 1."""
    chosen = visit_records(records)
    logs = chosen.assign(LOG=np.log(chosen["AVAL"].clip(lower=LOWEST_COUNT)))
    means = summaries_by_visit(logs, "LOG", weeks, arms, _t_interval_at(conf_level), GEOMETRIC_MEAN)
    means[["estimate", "conf_low", "conf_high"]] = np.exp(means[["estimate", "conf_low", "conf_high"]])
    return means


def platelet_change(records: pd.DataFrame, weeks: Sequence[float], arms: Sequence[str]) -> pd.DataFrame:
    """One row per arm and visit after baseline: median change from baseline (CHG) and its quartiles."""
    changes, later = _changes(records, weeks)
    return summaries_by_visit(changes, "CHG", later, arms, median_and_quartiles, MEDIAN_CHANGE)


def platelet_mean_change(records: pd.DataFrame, weeks: Sequence[float], arms: Sequence[str]) -> pd.DataFrame:
    """The frame of `platelet_change` with the mean change and its t interval."""
    changes, later = _changes(records, weeks)
    return summaries_by_visit(changes, "CHG", later, arms, mean_and_t_interval, MEAN_CHANGE)


def share_at_or_above(
    adsl_set: pd.DataFrame,
    adlb: pd.DataFrame,
    visits: Visits,
    arms: Sequence[str],
    threshold: float,
    *,
    observed_only: bool = False,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """One row per arm and visit: `n` of `N` participants with a count of at least `threshold` at the visit.

    N are all who are due: the visit's window closed at their cut day (baseline: everybody). A missing count,
    a count in the shadow of a rescue and one reported as `<n` are not reached. `observed_only` keeps of the
    due those with a count outside a shadow. Wilson interval.
    """
    weeks, counted, responds = reached_at_visits(
        adsl_set, adlb, visits, threshold, observed_only=observed_only
    )
    method = SHARE_OF_OBSERVED if observed_only else SHARE_OF_DUE
    rows = []
    for arm in arms:
        members = (adsl_set["ARM"] == arm).to_numpy()
        counts = zip(weeks, responds[members].sum(axis=0), counted[members].sum(axis=0), strict=True)
        rows += [(arm, week, n, N, ratio(n, N), *wilson(n, N, conf_level), method) for week, n, N in counts]
    return pd.DataFrame(rows, columns=[*COLUMNS[:3], "N", *COLUMNS[3:]])


def reached_at_visits(
    adsl_set: pd.DataFrame,
    adlb: pd.DataFrame,
    visits: Visits,
    threshold: float,
    *,
    observed_only: bool = False,
) -> tuple[list[float], np.ndarray, np.ndarray]:
    """The weeks of the visits; who is counted at each and who has reached the threshold, participants by visits.

    Counted and reached as in `share_at_or_above`; the rows are those of `adsl_set`.
    """
    windows = visit_windows(visits)
    observed = visit_records(adlb)
    observed = observed[observed["SHADOW"] == ""]
    reached = observed[(observed["AVAL"] >= threshold) & (observed["CENSOR"] != "<")]
    due = adsl_set["DCUTDY"].to_numpy()[:, None] >= windows["HIGH"].to_numpy()
    due[:, (windows["AVISITN"] == 0).to_numpy()] = True
    counted = due & _has_record(observed, adsl_set, windows) if observed_only else due
    return windows["AVISITN"].tolist(), counted, counted & _has_record(reached, adsl_set, windows)


def visit_records(records: pd.DataFrame) -> pd.DataFrame:
    """The one record of each participant and visit; the baseline record stands at AVISITN 0."""
    baseline = records[records["BLFL"] == "Y"].assign(AVISITN=0.0)
    later = records[(records["VISITFL"] == "Y") & (records["AVISITN"] > 0)]
    chosen = pd.concat([baseline, later])
    return chosen[chosen["AVAL"].notna()]


def median_and_quartiles(values: np.ndarray) -> tuple[float, float, float]:
    """Median, first and third quartile: numpy's linear interpolation, type 7, as R does by default."""
    low, median, high = np.quantile(values, [0.25, 0.5, 0.75])
    return float(median), float(low), float(high)


def quartiles_type_2(values: np.ndarray) -> tuple[float, float, float]:
    low, median, high = np.quantile(values, [0.25, 0.5, 0.75], method="averaged_inverted_cdf")
    return float(median), float(low), float(high)


def mean_and_t_interval(values: np.ndarray, conf_level: float = 0.95) -> tuple[float, float, float]:
    """Mean and its interval from the t distribution; a single value has no interval."""
    mean, n = float(np.mean(values)), len(values)
    if n == 1:
        return mean, np.nan, np.nan
    half = stdtrit(n - 1, (1 + conf_level) / 2) * np.std(values, ddof=1) / np.sqrt(n)
    return mean, float(mean - half), float(mean + half)


def _has_record(records: pd.DataFrame, adsl_set: pd.DataFrame, windows: pd.DataFrame) -> np.ndarray:
    """Whether each participant (row) has one of the records at each visit (column)."""
    participant = pd.Index(adsl_set["USUBJID"]).get_indexer(records["USUBJID"])
    visit = pd.Index(windows["AVISITN"]).get_indexer(records["AVISITN"])
    known = (participant >= 0) & (visit >= 0)
    present = np.zeros((len(adsl_set), len(windows)), dtype=bool)
    present[participant[known], visit[known]] = True
    return present


def _t_interval_at(conf_level: float) -> Summary:
    return lambda values: mean_and_t_interval(values, conf_level)


def _changes(records: pd.DataFrame, weeks: Sequence[float]) -> tuple[pd.DataFrame, list[float]]:
    chosen = visit_records(records)
    return chosen[chosen["CHG"].notna()], [week for week in weeks if week > 0]


def summaries_by_visit(
    chosen: pd.DataFrame,
    column: str,
    weeks: Sequence[float],
    arms: Sequence[str],
    summary: Summary,
    method: str,
) -> pd.DataFrame:
    """A row for each arm and scheduled visit, NaN where nobody has a count."""
    values = {key: group.to_numpy() for key, group in chosen.groupby(["ARM", "AVISITN"])[column]}
    rows = []
    for arm in arms:
        for week in weeks:
            of_visit = values.get((arm, week), np.array([]))
            numbers = summary(of_visit) if len(of_visit) else (np.nan,) * 3
            rows.append((arm, week, len(of_visit), *numbers, method))
    return pd.DataFrame(rows, columns=COLUMNS)
