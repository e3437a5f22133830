"""What a request's body is: JSON, a form, text of its charset, or a file. Nothing is ever decoded with loss.

What the content type says decides; where it says nothing, bytes that are UTF-8 are text, and others are a file. Files
become binary data of the item: those of a form under their fields' names, a body that is one as a whole under `data`.
"""

import base64
import hashlib
import io
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Final, Protocol

from stepweave.model import json_text
from stepweave.model.items import BinaryRef
from stepweave.model.json_text import JsonInvalid
from stepweave.model.sizes import size_text
from stepweave_data.hooks import forms
from stepweave_data.hooks.forms import File
from stepweave_data.hooks.refusals import Refusal

WHOLE: Final = "data"
"""The name of a body that is a file."""
_TEXTUAL: Final = re.compile(
    r"text/.*|.*\+(xml|yaml|text)|application/(xml|javascript|ecmascript|x-javascript|(x-)?ndjson|jsonl|json-seq"
    r"|graphql|(x-)?yaml|toml|sql|csv|jwt|x-sh)"
)
_PARAMETER: Final = re.compile(r';\s*([\w.-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))')
_UTF_8: Final = "utf-8"
_MARKED_UTF_8: Final = "utf-8-sig"
"""UTF-8 whose byte order mark is no part of the text."""
_PACKED: Final = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""Content encodings, with zlib's window bits for them."""


@dataclass(frozen=True)
class Content:
    """A body taken apart: its value for JSON, and its files."""

    value: Any
    files: list[File] = field(default_factory=list)


class Store(Protocol):
    """Stores a file, as `Claims.store_file` does."""

    def __call__(
        self, key: str, file: IO[bytes], *, size: int, sha256: str, mime_type: str, file_name: str = ""
    ) -> BinaryRef:
        """Return the reference to it."""


def read(body: bytes, headers: Mapping[str, str], *, json_required: bool, most_bytes: int) -> Content:
    """Return what a body holds.

    Args:
        body: as it was sent.
        headers: of the request, names in lower case.
        json_required: whether it must be JSON, whatever its content type says.
        most_bytes: how large it may be, unpacked.

    Raises:
        Refusal: 400 where it is not what it must be or says to be, 413 where unpacked it is too large, 415 where it is
            packed in a way nobody here knows.
    """
    content = _unpacked(body, headers.get("content-encoding", ""), most_bytes)
    kind, parameters = content_type(headers)
    if not content:
        if json_required:
            raise Refusal(400, "invalid_json", "Not JSON", "The body must be JSON, and it is empty.")
        return Content(None)
    if json_required or kind == "application/json" or kind.endswith("+json"):
        try:
            return Content(_json(content, parameters.get("charset", "")))
        except JsonInvalid as error:
            if json_required or not error.syntax:
                raise Refusal(400, "invalid_json", "Not JSON", f"The body is {error}.") from None
            return _text(content, kind, parameters)
    if kind == "application/x-www-form-urlencoded":
        return _form(content, kind, parameters)
    if kind == "multipart/form-data":
        boundary = parameters.get("boundary", "")
        if not boundary:
            words = "The content type multipart/form-data names no boundary."
            raise Refusal(400, "invalid_form", "Not a form", words)
        found, files = forms.multipart(content, boundary)
        return Content(found, files)
    if not kind or _TEXTUAL.fullmatch(kind):
        return _text(content, kind, parameters)
    return _file(content, kind)


def content_type(headers: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return a content type in lower case and its parameters by name."""
    whole = headers.get("content-type", "")
    kind = whole.partition(";")[0].strip().lower()
    found = {
        name.lower(): re.sub(r"\\(.)", r"\1", quoted) or plain for name, quoted, plain in _PARAMETER.findall(whole)
    }
    return kind, found


def raw(body: bytes) -> dict[str, Any]:
    """Return a body exactly as it was sent, for whoever checks its signature: text, or base64 where it is no UTF-8."""
    try:
        return {"rawBody": body.decode()}
    except UnicodeDecodeError:
        return {"rawBody": None, "rawBodyBase64": base64.b64encode(body).decode()}


def stored(files: list[File], key: Callable[[int], str], store: Store) -> dict[str, BinaryRef]:
    """Store files and return an item's `binary`: name -> reference. Of one name, later files are `name_1`, `name_2`.

    Args:
        files: of a body.
        key: gives the key of the file at a place.
        store: stores one. Raises StorageUnavailable.
    """
    made: dict[str, BinaryRef] = {}
    for index, file in enumerate(files):
        name, more = file.name, 0
        while name in made:
            more += 1
            name = f"{file.name}_{more}"
        made[name] = store(
            key(index),
            io.BytesIO(file.content),
            size=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
            mime_type=file.mime_type,
            file_name=file.file_name,
        )
    return made


def _unpacked(body: bytes, encoding: str, most: int) -> bytes:
    name = encoding.strip().lower()
    if not body or name in ("", "identity"):
        return body
    if name not in _PACKED:
        words = f"The content encoding {encoding[:40]!r} is not known here; send gzip, deflate, or the body as it is."
        raise Refusal(415, "unsupported_encoding", "Encoding not supported", words)
    unpacker = zlib.decompressobj(_PACKED[name])
    try:
        content = unpacker.decompress(body, most + 1)
    except zlib.error as error:
        raise Refusal(400, "invalid_body", "Broken body", f"The body is no {name}: {error}.") from None
    if len(content) > most:
        raise Refusal(413, "too_large", "Too large", f"Unpacked the body has more than {size_text(most)}.")
    if not unpacker.eof:
        raise Refusal(400, "invalid_body", "Broken body", f"The body's {name} is cut off.")
    return content


def _json(content: bytes, charset: str) -> Any:
    if charset.lower() in ("", _UTF_8, "utf8"):
        return json_text.read(content)
    text = _decoded(content, charset)
    if text is None:
        raise JsonInvalid(f"not text of the charset {charset[:40]!r} that it names", syntax=True)
    return json_text.read(text)


def _form(content: bytes, kind: str, parameters: Mapping[str, str]) -> Content:
    text, charset = _decoded(content, parameters.get("charset", "")), parameters.get("charset", "") or _UTF_8
    if text is None:
        return _file(content, kind)
    return Content(forms.pairs(text, "The form", charset))


def _text(content: bytes, kind: str, parameters: Mapping[str, str]) -> Content:
    text = _decoded(content, parameters.get("charset", ""))
    if text is None or (not kind and "\x00" in text):
        return _file(content, kind or "application/octet-stream")
    return Content(text)


def _decoded(content: bytes, charset: str) -> str | None:
    """Return text of a charset, UTF-8 where none is named; None where it is none, or nobody knows the charset."""
    name = charset.strip().lower()
    try:
        text = content.decode(_MARKED_UTF_8 if name in ("", _UTF_8, "utf8") else name)
    except (LookupError, ValueError):
        return None
    return text if json_text.mended_text(text) == text else None


def _file(content: bytes, kind: str) -> Content:
    """Return a body that is a file; its value says so to whoever reads it."""
    told = {"binary": WHOLE, "mimeType": kind, "size": len(content)}
    return Content(told, [File(WHOLE, content, kind)])
