"""Sends the requests of a node that asks any HTTP server: with its authentication, its way there, and at its pace."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, Final, Literal, Protocol

from stepweave.runtime.authentication import Authentication, Types
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http.client import MOST_REDIRECTS, send
from stepweave.runtime.http.headers import header
from stepweave.runtime.http.reading import Arrived
from stepweave.runtime.http.refusals import seconds_until
from stepweave.runtime.http.request import Request, Signer, authenticated
from stepweave.runtime.http.route import ClientCertificate, Proxy, Route, basic
from stepweave.runtime.http.url import target_of
from stepweave.runtime.http_errors import HttpRateLimited
from stepweave.spec.authentication import chosen
from stepweave.spec.credential_parts import ANY
from stepweave.spec.http_fields import Connecting
from stepweave.spec.templates import filled_hosts

MOST_WAITS: Final = 5
"""How often one request is sent again because the server wants to be left alone for a while."""
LONGEST_WAIT: Final = 60.0
"""Seconds that a request waits so at most; for more, the node's retry is there."""
_BUSY: Final = (429, 503)


def told_once(log: Callable[[Literal["info", "warning"], str], None]) -> Callable[[str, str], None]:
    """Return what `Caller.tell` may be: it logs what is odd once for all items, and each time what was done."""
    told: set[str] = set()

    def tell(level: str, words: str) -> None:
        if level != "warning" or words not in told:
            told.add(words)
            log("warning" if level == "warning" else "info", words)

    return tell


class By(Protocol):
    """On whose behalf is asked: a step, or an ask of the control plane."""

    def authentication(self, id: str, type: Types, refused: str = "") -> Authentication:
        """As in `Step`."""

    def credential(self, id: str, type: Types) -> dict[str, Any]:
        """As in `Step`."""


@dataclass(slots=True)
class Pace:
    """At most so many requests a second, of all threads together; None for any number."""

    per_second: float | None = None
    _next: float = 0.0
    _lock: Any = field(default_factory=Lock, repr=False)

    def wait(self, until: float) -> None:
        """Wait for a turn. Raises HttpRateLimited where it would come after `until`."""
        if not self.per_second:
            return
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            if turn > until:
                raise HttpRateLimited(
                    f"With {self.per_second:g} requests a second the next one's turn is in {turn - now:.1f} seconds.",
                    "Let the node retry, give it fewer items at a time, or raise Requests per second.",
                    retry_after=turn - now,
                )
            self._next = turn + 1 / self.per_second
        if turn > now:
            time.sleep(turn - now)


@dataclass(frozen=True, slots=True)
class Redirects:
    """Whether and how far redirects are followed."""

    follow: bool = True
    most: int = MOST_REDIRECTS
    keep_method: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Sends requests.

    Attributes:
        by: gives credentials.
        params: how requests are authenticated and connections made.
        ends: when the time is up, on the clock of `time.monotonic`.
        timeout_seconds: for one request.
        tell: is told what happens meanwhile, and what is odd in an answer: level and words.
        pace: at which they are sent.
        redirects: how far they are followed.
    """

    by: By
    params: Any
    ends: float
    timeout_seconds: float
    tell: Callable[[str, str], None]
    pace: Pace = field(default_factory=Pace)
    redirects: Redirects = field(default_factory=Redirects)

    def ask(self, request: Request, *, patient: bool = False) -> Arrived:
        """Send a request and return the answer, unread.

        A token that the server refuses is renewed, and the request sent once more.

        Args:
            request: without its authentication.
            patient: whether it waits where the server says that it is to be asked again in a short while.

        Raises:
            NodeError: what `HTTP_ERRORS` and `CREDENTIAL_ERRORS` name, and ParameterInvalid.
        """
        for _ in range(MOST_WAITS):
            arrived = self._asked(request)
            wait = seconds_until(header(arrived.response, "retry-after")) if arrived.status in _BUSY else None
            if not patient or wait is None or wait > LONGEST_WAIT or time.monotonic() + wait >= self.ends:
                return arrived
            with arrived:
                self.tell("info", f"{arrived.target} answered {arrived.status}; it is asked again in {wait:g} seconds.")
            time.sleep(wait)
        return self._asked(request)

    def _asked(self, request: Request) -> Arrived:
        arrived, token = self._sent(request, "")
        if arrived.status == 401 and token:
            with arrived:
                self.tell("info", f"{arrived.target} refused the token; it is renewed, and asked once more.")
            arrived, _ = self._sent(request, token)
        return arrived

    def _sent(self, request: Request, refused: str) -> tuple[Arrived, str]:
        whole = self._whole(request, refused)
        for words in whole.notes:
            self.tell("warning", words)
        self.pace.wait(self.ends)
        whole.paced(self.ends)
        deadline = min(time.monotonic() + self.timeout_seconds, self.ends)
        redirects = self.redirects
        response, target = send(
            whole,
            deadline=deadline,
            follow_redirects=redirects.follow,
            most_redirects=redirects.most,
            keep_method=redirects.keep_method,
        )
        return Arrived(response, target, deadline, whole.method, lambda words: self.tell("warning", words)), whole.token

    def _whole(self, request: Request, refused: str) -> Request:
        """Return a request with all that belongs to it."""
        request = replace(request, route=route_of(self.by, self.params, request.target.host))
        credential = chosen(self.params)
        if credential is None:
            return request
        place, id, type = credential
        if self.params.authentication == "aws":
            return replace(request, signer=self._signer(id, type))
        authentication = self.by.authentication(id, type, refused)
        if type == ANY and request.target.scheme != "https":
            _check_secure(request)
        return authenticated(request, authentication, place)

    def _signer(self, id: str, type: str) -> Signer:
        from stepweave.runtime.http.aws_signing import aws_signer  # needed by few

        params = self.params
        return aws_signer(self.by.credential(id, type), params.aws_service, params.aws_region, self.ends)


def route_of(by: By, params: Connecting, host: str) -> Route | None:
    """Return the way to a host that parameters say; None for the usual one.

    Raises:
        CredentialNotForHost: the client certificate may not be shown to the host.
        CredentialMissing: as `By.credential` raises it; so it is with the others.
        ParameterInvalid: the proxy's URL is none.
    """
    certificate = proxy = None
    if params.client_certificate:
        data = by.credential(params.client_certificate, "tls_client")
        Authentication(hosts=tuple(filled_hosts(("{allowedHosts}",), data))).check(host)
        texts = (str(data.get(name) or "") for name in ("certificate", "privateKey", "passphrase"))
        certificate = ClientCertificate(*texts)
    if params.proxy:
        data = by.credential(params.proxy, "http_proxy")
        authorization = basic(str(data.get("user") or ""), str(data.get("password") or ""))
        proxy = Proxy(target_of(str(data.get("url") or "")), authorization)
    named = (one.strip().lower() for one in params.unverified_hosts.split(","))
    route = Route(proxy, certificate, params.ca_certificate.strip(), frozenset(one for one in named if one))
    return None if route == Route() else route


def _check_secure(request: Request) -> None:
    from stepweave.runtime.network import private_allowed

    if not private_allowed():
        raise ParameterInvalid(
            f"The credential of an app is not sent to {request.target} without TLS.",
            "Write the URL with https://.",
            details={"field": "params.url"},
        )
