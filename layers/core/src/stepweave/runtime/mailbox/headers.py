"""A mail's headers as people read them: encoded words (RFC 2047), addresses, dates.

Our own reading: that of Python's `email.policy.default` differs between the supported versions, and takes the square of
a hostile header's length. Here a list of addresses is taken apart before anything in it is decoded, so no encoded comma
or line break makes two of one; what cannot be read stays as it is.
"""

import base64
import binascii
import codecs
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import Any, Final

from stepweave.runtime.charsets import codec_of

_WORD: Final = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_FOLD: Final = re.compile(r"[\r\n]+[ \t]*")
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\\.|[^"\\,;<>()]+|.', re.DOTALL)
_ZONE: Final = re.compile(r"^([^(]*?) (?:GMT|UTC)([+-][0-9]{2}):?([0-9]{2})\b")
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_ENCODED: Final = re.compile(r'"?([^"<>@]*?)"?\s*<([^\s<>@,;]+@[^\s<>@,;]+)>|([^\s<>@,;]+@[^\s<>@,;]+)')
"""One address, as it is met in an encoded word, where none may be (RFC 2047, 5)."""
_HEX: Final = re.compile(rb"=([0-9A-Fa-f]{2})")
_OF_MAIL: Final = re.compile(
    r"utf-?(?:7|16|32)(?:[-_]?[lb]e)?|iso-?2022-?[a-z0-9-]+|hz(?:-gb-2312)?|(?:cp|ibm)-?\d+|koi8-t"
)
"""Charsets that are met in mails, that Python knows and the WHATWG's standard does not."""
_MOST_ADDRESSES: Final = 1000


def text_of(raw: str, charset: str = "") -> str:
    """Return a header's text: unfolded, encoded words decoded.

    Args:
        raw: as the parser gives it.
        charset: of bytes that are neither encoded nor UTF-8, where somebody says so: usually the text's.
    """
    line = _FOLD.sub(" ", raw).strip()
    if not line.isascii():
        content = line.encode("utf-8", "surrogateescape")
        line = decoded(content, "" if is_utf_8(content) else charset)
    return _decoded_words(line).strip() if "=?" in line else line


def values_of(message: "Message[Any, Any]") -> dict[str, list[str]]:
    """Return all headers as text, by their names in lower case."""
    found: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        found.setdefault(name.lower(), []).append(str(value))
    return found


def addresses_of(raw: str, charset: str = "") -> list[dict[str, str]]:
    """Return the addresses that a header lists, each as `name` and `address`; groups are taken apart.

    Args:
        raw: as the parser gives it.
        charset: as for `text_of`.
    """
    found: list[dict[str, str]] = []
    for part in _parts(_FOLD.sub(" ", raw)):
        if len(found) == _MOST_ADDRESSES:
            break
        one = _address(part, charset)
        if one["name"] or one["address"]:
            found.append(one)
    return found


def moment_of(raw: str) -> str | None:
    """Return a date as ISO 8601 in UTC; None where it is none. Dates as JavaScript writes them are met, too."""
    text = _ZONE.sub(r"\1 \2\3", _FOLD.sub(" ", raw).strip())
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            return iso(read(text))
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def iso(moment: datetime) -> str:
    """Return a moment as ISO 8601 in UTC, with milliseconds."""
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return known.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ids_of(raw: str) -> list[str]:
    """Return the ids (`<...>`) of a header such as `References`."""
    return re.findall(r"<[^<>\s]{1,998}>", _FOLD.sub(" ", raw))[:_MOST_ADDRESSES]


def decoded(content: bytes, label: str) -> str:
    """Return the text of bytes: by their charset, else UTF-8, else windows-1252; nothing is refused."""
    codec = _codec(label)
    if codec is not None:
        try:
            return content.decode(codec)
        except (UnicodeError, ValueError):
            if codec != "utf-8":
                return content.decode(codec, "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        # A text that says it is UTF-8 and holds a wrong byte is UTF-8 still; one that says nothing is not.
        return content.decode("utf-8" if codec and label.lower().startswith("utf") else "cp1252", "replace")


def is_utf_8(content: bytes) -> bool:
    """Whether bytes are UTF-8 throughout."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def is_charset(label: str) -> bool:
    """Whether a label says more than that a text is ASCII or UTF-8."""
    return _codec(label) not in (None, "utf-8")


def _codec(label: str) -> str | None:
    name = label.strip(" \t'\"").partition(" ")[0]
    if not name or len(name) > 60 or not name.isascii():
        return None
    known = codec_of(name)
    if known is not None:
        return known
    for one in (name.lower(), name.lower().replace("-", "")):
        if _OF_MAIL.fullmatch(one):
            try:
                return codecs.lookup(one).name
            except LookupError:
                continue
    return None


def _decoded_words(line: str) -> str:
    """Return a line with its encoded words decoded; between two of them white space is none (RFC 2047, 6.2)."""
    out: list[str] = []
    held, charset, end = b"", "", 0  # words that follow each other in one charset may share a character
    for word in _WORD.finditer(line):
        content = _word_bytes(word[2], word[3])
        between = line[end : word.start()]
        joins = bool(held or charset) and not between.strip()
        if not joins or word[1].lower() != charset:
            out.append(decoded(held, charset) if charset else "")
            held = b""
        if not joins:
            out.append(between)
        held, charset, end = held + content, word[1].lower(), word.end()
    out += [decoded(held, charset) if charset else "", line[end:]]
    return " ".join("".join(out).replace("\r", " ").replace("\n", " ").split(" "))


def _word_bytes(encoding: str, text: str) -> bytes:
    content = text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return _HEX.sub(lambda found: bytes([int(found[1], 16)]), content.replace(b"_", b" "))
    try:
        return base64.b64decode(content + b"=" * (-len(content) % 4))
    except (binascii.Error, ValueError):
        return content


def _parts(text: str) -> Iterator[list[str]]:
    """Take a list apart at its commas, outside quotes, angles and comments; a group's name is dropped."""
    part: list[str] = []
    depth, angle = 0, False
    for piece in _TOKEN.findall(text):
        if piece in ",;" and not angle and depth == 0:
            yield part
            part = []
            continue
        angle = (angle or (piece == "<" and depth == 0)) and piece != ">"
        depth = max(0, depth + (piece == "(") - (piece == ")")) if not angle else depth
        part.append(piece)
    yield part


def _address(pieces: list[str], charset: str) -> dict[str, str]:
    words, inside, comment = "", "", ""
    angle, depth = False, 0
    for piece in pieces:
        if depth == 0 and piece in "<>":
            angle = piece == "<"
        elif not angle and piece in "()":
            depth = max(0, depth + (1 if piece == "(" else -1))
        elif depth:
            comment += piece
        elif angle:
            inside += piece
        else:
            words += _ESCAPED.sub(r"\1", piece[1:-1]) if len(piece) > 1 and piece[0] == '"' == piece[-1] else piece
    name, address = (words, inside) if "<" in pieces else (comment, words)
    if "<" not in pieces and ":" in address:  # what is before it is a group's name
        address = address.rpartition(":")[2]
    if "<" in pieces and ":" in name and '"' not in "".join(pieces)[:1]:
        name = name.rpartition(":")[2]
    if "<" not in pieces and "@" not in address:
        found = _ENCODED.fullmatch(text := text_of(address or comment, charset))
        return {"name": found[1] or "", "address": found[2] or found[3]} if found else {"name": text, "address": ""}
    return {"name": text_of(name, charset), "address": text_of(address, charset)}
