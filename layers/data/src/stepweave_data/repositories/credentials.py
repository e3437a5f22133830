"""Credentials, sealed: what is inside only `stepweave_data.vaulting` knows."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from stepweave_data.models import Credential
from stepweave_data.vaulting import Sealed


class NameTaken(Exception):
    """The tenant has another credential of this name."""


def all_by_name(session: Session) -> list[Credential]:
    """Return all of the tenant's, by name."""
    return list(session.scalars(select(Credential).order_by(Credential.name)))


def find(session: Session, credential_id: UUID) -> Credential | None:
    """Return a credential."""
    return session.get(Credential, credential_id)


def add(session: Session, *, id: UUID, tenant_id: UUID, name: str, type: str, hint: str, sealed: Sealed) -> Credential:
    """Store a credential. `id` is the one it was sealed for.

    Raises:
        NameTaken: nothing was stored; the session is of no use any more.
    """
    credential = Credential(id=id, tenant_id=tenant_id, name=name, type=type, hint=hint)
    _put(credential, sealed)
    session.add(credential)
    return _stored(session, credential)


def change(session: Session, credential: Credential, *, name: str, sealed: Sealed | None, hint: str) -> Credential:
    """Rename a credential, and replace what is inside where `sealed` is given.

    Raises:
        NameTaken: as `add`.
    """
    credential.name, credential.hint, credential.updated_at = name, hint, func.now()
    if sealed is not None:
        _put(credential, sealed)
    return _stored(session, credential)


def delete(session: Session, credential: Credential) -> None:
    """Remove a credential."""
    session.delete(credential)


def _put(credential: Credential, sealed: Sealed) -> None:
    credential.wrapped_key, credential.nonce, credential.ciphertext = (
        sealed.wrapped_key,
        sealed.nonce,
        sealed.ciphertext,
    )


def _stored(session: Session, credential: Credential) -> Credential:
    try:
        session.flush()
    except IntegrityError as error:
        if "credentials_tenant_id_name_key" in str(error.orig):
            raise NameTaken from error
        raise
    session.refresh(credential)
    return credential
