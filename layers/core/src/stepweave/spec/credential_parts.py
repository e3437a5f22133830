"""The parts of a credential type that say how it is used: on a request, in a test, with OAuth2. Values, and their JSON.

Imports no pydantic: the vault reads them, and each of its milliseconds is waited for by a node.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Final, TypeVar

ANY: Final = "*"
"""In place of a credential type: any that goes with HTTP requests, to the hosts that it names."""
ANYWHERE: Final = "*"
"""The pattern of any host."""
NOWHERE: Final = "nowhere.invalid"
"""The pattern of no host: the name can never be one (RFC 6761)."""


@dataclass(frozen=True, slots=True)
class OnRequest:
    """How a credential is put on a request. Each text is a template over the credential's fields: `Bearer {token}`.

    Attributes:
        headers: (name, value) pairs.
        query: (name, value) pairs, added to the URL's.
        basic: user and password of HTTP's basic authentication (RFC 7617).
        path: what takes the place of `{credential}` in a URL's path, for providers that want the secret there.
        path_after: where the path's text has this in it, only what comes behind it counts: people paste whole URLs.
        digest: user and password of HTTP's digest authentication (RFC 7616), which answers what the server asks.
    """

    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    basic: tuple[str, str] | None = None
    path: str = ""
    path_after: str = ""
    digest: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """A request that succeeds with a credential that works, and changes nothing at the provider.

    Attributes:
        url: a template over the fields, whose values are escaped by their place (`stepweave.spec.templates`).
        method: HTTP's.
        body: JSON text, a template likewise; "" for none.
        wrong_when: a field of the answer's JSON that is false where the credential does not work though the status
            says 200 (Slack's `ok`); "" where the status tells.
    """

    url: str
    method: str = "GET"
    body: str = ""
    wrong_when: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """How many requests may go with one credential: at most `requests` in any `seconds`, over all nodes that use it.

    Both are templates over the fields, or numbers as text (`"80"`); without one of them there is no limit.
    """

    requests: str
    seconds: str


class Grant(StrEnum):
    """The way an OAuth2 token is got (RFC 6749)."""

    AUTHORIZATION_CODE = "authorization_code"
    """A person agrees in a popup; with PKCE (RFC 7636)."""
    CLIENT_CREDENTIALS = "client_credentials"
    """The client speaks for itself; nobody is asked."""
    SERVICE_ACCOUNT = "service_account"
    """An account of Google Cloud signs a statement with its key (RFC 7523, 2.1); nobody is asked."""

    @property
    def is_by_person(self) -> bool:
        """Whether a person must agree before there are tokens; else they can be had at any time."""
        return self is Grant.AUTHORIZATION_CODE


@dataclass(frozen=True, slots=True)
class OAuth2:
    """How a credential gets its tokens. URLs and texts are templates over the credential's fields; values in URLs are
    escaped by their place.

    The fields `clientId` and `clientSecret` must be among the type's own, of a service account `key` (the JSON file of
    its key) and perhaps `subject` (as whom it acts); tokens are kept beside them and are secrets.

    Attributes:
        token_url: where codes and refresh tokens are exchanged.
        authorize_url: where the person agrees; "" for client credentials.
        scopes: what is asked for, one text each; `{scope}` takes a field's.
        grant: the way.
        pkce: whether a code challenge (S256) is sent. Turn it off only for providers that refuse it.
        basic: whether the client names itself with HTTP basic authentication instead of in the body.
        scope_separator: between scopes; a space in the standard, a comma for some.
        authorize_extra: further (name, value) pairs of the authorisation request (`access_type` = `offline`).
        token_path: where the answer has the token (`authed_user.access_token` for Slack's users).
    """

    token_url: str
    authorize_url: str = ""
    scopes: tuple[str, ...] = ()
    grant: Grant = Grant.AUTHORIZATION_CODE
    pkce: bool = True
    basic: bool = False
    scope_separator: str = " "
    authorize_extra: tuple[tuple[str, str], ...] = ()
    token_path: str = "access_token"  # noqa: S105 - where it stands, not what it is


Part = TypeVar("Part", OnRequest, Probe, OAuth2, Rate)


def part_to_json(part: OnRequest | Probe | OAuth2 | Rate | None) -> dict[str, Any] | None:
    """Return a part as JSON data (camelCase); None for none."""
    if part is None:
        return None
    return {_camel(name): _thawed(value) for name, value in asdict(part).items()}


def part_from_json(kind: type[Part], data: Mapping[str, Any] | None) -> Part | None:
    """Return what `part_to_json` wrote. Raises KeyError on anything else."""
    if data is None:
        return None
    given = {field.name: _frozen(data[_camel(field.name)]) for field in fields(kind)}
    if "grant" in given:
        given["grant"] = Grant(given["grant"])
    return kind(**given)


def _camel(name: str) -> str:
    first, *more = name.split("_")
    return first + "".join(word.capitalize() for word in more)


def _thawed(value: Any) -> Any:
    return [_thawed(entry) for entry in value] if isinstance(value, tuple) else value


def _frozen(value: Any) -> Any:
    return tuple(_frozen(entry) for entry in value) if isinstance(value, list) else value
