"""Stores of secrets (ADR 60, 64), for the API: whether one works, and what a client shows to its provider.

A worker's fetched secrets are kept by `External`. Whoever asks has been let in by a route; what is fetched goes nowhere
but to the provider that a credential is connected at.
"""

import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any

from api.repositories.rows import rows_of
from stepweave.spec.credential_entry import CredentialEntry
from stepweave.spec.secret_references import Reference, ReferenceInvalid, is_reference, parse_reference
from stepweave_data.secrets.errors import CredentialError, SecretMissing
from stepweave_data.secrets.external import External, Whose, store_of, text_of
from stepweave_data.vaulting import KeyService


@cache
def external() -> External:
    """Return what fetches secrets from stores in this worker."""
    return External()


def filled(tenant_id: uuid.UUID, entry: CredentialEntry, fields: Mapping[str, Any], keys: KeyService) -> dict[str, Any]:
    """Return a credential's fields with the secrets that they refer to. Raises CredentialError."""
    secrets = {name: entry.fields[name] for name in entry.secrets}
    return external().filled(fields, secrets, _whose(tenant_id, keys), "")[0]


def tried(tenant_id: uuid.UUID, store_id: uuid.UUID, path: str, keys: KeyService) -> str:
    """Return words for people where a store works; with a path (`a/b#key`), where that secret is there.

    Nothing is kept, and nothing is told of a secret.

    Raises:
        CredentialError: it does not; `str()` says why.
    """
    from stepweave_data.secrets.stores import CHECKS, FETCHES  # brings urllib3

    store = store_of(str(store_id), _whose(tenant_id, keys))
    if not path:
        return f"{CHECKS[store.type](store.data, store.name)}. Nobody has read a secret yet: name a path to try one."
    reference = _referred(str(store_id), path)
    text_of(FETCHES[store.type](store.data, reference.path, store.name), reference, store.name)
    return f"The secret “{reference.path}”" + (f", key “{reference.key}”," if reference.key else "") + " is there."


def stores_of(entry: CredentialEntry, fields: Mapping[str, Any]) -> list[uuid.UUID]:
    """Return the ids of the stores that a credential's fields refer to."""
    texts = (fields.get(name) for name in entry.secrets)
    found = {_store(text) for text in texts if is_reference(text)}
    return sorted(id for id in found if id is not None)


def _store(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(parse_reference(text).store)
    except ReferenceInvalid:
        return None


def _referred(id: str, path: str) -> Reference:
    try:
        given = parse_reference(path if is_reference(path) else f"secret://{id}/{path.lstrip('/')}")
    except ReferenceInvalid as error:
        raise SecretMissing(f"What is to be tried is no path. {error}") from None
    if given.store != id:
        raise SecretMissing("What is to be tried lies in another store.")
    return given


def _whose(tenant_id: uuid.UUID, keys: KeyService) -> Whose:
    def row(id: str) -> tuple[Any, ...] | None:
        with rows_of(tenant_id) as rows:
            found = rows.credentials.find(uuid.UUID(id))
            if found is None:
                return None
            return found.type, found.name, found.nonce, found.wrapped_key, found.ciphertext

    return Whose(str(tenant_id), row, keys)


__all__ = ["CredentialError", "filled", "stores_of", "tried"]
