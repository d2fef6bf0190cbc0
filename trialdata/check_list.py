"""Every check of the data by its id: how severe a finding is, what was expected, and what to do.

An error refuses the data, a warning loads them and stays visible, a note only informs.
docs/reference/findings.md lists the same checks.
"""

from trialdata.check_lists import data, files, imports
from trialdata.check_lists.check import Check

CHECKS: dict[str, Check] = {
    **files.FILES,
    **files.FORMATS,
    **files.TEXTS,
    **files.DATASET_JSON,
    **files.ARCHIVES,
    **files.SAS_AND_PARQUET,
    **files.WORKBOOKS,
    **imports.SHAPES,
    **imports.IDENTIFIERS,
    **data.VALUES,
    **imports.CONVERSION,
    **data.SUBJECTS,
    **data.ROWS,
    **data.PLATELETS,
    **data.LABORATORY,
    **data.EVENTS,
    **imports.MAPPING,
    **data.RECONCILIATION,
}
