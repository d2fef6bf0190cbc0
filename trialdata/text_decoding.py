"""Bytes become text in the encoding they were written in: nothing is replaced, and no nonsense passes silently.

UTF-8 is tried first. GB18030 reads almost any bytes, often into rare characters, and Windows-1252 nearly all of
them; so either is believed only where it yields what people write: Chinese in common characters, or signs and
accented letters within Western words.
"""

import re
from typing import NamedTuple

import numpy as np

from trialdata.limits import UnreadableFile

UTF8, UTF16, GB18030, WESTERN = "UTF-8", "UTF-16", "GB18030", "Windows-1252"
MARKS_UTF16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
MARKS_UTF32 = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
LEVEL_1 = range(0xB0, 0xD8)  # first bytes of the 3755 common characters of GB 2312
SYMBOLS = range(0xA1, 0xAA)  # first bytes of its punctuation, full-width letters and digits
SIGNS = frozenset("µ³²¹°±×÷·½¼¾ºª«»§®©™€£¥–—‘’“”…•‰¿¡\u00a0")
LONELY = re.compile(rf"(?<![A-Za-z])[^\x00-\x7f{''.join(SIGNS)}](?![A-Za-z])")
OTHER_SIGNS = SIGNS | set("⁰⁴⁵⁶⁷⁸⁹≤≥≈↑↓")
MISREAD_UTF8 = re.compile(
    "碌[LlgGmMs]|脳 ?10|掳C|鈮|[0-9]鲁|[mM]虏|锟斤拷"
)  # µL ×10 °C ≥ 10³ m² and lost characters
EXTENDED_LATIN = re.compile("[\u0100-\u036f]")
UTF8_IN_WESTERN = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")


class Decoded(NamedTuple):
    """The text as UTF-8 bytes without byte order mark, line ends `\\n`, and the encoding it was sent in."""

    data: bytes
    encoding: str


def decode(content: bytes) -> Decoded:
    """The text of a file, or `UnreadableFile` with the row where it stops making sense."""
    if content.startswith(MARKS_UTF32):
        raise UnreadableFile("encoding", "UTF-32 text")
    if content[:2] in MARKS_UTF16:
        data, encoding = _utf16(content), UTF16
    else:
        _refuse_zero_bytes(content)
        data, encoding = _bytewise(content)
    _refuse_zero_bytes(data)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return Decoded(data, encoding)


def _refuse_zero_bytes(data: bytes) -> None:
    if b"\0" in data:
        row = _row(data, data.index(b"\0"))
        raise UnreadableFile("nul_bytes", "a zero byte: the file is damaged or not text", row=row)


def _row(data: bytes, position: int) -> int:
    before = data[:position].replace(b"\r\n", b"\n")
    return before.count(b"\n") + before.count(b"\r") + 1


def _utf16(content: bytes) -> bytes:
    try:
        return content[2:].decode(MARKS_UTF16[content[:2]]).encode()
    except UnicodeDecodeError:
        raise UnreadableFile("encoding", "UTF-16 text that is damaged or cut off") from None


def _bytewise(content: bytes) -> tuple[bytes, str]:
    try:
        text = content.decode("utf-8")
        if _is_chance_utf8(content, text):
            return content.decode("gb18030").encode(), GB18030
        return content.removeprefix(b"\xef\xbb\xbf"), UTF8
    except UnicodeDecodeError as error:
        row = _row(content, error.start)
    _refuse_mixture(content, row)
    try:
        chinese = content.decode("gb18030")
        if _is_chinese(chinese):
            return chinese.encode(), GB18030
        found = "characters that make no sense as UTF-8, GB18030 or Windows-1252"
    except UnicodeDecodeError as error:
        row = _row(content, error.start)
        found = "characters that are neither UTF-8 nor GB18030"
    western = _western(content)
    if western is None:
        raise UnreadableFile("encoding", found, row=row)
    return western.encode(), WESTERN


def _is_chance_utf8(content: bytes, text: str) -> bool:
    """Whether only a few Chinese characters stand there whose bytes make UTF-8 by chance: 女 is also Ů."""
    if content.isascii() or not EXTENDED_LATIN.search(text):
        return False
    beyond = set(re.findall("[^\x00-\x7f]", text))
    if not all(EXTENDED_LATIN.fullmatch(letter) for letter in beyond) or _is_western(text):
        return False
    try:
        return _is_chinese(content.decode("gb18030"))
    except UnicodeDecodeError:
        return False


def _refuse_mixture(content: bytes, row_not_utf8: int) -> None:
    """GB18030 decodes most UTF-8 without an error: Chinese that reads as UTF-8 elsewhere gives a mixture away."""
    for line in content.splitlines():
        try:
            chinese = any("\u4e00" <= letter <= "\u9fff" for letter in line.decode("utf-8"))
        except UnicodeDecodeError:
            continue
        if chinese:
            raise UnreadableFile("encoding", "UTF-8 in some rows and another encoding here", row=row_not_utf8)


def _is_chinese(text: str) -> bool:
    """Characters as people write them: most of GB 2312, at least half of these common.

    Western, Cyrillic, Japanese or Big5 bytes read as GB18030 give rare characters instead.
    """
    letters, counts = _not_ascii(text)
    leads = np.array([_gb2312_lead(letter) for letter in letters])
    of_gb2312 = counts[leads > 0].sum()
    common = counts[np.isin(leads, LEVEL_1) | np.isin(leads, SYMBOLS)].sum()
    likely = of_gb2312 >= 0.7 * counts.sum() and common >= 0.5 * of_gb2312
    return bool(likely) and not MISREAD_UTF8.search(text)


def _not_ascii(text: str) -> tuple[list[str], np.ndarray]:
    """The distinct characters beyond ASCII and how often each stands there."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype="<u4")
    distinct, counts = np.unique(codes[codes > 127], return_counts=True)
    return [chr(code) for code in distinct], counts


def _gb2312_lead(letter: str) -> int:
    if letter in OTHER_SIGNS:
        return SYMBOLS[0]
    try:
        return letter.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 0


def _western(content: bytes) -> str | None:
    """The text as Windows-1252 where that gives signs such as µ ³ or letters such as é within words, else None."""
    if UTF8_IN_WESTERN.search(content):
        return None
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return text if _is_western(text) else None


def _is_western(text: str) -> bool:
    """Whether every character beyond ASCII is a sign, or a letter with a plain letter beside it."""
    others = {letter for letter in set(text) if not letter.isascii()} - SIGNS
    return all(letter.isalpha() for letter in others) and not LONELY.search(text)


def unusual_characters(data: bytes) -> str:
    """The distinct characters beyond ASCII, for a person to look at: `µ ³ é`."""
    return " ".join(sorted({letter for letter in data.decode() if not letter.isascii()})[:20])
