"""From an answer to items: JSON, text or a file, as its content type says."""

from typing import Any

from functions.nodes.network.api_operation.spec import Params
from stepweave.model.items import Item, item
from stepweave.runtime.http.json_body import is_json, is_json_lines, is_text
from stepweave.runtime.http.reading import Arrived, StoreFile
from stepweave.runtime.http_errors import ResponseInvalid
from stepweave.spec.fieldpaths import MISSING, PathError, field_at


def items_of(arrived: Arrived, params: Params, store_file: StoreFile) -> list[Item]:
    """Return the items that an answer makes.

    Raises:
        NodeError: what `HTTP_ERRORS` names.
    """
    with arrived:
        if arrived.status >= 400:
            raise arrived.refusal()
        media, lines = arrived.media_type, is_json_lines(arrived.media_type)
        if arrived.has_body and media and not (is_json(media) or lines or is_text(media)):
            fields, ref = arrived.file(params.max_response_mb, store_file)
            return [item(fields, {"data": ref})]
        content = arrived.content(params.max_response_mb)
        if not content.strip():
            return [item({})]
        if not (is_json(media) or lines):
            return [item({"data": arrived.text(content)})]
        return list(map(_item, _found(arrived, arrived.json(content, lines=lines), params.items_at)))


def _found(arrived: Arrived, body: Any, path: str) -> list[Any]:
    if path:
        try:
            found = field_at(body, path)
        except PathError as error:
            raise _elsewhere(arrived, path, str(error)) from None
        if found is MISSING:
            raise _elsewhere(arrived, path, "there is no such field")
        body = found
    return body if isinstance(body, list) else [] if body is None else [body]


def _elsewhere(arrived: Arrived, path: str, why: str) -> ResponseInvalid:
    return ResponseInvalid(
        f"The answer of {arrived.target} has no items at {path!r}: {why}.",
        "Correct Where the items are, or leave it empty.",
        details={"field": "params.itemsAt"},
    )


def _item(value: Any) -> Item:
    return item(value if isinstance(value, dict) else {"data": value})
