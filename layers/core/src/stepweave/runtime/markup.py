"""Markup from outside: texts of an item's files, and how deeply HTML is nested before a parser is asked.

Parsers of HTML keep a stack of open elements that they search, so pages nested without end cost them the square of it.
"""

import re
from typing import Final

from stepweave.runtime.charsets import UnknownCharset, decoded
from stepweave.runtime.errors import DataTooLarge, NodeError
from stepweave.runtime.files import StoredFile

MOST_BYTES: Final = 20 * 1024**2
MOST_NESTED: Final = 500
"""Browsers keep 512 elements open, and put further ones beside each other."""
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,30})")
_VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
_CLOSED_BY_THE_NEXT: Final = frozenset(
    ("p", "li", "td", "th", "tr", "dt", "dd", "option", "optgroup", "thead", "tbody", "tfoot", "colgroup", "caption")
)
_SINGLE: Final = _VOID | _CLOSED_BY_THE_NEXT | {"body", "html", "head", "path"}
"""No page is deep because of them."""


class MarkupTooDeep(NodeError):
    """Elements are nested more deeply than any page is."""


class FileNotText(NodeError):
    """A file is no text, or in a charset that nobody knows."""


def check_nesting(html: str, field: str) -> None:
    """Refuse HTML that is nested without end.

    Args:
        html: any text.
        field: the parameter (its JSON name) that it is from.

    Raises:
        MarkupTooDeep: more than `MOST_NESTED` elements are open at once.
        DataTooLarge: it is longer than `MOST_BYTES`.
    """
    if len(html) > MOST_BYTES:
        raise DataTooLarge(f"The text has {len(html):,} characters; {MOST_BYTES:,} are read.", "Take a part of it.")
    open_now = 0
    for found in _TAG.finditer(html):
        if found[2].lower() in _SINGLE:
            continue
        open_now = max(0, open_now - 1) if found[1] else open_now + 1
        if open_now > MOST_NESTED:
            raise MarkupTooDeep(
                f"More than {MOST_NESTED} elements are open at once.",
                "Close the elements, or take a part of the text.",
                details={"field": f"params.{field}"},
            )


def bytes_of(file: StoredFile) -> bytes:
    """Return a file's bytes. Raises DataTooLarge for more than `MOST_BYTES`, and as `StoredFile.chunks` does."""
    if file.size > MOST_BYTES:
        raise DataTooLarge(f"The file has {file.size:,} bytes; {MOST_BYTES:,} are read.", "Take a smaller file.")
    return b"".join(file.chunks())


def text_of(file: StoredFile, mime_type: str) -> str:
    """Return a file's text: by its byte order mark, its declared charset, what the document says, UTF-8.

    Args:
        file: of an item.
        mime_type: what it is taken for where its own type says nothing.

    Raises:
        FileNotText: its charset is unknown.
        DataTooLarge: it has more than `MOST_BYTES`.
    """
    known = file.mime_type if file.mime_type.partition(";")[0].strip() else mime_type
    try:
        return decoded(bytes_of(file), known if "charset" in known else mime_type).text
    except UnknownCharset as error:
        raise FileNotText(f"Nothing is known of the file's charset {error}.", "Give the file in UTF-8.") from None
