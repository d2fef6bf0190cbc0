"""A minimal SAS data file, written byte by byte: no package writes one.

After M. Shotwell and C. Cummins, SAS7BDAT Database Binary Format (2013): one page of subheaders, then pages of
uncompressed rows, little-endian. The tests read it with pandas too, which has a reader of its own.
"""

import math
import struct
from collections.abc import Sequence
from typing import NamedTuple

MAGIC = bytes.fromhex("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011")
PAGE = 8192
UTF8, WINDOWS_LATIN, GB18030 = 20, 62, 126


class Column(NamedTuple):
    name: str
    width: int = 8  # bytes; a number has 8
    text: bool = False
    label: str = ""
    format: str = ""


def special_missing(letter: str) -> bytes:
    """`.A` to `.Z` and `.`: a NaN that has the letter's complement in its sixth byte."""
    return bytes([0, 0, 0, 0, 0, ~ord(letter) & 0xFF, 0xFF, 0xFF])


def sas7bdat(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str | float | bytes]],
    *,
    wide: bool = False,
    encoding: int = UTF8,
    codec: str = "utf-8",
    deleted: Sequence[int] = (),
    announced: int | None = None,
) -> bytes:
    """`wide`: 8-byte integers, as 64-bit Unix has them. `announced`: another row count than there are rows."""
    size = 8 if wide else 4
    data = [
        b"".join(_cell(value, column, codec) for value, column in zip(row, columns, strict=True))
        for row in rows
    ]
    pages = [_meta_page(columns, len(rows) if announced is None else announced, len(deleted), size)]
    length = sum(column.width for column in columns)
    per_page = (PAGE - 64) // (length + 1)
    for start in range(0, len(data), per_page):
        gone = [row - start for row in deleted if start <= row < start + per_page]
        pages.append(_data_page(data[start : start + per_page], gone, length, size))
    return _header(len(pages), wide, encoding) + b"".join(pages)


def _cell(value: str | float | bytes, column: Column, codec: str) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode(codec).ljust(column.width)
    return special_missing(".") if math.isnan(value) else struct.pack("<d", value)


def _header(pages: int, wide: bool, encoding: int) -> bytes:
    length = 8192 if wide else 1024
    header = bytearray(length)
    header[:32] = MAGIC
    header[32], header[35] = (0x33, 0x33) if wide else (0x22, 0x22)
    header[37], header[39], header[70] = 1, ord("1"), encoding
    header[84:92], header[92:156], header[156:164] = b"SAS FILE", b"ADLB".ljust(64), b"DATA    "
    at = 164 + (4 if wide else 0)
    header[at : at + 16] = struct.pack("<dd", 2_000_000_000, 2_000_000_000)
    header[at + 32 : at + 40] = struct.pack("<ii", length, PAGE)
    header[at + 40 : at + 48] = struct.pack("<q", pages) if wide else struct.pack("<i", pages) + bytes(4)
    at += 52 + (4 if wide else 0)
    header[at : at + 8], header[at + 8 : at + 24] = b"9.0401M7", b"Linux".ljust(16, b"\0")
    return bytes(header)


def _meta_page(columns: Sequence[Column], rows: int, deleted: int, size: int) -> bytes:
    texts, text = _texts(columns)
    end = bytes(8 if size == 4 else 12)
    subheaders = [
        _row_size(columns, rows, deleted, size),
        _signature(0xF6F6F6F6, size) + _integer(len(columns), size) + bytes(size),
        _sized(0xFFFFFFFD, bytes(8) + b" " * 8 + bytes(10) + text, size),
        _sized(0xFFFFFFFF, bytes(6) + b"".join(texts[c.name] + bytes(2) for c in columns) + end, size),
        _sized(0xFFFFFFFC, bytes(6) + _attributes(columns, size) + end, size),
        *(_format(column, texts, size) for column in columns),
    ]
    page, at, pointers = bytearray(PAGE), PAGE, b""
    for subheader in subheaders:
        at -= -(-len(subheader) // 8) * 8
        page[at : at + len(subheader)] = subheader
        pointers += _integer(at, size) + _integer(len(subheader), size) + bytes(size)
    start = 24 if size == 4 else 40
    page[start - 8 : start] = struct.pack("<HHHH", 0, len(subheaders), len(subheaders), 0)
    page[start : start + len(pointers)] = pointers
    return bytes(page)


def _data_page(rows: Sequence[bytes], deleted: Sequence[int], length: int, size: int) -> bytes:
    page, start = bytearray(PAGE), 24 if size == 4 else 40
    page[start - 8 : start] = struct.pack("<HHHH", 0x0180 if deleted else 0x0100, len(rows), 0, 0)
    page[start : start + length * len(rows)] = b"".join(rows)
    return bytes(page)


def _signature(number: int, size: int) -> bytes:
    """In 8 bytes the ones that begin with FF are filled with it, as negative numbers are."""
    fill = b"\xff" if number > 0xFF000000 else b"\0"
    return struct.pack("<I", number) + fill * (size - 4)


def _integer(number: int, size: int) -> bytes:
    return number.to_bytes(size, "little")


def _sized(signature: int, content: bytes, size: int) -> bytes:
    """A subheader of variable size: its signature, the length of what follows, the content."""
    whole = 2 + len(content) + size
    return _signature(signature, size) + struct.pack("<H", whole - 4 - 2 * size) + content


def _row_size(columns: Sequence[Column], rows: int, deleted: int, size: int) -> bytes:
    subheader = bytearray(480 if size == 4 else 808)
    subheader[:size] = _signature(0xF7F7F7F7, size)
    length = sum(column.width for column in columns)
    for field, number in {5: length, 6: rows, 7: deleted, 9: len(columns), 13: PAGE, 15: 0}.items():
        subheader[field * size : (field + 1) * size] = _integer(number, size)
    return bytes(subheader)


def _texts(columns: Sequence[Column]) -> tuple[dict[str, bytes], bytes]:
    """A reference (subheader, offset, length) for each name, label and format, and the text they point into."""
    references, text = {"": bytes(6)}, b""
    for word in dict.fromkeys(word for c in columns for word in (c.name, c.label, c.format) if word):
        raw = word.encode()
        references[word] = struct.pack("<HHH", 0, 28 + len(text), len(raw))
        text += raw.ljust(-(-len(raw) // 4) * 4)
    return references, text


def _attributes(columns: Sequence[Column], size: int) -> bytes:
    attributes, at = b"", 0
    for column in columns:
        attributes += _integer(at, size) + struct.pack("<IHBB", column.width, 4, 2 if column.text else 1, 0)
        at += column.width
    return attributes


def _format(column: Column, texts: dict[str, bytes], size: int) -> bytes:
    subheader = bytearray(52 if size == 4 else 64)
    subheader[:size] = _signature(0xFFFFFBFE, size)
    at = 34 if size == 4 else 46
    subheader[at : at + 6], subheader[at + 6 : at + 12] = texts[column.format], texts[column.label]
    return bytes(subheader)
