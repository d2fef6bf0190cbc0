"""HTML and SVG written element by element: every text is escaped unless it is markup already."""

import html
import re

VOID = ("meta", "br")  # elements that have no end
NOT_IN_A_FILE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Markup(str):
    """Text that is markup."""


def element(tag: str, /, *content: str, **attributes: object) -> Markup:
    """`element("td", "a < b", class_="n")` is <td class="n">a &lt; b</td>; attributes that are None are left out."""
    words = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_escaped(str(value), quote=True)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if tag in VOID:
        return Markup(f"<{tag}{words}>")
    return Markup(f"<{tag}{words}>{joined(*content)}</{tag}>")


def joined(*content: str) -> Markup:
    """The parts one after the other."""
    return Markup("".join(part if isinstance(part, Markup) else _escaped(part) for part in content))


def _escaped(text: str, *, quote: bool = False) -> str:
    return html.escape(NOT_IN_A_FILE.sub("", text), quote=quote)


def css_text(text: str) -> str:
    """A text as CSS holds it in `content`: all but letters, digits and spaces as numbers."""
    return (
        '"' + "".join(each if each.isalnum() or each == " " else f"\\{ord(each):x} " for each in text) + '"'
    )
