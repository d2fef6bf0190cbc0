"""Elements of DrawingML charts (ECMA-376, 21.2). A program that opens them asks for repair where the order is wrong."""

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree
from pptx.oxml.ns import qn
from pptx.util import Pt

NAMES = {
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
Element = etree._Element
HATCHES = {"/": "wdUpDiag", "x": "diagCross"}
CONTROL = dict.fromkeys(range(32), " ")  # no XML holds them


def node(tag: str, *children: Element | None, text: str | None = None, **attributes: object) -> Element:
    """An element with its children in the order given; None stands for one that is not there."""
    made = etree.Element(qn(tag), nsmap=NAMES)
    for name, value in attributes.items():
        made.set(name, str(value))
    if text is not None:
        made.text = text.translate(CONTROL)
    made.extend([child for child in children if child is not None])
    return made


def val(tag: str, value: object) -> Element:
    """`<c:order val="0"/>`."""
    return node(tag, val=value)


@dataclass(frozen=True)
class Run:
    """A line of words of a label."""

    text: str
    size: float
    colour: str
    bold: bool = False


def colour_fill(colour: str) -> Element:
    """One colour; none where it is empty."""
    return node("a:solidFill", node("a:srgbClr", val=colour.lstrip("#"))) if colour else node("a:noFill")


def pattern_fill(hatch: str, colour: str, ground: str) -> Element:
    return node(
        "a:pattFill",
        node("a:fgClr", node("a:srgbClr", val=colour.lstrip("#"))),
        node("a:bgClr", node("a:srgbClr", val=ground.lstrip("#"))),
        prst=HATCHES[hatch],
    )


def stroke(colour: str, points: float = 1.0, dash: str = "solid") -> Element:
    """A line; none where the colour is empty."""
    if not colour:
        return node("a:ln", node("a:noFill"))
    return node(
        "a:ln", colour_fill(colour), val("a:prstDash", dash), node("a:round"), w=int(Pt(points)), cap="flat"
    )


def shape(fill: Element | None, line: Element | None) -> Element:
    return node("c:spPr", fill, line)


def letters(tag: str, size: float, colour: str, font: str, *, bold: bool = False) -> Element:
    """Properties of letters: `a:rPr` of a run, `a:defRPr` of a paragraph."""
    return node(
        tag,
        colour_fill(colour),
        node("a:latin", typeface=font) if font else None,
        **({"lang": "en-GB"} if tag == "a:rPr" else {}),
        sz=round(size * 100),
        b=int(bold),
    )


def all_words(size: float, colour: str, font: str) -> Element:
    """How the words of a part are written that does not say it itself."""
    paragraph = node(
        "a:p", node("a:pPr", letters("a:defRPr", size, colour, font)), node("a:endParaRPr", lang="en-GB")
    )
    return node("c:txPr", node("a:bodyPr", rot=0, vert="horz"), node("a:lstStyle"), paragraph)


def rich(lines: Iterable[Run], font: str, align: str = "ctr") -> Element:
    """Words in lines of their own, never broken by the program that shows them."""
    paragraphs = [
        node(
            "a:p",
            node("a:pPr", letters("a:defRPr", line.size, line.colour, font, bold=line.bold), algn=align),
            node(
                "a:r",
                letters("a:rPr", line.size, line.colour, font, bold=line.bold),
                node("a:t", text=line.text),
            ),
        )
        for line in lines
    ]
    body = node("a:bodyPr", rot=0, vert="horz", wrap="none", lIns=0, tIns=0, rIns=0, bIns=0, anchor="ctr")
    return node("c:tx", node("c:rich", body, node("a:lstStyle"), *paragraphs))


def placed(
    x: float, y: float, width: float | None = None, height: float | None = None, *, inner: bool = False
) -> Element:
    """Where a part stands, in shares of the chart; `inner`: the plot without its words."""
    return node(
        "c:layout",
        node(
            "c:manualLayout",
            val("c:layoutTarget", "inner") if inner else None,
            val("c:xMode", "edge"),
            val("c:yMode", "edge"),
            val("c:x", round(x, 5)),
            val("c:y", round(y, 5)),
            None if width is None else val("c:w", round(width, 5)),
            None if height is None else val("c:h", round(height, 5)),
        ),
    )


def title(words: Iterable[Run], x: float, y: float, font: str, align: str = "ctr") -> Element:
    """A title whose upper left corner stands at that share of the chart."""
    return node("c:title", rich(words, font, align), placed(x, y), val("c:overlay", 1))


def shown(value: bool = False) -> list[Element]:
    """What a label shows, the six answers that the schema asks for."""
    kinds = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
    return [val(f"c:show{kind}", int(value and kind == "Val")) for kind in kinds]


def label(
    at: int, lines: Iterable[Run], place: str, font: str, align: str = "ctr", *, patch: bool = False
) -> Element:
    """The words of one point: place "l", "r", "t", "b" or "ctr" of it; `patch`: they hide what is behind them."""
    ground = node("a:solidFill", val("a:schemeClr", "bg1")) if patch else node("a:noFill")
    return node(
        "c:dLbl",
        val("c:idx", at),
        rich(lines, font, align),
        shape(ground, stroke("")),
        val("c:dLblPos", place),
        *shown(value=True),
    )


def labels(each: Iterable[Element]) -> Element:
    """Labels of single points; the others have none."""
    return node("c:dLbls", *each, *shown())
