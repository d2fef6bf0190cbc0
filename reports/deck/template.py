"""What a deck is written on: our own plain slides, or the template of a sponsor without its sample slides."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pptx
from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.presentation import Presentation
from pptx.slide import SlideLayout, SlideMaster

from reports.deck.box import HEIGHT, WIDTH
from reports.deck.own_template import make_own
from trialdata.errors import StudyDataError
from trialdata.formats.archive import member_names
from trialdata.limits import UnreadableFile, default_limits

ZIP = b"PK"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # an encrypted file, or one of PowerPoint before 2007
TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
IN_EVERY_LAYOUT = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
KEPT = {  # what a presentation leads to; comments, authors, changes and printers are left behind
    *("slideMaster", "notesMaster", "handoutMaster", "theme", "presProps", "tableStyles", "font"),
}
LEFT_OUT = (
    "p:custShowLst",
    "p:custDataLst",
    "p:modifyVerifier",
    "p:extLst",
)  # name the sample slides, or people
KEPT_OF_PACKAGE = (RELATIONSHIP_TYPE.OFFICE_DOCUMENT, RELATIONSHIP_TYPE.CORE_PROPERTIES)


@dataclass(frozen=True, eq=False)
class Template:
    """An empty presentation with the layouts of its title slide and of every other one, and the font of its text."""

    deck: Presentation
    opening: SlideLayout
    layout: SlideLayout
    font: str
    own: bool

    @property
    def width(self) -> int:
        """Of a slide, in EMU."""
        return int(self.deck.slide_width or WIDTH)

    @property
    def height(self) -> int:
        """Of a slide, in EMU."""
        return int(self.deck.slide_height or HEIGHT)


def open_template(content: bytes | None = None, *, name: str = "The template") -> Template:
    """The template in the bytes of a .pptx file, else our own; StudyDataError for one that cannot be used."""
    own = content is None
    deck = make_own() if content is None else _read(content, name)
    _without_slides(deck)
    _without_people(deck)
    layouts = [layout for master in deck.slide_masters for layout in master.slide_layouts]
    layout = _with_title_only(layouts)
    if layout is None:
        raise StudyDataError(
            f"{name}: found no layout with a title, expected one such as Title Only; add it to the slide master."
        )
    opening = next((each for each in layouts if _is_opening(each)), layout)
    return Template(deck, opening, layout, font_of(layout.slide_master), own)


def _read(content: bytes, name: str) -> Presentation:
    if content.startswith(OLE):
        raise StudyDataError(
            f"{name}: found a file with a password, or of PowerPoint before 2007; save it as .pptx without one."
        )
    if not content.startswith(ZIP):
        raise StudyDataError(f"{name}: found something else than a PowerPoint file; save it as .pptx.")
    try:
        member_names(content, default_limits())
        deck = pptx.Presentation(io.BytesIO(content))
    except UnreadableFile as error:
        raise StudyDataError(f"{name}: found {error.found}; expected a PowerPoint file (.pptx).") from None
    except Exception:  # whatever a file that is no presentation does to the reader
        raise StudyDataError(
            f"{name}: found something else than a PowerPoint file; save it as .pptx."
        ) from None
    if deck.part.content_type != CONTENT_TYPE.PML_PRESENTATION_MAIN:
        raise StudyDataError(f"{name}: found a file with macros or of another kind; save it as .pptx.")
    return deck


def _without_slides(deck: Presentation) -> None:
    for tag in LEFT_OUT:
        for element in deck.element.findall(qn(tag)):
            deck.element.remove(element)
    listed = deck.slides._sldIdLst
    for each in list(listed):
        deck.part.rels.pop(each.rId)
        listed.remove(each)


def _without_people(deck: Presentation) -> None:
    """Nothing that holds names: of authors, printers, companies, earlier slides."""
    rels = deck.part.rels
    for key in [key for key, rel in rels.items() if rel.reltype.rsplit("/", 1)[-1] not in KEPT]:
        rels.pop(key)
    package = deck.part.package
    for key in [key for key, rel in package._rels.items() if rel.reltype not in KEPT_OF_PACKAGE]:
        package._rels.pop(key)
    if any(part.content_type == CONTENT_TYPE.PML_SLIDE for part in package.iter_parts()):
        raise StudyDataError(
            "The template: found a layout with a link to a sample slide, expected none; delete the link."
        )


def _types(layout: SlideLayout) -> list[PP_PLACEHOLDER]:
    placeholders: Any = layout.placeholders
    return [each.placeholder_format.type for each in placeholders]


def _with_title_only(layouts: list[SlideLayout]) -> SlideLayout | None:
    """The layout that has a title and the least beside it."""
    titled = [layout for layout in layouts if PP_PLACEHOLDER.TITLE in _types(layout)]
    return min(titled, key=lambda layout: len(set(_types(layout)) - set(IN_EVERY_LAYOUT)), default=None)


def _is_opening(layout: SlideLayout) -> bool:
    types = _types(layout)
    return PP_PLACEHOLDER.CENTER_TITLE in types or (
        PP_PLACEHOLDER.TITLE in types and PP_PLACEHOLDER.SUBTITLE in types
    )


def font_of(master: SlideMaster) -> str:
    """The font of text by the theme of a master."""
    theme = etree.fromstring(master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)
    return next(_fonts(theme), "Arial")


def _fonts(theme: etree._Element) -> Iterator[str]:
    for latin in theme.iter(qn("a:latin")):
        if latin.getparent().tag == qn("a:minorFont") and latin.get("typeface"):
            yield latin.get("typeface")
