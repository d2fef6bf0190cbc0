"""Treatment-emergent adverse events of the safety set, and how many participants had them.

Rule: docs/reference/safety.md, section 2.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.adam import AnalysisData

ALL = "All"
NOT_CODED = "Not coded"
NO_TERM = "Term missing"
NOT_RELATED = {"not related", "unrelated", "unlikely", "unlikely related", "none", "no", "n"}
NOT_RELATED |= {"not suspected", "remote", "肯定无关", "可能无关", "无关"}
STOPPED = {"drug withdrawn", "drug discontinued", "withdrawn", "permanently discontinued", "永久停药", "停药"}


@dataclass(frozen=True, eq=False)
class AdverseEvents:
    """The events that count, and what was left out.

    `rows`: one row per treatment-emergent event of the safety set: USUBJID, ARM (actual), SOC, TERM, GRADE (1 to 5,
    NaN missing), SERIOUS, RELATED, STOPPED, FATAL (booleans), OUTCOME (AEOUT), ASTDY, AENDY, FUDY (last day followed).
    `excluded`: the events left out because their term is the disease; `before`: those not treatment-emergent.
    `sizes`: participants of the safety set by arm. `recorded`: of SERIOUS, RELATED, STOPPED, GRADE and OUTCOME, those
    that the cut has for any event; FATAL where it has outcomes or grades, ANY where it has events at all.
    """

    rows: pd.DataFrame
    excluded: pd.DataFrame
    before: pd.DataFrame
    sizes: dict[str, int]
    recorded: frozenset[str]


def adverse_events(data: AnalysisData, subjects: pd.DataFrame, arms: Sequence[str]) -> AdverseEvents:
    """The events of `subjects` (ADSL rows with ARM and FUDY, one per participant)."""
    own = data.adae.merge(subjects[["USUBJID", "ARM", "FUDY"]], on="USUBJID")
    emergent = treatment_emergent(own, derived=not data.adae["TRTEMFL"].isin(("Y", "N")).any())
    disease = _is_one_of(own["AEDECOD"], data.definition.adverse_events.excluded_terms)
    read = _read(own)
    sizes = subjects["ARM"].value_counts()
    return AdverseEvents(
        rows=read[emergent & ~disease].reset_index(drop=True),
        excluded=read[emergent & disease].reset_index(drop=True),
        before=read[~emergent].reset_index(drop=True),
        sizes={arm: int(sizes.get(arm, 0)) for arm in arms},
        recorded=recorded_in(data.adae),
    )


def treatment_emergent(events: pd.DataFrame, *, derived: bool) -> pd.Series:
    """TRTEMFL; derived where the cut has none: from day 1 on, or on an unknown day unless it ended before day 1."""
    if not derived:
        return events["TRTEMFL"] == "Y"
    return (events["ASTDY"] >= 1) | (events["ASTDY"].isna() & ~(events["AENDY"] < 1))


def participants_with(
    events: pd.DataFrame,
    by: Sequence[str],
    sizes: dict[str, int],
    *,
    total: bool = True,
    among: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row per arm and combination of `by`, with `n` participants of `N` and their `events`.

    `among` has the combinations; without it those that occur.

    Every combination has a row for every arm, 0 where nobody had it; with `total` also for all arms ("All"), unless
    that is the one arm of a pooled view.
    """
    total = total and ALL not in sizes
    arms = [*sizes, ALL] if total else list(sizes)
    N = sizes | {ALL: sum(sizes.values())}
    keys = list(by)
    both = pd.concat([events, events.assign(ARM=ALL)]) if total else events
    grouped = both.groupby(["ARM", *keys], sort=False)["USUBJID"].agg(n="nunique", events="size")
    occurring = events[keys].drop_duplicates() if keys else pd.DataFrame(index=[0])
    every = (occurring if among is None else among).merge(pd.DataFrame({"ARM": arms}), how="cross")
    counted = every.merge(grouped.reset_index(), on=["ARM", *keys], how="left")
    counted = counted.fillna({"n": 0, "events": 0}).astype({"n": int, "events": int})
    counted = counted.assign(N=counted["ARM"].map(N).astype(int)).rename(columns={"ARM": "arm"})
    return counted[["arm", *keys, "n", "events", "N"]]


def of_special_interest(
    events: pd.DataFrame, terms: Collection[str], body_systems: Collection[str]
) -> pd.Series:
    """Whether each event belongs to a block [[aesi]]: by its term or its system organ class, in capitals or not."""
    return _is_one_of(events["TERM"], terms) | _is_one_of(events["SOC"], body_systems)


def _is_one_of(texts: pd.Series, names: Collection[str]) -> pd.Series:
    return texts.str.strip().str.casefold().isin([name.strip().casefold() for name in names])


def _read(events: pd.DataFrame) -> pd.DataFrame:
    relation, action = (events[name].str.strip().str.casefold() for name in ("AEREL", "AEACN"))
    grade = pd.to_numeric(events["AETOXGR"], errors="coerce").astype(float)
    columns = {
        "USUBJID": events["USUBJID"],
        "ARM": events["ARM"],
        "SOC": events["AEBODSYS"].str.strip().replace("", NOT_CODED),
        "TERM": events["AEDECOD"].str.strip().replace("", NO_TERM),
        "GRADE": grade.where(grade.between(1, 5), np.nan),
        "SERIOUS": events["AESER"] == "Y",
        "RELATED": ~relation.isin(NOT_RELATED),
        "STOPPED": action.isin(STOPPED),
        "FATAL": _fatal(events, grade),
        "OUTCOME": events["AEOUT"],
    }
    return pd.DataFrame(columns | {name: events[name] for name in ("ASTDY", "AENDY", "FUDY")})


def _fatal(events: pd.DataFrame, grade: pd.Series) -> pd.Series:
    """By outcome, grade or, where the cut has it, criterion."""
    said = (events["AEOUT"].str.strip().str.casefold() == "fatal") | (grade == 5)
    return (
        said | events["AESDTH"].astype("str").str.upper().isin(("Y", "YES")) if "AESDTH" in events else said
    )


def recorded_in(adae: pd.DataFrame) -> frozenset[str]:
    """What the cut has for any event, as in `AdverseEvents`."""
    columns = {
        "SERIOUS": ["AESER"],
        "RELATED": ["AEREL"],
        "STOPPED": ["AEACN"],
        "GRADE": ["AETOXGR"],
        "OUTCOME": ["AEOUT"],
    }
    columns |= {"FATAL": ["AEOUT", "AETOXGR"], "ANY": ["USUBJID"]}
    return frozenset(name for name, needed in columns.items() if (adae[needed] != "").any(axis=None))
