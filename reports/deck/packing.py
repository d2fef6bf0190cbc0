"""A presentation as bytes: the same for the same content, with properties that name nobody."""

import datetime
import io
import re
import zipfile

from pptx.presentation import Presentation

EARLIEST = (1980, 1, 1, 0, 0, 0)
WORKBOOK = ".xlsx"
WRITTEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def packed(deck: Presentation, *, title: str, subject: str, day: datetime.date) -> bytes:
    """The bytes of a .pptx file that was made, as it says, on that day."""
    properties = deck.core_properties
    for child in list(properties._element):
        properties._element.remove(child)
    properties.title, properties.subject = title[:255], subject[:255]
    properties.author = properties.last_modified_by = ""
    when = datetime.datetime.combine(day, datetime.time())
    properties.created = properties.modified = when
    properties.revision = 1
    content = io.BytesIO()
    deck.save(content)
    return _timeless(content.getvalue(), when)


def _timeless(archive: bytes, when: datetime.datetime) -> bytes:
    """The same archive whose members, and those of the workbooks in it, do not tell when it was made."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = old.read(name)
            if name.endswith(WORKBOOK):
                part = _timeless(part, when)
            elif name == "docProps/core.xml":
                stamp = f"{when:%Y-%m-%dT%H:%M:%SZ}".encode()
                part = WRITTEN.sub(rb"\g<1>" + stamp + rb"\g<2>", part)
            info = zipfile.ZipInfo(name, EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, part)
    return content.getvalue()
