"""Tables in a shape of their own become tables that a mapping can read."""

from collections.abc import Sequence

from trialdata.formats.source_table import SourceTable
from trialdata.shapes.redcap import from_redcap, is_redcap
from trialdata.shapes.sdtm import domain_of, from_sdtm


def normalise(tables: Sequence[SourceTable]) -> list[SourceTable]:
    """SDTM domains under ADaM names, REDCap exports split by event and form; every other table as it is."""
    normalised: list[SourceTable] = []
    for table in tables:
        if domain := domain_of(table):
            normalised.append(from_sdtm(table, domain))
        elif is_redcap(table):
            normalised += from_redcap(table)
        else:
            normalised.append(table)
    return normalised
