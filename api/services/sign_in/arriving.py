"""Sending somebody to their workspace's identity provider, and taking them back.

A `state` is random, used once, lives ten minutes, and belongs to one connection and one browser. Each connection has
a redirect URL of its own, and a provider's `iss` is compared where it sends it: an answer of one provider is never
taken to another (RFC 9207; RFC 9700, 4.4).

Whose account it is: the one that is linked with the provider's subject. An address decides nothing about accounts
that are there already: those are linked only by somebody who is logged in to them (`link`). A session that a provider
vouched for is of its workspace, and does not reach how the person signs in.
"""

import hashlib
import hmac
import json
import re
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import redis

from api.repositories.rows import Duplicate, Rows, logins, rows_of
from api.services.invitations import taken_by_address
from api.services.passwords import hashing
from api.services.sign_in import id_tokens, provider
from api.services.sign_in.connections import Connections, domain_of, is_in, unknown
from api.services.sign_in.provider import Provider, ProviderError
from api.services.tokens import Principal
from stepweave_data import redis_keys as keys
from stepweave_data.models import Membership, SignInConnection, SignInIdentity
from stepweave_data.telemetry import logger
from stepweave_data.vaulting import CannotOpen

PATH: Final = "/api/auth/oidc"
COOKIE: Final = "stepweave_sign_in_"
_OWN_PAGE: Final = re.compile(r"/(?![/\\])[^\x00-\x20\\\x7f]{0,1000}")
_ADDRESS: Final = re.compile(r"[^\s@\"(),:;<>\[\]\\]{1,64}@[a-z0-9.-]{1,253}")


@dataclass(frozen=True)
class Begun:
    """Where somebody signs in, and the cookie that their browser brings back."""

    url: str
    cookie: tuple[str, str]


@dataclass(frozen=True)
class Returned:
    """What a provider sent somebody back with, and to which connection's address."""

    connection_id: uuid.UUID
    state: str
    code: str = ""
    error: str = ""
    issuer: str = ""


@dataclass(frozen=True)
class Arrived:
    """Who signed in, and where they go; `principal` is None where an account was linked."""

    principal: Principal | None
    to: str


class Failed(Exception):
    """Nobody is signed in; `reason` is one of what the log-in page has words for."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason


@dataclass(frozen=True)
class Arriving:
    """Signs people in by their workspace's provider."""

    redis: redis.Redis
    connections: Connections
    origin: str

    def begin(self, workspace: str, to: str, user_id: uuid.UUID | None = None) -> Begun:
        """Return where somebody signs in. Raises Refused (`no_sign_in`), ProviderError.

        Args:
            workspace: the slug.
            to: the page of ours to go on with; what is none is the first page.
            user_id: who links their account; None for who signs in.
        """
        with logins() as known:
            found = known.sign_in(workspace)
        if found is None:
            raise unknown()
        with rows_of(found.tenant_id) as rows:
            connection = rows.sign_in.connection()
        if connection is None:
            raise unknown()
        state, nonce, verifier, browser = (secrets.token_urlsafe(48) for _ in range(4))
        told = provider.discovered(connection.issuer)
        url = provider.authorize_url(
            told, connection.client_id, self.redirect_url(connection.id), state, nonce, verifier
        )
        kept = {
            "tenantId": str(connection.tenant_id),
            "connectionId": str(connection.id),
            "issuer": connection.issuer,
            "userId": str(user_id or ""),
            "nonce": nonce,
            "verifier": verifier,
            "browser": _digest(browser),
            "to": own_page(to),
        }
        self.redis.set(keys.sign_in(_digest(state)), json.dumps(kept), ex=keys.CONNECTING_SECONDS)
        return Begun(url, (cookie_of(state), browser))

    def finish(self, returned: Returned, cookies: Mapping[str, str]) -> Arrived:
        """Take somebody back from a provider; who is not let in is an entry of that workspace's. Raises Failed."""
        kept = self._kept(returned.state)
        try:
            return self._arrived(kept, returned, cookies)
        except Failed as failed:
            with rows_of(uuid.UUID(kept["tenantId"])) as rows:
                rows.note(None, "session.refused", uuid.UUID(kept["connectionId"]), why=f"provider: {failed.reason}")
            raise

    def _arrived(self, kept: dict[str, str], returned: Returned, cookies: Mapping[str, str]) -> Arrived:
        _check(kept, returned, cookies)
        with rows_of(uuid.UUID(kept["tenantId"])) as rows:
            connection = rows.sign_in.connection()
        if connection is None or connection.issuer != kept["issuer"]:
            raise Failed("expired")
        try:
            told = provider.discovered(connection.issuer)
            if returned.issuer != connection.issuer and (returned.issuer or told.names_itself):
                raise ProviderError("The answer is another provider's.")
            claims = self._claims(connection, told, returned.code, kept)
        except (ProviderError, CannotOpen) as error:
            logger().warning("an identity provider failed", connection=str(connection.id), reason=str(error))
            raise Failed("provider", str(error)) from None
        address = _address_of(claims, connection)
        if kept["userId"]:
            _link(connection, claims, uuid.UUID(kept["userId"]))
            return Arrived(None, kept["to"])
        return Arrived(_enter(connection, claims, address), kept["to"])

    def redirect_url(self, connection_id: uuid.UUID) -> str:
        """Return where the provider sends people back: to be registered there."""
        return f"{self.origin}{PATH}/{connection_id}/callback"

    def _kept(self, state: str) -> dict[str, str]:
        """Take what was kept of a state, once."""
        text: Any = self.redis.getdel(keys.sign_in(_digest(state))) if state else None
        if not text:
            raise Failed("expired")
        kept: dict[str, str] = json.loads(text)
        return kept

    def _claims(
        self, connection: SignInConnection, told: Provider, code: str, kept: Mapping[str, str]
    ) -> dict[str, Any]:
        """Return what the provider says of who signed in: of its token, and where that has no address, of userinfo."""
        client = (connection.client_id, self.connections.secret_of(connection))
        token, access = provider.exchanged(told, client, code, self.redirect_url(connection.id), kept["verifier"])
        claims = id_tokens.claims_of(token, told, provider.keys(told), connection.client_id, kept["nonce"])
        if "email" not in claims and told.userinfo_url and access:
            more = provider.userinfo(told, access)
            if more.get("sub") != claims["sub"]:
                raise ProviderError("The provider speaks of two people.")
            claims = {**more, **claims}
        return claims


def _check(kept: Mapping[str, str], returned: Returned, cookies: Mapping[str, str]) -> None:
    """Raise Failed for an answer in another browser, at another address, or without a code."""
    if not hmac.compare_digest(_digest(cookies.get(cookie_of(returned.state), "")), kept["browser"]):
        raise Failed("browser")
    if kept["connectionId"] != str(returned.connection_id):
        raise Failed("provider", "The answer came to another provider's address.")
    if returned.error or not returned.code:
        raise Failed("denied" if returned.error == "access_denied" else "provider", returned.error[:100])


def own_page(path: str) -> str:
    """Return a path of ours as it is; the first page for anything else, such as another site's address."""
    return path if _OWN_PAGE.fullmatch(path) else "/"


def cookie_of(state: str) -> str:
    """Return the name of the cookie that ties a state to a browser: one each, for several windows."""
    return COOKIE + _digest(state)[:16]


def _address_of(claims: Mapping[str, Any], connection: SignInConnection) -> str:
    address = claims.get("email")
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address.lower()):
        raise Failed("no_address")
    if claims.get("email_verified") not in (True, "true"):  # Cognito sends text
        raise Failed("unverified")
    if not is_in(address, connection.domains):
        raise Failed("domain", domain_of(address))
    return address.lower()


def _enter(connection: SignInConnection, claims: Mapping[str, Any], address: str) -> Principal:
    with rows_of(connection.tenant_id) as rows:
        identity = rows.sign_in.identity(connection.id, claims["sub"])
        if identity is not None:
            rows.sign_in.used(identity)
            return _member(rows, connection, identity.user_id)
    with logins() as known:
        if known.by_email(address) is not None:
            raise Failed("account_exists")
    name = claims.get("name")
    called = name.replace("\0", "").strip()[:100] if isinstance(name, str) else ""
    hashed = hashing.hashed(secrets.token_urlsafe(32))  # nobody knows the password: only a reset by mail gives one
    try:
        with rows_of(connection.tenant_id) as rows:
            invitation = taken_by_address(rows, address)
            if invitation is None and not connection.makes_members:
                raise Failed("not_invited")
            user_id = rows.sign_in.join(address, called or address, hashed, connection.default_role)
            role = connection.default_role
            membership = rows.get(Membership, (connection.tenant_id, user_id))
            if invitation is not None and membership is not None:
                role = membership.role = invitation.role
                membership.role_id = invitation.role_id
            rows.add(_identity(connection, claims, user_id))
            rows.note(user_id, "sign_in.joined", user_id, role=role, invited=invitation is not None)
            return _member(rows, connection, user_id)
    except Duplicate:
        raise Failed("account_exists") from None


def _link(connection: SignInConnection, claims: Mapping[str, Any], user_id: uuid.UUID) -> None:
    try:
        with rows_of(connection.tenant_id) as rows:
            _member(rows, connection, user_id)
            if rows.sign_in.identity(connection.id, claims["sub"]) is None:
                rows.add(_identity(connection, claims, user_id))
                rows.note(user_id, "sign_in.linked", user_id)
                return
            linked = rows.sign_in.identity(connection.id, claims["sub"])
            if linked is None or linked.user_id != user_id:
                raise Failed("linked_already")
    except Duplicate:
        raise Failed("linked_already") from None


def _member(rows: Rows, connection: SignInConnection, user_id: uuid.UUID) -> Principal:
    role = rows.accounts.role(user_id)
    if not role:
        raise Failed("not_invited")
    return Principal(user_id, connection.tenant_id, role, signed_in_by=f"oidc:{connection.id}")


def _identity(connection: SignInConnection, claims: Mapping[str, Any], user_id: uuid.UUID) -> SignInIdentity:
    return SignInIdentity(
        tenant_id=connection.tenant_id, connection_id=connection.id, subject=claims["sub"], user_id=user_id
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
