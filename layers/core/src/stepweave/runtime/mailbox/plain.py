"""The text of a mail that has HTML only. It takes time in proportion to the HTML, however broken that is."""

import re
from html import unescape
from typing import Final

MOST_READ: Final = 1_000_000
"""Characters of HTML that are looked at."""
_UNSEEN: Final = frozenset(("head", "script", "style", "template", "title"))
_LINE: Final = "\x01"
_APART: Final = "\x02"
_BREAKS: Final = {
    "br": "\n",
    "td": " ",
    "th": " ",
    **dict.fromkeys(("address", "article", "aside", "center", "dd", "div", "dl", "dt", "fieldset", "figure"), _LINE),
    **dict.fromkeys(("footer", "form", "header", "hr", "li", "main", "nav", "pre", "section", "tr"), _LINE),
    **dict.fromkeys(("blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "table", "ul"), _APART),
}
"""What stands in the place of a tag: a break, at least a line's end, or an empty line."""
_NAME: Final = re.compile(r"/?([A-Za-z][A-Za-z0-9]*)")
_SPACE: Final = re.compile(r"[ \t\r\n\f\xa0\x01\x02]+")
_GAP: Final = re.compile(r"[ \n\x01\x02]+")
_NO_WIDTH: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u00ad\u034f\ufeff"))
"""What senders fill the preview of their mails with."""


def text_of_html(html: str) -> str:
    """Return what people see of HTML: a line for each block, an empty one around paragraphs, no links or pictures."""
    first, *pieces = html[:MOST_READ].split("<")
    made, unseen, remark = [_words(first)], "", False
    for piece in pieces:
        if remark or piece.startswith("!--"):
            _, end, rest = piece.partition("-->")
            remark = not end
            made.append("" if unseen else _words(rest))
            continue
        found = _NAME.match(piece)
        if found is None and not piece.startswith(("!", "?", "/")):
            made.append("" if unseen else _words(f"<{piece}"))
            continue
        tag, _, rest = piece.partition(">")
        name = found[1].lower() if found is not None else ""
        if unseen:
            unseen = "" if tag.startswith("/") and name == unseen else unseen
        elif name in _UNSEEN and not tag.startswith("/"):
            unseen = name
        if not unseen:
            made.append(_BREAKS.get(name, ""))
            made.append(_words(rest))
    return _GAP.sub(_gap, "".join(made)).strip()


def _words(text: str) -> str:
    """Return text between tags: line breaks in it are spaces."""
    return _SPACE.sub(" ", unescape(text).translate(_NO_WIDTH))


def _gap(found: re.Match[str]) -> str:
    gap = found[0]
    if _APART in gap or gap.count("\n") > 1:
        return "\n\n"
    return "\n" if _LINE in gap or "\n" in gap else " "
