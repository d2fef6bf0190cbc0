"""Which participants moved a rate from one data cut to another, and why.

A participant counts in the rate by three things: the arm of the analysis set, being due, and the answer. The cause of
a move is the last step between the cuts (analysis/cut_steps.py) at which the first of these that differs took the
value it has now. docs/reference/cut-changes.md lists the causes; each mover has exactly one.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData
from analysis.cut_steps import CUTOFF, STEPS, CutComparison
from analysis.populations import analysis_set
from trialdata.definition import RATE_KINDS, StudyDefinition

NEWLY_DUE, ENROLLED, GONE = "newly due", "newly enrolled", "participant vanished"
CAUSES = (ENROLLED, GONE, STEPS[0], NEWLY_DUE, *STEPS[1:])
NOT_ENROLLED, NOT_IN_SET, NOT_DUE = "NOTENROLLED", "NOTINSET", "NOTDUE"
PARTS = (("ARM",), ("DUE",), ("n", "N"), ("STATE",))  # what is looked at first decides
Filters = Sequence[tuple[str, Sequence[str]]]


def standings(data: AnalysisData, paramcd: str, population: str, filters: Filters = ()) -> pd.DataFrame:
    """One row per participant of ADSL, by USUBJID: ARM ("" outside the analysis set), DUE, n and N, STATE.

    n of N is what the participant adds to the rate of the arm by the endpoint's own handling of pending and missing;
    STATE is the answer of who is due, else NOTDUE, NOTINSET, NOTENROLLED (no arm of the trial).
    """
    in_set = analysis_set(data, population, filters).set_index("USUBJID")["ARM"]
    endpoint = data.definition.endpoint(paramcd)
    answers = data.adrs[data.adrs["PARAMCD"] == paramcd].set_index("USUBJID")
    enrolled = data.adsl["TRT01P"].isin([arm.trt for arm in data.definition.arms]).to_numpy()
    ids = pd.Index(data.adsl["USUBJID"])
    arm = in_set.reindex(ids).fillna("").to_numpy(dtype=object)
    answers = answers.reindex(ids)
    due = (arm != "") & (answers["DUEFL"] == "Y").to_numpy()
    answered = answers["AVAL"].notna().to_numpy()
    counted = due & (answered if endpoint.missing == "exclude" else True)
    word = answers["AVALC"].fillna("").to_numpy(dtype=object)
    state = np.select([due, arm != "", enrolled], [word, NOT_DUE, NOT_IN_SET], NOT_ENROLLED)
    responded = counted & (answers["AVAL"] == 1).to_numpy()
    columns = {"ARM": arm, "DUE": due, "n": responded.astype(int), "N": counted.astype(int), "STATE": state}
    return pd.DataFrame(columns, index=ids)


def result_changes(
    comparison: CutComparison, paramcd: str, population: str, filters: Filters = ()
) -> pd.DataFrame:
    """One row per participant of either cut whose standing in one rate differs between the cuts.

    USUBJID; ARM, n, N, STATE at the earlier cut (_THEN) and at this one (_NOW); MOVES "Y" where the rate moves (arm,
    n or N differ); CAUSE; PATH: "STATE|step|STATE ..." through every step that changed the state.
    """
    start, steps = _starting_point(comparison, paramcd)
    ids = sorted({*start.adsl["USUBJID"], *comparison.data.adsl["USUBJID"]})
    views = [start, *(data for _, data in steps)]
    known = {
        view: _filled(standings(view, paramcd, population, filters), ids) for view in dict.fromkeys(views)
    }
    seen = [known[view] for view in views]
    then, now = seen[0], seen[-1]
    changed = [_differ(then, now, part) for part in PARTS]
    step = _deciding_step(seen, changed)
    named = np.array([name for name, _ in steps], dtype=object)
    cause = np.where(step > 0, named[step - 1], "")
    due_now = now["DUE"].to_numpy() & ~then["DUE"].to_numpy()
    cause = np.where((cause == CUTOFF) & due_now & ~changed[0], NEWLY_DUE, cause)
    cause = np.where((then["STATE"] == NOT_ENROLLED) & (now["STATE"] != NOT_ENROLLED), ENROLLED, cause)
    cause = np.where(~pd.Index(ids).isin(comparison.data.study.adsl["USUBJID"]), GONE, cause)
    moves = _differ(then, now, ("ARM", "n", "N")) & ((then["N"] + now["N"]) > 0).to_numpy()
    frame = pd.DataFrame({"USUBJID": pd.array(ids, dtype="str")})
    for name in ("ARM", "n", "N", "STATE"):
        frame[f"{name}_THEN"], frame[f"{name}_NOW"] = then[name].to_numpy(), now[name].to_numpy()
    frame["MOVES"], frame["CAUSE"] = np.where(moves, "Y", ""), cause
    frame["PATH"] = _paths(seen, [name for name, _ in steps])
    texts = [name for name in frame if frame[name].dtype == object]
    return frame.astype(dict.fromkeys(texts, "str"))[np.logical_or.reduce(changed)].reset_index(drop=True)


def counted_causes(changes: pd.DataFrame, arms: Sequence[str]) -> pd.DataFrame:
    """One row per cause and arm: `participants` who move the rate of the arm, and what they add to `n` and `N`.

    Who changes arm is taken from one and added to the other.
    """
    movers = changes[changes["MOVES"] == "Y"]
    rows = []
    for cause in CAUSES:
        own = movers[movers["CAUSE"] == cause]
        for arm in arms:
            left, came = own["ARM_THEN"] == arm, own["ARM_NOW"] == arm
            added = [
                int(own.loc[came, f"{name}_NOW"].sum() - own.loc[left, f"{name}_THEN"].sum())
                for name in ("n", "N")
            ]
            rows.append((cause, arm, int((left | came).sum()), *added))
    return pd.DataFrame(rows, columns=["cause", "arm", "participants", "n", "N"])


def had_rate(definition: StudyDefinition, paramcd: str) -> bool:
    """Whether a definition has this endpoint, with a rate."""
    return any(each.paramcd == paramcd and each.kind in RATE_KINDS for each in definition.endpoints)


def _starting_point(
    comparison: CutComparison, paramcd: str
) -> tuple[AnalysisData, tuple[tuple[str, AnalysisData], ...]]:
    """The earlier cut and the steps from it; for an endpoint it did not have, the earlier cut by today's rules."""
    if had_rate(comparison.earlier.definition, paramcd):
        return comparison.earlier, comparison.steps
    return comparison.steps[0][1], comparison.steps[1:]


def _filled(standing: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    """A row for everybody of either cut."""
    nobody = {"ARM": "", "DUE": False, "n": 0, "N": 0, "STATE": NOT_ENROLLED}
    standing = standing.reindex(ids)
    absent = standing["STATE"].isna()
    return pd.DataFrame({name: standing[name].mask(absent, value) for name, value in nobody.items()}).astype(
        {"DUE": bool, "n": int, "N": int}
    )


def _differ(one: pd.DataFrame, other: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    flags = [(one[name] != other[name]).to_numpy() for name in columns]
    return np.logical_or.reduce(flags)


def _deciding_step(seen: Sequence[pd.DataFrame], changed: Sequence[np.ndarray]) -> np.ndarray:
    """Per participant the number of the last step at which the first part that differs changed; 0 where none does."""
    step = np.zeros(len(seen[0]), dtype=int)
    open_ones = np.ones(len(step), dtype=bool)
    for part, differs in zip(PARTS, changed, strict=True):
        deciding = open_ones & differs
        for number in range(1, len(seen)):
            step = np.where(deciding & _differ(seen[number - 1], seen[number], part), number, step)
        open_ones &= ~differs
    return step


def _paths(seen: Sequence[pd.DataFrame], steps: Sequence[str]) -> list[str]:
    states = [frame["STATE"].to_numpy(dtype=object) for frame in seen]
    paths = []
    for row in zip(*states, strict=True):
        path = [row[0]]
        for number, step in enumerate(steps, start=1):
            if row[number] != row[number - 1]:
                path += [step, row[number]]
        paths.append("|".join(path))
    return paths
