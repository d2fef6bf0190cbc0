"""The RTF tables: plain ASCII, balanced, and every word of every table in it, Chinese too."""

import re
import struct
import zlib

import pytest

from outputs.output import View
from outputs.slide import Slide, view_code
from reports.document.rtf import as_rtf, rtf_report, rtf_text
from tests.reports.document.conftest import CHINESE, RANDOMISED


def read_back(content: bytes) -> str:
    """The text of an RTF file as a reader shows it, one line a cell."""
    text = content.decode("ascii")
    text = re.sub(r"\\u(-?\d+)[?*]", lambda found: f"\x01{int(found[1]) % 65536:04x}", text)
    text = re.sub(r"\\uc1", "", text)
    text = re.sub(r"\\([\\{}])", lambda found: {"\\": "\x02", "{": "\x03", "}": "\x04"}[found[1]], text)
    text = re.sub(r"\\(cell|line|par)\b ?", "\n", text)
    text = re.sub(r"\\[a-z]+-?\d* ?|[{}]", "", text)
    text = text.replace("\x02", "\\").replace("\x03", "{").replace("\x04", "}")
    units = re.sub(
        r"(?:\x01[0-9a-f]{4})+",
        lambda found: b"".join(
            struct.pack("<H", int(unit, 16)) for unit in found[0].split("\x01")[1:]
        ).decode("utf-16-le"),
        text,
    )
    return units


def test_every_cell_of_every_table_is_in_it(told):
    lines = {line.strip() for line in read_back(as_rtf(told, {})).split("\n")}
    for piece in told.pieces:
        table = piece.shown.output.table
        assert f"Table {piece.number}" in lines and piece.title in lines
        for cell in [] if table.empty else [*map(str, table), *map(str, table.fillna("").to_numpy().ravel())]:
            assert cell.strip() in lines, (piece.number, cell)


def test_braces_are_balanced_and_it_is_one_file(told):
    text = re.sub(r"\\[\\{}]", "", as_rtf(told, {}).decode("ascii"))
    depth, least = 0, 1
    for each in text[:-1]:
        depth += {"{": 1, "}": -1}.get(each, 0)
        least = min(least, depth or least)
    assert depth == 1 and text.endswith("}") and text.count(r"{\rtf1") == 1


@pytest.mark.parametrize("text", [CHINESE, "a\\par{b}", "é × µ · −0.3", "😀", "a\nb"])
def test_awkward_text_is_read_back(awkward, text):
    from dataclasses import replace

    piece = awkward.pieces[0]
    table = piece.shown.output.table.copy()
    table.iloc[0, 0] = text
    output = replace(piece.shown.output, table=table)
    changed = replace(piece, shown=replace(piece.shown, output=output))
    content = as_rtf(replace(awkward, pieces=(changed,)), {})
    assert text in read_back(content)


def test_backslashes_and_braces_are_text():
    assert rtf_text("{\\par}") == "\\{\\\\par\\}"


def test_an_output_with_nothing_to_show_says_why(told):
    text = read_back(as_rtf(told, {}))
    for piece in told.pieces:
        assert piece.shown.output.empty in text


def test_properties_name_the_study_and_nobody(told):
    (info,) = re.findall(r"\{\\info(.*?\}\})", as_rtf(told, {}).decode("ascii"))
    assert "author" not in info and "operator" not in info
    cut = told.data.study.cut
    assert rf"\yr{cut.year}\mo{cut.month}\dy{cut.day}" in info


def png() -> bytes:
    """A picture of one grey point."""
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0\x80")),
        (b"IEND", b""),
    ]
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_a_figure_follows_its_table_where_its_picture_is_given(derived):
    data = derived(*RANDOMISED[:2])
    slides = [Slide("standing", View("FAS", "OR1Y")), Slide("ledger", View("FAS", "OR1Y"))]
    content = rtf_report(data, slides, pictures={view_code(data, slides[0]): png()})
    text = read_back(content)
    places = [text.index(name) for name in ("Table 14.2.8", "Figure 14.2.8", "Table 14.2.11")]
    assert places == sorted(places)
    assert png().hex() in re.sub(r"\s", "", content.decode("ascii"))
