"""From a response to items: status checked, JSON, text or file, as the parameters say."""

import re
from collections.abc import Callable
from typing import Any, Final

from functions.nodes.network.http_request.spec import Params
from stepweave.model.items import Item, item
from stepweave.runtime.http.json_body import is_json, is_json_lines
from stepweave.runtime.http.reading import Arrived, StoreFile
from stepweave.runtime.http_errors import ResponseInvalid

_TEXTUAL: Final = re.compile(r"text/|application/(xml|javascript|x-www-form-urlencoded|.*\+xml)|.*\+xml")


def items_of(arrived: Arrived, params: Params, store_file: StoreFile, show: Callable[[str], None]) -> list[Item]:
    """Return the items that a response makes.

    Args:
        arrived: the response.
        params: of the node.
        store_file: stores a file.
        show: is shown what comes bit by bit, while it comes (`Step.partial`).

    Raises:
        HttpClientError: status 4xx.
        HttpRateLimited: status 429.
        HttpServerError: status 5xx.
        ResponseInvalid: the wrong content type, JSON that is none, a charset or compression that nobody knows.
        ResponseTooLarge: more than the node allows.
        RequestTimeout: the body did not arrive in time.
        ConnectionFailed: the connection broke.
    """
    with arrived:
        if arrived.status >= 400 and not params.accept_any_status:
            raise arrived.refusal()
        kind = _kind(arrived, params.response_format)
        if kind == "binary":
            fields, ref = arrived.file(params.max_response_mb, store_file)
            return [item(_whole(arrived, fields) if params.full_response else fields, {"data": ref})]
        bit_by_bit = kind == "lines" or arrived.media_type == "text/event-stream"
        content = arrived.content(params.max_response_mb, show if bit_by_bit else None)
        if kind in ("json", "lines"):
            return _items(arrived, params, arrived.json(content, lines=kind == "lines"), empty=not content.strip())
        return _items(arrived, params, arrived.text(content), empty=not content)


def _kind(arrived: Arrived, wanted: str) -> str:
    media_type = arrived.media_type
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


def _items(arrived: Arrived, params: Params, body: Any, *, empty: bool) -> list[Item]:
    if params.full_response:
        return [item(_whole(arrived, body))]
    if isinstance(body, dict):
        return [item(body)]
    if isinstance(body, list) and params.split_arrays:
        return [item(entry if isinstance(entry, dict) else {"data": entry}) for entry in body]
    return [item({} if empty else {"data": body})]


def _whole(arrived: Arrived, body: Any) -> dict[str, Any]:
    return {"status": arrived.status, "headers": arrived.headers, "body": body}
