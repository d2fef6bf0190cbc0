"""The statistics against statsmodels, a plain Python loop and, where it is installed, R: the same data, one run.

Kaplan-Meier with its interval and log-rank, resampled medians, the mixed model of repeated measures; and the
forest of twelve subgroups, which has one second of one core for its first computation.
"""

import dataclasses
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.duration.survfunc import SurvfuncRight, survdiff
from statsmodels.regression.mixed_linear_model import MixedLM

from analysis.adam import AnalysisData, derive
from analysis.bootstrap import RESAMPLES, bootstrap_medians
from analysis.mmrm.inference import kenward_roger
from analysis.mmrm.layout import repeated_measures
from analysis.mmrm.reml import fit_reml
from analysis.survival import kaplan_meier, log_rank
from benchmarks.measure import Ratio, median_seconds
from benchmarks.server import ROOT
from outputs.catalogue import build
from outputs.output import View
from trialdata.definition import Subgroup
from trialdata.study import load_study

SEED = 20260601
ARMS = ("A", "B")
SIZES = {120: 15, 100_000: 5}  # participants: repetitions
LOOPED = 200  # resamples of the loop, scaled to all
R_SCALE = 50
MODELLED, VISITS = 120, 8  # participants
SUBGROUPS = 12
LIMIT_SECONDS = 1.0
R_SCRIPT = Path(__file__).with_name("statistics.R")


def statistics_ratios() -> Iterator[Ratio]:
    yield from forest_ratios()
    for participants, times in SIZES.items():
        yield from survival_ratios(participants, times)
    yield from bootstrap_ratios()
    yield from mixed_model_ratios()


# The forest of subgroups


def forest_ratios() -> Iterator[Ratio]:
    """CPU seconds of the first computation, figure included; by difference, then by hazard ratio."""
    data = with_subgroups(derive(load_study(ROOT, "nct07057778")), SUBGROUPS)
    for measure in ("difference", "odds ratio", "hazard ratio"):
        started = time.process_time()
        build("subgroups", data, View(), measure=measure).figure("light", False)
        seconds = time.process_time() - started
        yield Ratio("forest", f"{SUBGROUPS} subgroups, {measure}, first time", "one second of a core",
                    seconds, LIMIT_SECONDS, 1)  # fmt: skip


def with_subgroups(data: AnalysisData, number: int) -> AnalysisData:
    """The study with so many subgroup columns: its own, and further ones of three levels drawn by chance."""
    draw = np.random.default_rng(SEED)
    own = data.definition.subgroups
    new = [f"GROUP{i}" for i in range(number - len(own))]
    drawn = {name: draw.choice(["LOW", "MIDDLE", "HIGH"], len(data.adsl)) for name in new}
    definition = data.definition.replace(subgroups=(*own, *(Subgroup(name, name) for name in new)))
    return dataclasses.replace(
        data, adsl=data.adsl.assign(**drawn), study=dataclasses.replace(data.study, definition=definition)
    )


# Kaplan-Meier and log-rank


def survival_ratios(participants: int, times: int) -> Iterator[Ratio]:
    """Against statsmodels, its log-log limits made from its standard errors, and against R."""
    adtte = drawn_times(participants)
    arm = (adtte["ARM"] == ARMS[0]).to_numpy(dtype=int)
    time_, event = adtte["AVAL"].to_numpy(), 1 - adtte["CNSR"].to_numpy()
    if not np.isclose(log_rank(adtte, ARMS)["statistic"].iloc[0], survdiff(time_, event, arm)[0]):
        raise AssertionError("the log-rank tests disagree")

    def rival() -> None:
        for number in (1, 0):
            log_log_limits(SurvfuncRight(time_[arm == number], event[arm == number]))
        survdiff(time_, event, arm)

    ours = median_seconds(lambda: (kaplan_meier(adtte, ARMS), log_rank(adtte, ARMS)), times=times)
    size = f"Kaplan-Meier and log-rank, {participants:,}"
    yield Ratio("statistics", size, "statsmodels", ours, median_seconds(rival, times=times))
    frame = pd.DataFrame({"time": time_, "event": event, "arm": arm})
    yield Ratio("statistics", size, "R survival", ours, r_seconds("curves", frame, times=3))


def drawn_times(participants: int) -> pd.DataFrame:
    """Whole days to an event or censoring in two arms: ARM AVAL CNSR."""
    draw = np.random.default_rng(SEED)
    arm = np.arange(participants) % 2
    happens = draw.exponential(np.where(arm == 0, 400, 250))
    ends = draw.uniform(50, 500, participants)
    return pd.DataFrame(
        {
            "ARM": np.where(arm == 0, *ARMS),
            "AVAL": np.ceil(np.minimum(happens, ends)),
            "CNSR": (happens > ends).astype(int),
        }
    )


def log_log_limits(curve: SurvfuncRight) -> tuple[np.ndarray, np.ndarray]:
    inside = (curve.surv_prob > 0) & (curve.surv_prob < 1)
    value, error = curve.surv_prob[inside], curve.surv_prob_se[inside]
    width = norm.ppf(0.975) * error / (-value * np.log(value))
    return value ** np.exp(width), value ** np.exp(-width)


# Resampled medians


def bootstrap_ratios() -> Iterator[Ratio]:
    """10,000 differences of medians, 60 v 60, against a loop over resamples in plain Python and against R."""
    adtte = drawn_times(120)
    arms = [adtte[adtte["ARM"] == arm] for arm in ARMS]
    samples = [(own["AVAL"].to_numpy(), own["CNSR"].to_numpy() == 0) for own in arms]

    def ours() -> np.ndarray:
        draw = np.random.default_rng(SEED)
        first, second = (bootstrap_medians(*sample, RESAMPLES, draw) for sample in samples)
        return first - second

    def loop() -> list[float]:
        draw = np.random.default_rng(SEED)
        return [
            looped_median(*samples[0], draw.integers(0, 60, 60))
            - looped_median(*samples[1], draw.integers(0, 60, 60))
            for _ in range(LOOPED)
        ]

    if abs(np.median(ours()) - np.median(loop())) > 25:  # days; the draws differ
        raise AssertionError("the resampled medians disagree")
    seconds = median_seconds(ours, times=5)
    measured = f"{RESAMPLES:,} resampled median differences"
    looped = median_seconds(loop, times=3) * RESAMPLES / LOOPED
    yield Ratio("statistics", measured, "a loop in Python, scaled", seconds, looped)
    frame = pd.DataFrame({"time": adtte["AVAL"], "event": 1 - adtte["CNSR"], "arm": adtte["ARM"] == ARMS[0]})
    in_r = r_seconds("bootstrap", frame.astype({"arm": int}), times=1, scale=R_SCALE)
    yield Ratio("statistics", measured, "R survival, scaled", seconds, in_r)


def looped_median(time_: np.ndarray, event: np.ndarray, drawn: np.ndarray) -> float:
    """The Kaplan-Meier median of one resample, participant by participant."""
    rows = sorted((time_[i], not event[i]) for i in drawn)
    survival, at_risk = 1.0, len(rows)
    for day, censored in rows:
        if not censored:
            survival *= 1 - 1 / at_risk
        if survival <= 0.5 + 1e-12:
            return float(day)
        at_risk -= 1
    return float("inf")


# The mixed model


def mixed_model_ratios() -> Iterator[Ratio]:
    """Restricted likelihood with Kenward-Roger at 120 x 8 visits, against the same marginal model, without, elsewhere.

    statsmodels' mixedlm with a random effect per visit has that marginal model and one variance too many.
    """
    draw = np.random.default_rng(SEED)
    n = MODELLED
    arm, base = np.arange(n) % 2, draw.normal(3, 0.5, n)
    steps = draw.normal(0, 0.4, (n, VISITS)).cumsum(axis=1)
    y = 0.6 * base[:, None] + 0.3 * arm[:, None] + steps + draw.normal(0, 0.5, (n, VISITS))
    y[draw.random((n, VISITS)) < 0.08] = np.nan
    z = np.column_stack([np.ones(n), arm, base])
    contrast = np.zeros((1, 3 * VISITS))
    contrast[0, -2] = 1

    def ours() -> float:
        return float(kenward_roger(fit_reml(repeated_measures(y, z)), contrast).estimate[0])

    long = pd.DataFrame(
        {
            "id": np.repeat(np.arange(n), VISITS),
            "visit": np.tile(np.arange(VISITS), n),
            "arm": np.repeat(arm, VISITS),
            "base": np.repeat(base, VISITS),
            "y": y.ravel(),
        }
    )
    seconds = median_seconds(ours, times=7)
    measured = f"mixed model, {n} x {VISITS} visits"
    started = time.perf_counter()
    estimate = mixedlm_estimate(long.dropna())
    elsewhere = time.perf_counter() - started
    if abs(estimate - ours()) > 1e-3:
        raise AssertionError(f"the mixed models disagree: {ours()} and {estimate}")
    yield Ratio("statistics", measured, "statsmodels mixedlm", seconds, elsewhere)
    yield Ratio("statistics", measured, "R nlme gls", seconds, r_seconds("repeated", long, times=1))


def mixedlm_estimate(rows: pd.DataFrame) -> float:
    """The difference of the arms at the last visit."""
    visit = np.eye(VISITS)[rows["visit"]]
    fixed = np.column_stack([visit[:, [k]] * rows[["arm", "base"]].assign(one=1.0) for k in range(VISITS)])
    model = MixedLM(rows["y"].to_numpy(), fixed, groups=rows["id"].to_numpy(), exog_re=visit)
    return float(model.fit(reml=True, method="lbfgs", maxiter=2000).fe_params[3 * (VISITS - 1)])


# R


def r_seconds(job: str, rows: pd.DataFrame, *, times: int, scale: float = 1) -> float:
    """Median seconds of a job in R, its start and reading left out; NaN where R or a package is not installed."""
    if shutil.which("Rscript") is None:
        return float("nan")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.csv"
        rows.to_csv(file, index=False)
        command = ["Rscript", str(R_SCRIPT), job, str(file), str(times), str(scale)]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return float(answer.stdout) if answer.returncode == 0 else float("nan")
