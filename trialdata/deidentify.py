"""Identifiers in a table: found by header and by value, emptied before anything else reads them.

A finding names columns and rows, never a value. In a column of its own an identifier refuses the file; in free
text it is a warning, and the cell is emptied.
"""

import re

import numpy as np
import pandas as pd

from trialdata.findings import finding, row_findings
from trialdata.identifiers import (
    BIRTH_YEARS,
    GENOTYPE,
    SHORTEST,
    forms_of,
    genetic_header,
    identifying_form,
    identifying_header,
    mostly_names,
    plain,
    written_freely,
)

FULL_DATE = re.compile(
    r"(19|20)\d\d[-/.年](0?[1-9]|1[0-2])[-/.月](0?[1-9]|[12]\d|3[01])(日|[T ].*)?"
    r"|\d\d?[- ]?[A-Z]{3}[- ]?(19|20)\d\d|\d\d?[/.]\d\d?[/.](19|20)\d\d",
    re.IGNORECASE,
)
BORN_BEFORE = 1995  # a column of dates most of which are older is one of birth
NOT_REPEATED = "(not repeated: it may identify a person)"


def check_identifiers(frame: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The frame with every identifier emptied, and a finding for each column and form of identifier."""
    frame, findings = _without_telling_headers(frame, file)
    for check, columns in _forbidden_columns(frame).items():
        if columns:
            found = "a header of this kind"
            findings.append(finding(check, file, column=", ".join(columns), row=1, found=found))
            frame = frame.drop(columns=columns)
    for column in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[column]):
            frame, found_values = _check_values(frame, column, file)
            findings.extend(found_values)
    return frame, findings


def _without_telling_headers(frame: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Headers that are identifiers themselves: the file has no header row, or its columns are persons."""
    headers = [str(header) for header in frame.columns]
    forms = {place: form for place, header in enumerate(headers) if (form := identifying_form(header))}
    if mostly_names(headers, [1] * len(headers)):
        forms = dict.fromkeys(range(len(headers)), "personal names as headers")
    findings = [
        finding("identifier_value", file, row=1, column=f"number {place + 1}", found=f"{form} in the header")
        for place, form in forms.items()
    ]
    kept = [place for place in range(len(headers)) if place not in forms]
    return frame.iloc[:, kept], findings


def _forbidden_columns(frame: pd.DataFrame) -> dict[str, list[str]]:
    identifying = [column for column in frame.columns if identifying_header(column)]
    empty = [column for column in identifying if not _filled(frame[column]).any()]
    return {
        "identifier_header": [column for column in identifying if column not in empty],
        "empty_identifier_column": empty,
        "genetic_column": [column for column in frame.columns if genetic_header(column)],
        "birth_year": [column for column in frame.columns if column in BIRTH_YEARS],
    }


def _filled(column: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column):
        return column.notna()
    return column.notna() & (column.str.strip() != "")


def _check_values(frame: pd.DataFrame, column: str, file: str) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """One pass over the distinct texts of a column; rows that hold an identifier are emptied."""
    codes, texts = pd.factorize(frame[column])
    simple = [plain(str(text)) for text in texts]
    free = written_freely(column, simple)
    findings = []
    identifying = np.zeros(len(frame), dtype=bool)
    left = [len(text) >= SHORTEST for text in simple]  # one form is enough to empty a cell
    for form, matches in forms_of(column).items():
        hit = [there and bool(matches(text)) for there, text in zip(left, simple, strict=True)]
        if any(hit):
            left = [there and not found for there, found in zip(left, hit, strict=True)]
            rows = np.array(hit, dtype=bool)[codes]
            check = "genetic_value" if form == GENOTYPE else "identifier_value"
            if free and check == "identifier_value":
                check = "identifier_in_free_text"
            findings.append(row_findings(check, file, frame.loc[rows, []], column=column, found=form))
            identifying |= rows
    counts = np.bincount(codes[codes >= 0], minlength=len(simple))
    if not identifying.any() and (whole := _whole_column(column, simple, counts)):
        findings.append(finding("identifier_value", file, column=column, found=whole))
        identifying[:] = True
    dated = np.array([FULL_DATE.fullmatch(text.strip()) is not None for text in simple], dtype=bool)
    if dated.any() and not identifying.all():
        found = f"full dates in {int(counts[dated].sum()):,} rows"
        findings.append(finding("full_dates", file, column=column, found=found))
    if identifying.any():
        frame = frame.assign(**{column: frame[column].mask(identifying, "")})
    return frame, findings


def _whole_column(column: str, texts: list[str], counts: np.ndarray) -> str:
    """What most cells of a column are, where that is an identifier; "" otherwise."""
    if mostly_names(texts, counts.tolist()):
        return "personal names in most rows"
    years = [
        (_year(text), n) for text, n in zip(texts, counts, strict=True) if FULL_DATE.fullmatch(text.strip())
    ]
    early = sum(int(n) for year, n in years if year < BORN_BEFORE)
    filled = sum(int(n) for text, n in zip(texts, counts, strict=True) if text.strip())
    return "dates that read as dates of birth" if early > filled / 2 and len(years) >= 3 else ""


def _year(date: str) -> int:
    return int(re.findall(r"(?:19|20)\d\d", date)[-1 if not date[:4].isdigit() else 0])


def without_identifiers(findings: pd.DataFrame) -> pd.DataFrame:
    """The findings with every text that holds an identifier taken out: a file may quote one anywhere."""
    texts = ["file", "column", "USUBJID", "found", "expected"]
    telling = {
        text for column in texts for text in findings[column].unique() if text and identifying_form(str(text))
    }
    if not telling:
        return findings
    return findings.assign(
        **{column: findings[column].mask(findings[column].isin(telling), NOT_REPEATED) for column in texts}
    )
