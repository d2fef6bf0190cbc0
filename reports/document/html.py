"""The report as one HTML file: it works offline and without a script, on a phone and on paper."""

import re
from collections.abc import Iterable, Sequence

import pandas as pd

from analysis.adam import AnalysisData
from outputs.slide import Slide
from reports.document.pieces import Piece, Report, report
from reports.document.style import STYLE
from reports.markup import Markup, css_text, element, joined
from reports.shown import Progress
from reports.svg.picture import picture
from trialdata.version import version

SHORT = 26  # characters up to which a column of numbers is set to the right
STARTS_A_NUMBER = re.compile(r"^[<>≤≥]? ?[−-]?\d|^–$")


def html_report(
    data: AnalysisData,
    slides: Sequence[Slide],
    *,
    pins: Iterable[Slide] = (),
    progress: Progress | None = None,
) -> str:
    """The report of these slides, those that were pinned first with their comments."""
    return as_html(report(data, slides, pins=pins, progress=progress))


def as_html(told: Report) -> str:
    """One self-contained file."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"{told.study}: interim report, {told.cut}"),
        element("style", Markup(STYLE.replace("RUNNING", css_text(told.running)))),
    )
    sections = [
        joined(element("h2", title), *(_article(piece) for piece in pieces))
        for title, pieces in told.sections.items()
    ]
    body = element(
        "body",
        element("header", *_front(told)),
        _contents(told),
        element("main", *sections),
        element("footer", told.running),
    )
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"


def _front(told: Report) -> list[Markup]:
    """What the report is about, and what its numbers rest on."""
    data = told.data
    facts = [
        ("Study", f"{told.study} ({data.definition.studyid})"),
        ("Data cut", told.cut.removeprefix("data cut ")),
        ("Hash of the data cut", data.study.content_hash),
        ("Hash of the definition", data.definition.content_hash),
        ("Software", f"ITP Interim {version()}"),
    ]
    return [
        element("h1", told.title),
        element("p", " · ".join(told.marks), class_="marks"),
        element("dl", *(part for term, what in facts for part in (element("dt", term), element("dd", what)))),
        element(
            "p",
            "Every table and figure has a code, such as K7QD-2M4X: it finds the same view in the dashboard.",
            class_="line",
        ),
    ]


def _contents(told: Report) -> Markup:
    """All tables and figures with links."""
    parts: list[Markup] = [element("h2", "Contents", id="contents")]
    for title, pieces in told.sections.items():
        rows = [
            element(
                "li",
                element("span", piece.number),
                element("span", element("a", piece.title, href=f"#{_place(piece)}"), _reason(piece)),
            )
            for piece in pieces
        ]
        parts += [element("h3", title), element("ol", *rows)]
    return element("nav", *parts, aria_labelledby="contents")


def _reason(piece: Piece) -> Markup:
    return element("span", " (nothing to show)", class_="why") if piece.shown.output.empty else Markup("")


def _place(piece: Piece) -> str:
    """What the piece is called inside the file."""
    return f"o-{piece.number.replace('.', '-')}"


def _article(piece: Piece) -> Markup:
    """One output: number and title, its sentence, figure, table, notes, and what it is of."""
    shown = piece.shown
    output = shown.output
    chart = piece.chart
    parts = [
        element("h3", element("span", piece.number, class_="number"), output.title),
        element("p", output.subtitle, class_="line"),
        element("p", piece.headline, class_="headline") if piece.headline else Markup(""),
        element("p", output.detail, class_="line") if output.detail else Markup(""),
        element("p", piece.comment, class_="comment") if piece.comment else Markup(""),
        element("p", output.empty, class_="empty") if output.empty else Markup(""),
    ]
    if chart is not None:
        parts.append(_figure(piece, picture(chart, output, _place(piece))))
    if not output.table.empty and (chart is None or shown.slide.show != "chart"):
        parts.append(_table(piece, output.table))
    parts += [element("p", note, class_="notes") for note in output.footnotes]
    parts.append(element("p", " · ".join(shown.marks), class_="marks"))
    parts.append(element("p", shown.context, " · code ", element("b", shown.code), class_="context"))
    return element("article", *parts, id=_place(piece))


def _figure(piece: Piece, drawn: Markup) -> Markup:
    caption = f"Figure {piece.number}. {piece.title}"
    return element(
        "figure",
        element("figcaption", caption),
        element("div", drawn, class_="wide", tabindex=0, role="group", aria_label=caption),
    )


def _table(piece: Piece, table: pd.DataFrame) -> Markup:
    caption = f"Table {piece.number}. {piece.title}"
    cells = [["" if pd.isna(cell) else str(cell) for cell in row] for row in table.to_numpy(dtype=object)]
    looks = [
        "number" if _is_numbers([row[place] for row in cells]) else None for place in range(table.shape[1])
    ]
    looks[0] = None
    head = [
        element("th", str(name), scope="col", class_=look)
        for name, look in zip(table.columns, looks, strict=True)
    ]
    rows = [element("tr", *_row(row, looks)) for row in cells]
    drawn = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *head)),
        element("tbody", *rows),
    )
    return element("div", drawn, class_="wide", tabindex=0, role="group", aria_label=caption)


def _row(cells: Sequence[str], looks: Sequence[str | None]) -> list[Markup]:
    """The cells of a row; the first names it, unless the row goes on with the name above."""
    first, *others = cells
    name = element("th", first, scope="row", class_="cell") if first.strip() else element("td", "")
    return [name, *(element("td", cell, class_=look) for cell, look in zip(others, looks[1:], strict=True))]


def _is_numbers(column: Sequence[str]) -> bool:
    """Whether every cell begins as a number and is short."""
    told = [cell for cell in column if cell]
    return bool(told) and all(len(cell) <= SHORT and STARTS_A_NUMBER.match(cell) for cell in told)
