"""Workbooks written part by part, for what openpyxl and xlsxwriter do not write."""

import io
import zipfile
from collections.abc import Mapping

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DATE_STYLE = (  # style 1 is a date
    f'<styleSheet {MAIN}><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def text_cell(address: str, text: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


HEADER = f'<row r="1">{text_cell("A1", "ID")}{text_cell("B1", "X")}</row>'


def sheet(rows: str, before: str = "", after: str = "") -> str:
    return f"<worksheet {MAIN}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"


def under_header(*cells: str, after: str = "") -> str:
    """A sheet with the headers ID and X, and these cells in row 2."""
    return sheet(f'{HEADER}<row r="2">{"".join(cells)}</row>', after=after)


def parts_of(sheets: Mapping[str, str], *, strings: str = "", styles: str = DATE_STYLE, workbook: str = ""):
    """The parts of a workbook with these sheets; a sheet named with a leading `-` is hidden."""
    names, relations = "", ""
    parts: dict[str, str | bytes] = {}
    for number, (name, xml) in enumerate(sheets.items(), start=1):
        state = ' state="hidden"' if name.startswith("-") else ""
        names += f'<sheet name="{name.lstrip("-")}" sheetId="{number}"{state} r:id="rId{number}"/>'
        relations += f'<Relationship Id="rId{number}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        parts[f"xl/worksheets/sheet{number}.xml"] = xml
    relations += f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/>'
    relations += f'<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    parts["xl/workbook.xml"] = (
        f'<workbook {MAIN} xmlns:r="{OFFICE}">{workbook}<sheets>{names}</sheets></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'
    )
    parts["xl/sharedStrings.xml"] = f"<sst {MAIN}>{strings}</sst>"
    parts["xl/styles.xml"] = styles
    parts["[Content_Types].xml"] = f'<Types xmlns="{PACKAGE}/content-types"/>'
    return parts


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def hand_made(sheet_xml: str, **options: str) -> bytes:
    return packed(parts_of({"A": sheet_xml}, **options))
