"""Rows of `credentials`: sealed data, never opened here."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from stepweave_data.models import Credential, CredentialShare
from stepweave_data.vaulting import Sealed

_TOLD: Final = """SELECT id, project_id, name, type, connection, created_at, updated_at, expires_at, ends_at,
  rotated_at, shared_with FROM credentials_lent()"""
_LENT: Final = text(f"{_TOLD} ORDER BY name, id")
_IS_LENT: Final = text(f"{_TOLD} WHERE id = :id")
_SHARES: Final = text(
    """SELECT s.project_id, p.name, s.created_at, coalesce(u.workflows, 0), coalesce(u.live, 0)
       FROM credential_shares s LEFT JOIN projects p ON p.id = s.project_id
       LEFT JOIN credential_used(:id) u ON u.project_id = s.project_id
       WHERE s.credential_id = :id ORDER BY s.created_at, s.project_id"""
)


class Lent(NamedTuple):
    """What is told of a credential to whom it is shared with."""

    id: uuid.UUID
    project_id: uuid.UUID
    name: str
    type: str
    connection: str
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    ends_at: datetime | None
    rotated_at: datetime | None
    shared_with: list[uuid.UUID]


class Shared(NamedTuple):
    """A project that a credential is shared with; `name` is None for one that the caller does not see.

    `workflows` name it in what runs or would run next, `live` of them are published and switched on.
    """

    project_id: uuid.UUID
    name: str | None
    created_at: datetime
    workflows: int
    live: int


class Credentials:
    """A tenant's credentials."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def by_name(self) -> Sequence[Credential]:
        """Return all, by name."""
        return self._session.scalars(select(Credential).order_by(Credential.name)).all()

    def lent(self) -> list[Lent]:
        """Return those of projects that are not reached which are shared with one that is, by name."""
        rows = self._session.execute(_LENT)
        return [Lent._make(row) for row in rows]

    def lent_one(self, credential_id: uuid.UUID) -> Lent | None:
        """Return what is told of a credential that is shared with a project that is reached; None for others."""
        row = self._session.execute(_IS_LENT, {"id": credential_id}).one_or_none()
        return None if row is None else Lent._make(row)

    def shared_with(self, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
        """Return the projects that each of some credentials is shared with; none for one that is not."""
        query = select(CredentialShare.credential_id, func.array_agg(CredentialShare.project_id))
        query = query.where(CredentialShare.credential_id.in_(ids)).group_by(CredentialShare.credential_id)
        return {row[0]: list(row[1]) for row in self._session.execute(query)} if ids else {}

    def shares(self, credential_id: uuid.UUID) -> list[Shared]:
        """Return the projects that a credential is shared with, the first first, and how much they use it."""
        rows = self._session.execute(_SHARES, {"id": credential_id})
        return [Shared(*row) for row in rows]

    def referring(self, credential_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
        """Return the credentials whose fields refer to a store, by name."""
        query = select(Credential.id, Credential.name).where(Credential.stores.contains([credential_id]))
        return [(row[0], row[1]) for row in self._session.execute(query.order_by(Credential.name).limit(20))]

    def change(
        self,
        former: Credential,
        name: str,
        hint: str,
        connection: str,
        sealed: Sealed,
        *,
        bound: bool,
        more: Mapping[str, Any] | None = None,
    ) -> Credential | None:
        """Write a credential anew that is as `former` still; return the row, or None where it was changed since.

        `more` are further columns.

        The vault, which renews tokens, changes the nonce or the connection and not `updated_at`. Raises Duplicate, at
        the end, for a name that another has.
        """
        return self._session.scalars(
            update(Credential)
            .where(
                Credential.id == former.id,
                Credential.updated_at == former.updated_at,
                Credential.nonce == former.nonce,
                Credential.connection == former.connection,
            )
            .values(
                name=name,
                hint=hint,
                connection=connection,
                bound=bound,
                wrapped_key=sealed.wrapped_key,
                nonce=sealed.nonce,
                ciphertext=sealed.ciphertext,
                updated_at=func.clock_timestamp(),
                **(more or {}),
            )
            .returning(Credential)
            .execution_options(populate_existing=True)
        ).one_or_none()

    def bind(self, credential_id: uuid.UUID) -> Credential | None:
        """Write down that a credential names hosts, and return it; None where it is gone."""
        return self._session.scalars(
            update(Credential).where(Credential.id == credential_id).values(bound=True).returning(Credential)
        ).one_or_none()

    def find(self, credential_id: uuid.UUID) -> Credential | None:
        """Return one, or None."""
        return self._session.get(Credential, credential_id)
