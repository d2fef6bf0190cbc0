"""Findings: what is wrong or worth knowing in the data, one row each, every column a plain fact."""

import pandas as pd

from trialdata.check_list import CHECKS
from trialdata.identifiers import only_names

COLUMNS = ["severity", "file", "row", "column", "USUBJID", "found", "expected", "action", "check"]
SEVERITIES = ("error", "warning", "note")
A_NAME = "what reads as a personal name"
LISTED = 20  # rows listed for one check of one column; the total stands in a last row


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    texts = {column: "str" for column in COLUMNS if column != "row"}
    return frame.astype(texts | {"row": "Int64"}).reset_index(drop=True)


NONE = _typed(pd.DataFrame(columns=COLUMNS))


def finding(
    check: str,
    file: str,
    *,
    found: str,
    column: str = "",
    row: int | None = None,
    usubjid: str = "",
    expected: str | None = None,
    action: str | None = None,
) -> pd.DataFrame:
    """One finding; `expected` and `action` are those of the check unless given."""
    known = CHECKS[check]
    values = {
        "severity": known.severity,
        "file": file,
        "row": pd.NA if row is None else int(row),
        "column": column,
        "USUBJID": usubjid,
        "found": found,
        "expected": known.expected if expected is None else expected,
        "action": known.action if action is None else action,
        "check": check,
    }
    return pd.DataFrame([values], columns=COLUMNS)


def row_findings(
    check: str,
    file: str,
    rows: pd.DataFrame,
    *,
    found: "pd.Series | str",
    column: str = "",
    expected: "pd.Series | str | None" = None,
    action: str | None = None,
) -> pd.DataFrame:
    """A finding for each of `rows` (index: spreadsheet row); `together` lists the first of them, then the total.

    `found` and `expected` are one text for all rows or a series on the same index.
    """
    if not len(rows):
        return NONE
    known = CHECKS[check]
    return pd.DataFrame(
        {
            "severity": known.severity,
            "file": file,
            "row": rows.index,
            "column": column,
            "USUBJID": rows.get("USUBJID", ""),
            "found": _for_rows(found, rows),
            "expected": _for_rows(known.expected if expected is None else expected, rows),
            "action": known.action if action is None else action,
            "check": check,
        },
        index=rows.index,
    )


def _for_rows(text: "pd.Series | str", rows: pd.DataFrame) -> "pd.Series | str":
    return text.reindex(rows.index) if isinstance(text, pd.Series) else text


def as_text(numbers: pd.Series) -> pd.Series:
    """Each number as a person writes it: 8, not 8.0."""
    return numbers.map("{:.10g}".format).astype("str")


def quoted(texts: pd.Series) -> pd.Series:
    """Each text as `quoted_text` gives it."""
    return texts.map({text: quoted_text(text) for text in texts.dropna().unique()}).astype("str")


def quoted_text(text: str) -> str:
    """The text in quotation marks, at most 40 characters of it; one that reads as a personal name is left out."""
    return A_NAME if only_names(text) else f'"{text[:40]}"'


def every_finding(findings: "list[pd.DataFrame]") -> pd.DataFrame:
    """All findings in one frame, every row of them, errors first, each severity in the order it was found."""
    filled = [frame for frame in findings if len(frame)]
    if not filled:
        return NONE
    frame = _typed(pd.concat(filled, ignore_index=True))
    rank = frame["severity"].map(SEVERITIES.index)
    return frame.iloc[rank.argsort(kind="stable")].reset_index(drop=True)


def together(findings: "list[pd.DataFrame]") -> pd.DataFrame:
    """All findings in one frame; of one check, file and column the first rows, then how many there are in all."""
    return listed(every_finding(findings))


def listed(findings: pd.DataFrame) -> pd.DataFrame:
    """The findings with no more than the first rows of each check, file and column, then the total."""
    word = findings["found"].where(findings["check"] == "not_done", "")  # ND and clotted are counted apart
    of_rows = findings.assign(word=word)[findings["row"].notna()]
    of_rows = of_rows.groupby(["check", "file", "column", "word"], sort=False)
    number = of_rows.cumcount().reindex(findings.index, fill_value=0)
    if not (number >= LISTED).any():
        return findings
    total = of_rows["found"].transform("size").reindex(findings.index, fill_value=0)
    last = number == LISTED
    words = total.map("{:,.0f}".format) + f" rows in all; the first {LISTED} are listed"
    expected = findings["check"].map(lambda check: CHECKS[check].expected)
    shortened = findings.assign(
        row=findings["row"].mask(last),
        USUBJID=findings["USUBJID"].mask(last, ""),
        found=findings["found"].mask(last, words),
        expected=findings["expected"].mask(last, expected),
    )
    return _typed(shortened[number <= LISTED])


def sentence(finding: "pd.Series") -> str:
    """A finding in one sentence: where, what was found, what was expected, what to do."""
    place = [finding["file"]]
    if not pd.isna(finding["row"]):
        place.append(f"row {finding['row']}")
    if finding["column"]:
        place.append(f"column {finding['column']}")
    if finding["USUBJID"]:
        place.append(f"subject {finding['USUBJID']}")
    parts = [f"found {finding['found']}"]
    if finding["expected"]:
        parts.append(f"expected {finding['expected']}")
    if finding["action"]:
        parts.append(finding["action"])
    return f"{', '.join(place)}: {'; '.join(parts)}."


def refusal(findings: pd.DataFrame) -> str:
    """Every error as one sentence a line."""
    errors = findings[findings["severity"] == "error"]
    return "\n".join(sentence(row) for _, row in errors.iterrows())
