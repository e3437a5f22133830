"""Sends requests over kept-open connections, follows redirects, and turns failures into typed errors."""

import ssl
import time
from collections import OrderedDict
from dataclasses import replace
from functools import lru_cache
from threading import Lock
from typing import Final
from urllib.parse import urljoin

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)

from stepweave.runtime.errors import NodeError, ParameterInvalid
from stepweave.runtime.http.errors import RequestTimeout, ResponseInvalid, TooManyRedirects
from stepweave.runtime.http.headers import header
from stepweave.runtime.http.request import Headers, Request
from stepweave.runtime.http.url import Target, target_of
from stepweave.runtime.network import ConnectionFailed, addresses_of

MOST_REDIRECTS: Final = 10
_MOST_POOLS: Final = 32
_CONNECT_SECONDS: Final = 10.0
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
"""Methods that may be sent twice (RFC 9110, section 9.2.2)."""
_OF_THE_BODY: Final = ("content-type", "content-encoding", "content-language", "content-location")
"""What goes with the body where a redirect drops it (Fetch standard, "HTTP-redirect fetch")."""

Response = urllib3.BaseHTTPResponse
_pools: "OrderedDict[tuple[str, str, int, str], urllib3.HTTPConnectionPool]" = OrderedDict()
_lock = Lock()


def send(request: Request, *, deadline: float, follow_redirects: bool) -> tuple[Response, Target]:
    """Send a request and return the response, its body unread, and where it came from.

    Args:
        request: what to send.
        deadline: on the clock of `time.monotonic`.
        follow_redirects: go where a 3xx answer says.

    Raises:
        ConnectionFailed: no connection, or it broke.
        RequestTimeout: no answer before the deadline.
        AddressForbidden: the host is not public.
        TooManyRedirects: more than `MOST_REDIRECTS`.
        ResponseInvalid: a redirect leads to something else than a URL.
    """
    for _ in range(MOST_REDIRECTS + 1):
        response = _exchange(request, deadline)
        location = header(response, "location") if 300 <= response.status < 400 else None
        if not follow_redirects or not location or response.status in (300, 304):
            return response, request.target
        response.drain_conn()
        request = _redirected(request, response.status, location)
    raise TooManyRedirects(
        f"{request.target} still redirects after {MOST_REDIRECTS} redirects.",
        "Check the URL in a browser, or do not follow redirects.",
    )


def _redirected(request: Request, status: int, location: str) -> Request:
    try:
        target = target_of(urljoin(request.target.url, location))
    except (ParameterInvalid, ValueError) as error:
        raise ResponseInvalid(
            f"{request.target} redirects to where nothing can be asked: {error}",
            "Check the URL in a browser, or do not follow redirects.",
        ) from None
    headers, method, body = request.headers, request.method, request.body
    if status == 303 or (status in (301, 302) and method == "POST"):
        method, body = ("HEAD" if method == "HEAD" else "GET"), None
        headers = Headers({name: values for name, values in headers.items() if name not in _OF_THE_BODY})
    if target.origin != request.target.origin:
        secret = request.secret_headers
        headers = Headers({name: values for name, values in headers.items() if name not in secret})
    return replace(request, method=method, target=target, headers=headers, body=body)


def _exchange(request: Request, deadline: float) -> Response:
    target = request.target
    addresses = addresses_of(target.host, target.port)
    for index, address in enumerate(addresses):
        try:
            return _attempt(request, address, deadline)
        except (NewConnectionError, ConnectTimeoutError) as error:
            if index + 1 == len(addresses) or time.monotonic() >= deadline:
                raise _failure(error, target) from None
        except (HTTPError, OSError) as error:
            raise _failure(error, target) from None
    raise AssertionError("the last address returns or raises")


def _attempt(request: Request, address: str, deadline: float) -> Response:
    target = request.target
    for fresh in (False, True):
        left = max(deadline - time.monotonic(), 0.05)
        try:
            return _pool(target, address).urlopen(
                request.method,
                target.path,
                body=request.body,
                headers=_lines(request),
                retries=False,
                redirect=False,
                assert_same_host=False,
                timeout=urllib3.Timeout(connect=min(left, _CONNECT_SECONDS), read=left),
                preload_content=False,
                decode_content=False,
            )
        except ProtocolError:
            # A kept-open connection that the server closed meanwhile: once more, on a new one.
            if fresh or request.method not in _SAFE:
                raise
    raise AssertionError("the second attempt returns or raises")


def _lines(request: Request) -> urllib3.HTTPHeaderDict:
    """Return a request's headers as they are sent, a line for each value."""
    lines = urllib3.HTTPHeaderDict({"host": request.target.authority})
    for name, values in request.headers.items():
        for value in values:
            lines.add(name, value)
    return lines


def _pool(target: Target, address: str) -> urllib3.HTTPConnectionPool:
    key = (target.scheme, address, target.port, target.host)
    with _lock:
        pool = _pools.pop(key, None)
        if pool is None:
            pool = _new_pool(target, address)
        _pools[key] = pool
        if len(_pools) > _MOST_POOLS:
            _pools.popitem(last=False)[1].close()
        return pool


def _new_pool(target: Target, address: str) -> urllib3.HTTPConnectionPool:
    if target.scheme == "http":
        return urllib3.HTTPConnectionPool(address, target.port, maxsize=20)
    return urllib3.HTTPSConnectionPool(
        address,
        target.port,
        maxsize=20,
        ssl_context=_tls(),
        server_hostname=target.host,
        assert_hostname=target.host,
    )


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _failure(error: Exception, target: Target) -> NodeError:
    details = {"url": str(target)}
    refused = isinstance(error, NewConnectionError)  # which urllib3 counts among the time-outs
    if isinstance(error, ConnectTimeoutError | ReadTimeoutError | TimeoutError) and not refused:
        return timed_out(target)
    if isinstance(error, SSLError | ssl.SSLError):
        return ConnectionFailed(
            f"{target.host} shows a certificate that cannot be trusted: {_words(error)}.",
            "Check the URL; the server needs a valid certificate for this host.",
            details=details,
        )
    return ConnectionFailed(
        f"No connection to {target.authority}: {_words(error)}.",
        "Check that the server runs and the URL names the right host and port.",
        details=details,
    )


def timed_out(target: Target) -> RequestTimeout:
    """Return the error of a request whose time was up."""
    return RequestTimeout(
        f"{target} did not answer in time.",
        "Try again, give the request a longer time-out, or ask for less at a time.",
        details={"url": str(target)},
    )


def broken(error: Exception, target: Target) -> NodeError:
    """Return the error of a response whose body did not arrive whole."""
    return _failure(error, target)


def _words(error: Exception) -> str:
    """Return the innermost reason, in the system's words: `Connection refused`."""
    inner: BaseException = error
    while inner.__cause__ is not None or inner.__context__ is not None:
        inner = inner.__cause__ or inner.__context__ or inner
    if isinstance(inner, ssl.SSLCertVerificationError):
        return inner.verify_message
    if isinstance(inner, OSError) and inner.strerror:
        return inner.strerror
    return str(inner) or type(inner).__name__
