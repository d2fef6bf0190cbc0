"""What a file is, told from its bytes and never from its name."""

import re
from collections.abc import Collection

from trialdata.limits import UnreadableFile

TEXT, JSON, ZIP, WORKBOOK = "delimited text", "JSON", "ZIP", "workbook"
TRANSPORT, SAS7BDAT, PARQUET = "SAS transport", "SAS7BDAT", "Parquet"
HEAD = 4096  # bytes that tell text from something else
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

READ = {  # how files begin that are read
    ZIP: rb"PK(\x03\x04|\x05\x06|\x07\x08)",
    TRANSPORT: rb"HEADER RECORD\*{7}LIB",
    SAS7BDAT: rb"\x00{12}\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c\x18\x1f\x10\x11",
    PARQUET: rb"PAR1[\x00-\x1f]",
    JSON: rb"(\xef\xbb\xbf)?\s*(\{\s*[\"}]|\[\s*[\[{\"\]])|\xff\xfe[{\[]\x00|\xfe\xff\x00[{\[]",
}
REFUSED = (  # how files begin that are not, the check and what they are called
    (
        rb"\x09(\x00\x04|\x02\x06|\x04\x06)\x00|\x09\x08[\x08\x10]\x00",
        "legacy_workbook",
        "an Excel worksheet before 97",
    ),
    (rb"ID;P[^\n]*\n(P;P|[BCFO];|N[UNE];)", "legacy_workbook", "a SYLK file"),
    (rb"TABLE\r?\n0,1\r?\n", "legacy_workbook", "a DIF file"),
    (rb"[\x00-\x20]*%PDF-", "pdf_file", "a PDF file"),
    (rb"\{\\rtf", "text_document", "a rich text document"),
    (rb"MIME-Version:", "web_page", "an archived web page"),
    (rb"\x1f\x8b", "other_archive", "a gzip archive"),
    (rb"BZh\d(1AY&SY|\x17rE8P\x90)", "other_archive", "a bzip2 archive"),
    (rb"\xfd7zXZ\x00", "other_archive", "an xz archive"),
    (rb"7z\xbc\xaf\x27\x1c", "other_archive", "a 7-Zip archive"),
    (rb"Rar!\x1a\x07", "other_archive", "a RAR archive"),
    (rb"\x28\xb5\x2f\xfd", "other_archive", "a Zstandard archive"),
    (rb"\x04\x22\x4d\x18", "other_archive", "an LZ4 archive"),
    (rb"\x1f\x9d", "other_archive", "a compress archive"),
    (rb".{257}ustar[\x00 ]", "other_archive", "a tar archive"),
    (rb"\x89PNG\r\n", "image_file", "a PNG image"),
    (rb"\xff\xd8\xff", "image_file", "a JPEG image"),
    (rb"GIF8[79]a", "image_file", "a GIF image"),
    (rb"II\*\x00|MM\x00\*", "image_file", "a TIFF image"),
    (rb"BM.{4}\x00{4}", "image_file", "a BMP image"),
    (rb"RIFF.{4}WEBP", "image_file", "a WebP image"),
    (rb"\x00{3}.ftyp", "image_file", "an image or film"),
    (rb".{128}DICM", "image_file", "a DICOM image"),
    (rb"\$FL[23]", "other_statistics_file", "an SPSS file"),
    (rb"<stata_dta>|[\x6e-\x73][\x01\x02]\x01\x00", "other_statistics_file", "a Stata file"),
    (rb"RD[XA][23]\n|X\n\x00{3}", "other_statistics_file", "an R data file"),
    (rb"\*\*COMPRESSED\*\*", "other_statistics_file", "a SAS file written by PROC CPORT"),
    (rb"SQLite format 3\x00", "other_statistics_file", "an SQLite database"),
    (rb".{4}Standard (Jet|ACE) DB", "other_statistics_file", "an Access database"),
    (rb"\x89HDF\r\n", "other_statistics_file", "an HDF5 file"),
    (rb"ARROW1\x00", "other_statistics_file", "an Arrow file"),
    (rb"PARE[\x00-\x1f]", "other_statistics_file", "an encrypted Parquet file"),
    (rb"\x93NUMPY", "other_statistics_file", "a NumPy file"),
    (rb"\x80[\x02-\x08]", "pickle_file", "a pickle"),
    (rb"\([ld]p\d+\n|[\]})(]q\x00|\(?c[A-Za-z_][\w.]*\n\w+\n(\(|p\d+\n|q\x00)", "pickle_file", "a pickle"),
)
STREAMS = {  # how an OLE file names what it holds
    "EncryptedPackage": ("encrypted_workbook", "an encrypted workbook"),
    "WordDocument": ("text_document", "a Word document"),
    "PowerPoint Document": ("text_document", "a presentation"),
    "Workbook": ("legacy_workbook", "an Excel 97-2003 workbook (.xls)"),
    "Book": ("legacy_workbook", "an Excel 5 workbook (.xls)"),
}
OFFICE = {  # members of a ZIP archive that is none
    "xl/workbook.bin": ("legacy_workbook", "a binary workbook (.xlsb)"),
    "word/document.xml": ("text_document", "a Word document"),
    "ppt/presentation.xml": ("text_document", "a presentation"),
    "meta-inf/manifest.xml": ("legacy_workbook", "an OpenDocument file"),
    "index/document.iwa": ("legacy_workbook", "a document of Numbers or Pages"),
}


def kind_of(content: bytes) -> str:
    """The format of a file that is read, or `UnreadableFile` that says what it is instead."""
    if not content:
        raise UnreadableFile("empty_file", "a file of 0 bytes")
    if content.startswith(OLE):
        raise _of_ole(content)
    for kind, beginning in READ.items():
        if re.match(beginning, content):
            return kind
    for beginning, check, name in REFUSED:
        if re.match(beginning, content, re.DOTALL):
            raise UnreadableFile(check, name)
    _refuse_markup(content)
    _refuse_binary(content[:HEAD])
    return TEXT


def kind_of_archive(names: Collection[str]) -> str:
    """Whether a ZIP archive with these members is a workbook; `UnreadableFile` where it is another document."""
    members = {name.lower() for name in names}
    for member, (check, name) in OFFICE.items():
        if member in members:
            raise UnreadableFile(check, name)
    workbook = "[content_types].xml" in members and any(name.startswith("xl/") for name in members)
    return WORKBOOK if workbook else ZIP


def _of_ole(content: bytes) -> UnreadableFile:
    for stream, (check, name) in STREAMS.items():
        if stream.encode("utf-16-le") in content:
            return UnreadableFile(check, name)
    return UnreadableFile("unknown_format", "a document of Office 97-2003 without a workbook")


def _refuse_markup(content: bytes) -> None:
    """HTML and XML, in whatever encoding, whatever the file is named."""
    utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = content[:HEAD].decode("utf-16" if utf16 else "latin-1", errors="ignore")
    text = text.removeprefix("ï»¿").lstrip("\ufeff \t\r\n").lower()
    if re.match(r"<(!doctype html|html|head|body|table|meta|style|div)\b", text) or (
        re.match(r"<[?!]", text) and re.search(r"<(html|table)\b", text)
    ):
        raise UnreadableFile("web_page", "a web page (HTML)")
    if "urn:schemas-microsoft-com:office:spreadsheet" in text:
        raise UnreadableFile("legacy_workbook", "an XML spreadsheet of Excel 2003")
    if re.match(r"<\?xml|<odm\b", text):
        raise UnreadableFile("xml_file", "ODM-XML" if "<odm" in text else "XML")


def _refuse_binary(head: bytes) -> None:
    """Text has hardly any control characters; a single zero byte in it is reported with its row later."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return
    if head.count(0) and any(not any(head[start::2]) and any(head[1 - start :: 2]) for start in (0, 1)):
        raise UnreadableFile("encoding", "UTF-16 text without its byte order mark")
    control = sum(head.count(code) for code in range(1, 32) if code not in b"\t\n\r\x07\x0b\x0c\x1b")
    if control > max(8, 0.05 * len(head)) or head.count(0) > 0.3 * len(head):
        raise UnreadableFile("unknown_format", "neither text nor a format that is known")
