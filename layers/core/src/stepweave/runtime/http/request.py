"""A request ready to be sent: where to, headers that HTTP can carry, a body, and which headers are secrets."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from stepweave.model.json_text import mended_text
from stepweave.runtime.authentication import Authentication
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http.bodies import Stream
from stepweave.runtime.http.url import Target, target_of

if TYPE_CHECKING:
    from stepweave.runtime.http.route import Route

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A header's name (RFC 9110, section 5.1)."""
_SET_BY_US: Final = frozenset({"host", "content-length", "transfer-encoding", "connection"})
_ONCE: Final = frozenset({"authorization", "content-type", "user-agent", "idempotency-key"})
"""Headers that are no lists: two of them mean that one is a mistake (RFC 9110, section 5.3)."""
_SECRET: Final = re.compile(r"auth|cookie|token|secret|session|signature|(api|access|private)-?key")
"""Names of headers that are not sent on to another server, whoever gave them."""


class Headers(dict[str, list[str]]):
    """A request's headers: a name in lower case has all its values, as they go on the wire."""

    def put(self, name: str, value: str, place: str) -> None:
        """Add a header.

        Args:
            name: in any case.
            value: text; letters beyond ASCII are sent as UTF-8.
            place: the parameter that it comes from, for errors.

        Raises:
            ParameterInvalid: HTTP cannot carry it, it is set by the client itself, or it stands already and is no list.
        """
        key, value = name.strip(" \t\r\n").lower(), value.strip(" \t\r\n")
        problem = ""
        if not _NAME.fullmatch(key):
            problem = f"“{name}” is not a header's name"
        elif key in _SET_BY_US:
            problem = f"the header {key} is set by the node itself"
        elif any((ord(char) < 32 and char != "\t") or ord(char) == 127 for char in value):
            problem = f"the header {key} holds a line break or a control character"
        elif key in self and key in _ONCE:
            problem = f"the header {key} can be sent once only"
        if problem:
            raise ParameterInvalid(problem[0].upper() + problem[1:] + ".", f"Change {place}.", details={"field": place})
        # Letters beyond ASCII go out as UTF-8: http.client writes headers as Latin-1.
        self.setdefault(key, []).append(mended_text(value).encode().decode("latin-1"))


class Signer(Protocol):
    """Puts on a request what depends on the request: a signature, or the answer to what a server asked."""

    def signed(self, request: "Request") -> "Request":
        """Return it as it is to be sent now."""

    def learns(self, headers: Sequence[str], sent: "Request") -> bool:
        """Return whether to sign and send a request once more that was answered with 401.

        Args:
            headers: the values of `www-authenticate`.
            sent: the request as it was sent.
        """


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent.

    Attributes:
        secret_headers: those that must not follow a redirect to another server.
        notes: what the one who wrote the parameters should know of, though the request can be sent.
        token: names the OAuth2 token on it, for having it renewed (`Authentication.token`); "" where there is none.
        paced: waits for the turn of a credential with a rate (`Authentication.paced`).
        signer: signs it, for the server that it is for and no other.
        digest: user and password of HTTP's digest authentication, likewise; None for none.
        route: how its connections are made, where that is not the usual way.
    """

    method: str
    target: Target
    headers: Headers
    body: bytes | Stream | None
    secret_headers: frozenset[str] = frozenset()
    notes: list[str] = field(default_factory=list)
    token: str = ""
    paced: Callable[[float], None] = lambda until: None
    signer: Signer | None = None
    digest: tuple[str, str] | None = field(default=None, repr=False)
    route: "Route | None" = None


def secret_among(names: Iterable[str]) -> frozenset[str]:
    """Return which headers' names tell of a secret: `authorization`, `x-api-key`, `...token...`."""
    return frozenset(name for name in names if _SECRET.search(name))


def authenticated(request: Request, authentication: Authentication, place: str) -> Request:
    """Return a request with a credential on it. Its headers take the place of given ones.

    They are secrets: where a redirect leads to another server, they are not sent on, and a secret in the URL's query
    does not go there by itself.

    Args:
        request: without it.
        authentication: as the vault gives it (`Step.authentication`).
        place: the parameter that names the credential, for errors.

    Raises:
        CredentialNotForHost: the credential may not be sent to this host.
        ParameterInvalid: HTTP cannot carry its header, or the URL has a place for a credential and this is none for it.
    """
    authentication.check(request.target.host)
    made = Headers()
    for name, value in authentication.headers:
        made.put(name, value, place)
    target = target_of(request.target.url, authentication.query) if authentication.query else request.target
    if target.wants_credential:
        if not authentication.path:
            words = "The URL has {credential} in it, and the chosen credential does not go there."
            raise ParameterInvalid(words, "Choose a credential of another type.", details={"field": place})
        target = target.with_credential(authentication.path)
    secret_headers = request.secret_headers | made.keys()
    return replace(
        request,
        target=target,
        headers=Headers(request.headers | made),
        secret_headers=secret_headers,
        token=authentication.token,
        paced=authentication.paced,
        digest=authentication.digest,
    )


def json_body(value: Any, place: str = "params.jsonBody") -> bytes:
    """Return the bytes of a JSON body: data, or text that is JSON already, which is sent as it stands.

    Raises:
        ParameterInvalid: it is no JSON; `place` names the parameter.
    """
    try:
        if not isinstance(value, str):
            return json.dumps(value, allow_nan=False).encode()
        json.loads(value, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ParameterInvalid(
            f"The body is not JSON ({error}).",
            "Write JSON, or one expression that gives an object or a list.",
            details={"field": place},
        ) from None
    return mended_text(value).encode()


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
