"""The server of all of Google's APIs: it finds the method that a request asks for, checks it, and answers.

`discovery/*.json` has, of Google's discovery documents (as google-api-python-client 2.202 carries them), the methods
that our apps ask for: their paths, parameters, and the fields of what is sent. What these do not have is refused as
Google does.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from tests.fakes.web import Exchange, Web

SERVICES = {file.stem: json.loads(file.read_text()) for file in sorted((Path(__file__).parent / "discovery").iterdir())}
HOSTS = {
    "https://sheets.googleapis.com": "sheets",
    "https://gmail.googleapis.com": "gmail",
    "https://docs.googleapis.com": "docs",
    "https://www.googleapis.com": "www",
}
"""Google's servers, and the first part of the path under which each is found here."""
STATUSES = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND"}
STATUSES |= {409: "ALREADY_EXISTS", 429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE"}


class Refused(Exception):
    """An answer with an error, in Google's format."""

    def __init__(self, status: int, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.reason = status, message, reason


@dataclass
class Asked:
    """A request, as its method's handler is given it."""

    method: str
    values: dict[str, Any]
    """Parameters of path and query; those that repeat are lists."""
    body: Any
    exchange: Exchange
    content: bytes = b""
    """What is uploaded."""
    content_type: str = ""

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


Handler = Callable[[Asked], Any]
"""Returns the answer's JSON; None for an empty answer, bytes for a file."""


@dataclass
class Google:
    """The server. `asked` has the methods in order; `fails` are answered first, one each."""

    web: Web
    handlers: dict[str, Handler] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=lambda: {"ya29.good"})
    asked: list[str] = field(default_factory=list)
    fails: dict[str, list[Refused]] = field(default_factory=dict)
    """By method: the next answers of it."""
    lost: dict[str, int] = field(default_factory=dict)
    """By method: how many of the next answers do not arrive, though what was asked for is done."""

    def __post_init__(self) -> None:
        self.web.otherwise = self._give

    def url(self, host: str) -> str:
        """Return where one of Google's servers is found here."""
        return self.web.url(f"/{HOSTS[host]}")

    def count(self, method: str) -> int:
        """Return how often a method was asked for."""
        return self.asked.count(method)

    def _give(self, exchange: Exchange) -> None:
        try:
            if exchange.asked.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
                raise Refused(401, "Request had invalid authentication credentials.", "authError")
            asked = found(exchange)
            self.asked.append(asked.method)
            if self.fails.get(asked.method):
                raise self.fails[asked.method].pop(0)
            answer = self.handlers[asked.method](asked)
            if self.lost.get(asked.method):
                self.lost[asked.method] -= 1
                exchange.drop()
                return
        except Refused as error:
            refuse(exchange, error)
            return
        if isinstance(answer, Answered):
            return
        if isinstance(answer, bytes):
            exchange.answer(200, answer, content_type="application/octet-stream")
        elif answer is None:
            exchange.answer(204)
        else:
            give(exchange, answer)


class Answered:
    """What a handler returns that has answered itself."""


def give(exchange: Exchange, data: Any, status: int = 200, **headers: str) -> None:
    """Answer with JSON."""
    exchange.answer(status, json.dumps(data).encode(), content_type="application/json; charset=UTF-8", **headers)


def refuse(exchange: Exchange, error: Refused) -> None:
    """Answer with an error: Drive's, Gmail's and Calendar's have `errors` with a reason, the newer APIs a status."""
    told: dict[str, Any] = {"code": error.status, "message": error.message}
    if error.reason:
        domain = "usageLimits" if "imit" in error.reason else "global"
        told["errors"] = [{"domain": domain, "reason": error.reason, "message": error.message}]
    else:
        told["status"] = STATUSES.get(error.status, "UNKNOWN")
    body = json.dumps({"error": told}, indent=2).encode()
    exchange.answer(error.status, body, content_type="application/json; charset=UTF-8")


def found(exchange: Exchange) -> Asked:
    """Return what a request asks for. Raises Refused where the discovery documents have no such method."""
    path, _, query = exchange.asked.path.partition("?")
    _, host, rest = path.split("/", 2)
    for service, document in SERVICES.items():
        if host != (service if service in HOSTS.values() else "www"):
            continue
        for name, method in document["methods"].items():
            for place in (document["path"] + method["path"], method.get("upload", "/").lstrip("/")):
                match = re.fullmatch(_pattern(place), rest) if place else None
                if match and method["httpMethod"] == exchange.asked.method:
                    values = {key: unquote(value) for key, value in match.groupdict().items()}
                    upload = place == method.get("upload", "/").lstrip("/")
                    return _checked(f"{service}.{name}", document, values, query, exchange, upload)
    raise Refused(404, f"The requested URL {path} was not found on this server.")


def _pattern(template: str) -> str:
    parts = re.split(r"\{\+?(\w+)\}", template)
    return "".join(f"(?P<{part}>[^/:]+)" if at % 2 else re.escape(part) for at, part in enumerate(parts))


def _checked(name: str, document: Any, values: dict[str, Any], query: str, exchange: Exchange, upload: bool) -> Asked:
    method = document["methods"][name.partition(".")[2]]
    known = method["parameters"]
    for key, text in parse_qsl(query, keep_blank_values=True):
        rule = known.get(key)
        if rule is None and key not in document["common"]:
            raise Refused(400, f'Invalid JSON payload received. Unknown name "{key}": Cannot bind query parameter.')
        if rule is not None and rule.get("repeated"):
            values.setdefault(key, []).append(text)
        else:
            values[key] = _value(key, text, rule or {"type": "string"})
    for key, rule in known.items():
        if rule.get("required") and key not in values:
            raise Refused(400, f"Required parameter: {key}", "required")
    body, content, content_type = _body(exchange, upload)
    if "request" in method and body is not None:
        _fields(body, method["request"], document["schemas"], method["request"])
    elif body is not None:
        raise Refused(400, "This method takes no body.")
    return Asked(name, values, body, exchange, content, content_type)


def _value(key: str, text: str, rule: dict[str, Any]) -> Any:
    if rule["type"] == "boolean":
        if text not in ("true", "false"):
            raise Refused(400, f"Invalid value at '{key}' (TYPE_BOOL), \"{text}\"")
        return text == "true"
    if rule["type"] == "integer":
        if not re.fullmatch("-?[0-9]+", text):
            raise Refused(400, f"Invalid value at '{key}' (TYPE_INT32), \"{text}\"")
        number = int(text)
        if number > int(rule.get("maximum", number)) or number < int(rule.get("minimum", number)):
            raise Refused(400, f"Invalid value '{number}'. Values must be within the range", "invalidParameter")
        return number
    if text not in rule.get("enum", [text]):
        raise Refused(400, f"Invalid value at '{key}' (TYPE_ENUM), \"{text}\"")
    return text


def _body(exchange: Exchange, upload: bool) -> tuple[Any, bytes, str]:
    content, kind = exchange.asked.body, exchange.asked.headers.get("content-type", "")
    if kind.startswith("multipart/related"):
        boundary = kind.partition("boundary=")[2].strip('"').encode()
        _, first, second, end = content.split(b"--" + boundary)
        assert end.strip() == b"--"
        head, _, media = second.partition(b"\r\n\r\n")
        media_type = re.search(rb"(?i)content-type: *(.+)", head)
        metadata = first.partition(b"\r\n\r\n")[2]
        return json.loads(metadata), media.removesuffix(b"\r\n"), media_type[1].decode().strip() if media_type else ""
    if upload and "json" not in kind:
        return None, content, kind
    if not content:
        return None, b"", ""
    try:
        return json.loads(content), b"", kind
    except ValueError:
        raise Refused(400, "Invalid JSON payload received. Unexpected token.") from None


def _fields(value: Any, kind: Any, schemas: Any, where: str) -> None:
    """Refuse fields that a schema does not have. Null is no value of any."""
    if value is None:
        return
    if isinstance(kind, list):
        if not isinstance(value, list):
            raise Refused(400, f"Invalid value at '{where}': Proto field is not repeating, cannot start list.")
        for entry in value:
            _fields(entry, kind[0], schemas, where)
        return
    shape = schemas.get(kind) if isinstance(kind, str) else kind
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            raise Refused(400, f"Invalid value at '{where}' (type.googleapis.com/{kind})")
        for name, entry in value.items():
            if name not in shape:
                raise Refused(400, f"Invalid JSON payload received. Unknown name \"{name}\" at '{where}'")
            _fields(entry, shape[name], schemas, f"{where}.{name}")
    elif kind == "string" and not isinstance(value, str):
        raise Refused(400, f"Invalid value at '{where}' (TYPE_STRING), {value}")
    elif kind == "boolean" and not isinstance(value, bool):
        raise Refused(400, f"Invalid value at '{where}' (TYPE_BOOL), {value}")
    elif kind == "integer" and (not isinstance(value, int) or isinstance(value, bool)):
        raise Refused(400, f"Invalid value at '{where}' (TYPE_INT32), {value}")
