"""What a SAS data file says of its own length, compared with what is there.

The layout is that of M. Shotwell and C. Cummins, SAS7BDAT Database Binary Format (2013).
"""

from typing import NamedTuple

from trialdata.limits import UnreadableFile

MAGIC = bytes.fromhex("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011")
ROW_SIZE = b"\xf7\xf7\xf7\xf7"  # the subheader that counts the rows


class Layout(NamedTuple):
    order: str  # of bytes
    wide: bool  # whether integers have 8 bytes instead of 4
    header: int  # bytes
    page: int  # bytes
    pages: int

    def integer(self, content: bytes, at: int) -> int:
        return int.from_bytes(content[at : at + (8 if self.wide else 4)], self.order)  # type: ignore[arg-type]


def refuse_incomplete(content: bytes) -> int:
    """The number of rows the file announces; a file without its last pages, or with deleted rows, is refused."""
    layout = _layout(content)
    whole = layout.header + layout.page * layout.pages
    if len(content) < whole:
        found = f"{len(content):,} bytes where the file announces {whole:,}"
        raise UnreadableFile("truncated_sas7bdat", found)
    rows, deleted = _row_counts(content, layout)
    if deleted:
        raise UnreadableFile("deleted_rows", f"{deleted:,} deleted rows that are still in the file")
    return rows


def _layout(content: bytes) -> Layout:
    if not content.startswith(MAGIC) or len(content) < 288:
        raise UnreadableFile("not_sas7bdat", "a file that does not begin as a SAS data file")
    order = "little" if content[37] == 1 else "big"
    wide, shift = content[32] == ord("3"), 4 if content[35] == ord("3") else 0
    header, page = (
        int.from_bytes(content[at + shift : at + shift + 4], order)  # type: ignore[arg-type]
        for at in (196, 200)
    )
    layout = Layout(order, wide, header, page, 0)
    return layout._replace(pages=layout.integer(content, 204 + shift))


def _row_counts(content: bytes, layout: Layout) -> tuple[int, int]:
    """All rows and the deleted ones among them, from the subheaders of the first page."""
    size, page_header = (8, 40) if layout.wide else (4, 24)
    page = content[layout.header : layout.header + layout.page]
    pointers = int.from_bytes(page[page_header - 4 : page_header - 2], layout.order)  # type: ignore[arg-type]
    for pointer in range(pointers):
        at = layout.integer(page, page_header + pointer * 3 * size)
        signature = page[at : at + size]
        if ROW_SIZE in (signature[:4], signature[-4:]):
            return layout.integer(page, at + 6 * size), layout.integer(page, at + 7 * size)
    raise UnreadableFile("not_sas7bdat", "a SAS data file that does not say how many rows it has")
