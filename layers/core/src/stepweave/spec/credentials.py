"""`CredentialSpec`: a credential type as a value. Form, checks, hint, its place in a request and OAuth2 come of it.

A type lies in `functions/nodes/<family>/credentials/<type>.py`, or beside the one app that uses it, in
`functions/nodes/<family>/<app>/credentials/<type>.py`. Pure data: the API and the vault read it from the catalogue.
"""

import builtins
from dataclasses import dataclass
from enum import StrEnum

from pydantic import ConfigDict

from stepweave.model.base import Document


class CredentialData(Document):
    """The base of what a credential type asks for: fields made with `stepweave.spec.fields.ui`.

    Secrets are those of kind `Kind.SECRET`: no route returns them.
    """

    model_config = ConfigDict(json_schema_extra={"additionalProperties": False})


@dataclass(frozen=True, slots=True)
class OnRequest:
    """How a credential is put on a request. Each text is a template over the credential's fields: `Bearer {token}`.

    Attributes:
        headers: (name, value) pairs.
        query: (name, value) pairs, added to the URL's.
        basic: user and password of HTTP's basic authentication (RFC 7617).
    """

    headers: tuple[tuple[str, str], ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    basic: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """A request that succeeds with a credential that works, and changes nothing at the provider.

    Attributes:
        url: a template over the fields.
        method: HTTP's.
        body: JSON text; "" for none.
        wrong_when: a field of the answer's JSON that is false where the credential does not work though the status
            says 200 (Slack's `ok`); "" where the status tells.
    """

    url: str
    method: str = "GET"
    body: str = ""
    wrong_when: str = ""


class Grant(StrEnum):
    """The way an OAuth2 token is got (RFC 6749)."""

    AUTHORIZATION_CODE = "authorization_code"
    """A person agrees in a popup; with PKCE (RFC 7636)."""
    CLIENT_CREDENTIALS = "client_credentials"
    """The client speaks for itself; nobody is asked."""


@dataclass(frozen=True, slots=True)
class OAuth2:
    """How a credential gets its tokens. URLs and texts are templates over the credential's fields.

    The fields `clientId` and `clientSecret` must be among the type's own; tokens are kept beside them and are secrets.

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


@dataclass(frozen=True, slots=True)
class CredentialSpec:
    """A credential type.

    Attributes:
        type: its name in nodes' `credentials` and in the API.
        name: for people.
        icon: a Lucide icon name.
        summary: one sentence below the name.
        data: its fields. A field with `unless` is asked for only while that other field is empty.
        docs: Markdown: where to get it, what it may do.
        hint: templates over fields that are no secrets; the first whose fields are all there tells credentials apart.
            One without fields is a last resort (`by DSN`).
        on_request: how it is put on an HTTP request; None where it is no HTTP credential.
        hosts: where it may be sent to: `api.example.com`, `*.example.com` (any host below), or a template over the
            fields that gives such patterns separated by commas. None, or none after filling in: any host.
        test: a request that tells whether it works.
        oauth2: where its tokens come from; the placeholder `{accessToken}` is the current one.
    """

    type: str
    name: str
    icon: str
    summary: str
    data: builtins.type[CredentialData]
    docs: str = ""
    hint: tuple[str, ...] = ()
    on_request: OnRequest | None = None
    hosts: tuple[str, ...] = ()
    test: Probe | None = None
    oauth2: OAuth2 | None = None
