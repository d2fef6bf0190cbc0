"""Exports of REDCap, raw or with labels: one file holds participants, their visits and their repeating forms.

It becomes one table of participants (each value carried over from the event where it was entered), one of
events, and one for each repeating form. Choices stay codes in a raw export: what they mean is asked.
"""

import re

import pandas as pd

from trialdata.findings import finding
from trialdata.formats.source_table import SourceTable

RAW = {
    "REDCAP_EVENT_NAME": "event",
    "REDCAP_REPEAT_INSTRUMENT": "form",
    "REDCAP_REPEAT_INSTANCE": "instance",
    "REDCAP_DATA_ACCESS_GROUP": "group",
}
LABELS = {
    "EVENT NAME": "event",
    "REPEAT INSTRUMENT": "form",
    "REPEAT INSTANCE": "instance",
    "DATA ACCESS GROUP": "group",
}
COMPLETE = re.compile(r".+_COMPLETE|COMPLETE\?( \d+)?")
CHECKBOX = re.compile(r"(?P<name>.+?)___(?P<code>.+)")
ARM_OF_EVENT = re.compile(r"[_ ]arm[_ ]\d+$|\s*\(arm \d+:.*\)$", re.IGNORECASE)
EVENT, SITE = "AVISIT", "SITEID"


def is_redcap(table: SourceTable) -> bool:
    """A column of events or of repeating forms under REDCap's own name, and a record in the first column."""
    names = set(table.frame.columns)
    raw = {"REDCAP_EVENT_NAME", "REDCAP_REPEAT_INSTRUMENT"} & names
    return bool(raw) or ({"EVENT NAME"} < names and any(map(COMPLETE.fullmatch, names)))


def from_redcap(table: SourceTable) -> list[SourceTable]:
    """The participants, the events and each repeating form, as tables of their own."""
    frame, parts = _own_columns(table.frame)
    record = str(frame.columns[0])
    repeated = parts.get("form", pd.Series("", frame.index, dtype="str")).str.strip()
    once = frame[repeated == ""]
    if "event" in parts:
        event = parts["event"].str.replace(ARM_OF_EVENT, "", regex=True).str.replace("_", " ").str.strip()
        frame, once = frame.assign(**{EVENT: event}), once.assign(**{EVENT: event})
    tables = {"participants": _one_row_each(once.drop(columns=EVENT, errors="ignore"), record, parts)}
    if "event" in parts:
        tables["events"] = _filled(once, record)
    for form in sorted(set(repeated) - {""}):
        tables[form] = _filled(frame[repeated == form], record)
    note = finding("redcap_export", table.name, found=f"an export of REDCap: {', '.join(tables)}")
    return [
        table.replace(
            frame=part,
            sheet=f"{table.sheet}, {name}" if table.sheet else name,
            sent={**table.sent, EVENT: "event"},
            findings=(*table.findings, note) if name == "participants" else (),
        )
        for name, part in tables.items()
        if len(part)
    ]


def _own_columns(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, pd.Series]]:
    """The data without REDCap's columns about itself, checkboxes joined; and these columns by what they are."""
    known = RAW if set(RAW) & set(frame.columns) else LABELS
    parts = {what: frame[name] for name, what in known.items() if name in frame}
    data = frame.drop(columns=[name for name in frame if name in known or COMPLETE.fullmatch(name)])
    return _joined_checkboxes(data), parts


def _joined_checkboxes(frame: pd.DataFrame) -> pd.DataFrame:
    """RACE___1, RACE___3 become RACE, the codes that are ticked: "1;3"."""
    boxes: dict[str, dict[str, str]] = {}
    for name in frame:
        if box := CHECKBOX.fullmatch(name):
            boxes.setdefault(box["name"], {})[box["code"]] = name
    for name, columns in boxes.items():
        ticked = pd.Series("", frame.index, dtype="str")
        for code, column in columns.items():
            is_ticked = frame[column].str.strip().str.casefold().isin(("1", "checked"))
            ticked = ticked.mask(is_ticked, ticked + ";" + code)
        frame = frame.drop(columns=list(columns.values())).assign(**{name: ticked.str.removeprefix(";")})
    return frame


def _one_row_each(frame: pd.DataFrame, record: str, parts: dict[str, pd.Series]) -> pd.DataFrame:
    """The first value entered in each column, by record; the row is the first one of the record."""
    if "group" in parts:
        frame = frame.assign(**{SITE: parts["group"].reindex(frame.index)})
    rows = frame[record].drop_duplicates().index
    blank = frame.mask(frame.apply(lambda column: column.str.strip() == ""))
    first = blank.groupby(frame[record], sort=False).first().fillna("").astype("str")
    first = first.reindex(frame.loc[rows, record]).assign(**{record: frame.loc[rows, record].to_numpy()})
    return _filled(first[list(frame.columns)].set_axis(rows), record)


def _filled(frame: pd.DataFrame, record: str) -> pd.DataFrame:
    """The columns that hold anything, and the rows that hold more than the record and its event."""
    kept = [name for name in frame if name == record or (frame[name].str.strip() != "").any()]
    content = [name for name in kept if name not in (record, EVENT)]
    filled = (frame[content].apply(lambda column: column.str.strip()) != "").any(axis=1) if content else False
    return frame.loc[filled, kept] if content else frame.iloc[:0]
