"""A message as bytes (MIME, RFC 2045 to 2049): made piece by piece, files as base64, and its size known beforehand.

Written here, not by Python's `email` package: that one decodes encoded words in headers, so that they can forge others,
and the supported versions differ in it.
"""

import base64
import binascii
import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import quote

from stepweave.runtime.http.bodies import Stream
from stepweave.runtime.mail.attachments import Attachment
from stepweave.runtime.mail.headers import encoded_words, token_header

_LONGEST_LINE: Final = 998
"""What mail servers must carry (RFC 5322, section 2.1.1)."""
_MOSTLY_ASCII: Final = 3
"""Up to one byte in three beyond ASCII a text stays legible as quoted-printable; with more, base64 is much shorter."""
_ROW: Final = 57
"""Bytes of a file in one line of base64, which has 76 letters then."""
_PIECE: Final = _ROW * 1024
_SEGMENT: Final = 60
"""Characters of a name in one line (RFC 2231, section 3)."""
Piece = bytes | Attachment


def stream_of(pieces: Sequence[Piece]) -> Stream:
    """Return pieces as a body that can be sent more than once."""
    size = sum(len(piece) if isinstance(piece, bytes) else encoded_size(piece.size) for piece in pieces)

    def opened() -> Iterator[bytes]:
        for piece in pieces:
            if isinstance(piece, bytes):
                yield piece
            else:
                yield from encoded(piece.chunks())

    return Stream(size, opened)


def encoded_size(size: int, *, lines: bool = True) -> int:
    """Return how many bytes so many become as base64: in lines, or as one text."""
    letters = -(-size // 3) * 4
    return letters + (2 * -(-size // _ROW) if lines else 0)


def encoded(chunks: Iterable[bytes], *, lines: bool = True) -> Iterator[bytes]:
    """Yield bytes as base64: in lines, or as one text."""
    held = b""
    for chunk in chunks:
        held += chunk
        whole = len(held) // _PIECE * _PIECE
        for start in range(0, whole, _PIECE):
            yield _base64(held[start : start + _PIECE], lines=lines)
        held = held[whole:]
    if held:
        yield _base64(held, lines=lines)


def _base64(content: bytes, *, lines: bool) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n") if lines else base64.b64encode(content)


def body(text: str, html: str, files: Sequence[Attachment]) -> list[Piece]:
    """Return the rest of a message from its content type on.

    What is filled in, or a text without anything in it; pictures go with the HTML that shows them (RFC 2387).
    """
    pictures = [file for file in files if file.content_id and html.strip()]
    below = [file for file in files if file not in pictures]
    parts: list[list[Piece]] = []
    if text.strip() or not html.strip():
        parts.append([_text("plain", text)])
    if html.strip():
        shown: list[Piece] = [_text("html", html)]
        if pictures:
            shown = _multipart('related; type="text/html"', [shown, *([*_file(one)] for one in pictures)])
        parts.append(shown)
    whole = parts[0] if len(parts) == 1 else _multipart("alternative", parts)
    return _multipart("mixed", [whole, *([*_file(one)] for one in below)]) if below else whole


def _multipart(kind: str, parts: Sequence[Sequence[Piece]]) -> list[Piece]:
    # No encoding that parts use can make a line of this (RFC 2045, section 6.7).
    subtype, _, more = kind.partition(";")
    boundary = f"=_{secrets.token_hex(16)}"
    value = f'multipart/{subtype}; boundary="{boundary}"' + (f";{more}" if more else "")
    made: list[Piece] = [token_header("Content-Type", value) + b"\r\n"]
    for part in parts:
        made += [f"--{boundary}\r\n".encode(), *part, b"\r\n"]
    return [*made, f"--{boundary}--\r\n".encode()]


def _file(file: Attachment) -> Iterator[Piece]:
    # Some programs (QQ's, old Outlooks) know no names as RFC 2231 has them, and look for encoded words here.
    old = "" if file.name.isascii() else f';\r\n name="{encoded_words(file.name)}"'
    head = [f"Content-Type: {file.mime_type}{old}\r\n", "Content-Transfer-Encoding: base64\r\n"]
    shown = "inline" if file.content_id else "attachment"
    head.append(f"Content-Disposition: {shown}{name_parameter('filename', file.name)}\r\n")
    if file.content_id:
        head.append(f"Content-ID: <{file.content_id}>\r\n")
    yield "".join((*head, "\r\n")).encode()
    yield file


def name_parameter(name: str, value: str) -> str:
    """Return a parameter with a file's name, folded; one beyond ASCII, a long one, and one that
    could be taken for an encoded word as RFC 2231 has it."""
    if value.isascii() and value.isprintable() and len(value) <= _SEGMENT and "=?" not in value:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f';\r\n {name}="{escaped}"'
    encoded = quote(value, safe="!#$&+-.^_`|~", errors="replace")
    segments, rest = list[str](), encoded
    while rest:
        cut = _SEGMENT
        while cut < len(rest) and "%" in rest[cut - 2 : cut]:  # a byte stays whole
            cut -= 1
        segments.append(rest[:cut])
        rest = rest[cut:]
    if len(segments) == 1:
        return f";\r\n {name}*=utf-8''{segments[0]}"
    lines = (
        f";\r\n {name}*{index}*={chr(39).join(('utf-8', '', '')) if not index else ''}{segment}"
        for index, segment in enumerate(segments)
    )
    return "".join(lines)


def _text(subtype: str, text: str) -> bytes:
    """Return a text with its headers. All kinds of line ends become CRLF; nothing else in it changes for the reader."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n") + "\n"
    raw = lines.encode()
    if lines.isascii() and _is_safe(lines):
        encoding, content = "7bit", raw
    elif sum(byte > 127 for byte in raw) * _MOSTLY_ASCII < len(raw):
        encoding, content = "quoted-printable", binascii.b2a_qp(raw, istext=True)
    else:
        encoding, content = "base64", base64.encodebytes(raw.replace(b"\n", b"\r\n"))
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return head.encode() + content.replace(b"\n", b"\r\n")


def _is_safe(lines: str) -> bool:
    """Whether ASCII text passes all mail servers as it is: no control characters, no long lines."""
    if any((ord(char) < 32 and char not in "\t\n") or ord(char) == 127 for char in lines):
        return False
    return all(len(line) <= _LONGEST_LINE for line in lines.split("\n"))
