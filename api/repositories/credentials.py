"""Rows of `credentials`: sealed data, never opened here."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from stepweave_data.models import Credential
from stepweave_data.vaulting import Sealed


class Credentials:
    """A tenant's credentials."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def by_name(self) -> Sequence[Credential]:
        """Return all, by name."""
        return self._session.scalars(select(Credential).order_by(Credential.name)).all()

    def change(
        self, former: Credential, name: str, hint: str, connection: str, sealed: Sealed, *, bound: bool
    ) -> Credential | None:
        """Write a credential anew that is as `former` still; return the row, or None where it was changed since.

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
