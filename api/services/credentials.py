"""Credentials: written, never read back. What a person sees again are fields that are no secrets."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.codes import CREDENTIAL_CHANGED, INVALID_REQUEST, NAME_TAKEN, not_found
from api.refusals import Refused
from api.repositories.rows import Duplicate, Rows, rows_of
from api.services.compiling import catalogue
from api.services.tokens import Principal
from stepweave.spec.credential_data import complete, hint_of, merged, problems
from stepweave.spec.credential_entry import CredentialEntry
from stepweave_data.models import Credential
from stepweave_data.vaulting import CannotOpen, KeyService, Sealed, seal, unseal

TRIES: Final = 3
"""To change a credential that others change at the same time."""


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

    def list(self, principal: Principal) -> "Sequence[Credential]":
        """Return all, by name."""
        with rows_of(principal.tenant_id) as rows:
            return rows.credentials.by_name()

    def create(self, principal: Principal, name: str, kind: str, data: dict[str, Any]) -> Credential:
        """Encrypt and store. Raises Refused: `invalid_request` naming the field, `name_taken`."""
        entry = _entry(kind)
        checked = _checked(entry, data)
        id = uuid.uuid4()
        sealed = seal(checked, str(principal.tenant_id), str(id), self.keys())
        credential = Credential(
            id=id,
            tenant_id=principal.tenant_id,
            name=name,
            type=kind,
            hint=hint_of(entry, checked),
            wrapped_key=sealed.wrapped_key,
            nonce=sealed.nonce,
            ciphertext=sealed.ciphertext,
        )
        try:
            with rows_of(principal.tenant_id) as rows:
                rows.add(credential)
                rows.note(principal.user_id, "credential.created", id, type=kind)
        except Duplicate:
            raise _taken(name) from None
        return credential

    def open(self, principal: Principal, credential_id: uuid.UUID) -> Opened:
        """Return what may be seen of one. Raises Refused (`not_found`)."""
        with rows_of(principal.tenant_id) as rows:
            credential = _found(rows, credential_id)
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

        KMS is called while no row is locked. Where somebody else changes it meanwhile, it is read and changed again.

        Raises:
            Refused: `not_found`, `name_taken`, `invalid_request`; `credential_changed` where others are always faster.
        """
        for _ in range(TRIES):
            with rows_of(principal.tenant_id) as rows:
                former = _found(rows, credential_id)
            hint, sealed = self._sealed(former, data) if data else (former.hint, _sealed_of(former))
            try:
                with rows_of(principal.tenant_id) as rows:
                    credential = rows.credentials.change(former, name, hint, sealed)
                    if credential is not None:
                        rows.note(principal.user_id, "credential.updated", credential_id, fields=sorted(data or {}))
                        return credential
            except Duplicate:
                raise _taken(name) from None
        raise Refused(CREDENTIAL_CHANGED, "Others are changing this credential; look at it and try again.")

    def delete(self, principal: Principal, credential_id: uuid.UUID) -> None:
        """Remove. Raises Refused (`not_found`)."""
        with rows_of(principal.tenant_id) as rows:
            rows.delete(_found(rows, credential_id))
            rows.note(principal.user_id, "credential.deleted", credential_id)

    def _stored(self, credential: Credential) -> dict[str, Any] | None:
        """Return the data as it is stored, for nobody's eyes; None where it does not decrypt."""
        try:
            return unseal(_sealed_of(credential), str(credential.tenant_id), str(credential.id), self.keys())
        except CannotOpen:
            return None

    def _sealed(self, former: Credential, data: dict[str, Any]) -> tuple[str, Sealed]:
        """Return a credential's hint and data with some fields changed."""
        stored = self._stored(former)
        entry = _entry(former.type)
        checked = _checked(entry, merged(entry, stored or {}, data), is_readable=stored is not None)
        return hint_of(entry, checked), seal(checked, str(former.tenant_id), str(former.id), self.keys())


def _found(rows: Rows, credential_id: uuid.UUID) -> Credential:
    credential = rows.credentials.find(credential_id)
    if credential is None:
        raise not_found("credential")
    return credential


def _sealed_of(credential: Credential) -> Sealed:
    return Sealed(bytes(credential.wrapped_key), bytes(credential.nonce), bytes(credential.ciphertext))


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
