"""From parameters to a request: URL, headers, body."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from functions.nodes.network.http_request.rows import pairs_of
from functions.nodes.network.http_request.spec import Params
from functions.nodes.network.http_request.url import Target, target_of
from stepweave.model.json_text import mended_text
from stepweave.runtime.charsets import charset_of, codec_of
from stepweave.runtime.errors import ParameterInvalid

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A header's name (RFC 9110, section 5.1)."""
_SET_BY_US: Final = frozenset({"host", "content-length", "transfer-encoding", "connection"})
_ONCE: Final = frozenset({"authorization", "content-type", "user-agent", "idempotency-key"})
"""Headers that are no lists: two of them mean that one is a mistake (RFC 9110, section 5.3)."""
_SECRET: Final = re.compile(r"auth|cookie|token|secret|session|signature|(api|access|private)-?key")
"""Names of headers that are not sent on to another server, whoever gave them."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request ready to be sent: a header's name has all its values.

    Attributes:
        secret_headers: those that must not follow a redirect to another server.
        notes: what the one who wrote the parameters should know of, though the request can be sent.
    """

    method: str
    target: Target
    headers: dict[str, list[str]]
    body: bytes | None
    secret_headers: frozenset[str] = frozenset()
    notes: list[str] = field(default_factory=list)


Credential = Callable[[str, str], dict[str, Any]]
"""Returns a credential's data by id and type."""


def request_of(params: Params, credential: Credential, key: str = "") -> Request:
    """Return the request that parameters describe.

    Args:
        params: of the node.
        credential: gives the secret that they name.
        key: the item's idempotency key, sent where they say so.

    Raises:
        ParameterInvalid: the URL, a row, a header or the JSON body cannot be used.
        CredentialMissing: as `credential` raises it.
        CredentialUnavailable: likewise.
    """
    target = target_of(params.url, pairs_of(params.query, "Query", "params.query"))
    headers = {
        "user-agent": ["Stepweave/1"],
        "accept": ["*/*"],
        "accept-encoding": ["identity" if params.response_format == "binary" else "gzip, deflate"],
    }
    body = _body(params, headers)
    given: dict[str, list[str]] = {}
    for name, value in pairs_of(params.headers, "Headers", "params.headers"):
        _put_header(given, name, value, "params.headers")
    if params.send_idempotency_key:
        _put_header(headers, params.idempotency_header, key, "params.idempotencyHeader")
    headers |= given
    secret = {name for name in headers if _SECRET.search(name)}
    if params.authentication == "header":
        data = credential(params.header_credential, "http_header")
        made: dict[str, list[str]] = {}
        _put_header(made, str(data["name"]), str(data["value"]), "params.headerCredential")
        headers |= made
        secret |= made.keys()
    elif params.authentication == "basic":
        data = credential(params.basic_credential, "http_basic")
        pair = base64.b64encode(f"{data['user']}:{data['password']}".encode()).decode()
        headers["authorization"] = [f"Basic {pair}"]
        secret.add("authorization")
    return Request(params.method, target, headers, body, frozenset(secret), _notes(params))


def _notes(params: Params) -> list[str]:
    if "#" not in params.url:
        return []
    return ["What follows # in the URL is not sent; write %23 for a # that belongs to it, or use the rows of Query."]


def _put_header(headers: dict[str, list[str]], name: str, value: str, place: str) -> None:
    key, value = name.strip(" \t\r\n").lower(), value.strip(" \t\r\n")
    problem = ""
    if not _NAME.fullmatch(key):
        problem = f"“{name}” is not a header's name"
    elif key in _SET_BY_US:
        problem = f"the header {key} is set by the node itself"
    elif any((ord(char) < 32 and char != "\t") or ord(char) == 127 for char in value):
        problem = f"the header {key} holds a line break or a control character"
    elif key in headers and key in _ONCE:
        problem = f"the header {key} can be sent once only"
    if problem:
        raise ParameterInvalid(problem[0].upper() + problem[1:] + ".", f"Change {place}.", details={"field": place})
    # Letters beyond ASCII go out as UTF-8: http.client writes headers as Latin-1.
    headers.setdefault(key, []).append(mended_text(value).encode().decode("latin-1"))


def _body(params: Params, headers: dict[str, list[str]]) -> bytes | None:
    match params.body_kind:
        case "json":
            headers["content-type"] = ["application/json"]
            return _json(params.json_body)
        case "form":
            headers["content-type"] = ["application/x-www-form-urlencoded"]
            return urlencode(pairs_of(params.form_body, "Fields", "params.formBody")).encode()
        case "text":
            if params.content_type.strip():
                _put_header(headers, "content-type", params.content_type, "params.contentType")
            return _text(params)
    return None


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


def _json(value: Any) -> bytes:
    try:
        if not isinstance(value, str):
            return json.dumps(value, allow_nan=False).encode()
        json.loads(value, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ParameterInvalid(
            f"The body is not JSON ({error}).",
            "Write JSON, or one expression that gives an object or a list.",
            details={"field": "params.jsonBody"},
        ) from None
    return mended_text(value).encode()


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
