"""A workbook (.xlsx) becomes one table of text for each visible sheet that has one."""

from collections.abc import Iterator

import pandas as pd
from python_calamine import CalamineWorkbook

from trialdata.findings import finding
from trialdata.formats.sheet_cells import open_values, read_cells
from trialdata.formats.sheet_scan import scan_sheet
from trialdata.formats.sheet_table import sheet_table
from trialdata.formats.source_table import Concealed, SourceTable
from trialdata.formats.workbook_concealed import cell_texts, sheet_texts, workbook_texts
from trialdata.formats.workbook_parts import Sheet, Workbook, open_workbook
from trialdata.limits import Limits, UnreadableFile


def read_workbook(file: str, content: bytes, limits: Limits) -> list[SourceTable]:
    """The visible sheets with a table, in the order of their tabs; everything else only to be scanned."""
    workbook = open_workbook(content, limits)
    values = open_values(workbook)
    tables: list[SourceTable] = []
    apart: list[Concealed] = []
    without: list[Sheet] = []
    for sheet in workbook.sheets:
        table, texts = _read_sheet(file, workbook, values, sheet, limits)
        apart += texts
        if table is not None:
            tables.append(table)
        elif texts and not sheet.hidden:
            without.append(sheet)
    if not tables:
        raise UnreadableFile("empty_file", "a workbook without a table in a visible sheet")
    first = tables[0]
    tables[0] = first.replace(
        concealed=(*first.concealed, *apart, *workbook_texts(workbook)),
        findings=(*first.findings, *_findings(file, workbook, without)),
    )
    return tables


def _read_sheet(
    file: str, workbook: Workbook, values: CalamineWorkbook, sheet: Sheet, limits: Limits
) -> tuple[SourceTable | None, list[Concealed]]:
    """The table of a sheet with its own concealed texts; where it has none, the texts alone."""
    try:
        scan = scan_sheet(workbook.parts[sheet.part], limits)
        cells = read_cells(values, sheet, scan)
        table = None if sheet.hidden else sheet_table(file, sheet.shown, cells, scan, limits)
    except UnreadableFile as problem:
        problem.found = f"sheet {sheet.told}: {problem.found}"
        raise
    beside = list(sheet_texts(workbook, sheet, scan))
    if table is None:
        place = f"{'hidden ' if sheet.hidden else ''}sheet {sheet.told}"
        placed = [Concealed(f"{place}, {text.place}", text.text) for text in beside]
        return None, [*cell_texts(place, cells), *placed]
    comments = sum(1 for text in beside if text.place.startswith("comment"))
    found = [finding("comments_not_read", table.name, found=f"{comments:,} comments")] if comments else []
    table = table.replace(concealed=(*table.concealed, *beside), findings=(*table.findings, *found))
    return table.replace(place=sheet.place), []


def _findings(file: str, workbook: Workbook, without: list[Sheet]) -> Iterator[pd.DataFrame]:
    for sheet in workbook.sheets:
        if sheet.hidden:
            yield finding("hidden_sheet", file, found=f"the hidden sheet {sheet.told}")
    for sheet in without:
        yield finding("sheet_without_table", file, found=f"the sheet {sheet.told}")
    if workbook.counts_from_1904:
        yield finding("dates_from_1904", file, found="a workbook that counts days from 1904-01-01")
    if any(part.endswith("vbaProject.bin") for part in workbook.parts):
        yield finding("macros_not_read", file, found="macros")
    unread = [part for part in workbook.parts if part.startswith(("xl/media/", "xl/embeddings/"))]
    if unread:
        yield finding("pictures_not_read", file, found=f"{len(unread):,} pictures or embedded files")
