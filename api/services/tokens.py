"""Access and refresh tokens: short-lived JWTs, and random refresh tokens that are good once."""

import base64
import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import jwt

from api import codes
from api.permissions import IN_PROJECTS, Permission, permissions_of
from api.refusals import Refused
from api.repositories.rows import Rows, logins, rows_of
from api.services.known_devices import known_as
from api.settings import ACCESS_SECONDS, DAY_SECONDS, settings
from stepweave_data.auditing import acts, origin
from stepweave_data.models import LoginSession, Membership, RefreshToken
from stepweave_data.reach import Reach

ISSUER: Final = "stepweave"
AUDIENCE: Final = "stepweave-api"
ALGORITHM: Final = "HS256"
REPEAT_SECONDS: Final = 10
"""How long a used refresh token still gives its successor to the same browser at the same address: a page that is
loaded anew, or a second tab, sends the cookie while the answer that replaces it is on its way."""
MOST_AGENT: Final = 400
"""Characters kept of a User-Agent header."""
MOST_ADDRESS: Final = 60


@dataclass(frozen=True)
class Shared:
    """A project or a workflow (`kind`) that somebody may do something with, besides their role in the tenant."""

    kind: str
    id: uuid.UUID
    permissions: frozenset[Permission]


@dataclass(frozen=True)
class Principal:
    """Who calls: a user in a tenant, with a role and what it allows (None: what the role's name allows)."""

    user_id: uuid.UUID
    tenant_id: uuid.UUID
    role: str
    session_id: uuid.UUID | None = None
    """The session that the token is of, which is a family of refresh tokens; None where it is yet to begin."""
    listed: frozenset[Permission] | None = None
    signed_in_by: str = "password"
    """`password`, `passkey`, or `oidc:` and the id of the connection whose provider vouched for them."""
    key_id: uuid.UUID | None = None
    """The API key that calls; None where a person does."""
    shares: tuple[Shared, ...] = ()
    """Projects that they are in, the default one among them, and workflows that are shared with them."""
    everywhere: bool = True
    """Whether they see all projects."""
    only: frozenset[uuid.UUID] | None = None
    """The projects that an API key is for; None for all of its owner's."""
    held: str = ""
    """What they must do first, and nothing else: `factor` (set one up), `provider` (sign in by it); "" for nothing."""

    @property
    def by_provider(self) -> bool:
        """Return whether an identity provider of the workspace vouched for them: the session is of this workspace."""
        return self.signed_in_by.startswith("oidc:")

    @property
    def permissions(self) -> frozenset[Permission]:
        """Return what they may do."""
        return permissions_of(self.role) if self.listed is None else self.listed

    @property
    def anywhere(self) -> frozenset[Permission]:
        """Return what they may do, be it in a project only."""
        return self.permissions.union(*(share.permissions for share in self.shares))

    def may(self, permission: Permission) -> bool:
        """Whether they may do what asks for `permission`, be it in a project only."""
        return permission in self.anywhere

    def reach(self, permission: Permission) -> Reach | None:
        """Return where in the tenant they may do what asks for `permission`; None for everywhere."""
        if permission not in IN_PROJECTS:
            permission = Permission.WORKFLOWS_READ
        if self.everywhere:
            return None if self.only is None else Reach(self.only)
        ids: dict[str, set[uuid.UUID]] = {"project": set(), "workflow": set()}
        for share in self.shares:
            if permission in share.permissions:
                ids[share.kind].add(share.id)
        if self.only is not None:
            return Reach(frozenset(ids["project"]) & self.only)
        return Reach(frozenset(ids["project"]), frozenset(ids["workflow"]))


@dataclass(frozen=True)
class Whence:
    """Where a session is used, as its list says: the browser's own words, and its address."""

    user_agent: str = ""
    address: str = ""
    device: str = ""
    """The cookie of a device that accounts logged in on (`known_devices`); "" for none."""


@dataclass(frozen=True)
class Begun:
    """A session that goes on: whose, the refresh token for its cookie, and for how many seconds that is good."""

    principal: Principal
    token: str
    seconds: int


def issue_access(principal: Principal, key: str) -> str:
    """Return an access token, good for `ACCESS_SECONDS`."""
    now = datetime.now(UTC)
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + timedelta(seconds=ACCESS_SECONDS),
        "sub": str(principal.user_id),
        "tenant": str(principal.tenant_id),
        "by": principal.signed_in_by,
        "held": principal.held,
        "session": str(principal.session_id),
    }
    return jwt.encode(claims, key, algorithm=ALGORITHM)


def read_access(token: str, key: str) -> Principal:
    """Return who a token is of; what they may do is not in it (`api.services.standing`).

    Raises:
        Refused: `token_expired`, `token_invalid`.
    """
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"require": ["exp", "sub", "tenant"]},
        )
        session = claims.get("session")
        of = uuid.UUID(session) if session else None
        return Principal(
            uuid.UUID(claims["sub"]),
            uuid.UUID(claims["tenant"]),
            "",
            session_id=of,
            signed_in_by=str(claims.get("by", "password")),
            held=str(claims.get("held") or ""),
        )
    except jwt.ExpiredSignatureError:
        _named(token, key)
        raise Refused(codes.TOKEN_EXPIRED, "The access token has expired; refresh the session.") from None
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):  # the last two: claims of another kind
        raise Refused(codes.TOKEN_INVALID, "The access token is not valid; log in.") from None


def _named(token: str, key: str) -> None:
    """Say which tenant a token of ours that has expired names, where it is one."""
    try:
        claims = jwt.decode(
            token, key, algorithms=[ALGORITHM], audience=AUDIENCE, issuer=ISSUER, options={"verify_exp": False}
        )
        origin().named = uuid.UUID(claims["tenant"])
    except (jwt.InvalidTokenError, KeyError, ValueError, TypeError, AttributeError):
        return


def begin(principal: Principal, whence: Whence) -> Begun:
    """Begin a session. It ends after `session_days` however often it is renewed."""
    now = datetime.now(UTC)
    session = LoginSession(
        id=uuid.uuid4(),
        tenant_id=principal.tenant_id,
        user_id=principal.user_id,
        user_agent=whence.user_agent[:MOST_AGENT],
        address=whence.address[:MOST_ADDRESS],
        created_at=now,
        used_at=now,
        expires_at=now + timedelta(seconds=settings().session_days * DAY_SECONDS),
        signed_in_by=principal.signed_in_by,
    )
    acts(principal.tenant_id, principal.user_id)
    with rows_of(principal.tenant_id) as rows:
        rows.add(session)
        token, seconds = _issue(rows, principal, session.id, session.expires_at)
        rows.note(principal.user_id, "session.began", session.id, address=session.address, by=session.signed_in_by)
    return Begun(replace(principal, session_id=session.id), token, seconds)


def rotate_refresh(token: str, whence: Whence) -> Begun:
    """Take a refresh token and return the session with its successor.

    A token that was used before has been stolen from somebody: all of its family is revoked. Not so within
    `REPEAT_SECONDS` from the same browser, on a device that is known there, at the same address: they get the family's
    latest token once more. Whoever has nothing but the token (of a log, of a copy) gets nothing.

    Raises:
        Refused: `session_expired`, or `session_reused` for one that was used.
    """
    with logins() as known:
        found = known.refresh_token(_digest(token))
    if found is None or found.revoked_at is not None or found.expires_at < datetime.now(UTC):
        origin().named = found.tenant_id if found is not None else None
        raise Refused(codes.SESSION_EXPIRED, "The session has ended; log in again.")
    origin().named = found.tenant_id
    with rows_of(found.tenant_id) as rows:
        taken = rows.accounts.take_token(found.id)
        membership = rows.get(Membership, (found.tenant_id, found.user_id))
        session = rows.get(LoginSession, found.family_id) if taken else None
        if session is not None and membership is not None and session.expires_at > datetime.now(UTC):
            session.used_at = datetime.now(UTC)
            session.address, session.user_agent = whence.address[:MOST_ADDRESS], whence.user_agent[:MOST_AGENT]
            principal = Principal(
                found.user_id,
                found.tenant_id,
                membership.role,
                session_id=session.id,
                signed_in_by=session.signed_in_by,
            )
            following, seconds = _issue(rows, principal, session.id, session.expires_at, _successor(token))
            return Begun(principal, following, seconds)
        if not taken and membership is not None and (again := _repeated(rows, found, token, whence)):
            return replace(again, principal=replace(again.principal, role=membership.role))
    if not taken:
        revoke_family(found.tenant_id, found.family_id)
        with rows_of(found.tenant_id) as rows:
            rows.note(found.user_id, "session.reused", found.user_id)
        raise Refused(
            codes.SESSION_REUSED, "The session was used from somewhere else and has been ended; log in again."
        )
    if membership is None:
        raise Refused(codes.SESSION_EXPIRED, "You are no longer a member; log in again.")
    raise Refused(codes.SESSION_EXPIRED, "The session is as old as one may be; log in again.")


def _repeated(rows: Rows, found: Any, token: str, whence: Whence) -> Begun | None:
    """Return the session with its latest token, for a browser that renewed it a moment ago; None for anybody else."""
    session = rows.get(LoginSession, found.family_id)
    own = (whence.address[:MOST_ADDRESS], whence.user_agent[:MOST_AGENT])
    if session is None or session.ended_at is not None or (session.address, session.user_agent) != own:
        return None
    if not all(own) or not known_as(whence.device, found.user_id, settings().signing_key()):
        return None
    now = datetime.now(UTC)
    row = rows.accounts.token(_digest(token))
    while row is not None and row.used_at is not None and (now - row.used_at).total_seconds() <= REPEAT_SECONDS:
        token = _successor(token)
        row = rows.accounts.token(_digest(token))
    if row is None or row.used_at is not None or row.revoked_at is not None or row.expires_at <= now:
        return None
    principal = Principal(found.user_id, found.tenant_id, "", session_id=session.id, signed_in_by=session.signed_in_by)
    return Begun(principal, token, int((row.expires_at - now).total_seconds()))


def _successor(token: str) -> str:
    """Return the token that comes after one: the same each time, and to be known from the deployment's key only."""
    key = f"refresh {settings().signing_key()}".encode()
    return base64.urlsafe_b64encode(hmac.digest(key, token.encode(), "sha256")).rstrip(b"=").decode()


def revoke(token: str) -> None:
    """End the session of a refresh token; an unknown one is fine."""
    with logins() as known:
        found = known.refresh_token(_digest(token))
    if found is not None:
        acts(found.tenant_id, found.user_id)
        revoke_family(found.tenant_id, found.family_id)


def revoke_family(tenant_id: uuid.UUID, family_id: uuid.UUID) -> None:
    """Revoke all refresh tokens of a family."""
    with rows_of(tenant_id) as rows:
        rows.accounts.revoke_family(family_id)


def _issue(
    rows: Rows, principal: Principal, session_id: uuid.UUID, until: datetime, token: str = ""
) -> tuple[str, int]:
    """Make a refresh token of a session (`token`, or a new one); return it with the seconds for which it is good."""
    token = token or secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    expires_at = min(now + timedelta(seconds=settings().idle_days * DAY_SECONDS), until)
    rows.add(
        RefreshToken(
            tenant_id=principal.tenant_id,
            user_id=principal.user_id,
            family_id=session_id,
            token_hash=_digest(token),
            expires_at=expires_at,
        )
    )
    return token, int((expires_at - now).total_seconds())


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
