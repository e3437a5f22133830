"""Answers the webhook's caller."""

import json
import re
from typing import Any, Final

from functions.nodes.flow.respond_to_webhook.errors import FileMissing, ResponseNotAllowed
from functions.nodes.flow.respond_to_webhook.spec import Params
from stepweave.model.items import BinaryRef, Item
from stepweave.runtime import Step
from stepweave.runtime.answers import BODILESS, carried, refusal
from stepweave.runtime.errors import ParameterInvalid
from stepweave.spec.parts import NameValue

_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_FOUND: Final = 302
_WEB: Final = r"(?i)https?://[^/\s]|/(?![/\\])|\?"
_JSON: Final = "application/json; charset=utf-8"


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Answer, and return the input items."""
    params = step.params(0)
    content_type, body = _body(params, step.items())
    headers = _headers(params.headers)
    if params.body_kind == "file":
        file = _file(params.file_name, step.items())
        step.respond(params.status_code, {**_of_file(file), **headers}, None, file=file)
        return {"main": step.items()}
    if params.body_kind == "redirect":
        status = params.status_code if params.status_code in _REDIRECTS else _FOUND
        step.respond(status, {**headers, "location": _address(params.redirect_url)}, None)
        return {"main": step.items()}
    if params.status_code in BODILESS:
        if body is not None and params.body_kind != "firstItem":  # which is what the form begins with
            step.log("warning", f"An answer with status {params.status_code} has no body; the body was left out.")
        content_type, body = "", None
    if content_type:
        headers = {**_headers([NameValue(name="content-type", value=content_type)]), **headers}
    step.respond(params.status_code, headers, body)
    return {"main": step.items()}


def _body(params: Params, items: list[Item]) -> tuple[str, Any]:
    """Return content type and body: text is sent as it is, other data as JSON, None as nothing."""
    match params.body_kind:
        case "firstItem":
            return _JSON, items[0]["json"] if items else None
        case "allItems":
            return _JSON, [item["json"] for item in items]
        case "json":
            value = _json(params.json_body)
            # A text or null that is JSON is written as such here: as a body, text goes as it is and null is nothing.
            return _JSON, value if isinstance(value, dict | list | bool | int | float) else json.dumps(value)
        case "text":
            return params.content_type, params.text_body
    return "", None


def _file(name: str, items: list[Item]) -> BinaryRef:
    files = items[0].get("binary", {}) if items else {}
    if name not in files:
        there = f"it has {', '.join(sorted(files)[:10])}" if files else "it has none"
        raise FileMissing(f"The first item has no file {name!r}; {there}.", "Name one that it has.")
    return files[name]


def _of_file(file: BinaryRef) -> dict[str, str]:
    """Return the headers that say what a file is."""
    headers = {"content-type": file.get("mimeType") or "application/octet-stream"}
    if name := file.get("fileName"):
        plain = re.sub(r'["\\\x00-\x1f\x7f]', "_", name)
        headers["content-disposition"] = carried("content-disposition", f'inline; filename="{plain}"')
    return headers


def _address(url: str) -> str:
    """Return an address to send callers to. Raises ResponseNotAllowed."""
    text = url.strip()
    if not re.match(_WEB, text):
        raise ResponseNotAllowed(
            f"{text[:200]!r} is no address to send a caller to.", "Write https://... or a path: /thanks."
        )
    return _headers([NameValue(name="location", value=text)])["location"]


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
        value = carried(name, row.value)
        if why := refusal(name, value):
            raise ResponseNotAllowed(*why)
        headers[name] = value
    return headers
