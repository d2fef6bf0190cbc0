"""The queries to the sites as a workbook."""

from outputs.queries import by_site
from reports.workbook import workbook_bytes
from ui.block import Block


def query_workbook(block: Block) -> bytes:
    """One sheet for each site, to send it its own."""
    return workbook_bytes(by_site(block.output.results), when_empty=block.output.empty)
