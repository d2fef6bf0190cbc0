"""Full dates that stand in other cells than those of dates: "fell on 2025-03-11" keeps no date."""

import re

import pandas as pd

from trialdata.load_report import entries
from trialdata.provenance import SOURCE_COLUMNS, SRCFILE, SRCROW

A_DATE = "a date"
HIDDEN = "(a date)"
IN_TEXT = re.compile(
    r"(?<!\d)((19|20)\d\d[-/.年](0?[1-9]|1[0-2])[-/.月](0?[1-9]|[12]\d|3[01])日?([T ]\d\d?:\d\d(:\d\d)?)?"
    r"|\d\d?[- ]?(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[- ]?(19|20)\d\d"
    r"|\d\d?[/.]\d\d?[/.](19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)


def without_dates(texts: dict[str, pd.DataFrame], report: list[pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The datasets with "(a date)" for each full date within a cell; each changed cell is a row of the report."""
    changed = {}
    for name, frame in texts.items():
        for column in [c for c in frame if c not in (*SOURCE_COLUMNS, "USUBJID")]:
            hidden = {text: IN_TEXT.sub(HIDDEN, text) for text in frame[column].unique()}
            rows = frame[frame[column].isin([text for text, after in hidden.items() if text != after])]
            if len(rows):
                after = rows[column].map(hidden)
                report.append(
                    entries(
                        *(rows[SRCFILE], rows[SRCROW].astype("Int64"), column),
                        before=A_DATE,
                        after=after,
                        rule="a date within a text is not kept",
                    )
                )
                frame = frame.assign(**{column: frame[column].map(hidden)})
        changed[name] = frame
    return changed
