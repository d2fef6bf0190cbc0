"""Texts of a workbook that are in no table: hidden sheets, comments, properties, text boxes, caches.

Whatever part is neither a sheet nor formatting is looked through whole, so that nothing rests on a list of
the places where people may write.
"""

import posixpath
import re
from collections.abc import Iterator

from trialdata.formats.cell_names import cell_name
from trialdata.formats.sheet_cells import Cells
from trialdata.formats.sheet_scan import SheetScan
from trialdata.formats.source_table import Concealed
from trialdata.formats.workbook_parts import WORKBOOK, Sheet, Workbook, local, parse, telling

FORMATTING = ("xl/theme/", "xl/styles.xml", "xl/sharedStrings.xml", "xl/calcChain.xml", "[Content_Types].xml")
NOT_WRITTEN_BY_PEOPLE = ("created", "modified", "lastPrinted", "AppVersion", "Application", "DocSecurity")
TEXT_OF_VML = re.compile(r">([^<>]*[^<>\s][^<>]*)<")  # Excel writes drawings of version 2003 as broken XML


def cell_texts(place: str, cells: Cells) -> Iterator[Concealed]:
    """Every different text of a sheet that is no table, where it stands first."""
    seen: set[str] = set()
    for row, texts in enumerate(cells.rows, start=cells.first_row):
        for column, text in enumerate(texts, start=cells.first_column):
            if text.strip() and text not in seen:
                seen.add(text)
                yield Concealed(f"{place}, cell {cell_name(row, column)}", text)


def sheet_texts(workbook: Workbook, sheet: Sheet, scan: SheetScan) -> Iterator[Concealed]:
    """Comments of a sheet, their authors, and its texts outside the cells: page headers, input messages."""
    for name, outside in scan.texts:
        yield Concealed(f"{name} of the sheet", outside)
    for part in _comment_parts(workbook, sheet):
        for element in parse(workbook.parts, part).iter():
            text = "".join(element.itertext()).strip()
            if text and local(element.tag) in ("comment", "threadedComment"):
                yield Concealed(f"comment of cell {element.get('ref', '')}", text)
            elif text and local(element.tag) == "author":
                yield Concealed("author of a comment", text)


def _comment_parts(workbook: Workbook, sheet: Sheet) -> list[str]:
    folder, name = posixpath.split(sheet.part)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in workbook.parts:
        return []
    parts = [
        posixpath.normpath(posixpath.join("/", folder, element.get("Target", ""))).lstrip("/")
        for element in parse(workbook.parts, relations).iter()
        if element.get("Type", "").lower().endswith(("/comments", "/comment", "/threadedcomment"))
    ]
    return [part for part in parts if part in workbook.parts]


def workbook_texts(workbook: Workbook) -> Iterator[Concealed]:
    """The texts of every part that is neither a sheet, nor its comments, nor formatting."""
    known = {sheet.part for sheet in workbook.sheets}
    known |= {part for sheet in workbook.sheets for part in _comment_parts(workbook, sheet)}
    for part in workbook.parts:
        if part.endswith(".rels"):
            yield from _links_outside(workbook, part)
        elif part.endswith(".vml"):
            text = workbook.parts[part].decode(errors="replace")
            yield from (Concealed(f"part {part}", match[1].strip()) for match in TEXT_OF_VML.finditer(text))
        elif part.endswith(".xml") and part not in known and not part.startswith(FORMATTING):
            yield from _part_texts(workbook, part)


def _links_outside(workbook: Workbook, part: str) -> Iterator[Concealed]:
    for element in parse(workbook.parts, part).iter():
        if element.get("TargetMode") == "External":
            yield Concealed("link out of the workbook", element.get("Target", ""))


def _part_texts(workbook: Workbook, part: str) -> Iterator[Concealed]:
    seen: set[str] = set()
    for element in parse(workbook.parts, part).iter():
        name = local(element.tag)
        if name in NOT_WRITTEN_BY_PEOPLE:
            continue
        for text in (element.text or "", element.tail or "", *telling(element.attrib)):
            if text.strip() and text not in seen:
                seen.add(text)
                yield Concealed(_place(part, name), text.strip())


def _place(part: str, element: str) -> str:
    if part.startswith("docProps/"):
        return f"document property {element}"
    return f"{element} of the workbook" if part == WORKBOOK else f"{element} in part {part}"
