"""The derivation of a whole trial, against one endpoint of it worked out naively and in one vectorised pass.

The rivals do far less: no bleeding, rescue, visits, populations or status, and one endpoint instead of all.
"""

import dataclasses
from collections.abc import Iterator

import pandas as pd

from analysis.adam import derive
from benchmarks.measure import Ratio, median_seconds
from benchmarks.rivals import naive_responders, vectorised_responders
from benchmarks.server import ROOT
from trialdata.study import Study, load_study

REPETITIONS = {120: 7, 12_000: 3, 100_000: 1}  # by number of subjects
NAIVE_SUBJECTS = 1_200  # the naive rival is measured on at most these and scaled


def derivation_ratios() -> Iterator[Ratio]:
    """Two ratios per size: against groupby-apply, scaled where it would take minutes, and vectorised."""
    sample = load_study(ROOT, "nct07057778")
    for subjects, times in REPETITIONS.items():
        study = of_size(sample, subjects)
        records = platelet_records(study)
        few = records[records["USUBJID"].isin(study.adsl["USUBJID"].head(NAIVE_SUBJECTS))]
        if naive_responders(few) != vectorised_responders(few):
            raise AssertionError("the two rivals disagree")
        limit = 1 if subjects >= NAIVE_SUBJECTS else None
        scale = max(1, subjects / NAIVE_SUBJECTS)
        naive = scale * median_seconds(lambda rows=few: naive_responders(rows), times=3)
        vectorised = median_seconds(lambda rows=records: vectorised_responders(rows), times=times)
        ours = median_seconds(lambda trial=study: derive(trial), times=times)
        size = f"{subjects:,} subjects, {len(records):,} counts"
        yield Ratio("derivation", size, "one endpoint by groupby-apply", ours, naive, limit)
        yield Ratio("derivation", size, "one endpoint in one vectorised pass", ours, vectorised)


def of_size(study: Study, subjects: int) -> Study:
    """A study of that many participants: copies of the sample's, platelets the only laboratory parameter."""
    copies = -(-subjects // len(study.adsl))
    kept = set(copied(study.adsl, copies)["USUBJID"].head(subjects))
    frames = {name: getattr(study, name) for name in ("adsl", "adlb", "adqs", "adcm", "adae", "adex")}
    frames["adlb"] = frames["adlb"][frames["adlb"]["PARAMCD"] == "PLAT"]
    many = {name: copied(frame, copies) for name, frame in frames.items()}
    return dataclasses.replace(
        study,
        **{name: frame[frame["USUBJID"].isin(kept)].reset_index(drop=True) for name, frame in many.items()},
    )


def copied(frame: pd.DataFrame, copies: int) -> pd.DataFrame:
    """The rows `copies` times, each copy under participants of its own."""
    parts = [frame.assign(USUBJID=frame["USUBJID"] + f"-{copy:04}") for copy in range(copies)]
    return pd.concat(parts, ignore_index=True)


def platelet_records(study: Study) -> pd.DataFrame:
    """One row per subject and day, sorted: USUBJID ADY AVAL (the lowest of the day)."""
    platelets = study.adlb[study.adlb["PARAMCD"] == "PLAT"].dropna(subset=["ADY", "AVAL"])
    return platelets.groupby(["USUBJID", "ADY"], as_index=False)["AVAL"].min()
