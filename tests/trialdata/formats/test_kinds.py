"""A format is told from the bytes, whatever the file is named; what is not read says what it is (rows 42, 44, 49)."""

import bz2
import datetime
import gzip
import io
import lzma
import pickle
import tarfile
import zipfile

import pandas as pd
import pytest

from trialdata.check_list import CHECKS
from trialdata.formats.files import read_tables
from trialdata.formats.kinds import PARQUET, SAS7BDAT, TEXT, TRANSPORT, WORKBOOK, kind_of, kind_of_archive
from trialdata.formats.names import inert_name
from trialdata.limits import Limits, UnreadableFile

NAMES = (
    "lab.csv",
    "lab.xlsx",
    "lab.xls",
    "lab.xpt",
    "lab.json",
    "lab.parquet",
    "lab",
    "CON.csv",
    "../../lab.csv",
)


def zipped(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return content.getvalue()


def ole(*streams: str) -> bytes:
    """The beginning of an OLE file and the names of its streams, as in its directory."""
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + names


def tar() -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("lab.csv"))
    return content.getvalue()


HTML = "<html><body><table><tr><td>PLT</td><td>12</td></tr></table></body></html>"
REFUSED = {
    "Excel 97": (ole("Workbook"), "legacy_workbook"),
    "Excel 5": (ole("Book"), "legacy_workbook"),
    "Excel 4": (b"\x09\x04\x06\x00\x00\x00\x10\x00", "legacy_workbook"),
    "Excel 2003 XML": (
        b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "legacy_workbook",
    ),
    "xlsb": (zipped("[Content_Types].xml", "xl/workbook.bin"), "legacy_workbook"),
    "OpenDocument": (zipped("mimetype", "content.xml", "META-INF/manifest.xml"), "legacy_workbook"),
    "SYLK": (b"ID;PWXL;N;E\r\nC;Y1;X1;K12\r\nE\r\n".replace(b"\r", b""), "legacy_workbook"),
    "encrypted workbook": (ole("EncryptionInfo", "EncryptedPackage"), "encrypted_workbook"),
    "Word": (zipped("[Content_Types].xml", "word/document.xml"), "text_document"),
    "Word 97": (ole("WordDocument"), "text_document"),
    "RTF": (b"{\\rtf1\\ansi PLT}", "text_document"),
    "e-mail of Outlook": (ole("__properties_version1.0"), "unknown_format"),
    "HTML": (HTML.encode(), "web_page"),
    "HTML of a laboratory system": (f"\ufeff\r\n<meta charset=gbk>{HTML}".encode(), "web_page"),
    "HTML with doctype": (f"<!DOCTYPE html>{HTML}".encode(), "web_page"),
    "XHTML": (f'<?xml version="1.0"?>{HTML}'.encode(), "web_page"),
    "HTML in UTF-16": (HTML.encode("utf-16"), "web_page"),
    "archived web page": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "web_page"),
    "ODM": (b'<?xml version="1.0"?><ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"/>', "xml_file"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "pdf_file"),
    "gzip": (gzip.compress(b"a,b\n1,2\n"), "other_archive"),
    "bzip2": (bz2.compress(b"a,b\n1,2\n"), "other_archive"),
    "xz": (lzma.compress(b"a,b\n1,2\n"), "other_archive"),
    "7-Zip": (b"7z\xbc\xaf\x27\x1c\0\4", "other_archive"),
    "RAR": (b"Rar!\x1a\x07\x01\x00", "other_archive"),
    "tar": (tar(), "other_archive"),
    "PNG": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image_file"),
    "JPEG": (b"\xff\xd8\xff\xe0\0\x10JFIF", "image_file"),
    "SPSS": (b"$FL2@(#) IBM SPSS", "other_statistics_file"),
    "R": (b"RDX3\nX\n\0\0\0", "other_statistics_file"),
    "SQLite": (b"SQLite format 3\0\x10\0", "other_statistics_file"),
    "CPORT": (b"**COMPRESSED** **COMPRESSED** ", "other_statistics_file"),
    "no bytes": (b"", "empty_file"),
    "zero bytes": (bytes(1000), "unknown_format"),
    "a program": (b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff" + bytes(range(32)) * 4, "unknown_format"),
    "UTF-16 without mark": ("USUBJID,AVAL\n".encode("utf-16-le"), "encoding"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_read_says_what_it_is_under_every_name(case):
    content, check = REFUSED[case]
    for name in NAMES:
        with pytest.raises(UnreadableFile) as problem:
            read_tables(name, content, Limits())
        assert problem.value.check == check
    assert CHECKS[check].severity == "error"
    assert CHECKS[check].action


class Harmful:
    def __reduce__(self):
        return (print, ("a pickle was opened",))


OBJECTS = {
    "frame": pd.DataFrame({"AVAL": [12.0]}),
    "list": [1, 2],
    "dict": {"USUBJID": "S-01"},
    "date": datetime.date(2026, 1, 15),
    "program": Harmful(),
}


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("kind", OBJECTS)
def test_a_pickle_of_any_protocol_is_named_and_never_opened(kind, protocol, capsys):
    with pytest.raises(UnreadableFile) as problem:
        read_tables("adsl.csv", pickle.dumps(OBJECTS[kind], protocol=protocol), Limits())
    assert problem.value.check == "pickle_file"
    assert capsys.readouterr().out == ""


LIKE_OTHERS = [
    "RDATE",
    "BMI",
    "PARENT",
    "GIF",
    "ID;PLT",
    "BZH1",
    "PAR1",
    "[VISIT]",
    "PDF",
    "cat",
    "<5",
    "Index",
    "$FL",
]


@pytest.mark.parametrize("header", LIKE_OTHERS)
def test_text_that_begins_like_another_format_is_text(header):
    assert kind_of(f"{header},AVAL\nS-01,12\nS-02,8.\n".encode()) == TEXT


KINDS = {
    TRANSPORT: b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!",
    SAS7BDAT: bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011"),
    PARQUET: b"PAR1\x15\x04\x15",
}


@pytest.mark.parametrize("kind", KINDS)
def test_binary_formats_are_told_from_their_first_bytes(kind):
    assert kind_of(KINDS[kind]) == kind


def test_a_workbook_is_a_zip_archive_with_its_parts():
    assert kind_of_archive(["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"]) == WORKBOOK
    assert kind_of_archive(["adsl.csv", "xl/notes.csv"]) != WORKBOOK


def test_a_csv_named_as_a_workbook_is_read_as_what_it_is():
    for name in NAMES:
        (table,) = read_tables(name, b"USUBJID,AVAL\nS-01,12\n", Limits())
        assert table.frame["AVAL"].tolist() == ["12"]


SHOWN = {  # row 49
    "../../etc/passwd": "../../etc/passwd",
    "<script>alert(1)</script>.csv": "<script>alert(1)</script>.csv",
    "lab\0\x1b[31m\u202excod\u200b.csv": "lab[31mxcod.csv",
    "a\r\nb\u2028c.csv": "abc.csv",
    "  随访 表.csv ": "随访 表.csv",
    "x" * 240: "x" * 99 + "…",
    "\0\u200b": "file without a name",
    "": "file without a name",
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_name_is_shown_without_what_would_act(name):
    assert inert_name(name) == SHOWN[name]
    (table,) = read_tables(name, b"USUBJID,AVAL\nS-01,12\n", Limits())
    assert table.file == SHOWN[name]
