"""Credentials: written, never read back. What a person sees again are fields that are no secrets."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from api.codes import INVALID_REQUEST, NAME_TAKEN, not_found
from api.refusals import Refused
from api.services.compiling import catalogue
from api.services.tokens import Principal
from api.services.workflows import audit
from stepweave.spec.credential_data import complete, hint_of, merged, problems
from stepweave.spec.credential_entry import CredentialEntry
from stepweave_data.database import tenant_session
from stepweave_data.models import Credential
from stepweave_data.vaulting import CannotOpen, KeyService, Sealed, seal, unseal


@dataclass(frozen=True)
class Opened:
    """What a person may see of a credential's data: values that are no secrets, and which secrets are set."""

    credential: Credential
    data: dict[str, Any]
    secrets: list[str]
    readable: bool
    """False where it does not decrypt any more: a change must give all of it."""


@dataclass(frozen=True)
class Credentials:
    """A tenant's credentials."""

    keys: Callable[[], KeyService]

    def list(self, principal: Principal) -> "list[Credential]":
        """Return all, by name."""
        with tenant_session(principal.tenant_id) as session:
            return list(session.scalars(select(Credential).order_by(Credential.name)))

    def create(self, principal: Principal, name: str, kind: str, data: dict[str, Any]) -> Credential:
        """Encrypt and store. Raises Refused: invalid_request naming the field, name_taken."""
        entry = _entry(kind)
        checked = _checked(entry, data)
        id = uuid.uuid4()
        sealed = seal(checked, str(principal.tenant_id), str(id), self.keys())
        credential = Credential(
            id=id, tenant_id=principal.tenant_id, name=name, type=kind, hint=hint_of(entry, checked)
        )
        credential.wrapped_key, credential.nonce, credential.ciphertext = (
            sealed.wrapped_key,
            sealed.nonce,
            sealed.ciphertext,
        )
        try:
            with tenant_session(principal.tenant_id) as session:
                session.add(credential)
                session.flush()
                session.refresh(credential)
                audit(session, principal, "credential.created", id, type=kind)
        except IntegrityError:
            raise _taken(name) from None
        return credential

    def open(self, principal: Principal, credential_id: uuid.UUID) -> Opened:
        """Return what may be seen of one. Raises Refused (not_found)."""
        with tenant_session(principal.tenant_id) as session:
            credential = session.get(Credential, credential_id)
            if credential is None:
                raise not_found("credential")
            stored = self._stored(credential)
        entry = _entry(credential.type)
        whole = complete(entry, stored) if stored else {}
        data = {name: value for name, value in whole.items() if name in entry.fields and name not in entry.secrets}
        kept = sorted(name for name in entry.secrets if whole.get(name))
        return Opened(credential, data, kept, stored is not None)

    def update(
        self, principal: Principal, credential_id: uuid.UUID, name: str, data: dict[str, Any] | None
    ) -> Credential:
        """Rename, and change the fields of the data that are given; the others stay.

        Raises:
            Refused: not_found, name_taken, invalid_request.
        """
        try:
            with tenant_session(principal.tenant_id) as session:
                credential = session.get(Credential, credential_id, with_for_update=True)
                if credential is None:
                    raise not_found("credential")
                credential.name = name
                if data:
                    stored = self._stored(credential)
                    entry = _entry(credential.type)
                    checked = _checked(entry, merged(entry, stored or {}, data), is_readable=stored is not None)
                    sealed = seal(checked, str(principal.tenant_id), str(credential_id), self.keys())
                    credential.hint = hint_of(entry, checked)
                    credential.wrapped_key, credential.nonce = sealed.wrapped_key, sealed.nonce
                    credential.ciphertext = sealed.ciphertext
                credential.updated_at = func.now()
                session.flush()
                session.refresh(credential)
                audit(session, principal, "credential.updated", credential_id, fields=sorted(data or {}))
        except IntegrityError:
            raise _taken(name) from None
        return credential

    def _stored(self, credential: Credential) -> dict[str, Any] | None:
        """Return the data as it is stored, for nobody's eyes; None where it does not decrypt."""
        sealed = Sealed(bytes(credential.wrapped_key), bytes(credential.nonce), bytes(credential.ciphertext))
        try:
            return unseal(sealed, str(credential.tenant_id), str(credential.id), self.keys())
        except CannotOpen:
            return None

    def delete(self, principal: Principal, credential_id: uuid.UUID) -> None:
        """Remove. Raises Refused (not_found)."""
        with tenant_session(principal.tenant_id) as session:
            credential = session.get(Credential, credential_id)
            if credential is None:
                raise not_found("credential")
            session.delete(credential)
            audit(session, principal, "credential.deleted", credential_id)


def _entry(kind: str) -> CredentialEntry:
    known = catalogue().credentials
    if kind not in known:
        message = f"There is no credential type {kind!r}; there are {', '.join(known)}."
        raise Refused(INVALID_REQUEST, message, [{"field": "type", "message": message}])
    return known[kind]


def _checked(entry: CredentialEntry, data: dict[str, Any], *, is_readable: bool = True) -> dict[str, Any]:
    checked = complete(entry, data)
    errors = [
        {"field": ".".join(filter(None, ("data", name))), "message": message}
        for name, message in problems(entry, checked)
    ]
    if errors:
        lost = "" if is_readable else " What was stored cannot be read any more: give all of its fields."
        raise Refused(INVALID_REQUEST, f"The credential is not complete.{lost}", errors)
    return checked


def _taken(name: str) -> Refused:
    return Refused(NAME_TAKEN, f"There is a credential {name!r} already; choose another name.")
