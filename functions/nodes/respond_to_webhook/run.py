"""Answers the webhook's caller."""

import json
import re
from typing import Any, Final

from functions.nodes.respond_to_webhook.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Step
from stepweave.runtime.errors import ParameterInvalid, ResponseNotAllowed
from stepweave.spec.parts import NameValue

_JSON: Final = "application/json; charset=utf-8"
_SET_BY_THE_SERVER: Final = frozenset(
    {"connection", "content-length", "date", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "via"}
)
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A header's name (RFC 9110, section 5.1)."""


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Answer, and return the input items."""
    params = step.params(0)
    content_type, body = _body(params, step.items())
    headers = _headers(params.headers)
    if content_type:
        headers.setdefault("content-type", content_type)
    step.respond(params.status_code, headers, body)
    return {"main": step.items()}


def _body(params: Params, items: list[Item]) -> tuple[str, Any]:
    match params.body_kind:
        case "firstItem":
            return _JSON, items[0]["json"] if items else None
        case "allItems":
            return _JSON, [item["json"] for item in items]
        case "json":
            return _JSON, _json(params.json_body)
        case "text":
            return params.content_type, params.text_body
    return "", None


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise ParameterInvalid(
            f"JSON: the text is not JSON ({error}).",
            "Write JSON, or one expression that gives an object or a list.",
            details={"field": "params.jsonBody"},
        ) from None


def _headers(rows: list[NameValue]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for row in rows:
        name = row.name.strip().lower()
        if not _NAME.fullmatch(name):
            raise ResponseNotAllowed(f"“{row.name}” is not a header's name.", "Use letters, digits and dashes.")
        if name in _SET_BY_THE_SERVER:
            raise ResponseNotAllowed(f"The header {name} is set by the server.", "Leave it out.")
        if any(ord(char) < 32 and char != "\t" for char in row.value):
            raise ResponseNotAllowed(f"The header {name} holds a line break.", "Take line breaks out of the value.")
        headers[name] = row.value
    return headers
