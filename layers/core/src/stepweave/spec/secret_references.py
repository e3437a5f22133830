"""References to secrets that lie elsewhere: `secret://<credential id of the store>/<path>#<key>`. Pure.

A reference stands in a secret field of a credential in place of the secret (ADR 60). `%23` is a `#` of the path.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote
from uuid import UUID

SCHEME: Final = "secret://"
STORES: Final = ("aws_secrets", "hashicorp_vault", "https_secrets")
"""The credential types of stores. Nodes cannot have one: it reads more than any of them needs."""
MOST: Final = 2000
"""Characters of a reference."""
_SHAPE: Final = f"{SCHEME}<id of the store's credential>/<path>#<key>"


class ReferenceInvalid(Exception):
    """A text begins as a reference, and is none. `str()` says why, for people, and quotes nothing."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A secret in a store. `key` is "" for the whole of it."""

    store: str
    path: str
    key: str


def is_reference(value: object) -> bool:
    """Return whether a field's value is to be looked up."""
    return isinstance(value, str) and value.startswith(SCHEME)


def parse_reference(text: str) -> Reference:
    """Return what a text refers to. Raises ReferenceInvalid."""
    if len(text) > MOST:
        raise ReferenceInvalid(f"A reference to a secret has at most {MOST} characters.")
    store, _, rest = text.removeprefix(SCHEME).partition("/")
    path, _, key = rest.partition("#")
    try:
        id = str(UUID(store))
    except ValueError:
        words = f"It names no store: write {_SHAPE}; the dialog of the store has it to copy."
        raise ReferenceInvalid(words) from None
    path, key = unquote(path), unquote(key)
    if not path.strip("/") or any(not part.isprintable() for part in (path, key)):
        raise ReferenceInvalid(f"It names no secret: write {_SHAPE}.")
    if any(part in ("", ".", "..") for part in path.strip("/").split("/")):
        raise ReferenceInvalid("The path of a secret has no empty parts, no “.” and no “..”.")
    return Reference(id, path.strip("/"), key)
