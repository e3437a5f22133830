"""Envelope encryption of credentials: AES-256-GCM with a data key that KMS wraps, bound to tenant and credential.

The encryption context (tenant and credential id) is both KMS's and AES-GCM's additional data: a ciphertext moved to
another row, or another tenant, does not decrypt.
"""

import json
import os
from dataclasses import dataclass
from typing import Any, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES: Final = 12
"""AES-GCM's nonce (NIST SP 800-38D, 5.2.1.1)."""


class KeyService(Protocol):
    """What is needed of KMS."""

    def generate_data_key(self, context: dict[str, str]) -> tuple[bytes, bytes]:
        """Return a new 256-bit key, plain and wrapped."""

    def decrypt(self, wrapped: bytes, context: dict[str, str]) -> bytes:
        """Return the plain key of a wrapped one. Raises when the context differs."""


@dataclass(frozen=True)
class Sealed:
    """An encrypted credential."""

    wrapped_key: bytes
    nonce: bytes
    ciphertext: bytes


class CannotOpen(Exception):
    """A credential does not decrypt: it was altered, or moved from another row."""


class Sealer:
    """A new data key of a credential, at hand: sealing with it asks nobody any more."""

    def __init__(self, tenant_id: str, credential_id: str, keys: KeyService) -> None:
        self._context = context_of(tenant_id, credential_id)
        self._plain, self._wrapped = keys.generate_data_key(self._context)

    def seal(self, data: dict[str, Any]) -> Sealed:
        """Encrypt a credential's data."""
        nonce = os.urandom(NONCE_BYTES)
        text = json.dumps(data).encode()
        return Sealed(self._wrapped, nonce, AESGCM(self._plain).encrypt(nonce, text, _bound(self._context)))


def seal(data: dict[str, Any], tenant_id: str, credential_id: str, keys: KeyService) -> Sealed:
    """Encrypt a credential's data."""
    return Sealer(tenant_id, credential_id, keys).seal(data)


def unseal(sealed: Sealed, tenant_id: str, credential_id: str, keys: KeyService) -> dict[str, Any]:
    """Decrypt a credential's data. Raises CannotOpen."""
    context = context_of(tenant_id, credential_id)
    try:
        data = AESGCM(keys.decrypt(sealed.wrapped_key, context)).decrypt(
            sealed.nonce, sealed.ciphertext, _bound(context)
        )
    except InvalidTag as error:
        raise CannotOpen(f"credential {credential_id} does not decrypt") from error
    opened: dict[str, Any] = json.loads(data)
    return opened


def context_of(tenant_id: str, credential_id: str) -> dict[str, str]:
    """Return the encryption context of what is sealed."""
    return {"tenantId": tenant_id, "credentialId": credential_id}


def _bound(context: dict[str, str]) -> bytes:
    return json.dumps(context, sort_keys=True).encode()
