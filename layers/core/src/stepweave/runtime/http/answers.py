"""From an answer to items: status checked, JSON, text or a file, as a node says. Of nodes that ask any server."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from stepweave.model.items import Item, item
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http.json_body import is_json, is_json_lines, is_text
from stepweave.runtime.http.reading import Arrived, StoreFile
from stepweave.runtime.http.url import Target
from stepweave.runtime.http_errors import ResponseInvalid
from stepweave.spec.fieldpaths import MISSING, PathError, field_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What becomes of an answer.

    Attributes:
        most_mb: how large it may be.
        format: what it must be; `auto` is what its content type says.
        items_at: the path of the list in JSON whose entries become the items; "" for the answer itself.
        split: whether a list becomes an item for each entry.
        whole: whether items are `{status, headers, body}`.
        any_status: whether status 400 and above is no error.
    """

    most_mb: int
    format: Literal["auto", "json", "lines", "text", "binary"] = "auto"
    items_at: str = ""
    split: bool = True
    whole: bool = False
    any_status: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """An answer that was read: JSON's value, or text."""

    status: int
    headers: Mapping[str, Any]
    body: Any
    target: Target
    content: bytes
    is_json: bool


def items_of(arrived: Arrived, wanted: Wanted, store_file: StoreFile, show: Callable[[str], None]) -> list[Item]:
    """Return the items that an answer makes.

    Args:
        arrived: the answer, unread.
        wanted: what becomes of it.
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
        ParameterInvalid: the path of the list cannot be read.
    """
    with arrived:
        kind = _checked(arrived, wanted)
        if kind == "binary":
            fields, ref = arrived.file(wanted.most_mb, store_file)
            whole = _whole(arrived.status, arrived.headers, fields) if wanted.whole else fields
            return [item(whole, {"data": ref})]
        answer = _read(arrived, kind, wanted.most_mb, show)
    if wanted.items_at and answer.is_json:
        return made_of(answer, items_in(answer, wanted, strict=True), wanted)
    if wanted.whole:
        return [item(_whole(answer.status, answer.headers, answer.body))]
    if isinstance(answer.body, list) and wanted.split:
        return [_item(entry) for entry in answer.body]
    is_empty = not (answer.content.strip() if answer.is_json else answer.content)
    return [item({}) if is_empty else _item(answer.body)]


def page_of(arrived: Arrived, wanted: Wanted) -> Read:
    """Return a page of a list, which is JSON. Raises as `items_of` does."""
    with arrived:
        kind = _checked(arrived, wanted)
        return _read(arrived, "lines" if kind == "lines" else "json", wanted.most_mb)


def _checked(arrived: Arrived, wanted: Wanted) -> str:
    """Return what a response is. Raises the error that its status means."""
    if arrived.status >= 400 and not wanted.any_status:
        raise arrived.refusal()
    return _kind(arrived, wanted.format)


def _read(arrived: Arrived, kind: str, most_mb: int, show: Callable[[str], None] | None = None) -> Read:
    bit_by_bit = kind == "lines" or arrived.media_type == "text/event-stream"
    content = arrived.content(most_mb, show if bit_by_bit else None)
    structured = kind in ("json", "lines")
    body = arrived.json(content, lines=kind == "lines") if structured else arrived.text(content)
    return Read(arrived.status, arrived.headers, body, arrived.target, content, structured)


def items_in(answer: Read, wanted: Wanted, *, strict: bool) -> list[Any]:
    """Return the list at the place that is named; nothing where null is.

    Raises:
        ResponseInvalid: with `strict`, there is no such place.
        ParameterInvalid: the path cannot be read, or does not fit what is there.
    """
    try:
        found = field_at(answer.body, wanted.items_at)
    except PathError as error:
        words, remedy = f"Where the list is: {error}.", "Write names with dots between them: data.orders."
        raise ParameterInvalid(words, remedy, details={"field": "params.itemsAt"}) from None
    if found is MISSING and strict and answer.content.strip():
        raise ResponseInvalid(
            f"{answer.target} answered with nothing at {wanted.items_at}, where the list should be.",
            "Change Where the list is, or leave it empty and look at the answer.",
            details={"field": "params.itemsAt"},
        )
    return [] if found is MISSING or found is None else listed(found)


def listed(value: Any) -> list[Any]:
    """Return a list as it is, and anything else as the only entry of one; nothing for nothing."""
    return value if isinstance(value, list) else [] if value is None else [value]


def made_of(answer: Read, entries: list[Any], wanted: Wanted) -> list[Item]:
    """Return the items that the entries of an answer's list make, as is wanted."""
    if wanted.whole:
        return [item(_whole(answer.status, answer.headers, entries))]
    return [_item(entry) for entry in entries] if wanted.split else [item({"data": entries})]


def _kind(arrived: Arrived, wanted: str) -> str:
    media_type = arrived.media_type
    if wanted in ("auto", "json") and is_json_lines(media_type):
        return "lines"
    if wanted == "auto" and is_json(media_type):
        return "json"
    textual = not media_type or is_json(media_type) or is_json_lines(media_type) or is_text(media_type)
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


def _item(entry: Any) -> Item:
    return item(entry if isinstance(entry, dict) else {"data": entry})


def _whole(status: int, headers: Mapping[str, Any], body: Any) -> dict[str, Any]:
    return {"status": status, "headers": dict(headers), "body": body}
