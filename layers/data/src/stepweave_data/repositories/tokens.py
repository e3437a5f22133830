"""Refresh tokens, known by their hash. Tokens made from one another are a family."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, text, update
from sqlalchemy.orm import Session

from stepweave_data.models import RefreshToken


@dataclass(frozen=True, slots=True)
class Found:
    """A refresh token."""

    id: UUID
    tenant_id: UUID
    user_id: UUID
    family_id: UUID
    expires_at: datetime
    revoked_at: datetime | None


def add(
    session: Session, *, tenant_id: UUID, user_id: UUID, family_id: UUID, token_hash: bytes, expires_at: datetime
) -> None:
    """Store a new token."""
    session.add(
        RefreshToken(
            tenant_id=tenant_id, user_id=user_id, family_id=family_id, token_hash=token_hash, expires_at=expires_at
        )
    )


def find(session: Session, token_hash: bytes) -> Found | None:
    """Return a token by its hash. Takes an open session: whose it is says which tenant asks."""
    row = session.execute(
        text(
            "SELECT id, tenant_id, user_id, family_id, expires_at, revoked_at FROM auth_refresh_token(:hash)",
        ),
        {"hash": token_hash},
    ).one_or_none()
    return None if row is None else Found(*row)


def take(session: Session, token_id: UUID) -> bool:
    """Use a token up. Of several who try at once, one gets True."""
    statement = (
        update(RefreshToken)
        .where(RefreshToken.id == token_id, RefreshToken.used_at.is_(None), RefreshToken.revoked_at.is_(None))
        .values(used_at=func.now())
        .returning(RefreshToken.id)
    )
    return session.execute(statement).one_or_none() is not None


def revoke_family(session: Session, family_id: UUID) -> None:
    """Revoke all tokens of a family."""
    session.execute(
        update(RefreshToken)
        .where(RefreshToken.family_id == family_id, RefreshToken.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )
