"""From an operation and an item's values to a request."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from functions.nodes.network.api_operation.spec import Params, Value
from functions.nodes.network.api_operation.writing import header_of, pairs_of, path_of, text_of, typed
from stepweave.model.items import Item
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http.bodies import FormField, FormFile, Stream, file_body, mime_type_of, multipart_body
from stepweave.runtime.http.request import Headers, Request, json_body, secret_among
from stepweave.runtime.http.url import target_of
from stepweave.runtime.item_files import OpenFile, file_of
from stepweave.spec.api_operations import ApiBody, ApiCall, ApiField

_SHOWN: Final = 10
_WAYS: Final = {"fields": "Its fields", "json": "JSON", "text": "Text", "file": "File"}


def request_of(call: ApiCall, params: Params, item: Item, open_file: OpenFile) -> Request:
    """Return the request that an operation makes of an item's values, without a credential.

    Raises:
        ParameterInvalid: a value is missing, of another type, or none of the operation's.
        DataMissing: a file is none, or not this workspace's.
    """
    operation = call.operation
    values = _values(operation.beside_body(), params.values, "Values", "params.values")
    fields = {field.name: field for field in operation.beside_body()}
    path = path_of(operation.path, {name: (fields[name], one) for name, one in values.items()})
    placed = [(fields[name], one) for name, one in values.items()]
    query = [pair for field, one in placed if field.place == "query" for pair in pairs_of(field, one)]
    headers = Headers({"user-agent": ["Stepweave/1"], "accept": ["*/*"], "accept-encoding": ["gzip, deflate"]})
    cookies = [pair for field, one in placed if field.place == "cookie" for pair in pairs_of(field, one)]
    if cookies:
        headers.put("cookie", "; ".join(f"{name}={text}" for name, text in cookies), "params.values")
    for field, one in placed:
        if field.place == "header":
            headers.put(field.name, header_of(field, one), "params.values")
    body = _body(operation.body, operation.in_body(), params, headers, item, open_file)
    target = target_of(call.base_url + path, query)
    return Request(operation.method, target, headers, body, secret_among(headers))


def _body(
    body: ApiBody | None, fields: Sequence[ApiField], params: Params, headers: Headers, item: Item, open_file: OpenFile
) -> bytes | Stream | None:
    way = params.body_as
    if body is None:
        if way == "fields" and not params.body:
            return None
        raise _invalid(
            "The operation takes no body", "Choose Its fields as the body, and remove them.", "params.bodyAs"
        )
    if way == "fields" and body.whole and not params.body:
        if body.required:
            raise _invalid("The operation needs a body", f"Choose {_WAYS[_whole(body)]} as the body.", "params.bodyAs")
        return None
    if way not in _ways(body):
        words = " or ".join(_WAYS[one] for one in _ways(body))
        raise _invalid(f"The operation takes its body as {body.media_type}", f"Choose {words}.", "params.bodyAs")
    headers["content-type"] = [body.media_type]
    match way:
        case "text":
            return params.text_body.encode("utf-8", "replace")
        case "file":
            file = file_of(params.file_body, item, open_file, "File", "params.fileBody")
            headers["content-type"] = [mime_type_of(file) if "*" in body.media_type else body.media_type]
            return file_body(file)
        case "json":
            return json_body(params.json_body)
    values = _values(fields, params.body, "Fields of the body", "params.body")
    if body.kind == "json":
        return json.dumps(values, allow_nan=False).encode()
    if body.kind == "form":
        return urlencode([(name, text_of(one)) for name, value in values.items() for one in _each(value)]).encode()
    parts = _parts(values, {field.name for field in fields if field.file}, item, open_file)
    stream, boundary = multipart_body(parts)
    headers["content-type"] = [f"multipart/form-data; boundary={boundary}"]
    return stream


def _parts(values: Mapping[str, Any], files: set[str], item: Item, open_file: OpenFile) -> list[FormField | FormFile]:
    parts: list[FormField | FormFile] = []
    for name, value in values.items():
        for one in _each(value):
            if name in files:
                parts.append(FormFile(name, file_of(one, item, open_file, name, "params.body")))
            else:
                parts.append(FormField(name, text_of(one)))
    return parts


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _whole(body: ApiBody) -> str:
    return "json" if body.kind == "json" else "text" if body.kind == "text" else "file"


def _ways(body: ApiBody) -> tuple[str, ...]:
    """Return how the body can be given; what is JSON may be text, too, where somebody writes it out."""
    return {
        "json": ("fields", "json"),
        "form": ("fields",),
        "multipart": ("fields",),
        "text": ("text", "file"),
        "file": ("file", "text"),
    }[body.kind]


def _values(fields: Sequence[ApiField], rows: Sequence[Value], title: str, place: str) -> dict[str, Any]:
    """Return what rows give, each of its field's type; null leaves a row out. Raises ParameterInvalid."""
    known = {field.name: field for field in fields}
    found: dict[str, Any] = {}
    for index, row in enumerate(rows):
        where = f"{place}.{index}.value"
        if row.value is None or (not row.name and row.value == ""):
            continue
        field = known.get(row.name)
        if field is None and known:
            names = ", ".join(list(known)[:_SHOWN]) + (", …" if len(known) > _SHOWN else "")
            words = f"{title}: the operation takes no {row.name[:80]!r}"
            raise _invalid(words, f"It takes: {names}.", f"{place}.{index}.name")
        if field is None:
            field = ApiField(name=row.name, place="body")
        if row.value == "" and field.type not in ("", "string"):
            continue  # a row that nobody has filled in
        found[row.name] = row.value if field.file else typed(field, row.value, where)
    for field in fields:
        if field.required and field.name not in found:
            raise _invalid(f"{title}: {field.name!r} is missing, and the operation needs it", "Fill it in.", place)
    return found


def _invalid(problem: str, remedy: str, field: str) -> ParameterInvalid:
    return ParameterInvalid(problem + ".", remedy, details={"field": field})
