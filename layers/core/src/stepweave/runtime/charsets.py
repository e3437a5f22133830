"""Which characters bytes are: labels as the WHATWG Encoding standard has them, byte order marks, declarations within.

`Windows-31J`, `latin1` and `x-sjis` are labels of that standard, and `iso-8859-1` means windows-1252 in it, as for
browsers.
"""

import codecs
import re
from typing import Final, NamedTuple

_CHARSET: Final = re.compile(r";\s*charset\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^;\s]*))", re.IGNORECASE)
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED_WITHIN: Final = 1024
"""Bytes in which a page must declare its charset (HTML standard, "Specifying the document's character encoding")."""
_META: Final = re.compile(rb"<meta[\s/][^>]*?charset\s*=\s*[\"']?\s*([^\"'\s/>;]+)", re.IGNORECASE)
_COMMENT: Final = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_XML: Final = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._:-]+)[\"']")
_LAST_RESORT: Final = "cp1252"
"""What browsers take for pages that declare nothing; it has a character for nearly every byte, so nothing is lost."""


class Decoded(NamedTuple):
    """Text, and what should be said about how it was read; empty where nothing should."""

    text: str
    note: str = ""


class UnknownCharset(ValueError):
    """Bytes are not UTF-8, and nobody knows the charset that is declared. `str()` is the label."""


def charset_of(content_type: str) -> str:
    """Return the charset that a content type declares; empty where it declares none."""
    found = _CHARSET.search(content_type)
    return next((group.strip() for group in found.groups() if group), "") if found else ""


def codec_of(label: str) -> str | None:
    """Return the Python codec for a label; None where the standard does not know it."""
    # Imported here: it costs 2 ms, which only text in other charsets needs.
    import webencodings

    if label.strip().lower() in ("utf-8", "utf8", "us-ascii", "ascii"):
        return "utf-8"
    encoding = webencodings.lookup(label)
    if encoding is None or encoding.name == "replacement":
        return None
    return "gb18030" if encoding.name == "gbk" else str(encoding.codec_info.name)


def has_mark(content: bytes) -> bool:
    """Whether bytes begin with a byte order mark."""
    return content.startswith(tuple(mark for mark, _ in _MARKS))


def decoded(content: bytes, content_type: str) -> Decoded:
    """Return the text of a body.

    What counts, in this order: a byte order mark, the content type's charset, what the document itself declares (XML's
    declaration, HTML's meta), UTF-8, and for text that is not UTF-8 and declares nothing windows-1252, which is said.
    Bytes that the charset has no character for become U+FFFD, which is said too.

    Raises:
        UnknownCharset: the label is unknown, and the bytes are not UTF-8.
    """
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return _with(codec, content[len(mark) :], "its byte order mark")
    media_type = content_type.partition(";")[0].strip().lower()
    label = charset_of(content_type) or declared_within(content, media_type)
    if not label:
        try:
            return Decoded(content.decode())
        except UnicodeDecodeError:
            return Decoded(content.decode(_LAST_RESORT, "replace"), "it declares no charset; read as windows-1252")
    known = codec_of(label)
    if known is not None:
        return _with(known, content, f"the charset {label}")
    try:
        return Decoded(content.decode(), f"nothing is known of its charset {label}; read as utf-8")
    except UnicodeDecodeError:
        raise UnknownCharset(label) from None


def _with(codec: str, content: bytes, what: str) -> Decoded:
    text = content.decode(codec, "replace")
    try:
        return Decoded(content.decode(codec))
    except UnicodeDecodeError:
        return Decoded(text, f"it holds bytes that {what} has no character for; they are now U+FFFD")


def declared_within(content: bytes, media_type: str) -> str:
    """Return the charset that a document declares for itself (HTML's meta, XML's declaration); "" where it does not."""
    if media_type in ("text/html", "application/xhtml+xml"):
        found = _META.search(_COMMENT.sub(b"", content[:_DECLARED_WITHIN]))
        label = found[1].decode("latin-1") if found else ""
        # A meta that ASCII could be read from is not in UTF-16, whatever it says (HTML standard, "prescan").
        if label:
            return "utf-8" if label.lower().startswith("utf-16") else label
    if media_type.endswith(("/xml", "+xml")):
        if content.startswith((b"<\x00?\x00", b"\x00<\x00?")):  # XML 1.0, appendix F
            return "utf-16le" if content[:1] == b"<" else "utf-16be"
        found = _XML.match(content[:_DECLARED_WITHIN].lstrip())
        label = found[1].decode() if found else ""
        return "utf-8" if label.lower().startswith("utf-16") else label
    return ""
