"""ZIP archives and what is built on them: every member is checked before one is read."""

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable
from typing import NamedTuple

from trialdata.formats.names import inert_name, told_name
from trialdata.limits import Limits, UnreadableFile

MEGABYTE = 1024 * 1024
HARMLESS = MEGABYTE  # bytes: a member below this size may be compressed as far as it goes
LOCAL_HEADER, MEMBER_HEADER, END_OF_DIRECTORY = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
END_LENGTH = 22  # bytes of the end of the directory, before its comment
UTF8_NAME, ENCRYPTED = 0x800, 0x1  # flags of a member
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DAMAGES = (zipfile.BadZipFile, struct.error, RuntimeError, ValueError, LookupError, OverflowError, OSError)


class Member(NamedTuple):
    name: str
    told: str  # what findings call it
    info: zipfile.ZipInfo


def member_names(content: bytes, limits: Limits) -> list[str]:
    """The names of the members in their order, once all of them passed the checks."""
    with _opened(content, limits) as archive:
        return [member.name for member in _checked(archive, content, limits)]


def checked_members(content: bytes, limits: Limits) -> dict[str, bytes]:
    """The bytes of every member by its name; none is read before all have passed the checks.

    Folders are left out. A member that is not exactly as long as the archive says is refused.
    """
    with _opened(content, limits) as archive:
        members = _checked(archive, content, limits)
    return {member.name: _unpacked(content, member) for member in members}


def _opened(content: bytes, limits: Limits) -> zipfile.ZipFile:
    end = content.rfind(END_OF_DIRECTORY)
    count = _announced(content, end)
    if count > limits.members:
        raise UnreadableFile("archive_count", f"{count:,} members, more than {limits.members:,}")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except DAMAGES:
        raise UnreadableFile("archive_damaged", "a ZIP archive or workbook without its directory") from None
    # An archive that is cut off may end with an archive inside it, whose directory is then found instead.
    starts = min((info.header_offset for info in archive.infolist()), default=0)
    ends = end + END_LENGTH + int.from_bytes(content[end + END_LENGTH - 2 : end + END_LENGTH], "little")
    if starts != 0 or ends != len(content):
        raise UnreadableFile(
            "archive_damaged", "a ZIP archive or workbook that is cut off or joined to another"
        )
    return archive


def _announced(content: bytes, end: int) -> int:
    """Entries in the directory at the end, counted without reading it: at least as many as there are."""
    size = int.from_bytes(content[end + 12 : end + 16], "little")
    return content.count(MEMBER_HEADER, max(0, end - size), max(0, end))


def _checked(archive: zipfile.ZipFile, content: bytes, limits: Limits) -> list[Member]:
    named = [(_name(info), info) for info in archive.infolist()]
    folders = _members([(name, info) for name, info in named if name.endswith("/")])
    files = _members([(name, info) for name, info in named if not name.endswith("/")])
    for member in (*folders, *files):
        _refuse_unsafe(member)
    _refuse_twice(files)
    _refuse_large(files, len(content), limits)
    return files


def _members(named: list[tuple[str, zipfile.ZipInfo]]) -> list[Member]:
    return [Member(name, told_name(name, place), info) for place, (name, info) in enumerate(named, start=1)]


def _name(info: zipfile.ZipInfo) -> str:
    """The name as its writer meant it: without the mark for UTF-8 it is UTF-8 all the same, or GB18030."""
    if info.flag_bits & UTF8_NAME:
        return info.orig_filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.orig_filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _refuse_unsafe(member: Member) -> None:
    name, shown, info = member
    parts = re.split(r"[/\\]", name)
    if ".." in parts or parts[0] == "" or re.match(r"[A-Za-z]:", name):
        raise UnreadableFile("archive_path", f"the member {shown}, which points out of the archive")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise UnreadableFile("archive_link", f"the member {shown}, which is a link to another file")
    if info.flag_bits & ENCRYPTED:
        raise UnreadableFile("archive_encrypted", f"the member {shown}, which is encrypted")
    if info.compress_type not in METHODS:
        raise UnreadableFile("archive_method", f"the member {shown}, which is compressed in another way")


def _refuse_twice(files: Iterable[Member]) -> None:
    seen: set[str] = set()
    for member in files:
        name = inert_name(member.name).casefold()
        if name in seen:
            raise UnreadableFile("archive_name_twice", f"two members of one name, {member.told}")
        seen.add(name)


def _refuse_large(files: list[Member], size: int, limits: Limits) -> None:
    """Before anything is unpacked: the sum of the sizes, then how far each member and the whole are compressed."""
    total = sum(member.info.file_size for member in files)
    if total > limits.inflated_bytes:
        found = f"{total / MEGABYTE:,.0f} MB unpacked, more than {limits.inflated_megabytes:,g} MB"
        raise UnreadableFile("archive_size", found)
    for _, told, info in files:
        _refuse_ratio(info.file_size, info.compress_size, f"the member {told}", limits)
    _refuse_ratio(total, size, "all members together", limits)


def _refuse_ratio(size: int, compressed: int, what: str, limits: Limits) -> None:
    if size > HARMLESS and size > limits.ratio * compressed:
        found = (
            f"{what}, {size / max(compressed, 1):,.0f} times as large unpacked, more than {limits.ratio:,g}"
        )
        raise UnreadableFile("archive_ratio", found)


def _unpacked(content: bytes, member: Member) -> bytes:
    """Unpacks one byte past the announced size at most, so that a false size costs nothing."""
    info = member.info
    start = info.header_offset
    lengths = content[start + 26 : start + 30]
    data = start + 30 + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    packed = content[data : data + info.compress_size]
    if info.compress_type == zipfile.ZIP_DEFLATED:
        try:
            packed = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, info.file_size + 1)
        except zlib.error:
            packed = b""
    whole = len(packed) == info.file_size and zlib.crc32(packed) == info.CRC
    if not whole or content[start : start + 4] != LOCAL_HEADER:
        raise UnreadableFile("archive_damaged", f"the member {member.told}, which is damaged or cut off")
    return packed
