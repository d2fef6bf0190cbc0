"""A statistician's own ADRS or ADTTE becomes a typed frame of answers, or is refused in one sentence a problem.

What is read: USUBJID, PARAMCD, AVALC, AVAL, CNSR; every other column is left out and named. The same readers, limits
and rules about identifiers hold as for the files of a data cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from trialdata.answers import RESPONDER, Answer, read_answer
from trialdata.definition import RATE_KINDS, TIME_KINDS, Endpoint, StudyDefinition
from trialdata.deidentify import check_identifiers
from trialdata.errors import StudyDataError
from trialdata.findings import finding, quoted, quoted_text, refusal, row_findings, together
from trialdata.limits import Limits, UnreadableFile, default_limits
from trialdata.reading import READERS, as_text, read_text
from trialdata.toml_values import closest
from trialdata.values import read_number

KEYS = ("USUBJID", "PARAMCD")
VALUES = ("AVALC", "AVAL", "CNSR")
COLUMNS = (*KEYS, *VALUES)
DAYS = ("", "day", "days", "d", "study day", "study days")
HOW = "docs/how-to/double-programming.md says which columns and values"
Findings = list[pd.DataFrame]


@dataclass(frozen=True, eq=False)
class Submitted:
    """The answers of a file: `frame` has one row per participant and parameter, its index the row of the file.

    AVALC is one of ours, or "RESPONDER" or "NONRESPONDER" where the file says no more; AVAL and CNSR are NaN where not
    given. `notes` say what was left out or read as something else.
    """

    file: str
    frame: pd.DataFrame
    notes: tuple[str, ...]


def read_submitted(
    name: str,
    content: bytes,
    definition: StudyDefinition,
    *,
    paramcd: str = "",
    limits: Limits | None = None,
) -> Submitted:
    """The answers in a CSV or SAS transport file; StudyDataError with everything that is wrong with it.

    With `paramcd` only the rows of that endpoint are read, and a file without PARAMCD holds that endpoint alone.
    """
    file = _shown_name(name)
    raw, notes = _read(file, content, definition, paramcd, limits or default_limits())
    rows, found, left_out = _of_endpoints(raw, file, definition, paramcd)
    _refuse(found)
    frame, found, read_as = _typed(rows, file, definition)
    _refuse([*found, *_twice(frame, file)])
    return Submitted(file, frame, (*notes, *left_out, *read_as))


def _shown_name(name: str, most: int = 60) -> str:
    """The name as messages show it, a long one cut before its ending, which says what the file is."""
    path = Path(Path(name).name)
    ending = path.suffix[:most]
    return path.stem[: most - len(ending)] + ending


def _refuse(found: Findings) -> None:
    findings = together(found)
    if (findings["severity"] == "error").any():
        raise StudyDataError(refusal(findings), findings)


def _read(
    file: str, content: bytes, definition: StudyDefinition, paramcd: str, limits: Limits
) -> tuple[pd.DataFrame, list[str]]:
    """The columns that are read, as text or numbers, and a note about the others."""
    if Path(file.lower()).suffix not in READERS:
        _refuse([finding("other_file", file, found="a file of another kind")])
    try:
        raw = read_text(file, content, limits)
    except UnreadableFile as problem:
        _refuse([finding(problem.check, file, row=problem.row, column=problem.column, found=problem.found)])
    identified, found = check_identifiers(raw, file)
    errors = [frame for frame in found if (frame["severity"] == "error").any()]
    _refuse([*errors, *_missing(raw, file, definition, paramcd)])
    if raw.empty:
        _refuse([finding("empty_dataset", file, found="a header without rows")])
    _refuse(_other_unit(identified, file))
    others = [str(column) for column in raw.columns if column not in COLUMNS]
    return identified, [f"Not read: {_some(others)}."] if others else []


def _some(names: Sequence[str], most: int = 12) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _missing(raw: pd.DataFrame, file: str, definition: StudyDefinition, paramcd: str) -> Findings:
    found = f"the columns {_some([str(column) for column in raw.columns])}"
    actions = {}
    if "USUBJID" not in raw:
        actions["USUBJID"] = f"add the column; {HOW}"
    if "PARAMCD" not in raw and not paramcd:
        known = ", ".join(endpoint.paramcd for endpoint in definition.endpoints)
        actions["PARAMCD"] = f"add the column ({known}), or choose the one endpoint that the file holds"
    if not {"AVALC", "AVAL"} & set(raw.columns):
        actions["AVALC"] = f"add AVALC or AVAL; {HOW}"
    return [
        finding("missing_column", file, column=column, row=1, found=found, action=action)
        for column, action in actions.items()
    ]


def _other_unit(raw: pd.DataFrame, file: str) -> Findings:
    """AVALU, where it stands, says days."""
    if "AVALU" not in raw:
        return []
    unit = as_text(raw["AVALU"])
    other = raw[~unit.str.casefold().isin(DAYS)]
    found = quoted(unit[other.index])
    return [row_findings("not_in_days", file, other[[]], column="AVALU", found=found)]


def _of_endpoints(
    raw: pd.DataFrame, file: str, definition: StudyDefinition, paramcd: str
) -> tuple[pd.DataFrame, Findings, list[str]]:
    """The rows of the study's endpoints, refused when there is none, and a note about the others."""
    known = {endpoint.paramcd.casefold(): endpoint.paramcd for endpoint in definition.endpoints}
    if "PARAMCD" not in raw:
        return raw.assign(PARAMCD=paramcd), [], []
    given = as_text(raw["PARAMCD"])
    code = given.str.casefold().map(known).fillna("").astype("str")
    wanted = code == paramcd if paramcd else code != ""
    others = given[~wanted].value_counts(sort=False)
    if not wanted.any():
        said = [text or "an empty cell" for text in others.index[:12]]
        expected = paramcd or ", ".join(known.values())
        hint = closest(said[0].upper(), list(known.values())).removesuffix("?")
        found = _some([quoted_text(text) for text in said])
        refused = finding("unknown_parameter", file, column="PARAMCD", found=found, expected=expected + hint)
        return raw, [refused], []
    notes = [f"{text or 'empty PARAMCD'} ({n} {'row' if n == 1 else 'rows'})" for text, n in others.items()]
    left_out = [f"Not compared, not an endpoint asked for: {_some(notes)}."] if notes else []
    return raw[wanted].assign(PARAMCD=code[wanted]), [], left_out


def _typed(
    raw: pd.DataFrame, file: str, definition: StudyDefinition
) -> tuple[pd.DataFrame, Findings, list[str]]:
    """The frame with every value in its type; what could not be read becomes a finding."""
    frame = pd.DataFrame({name: as_text(raw[name]) for name in KEYS})
    findings: Findings = []
    for name in ("AVAL", "CNSR"):
        frame[name], found = _numbers(raw, name, frame, file)
        findings += found
    frame["AVALC"] = as_text(raw["AVALC"]) if "AVALC" in raw else pd.Series("", raw.index, dtype="str")
    unnamed = frame[frame["USUBJID"] == ""]
    findings.append(
        row_findings("answer_of_nobody", file, unnamed[[]], column="USUBJID", found="an empty cell")
    )
    kinds = frame["PARAMCD"].map({endpoint.paramcd: endpoint.kind for endpoint in definition.endpoints})
    frame, found, notes = _times(frame, kinds.isin(TIME_KINDS), file)
    findings += found
    for endpoint in definition.endpoints:
        rows = frame["PARAMCD"] == endpoint.paramcd
        if rows.any() and endpoint.kind not in TIME_KINDS:
            frame, found, said = _answers(frame, rows, endpoint, file)
            findings, notes = [*findings, *found], [*notes, *said]
    return frame[list(COLUMNS)], findings, notes


def _numbers(raw: pd.DataFrame, name: str, rows: pd.DataFrame, file: str) -> tuple[pd.Series, Findings]:
    """Numbers, NaN for an empty cell; any text that is not plainly one number is refused."""
    if name not in raw:
        return pd.Series(np.nan, raw.index), []
    if pd.api.types.is_numeric_dtype(raw[name]):
        return raw[name].astype(float), []
    codes, texts = pd.factorize(raw[name])
    readings = [read_number(text) for text in texts]
    values = pd.Series(np.array([reading.value for reading in readings], float)[codes], raw.index)
    bad = np.array([reading.noticed not in ("", "not done") for reading in readings], bool)[codes]
    found = quoted(raw.loc[bad, name])
    return values, [row_findings("not_a_number", file, rows[bad][["USUBJID"]], column=name, found=found)]


def _times(frame: pd.DataFrame, rows: pd.Series, file: str) -> tuple[pd.DataFrame, Findings, list[str]]:
    """Times need AVAL in days and CNSR: 0 an event, 1 or above censored."""
    times = frame[rows]
    value, censor = times["AVAL"], times["CNSR"]
    without = times[value.isna()]
    wrong = times[censor.isna() | (censor < 0) | (censor % 1 != 0)]
    number = censor[wrong.index].map(lambda cell: "an empty cell" if pd.isna(cell) else f"{cell:g}")
    findings = [
        row_findings("time_without_days", file, without[["USUBJID"]], column="AVAL", found="an empty cell"),
        row_findings("not_censoring", file, wrong[["USUBJID"]], column="CNSR", found=number.astype("str")),
    ]
    several = sorted({f"{value:g}" for value in censor[censor > 1]})
    notes = [f"CNSR {_some(several)} is read as censored, like 1."] if several else []
    return frame.assign(CNSR=frame["CNSR"].where(~rows, frame["CNSR"].clip(upper=1))), findings, notes


def _answers(
    frame: pd.DataFrame, rows: pd.Series, endpoint: Endpoint, file: str
) -> tuple[pd.DataFrame, Findings, list[str]]:
    """AVALC of one endpoint in our words; where it is empty AVAL answers."""
    own = frame[rows]
    if endpoint.kind not in RATE_KINDS:
        value = own["AVAL"].where(own["AVAL"].notna(), pd.to_numeric(own["AVALC"], errors="coerce"))
        return _filled(frame, rows, AVAL=value, AVALC=value.isna().map({True: "MISSING", False: ""})), [], []
    texts = own["AVALC"].where(own["AVALC"] != "", own["AVAL"].map(RESPONDER).fillna("").astype("str"))
    strange = own[(own["AVALC"] == "") & own["AVAL"].notna() & ~own["AVAL"].isin(list(RESPONDER))]
    answers: dict[str, Answer] = {text: read_answer(text, endpoint.kind) for text in texts.unique()}
    bad = own[texts.map({text: not answer.word for text, answer in answers.items()}).astype(bool)]
    expected = bad["AVALC"].map({text: answer.expected for text, answer in answers.items()}).astype("str")
    findings = [
        row_findings(
            *("not_an_answer", file, bad[["USUBJID"]]),
            column="AVALC",
            found=quoted(bad["AVALC"]),
            expected=expected,
        ),
        row_findings(
            *("not_an_answer", file, strange[["USUBJID"]]),
            column="AVAL",
            found=strange["AVAL"].map("{:g}".format).astype("str"),
            expected="1 (response) or 0 (none)",
        ),
    ]
    read_as = {text or "an empty AVALC": answer.word for text, answer in answers.items() if answer.respelled}
    notes = [f"{endpoint.paramcd}: " + ", ".join(f"{a} is read as {b}" for a, b in read_as.items()) + "."]
    words = texts.map({text: answer.word for text, answer in answers.items()})
    return _filled(frame, rows, AVALC=words), findings, notes if read_as else []


def _filled(frame: pd.DataFrame, rows: pd.Series, **columns: pd.Series) -> pd.DataFrame:
    return frame.assign(
        **{name: frame[name].mask(rows, values.reindex(frame.index)) for name, values in columns.items()}
    )


def _twice(frame: pd.DataFrame, file: str) -> Findings:
    """Two rows for one participant and parameter: which of them is the answer, only the author knows."""
    repeated = frame[frame.duplicated(list(KEYS)) & (frame["USUBJID"] != "")]
    found = "a further row of " + repeated["PARAMCD"]
    return [row_findings("two_answers", file, repeated[["USUBJID"]], found=found)]
