"""Users, tenants, memberships and sessions. What nobody may read without a tenant goes through `auth_...` functions."""

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, func, select, text, update
from sqlalchemy.orm import Session

from stepweave_data.models import Membership, RefreshToken, Tenant, User


class Logins:
    """What may be asked before anybody has logged in."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def register(self, email: str, name: str, hashed: str, tenant: str, slug: str) -> tuple[uuid.UUID, uuid.UUID]:
        """Make a user with a tenant of their own; return both ids. Raises Duplicate, at the end."""
        row = self._session.execute(
            text("SELECT user_id, tenant_id FROM auth_register(:email, :name, :hash, :tenant, :slug)"),
            {"email": email, "name": name, "hash": hashed, "tenant": tenant, "slug": slug},
        ).one()
        return row.user_id, row.tenant_id

    def by_email(self, email: str) -> Row[Any] | None:
        """Return `user_id`, `password_hash`, `tenant_id` and `role` of an address, or None."""
        query = text("SELECT user_id, password_hash, tenant_id, role FROM auth_login(:email)")
        return self._session.execute(query, {"email": email}).one_or_none()

    def refresh_token(self, digest: bytes) -> Row[Any] | None:
        """Return `id`, `tenant_id`, `user_id`, `family_id`, `expires_at` and `revoked_at` of a token, or None."""
        columns = "id, tenant_id, user_id, family_id, expires_at, revoked_at"
        query = text(f"SELECT {columns} FROM auth_refresh_token(:hash)")  # noqa: S608  # nothing of a caller's
        return self._session.execute(query, {"hash": digest}).one_or_none()


class Accounts:
    """The people of a tenant, and their sessions."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def email(self, user_id: uuid.UUID) -> str:
        """Return a user's address; empty where they are gone."""
        return self._session.scalar(select(User.email).where(User.id == user_id)) or ""

    def role(self, user_id: uuid.UUID) -> str:
        """Return a user's role in the tenant; empty where they are no member."""
        return self._session.scalar(select(Membership.role).where(Membership.user_id == user_id)) or ""

    def change_password(self, user_id: uuid.UUID, former: str, made: str) -> bool:
        """Put a hash in the place of `former`, and end the user's sessions. False where `former` is not theirs."""
        query = text("SELECT auth_change_password(:user, :old, :new)")
        return bool(self._session.execute(query, {"user": user_id, "old": former, "new": made}).scalar_one())

    def rename_user(self, user_id: uuid.UUID, name: str) -> None:
        """Change a user's name."""
        self._session.execute(update(User).where(User.id == user_id).values(name=name))

    def rename_tenant(self, tenant_id: uuid.UUID, name: str) -> None:
        """Change a tenant's name."""
        self._session.execute(update(Tenant).where(Tenant.id == tenant_id).values(name=name))

    def members(self) -> list[tuple[User, str]]:
        """Return everybody with their role, by name."""
        query = (
            select(User, Membership.role)
            .join(Membership, Membership.user_id == User.id)
            .order_by(func.lower(User.name), User.id)
        )
        return [(row[0], row[1]) for row in self._session.execute(query)]

    def take_token(self, token_id: uuid.UUID) -> bool:
        """Use a refresh token up. One statement decides who is first, however many come at once."""
        unused = (RefreshToken.id == token_id, RefreshToken.used_at.is_(None), RefreshToken.revoked_at.is_(None))
        taken = update(RefreshToken).where(*unused).values(used_at=datetime.now(UTC)).returning(RefreshToken.id)
        return self._session.execute(taken).one_or_none() is not None

    def revoke_family(self, family_id: uuid.UUID) -> None:
        """Revoke all refresh tokens of a family."""
        self._session.execute(
            update(RefreshToken)
            .where(RefreshToken.family_id == family_id, RefreshToken.revoked_at.is_(None))
            .values(revoked_at=datetime.now(UTC))
        )

    def revoke_user(self, user_id: uuid.UUID) -> None:
        """Revoke all refresh tokens of a user."""
        self._session.execute(
            update(RefreshToken)
            .where(RefreshToken.user_id == user_id, RefreshToken.revoked_at.is_(None))
            .values(revoked_at=datetime.now(UTC))
        )
