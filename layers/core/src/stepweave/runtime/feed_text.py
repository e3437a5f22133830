"""A feed's bytes before its XML is read: the charset that they are in, and the `&`s that are no references.

Servers often name a charset that a feed is not in, and one wrong byte makes feedparser take all of it for another.
Ampersands as they stand in titles and addresses are the most usual fault of all.
"""

import re
from html.entities import html5
from typing import Final

from stepweave.runtime.charsets import charset_of, codec_of, has_mark

_DECLARED: Final = re.compile(rb"^(\s*<\?xml\s[^>]{0,200}?)\s+encoding\s*=\s*[\"']([A-Za-z0-9._:-]+)[\"']")
_AND: Final = re.compile(r"&(?:(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});)?")
_OF_XML: Final = frozenset(("amp", "lt", "gt", "quot", "apos"))
_CODED: Final = ("iso-2022", "iso2022", "hz", "utf-7", "utf7")
"""Charsets whose bytes are all ASCII's."""
_SEVERAL: Final = ("gb18030", "big5", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949")
"""Codecs of several bytes a character, of which a short text may be UTF-8 by chance."""


def prepared(content: bytes, content_type: str) -> tuple[bytes, str]:
    """Return a feed's XML as it is to be read, and its content type.

    Args:
        content: as it came.
        content_type: of the answer.
    """
    found = _DECLARED.match(content[:1000])
    labels = [label for label in (charset_of(content_type), found[2].decode() if found else "") if label]
    text = _text(content, labels)
    if text is None:
        return content, f"application/xml; charset={labels[0]}" if charset_of(content_type) else "application/xml"
    whole = "".join(_mended(text)).encode("utf-8", "replace")
    return _DECLARED.sub(rb"\1", whole, count=1), "application/xml; charset=utf-8"


def _text(content: bytes, labels: list[str]) -> str | None:
    """Return the text of bytes that are UTF-8, whatever is said of them; None where they are something else."""
    names = [label.lower() for label in labels]
    if b"\0" in content or any(name.startswith(_CODED) for name in names):
        return None
    if has_mark(content) and not content.startswith(b"\xef\xbb\xbf"):
        return None
    if content.isascii():
        return content.decode("ascii")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("utf-8-sig", "replace")
        wrong = text.count("\ufffd")
        says_so = not names or any(name in ("utf-8", "utf8") for name in names)
        return text if says_so and _beyond_ascii(text) - wrong >= wrong else None
    for codec in filter(None, map(codec_of, names)):
        if codec in _SEVERAL and _decodes(content, codec):
            return None
    return text


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _decodes(content: bytes, codec: str) -> bool:
    try:
        content.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _mended(text: str) -> list[str]:
    """Return the parts of a text, each `&` outside CDATA a reference that XML knows."""
    parts = []
    for index, piece in enumerate(text.split("<![CDATA[")):
        inside, end, outside = piece.partition("]]>") if index else ("", "", piece)
        opened = f"<![CDATA[{inside}{end}" if index else ""
        parts.append(opened + _AND.sub(_reference, outside))
    return parts


def _reference(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;"
    known = None if name[0] == "#" or name in _OF_XML else html5.get(f"{name};")
    return found[0] if known is None else "".join(f"&#{ord(char)};" for char in known)
