"""API keys, and the service accounts that have some."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, text, update
from sqlalchemy.orm import Session

from stepweave_data.models import ApiKey, Membership, User


class KeyLookup:
    """Whose key it is, before anybody is known."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def good(self, digest: bytes, address: str | None) -> Row[Any] | None:
        """Return `id`, `tenant_id`, `user_id`, `role`, `listed`, `permissions`, `kind`, `project_ids` and
        `shares` of a key that is good here, now.

        Args:
            digest: the SHA-256 of its text.
            address: where it is used from; None where that is no address.
        """
        query = text(
            "SELECT id, tenant_id, user_id, role, listed, permissions, kind, project_ids, shares "
            "FROM auth_api_key(:hash, CAST(:place AS inet))"
        )
        return self._session.execute(query, {"hash": digest, "place": address}).one_or_none()


class ApiKeys:
    """The keys and the service accounts of a tenant."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def listed(self, user_id: uuid.UUID | None) -> list[tuple[ApiKey, User]]:
        """Return keys that are not revoked, of one user or all, with whose they are; the latest first."""
        query = select(ApiKey, User).join(User, User.id == ApiKey.user_id).where(ApiKey.revoked_at.is_(None))
        if user_id is not None:
            query = query.where(ApiKey.user_id == user_id)
        rows = self._session.execute(query.order_by(ApiKey.created_at.desc(), ApiKey.id))
        return [(row[0], row[1]) for row in rows]

    def count(self, user_id: uuid.UUID) -> int:
        """Return how many keys somebody has that are good."""
        query = select(func.count()).where(
            ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None), ApiKey.expires_at > func.now()
        )
        return self._session.scalar(query) or 0

    def revoke_of(self, user_id: uuid.UUID, at: datetime) -> int:
        """Revoke all keys of a user and return how many there were."""
        good = (ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
        done: Any = self._session.execute(update(ApiKey).where(*good).values(revoked_at=at))
        return int(done.rowcount)

    def make_service(self, name: str, role: str, address: str, hashed: str) -> uuid.UUID:
        """Make a service account and return its id."""
        query = text("SELECT make_service_account(:name, :role, :address, :hash)")
        made = self._session.scalar(query, {"name": name, "role": role, "address": address, "hash": hashed})
        return uuid.UUID(str(made))

    def services(self) -> list[tuple[User, Membership]]:
        """Return the service accounts, by name."""
        query = select(User, Membership).join(Membership, Membership.user_id == User.id).where(User.kind == "service")
        return [(row[0], row[1]) for row in self._session.execute(query.order_by(func.lower(User.name), User.id))]

    def service(self, id: uuid.UUID) -> tuple[User, Membership] | None:
        """Return a service account, or None."""
        query = select(User, Membership).join(Membership, Membership.user_id == User.id)
        row = self._session.execute(query.where(User.id == id, User.kind == "service")).one_or_none()
        return (row[0], row[1]) if row else None
