"""Users, tenants, memberships and sessions. What nobody may read without a tenant goes through `auth_...` functions."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, func, select, text, update
from sqlalchemy.orm import Session

from api.repositories.letters import Letters
from stepweave_data import standing
from stepweave_data.models import LoginSession, Membership, RefreshToken, Tenant, User


class Logins:
    """What may be asked before anybody has logged in."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.letters = Letters(session)

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

    def by_id(self, user_id: uuid.UUID) -> Row[Any] | None:
        """Return `user_id`, `email`, `tenant_id` and `role` of a user, or None."""
        query = text("SELECT user_id, email, tenant_id, role FROM auth_user(:user)")
        return self._session.execute(query, {"user": user_id}).one_or_none()

    def sign_in(self, slug: str, domain: str = "") -> Row[Any] | None:
        """Return `tenant_id`, `slug` and `name` of the identity provider of a slug, or of a proven domain, or None."""
        query = text("SELECT tenant_id, slug, name FROM sign_in_of(:slug, :domain)")
        return self._session.execute(query, {"slug": slug, "domain": domain}).one_or_none()

    def invitation(self, digest: bytes) -> Row[Any] | None:
        """Return what an invitation says, by the hash of its token, or None."""
        columns = "tenant_id, tenant, email, role, role_name, inviter, invited_by, expires_at, has_account"
        query = text(f"SELECT {columns} FROM auth_invitation(:hash)")  # noqa: S608  # nothing of a caller's
        return self._session.execute(query, {"hash": digest}).one_or_none()

    def refresh_token(self, digest: bytes) -> Row[Any] | None:
        """Return `id`, `tenant_id`, `user_id`, `family_id`, `expires_at` and `revoked_at` of a token, or None."""
        columns = "id, tenant_id, user_id, family_id, expires_at, revoked_at"
        query = text(f"SELECT {columns} FROM auth_refresh_token(:hash)")  # noqa: S608  # nothing of a caller's
        return self._session.execute(query, {"hash": digest}).one_or_none()


class Accounts:
    """The people of a tenant, and their sessions.

    Args:
        session: the transaction.
        moved: takes each user whose rights or sessions change, so that what is kept of them counts no more.
        read: takes each user whose rights are to be read anew.
    """

    def __init__(self, session: Session, moved: set[uuid.UUID], read: set[uuid.UUID]) -> None:
        self._session = session
        self._moved = moved
        self._read = read

    def email(self, user_id: uuid.UUID) -> str:
        """Return a user's address; empty where they are gone."""
        return self._session.scalar(select(User.email).where(User.id == user_id)) or ""

    def standing(self, user_id: uuid.UUID, session_id: uuid.UUID) -> standing.Standing | None:
        """Return what a user may do here; None where they are no member, or the session has ended."""
        row = self._session.execute(text(standing.QUERY), {"user": user_id, "session": session_id}).one_or_none()
        return None if row is None else standing.Standing.of_row(row)

    def shared_roles(self, user_id: uuid.UUID) -> list[tuple[str, list[str] | None]]:
        """Return the roles that a user has in projects and shared workflows, with what a role of the tenant's lists."""
        query = text("SELECT DISTINCT role, permissions FROM shares_of(:user) WHERE role IS NOT NULL")
        return [(row[0], row[1]) for row in self._session.execute(query, {"user": user_id})]

    def role(self, user_id: uuid.UUID) -> str:
        """Return a user's role in the tenant; empty where they are no member."""
        return self._session.scalar(select(Membership.role).where(Membership.user_id == user_id)) or ""

    def change_password(self, user_id: uuid.UUID, former: str, made: str) -> bool:
        """Put a hash in the place of `former`, and end the user's sessions. False where `former` is not theirs."""
        self._moved.add(user_id)
        query = text("SELECT auth_change_password(:user, :old, :new)")
        return bool(self._session.execute(query, {"user": user_id, "old": former, "new": made}).scalar_one())

    def upgrade_hash(self, user_id: uuid.UUID, former: str, made: str) -> None:
        """Put a hash of the same password in the place of `former`, where that is still theirs."""
        query = text("SELECT auth_upgrade_hash(:user, :old, :new)")
        self._session.execute(query, {"user": user_id, "old": former, "new": made})

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
            .where(User.kind == "person")
            .order_by(func.lower(User.name), User.id)
        )
        return [(row[0], row[1]) for row in self._session.execute(query)]

    def with_factor(self) -> set[uuid.UUID]:
        """Return those members who have a second factor."""
        return set(self._session.scalars(text("SELECT user_id FROM members_with_factor()")))

    def require_factor(self, tenant_id: uuid.UUID, required: bool) -> None:
        """Say whether all members must have a second factor."""
        self._session.execute(update(Tenant).where(Tenant.id == tenant_id).values(requires_factor=required))
        self.read_anew()

    def read_anew(self) -> None:
        """Have the rights of all members be read anew: what is asked of them has changed."""
        self._read.update(self._session.scalars(select(Membership.user_id)))

    def end_vouched(self, signed_in_by: str, user_id: uuid.UUID | None = None) -> None:
        """End the sessions that an identity provider vouched for: all, or one person's."""
        open_ones = select(LoginSession).where(LoginSession.signed_in_by == signed_in_by)
        if user_id is not None:
            open_ones = open_ones.where(LoginSession.user_id == user_id)
        for session in self._session.scalars(open_ones.where(LoginSession.ended_at.is_(None))).all():
            self._moved.add(session.user_id)
            self.revoke_family(session.id)

    def token(self, digest: bytes) -> RefreshToken | None:
        """Return a refresh token of the tenant as it is now, or None."""
        query = select(RefreshToken).where(RefreshToken.token_hash == digest)
        return self._session.scalar(query.execution_options(populate_existing=True))

    def take_token(self, token_id: uuid.UUID) -> bool:
        """Use a refresh token up. One statement decides who is first, however many come at once."""
        unused = (RefreshToken.id == token_id, RefreshToken.used_at.is_(None), RefreshToken.revoked_at.is_(None))
        taken = update(RefreshToken).where(*unused).values(used_at=datetime.now(UTC)).returning(RefreshToken.user_id)
        user_id = self._session.scalar(taken)
        if user_id is not None:
            self._read.add(user_id)
        return user_id is not None

    def revoke_family(self, family_id: uuid.UUID) -> None:
        """Revoke all refresh tokens of a family: its session ends."""
        now = datetime.now(UTC)
        tokens = (RefreshToken.family_id == family_id, RefreshToken.revoked_at.is_(None))
        revoked = update(RefreshToken).where(*tokens).values(revoked_at=now).returning(RefreshToken.user_id)
        self._moved.update(self._session.scalars(revoked))
        session = (LoginSession.id == family_id, LoginSession.ended_at.is_(None))
        self._session.execute(update(LoginSession).where(*session).values(ended_at=now))

    def sessions(self, user_id: uuid.UUID) -> Sequence[Row[Any]]:
        """Return a member's sessions that go on, in every tenant, the last used first.

        Each has `id`, `tenant_id`, `tenant` (its name), `user_agent`, `address`, `created_at`, `used_at`, `expires_at`.
        """
        columns = "id, tenant_id, tenant, user_agent, address, created_at, used_at, expires_at"
        query = text(f"SELECT {columns} FROM auth_sessions(:user)")  # noqa: S608  # nothing of a caller's
        return self._session.execute(query, {"user": user_id}).all()

    def end_sessions(
        self, user_id: uuid.UUID, one: uuid.UUID | None = None, kept: uuid.UUID | None = None
    ) -> list[uuid.UUID]:
        """End a member's sessions, in every tenant: `one`, or all but `kept`. Return which."""
        self._moved.add(user_id)
        query = text("SELECT auth_end_sessions(:user, CAST(:one AS uuid), CAST(:kept AS uuid))")
        return list(self._session.scalars(query, {"user": user_id, "one": one, "kept": kept}))
