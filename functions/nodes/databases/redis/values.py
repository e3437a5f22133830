"""Values of Redis and JSON: text as it is, data as JSON, bytes that are no text as Base64."""

import base64
import json
from typing import Any

from stepweave.model.json_text import JsonInvalid, mended_text, read
from stepweave.model.numbers import scalar_text


def written(value: Any) -> bytes:
    """Return a value as Redis keeps it."""
    if isinstance(value, dict) and set(value) == {"$binary"} and isinstance(value["$binary"], str):
        try:
            return base64.b64decode(value["$binary"], validate=True)
        except ValueError:
            return json.dumps(value).encode()
    if isinstance(value, str):
        return mended_text(value).encode()
    if isinstance(value, bool | int | float):
        return scalar_text(value).encode()
    return mended_text(json.dumps(value, ensure_ascii=False)).encode()


def plain(value: Any, *, as_json: bool) -> Any:
    """Return an answer of Redis, or a part of it, as JSON data.

    Args:
        value: bytes, numbers, lists, ...
        as_json: read texts that are JSON objects or lists.
    """
    if isinstance(value, bytes):
        return _text(value, as_json=as_json)
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one, as_json=as_json) for one in value]
    if isinstance(value, dict):
        return {str(plain(name, as_json=False)): plain(one, as_json=as_json) for name, one in value.items()}
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _text(value: bytes, *, as_json: bool) -> Any:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return {"$binary": base64.b64encode(value).decode()}
    if as_json and text.lstrip(" \t\r\n")[:1] in ("{", "["):
        try:
            return read(text)
        except JsonInvalid:
            return text
    return text
