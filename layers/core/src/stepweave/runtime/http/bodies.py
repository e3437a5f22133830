"""Bodies that are sent piece by piece: a file, or a form with files. Opened anew for every time they are sent.

A redirect that keeps the body (307, 308) and a request that is sent again begin them again. Their size is known
beforehand and told with `content-length`: many servers take no body without it.
"""

import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from stepweave.model.json_text import mended_text
from stepweave.spec.operation_files import SentFile

_ESCAPED: Final = re.compile(r'[\x00-\x1f"\x7f]')
"""What cannot stand in a quoted name: quotes and line breaks as browsers escape them (HTML, "multipart/form-data
encoding algorithm"), and further control characters, which servers' parsers refuse."""
_MIME_TYPE: Final = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,120}/[A-Za-z0-9!#$&^_.+-]{1,120}(?:; ?[\x20-\x7e]{1,200})?")
UNKNOWN_TYPE: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Stream:
    """A body that is sent piece by piece.

    Attributes:
        size: in bytes, exactly.
        open: gives the pieces, from the beginning each time. May raise NodeError while it does.
    """

    size: int
    open: Callable[[], Iterator[bytes]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form with files: its name and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file of a form: the field's name, and the file."""

    name: str
    file: SentFile


def file_body(file: SentFile) -> Stream:
    """Return a file as a body."""
    return Stream(file.size, file.chunks)


def mime_type_of(file: SentFile) -> str:
    """Return a file's media type as a header can carry it; `application/octet-stream` where it has none that can."""
    return file.mime_type if _MIME_TYPE.fullmatch(file.mime_type) else UNKNOWN_TYPE


def multipart_body(parts: Sequence[FormField | FormFile], boundary: str = "") -> tuple[Stream, str]:
    """Return a form with files (`multipart/form-data`, RFC 7578) as a body, and its boundary.

    Names are UTF-8, as browsers send them. A file without a name is called `file`: without any, servers take its part
    for a field.

    Args:
        parts: in the order in which they are sent.
        boundary: between the parts; one that nobody can guess is made where none is given.
    """
    boundary = boundary or f"stepweave-{secrets.token_hex(16)}"
    heads = [_head(part, boundary) for part in parts]
    texts = [mended_text(part.text).encode() if isinstance(part, FormField) else b"" for part in parts]
    end = f"--{boundary}--\r\n".encode()
    size = len(end)
    for part, head, text in zip(parts, heads, texts, strict=True):
        size += len(head) + 2 + (part.file.size if isinstance(part, FormFile) else len(text))

    def pieces() -> Iterator[bytes]:
        for part, head, text in zip(parts, heads, texts, strict=True):
            yield head
            if isinstance(part, FormFile):
                yield from part.file.chunks()
            else:
                yield text
            yield b"\r\n"
        yield end

    return Stream(size, pieces), boundary


def _head(part: FormField | FormFile, boundary: str) -> bytes:
    lines = [f"--{boundary}", f'Content-Disposition: form-data; name="{_quoted(part.name)}"']
    if isinstance(part, FormFile):
        lines[1] += f'; filename="{_quoted(part.file.name or "file")}"'
        lines.append(f"Content-Type: {mime_type_of(part.file)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _quoted(name: str) -> str:
    return _ESCAPED.sub(lambda found: f"%{ord(found[0]):02X}", mended_text(name))
