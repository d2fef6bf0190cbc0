"""The parts of a workbook: which sheets there are, in which part each stands, and whether it is hidden."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from trialdata.formats.archive import checked_members
from trialdata.formats.names import inert_name, told_name
from trialdata.limits import Limits, UnreadableFile

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
OTHER_KINDS = {  # a part that gives the kind away, and its name
    "xl/workbook.bin": "a binary workbook (.xlsb)",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a presentation",
    "content.xml": "an OpenDocument file (.ods)",
}
VALUE_PARTS = (WORKBOOK, RELATIONS, "xl/sharedStrings.xml", "xl/styles.xml")
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROOT = f"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="{WORKBOOK}"/></Relationships>"""
ERROR_CELL = re.compile(rb"""(<(?:\w+:)?c\s[^<>]*?\bt=)(["'])e\2""")
TELLING = {  # attributes that hold what somebody wrote
    *("prompt", "promptTitle", "error", "errorTitle", "tooltip", "display", "location", "caption", "name"),
    *("descr", "title", "displayName", "userId", "author", "v", "connection", "command", "sourceFile"),
}


@dataclass(frozen=True)
class Sheet:
    name: str
    part: str
    hidden: bool
    place: int  # among all sheets, from 1

    @property
    def shown(self) -> str:
        return inert_name(self.name)

    @property
    def told(self) -> str:
        """What findings call it: by its place where the name tells of a person."""
        return told_name(self.name, self.place)


@dataclass(frozen=True)
class Workbook:
    """Every part of the file by its name, and the worksheets in the order of their tabs."""

    parts: dict[str, bytes]
    sheets: tuple[Sheet, ...]
    counts_from_1904: bool

    def for_values(self) -> io.BytesIO:
        """A file of the parts that values come from, exactly those that were checked.

        Errors such as #N/A stand there as text: calamine reads them as empty, and refuses the newer ones.
        """
        file, sheets = io.BytesIO(), {sheet.part for sheet in self.sheets}
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("_rels/.rels", ROOT)
            for name in self.parts:
                if name in sheets:
                    archive.writestr(name, _with_errors_as_text(self.parts[name]))
                elif name in VALUE_PARTS:
                    archive.writestr(name, self.parts[name])
        file.seek(0)
        return file


def _with_errors_as_text(sheet: bytes) -> bytes:
    if b't="e"' in sheet or b"t='e'" in sheet:
        return ERROR_CELL.sub(rb"\1\2str\2", sheet)
    return sheet


def damaged(found: str, row: int | None = None) -> UnreadableFile:
    return UnreadableFile("damaged_workbook", found, row=row)


def open_workbook(content: bytes, limits: Limits) -> Workbook:
    parts = checked_members(content, limits)
    for part, kind in OTHER_KINDS.items():
        if part in parts:
            raise UnreadableFile("not_workbook", kind)
    if WORKBOOK not in parts:
        raise UnreadableFile("not_workbook", "a ZIP file without a workbook in it")
    root = parse(parts, WORKBOOK)
    sheets = tuple(_sheets(root, _targets(parts), parts))
    if len({sheet.name for sheet in sheets}) < len(sheets):
        raise damaged("two sheets of one name")
    properties = next(named(root, "workbookPr"), Element("workbookPr"))
    return Workbook(parts, sheets, is_true(properties.get("date1904")))


def _targets(parts: dict[str, bytes]) -> dict[str, str]:
    """The part each relation of the workbook leads to, worksheets only."""
    if RELATIONS not in parts:
        raise damaged(f"a workbook without its part {RELATIONS}")
    return {
        relation.get("Id", ""): _part_name(relation.get("Target", ""))
        for relation in named(parse(parts, RELATIONS), "Relationship")
        if relation.get("Type", "").endswith("/worksheet")
    }


def _part_name(target: str) -> str:
    path = target.removeprefix("/")
    return path if path.startswith("xl/") else f"xl/{path}"


def _sheets(root: Element, targets: dict[str, str], parts: dict[str, bytes]) -> Iterator[Sheet]:
    for place, element in enumerate(named(root, "sheet"), start=1):
        identifier = next((value for key, value in element.items() if key.endswith("}id")), "")
        if identifier not in targets:
            continue  # a sheet that is a chart
        name, part = element.get("name", ""), targets[identifier]
        if part not in parts:
            raise damaged(f"sheet {told_name(name, place)} without its part {told_name(part, place)}")
        yield Sheet(name, part, element.get("state", "visible") != "visible", place)


def parse(parts: dict[str, bytes], name: str) -> Element:
    """The root of one part; entities are refused."""
    try:
        return fromstring(parts[name], forbid_dtd=True)
    except DefusedXmlException:
        raise damaged(f"a document type or entities in its part {inert_name(name)}") from None
    except (ParseError, LookupError, ValueError):
        raise damaged(f"XML that cannot be read in its part {inert_name(name)}") from None


def named(root: Element, name: str) -> Iterator[Element]:
    """Every element of this name, in whatever namespace."""
    return (element for element in root.iter() if local(element.tag) == name)


def local(tag: str) -> str:
    return tag.rpartition("}")[2]


def is_true(text: str | None) -> bool:
    return text in ("1", "true", "on")


def telling(attributes: dict[str, str]) -> list[str]:
    """The values of attributes that may hold what somebody wrote."""
    return [value for key, value in attributes.items() if local(key) in TELLING and value.strip()]
