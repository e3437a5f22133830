"""Fetches secrets that lie in a store of the tenant's (ADR 60), and keeps them for a short while.

Nothing here may reach a log, and no message quotes what a store answered: it may be a secret."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from functions.system.vault.errors import CredentialUnavailable, SecretMissing, SecretRefused
from stepweave.spec.secret_references import (
    STORES,
    Reference,
    ReferenceInvalid,
    is_reference,
    parse_reference,
)
from stepweave_data.link import Link
from stepweave_data.oauth2.tokens import parted
from stepweave_data.vaulting import KeyService, Sealed, unseal

KEPT_SECONDS: Final = 60.0
"""How long a worker takes a secret for what it was: after that, a rotated one counts."""
STALE_SECONDS: Final = 600.0
"""How long a secret is good for while its store does not answer."""
AGAIN_SECONDS: Final = 5.0
"""A server that refuses a secret has it fetched anew, but no more often."""
MOST_KEPT: Final = 500
_STORE: Final = "SELECT type, name, nonce, wrapped_key, ciphertext FROM credentials WHERE id = %s"

Fetch = Callable[[Mapping[str, Any], Reference, str], Any]
"""Gives what a store has: by its data, the reference, and what it is called. Raises CredentialError."""


@dataclass(frozen=True, slots=True)
class Store:
    """A store's credential: `state` changes with what is stored of it."""

    type: str
    name: str
    state: bytes
    data: Mapping[str, Any]


class External:
    """Fills credentials' references in, for one worker. Not thread-safe."""

    def __init__(self, fetches: Mapping[str, Fetch] | None = None) -> None:
        self._fetches = fetches
        self._kept: dict[tuple[object, ...], tuple[float, str]] = {}

    def filled(
        self,
        data: Mapping[str, Any],
        secrets: frozenset[str],
        tenant_id: str,
        link: Link,
        keys: KeyService,
        refused: str,
    ) -> tuple[dict[str, Any], str]:
        """Return a credential's data with the secrets that its fields refer to, and a digest of these; "" without any.

        Args:
            data: as stored.
            secrets: the names of the fields that are secrets: others refer to nothing.
            tenant_id: whose.
            link: Postgres.
            keys: unwraps data keys.
            refused: the digest of secrets that a server would not take: they are fetched anew.

        Raises:
            CredentialError: one cannot be had; its words name the field and the store.
        """
        found = {name: text for name, text in data.items() if name in secrets and is_reference(text)}
        if not found:
            return dict(data), ""
        got = {name: self._one(name, text, tenant_id, link, keys) for name, text in found.items()}
        if refused and refused == digest_of(got):
            got = {name: self._one(name, text, tenant_id, link, keys, fresh=True) for name, text in found.items()}
        return {**data, **got}, digest_of(got)

    def _one(self, field: str, text: str, tenant_id: str, link: Link, keys: KeyService, *, fresh: bool = False) -> str:
        try:
            reference = parse_reference(text)
        except ReferenceInvalid as error:
            raise SecretMissing(f"The field “{field}” refers to no secret. {error}") from None
        store = _store(reference.store, tenant_id, link, keys)
        key = (tenant_id, reference, store.state)
        at, value = self._kept.get(key, (0.0, ""))
        age = time.monotonic() - at if at else STALE_SECONDS
        if age < (AGAIN_SECONDS if fresh else KEPT_SECONDS):
            return value
        try:
            value = _text(self._fetch(store)(store.data, reference, store.name), reference, store.name)
        except CredentialUnavailable:
            if age >= STALE_SECONDS or fresh:
                raise
            return value
        except (SecretMissing, SecretRefused):
            self._kept.pop(key, None)
            raise
        if len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[key] = (time.monotonic(), value)
        return value

    def _fetch(self, store: Store) -> Fetch:
        if self._fetches is None:
            from functions.system.vault.stores import FETCHES  # brings urllib3, which most credentials do without

            self._fetches = FETCHES
        return self._fetches[store.type]


def digest_of(values: Mapping[str, str]) -> str:
    """Return what names fetched secrets without telling them, for nodes that say which were refused."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:32]


def _store(id: str, tenant_id: str, link: Link, keys: KeyService) -> Store:
    row = link.tenant(tenant_id, lambda it: it.execute(_STORE, (id,), prepare=True).fetchone())
    if row is None:
        raise SecretMissing("The store that a field refers to is not there: its credential was deleted.")
    type, name, nonce, wrapped_key, ciphertext = row
    if type not in STORES:
        raise SecretMissing(f"The credential “{name}”, which a field refers to, is no store of secrets.")
    data, _ = parted(unseal(Sealed(bytes(wrapped_key), bytes(nonce), bytes(ciphertext)), tenant_id, id, keys))
    if any(is_reference(value) for value in data.values()):
        raise SecretMissing(f"The store “{name}” takes its own secrets from a store. Fill them in there.")
    return Store(type, name, bytes(nonce), data)


def _text(found: Any, reference: Reference, store: str) -> str:
    """Return the text of what was found: without the line break that editors and files put behind it."""
    at = f"“{reference.path}”" + (f", key “{reference.key}”," if reference.key else "") + f" of the store “{store}”"
    if found is None or found == "":
        raise SecretMissing(f"The secret {at} is empty, or is not there.")
    text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    return text.removesuffix("\n").removesuffix("\r")
