"""A mail's headers as bytes: text that is not plain ASCII becomes encoded words (RFC 2047), long lines are folded.

What a reader decodes is exactly the given text, also where that looks like an encoded word. No character of it can
end a line: callers refuse control characters (`one_line`), and what is beyond ASCII leaves encoded.
"""

import base64
import re
from collections.abc import Sequence
from typing import Final

from stepweave.runtime.mail.addresses import Address, quoted
from stepweave.runtime.mail.errors import AddressInvalid

_LINE: Final = 76
"""The longest line with an encoded word in it (RFC 2047, section 2); 78 is what others should not exceed."""
_LONGEST_LINE: Final = 990
"""What mail servers must carry (RFC 5322, section 2.1.1), without the header's name."""
_WORD_BYTES: Final = 39
"""Bytes of text in one encoded word: 52 letters of base64 and 12 around them, which fits behind a name."""
_PLAIN: Final = re.compile(r"[!-~]+(?: [!-~]+)*")
_PHRASE: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
"""A display name that needs no quotes (RFC 5322, section 3.2.5)."""


def one_line(text: str, field: str) -> str:
    """Return a header's text without white space around it.

    Args:
        text: what the parameter gave.
        field: what the field is called.

    Raises:
        AddressInvalid: it holds a line break or another control character.
    """
    text = text.strip()
    for char in text:
        if (ord(char) < 32 and char != "\t") or ord(char) == 127:
            what = (
                "a line break, which could forge headers"
                if char in "\r\n"
                else f"the control character U+{ord(char):04X}"
            )
            raise AddressInvalid(f"{field} holds {what}.", f"Take it out of {field}.", details={"field": field})
    return text


def text_header(name: str, text: str) -> bytes:
    """Return a header whose value is text: `Subject`."""
    return _folded(name, _words(text, len(name) + 2))


def plain_header(name: str, value: str) -> bytes:
    """Return a header as programs read it: ASCII as it stands, folded at its spaces, whatever else encoded.

    No part of a URL, as `List-Unsubscribe` has them, may become an encoded word; a long one is not folded.
    """
    words = [word for word in value.split(" ") if word]
    fits = value.isascii() and all(len(word) + len(name) < _LONGEST_LINE for word in words)
    return _folded(name, words if fits else _encoded(value))


def address_header(name: str, addresses: Sequence[Address]) -> bytes:
    """Return a header that lists addresses: `To`. Local parts beyond ASCII make it UTF-8 (RFC 6532)."""
    pieces: list[str] = []
    for index, address in enumerate(addresses):
        comma = "," if index + 1 < len(addresses) else ""
        if not address.name:
            pieces.append(address.spec + comma)
            continue
        pieces += [*_phrase(address.name), f"<{address.spec}>{comma}"]
    return _folded(name, pieces)


def token_header(name: str, value: str) -> bytes:
    """Return a header of ASCII that we make ourselves: `Message-ID`."""
    return f"{name}: {value}\r\n".encode("ascii")


def encoded_words(text: str) -> str:
    """Return a text as encoded words, a line each."""
    return "\r\n ".join(_encoded(text))


def _phrase(name: str) -> list[str]:
    if "=?" not in name and len(name) <= _LINE - 2 and name.isascii() and "\t" not in name:
        return [name] if _PHRASE.fullmatch(name) else [quoted(name)]
    return _encoded(name)


def _words(text: str, indent: int) -> list[str]:
    """Return the pieces of a text between which lines may be folded, each without a space at its ends."""
    if _PLAIN.fullmatch(text) and "=?" not in text and max(map(len, text.split(" "))) < _LINE - indent:
        return text.split(" ")
    return _encoded(text) if text else []


def _encoded(text: str) -> list[str]:
    words, chunk = [], b""
    for char in text:
        encoded = char.encode()
        if len(chunk) + len(encoded) > _WORD_BYTES:
            words.append(chunk)
            chunk = b""
        chunk += encoded
    return [f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in (*words, chunk)]


def _folded(name: str, pieces: Sequence[str]) -> bytes:
    lines, line = [], f"{name}:"
    for index, piece in enumerate(pieces):
        if index and len(line) + 1 + len(piece) > _LINE:
            lines.append(line)
            line = ""
        line += f" {piece}"
    return "".join(f"{line}\r\n" for line in (*lines, line)).encode()
