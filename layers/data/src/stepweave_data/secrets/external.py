"""Fetches secrets that lie in a store of the tenant's (ADR 60), and keeps them for a short while.

Nothing here may reach a log, and no message quotes what a store answered: it may be a secret."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from stepweave.spec.secret_references import (
    STORES,
    Reference,
    ReferenceInvalid,
    is_reference,
    parse_reference,
)
from stepweave_data.link import Link
from stepweave_data.oauth2.tokens import parted
from stepweave_data.secrets.errors import CredentialError, CredentialUnavailable, SecretMissing, SecretRefused
from stepweave_data.vaulting import CannotOpen, KeyService, Sealed, unseal

KEPT_SECONDS: Final = 60.0
"""How long a worker takes a secret for what it was: after that, a rotated one counts."""
STALE_SECONDS: Final = 600.0
"""How long a secret is good for while its store does not answer."""
AGAIN_SECONDS: Final = 5.0
"""A server that refuses a secret has it fetched anew, and a store that is away is asked again, but no more often."""
MOST_KEPT: Final = 500
_CALLED: Final = ("label", "name", "key", "id")
"""What entries of lists are called by: 1Password's fields have a label."""
_STORE: Final = "SELECT type, name, nonce, wrapped_key, ciphertext FROM credentials WHERE id = %s"

Fetch = Callable[[Mapping[str, Any], str, str], Any]
"""Gives what lies at a path of a store: by its data, the path, and what it is called. A text, or a mapping of keys.
Raises CredentialError."""
Fields = Mapping[str, Mapping[str, Any]]
"""A credential type's secret fields with their schemas: other fields refer to nothing."""


@dataclass(frozen=True, slots=True)
class Store:
    """A store's credential: `state` changes with what is stored of it."""

    id: str
    type: str
    name: str
    state: bytes
    data: Mapping[str, Any]

    def __repr__(self) -> str:
        """Return no secret."""
        return f"Store(id={self.id!r}, type={self.type!r})"


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose stores may be read, and what reads and opens them.

    `row` gives a credential's type, name, nonce, wrapped key and ciphertext by its id, None where there is none.
    """

    tenant_id: str
    row: Callable[[str], Sequence[Any] | None]
    keys: KeyService

    @classmethod
    def by(cls, link: Link, tenant_id: str, keys: KeyService) -> "Whose":
        """Return a tenant's, over this worker's connection."""
        return cls(
            tenant_id,
            lambda id: link.tenant(tenant_id, lambda it: it.execute(_STORE, (id,), prepare=True).fetchone()),
            keys,
        )


class External:
    """Fills credentials' references in, for one worker. Not thread-safe."""

    def __init__(self, fetches: Mapping[str, Fetch] | None = None) -> None:
        self._fetches = fetches
        self._kept: dict[tuple[object, ...], tuple[float, Any]] = {}
        self._away: dict[tuple[object, ...], tuple[float, str]] = {}

    def filled(self, data: Mapping[str, Any], fields: Fields, whose: Whose, refused: str) -> tuple[dict[str, Any], str]:
        """Return a credential's data with the secrets that its fields refer to, and a digest of these; "" without any.

        Args:
            data: as stored.
            fields: the type's secret fields. What is fetched must be as they say.
            whose: the tenant.
            refused: the digest of secrets that a server would not take: they are fetched anew. `*` for any.

        Raises:
            CredentialError: one cannot be had; its words name the field and the store.
        """
        found = {name: text for name, text in data.items() if name in fields and is_reference(text)}
        if not found:
            return dict(data), ""
        got = {name: self._one(name, text, whose) for name, text in found.items()}
        if refused and refused in ("*", digest_of(got)):
            fresh: set[tuple[object, ...]] = set()
            got = {name: self._one(name, text, whose, fresh) for name, text in found.items()}
        for name, text in got.items():
            _check_fits(name, text, fields[name])
        return {**data, **got}, digest_of(got)

    def _one(self, field: str, text: str, whose: Whose, fresh: set[tuple[object, ...]] | None = None) -> str:
        try:
            reference = parse_reference(text)
        except ReferenceInvalid as error:
            raise SecretMissing(f"The field “{field}” refers to no secret. {error}") from None
        store = store_of(reference.store, whose)
        return text_of(self._document(store, reference.path, whose.tenant_id, fresh), reference, store.name)

    def _document(self, store: Store, path: str, tenant_id: str, fresh: set[tuple[object, ...]] | None) -> Any:
        """Return what lies at a path: one answer for all of its keys, so that a name and its password belong together.

        `fresh` has what was fetched anew already, where all is to be.
        """
        place: tuple[object, ...] = (tenant_id, store.id, store.state)
        key = (*place, path)
        at, value = self._kept.get(key, (0.0, None))
        now = time.monotonic()
        age = now - at if at else STALE_SECONDS
        is_anew = fresh is not None and key not in fresh
        if fresh is not None:
            fresh.add(key)
        if age < (AGAIN_SECONDS if is_anew else KEPT_SECONDS):
            return value
        try:
            until, words = self._away.get(place, (0.0, ""))
            if until > now:
                raise CredentialUnavailable(words)
            value = self._fetch(store)(store.data, path, store.name)
        except CredentialUnavailable as error:
            if self._away.get(place, (0.0, ""))[0] <= now:
                _keep(self._away, place, (time.monotonic() + AGAIN_SECONDS, str(error)))
            if age >= STALE_SECONDS or is_anew:
                raise
            return value
        except (SecretMissing, SecretRefused):
            self._kept.pop(key, None)
            raise
        self._away.pop(place, None)
        _keep(self._kept, key, (time.monotonic(), value))
        return value

    def _fetch(self, store: Store) -> Fetch:
        if self._fetches is None:
            from stepweave_data.secrets.stores import FETCHES  # brings urllib3, which most credentials do without

            self._fetches = FETCHES
        return self._fetches[store.type]


def digest_of(values: Mapping[str, str]) -> str:
    """Return what names fetched secrets without telling them, for nodes that say which were refused."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:32]


def store_of(id: str, whose: Whose) -> Store:
    """Return a store, opened. Raises CredentialError."""
    row = whose.row(id)
    if row is None:
        raise SecretMissing("The store that a field refers to is not there: its credential was deleted.")
    type, name, nonce, wrapped_key, ciphertext = row
    if type not in STORES:
        raise SecretMissing(f"The credential “{name}”, which a field refers to, is no store of secrets.")
    sealed = Sealed(bytes(wrapped_key), bytes(nonce), bytes(ciphertext))
    try:
        data, _ = parted(unseal(sealed, whose.tenant_id, id, whose.keys))
    except CannotOpen:
        raise SecretMissing(f"What is stored of the store “{name}” cannot be read any more: fill it in anew.") from None
    if any(is_reference(value) for value in data.values()):
        raise SecretMissing(f"The store “{name}” takes its own secrets from a store. Fill them in there.")
    return Store(id, type, name, bytes(nonce), data)


def text_of(document: Any, reference: Reference, store: str) -> str:
    """Return what a reference means of what lies at its path, without the line break that editors put behind it.

    Raises:
        SecretMissing: it has no such key, or nothing there.
    """
    found = document
    if reference.key:
        found = _of_key(document, reference, store)
    elif not isinstance(document, str):
        raise SecretMissing(f"Say which key of “{reference.path}” it is: …/{reference.path}#<key>.")
    at = f"“{reference.path}”" + (f", key “{reference.key}”," if reference.key else "") + f" of the store “{store}”"
    if found is None or found == "":
        raise SecretMissing(f"The secret {at} is empty, or is not there.")
    text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    return text.removesuffix("\n").removesuffix("\r")


def _of_key(document: Any, reference: Reference, store: str) -> Any:
    """Return what a key names; where there is none of this name, its dots lead inward."""
    found = _json(document) if isinstance(document, str) else document
    where = f"The secret “{reference.path}” of the store “{store}”"
    if not isinstance(found, Mapping | list):
        raise SecretMissing(f"{where} is no JSON object, so it has no key “{reference.key}”.")
    if isinstance(found, Mapping) and reference.key in found:
        return found[reference.key]
    for part in reference.key.split("."):
        found = _inner(found, part)
        if found is None:
            raise SecretMissing(f"{where} has no key “{reference.key}”.")
    return found


def _inner(found: Any, part: str) -> Any:
    """Return what a part of a key names: of a list the entry that is called so, or its place; None for nothing."""
    if isinstance(found, Mapping):
        return found.get(part)
    if not isinstance(found, list):
        return None
    called = (one for one in found if isinstance(one, Mapping) and part in (one.get(name) for name in _CALLED))
    return next(called, found[int(part)] if part.isdecimal() and len(part) < 6 and int(part) < len(found) else None)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _check_fits(name: str, text: str, field: Mapping[str, Any]) -> None:
    """Refuse a secret that the field would not take if somebody filled it in. Raises SecretMissing, quoting nothing."""
    title = field.get("title") or name
    pattern = str(field.get("pattern") or "")
    if len(text) > int(field.get("maxLength") or len(text)):
        raise SecretMissing(
            f"The secret that the field “{title}” refers to is longer than {field['maxLength']} characters."
        )
    # Of JSON Schema's patterns `$` is the end alone; Python's lets a line break stand behind it.
    if pattern and not re.search(re.sub(r"\$$", r"\\Z", pattern), text):
        words = (
            "has a line break, or a space around it" if text != text.strip() or "\n" in text else "is of another kind"
        )
        raise SecretMissing(f"The secret that the field “{title}” refers to {words}: it cannot stand there.")


def _keep(kept: dict[tuple[object, ...], Any], key: tuple[object, ...], value: Any) -> None:
    if len(kept) >= MOST_KEPT:
        kept.pop(next(iter(kept)))
    kept[key] = value


__all__ = ["CredentialError", "External", "Fields", "Store", "Whose", "digest_of", "store_of", "text_of"]
