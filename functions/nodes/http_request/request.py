"""From parameters to a request: URL, headers, body."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from functions.nodes.http_request.spec import Params
from stepweave.runtime.errors import ParameterInvalid

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A header's name (RFC 9110, section 5.1)."""
_SET_BY_US: Final = frozenset({"host", "content-length", "transfer-encoding", "connection"})
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: the parts of a URL, percent-encoded."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """What two URLs share that belong to one server."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """The `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        """Return the URL without its query, which may hold a secret."""
        return f"{self.scheme}://{self.authority}{self.path.partition('?')[0]}"


@dataclass(frozen=True, slots=True)
class Request:
    """A request ready to be sent. `secret_headers` name those that must not follow a redirect to another server."""

    method: str
    target: Target
    headers: dict[str, str]
    body: bytes | None
    secret_headers: frozenset[str] = frozenset()


Credential = Callable[[str, str], dict[str, Any]]
"""Returns a credential's data by id and type."""


def request_of(params: Params, credential: Credential) -> Request:
    """Return the request that parameters describe.

    Raises:
        ParameterInvalid: the URL, a header or the JSON body cannot be used.
        CredentialMissing: as `credential` raises it.
        CredentialUnavailable: likewise.
    """
    target = target_of(params.url, [(row.name, row.value) for row in params.query])
    content_type, body = _body(params)
    headers = {"user-agent": "Stepweave/1", "accept": "*/*"}
    if content_type:
        headers["content-type"] = content_type
    headers["accept-encoding"] = "identity" if params.response_format == "binary" else "gzip, deflate"
    for index, row in enumerate(params.headers):
        _put_header(headers, row.name, row.value, f"params.headers.{index}")
    secret: set[str] = {"authorization", "cookie"}
    if params.authentication == "header":
        data = credential(params.header_credential, "http_header")
        _put_header(headers, str(data["name"]), str(data["value"]), "params.headerCredential")
        secret.add(str(data["name"]).strip().lower())
    elif params.authentication == "basic":
        data = credential(params.basic_credential, "http_basic")
        pair = base64.b64encode(f"{data['user']}:{data['password']}".encode()).decode()
        headers["authorization"] = f"Basic {pair}"
    return Request(params.method, target, headers, body, frozenset(secret))


def target_of(url: str, query: list[tuple[str, str]] | None = None) -> Target:
    """Return the target of a URL with query parameters added.

    Raises:
        ParameterInvalid: it is not an absolute http or https URL.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        host = host if host.isascii() else host.encode("idna").decode()
    except (ValueError, UnicodeError) as error:
        raise _bad_url(url, str(error)) from None
    if parts.scheme not in _PORTS:
        raise _bad_url(url, "it must start with http:// or https://")
    if not host or re.search(r"[\s<>\"\\^`{|}]", host):
        raise _bad_url(url, "it names no host")
    if parts.username is not None:
        raise _bad_url(url, "it holds a user name; use a credential instead")
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], _path(parts, query or []))


def _path(parts: SplitResult, query: list[tuple[str, str]]) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    added = urlencode(query)
    given = quote(parts.query, safe="/%:@!$&'()*+,;=~?")
    both = "&".join(part for part in (given, added) if part)
    return f"{path}?{both}" if both else path


def _bad_url(url: str, problem: str) -> ParameterInvalid:
    shown = url.partition("?")[0][:200]
    return ParameterInvalid(
        f"The URL “{shown}” cannot be used: {problem}.",
        "Write a whole URL, such as https://api.example.com/orders.",
        details={"field": "params.url"},
    )


def _put_header(headers: dict[str, str], name: str, value: str, field: str) -> None:
    key = name.strip().lower()
    problem = ""
    if not _NAME.fullmatch(key):
        problem = f"“{name}” is not a header's name"
    elif key in _SET_BY_US:
        problem = f"the header {key} is set by the node itself"
    elif any((ord(char) < 32 and char != "\t") or ord(char) == 127 for char in value):
        problem = f"the header {key} holds a line break or a control character"
    if problem:
        raise ParameterInvalid(problem[0].upper() + problem[1:] + ".", f"Change {field}.", details={"field": field})
    # Bytes beyond ASCII go out as UTF-8: http.client writes headers as Latin-1.
    headers[key] = value.strip().encode().decode("latin-1")


def _body(params: Params) -> tuple[str, bytes | None]:
    match params.body_kind:
        case "json":
            return "application/json", _json(params.json_body)
        case "form":
            pairs = [(row.name, row.value) for row in params.form_body]
            return "application/x-www-form-urlencoded", urlencode(pairs).encode()
        case "text":
            return params.content_type, params.text_body.encode("utf-8", "replace")
    return "", None


def _json(value: Any) -> bytes:
    if isinstance(value, str):
        try:
            json.loads(value)
        except ValueError as error:
            raise ParameterInvalid(
                f"The body is not JSON ({error}).",
                "Write JSON, or one expression that gives an object or a list.",
                details={"field": "params.jsonBody"},
            ) from None
        return value.encode("utf-8", "replace")
    return json.dumps(value).encode()
