"""The tables as one RTF file: landscape, numbered and titled, footnotes and source line under each."""

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import polars
import rtflite

from analysis.adam import AnalysisData
from outputs.slide import Slide
from reports.document.pieces import Piece, Report, report
from reports.shown import Progress

PAGE = {  # inches: A4, and what is printed fits Letter too
    "orientation": "landscape",
    "width": 11.69,
    "height": 8.27,
    "margin": [0.95, 0.95, 1.0, 0.8, 0.5, 0.4],
    "col_width": 9.6,
}
LINES = 31  # of 9 points on such a page
PER_LINE = 150  # characters of a footnote
NARROWEST, WIDEST = 8, 44  # characters of a column
SENTENCE = 30  # characters from which a column is set to the left
SANS = 4  # Arial, as the library counts its fonts
PAGE_NUMBER = r"Page \chpgn  of {\field{\*\fldinst NUMPAGES }}"
END_OF_HEAD = re.compile(r"^\\margl\d+(?:\\[a-z]+-?\d+)*\s*", re.MULTILINE)
FIGURE_SIZE = (9.0, 5.06)  # inches, 16:9
LEFT_OUT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def rtf_report(
    data: AnalysisData,
    slides: Sequence[Slide],
    *,
    pins: Iterable[Slide] = (),
    pictures: Mapping[str, bytes] | None = None,
    progress: Progress | None = None,
) -> bytes:
    """Every table of these slides; `pictures` holds PNG figures by the code of a view, which follow its table."""
    return as_rtf(report(data, slides, pins=pins, progress=progress), pictures or {})


def as_rtf(told: Report, pictures: Mapping[str, bytes]) -> bytes:
    """One file; each table, and each figure, begins a page."""
    parts = [_table(piece, told) for piece in told.pieces]
    with tempfile.TemporaryDirectory() as folder:
        for place in range(len(told.pieces) - 1, -1, -1):
            piece = told.pieces[place]
            if piece.shown.code in pictures:
                path = Path(folder) / f"{place}.png"
                path.write_bytes(pictures[piece.shown.code])
                parts.insert(place + 1, _figure(piece, path, told))
    heads = [END_OF_HEAD.search(part) for part in parts]
    bodies = [
        part[head.end() if head else 0 :].rstrip().removesuffix("}")
        for part, head in zip(parts, heads, strict=True)
    ]
    head = parts[0][: heads[0].end()] if parts and heads[0] else ""
    whole = head.replace(r"\deff0\deflang1033", rf"\deff0\deflang1033{_properties(told)}", 1)
    return _ascii(whole + "\\page\n".join(bodies) + "}").encode("ascii")


def _table(piece: Piece, told: Report) -> str:
    """One table as a file of its own."""
    shown = piece.shown
    table = shown.output.table
    if table.empty:
        table = pd.DataFrame({"": [shown.output.empty or "Nothing to show at this cut."]})
        header: list = []
    else:
        header = [rtflite.RTFColumnHeader(text=[rtf_text(name) for name in table], **_looks(bold=True))]
    cells = table.astype("str").mask(table.isna(), "")
    texts = {f"c{place}": list(map(rtf_text, column)) for place, (_, column) in enumerate(cells.items())}
    notes = [rtf_text(note) for note in shown.notes] if not shown.output.table.empty else []
    notes += [rtf_text(note) for note in shown.output.footnotes] if shown.output.table.empty else []
    document = rtflite.RTFDocument(
        df=polars.DataFrame(texts),
        rtf_column_header=header,
        rtf_body=rtflite.RTFBody(
            col_rel_width=_widths(cells),
            text_justification=[["l", *_justified(cells)[1:]]],
            **_looks(rows=True),
        ),
        **_around(piece, told, "Table", notes, LINES - _height(notes)),
    )
    return document.rtf_encode()


def _figure(piece: Piece, path: Path, told: Report) -> str:
    """One figure as a file of its own."""
    width, height = FIGURE_SIZE
    document = rtflite.RTFDocument(
        rtf_figure=rtflite.RTFFigure(figures=str(path), fig_width=width, fig_height=height),
        **_around(piece, told, "Figure", [], LINES),
    )
    return document.rtf_encode()


def _around(piece: Piece, told: Report, kind: str, notes: list[str], lines: int) -> dict[str, Any]:
    """Page, running head, title and what stands below: the same for tables and figures."""
    shown = piece.shown
    above = [f"{kind} {piece.number}", piece.title, shown.output.subtitle, piece.headline, piece.comment]
    source = [f"{shown.context} · code {shown.code}", " · ".join(shown.marks)]
    return {
        "rtf_page": rtflite.RTFPage(**PAGE, nrow=max(lines, 12)),
        "rtf_page_header": rtflite.RTFPageHeader(
            text=[rtf_text(told.running), PAGE_NUMBER], text_justification=["l"], **_looks(size=8)
        ),
        "rtf_title": rtflite.RTFTitle(text=[rtf_text(line) for line in above if line], **_looks(size=10)),
        "rtf_footnote": rtflite.RTFFootnote(text=notes, as_table=False, **_looks(size=8)) if notes else None,
        "rtf_source": rtflite.RTFSource(
            text=[rtf_text(line) for line in source if line],
            as_table=False,
            text_justification=["l"],
            **_looks(size=8),
        ),
    }


def _looks(*, size: int = 9, bold: bool = False, rows: bool = False) -> dict[str, Any]:
    """Font and size; our text is not searched for commands of LaTeX."""
    looks: dict[str, Any] = {"text_font": [SANS], "text_font_size": [size], "text_convert": [False]}
    if bold:
        looks["text_format"] = ["b"]
    return {name: [value] for name, value in looks.items()} if rows else looks


def _widths(cells: pd.DataFrame) -> list[float]:
    """How wide the columns are beside each other, from their longest texts."""
    longest = [max(*map(len, [*str(name).split(), ""]), *map(len, cells[name])) for name in cells]
    return [float(min(max(each, NARROWEST), WIDEST)) for each in longest]


def _justified(cells: pd.DataFrame) -> list[str]:
    """Columns of short cells are centred, sentences begin at the left."""
    return ["c" if cells[name].str.len().max() <= SENTENCE else "l" for name in cells]


def _height(notes: Sequence[str]) -> int:
    """How many lines the notes take."""
    return sum(1 + len(note) // PER_LINE for note in notes)


def _properties(told: Report) -> str:
    """Title and study; the day of the cut as the day of the file, so that it names neither person nor machine."""
    cut = told.data.study.cut
    day = rf"{{\creatim\yr{cut.year}\mo{cut.month}\dy{cut.day}}}"
    return rf"{{\info{{\title {rtf_text(told.title)}}}{{\subject {rtf_text(told.study)}}}{day}}}"


def rtf_text(text: object) -> str:
    """Text whose backslashes and braces are read as such."""
    plain = LEFT_OUT.sub("", str(text)).replace("\r\n", "\n").replace("\r", "\n")
    told = re.sub(r"([\\{}])", r"\\\1", plain).replace("\n", r"\line ").replace("\t", " ")
    return _ascii(told, beyond="\uffff")


def _ascii(text: str, *, beyond: str = "\x7f") -> str:
    """Every character beyond one as the numbers of its UTF-16 units, with a question mark for readers without it."""

    def numbers(found: re.Match[str]) -> str:
        units = found[0].encode("utf-16-le")
        pairs = zip(units[::2], units[1::2], strict=True)
        return "".join(rf"\uc1\u{int.from_bytes(pair, 'little', signed=True)}?" for pair in pairs)

    return re.sub(f"[^\x00-{beyond}]", numbers, text)
