"""From a response to items: status checked, body read within its limits, JSON, text or file."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from urllib3.exceptions import HTTPError, ReadTimeoutError

from functions.nodes.network.http_request.client import Response, broken, timed_out
from functions.nodes.network.http_request.file_names import file_name
from functions.nodes.network.http_request.headers import header, headers_of, values_of
from functions.nodes.network.http_request.json_body import is_json, is_json_lines, read_json, read_lines
from functions.nodes.network.http_request.refusals import SHOWN, refused, words_of
from functions.nodes.network.http_request.spec import Params
from functions.nodes.network.http_request.unpacking import CannotUnpack, codings_of, unpacked
from functions.nodes.network.http_request.url import Target
from stepweave.model.items import BinaryRef, Item, item
from stepweave.runtime.charsets import UnknownCharset, charset_of, decoded, has_mark
from stepweave.runtime.errors import NodeError, ResponseInvalid, ResponseTooLarge

_CHUNK: Final = 64 * 1024
_MOST_TEXT_MB: Final = 50
_IN_MEMORY: Final = 8 * 1024 * 1024
_TEXTUAL: Final = re.compile(r"text/|application/(xml|javascript|x-www-form-urlencoded|.*\+xml)|.*\+xml")

StoreFile = Callable[..., BinaryRef]
"""`Step.store_file`."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A response being read: where from, what of it counts, until when, and who is told what is odd about it."""

    response: Response
    target: Target
    params: Params
    deadline: float
    warn: Callable[[str], None]

    @property
    def content_type(self) -> str:
        """The header, of several the last, as in browsers; empty where the server names none."""
        return next(reversed(values_of(self.response, "content-type")), "")

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return self.content_type.partition(";")[0].strip().lower()

    @property
    def has_body(self) -> bool:
        """Whether HTTP lets this response have one (RFC 9110, section 6.4.1)."""
        return self.params.method != "HEAD" and self.response.status not in (204, 205, 304)

    def note(self, words: str) -> None:
        """Warn of something that was read in a way one may not expect."""
        self.warn(f"{self.target}: {words}")


def items_of(arrived: Arrived, store_file: StoreFile) -> list[Item]:
    """Return the items that a response makes.

    Raises:
        HttpClientError: status 4xx.
        HttpRateLimited: status 429.
        HttpServerError: status 5xx.
        ResponseInvalid: the wrong content type, JSON that is none, a charset or compression that nobody knows.
        ResponseTooLarge: more than the node allows.
        RequestTimeout: the body did not arrive in time.
        ConnectionFailed: the connection broke.
    """
    try:
        if arrived.response.status >= 400 and not arrived.params.accept_any_status:
            raise _refused(arrived)
        kind = _kind(arrived)
        if kind == "binary":
            return [_file_item(arrived, store_file)]
        content = b"".join(_chunks(arrived, min(arrived.params.max_response_mb, _MOST_TEXT_MB)))
        if kind in ("json", "lines"):
            return _items(arrived, _json(arrived, content, lines=kind == "lines"), empty=not content.strip())
        return _items(arrived, _text(arrived, content), empty=not content)
    finally:
        # Only a body read to its end gives its connection back; any other must not meet the next request.
        if not arrived.response.closed:
            arrived.response.close()
        arrived.response.release_conn()


def _kind(arrived: Arrived) -> str:
    wanted, media_type = arrived.params.response_format, arrived.media_type
    if wanted in ("auto", "json") and is_json_lines(media_type):
        return "lines"
    if wanted == "auto" and is_json(media_type):
        return "json"
    textual = not media_type or is_json(media_type) or is_json_lines(media_type) or _TEXTUAL.match(media_type)
    if not arrived.has_body and wanted in ("auto", "text", "binary"):
        return "text"
    if wanted == "auto":
        return "text" if textual else "binary"
    if wanted == "text" and not textual:
        raise ResponseInvalid(
            f"{arrived.target} answered with {media_type}, not with text.",
            "Choose File as the response, or check the URL.",
            details={"contentType": media_type},
        )
    return wanted


def _chunks(arrived: Arrived, most_mb: int) -> Iterator[bytes]:
    """Yield the body, unpacked, until its end or the limit."""
    most = most_mb * 1024 * 1024
    announced = header(arrived.response, "content-length")
    too_large = arrived.has_body and re.fullmatch("[0-9]{1,18}", announced) is not None and int(announced) > most
    body, size = _unpacked(arrived), 0
    while not too_large:
        chunk = next(body, None)
        if chunk is None:
            return
        size += len(chunk)
        too_large = size > most
        yield chunk
    raise ResponseTooLarge(
        f"{arrived.target} answered with more than {most_mb} MB.",
        "Raise the largest response under Options, ask for less, or take it as a file.",
    )


def _unpacked(arrived: Arrived) -> Iterator[bytes]:
    """Yield the body, unpacked; what can go wrong meanwhile becomes a named error."""
    try:
        yield from unpacked(_arriving(arrived), codings_of(header(arrived.response, "content-encoding")))
    except (ReadTimeoutError, TimeoutError):
        raise timed_out(arrived.target) from None
    except CannotUnpack as error:
        raise ResponseInvalid(
            f"The answer of {arrived.target} cannot be read: {error}.",
            "Set the header Accept-Encoding to identity, or tell who runs the server.",
            details={"contentEncoding": header(arrived.response, "content-encoding")},
        ) from None
    except (HTTPError, OSError) as error:
        raise broken(error, arrived.target) from None


def _arriving(arrived: Arrived) -> Iterator[bytes]:
    while chunk := arrived.response.read1(_CHUNK, decode_content=False):
        if time.monotonic() > arrived.deadline:
            raise timed_out(arrived.target)
        yield chunk


def _text(arrived: Arrived, content: bytes) -> str:
    try:
        text, note = decoded(content, arrived.content_type)
    except UnknownCharset as error:
        raise ResponseInvalid(
            f"{arrived.target} answered in the charset {error}, of which nothing is known.",
            "Choose File as the response, or tell who runs the server.",
            details={"contentType": arrived.content_type},
        ) from None
    if note:
        arrived.note(f"of the answer, {note}.")
    return text


def _json(arrived: Arrived, content: bytes, *, lines: bool) -> Any:
    if not content.strip():
        return [] if lines else None
    try:
        # JSON is UTF-8 (RFC 8259, section 8.1): what is not and declares nothing is no text that one could guess.
        declared = charset_of(arrived.content_type) or has_mark(content)
        text = _text(arrived, content) if declared else content.decode(json.detect_encoding(content))
        return read_lines(text, arrived.note) if lines else read_json(text, arrived.note)
    except (ValueError, RecursionError) as error:
        kind = arrived.media_type or "no content type"
        shown = content[: SHOWN * 4].decode("utf-8", "replace").strip()[:SHOWN]
        raise ResponseInvalid(
            f"{arrived.target} did not answer with {'JSON lines' if lines else 'JSON'} ({kind}; {error}): {shown}",
            "Check the URL, or choose Text or File as the response.",
            details={"contentType": arrived.media_type, "status": arrived.response.status, "body": shown},
        ) from None


def _items(arrived: Arrived, body: Any, *, empty: bool) -> list[Item]:
    if arrived.params.full_response:
        return [item(_whole(arrived, body))]
    if isinstance(body, dict):
        return [item(body)]
    if isinstance(body, list) and arrived.params.split_arrays:
        return [item(entry if isinstance(entry, dict) else {"data": entry}) for entry in body]
    return [item({} if empty else {"data": body})]


def _whole(arrived: Arrived, body: Any) -> dict[str, Any]:
    return {"status": arrived.response.status, "headers": headers_of(arrived.response), "body": body}


def _file_item(arrived: Arrived, store_file: StoreFile) -> Item:
    digest, size = hashlib.sha256(), 0
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        for chunk in _chunks(arrived, arrived.params.max_response_mb):
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        file.seek(0)
        mime_type = arrived.media_type or "application/octet-stream"
        name = file_name(header(arrived.response, "content-disposition"), arrived.target.path)
        stored: IO[bytes] = file
        ref = store_file(stored, size=size, sha256=digest.hexdigest(), mime_type=mime_type, file_name=name)
    fields = {"fileName": name, "mimeType": mime_type, "size": size}
    return item(_whole(arrived, fields) if arrived.params.full_response else fields, {"data": ref})


def _refused(arrived: Arrived) -> NodeError:
    response, words, text = arrived.response, b"", ""
    with suppress(NodeError):  # what has come until then still tells something
        for chunk in _unpacked(arrived):
            words += chunk
            if len(words) >= SHOWN * 4:
                break
    with suppress(UnknownCharset):
        text = words_of(decoded(words, arrived.content_type).text)
    return refused(response.status, response.reason or "", arrived.target, text, header(response, "retry-after"))
