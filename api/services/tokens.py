"""Access and refresh tokens: short-lived JWTs, and random refresh tokens that are good once."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import jwt

from api import codes
from api.refusals import Refused
from api.repositories.rows import logins, rows_of
from api.settings import ACCESS_SECONDS, REFRESH_SECONDS
from stepweave_data.models import Membership, RefreshToken

ISSUER: Final = "stepweave"
AUDIENCE: Final = "stepweave-api"
ALGORITHM: Final = "HS256"


@dataclass(frozen=True)
class Principal:
    """Who calls: a user in a tenant, with a role."""

    user_id: uuid.UUID
    tenant_id: uuid.UUID
    role: str


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
        "role": principal.role,
    }
    return jwt.encode(claims, key, algorithm=ALGORITHM)


def read_access(token: str, key: str) -> Principal:
    """Return who a token is of. Raises Refused (`token_expired`, `token_invalid`)."""
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"require": ["exp", "sub", "tenant", "role"]},
        )
        return Principal(uuid.UUID(claims["sub"]), uuid.UUID(claims["tenant"]), claims["role"])
    except jwt.ExpiredSignatureError:
        raise Refused(codes.TOKEN_EXPIRED, "The access token has expired; refresh the session.") from None
    except (jwt.InvalidTokenError, ValueError):
        raise Refused(codes.TOKEN_INVALID, "The access token is not valid; log in.") from None


def issue_refresh(principal: Principal, family_id: uuid.UUID | None = None) -> str:
    """Make a refresh token of a family (a new one where none is given) and return it."""
    token = secrets.token_urlsafe(32)
    with rows_of(principal.tenant_id) as rows:
        rows.add(
            RefreshToken(
                tenant_id=principal.tenant_id,
                user_id=principal.user_id,
                family_id=family_id or uuid.uuid4(),
                token_hash=_digest(token),
                expires_at=datetime.now(UTC) + timedelta(seconds=REFRESH_SECONDS),
            )
        )
    return token


def rotate_refresh(token: str) -> tuple[Principal, str]:
    """Take a refresh token and return who it is of and its successor.

    A token that was used before has been stolen from somebody: all of its family is revoked.

    Raises:
        Refused: `session_expired`, or `session_reused` for one that was used.
    """
    with logins() as known:
        found = known.refresh_token(_digest(token))
    if found is None or found.revoked_at is not None or found.expires_at < datetime.now(UTC):
        raise Refused(codes.SESSION_EXPIRED, "The session has ended; log in again.")
    with rows_of(found.tenant_id) as rows:
        taken = rows.accounts.take_token(found.id)
        membership = rows.get(Membership, (found.tenant_id, found.user_id))
    if not taken:
        revoke_family(found.tenant_id, found.family_id)
        raise Refused(
            codes.SESSION_REUSED, "The session was used from somewhere else and has been ended; log in again."
        )
    if membership is None:
        raise Refused(codes.SESSION_EXPIRED, "You are no longer a member; log in again.")
    principal = Principal(found.user_id, found.tenant_id, membership.role)
    return principal, issue_refresh(principal, found.family_id)


def revoke(token: str) -> None:
    """End the session of a refresh token; an unknown one is fine."""
    with logins() as known:
        found = known.refresh_token(_digest(token))
    if found is not None:
        revoke_family(found.tenant_id, found.family_id)


def revoke_family(tenant_id: uuid.UUID, family_id: uuid.UUID) -> None:
    """Revoke all refresh tokens of a family."""
    with rows_of(tenant_id) as rows:
        rows.accounts.revoke_family(family_id)


def revoke_all(principal: Principal) -> None:
    """Revoke all refresh tokens of a user: each session ends with its access token, within `ACCESS_SECONDS`."""
    with rows_of(principal.tenant_id) as rows:
        rows.accounts.revoke_user(principal.user_id)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
