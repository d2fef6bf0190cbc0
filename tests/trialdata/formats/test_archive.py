"""ZIP archives (catalogue of inputs, row 43): everything is checked before anything is unpacked,
each refusal in its own words."""

import io
import stat
import struct
import zipfile
import zlib

import pytest

from trialdata.formats.archive import checked_members
from trialdata.formats.files import read_tables
from trialdata.limits import Limits, UnreadableFile

CSV = b"USUBJID,AVAL\nS-01,12\n"


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data, compress_type=method)
    return content.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def with_flag(content: bytes, flag: int) -> bytes:
    """The archive with a flag set in both headers of its first member."""
    changed = bytearray(content)
    changed[6] |= flag
    changed[content.index(b"PK\x01\x02") + 8] |= flag
    return bytes(changed)


def with_size(content: bytes, size: int, crc: int) -> bytes:
    """The archive with a false size and check sum in both headers of its only member."""
    changed, entry = bytearray(content), content.index(b"PK\x01\x02")
    for crc_at, size_at in ((14, 22), (entry + 16, entry + 24)):
        changed[crc_at : crc_at + 4] = struct.pack("<I", crc)
        changed[size_at : size_at + 4] = struct.pack("<I", size)
    return bytes(changed)


def refusal(content: bytes, **limits: float) -> tuple[str, str]:
    with pytest.raises(UnreadableFile) as problem:
        read_tables("upload.zip", content, Limits(**limits))
    return problem.value.check, problem.value.found


ZEROS = bytes(5 * 1024 * 1024)
NOISE = zlib.compress(bytes(range(256)) * 40)
REFUSED = {  # archive, limits, check, a part of what was found
    "too many files": (
        *(zipped(*[(f"{i}.csv", CSV) for i in range(11)]), {"members": 10}),
        *("archive_count", "11 members, more than 10"),
    ),
    "too large together": (
        *(zipped(("a.csv", ZEROS), ("b.csv", ZEROS)), {"inflated_megabytes": 8, "ratio": 10_000}),
        *("archive_size", "10 MB unpacked, more than 8 MB"),
    ),
    "a bomb": (zipped(("a.csv", CSV), ("b.csv", ZEROS)), {}, "archive_ratio", "the member b.csv"),
    "a bomb of many parts": (
        *(zipped(*[(f"{i}.csv", bytes(1024 * 1024)) for i in range(9)]), {}),
        *("archive_ratio", "all members together"),
    ),
    "the folder above": (zipped(("../adsl.csv", CSV)), {}, "archive_path", "../adsl.csv"),
    "the folder above, within": (zipped(("a/../../adsl.csv", CSV)), {}, "archive_path", "a/../../adsl.csv"),
    "the folder above, Windows": (zipped(("..\\adsl.csv", CSV)), {}, "archive_path", "adsl.csv"),
    "an absolute name": (zipped(("/etc/adsl.csv", CSV)), {}, "archive_path", "/etc/adsl.csv"),
    "a drive": (zipped(("C:\\adsl.csv", CSV)), {}, "archive_path", "C:"),
    "a link": (zipped((link("adsl.csv"), b"/etc/passwd")), {}, "archive_link", "adsl.csv"),
    "a password": (with_flag(zipped(("adsl.csv", CSV)), 1), {}, "archive_encrypted", "adsl.csv"),
    "another method": (zipped(("a.csv", CSV), method=zipfile.ZIP_LZMA), {}, "archive_method", "a.csv"),
    "an archive within": (zipped(("in.zip", zipped(("a.csv", CSV)))), {}, "archive_nested", "in.zip"),
    "an archive within, named otherwise": (
        *(zipped(("in.csv", zipped(("a.csv", CSV)))), {}),
        *("archive_nested", "in.csv"),
    ),
    "one name twice": (zipped(("adsl.csv", CSV), ("ADSL.csv", CSV)), {}, "archive_name_twice", "ADSL.csv"),
    "one name twice when shown": (
        *(zipped(("adsl.csv", CSV), ("ad\u200bsl.csv", CSV)), {}),
        *("archive_name_twice", "adsl.csv"),
    ),
    "nothing": (zipped(), {}, "archive_empty", "without a file"),
    "folders only": (zipped(("a/", b"")), {}, "archive_empty", "without a file"),
    "what macOS leaves only": (zipped(("__MACOSX/._a", b"x")), {}, "archive_empty", "without a file"),
    "cut off": (zipped(("adsl.csv", NOISE))[:-30], {}, "archive_damaged", "without its directory"),
    "a size that is false": (
        *(with_size(zipped(("a.csv", ZEROS)), 10, zlib.crc32(bytes(10))), {}),
        *("archive_damaged", "a.csv"),
    ),
    "a file that cannot be read": (
        *(zipped(("a.csv", CSV), ("b/b.csv", b"%PDF-1.4")), {}),
        *("pdf_file", "in the member b/b.csv: a PDF file"),
    ),
    "a file of no bytes": (zipped(("a.csv", b"")), {}, "empty_file", "in the member a.csv"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_each_danger_is_refused_in_its_own_words(case):
    content, limits, check, part = REFUSED[case]
    assert (refusal(content, **limits)[0], part in refusal(content, **limits)[1]) == (check, True)


def test_a_bit_that_turned_is_seen():
    content = bytearray(zipped(("adsl.csv", CSV * 100)))
    content[60] ^= 1
    assert refusal(bytes(content))[0] == "archive_damaged"


def test_an_archive_that_is_cut_off_never_passes_for_the_archive_inside_it():
    inner = zipped(("xl/adlb.csv", CSV), ("[Content_Types].xml", b"<x/>"))
    whole = zipped(("adsl.csv", CSV), ("labs.xlsx", inner), ("adae.csv", CSV), method=zipfile.ZIP_STORED)
    for end in range(4, len(whole)):
        assert refusal(whole[:end])[0] == "archive_damaged"
    assert refusal(whole + b"\n")[0] == "archive_damaged"
    assert refusal(whole + inner)[0] == "archive_damaged"


def test_nothing_is_unpacked_before_all_members_passed(monkeypatch):
    monkeypatch.setattr(zlib, "decompressobj", lambda *_: pytest.fail("unpacked too early"))
    assert refusal(zipped(("a.csv", CSV), ("../b.csv", CSV)))[0] == "archive_path"


def test_a_false_size_costs_no_more_than_it_says(monkeypatch):
    unpacked = []
    make = zlib.decompressobj

    class Counting:
        def __init__(self, *arguments):
            self.inner = make(*arguments)

        def decompress(self, data, longest=0):
            unpacked.append(self.inner.decompress(data, longest))
            return unpacked[-1]

    monkeypatch.setattr(zlib, "decompressobj", Counting)
    assert refusal(with_size(zipped(("a.csv", ZEROS)), 10, 0))[0] == "archive_damaged"
    assert sum(map(len, unpacked)) <= 11


def test_every_file_becomes_a_table_named_with_its_archive():
    note = (
        "adae/adae.json",
        b'{"datasetJSONVersion": "1.1", "records": 0, "columns": [{"name": "USUBJID"}]}',
    )
    content = zipped(("adsl.csv", CSV), ("labs/", b""), ("labs/adlb.tsv", CSV.replace(b",", b"\t")), note)
    tables = read_tables("upload.zip", content, Limits())
    names = ["upload.zip/adsl.csv", "upload.zip/labs/adlb.tsv", "upload.zip/adae/adae.json"]
    assert [table.file for table in tables] == names
    assert tables[1].frame["AVAL"].tolist() == ["12"]


def test_what_the_computer_left_behind_is_noted_and_not_read():
    hidden = [("__MACOSX/._adsl.csv", b"\0\5\x16\7"), (".DS_Store", b"\0\0"), ("a/Thumbs.db", b"\xd0\xcf")]
    (table,) = read_tables("upload.zip", zipped(*hidden, ("adsl.csv", CSV)), Limits())
    (noted,) = table.findings
    assert (noted["check"].iloc[0], noted["found"].iloc[0][:2]) == ("archive_left_out", "3 ")


def named(raw: bytes) -> bytes:
    """An archive whose member has these bytes as its name, without the mark for UTF-8."""
    letters = "x" * len(raw)
    return zipped((letters, CSV)).replace(letters.encode(), raw)


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_chinese_names_are_read_with_or_without_the_mark_for_utf8(encoding):
    assert list(checked_members(named("随访表.csv".encode(encoding)), Limits())) == ["随访表.csv"]
    assert list(checked_members(zipped(("随访表.csv", CSV)), Limits())) == ["随访表.csv"]


def test_a_small_member_may_be_compressed_as_far_as_it_goes():
    assert checked_members(zipped(("a.xml", bytes(900_000))), Limits()) == {"a.xml": bytes(900_000)}
