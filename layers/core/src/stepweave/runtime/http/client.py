"""Sends requests over kept-open connections, follows redirects, and turns failures into typed errors."""

import re
import ssl
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
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
from stepweave.runtime.http.bodies import Stream
from stepweave.runtime.http.connections import Outgoing, pool_of
from stepweave.runtime.http.digest import digest_of
from stepweave.runtime.http.headers import header, values_of
from stepweave.runtime.http.request import Headers, Request
from stepweave.runtime.http.route import Proxy
from stepweave.runtime.http.url import Target, target_of
from stepweave.runtime.http_errors import RequestTimeout, ResponseInvalid, TooManyRedirects
from stepweave.runtime.metering import current_meter
from stepweave.runtime.network import ConnectionFailed, addresses_of

MOST_REDIRECTS: Final = 10
_CONNECT_SECONDS: Final = 10.0
_LEFT_UNREAD: Final = 64 * 1024
"""Of a redirect's own body, what is read so that its connection can be used again."""
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
"""Methods that may be sent twice (RFC 9110, section 9.2.2)."""
_OF_THE_BODY: Final = ("content-type", "content-encoding", "content-language", "content-location")
"""What goes with the body where a redirect drops it (Fetch standard, "HTTP-redirect fetch")."""

_REFUSED_BY_PROXY: Final = re.compile(r"Tunnel connection failed: (.*)", re.DOTALL)
"""What http.client says of a proxy that does not connect."""

Response = urllib3.BaseHTTPResponse


def send(
    request: Request,
    *,
    deadline: float,
    follow_redirects: bool,
    most_redirects: int = MOST_REDIRECTS,
    keep_method: bool = False,
) -> tuple[Response, Target]:
    """Send a request and return the response, its body unread, and where it came from.

    Args:
        request: what to send.
        deadline: on the clock of `time.monotonic`.
        follow_redirects: go where a 3xx answer says.
        most_redirects: how often.
        keep_method: also of a POST that 301 or 302 would make a GET.

    Raises:
        ConnectionFailed: no connection, or it broke.
        RequestTimeout: no answer before the deadline.
        AddressForbidden: the host is not public.
        TooManyRedirects: more than `most_redirects`.
        ParameterInvalid: a certificate of its route cannot be read.
        ResponseInvalid: a redirect leads to something else than a URL.
    """
    for _ in range(most_redirects + 1):
        response = _signed_exchange(request, deadline)
        location = header(response, "location") if 300 <= response.status < 400 else None
        if not follow_redirects or not location or response.status in (300, 304):
            return response, request.target
        _let_go(response)
        request = _redirected(request, response.status, location, keep_method=keep_method)
    raise TooManyRedirects(
        f"{request.target} still redirects after {most_redirects} redirects.",
        "Check the URL in a browser, or do not follow redirects.",
    )


def _signed_exchange(request: Request, deadline: float) -> Response:
    """Send a request with its signature, once more where the server asked for another."""
    signer = digest_of(request.digest, request.target.origin) if request.digest else request.signer
    if signer is None:
        return _exchange(request, deadline)
    sent = signer.signed(request)
    response = _exchange(sent, deadline)
    if response.status != 401 or not signer.learns(values_of(response, "www-authenticate"), sent):
        return response
    _let_go(response)
    return _exchange(signer.signed(request), deadline)


def _let_go(response: Response) -> None:
    """Give a connection back whose answer nobody reads; one with a long body is closed: it may have no end."""
    with suppress(HTTPError, OSError):
        if len(response.read(_LEFT_UNREAD, decode_content=False)) < _LEFT_UNREAD:
            response.release_conn()
            return
    response.close()


def _redirected(request: Request, status: int, location: str, *, keep_method: bool = False) -> Request:
    try:
        target = target_of(urljoin(request.target.url, location))
    except (ParameterInvalid, ValueError) as error:
        raise ResponseInvalid(
            f"{request.target} redirects to where nothing can be asked: {error}",
            "Check the URL in a browser, or do not follow redirects.",
        ) from None
    target = replace(target, secret=request.target.secret)
    headers, method, body = request.headers, request.method, request.body
    if status == 303 or (status in (301, 302) and method == "POST" and not keep_method):
        method, body = ("HEAD" if method == "HEAD" else "GET"), None
        headers = Headers({name: values for name, values in headers.items() if name not in _OF_THE_BODY})
    if target.origin != request.target.origin:
        secret = request.secret_headers
        headers = Headers({name: values for name, values in headers.items() if name not in secret})
        route = request.route.elsewhere() if request.route else None
        request = replace(request, signer=None, digest=None, route=route)
    return replace(request, method=method, target=target, headers=headers, body=body)


def _exchange(request: Request, deadline: float) -> Response:
    target, proxy = request.target, request.route.proxy if request.route else None
    addresses = addresses_of(target.host, target.port)
    if proxy:
        # The tunnel leads to an address that was checked, not to a name that the proxy would look up once more.
        return _through(request, proxy, addresses[0], deadline)
    for index, address in enumerate(addresses):
        try:
            return _attempt(request, address, deadline)
        except (NewConnectionError, ConnectTimeoutError) as error:
            if index + 1 == len(addresses) or time.monotonic() >= deadline:
                raise _failure(error, target) from None
        except (HTTPError, OSError) as error:
            raise _failure(error, target) from None
    raise AssertionError("the last address returns or raises")


def _through(request: Request, proxy: Proxy, address: str, deadline: float) -> Response:
    """Send a request through a proxy."""
    try:
        through = addresses_of(proxy.target.host, proxy.target.port)[0]
        return _attempt(request, address, deadline, through)
    except (HTTPError, OSError) as error:
        refused = _REFUSED_BY_PROXY.search(str(_innermost(error)))
        if refused:
            raise ConnectionFailed(
                f"The proxy {proxy.target.authority} refused to connect to {request.target.authority}: {refused[1]}.",
                "Check the proxy's user and password, and that it lets CONNECT through to this port.",
                details={"url": str(request.target), "proxy": proxy.target.authority},
            ) from None
        raise _failure(error, request.target, proxy.target) from None


def _attempt(request: Request, address: str, deadline: float, through: str = "") -> Response:
    target = request.target
    for fresh in (False, True):
        left = max(deadline - time.monotonic(), 0.05)
        try:
            return pool_of(target, address, request.route, through).urlopen(
                request.method,
                target.path,
                body=_body(request, deadline),
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
            if fresh or request.method not in _SAFE or time.monotonic() >= deadline:
                raise
    raise AssertionError("the second attempt returns or raises")


def _body(request: Request, deadline: float) -> bytes | Outgoing | None:
    body = request.body
    meter = current_meter()
    meter.asked(len(body) if isinstance(body, bytes) else 0)
    if isinstance(body, Stream):
        return Outgoing(body, deadline, partial(timed_out, request.target), meter.sent)
    return body


def _lines(request: Request) -> urllib3.HTTPHeaderDict:
    """Return a request's headers as they are sent, a line for each value."""
    lines = urllib3.HTTPHeaderDict({"host": request.target.authority})
    for name, values in request.headers.items():
        for value in values:
            lines.add(name, value)
    if isinstance(request.body, Stream):
        lines.add("content-length", str(request.body.size))
    return lines


def _failure(error: Exception, target: Target, proxy: Target | None = None) -> NodeError:
    details = {"url": str(target)}
    refused = isinstance(error, NewConnectionError)  # which urllib3 counts among the time-outs
    inner = _innermost(error)
    if isinstance(error, ConnectTimeoutError | ReadTimeoutError | TimeoutError) and not refused:
        return timed_out(target)
    if isinstance(inner, TimeoutError) and not refused:  # while the body was being sent
        return timed_out(target)
    if isinstance(error, SSLError | ssl.SSLError):
        return ConnectionFailed(
            f"{target.host} shows a certificate that cannot be trusted: {_words(error)}.",
            "Check the URL; the server needs a valid certificate for this host.",
            details=details,
        )
    whereto = f"{target.authority} through the proxy {proxy.authority}" if proxy else target.authority
    return ConnectionFailed(
        f"No connection to {whereto}: {_words(error)}.",
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
    inner = _innermost(error)
    if isinstance(inner, ssl.SSLCertVerificationError):
        return inner.verify_message
    if isinstance(inner, OSError) and inner.strerror:
        return inner.strerror
    return str(inner) or type(inner).__name__


def _innermost(error: BaseException) -> BaseException:
    inner = error
    while inner.__cause__ is not None or inner.__context__ is not None:
        inner = inner.__cause__ or inner.__context__ or inner
    return inner
