"""From parameters to a request: URL, headers, body."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from functions.nodes.network.http_request.spec import Params
from stepweave.model.items import Item
from stepweave.model.json_text import mended_text
from stepweave.runtime.charsets import charset_of, codec_of
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http.bodies import FormField, FormFile, Stream, file_body, mime_type_of, multipart_body
from stepweave.runtime.http.request import Headers, Request, json_body, secret_among
from stepweave.runtime.http.rows import pairs_of
from stepweave.runtime.http.url import target_of
from stepweave.runtime.item_files import OpenFile, file_of, no_file

_FORM: Final = "multipart/form-data"
_BOUNDARY: Final = re.compile(r";\s*boundary\s*=\s*(?:\"[^\"]*\"|[^;]*)", re.IGNORECASE)


def request_of(params: Params, key: str = "", item: Item | None = None, open_file: OpenFile = no_file) -> Request:
    """Return the request that parameters describe, without its authentication.

    Args:
        params: of the node.
        key: the item's idempotency key, sent where they say so.
        item: whose files may be sent.
        open_file: opens them.

    Raises:
        ParameterInvalid: the URL, a row, a header, the JSON body or a file's name cannot be used.
        DataMissing: a file is none, or not this workspace's.
    """
    target = target_of(params.url, pairs_of(params.query, "Query", "params.query"))
    encoding = "identity" if params.response_format == "binary" else "gzip, deflate"
    headers = Headers({"user-agent": ["Stepweave/1"], "accept": ["*/*"], "accept-encoding": [encoding]})
    body = _body(params, headers, item or {"json": {}}, open_file)
    given = Headers()
    for name, value in pairs_of(params.headers, "Headers", "params.headers"):
        given.put(name, value, "params.headers")
    if params.send_idempotency_key:
        headers.put(params.idempotency_header, key, "params.idempotencyHeader")
    if params.body_kind == "multipart" and "content-type" in given:
        given["content-type"] = [_with_boundary(given["content-type"][0], headers["content-type"][0])]
    headers |= given
    return Request(params.method, target, headers, body, secret_among(headers), _notes(params))


def _notes(params: Params) -> list[str]:
    if "#" not in params.url:
        return []
    return ["What follows # in the URL is not sent; write %23 for a # that belongs to it, or use the rows of Query."]


def _body(params: Params, headers: Headers, item: Item, open_file: OpenFile) -> bytes | Stream | None:
    match params.body_kind:
        case "json":
            headers["content-type"] = ["application/json"]
            return json_body(params.json_body)
        case "form":
            headers["content-type"] = ["application/x-www-form-urlencoded"]
            return urlencode(pairs_of(params.form_body, "Fields", "params.formBody")).encode()
        case "multipart":
            parts = [FormField(*pair) for pair in pairs_of(params.form_body, "Fields", "params.formBody")]
            body, boundary = multipart_body([*parts, *_files(params, item, open_file)])
            headers["content-type"] = [f"{_FORM}; boundary={boundary}"]
            return body
        case "file":
            file = file_of(params.file_body, item, open_file, "File", "params.fileBody")
            headers["content-type"] = [mime_type_of(file)]
            return file_body(file)
        case "text":
            if params.content_type.strip():
                headers.put("content-type", params.content_type, "params.contentType")
            return _text(params)
    return None


def _files(params: Params, item: Item, open_file: OpenFile) -> Iterator[FormFile]:
    for index, row in enumerate(params.form_files):
        where = f"Files, row {index + 1}" + (f" (“{row.name[:80]}”)" if row.name else "")
        values = row.value if isinstance(row.value, list) else [row.value]
        for value in values:
            if value is None or (not row.name and value == ""):
                continue
            if not row.name:
                field = f"params.formFiles.{index}.name"
                raise ParameterInvalid(
                    f"{where}: a file without a name.", "Name the form's field.", details={"field": field}
                )
            yield FormFile(row.name, file_of(value, item, open_file, where, f"params.formFiles.{index}.value"))


def _with_boundary(given: str, own: str) -> str:
    """Return a content type of several parts, as it was given, with the boundary that the body has."""
    if not given.lower().startswith("multipart/"):
        raise ParameterInvalid(
            f"A form with files cannot be sent as {given}.",
            "Take the row Content-Type out of Headers; the node sets it.",
            details={"field": "params.headers"},
        )
    return _BOUNDARY.sub("", given).rstrip("; ") + own.removeprefix(_FORM)


def _text(params: Params) -> bytes:
    """Return the text in the charset that its content type declares."""
    label = charset_of(params.content_type)
    codec = codec_of(label) if label else "utf-8"
    if codec is None:
        raise ParameterInvalid(
            f"Nothing is known of the charset {label}.", "Write utf-8.", details={"field": "params.contentType"}
        )
    if codec == "cp1252" and "1252" not in label:
        codec = "latin-1"  # what labels like iso-8859-1 mean where they are written, other than where they are read
    try:
        return mended_text(params.text_body).encode(codec)
    except UnicodeEncodeError as error:
        raise ParameterInvalid(
            f"The charset {label} has no character for “{params.text_body[error.start]}”.",
            "Write charset=utf-8 in the content type, or take the character out of the text.",
            details={"field": "params.textBody"},
        ) from None
