"""The queries to the sites as a workbook."""

from outputs.queries import by_site
from reports.sheets import as_workbook
from ui.block import Block


def query_workbook(block: Block) -> bytes:
    """One sheet for each site, to send it its own."""
    return as_workbook(by_site(block.output.results), when_empty=block.output.empty)
