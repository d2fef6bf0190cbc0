"""The answers of one endpoint under another rule: who changes class, which change moved them, and the rates.

The same engine derives the same course under both rules; the rule of the protocol is never touched. The rules:
docs/reference/endpoints.md; the comparison: docs/reference/methods/rule_sensitivity.md.
"""

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis import proportions
from analysis.adam import AnalysisData, course_of
from analysis.endpoints import RULES
from analysis.endpoints.course import Course
from analysis.rate_methods import MIETTINEN_NURMINEN, WILSON
from analysis.rates import response_rates
from trialdata.definition import StudyDefinition
from trialdata.rule_changes import changed_definition

PROTOCOL, CHANGED = "protocol", "changed"
CLASS = ("AVALC", "DUEFL")  # of a participant: what the rate counts
CHANGE = "changed minus protocol"
SAME_PARTICIPANTS = "no interval: the same participants under two rules"
NOBODY_DUE = "nobody is due in an arm"
COLUMNS = ["rule", "arm", "comparison", "measure", "n", "N", "estimate", "conf_low", "conf_high"]
COLUMNS += ["method", "note"]


@dataclass(frozen=True, eq=False)
class RuleComparison:
    """ADRS of one endpoint by the protocol's rule and by the changed one, and who moved.

    `movers`: one row per participant whose AVALC or DUEFL differs: USUBJID, AVALC and DUEFL by the protocol,
    NEWAVALC and NEWDUEFL by the changed rule, MOVEDBY the keys that alone lead there (parted by blanks), TOGETHER
    "Y" where something changed that no key alone leads to.
    """

    protocol: pd.DataFrame
    changed: pd.DataFrame
    movers: pd.DataFrame


def compare_rules(
    data: AnalysisData, paramcd: str, changes: Mapping[str, Any], *, course: Course | None = None
) -> RuleComparison:
    """Both rules for every participant of ADSL, with each change tried alone.

    `changes` by key as `trialdata.rule_changes` reads them; `course` is that of `data`, read here unless given.
    """
    course = course or course_of(data)

    def answers(keys: Iterable[str]) -> pd.DataFrame:
        part = {key: changes[key] for key in keys}
        return derive_answers(course, changed_definition(data.definition, paramcd, part), paramcd)

    protocol, changed = answers(()), answers(changes)
    alone = {key: answers([key]) for key in changes} if len(changes) > 1 else dict.fromkeys(changes, changed)
    return RuleComparison(protocol, changed, movers(protocol, changed, alone))


def derive_answers(course: Course, definition: StudyDefinition, paramcd: str) -> pd.DataFrame:
    """ADRS rows of one endpoint by the rule it has in `definition`; other visits than the course's are not read."""
    same_rescue = definition.rescue == course.definition.rescue
    read = course._read if same_rescue else {}
    of_rule = dataclasses.replace(course, definition=definition, _read=read)
    endpoint = definition.endpoint(paramcd)
    rows: pd.DataFrame = RULES[endpoint.kind](of_rule, endpoint)
    return rows


def movers(protocol: pd.DataFrame, changed: pd.DataFrame, alone: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per participant who changes class, with the changes that lead there: see `RuleComparison`.

    The frames are ADRS rows of the same participants in the same order. A change is named when alone it gives the
    new AVALC where that differs, or the new DUEFL where that does.
    """
    moved = {name: (protocol[name] != changed[name]).to_numpy() for name in CLASS}
    leads = {
        key: {name: moved[name] & (rows[name] == changed[name]).to_numpy() for name in CLASS}
        for key, rows in alone.items()
    }
    unled = [moved[name] & ~_any([lead[name] for lead in leads.values()], len(protocol)) for name in CLASS]
    named = pd.DataFrame(
        {key: _any(list(lead.values()), len(protocol)) for key, lead in leads.items()}, protocol.index
    )
    by = pd.Series(
        [" ".join(named.columns[row]) for row in named.to_numpy(bool)], protocol.index, dtype="str"
    )
    frame = protocol[["USUBJID", *CLASS]].assign(
        NEWAVALC=changed["AVALC"],
        NEWDUEFL=changed["DUEFL"],
        MOVEDBY=by,
        TOGETHER=np.where(_any(unled, len(protocol)), "Y", ""),
    )
    return frame[_any(list(moved.values()), len(protocol))].reset_index(drop=True)


def _any(flags: Sequence[np.ndarray], size: int) -> np.ndarray:
    return np.logical_or.reduce(flags) if len(flags) else np.zeros(size, dtype=bool)


def rates_by_rule(
    answers: Mapping[str, tuple[pd.DataFrame, str]], arms: Sequence[str], pairs: Iterable[tuple[str, str]]
) -> pd.DataFrame:
    """One row per rule and arm (Wilson), then per rule and comparison (Miettinen-Nurminen); no test.

    `answers`: by rule the ADRS rows of the analysis set with ARM, and how pending and missing are treated. Each rule
    is counted over its own due. A number that cannot be made has its reason in `note`.
    """
    rows = []
    for rule, (adrs, missing) in answers.items():
        rates = response_rates(adrs, arms, missing=missing)
        rates = rates[rates["method"] == WILSON].set_index("arm")
        rows += [
            {"rule": rule, "arm": row.Index, "measure": "rate", **_numbers(row), "note": _note(row.N > 0)}
            for row in rates.itertuples()
        ]
        rows += [{"rule": rule, **_difference(rates, *pair)} for pair in pairs]
    return _typed(rows)


def _numbers(row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("n", "N", "estimate", "conf_low", "conf_high", "method")}


def _note(estimable: bool) -> str:
    return "" if estimable else NOBODY_DUE


def _difference(rates: pd.DataFrame, experimental: str, control: str) -> dict[str, Any]:
    x1, n1 = (int(rates.loc[experimental, name]) for name in ("n", "N"))
    x0, n0 = (int(rates.loc[control, name]) for name in ("n", "N"))
    low, high = proportions.miettinen_nurminen(x1, n1, x0, n0, 0.95)
    both = n1 > 0 and n0 > 0
    return {
        "comparison": f"{experimental} - {control}",
        "measure": "difference",
        "estimate": x1 / n1 - x0 / n0 if both else math.nan,
        "conf_low": low,
        "conf_high": high,
        "method": MIETTINEN_NURMINEN,
        "note": _note(both),
    }


def changes_in_rates(rates: pd.DataFrame) -> pd.DataFrame:
    """Of each rate and difference, the changed rule minus the protocol's: `rates` as of `rates_by_rule`."""
    keys = ["arm", "comparison", "measure"]
    before, after = (rates[rates["rule"] == rule].set_index(keys) for rule in (PROTOCOL, CHANGED))
    change = after["estimate"] - before["estimate"].reindex(after.index)
    frame = change.reset_index().assign(
        rule=CHANGE,
        measure=lambda rows: "change in " + rows["measure"],
        method="subtraction",
        note=lambda rows: np.where(rows["estimate"].isna(), NOBODY_DUE, SAME_PARTICIPANTS),
    )
    return _typed(frame.to_dict("records"))


def _typed(rows: list[dict]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    texts = {
        name: frame[name].astype(object).fillna("").astype("str") for name in ("arm", "comparison", "note")
    }
    return frame.assign(**texts).astype({"n": "Int64", "N": "Int64"})
