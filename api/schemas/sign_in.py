"""A workspace's identity provider."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from api.schemas.auth import Name
from api.schemas.base import Schema

_DOMAIN = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def _domain(text: str) -> str:
    plain = text.strip().lower().removeprefix("@")
    if not _DOMAIN.fullmatch(plain):
        raise ValueError("Write a domain such as example.com.")
    return plain


def _issuer(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s?#@]+", text):
        raise ValueError("Write the issuer's address, which begins with https:// and has no ? or #.")
    return text


Domain = Annotated[str, AfterValidator(_domain)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*$")]


class SignInRequest(Schema):
    """An identity provider (OpenID Connect)."""

    name: Name
    """What the log-in page calls it."""
    issuer: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(_issuer)]
    """Its issuer, exactly as it writes it; `/.well-known/openid-configuration` is looked up below it."""
    client_id: Text
    """What it calls Stepweave."""
    client_secret: Text | None = None
    """Stepweave's secret there; left out, the one that is stored stays."""
    domains: Annotated[list[Domain], Field(min_length=1, max_length=50)]
    """Domains of the addresses that get in."""
    default_role: Literal["admin", "editor", "operator", "viewer"] = "viewer"
    """What somebody new becomes."""
    makes_members: bool = True
    """Whether somebody new becomes a member by signing in."""
    only_way: bool = False
    """Whether all members but owners must sign in this way."""


class SignInResponse(Schema):
    """An identity provider, without its secret."""

    name: str
    """What the log-in page calls it."""
    issuer: str
    """Its issuer."""
    client_id: str
    """What it calls Stepweave."""
    domains: list[str]
    """Domains of the addresses that get in."""
    proven: list[str]
    """Those that carry the workspace's record: addresses of them lead to the provider from the log-in page."""
    default_role: str
    """What somebody new becomes."""
    makes_members: bool
    """Whether somebody new becomes a member by signing in."""
    only_way: bool
    """Whether all members but owners must sign in this way."""
    redirect_url: str
    """Where the provider sends people back: to be registered there."""
    record_name: str
    """Where a domain's TXT record lies, below the domain."""
    record: str
    """What the record says."""


class MaybeSignInResponse(Schema):
    """The workspace's identity provider."""

    provider: SignInResponse | None
    """The provider; null where there is none."""
    redirect_url: str
    """Where a provider sends people back: to be registered there first."""


class FindSignInRequest(Schema):
    """Where one signs in: a workspace, or an address."""

    workspace: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=254, pattern=r"^[^\x00]*$")
    ]
    """A workspace's path name, as in its webhooks' addresses, or one's e-mail address."""


class FoundSignInResponse(Schema):
    """Where one signs in."""

    workspace: str
    """The workspace's path name, for `/api/auth/oidc/start`."""
    name: str
    """What the provider is called."""


class IdentityResponse(Schema):
    """Whether one's account is linked with the workspace's identity provider."""

    provider: str | None
    """What the provider is called; null where the workspace has none."""
    linked: bool
    """Whether one can sign in by it."""


class LinkResponse(Schema):
    """Where one signs in at the provider, to link one's account."""

    authorize_url: str
    """To be opened in this browser."""
