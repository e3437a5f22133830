"""From a response to items: status checked, body read within its limits, JSON, text or file."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final
from urllib.parse import unquote

from urllib3.exceptions import HTTPError, ReadTimeoutError

from functions.nodes.http_request.client import Response, broken, timed_out
from functions.nodes.http_request.request import Target
from functions.nodes.http_request.spec import Params
from stepweave.model.items import BinaryRef, Item, item
from stepweave.runtime.errors import (
    HttpClientError,
    HttpRateLimited,
    HttpServerError,
    NodeError,
    ResponseInvalid,
    ResponseTooLarge,
)

_CHUNK: Final = 64 * 1024
_MOST_TEXT_MB: Final = 50
_IN_MEMORY: Final = 8 * 1024 * 1024
_SHOWN: Final = 500
_TEXTUAL: Final = re.compile(r"text/|application/(xml|javascript|x-www-form-urlencoded|.*\+xml)|.*\+xml")

StoreFile = Callable[..., BinaryRef]
"""`Step.store_file`."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A response being read: where from, what of it counts, and until when."""

    response: Response
    target: Target
    params: Params
    deadline: float

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case; empty where the server names none."""
        return str(self.response.headers.get("content-type", "")).partition(";")[0].strip().lower()


def items_of(arrived: Arrived, store_file: StoreFile) -> list[Item]:
    """Return the items that a response makes.

    Raises:
        HttpClientError: status 4xx.
        HttpRateLimited: status 429.
        HttpServerError: status 5xx.
        ResponseInvalid: the wrong content type, or JSON that is none.
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
        body = _json(arrived, content) if kind == "json" else _text(arrived, content)
        return _items(arrived, body, empty=not content)
    finally:
        # Only a body read to its end gives its connection back; any other must not meet the next request.
        if not arrived.response.closed:
            arrived.response.close()
        arrived.response.release_conn()


def _kind(arrived: Arrived) -> str:
    wanted, media_type = arrived.params.response_format, arrived.media_type
    is_json = media_type == "application/json" or media_type.endswith("+json")
    if wanted == "auto":
        if is_json:
            return "json"
        return "text" if not media_type or _TEXTUAL.match(media_type) else "binary"
    if wanted == "text" and media_type and not is_json and not _TEXTUAL.match(media_type):
        raise ResponseInvalid(
            f"{arrived.target} answered with {media_type}, not with text.",
            "Choose File as the response, or check the URL.",
            details={"contentType": media_type},
        )
    return wanted


def _chunks(arrived: Arrived, most_mb: int) -> Iterator[bytes]:
    most = most_mb * 1024 * 1024
    announced = arrived.response.headers.get("content-length", "")
    too_large = arrived.response.status != 304 and announced.isdigit() and int(announced) > most
    size = 0
    try:
        while not too_large:
            chunk = arrived.response.read1(_CHUNK)
            if not chunk:
                return
            size += len(chunk)
            too_large = size > most
            if time.monotonic() > arrived.deadline:
                raise timed_out(arrived.target)
            yield chunk
    except (ReadTimeoutError, TimeoutError):
        raise timed_out(arrived.target) from None
    except (HTTPError, OSError) as error:
        raise broken(error, arrived.target) from None
    raise ResponseTooLarge(
        f"{arrived.target} answered with more than {most_mb} MB.",
        "Raise the largest response under Options, ask for less, or take it as a file.",
    )


def _text(arrived: Arrived, content: bytes) -> str:
    found = re.search(r"charset=\"?([\w.:-]+)", str(arrived.response.headers.get("content-type", "")), re.IGNORECASE)
    try:
        return content.decode(found[1] if found else "utf-8", "replace")
    except LookupError:  # a charset that nobody knows
        return content.decode("utf-8", "replace")


def _json(arrived: Arrived, content: bytes) -> Any:
    if not content.strip():
        return None
    try:
        return json.loads(content, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        kind = arrived.media_type or "no content type"
        shown = _text(arrived, content[:_SHOWN]).strip()
        raise ResponseInvalid(
            f"{arrived.target} did not answer with JSON ({kind}; {error}): {shown}",
            "Check the URL, or choose Text or File as the response.",
            details={"contentType": arrived.media_type, "status": arrived.response.status, "body": shown},
        ) from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _items(arrived: Arrived, body: Any, *, empty: bool) -> list[Item]:
    if arrived.params.full_response:
        return [item(_whole(arrived, body))]
    if isinstance(body, dict):
        return [item(body)]
    if isinstance(body, list) and arrived.params.split_arrays:
        return [item(entry if isinstance(entry, dict) else {"data": entry}) for entry in body]
    return [item({} if empty else {"data": body})]


def _whole(arrived: Arrived, body: Any) -> dict[str, Any]:
    headers = {name.lower(): value for name, value in arrived.response.headers.items()}
    return {"status": arrived.response.status, "headers": headers, "body": body}


def _file_item(arrived: Arrived, store_file: StoreFile) -> Item:
    digest, size = hashlib.sha256(), 0
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        for chunk in _chunks(arrived, arrived.params.max_response_mb):
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        file.seek(0)
        mime_type = arrived.media_type or "application/octet-stream"
        name = _file_name(arrived)
        stored: IO[bytes] = file
        ref = store_file(stored, size=size, sha256=digest.hexdigest(), mime_type=mime_type, file_name=name)
    fields = {"fileName": name, "mimeType": mime_type, "size": size}
    return item(_whole(arrived, fields) if arrived.params.full_response else fields, {"data": ref})


def _file_name(arrived: Arrived) -> str:
    disposition = str(arrived.response.headers.get("content-disposition", ""))
    found = re.search(r"filename\*=(?:UTF-8'[^']*')([^;\s]+)", disposition, re.IGNORECASE)
    if found:
        name = unquote(found[1])
    elif plain := re.search(r'filename="?([^";]+)"?', disposition, re.IGNORECASE):
        name = plain[1]
    else:
        name = unquote(arrived.target.path.partition("?")[0].rpartition("/")[2])
    # A name, never a path: whoever saves the file must not be led elsewhere.
    return re.sub(r"[\\/\x00-\x1f]", "_", name).strip(". ")[:200] or "file"


def _refused(arrived: Arrived) -> NodeError:
    status = arrived.response.status
    words = _words(arrived)
    details: dict[str, Any] = {"status": status, "url": str(arrived.target), "body": words}
    if after := arrived.response.headers.get("retry-after"):
        details["retryAfter"] = after
    message = f"{arrived.target} answered {status} {arrived.response.reason or ''}".rstrip()
    message = f"{message}: {words}" if words else f"{message}."
    if status == 429:
        return HttpRateLimited(message, "Send fewer requests at a time, or let the node retry.", details=details)
    if status >= 500:
        return HttpServerError(
            message, "The server has a problem: let the node retry, or ask who runs it.", details=details
        )
    remedy = "Check the credential." if status in (401, 403) else "Check the URL and what the node sends."
    return HttpClientError(message, remedy, details=details)


def _words(arrived: Arrived) -> str:
    """Return the beginning of an error's body: the server's own words."""
    try:
        text = _text(arrived, arrived.response.read1(_SHOWN * 4))
    except (HTTPError, OSError):
        return ""
    text = re.sub(r"<[^>]*>|\s+", " ", text) if "<" in text else text
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
