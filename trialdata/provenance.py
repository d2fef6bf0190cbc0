"""Where a row of a dataset came from: the file as sent and the row in it.

An imported dataset carries both in two columns of its own; a finding about a row names them instead of the
row of the stored dataset.
"""

import pandas as pd

SRCFILE, SRCROW = "SRCFILE", "SRCROW"
SOURCE_COLUMNS = (SRCFILE, SRCROW)


def split_sources(raw: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """The dataset without its source columns, and these on the same index; None where it has none."""
    if not set(SOURCE_COLUMNS) <= set(raw.columns):
        return raw, None
    return raw.drop(columns=list(SOURCE_COLUMNS)), raw[list(SOURCE_COLUMNS)]


def at_source(findings: pd.DataFrame, sources: pd.DataFrame | None) -> pd.DataFrame:
    """Findings of one dataset with file and row as sent; about no row, the file where all rows are from one."""
    if sources is None or findings.empty:
        return findings
    findings = findings.copy()
    known = findings["row"].notna() & findings["row"].isin(sources.index)
    at = sources.reindex(findings.loc[known, "row"])
    findings.loc[known, "file"] = at[SRCFILE].to_numpy()
    findings.loc[known, "row"] = pd.to_numeric(at[SRCROW], errors="coerce").astype("Int64").to_numpy()
    files = sources[SRCFILE].unique()
    if len(files) == 1:
        findings.loc[~known, "file"] = files[0]
    return findings
