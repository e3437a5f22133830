"""A workspace's identity provider, and whose accounts its people have."""

import uuid
from datetime import UTC, datetime

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from stepweave_data.models import SignInConnection, SignInIdentity


class SignIn:
    """The tenant's identity provider."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def connection(self) -> SignInConnection | None:
        """Return the identity provider, or None."""
        return self._session.scalars(select(SignInConnection)).one_or_none()

    def identity(self, connection_id: uuid.UUID, subject: str) -> SignInIdentity | None:
        """Return whose account a subject is, or None."""
        wanted = (SignInIdentity.connection_id == connection_id, SignInIdentity.subject == subject)
        return self._session.scalars(select(SignInIdentity).where(*wanted)).one_or_none()

    def is_linked(self, user_id: uuid.UUID) -> bool:
        """Return whether somebody's account is the provider's."""
        mine = select(func.count()).select_from(SignInIdentity).where(SignInIdentity.user_id == user_id)
        return bool(self._session.scalar(mine))

    def used(self, identity: SignInIdentity) -> None:
        """Note that somebody signed in."""
        identity.last_used_at = datetime.now(UTC)

    def unlink(self, user_id: uuid.UUID) -> bool:
        """Take an account from the provider. False where it was not the provider's."""
        gone = delete(SignInIdentity).where(SignInIdentity.user_id == user_id).returning(SignInIdentity.subject)
        return self._session.execute(gone).one_or_none() is not None

    def join(self, email: str, name: str, hashed: str, role: str) -> uuid.UUID:
        """Make an account and a member of the tenant; return the user. Raises Duplicate, at the end."""
        query = text("SELECT auth_vouched(:email, :name, :hash, :role)")
        given = {"email": email, "name": name, "hash": hashed, "role": role}
        made: uuid.UUID = self._session.execute(query, given).scalar_one()
        return made
