"""Keeps web pages away: whoever opens one on this machine must not let it call the emulator, which asks for no key.

A page of another site says so in `Origin`; one whose own name was led to 127.0.0.1 (DNS rebinding) calls us by that.
Requests for the APIs of the gateway are for everybody: the edge passes them on with what browsers said.
"""

import ipaddress
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final
from urllib.parse import urlsplit

Application = Callable[..., Awaitable[None]]
"""ASGI's."""
_OPEN: Final = "/_aws/execute-api/"
_OURS: Final = ("localhost", "localhost.localstack.cloud")
_REFUSAL: Final = b'{"message": "The emulator answers no web page of another site, and to no name but its own."}'


def keeping_pages_away(application: Application) -> Application:
    """Return an application that answers all but other sites' pages."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or is_ours(scope["path"], scope["headers"]):
            await application(scope, receive, send)
            return
        start = {"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"application/json")]}
        await send(start)
        await send({"type": "http.response.body", "body": _REFUSAL})

    return answer


def is_ours(path: str, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Return whether a request is none of another site's page.

    Args:
        path: of the request.
        headers: names in lower case.
    """
    if path.startswith(_OPEN):
        return True
    given = {name: value.decode("latin-1") for name, value in headers if name in (b"host", b"origin")}
    origin, host = given.get(b"origin"), given.get(b"host", "")
    return _is_here(urlsplit(f"//{host}").hostname) and (origin is None or _is_here(urlsplit(origin).hostname))


def _is_here(host: str | None) -> bool:
    name = (host or "").rstrip(".").lower()
    if any(name == ours or name.endswith(f".{ours}") for ours in _OURS):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
