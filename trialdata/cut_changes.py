"""What changed between two data cuts, record by record: new, corrected, completed and vanished records.

docs/reference/cut-changes.md says which records are held to be the same. The frames of both cuts may be typed or text,
of stored cuts or of an import not yet accepted. DCUTDY, TRTSDT and every date stay out: beside the date of the cut
they would give back the first dose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialdata.record_matching import Matched, day_of, match_records, subject_of, value_of
from trialdata.schema import DATASETS

NEW, CORRECTED, COMPLETED, VANISHED = "new", "corrected", "completed", "vanished"
KINDS = (NEW, CORRECTED, COMPLETED, VANISHED)
COLUMNS = ("DATASET", "RECORD", "USUBJID", "SITEID", "PARAMCD", "DAY", "WHAT", "COLUMN", "BEFORE", "AFTER")
TOTALS = ("dataset", "before", "after", *KINDS, "unchanged")
Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True, eq=False)
class RecordChanges:
    """`rows`: one per changed record, of a corrected or completed one a row per changed column (COLUMNS).

    RECORD numbers the changed records; PARAMCD is what the record is about (a parameter, class of medication, event or
    drug), DAY its study day at this cut, else at the earlier one; of a new or vanished record its value stands in AFTER
    or BEFORE. `totals`: one row per dataset, before - vanished + new = after. `matched` by dataset.
    """

    rows: pd.DataFrame
    totals: pd.DataFrame
    matched: Mapping[str, Matched]

    def counts(self, *keys: str) -> pd.DataFrame:
        """One row per combination of `keys` (columns of `rows`) with the number of records of each kind."""
        records = self.rows.drop_duplicates("RECORD")
        counted = records.groupby([*keys, "WHAT"]).size().unstack(fill_value=0)
        return counted.reindex(columns=list(KINDS), fill_value=0).rename_axis(columns=None).reset_index()


def compare_records(before: Frames, after: Frames, *, also: Sequence[str] = ()) -> RecordChanges:
    """The changes from the frames of one cut to those of another, by dataset name ("adsl"); an absent one is empty.

    Compared are the columns of trialdata/schema.py that both frames have, and those of ADSL named in `also`.
    """
    matched = {
        name: match_records(name, before.get(name), after.get(name), also=also if name == "adsl" else ())
        for name in DATASETS
    }
    sites = _sites(before.get("adsl")) | _sites(after.get("adsl"))
    parts = [part for name, of in matched.items() for part in _rows(name, of)]
    nothing = pd.DataFrame(columns=[*COLUMNS, "_before", "_after"])
    rows = pd.concat(parts, ignore_index=True) if parts else nothing
    rows["SITEID"] = [sites.get(usubjid, "") for usubjid in rows["USUBJID"]]
    rows["RECORD"] = rows.groupby(["DATASET", "_before", "_after"], sort=False).ngroup()
    return RecordChanges(_typed(_in_order(rows)), _totals(matched), matched)


def vanished_subjects(before: Frames, after: Frames) -> list[str]:
    """USUBJID of everybody whom the earlier ADSL has and the later one has not."""
    known = set(after["adsl"]["USUBJID"]) if "adsl" in after else set()
    return sorted(set(before["adsl"]["USUBJID"]) - known) if "adsl" in before else []


def _sites(adsl: pd.DataFrame | None) -> dict[str, str]:
    if adsl is None or "SITEID" not in adsl:
        return {}
    return dict(zip(adsl["USUBJID"].astype(str), adsl["SITEID"].astype(str), strict=True))


def _rows(name: str, matched: Matched) -> list[pd.DataFrame]:
    """The changed records of one dataset, without SITEID and in no order."""
    left, right, pairs = matched.before, matched.after, matched.pairs
    vanished = _alone(name, left, matched.vanished, VANISHED)
    new = _alone(name, right, matched.new, NEW)
    parts = [
        vanished.assign(_before=matched.vanished, _after=-1, BEFORE=value_of(name, left, matched.vanished)),
        new.assign(_before=-1, _after=matched.new, AFTER=value_of(name, right, matched.new)),
    ]
    put_right = matched.corrected.any(axis=1).to_numpy()
    for column in matched.columns:
        chosen = matched.changed[column].to_numpy()
        here = pairs["after"].to_numpy()[chosen]
        rows = _alone(name, right, here, "").assign(
            WHAT=np.where(put_right[chosen], CORRECTED, COMPLETED),
            COLUMN=column,
            BEFORE=matched.text("before", column)[chosen],
            AFTER=matched.text("after", column)[chosen],
        )
        parts.append(rows.assign(_before=pairs["before"].to_numpy()[chosen], _after=here))
    return [part for part in parts if len(part)]


def _alone(name: str, frame: pd.DataFrame, rows: np.ndarray, what: str) -> pd.DataFrame:
    """The rows of one frame with what they are about; `frame` holds text."""
    return pd.DataFrame(
        {
            "DATASET": name,
            "USUBJID": frame["USUBJID"].to_numpy()[rows],
            "PARAMCD": subject_of(name, frame, rows),
            "DAY": day_of(name, frame, rows),
            "WHAT": what,
            "COLUMN": "",
            "BEFORE": "",
            "AFTER": "",
        }
    )


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """By dataset and kind, then participant, day and parameter; records numbered in that order."""
    place = {name: number for number, name in enumerate([*DATASETS, *KINDS])}
    said = rows["COLUMN"] + " " + rows["BEFORE"] + " " + rows["AFTER"]
    order = pd.DataFrame(
        {
            "dataset": rows["DATASET"].map(place),
            "what": rows["WHAT"].map(place),
            **{name: rows[name] for name in ("USUBJID", "DAY", "PARAMCD")},
            "said": said.groupby(rows["RECORD"]).transform("min"),  # not the place in the file
            **{name: rows[name] for name in ("RECORD", "COLUMN")},
        }
    )
    rows = rows.loc[order.sort_values(list(order), kind="stable").index].reset_index(drop=True)
    return rows.assign(RECORD=pd.factorize(rows["RECORD"])[0])[list(COLUMNS)]


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    kinds = dict.fromkeys(COLUMNS, "str") | {"RECORD": "int64", "DAY": "float64"}
    return rows.astype(kinds)


def _totals(matched: Mapping[str, Matched]) -> pd.DataFrame:
    rows = []
    for name, of in matched.items():
        corrected = int(of.corrected.any(axis=1).sum())
        completed = int(of.changed.any(axis=1).sum()) - corrected
        same = len(of.pairs) - corrected - completed
        sizes = (len(of.before), len(of.after), len(of.new), corrected, completed, len(of.vanished), same)
        rows.append((name, *sizes))
    return pd.DataFrame(rows, columns=list(TOTALS))
